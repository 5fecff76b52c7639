"""The report of a programme (工作报告): its published sentences, in their order, with figures counted from a register.

The sentences, in English and Chinese, lie in `data/reports.toml`; every figure in them is counted by `totals`,
`coverage` and the like, and stands beside what was published.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from attrs import evolve, field, frozen

from pairing.counts import VISITS
from pairing.dates import Span, days_after, to_date
from pairing.deeds import Checked, Visited
from pairing.entries import Entry
from pairing.errors import ArgumentError, shown
from pairing.evenness import effort
from pairing.figures import Amount, Distinct, NotAdditive, Share
from pairing.markup import html_list, html_page, html_text
from pairing.memory import no_collection
from pairing.policy import Policy
from pairing.programmes import PROGRAMMES
from pairing.register import Register
from pairing.results import Cell, Table, bare_number
from pairing.roster import Roster
from pairing.sampling import ErrorRate, error_rate
from pairing.standings import coverage, fulfilment
from pairing.tallies import totals
from pairing.visiting import due_visits, tally_due
from pairing.wording import LANGUAGES

__all__ = ["LANGUAGES", "Report", "Sentence", "report"]

Figure = Amount | Distinct | Share | ErrorRate


@frozen
class Sentence:
    """A sentence of a report: its words, the figures in it in their order, and what was published of them."""

    words: str
    figures: tuple[Figure, ...]
    published: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.words


@frozen(repr=False)
class Report:
    """What is told of a programme on a day: sentences with figures, and tables; made by `report`."""

    programme: str
    title: str
    on: date
    language: str
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...] = field(eq=False)

    def __repr__(self) -> str:
        return f"Report({self.programme!r}, {self.on}, {len(self.sentences)} sentences, {len(self.tables)} tables)"

    @property
    def _dictionary(self) -> Mapping[str, str]:
        words: Mapping[str, str] = _data()["words"]
        return words if self.language == "zh" else {}

    def __str__(self) -> str:
        said, words = self._dictionary.get("published", "published"), self._dictionary
        lines = [f"{self.programme} {self.title} · {self.on}".replace("  ", " "), ""]
        for sentence in self.sentences:
            published = f"  [{said}: {' / '.join(sentence.published)}]" if sentence.published else ""
            lines.append(f"- {sentence.words}{published}")
        return "\n".join([*lines, *(f"\n{table.text(words)}" for table in self.tables)])

    def _repr_html_(self) -> str:
        said = self._dictionary.get("published", "published")
        lines = (
            f"{sentence.words} [{said}: {' / '.join(sentence.published)}]" if sentence.published else sentence.words
            for sentence in self.sentences
        )
        return html_page(
            html_text(f"{self.programme} {self.title} · {self.on}".replace("  ", " "), "h3"),
            html_list(lines, len(self.sentences)),
            *(table.html(self._dictionary) for table in self.tables),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data: sentences with their figures as texts, and tables."""
        return {
            "programme": self.programme,
            "title": self.title,
            "on": self.on.isoformat(),
            "language": self.language,
            "sentences": [
                {"words": s.words, "figures": list(map(str, s.figures)), "published": list(s.published)}
                for s in self.sentences
            ],
            "tables": [table.to_dict() for table in self.tables],
        }


@no_collection()
def report(
    policy: Policy,
    roster: Roster,
    book: Register | Iterable[Entry],
    *,
    on: date,
    during: Span | None = None,
    language: str = "en",
) -> Report:
    """Return the report of a programme, told up to and with a day.

    A policy that bears the name of one of the four programmes has that programme's sentences; any other has those of a
    monthly report: coverage, visits made and due, aid, handovers and exits.

    - `book`: a register; or a stream of visits, which is read once, and of which only figures of visits are told.
    - `during`: the time of what was done; None: from the day on which the policy takes effect, up to and with `on`.  A
      policy may name no such day: then from the first entry of the register, or the first visit of the stream, on.

    >>> from pairing.chronicles import chronicle
    >>> book = chronicle("liaoyang-1994", scale=0.02)
    >>> told = report(book.policy, book.roster, book.register, on=book.on)
    >>> told
    Report('liaoyang-1994', 1996-12-31, 11 sentences, 2 tables)
    >>> print(told.sentences[2])
    Money given for production and living, to the end of September 1996: over 23,800 yuan.

    Raises `ArgumentError` for arguments of other types, and languages other than `LANGUAGES`.

    Sources: the programmes' own accounts; what was published stands beside each figure.
    """
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    on = to_date(on, "on")
    if language not in LANGUAGES:
        raise ArgumentError(
            "unknown-language", f"wanted one of {', '.join(LANGUAGES)}; got {shown(language)}", "language"
        )
    if during is not None and (not isinstance(during, Span) or during.end is None):
        raise ArgumentError("bad-span", f"wanted a Span that has an end, or None, got {shown(during)}", "during")
    plan = _data()[policy.name if policy.name in PROGRAMMES else "general"]
    if not isinstance(book, Register):
        plan = _of_a_stream(plan)
    counts = _Counts(policy, roster, book, on, during, (*plan["lines"], *plan.get("tables", ())))
    sentences = []
    for line in plan["lines"]:
        for name, figures in counts.figures(line):
            words = line[language].format(*(_Told(figure, language) for figure in figures), name=name)
            published = line.get("published" if language == "en" else "published_zh", ())
            sentences.append(Sentence(words, figures, tuple(published)))
    tables = tuple(counts.table(spec["table"], spec).only(*spec["columns"]) for spec in plan.get("tables", ()))
    return Report(policy.name, policy.title, on, language, tuple(sentences), tables)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pairing") / "data" / "reports.toml").read_text("utf-8"))


_OF_VISITS = {name for name, _, _ in VISITS}


def _of_a_stream(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what can be told of a stream of visits: nobody knows from it who is responsible, or what was given."""

    def told(figure: str) -> bool:
        where, _, column = figure.partition(".")
        return where in ("roster", "reached") or (where.startswith("totals") and column in _OF_VISITS)

    tables = [
        spec | {"columns": [name for name in spec["columns"] if name in _OF_VISITS]}
        for spec in plan.get("tables", ())
        if spec["table"] == "totals"
    ]
    lines = [line for line in plan["lines"] if "each" not in line and all(map(told, line["figures"]))]
    return {"lines": lines, "tables": tables}


class _Told:
    """A figure as a sentence tells it; a share also by its `part` and its `whole`."""

    def __init__(self, figure: Figure, language: str) -> None:
        self.figure = figure
        self.language = language

    def __str__(self) -> str:
        figure = self.figure
        if isinstance(figure, Share):
            return str(figure) if self.language == "en" else str(figure).replace(" of ", "/")
        if isinstance(figure, ErrorRate):
            return str(figure) if self.language == "en" else _in_chinese(figure)
        mark = figure.mark if isinstance(figure, Amount) else "exact"
        if mark == "exact":
            return bare_number(figure)
        return (
            f"{mark} {bare_number(figure)}"
            if self.language == "en"
            else f"{_data()['words'][mark]}{bare_number(figure)}"
        )

    def __format__(self, spec: str) -> str:
        return str(self)

    @property
    def part(self) -> str:
        return f"{self.figure.part:,}" if isinstance(self.figure, Share) else str(self)

    @property
    def whole(self) -> str:
        return f"{self.figure.whole:,}" if isinstance(self.figure, Share) else str(self)


def _in_chinese(rate: ErrorRate) -> str:
    """Return what `str` says of an error rate."""
    found = f"{rate.checked:,}户中{rate.wrong:,}户"
    return f"{found}；全部{rate.of:,}户中在{rate.least:,}至{rate.most:,}户之间（置信度{rate.percent}）"


_NO_DAYS = Span(date.min, days_after(date.min, 1))


class _Counts:
    """The tables behind the figures of a report, each counted once, and only when it is asked for."""

    def __init__(
        self,
        policy: Policy,
        roster: Roster,
        book: Register | Iterable[Entry],
        on: date,
        during: Span | None,
        lines: Sequence[Mapping[str, Any]],
    ) -> None:
        self.policy = policy
        self.roster = roster
        self.book = book
        self.on = on
        self.effective = policy.versions[0].effective
        self.asked = during
        self._tables: dict[tuple[str, Span | date, tuple[str, ...]], Table] = {}
        self._words: dict[tuple[str, Span | date], set[str]] = {}
        """By what each table is grouped anywhere in the report."""
        for line in lines:
            for name in ("totals", "coverage", "quotas") if line.get("by") else ():
                if line.get("table") == name or any(f"{name}[" in figure for figure in line.get("figures", ())):
                    self._words.setdefault((name, self._when(name, line)), set()).add(line["by"])

    def _days(self, line: Mapping[str, Any]) -> Span:
        if "first" not in line and "last" not in line:
            return self.during
        first, last = line.get("first", self.start), min(line.get("last", self.on), self.on)
        return Span(first, days_after(last, 1)) if first <= last else _NO_DAYS

    @cached_property
    def start(self) -> date:
        """The day the policy takes effect, or else the first of the register; a stream tells it only later."""
        start = self.effective or date.min
        if self.effective is None and isinstance(self.book, Register):
            start = min((entry.on for entry in self.book.view(on=self.on)), default=self.on)
        return min(start, self.on)

    @cached_property
    def during(self) -> Span:
        return self.asked or Span(self.start, max(days_after(self.on, 1), days_after(self.start, 1)))

    @property
    def register(self) -> Register:
        """The register; where there is none but a stream, an empty one."""
        return self.book if isinstance(self.book, Register) else Register()

    def table(self, name: str, line: Mapping[str, Any]) -> Table:
        """Return a table, of the days and by the groups of a line: the totals of one time are counted once."""
        by = (line["by"],) if line.get("by") else ()
        when = self._when(name, line)
        words = tuple(sorted(self._words.get((name, when), ())))
        if isinstance(when, Span):
            fine = self._once((name, when, words), lambda: self._totals(when, words))
            return fine if by == words else self._once((name, when, by), lambda: fine.rolled_up(*by))
        if not by and words:
            return self._once((name, when, words[:1]), lambda: self._standing(name, when, words[:1])).rolled_up()
        return self._once((name, when, by), lambda: self._standing(name, when, by))

    def _totals(self, during: Span, by: tuple[str, ...]) -> Table:
        book, known = self.book, self.asked is not None or self.effective is not None
        if known or isinstance(book, Register) or during != self.during:
            return totals(book, self.roster, during=during, by=by)
        first = self.on

        def read() -> Iterator[Entry]:
            nonlocal first
            for entry in book:
                first = min(first, entry.on) if isinstance(entry, Visited) else first
                yield entry

        found = totals(read(), self.roster, during=during, by=by)
        return evolve(found, during=Span(first, during.end))

    def _when(self, name: str, line: Mapping[str, Any]) -> Span | date:
        on: date = min(line.get("on", self.on), self.on)
        return self._days(line) if name == "totals" else on

    def _standing(self, name: str, on: date, by: tuple[str, ...]) -> Table:
        if name == "quotas":
            return fulfilment(self.policy, self.register, self.roster, on=on, by=by)
        return coverage(self.register, self.roster, on=on, by=by)

    def _once(self, at: tuple[str, Span | date, tuple[str, ...]], make: Callable[[], Table]) -> Table:
        if at not in self._tables:
            self._tables[at] = make()
        return self._tables[at]

    def figures(self, line: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Figure, ...]]]:
        """Yield the figures of a line; of one for each rule of visits, those of each, with its name."""
        if line.get("each") != "rule":
            yield "", tuple(self.figure(figure, line) for figure in line["figures"])
            return
        of_policy = any(version.visits.rules for version in self.policy.versions)
        if of_policy and isinstance(self.book, Register):
            due = due_visits(self.policy, self.roster, self.book, during=self.during)
            for tally in tally_due(due):
                numbers = {"due": tally.due, "made": tally.made, "valid": tally.valid, "missing": tally.missing}
                yield tally.rule, tuple(Amount(numbers[name], "visits") for name in line["figures"])

    def figure(self, told: str, line: Mapping[str, Any]) -> Figure:
        """Return the figure that a line asks for."""
        parts = [self._one(part.strip(), line) for part in told.split(" + ")]
        if len(parts) == 1:
            return parts[0]
        found = Amount(0, parts[0].of if isinstance(parts[0], Amount) else "")
        for part in parts:
            if not isinstance(part, Amount):
                raise NotAdditive("not-additive", f"wanted amounts, got {part}", told)
            found += part
        return found

    def _one(self, told: str, line: Mapping[str, Any]) -> Figure:
        where, _, column = told.partition(".")
        table, _, group = where.rstrip("]").partition("[")
        if table in ("totals", "coverage", "quotas"):
            cells = self.table(table, line if group else {k: v for k, v in line.items() if k != "by"})
            if group and (group,) not in cells.rows:
                return Amount(0, next(each.of for each in cells.columns if each.name == column))
            return _known(cells[group or None, column], told)
        if table in ("roster", "fund", "effort"):
            return self._figures(table, line)[column]
        if table == "checks":
            return Amount(len(self._checked(line, group)), "households")
        if table == "error rate":
            checked = [e for e in self._checked(line, "") if e.result != "not reached"]
            return error_rate(sum(e.result == "wrong" for e in checked), len(checked), len(self.roster.households))
        households = self.table("totals", {k: v for k, v in line.items() if k != "by"})[None, "households reached"]
        assert isinstance(households, Distinct)
        return Share(households.value, self._roster["households"].value)

    def _figures(self, table: str, line: Mapping[str, Any]) -> Mapping[str, Amount]:
        return {"roster": lambda: self._roster, "fund": lambda: self._funds, "effort": lambda: self._effort}[table]()

    def _checked(self, line: Mapping[str, Any], channel: str) -> list[Checked]:
        days = self._days(line)
        return [e for e in self._checks if e.on in days and e.on <= self.on and channel in ("", e.channel)]

    @cached_property
    def _checks(self) -> list[Checked]:
        return [e for e in self.register.view(on=self.on).others() if isinstance(e, Checked)]

    @cached_property
    def _roster(self) -> Mapping[str, Amount]:
        """How many there are in the roster; communities (社区) and villages are told apart by their names."""
        roster = self.roster
        homes = {household.village for household in roster.households} | {village.code for village in roster.villages}
        villages = [roster.areas[code] for code in homes]
        communities = [area for area in villages if any(word in area.name for word in ("社区", "居委", "居民"))]
        counted = sum(village.households for village in roster.villages)
        numbers = {
            "households": len(roster.households) + counted,
            "helpers": len(roster.helpers),
            "members": sum(helper.members for helper in roster.helpers),
            "units": len(roster.units),
            "villages": len(villages) - len(communities),
            "communities": len(communities),
            "townships": len({roster.areas.at(code, "township") for code in homes}),
            "counties": len({roster.areas.at(code, "county") for code in homes}),
        }
        return {name: Amount(number, name) for name, number in numbers.items()}

    @cached_property
    def _funds(self) -> Mapping[str, Amount]:
        """All revolving funds of the register together, on the day of the report."""
        view = self.register.view(on=self.on)
        books = [view.fund(fund) for fund in view.ids("funds")]
        numbers = {
            "paid in": sum(book.paid_in for book in books),
            "left": sum(book.left for book in books),
            "on loan": sum(book.on_loan for book in books),
            "written off": sum(book.written_off for book in books),
        }
        return {name: Amount(number, "fen") for name, number in numbers.items()}

    @cached_property
    def _effort(self) -> Mapping[str, Amount]:
        found = effort(self.register, self.roster, during=self.during)
        return {"never": Amount(len(found.never), "helpers"), "helpers": Amount(len(found.values), "helpers")}


def _known(cell: Cell, told: str) -> Figure:
    if cell is None or not isinstance(cell, Amount | Distinct | Share):
        raise ArgumentError("unknown-cell", f"wanted a figure that is known, got none for {told}", "report")
    return cell
