"""What was done in a span of days, counted by groups: visits, aid, loans, measures, exits, handovers, spot checks.

Every count says what it counts: person-visits (人次), household-visits (户次) and households visited (户数) are three.
Whatever was done is credited to whoever served on that day.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from datetime import date
from functools import partial
from itertools import compress, islice
from typing import Any, TypeVar

from pairing.counts import (
    AID_AT,
    AIDED,
    AT,
    COLUMNS,
    CONTACTS,
    EVENT,
    HOUSEHOLD_VISITS,
    PERSON_VISITS,
    REACHED,
    SUM,
    UNION,
    VALUE,
    VISITED,
    VISITS,
    Count,
    Row,
    is_number,
)
from pairing.dates import Span
from pairing.deeds import RECORDED, Aided, Checked, Lent, Repaid, Visited, WrittenOff
from pairing.entries import (
    Correction,
    DutyClosed,
    DutyOpened,
    Entry,
    Exit,
    HandedOver,
    Relapse,
    VacancyOpened,
)
from pairing.errors import ArgumentError, Problem, shown
from pairing.grouping import DEEDS, HELPERS, HOUSEHOLDS, PERIODS, Groups, WhoIsWho, dimensions
from pairing.memory import no_collection
from pairing.register import Register, check_fields
from pairing.results import Column, Key, Table
from pairing.roster import Roster
from pairing.views import View

__all__ = ["totals"]

_Deed = tuple[Sequence[str], Sequence[Count], Sequence[int]]
"""Who is credited, what is counted, and in which unions the household is."""


@no_collection()
def totals(
    book: Register | Iterable[Entry],
    roster: Roster,
    *,
    during: Span,
    by: str | Iterable[str] = (),
    known: int | None = None,
    register: Register | None = None,
) -> Table:
    """Return what was done in a span of days, by groups: one column for each thing that is counted.

    `book` is a register; or any entries that count, a stream of millions too, of which nothing is kept but the counts:
    each counts as often as it comes, and `register` tells who was who and who bore what (None: the roster alone).

    `by` names what to group by, in any order:

    - areas of households: "province", "prefecture", "county", "township", "village"; "household", "status";
    - helpers: "helper", "unit", "unit level", "county unit" (the unit or its superior of that level), "rank", "kind",
      "post";
    - periods: "year", "quarter", "month"; and of the deed itself: "channel", "task", "aid", "what".

    The columns, each in its own unit:

    - `person-visits` counts helpers who came in person, a team as one; `household-visits` counts visits in person,
      `households visited` different households; `contacts` counts what went through other channels, and `households
      reached` are those visited or contacted.
    - One column for each kind of aid (`money given` in fen), `value of goods` in fen, `households aided`.
    - `lent`, `repaid`, `written off`: loans of revolving funds, in fen, credited to the guarantor.
    - `measures promised`, `kept`, `given up`; `exits` and `persons exited`, credited to those who were responsible up
      to the exit, also where they are released with it; `relapses`; `handovers` and `vacancies`, credited to the giver;
      `checked`, `checked wrong`, `not reached`: spot checks.

    What several helpers did together counts once in the group of each: then rows do not add up, and the cells are of
    the type that refuses `+`.  By task, nothing of a visit adds up.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.dates import year
    >>> from pairing.people import Helper, Household, Unit
    >>> roster = Roster(
    ...     AreaTree([Area("v", "上坪村", "village")]),
    ...     [Unit("u", "county", "v")],
    ...     [Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     [Household("x", "v"), Household("y", "v")],
    ... )
    >>> register = Register().record(
    ...     Visited("x", ["ann", "bo"], on=date(2013, 2, 1)),
    ...     Visited("x", ["ann"], "telephone", on=date(2013, 5, 1)),
    ...     Aided("x", "ann", "money", 20_000, on=date(2013, 2, 1)),
    ... )
    >>> table = totals(register, roster, during=year(2013), by="rank")
    >>> print(table.only("person-visits", "household-visits", "households visited", "contacts", "money given"))
    totals, 2013-01-01 to 2013-12-31
    rank       person-visits    household-visits  households visited    contacts  money given
    section  1 person-visits  1 household-visits        1 households  1 contacts  200.00 yuan
    staff    1 person-visits  1 household-visits        1 households  0 contacts    0.00 yuan
    all      2 person-visits  1 household-visits        1 households  1 contacts  200.00 yuan
    >>> table.entries("staff", "household-visits")
    (Visited('x', ('ann', 'bo'), on=2013-02-01),)

    Raises `ArgumentError` for words that are no group, arguments of other types, and positions that do not exist.
    """
    words = dimensions(by, HOUSEHOLDS + HELPERS + PERIODS + DEEDS)
    if not isinstance(during, Span):
        raise ArgumentError("bad-span", f"wanted a Span, got {shown(during)}", "during")
    if not isinstance(roster, Roster):
        raise ArgumentError("bad-type", f"wanted a Roster, got {shown(roster)}", "roster")
    of_register = isinstance(book, Register)
    knows = book if isinstance(book, Register) else register if register is not None else Register()
    if not isinstance(book, Iterable) or isinstance(book, str):
        raise ArgumentError("bad-type", f"wanted a Register or entries, got {shown(book)}", "book")
    if not isinstance(knows, Register):
        raise ArgumentError("bad-type", f"wanted a Register, got {shown(knows)}", "register")
    who = WhoIsWho(roster, knows, known)
    count = _Counter(Groups(words, who), during)
    if of_register:
        count.visits(who.view)
        for entry in who.view.others():
            count.deed(entry)
    else:
        count.stream(book)
    return count.table(who.view.known if of_register else None, partial(_behind, count.groups, during, of_register))


def _behind(groups: Groups, during: Span, of_register: bool, key: Key | None, column: str) -> tuple[Entry, ...]:
    """Return the entries behind a cell: all are counted again, and those kept that come to it."""
    if not of_register:
        raise ArgumentError("no-entries", "wanted a table of a register, got one of a stream", "table")
    at, count, found = AT[column], _Counter(groups, during), []
    for entry in groups.who.view:
        deed = count.counted(entry)
        if deed is None:
            continue
        helpers, counts, unions = deed
        if (at in unions or any(n == at and amount for n, amount, _ in counts)) and (
            key is None or any(key in keys for keys in count.keys(entry, helpers))
        ):
            found.append(entry)
    return tuple(found)


class _Counter:
    """Counts deeds into rows."""

    def __init__(self, groups: Groups, during: Span) -> None:
        self.groups = groups
        self.start, self.end = during.start, during.end or date.max
        self.open = during.end is None
        self.during = during
        self.rows: dict[Key, Row] = {}
        self.total = Row()
        self.one_row = not groups.of_helper and "task" not in groups.of_deed
        """Whether each deed belongs to one row alone: then the total is what the rows come to."""
        self._by_day = set(groups.of_deed) <= {*PERIODS, "channel"}
        self._deed_keys: dict[tuple[date, str], Key] = {}
        self._homes: dict[str, Key] = {}
        self._rows_at: dict[tuple[Key, Key], Row] = {}

    def row(self, key: Key) -> Row:
        found = self.rows.get(key)
        if found is None:
            found = self.rows[key] = Row()
        return found

    # --- what a deed is

    def counted(self, entry: Any) -> _Deed | None:
        """Return who is credited with a deed, what it counts, and in which unions its household is; None for others."""
        count = _DEEDS.get(type(entry))
        if count is None or not (self.start <= entry.on and (self.open or entry.on < self.end)):
            return None
        return count(self, entry)

    def keys(self, entry: Any, helpers: Sequence[str]) -> list[set[Key]]:
        """Return, for each helper who is credited, the keys of the rows to which a deed belongs."""
        groups, on = self.groups, entry.on
        household, deeds = groups.household(entry.household, on), groups.deeds(entry)
        of_helpers = [groups.helper(id, on) for id in helpers] if groups.of_helper else [()]
        blank = ("",) * len(groups.of_helper)
        return [{groups.key(household, key, deed) for deed in deeds} for key in of_helpers or [blank]]

    def deed(self, entry: Any) -> None:
        """Count one deed."""
        deed = self.counted(entry)
        if deed is None:
            return
        helpers, counts, unions = deed
        household = entry.household
        if self.one_row:
            row = self._row_of(entry)
            sums = row.counts
            for n, amount, mark in counts:
                sums[n] += amount
                if mark != "exact":
                    row.add(((n, 0, mark),))
            for n in unions:
                row.seen[n].add(household)
            return
        self.total.add(counts)
        for n in unions:
            self.total.seen[n].add(household)
        once = [count for count in counts if COLUMNS[count[0]][2] == EVENT]
        each = [count for count in counts if COLUMNS[count[0]][2] == SUM]
        keyed = self.keys(entry, helpers)
        if each and len(keyed) == len(helpers) > 1:  # the sum of several is shared out: each has one's own part
            each = [(n, amount // len(helpers), mark) for n, amount, mark in each]
        for keys in keyed:
            for key in keys:
                self.row(key).add(each)
        for key in set().union(*keyed):
            row = self.row(key)
            row.add(once)
            for n in unions:
                row.seen[n].add(household)

    def _row_of(self, entry: Any) -> Row:
        """Return the one row to which a deed belongs."""
        groups, household = self.groups, entry.household
        home = self._homes.get(household)
        if home is None:
            home = groups.settled(household)
            if home is None:
                home = groups.household(household, entry.on)
            else:
                self._homes[household] = home
        deed = self._deed_key(entry) if groups.of_deed else ()
        row = self._rows_at.get((home, deed))
        if row is None:
            row = self._rows_at[home, deed] = self.row(groups.key(home, (), deed))
        return row

    # --- visits, which are many

    def visits(self, view: View) -> None:
        """Count all visits of a register, by its columns: those that come to one row are counted together."""
        groups, (columns, known) = self.groups, view.visit_columns
        told: dict[tuple[Key, bool, int], int] = {}
        """What a visit says of itself: to which group it belongs, whether it was in person, and how many came."""
        of_kinds = [self._kind(told, *kind) for kind in columns.kind_ids]
        within = [n >= 0 for n in of_kinds]
        columns_of = (columns.positions, columns.households, columns.helpers, columns.kinds)
        if all(within):
            positions, households, helpers, kinds = (column[:known] for column in columns_of)
        else:
            picked = list(map(within.__getitem__, islice(columns.kinds, known)))
            positions, households, helpers, kinds = (list(compress(column, picked)) for column in columns_of)
        ids, keys = list(columns.household_ids), dict[Key, int]()
        of_households = self._settled(view, ids, set(households), keys)
        of_helpers = [0]
        if groups.of_helper:
            same = groups.is_always_the_same
            of_helpers = [_number(keys, groups.helper(id, self.start)) if same(id) else -1 for id in columns.helper_ids]
            of_helpers.append(-1)  # the last one stands for several, whose number is -1

        at = list(map(of_households.__getitem__, households))
        by_whom = list(map(of_helpers.__getitem__, helpers)) if groups.of_helper else [0] * len(at)
        how = list(map(of_kinds.__getitem__, kinds))
        together = list(zip(at, by_whom, how, strict=True))
        counted = Counter(together)
        seen: dict[tuple[int, int, int], set[int]] = {key: set() for key in counted}
        see = {key: those.add for key, those in seen.items()}
        for add, household in zip(map(see.__getitem__, together), households, strict=True):
            add(household)

        rows, deeds = list(keys), list(told)
        for (place, whom, what), times in counted.items():
            if place < 0 or whom < 0:
                continue
            deed, in_person, persons = deeds[what]
            key = groups.key(rows[place], rows[whom] if groups.of_helper else (), deed)
            row = self.row(key)
            for each in (row,) if self.one_row else (row, self.total):
                each.counts[HOUSEHOLD_VISITS if in_person else CONTACTS] += times
                each.counts[PERSON_VISITS] += persons * times if in_person else 0
            row.seen[VISITED if in_person else REACHED].ids.update(map(ids.__getitem__, seen[place, whom, what]))
        for id in {households[n] for n, place in enumerate(at) if place < 0}:
            for visit in view.about("visits", ids[id]):
                self.deed(visit)
        for n, whom in enumerate(by_whom if groups.of_helper else ()):
            if whom < 0 <= at[n]:
                self.deed(view.entry(positions[n]))

    def _settled(self, view: View, ids: Sequence[str], those: Collection[int], keys: dict[Key, int]) -> list[int]:
        """Return the number of the group of each of those households, or -1 where each visit is to be looked at."""
        found = [-1] * len(ids)
        if "task" not in self.groups.of_deed:
            taken_back = {e.household for e in view.corrected if isinstance(e, Visited)}
            for n in those:
                key = self.groups.settled(ids[n])
                if key is not None and ids[n] not in taken_back:
                    found[n] = _number(keys, key)
        return found

    def _kind(self, told: dict[tuple[Key, bool, int], int], day: date, channel: str, persons: int) -> int:
        """Return the number of what a visit says of itself, or -1 where it is not within the days."""
        if not (self.start <= day and (self.open or day < self.end)):
            return -1
        key = self._deed_key(Visited("", (), channel, on=day))
        return _number(told, (key, channel == "in person", persons if channel == "in person" else 0))

    def _deed_key(self, entry: Any) -> Key:
        """Return what a deed belongs to by itself; there are few days and channels, so each is told once."""
        if not self._by_day:
            return self.groups.deeds(entry)[0]
        at = (entry.on, getattr(entry, "channel", ""))
        key = self._deed_keys.get(at)
        if key is None:
            key = self._deed_keys[at] = self.groups.deeds(entry)[0]
        return key

    def stream(self, entries: Iterable[Any]) -> None:
        """Count a stream of deeds, keeping nothing but the counts.

        Of a village whose households are counted, not listed, there is a cell for each channel and period: how many
        came, how often, and one bit for each household.
        """
        groups, listed = self.groups, self.groups.who.listed
        villages: dict[str, dict[tuple[Key, bool], list[int]]] = {}
        others: set[str] = set()
        bits: dict[str, int] = {}
        said: dict[tuple[date, str], tuple[Key, bool] | None] = {}
        teams: set[tuple[str, ...]] = set()
        for number, entry in enumerate(entries):
            if type(entry) is not Visited:
                _hold(entry, number)
                self.deed(entry)
                continue
            household, helpers, day = entry.household, entry.helpers, (entry.on, entry.channel)
            try:
                checked = helpers in teams and day in said and type(household) is str
            except TypeError:
                checked = False
            if not checked:
                _hold(entry, number)
                teams.add(helpers)
                said[day] = self._said(entry)
            village, _, last = household.rpartition("/")
            cells = villages.get(village)
            if cells is None:
                if village in others or not (self.one_row and village and groups.is_of_areas(village)):
                    others.add(village)
                    self.deed(entry)
                    continue
                cells = villages[village] = {}
            bit = bits.get(last)
            if bit is None:
                bit = bits[last] = 1 << int(last) if is_number(last) else 0
            if not bit or (listed and household in listed):
                self.deed(entry)
                continue
            at = said[day]
            if at is None:
                continue
            cell = cells.get(at)
            if cell is None:
                cell = cells[at] = [0, 0, 0]
            cell[0] += 1 if len(helpers) == 1 else len(set(helpers))
            cell[1] += 1
            cell[2] |= bit
        for village, cells in villages.items():
            for (deed, in_person), (persons, times, seen) in cells.items():
                row = self.row(groups.key(groups.household(f"{village}/1", self.start), (), deed))
                row.counts[HOUSEHOLD_VISITS if in_person else CONTACTS] += times
                row.counts[PERSON_VISITS] += persons if in_person else 0
                row.seen[VISITED if in_person else REACHED].merge_bits(village, seen)

    def _said(self, visit: Visited) -> tuple[Key, bool] | None:
        """Return what a visit belongs to by itself, and whether it was in person; None where it is not in the days."""
        if not (self.start <= visit.on and (self.open or visit.on < self.end)):
            return None
        return self._deed_key(visit), visit.channel == "in person"

    # --- the answer

    def table(self, known: int | None, behind: Callable[[Key | None, str], tuple[Entry, ...]]) -> Table:
        groups = self.groups
        shared, several = bool(groups.of_helper), "task" in groups.of_deed
        columns = tuple(
            Column(
                name,
                of,
                how != UNION and not (shared and how == EVENT) and not (several and n < len(VISITS)),
                how != UNION,
            )
            for n, (name, of, how) in enumerate(COLUMNS)
        )
        for row in self.rows.values():
            row.seen[REACHED].merge(row.seen[VISITED])
            self.total.merge(row, counts=self.one_row)
        last = date.max if self.open else date.fromordinal(self.end.toordinal() - 1)
        rows = dict(self.rows)
        if groups.by:
            for key in groups.expected(last):
                if key not in rows:
                    rows[key] = Row()
        whole = tuple(Column(name, of, how != UNION) for name, of, how in COLUMNS)
        return Table(
            "totals",
            groups.by,
            columns,
            {key: rows[key].cells(columns) for key in groups.in_order(rows)}
            if groups.by
            else {(): self.total.cells(whole)},
            self.total.cells(whole),
            during=self.during,
            known=known,
            names=groups.names(rows),
            behind=behind,
        )

    def responsible(self, entry: Any) -> list[str]:
        """Return who is responsible on the day of a deed, where it matters who it is."""
        if self.one_row:
            return []
        stays = self.groups.who.view.stays(entry.household)
        return list(dict.fromkeys(stay.helper for stay in stays if stay.on(entry.on)))

    def responsible_until(self, entry: Any) -> list[str]:
        """Return who was responsible up to the day of an entry, though released on it; or, where nobody was, on it."""
        stays = self.groups.who.view.stays(entry.household)
        there = [stay.helper for stay in stays if stay.start < entry.on and (stay.end is None or entry.on <= stay.end)]
        return list(dict.fromkeys(there)) or self.responsible(entry)


def _hold(entry: Any, row: int) -> None:
    """Hold an entry of a stream against what a register would take, but for what other entries say."""
    problems: list[Problem] = []

    def tell(row: int, code: str, message: str, field: str = "") -> None:
        problems.append(Problem(code, message, "book", row, field))

    if not isinstance(entry, Entry) or type(entry) not in RECORDED or isinstance(entry, Correction):
        tell(row, "bad-type", f"wanted entries that count, got {shown(entry)}")
    elif check_fields(entry, row, tell) and isinstance(entry, Visited) and not entry.helpers:
        tell(row, "bad-visit", "wanted one helper at least, got none", "helpers")
    if problems:
        raise ArgumentError(problems)


_Thing = TypeVar("_Thing", bound=Hashable)


def _number(numbers: dict[_Thing, int], thing: _Thing) -> int:
    """Return the number of a thing, counted from 0 as they come."""
    return numbers.setdefault(thing, len(numbers))


# --- of each kind of entry, what it counts


def _visit(count: _Counter, e: Visited) -> _Deed:
    helpers = tuple(dict.fromkeys(e.helpers))
    if e.channel == "in person":
        return helpers, ((PERSON_VISITS, len(helpers), "exact"), (HOUSEHOLD_VISITS, 1, "exact")), (VISITED, REACHED)
    return helpers, ((CONTACTS, 1, "exact"),), (REACHED,)


def _aid(count: _Counter, e: Aided) -> _Deed:
    given = (AID_AT[e.aid], e.amount, e.mark)
    if not e.value:
        return (e.giver,), (given,), AIDED
    return (e.giver,), (given, (VALUE, e.value, e.value_mark)), AIDED


def _loan(name: str) -> Callable[[_Counter, Any], _Deed]:
    def counted(count: _Counter, e: Any) -> _Deed:
        return _guarantor(count, e), ((AT[name], e.amount, "exact"),), ()

    return counted


def _guarantor(count: _Counter, e: Any) -> tuple[str, ...]:
    if isinstance(e, Lent):
        return (e.guarantor,)
    return _bearer(count, e.household, e.loan, e.on)


def _bearer(count: _Counter, household: str, duty: str, on: date) -> tuple[str, ...]:
    """Return who bears a duty on a day, or bore it to the end."""
    return count.groups.who.bearer(household, duty, on)


def _promise(count: _Counter, e: DutyOpened) -> _Deed | None:
    return ((e.bearer,), ((AT["measures promised"], 1, "exact"),), ()) if e.what == "measure" else None


def _closing(count: _Counter, e: DutyClosed) -> _Deed | None:
    about = count.groups.who.view.about("households", e.household)
    if not any(isinstance(o, DutyOpened) and o.duty == e.duty and o.what == "measure" for o in about):
        return None
    name = "measures kept" if e.kept else "measures given up"
    return _bearer(count, e.household, e.duty, e.on), ((AT[name], 1, "exact"),), ()


def _exit(count: _Counter, e: Exit) -> _Deed:
    household = count.groups.who.household(e.household, e.on)
    persons = household.persons if household is not None else 0
    return count.responsible_until(e), ((AT["exits"], 1, "exact"), (AT["persons exited"], persons, "exact")), ()


def _relapse(count: _Counter, e: Relapse) -> _Deed:
    return count.responsible(e), ((AT["relapses"], 1, "exact"),), ()


def _handover(count: _Counter, e: HandedOver) -> _Deed:
    return (e.giver,), ((AT["handovers"], 1, "exact"),), ()


def _vacancy(count: _Counter, e: VacancyOpened) -> _Deed:
    return (e.giver or e.unit,), ((AT["vacancies"], 1, "exact"),), ()


def _check(count: _Counter, e: Checked) -> _Deed:
    if e.result == "not reached":
        return count.responsible(e), ((AT["not reached"], 1, "exact"),), ()
    counts: list[Count] = [(AT["checked"], 1, "exact")]
    if e.result == "wrong":
        counts.append((AT["checked wrong"], 1, "exact"))
    return count.responsible(e), counts, ()


_DEEDS: dict[type[Entry], Callable[[_Counter, Any], _Deed | None]] = {
    Visited: _visit,
    Aided: _aid,
    Lent: _loan("lent"),
    Repaid: _loan("repaid"),
    WrittenOff: _loan("written off"),
    DutyOpened: _promise,
    DutyClosed: _closing,
    Exit: _exit,
    Relapse: _relapse,
    HandedOver: _handover,
    VacancyOpened: _vacancy,
    Checked: _check,
}
