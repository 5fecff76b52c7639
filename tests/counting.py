"""A slow recount to hold the figures against, and registers made up at random to count.

`Recount` reads the plain list of what counts, entry by entry and day by day, and looks nowhere else than at the roster
and at the slow book.  Every number is counted for every row anew.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import define, field

from books import (
    CALENDAR,
    DAYS,
    HELPERS,
    HOUSEHOLDS,
    TASKS,
    UNITS,
    VILLAGES,
    Batch,
    Book,
    Clerk,
)
from pairing.areas import LEVELS, Area, AreaTree
from pairing.dates import Span
from pairing.deeds import (
    AID,
    CHANNELS,
    MARKS,
    RESULTS,
    Aided,
    Checked,
    Lent,
    Observed,
    Repaid,
    Visited,
    WrittenOff,
)
from pairing.entries import (
    Correction,
    Dissolution,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    Merger,
    RankChange,
    Relapse,
    Transfer,
    VacancyOpened,
)
from pairing.figures import Amount, Distinct, Share
from pairing.people import KINDS, Helper, Household, Unit
from pairing.register import Register
from pairing.results import Cell, Key, Table
from pairing.roster import Roster

COUNTED = ["east/1", "east/2", "west/1", "north/12"]
"""Households that are counted, not listed."""
OF_HOUSEHOLDS = (*LEVELS, "household", "status")
OF_HELPERS = (
    *("helper", "unit", "province unit", "prefecture unit", "county unit", "township unit"),
    *("unit level", "rank", "kind", "post"),
)
OF_DEEDS = ("year", "quarter", "month", "channel", "task", "aid", "what")
WORDS = (*OF_HOUSEHOLDS, *OF_HELPERS, *OF_DEEDS)

SUMS = (
    *("person-visits", "money given", "food", "materials", "clothing", "goods", "housing", "treatment", "projects"),
    *("jobs", "schooling", "value of goods", "lent", "repaid", "written off", "measures promised", "measures kept"),
    *("measures given up", "handovers", "vacancies"),
)
"""Of each helper one's own."""
EVENTS = (
    *("household-visits", "contacts", "exits", "persons exited", "relapses", "checked", "checked wrong"),
    "not reached",
)
"""They may be those of several helpers together."""
UNIONS = ("households visited", "households reached", "households aided")
OF_VISITS = ("person-visits", "household-visits", "households visited", "contacts", "households reached")
TURNS = ("at the start", "in", "out", "at the end")

Number = tuple[int, str] | tuple[int, int]
"""A number and how it is known; or the part and the whole of a share."""
Rows = dict[Key | None, dict[str, Number]]
"""What was counted, by row and column; under None that of all rows.  What is not there is zero."""


# --- the slow recount


@define
class Recount:
    """Counts what a book says, as it was known at a position."""

    roster: Roster
    book: Book
    known: int | None = None

    @property
    def lines(self) -> list[Entry]:
        """All entries that count."""
        return self.book.in_force(self.known)

    # --- who belonged where on a day

    def of_household(self, word: str, id: str, day: date) -> str:
        """Return what a household belonged to."""
        if word == "household":
            return id
        listed = [household for household in self.roster.households if household.id == id]
        if not listed and id not in COUNTED:
            return ""
        village, status = id.partition("/")[0], ""
        if listed:
            now = self.book.household(id, self.known)[day]
            village = now.village or listed[0].village
            status = "exited" if now.exit else "fallen back" if now.fallen else listed[0].status
        return status if word == "status" else self.above(village, word)

    def above(self, code: str, level: str) -> str:
        """Return the area of a level in which an area lies."""
        for area in self.roster.areas:
            if area.code == code:
                return code if area.level == level else self.above(area.parent or "", level)
        return ""

    def of_helper(self, word: str, id: str, day: date) -> str:
        """Return what a helper, or a unit, belonged to."""
        if word == "helper":
            return id
        helpers = [helper for helper in self.roster.helpers if helper.id == id]
        found = {"unit": "", "rank": "", "post": "", "kind": ""}
        if helpers:
            found = {**self.seat(helpers[0], day), "kind": helpers[0].kind}
        elif id in [unit.id for unit in self.roster.units]:
            found |= {"unit": id, "kind": "unit"}
        if word in found:
            return found[word]
        units = {unit.id: unit for unit in self.roster.units}
        unit = units.get(found["unit"])
        if word == "unit level":
            return unit.level if unit else ""
        while unit is not None and f"{unit.level} unit" != word:
            unit = units.get(unit.parent or "")
        return unit.id if unit else ""

    def seat(self, helper: Helper, day: date) -> dict[str, str]:
        """Return unit, rank and post of a helper: those of the roster, and then what changed, day by day."""
        unit, rank, post = helper.unit, helper.rank, helper.post
        for past in CALENDAR[: CALENDAR.index(day) + 1]:
            today = [e for e in self.lines if e.on == past and getattr(e, "helper", "") == helper.id]
            for e in sorted(today, key=lambda e: isinstance(e, RankChange)):
                if isinstance(e, Transfer):
                    unit, rank, post = e.unit, e.rank or rank, post if e.post is None else e.post
                elif isinstance(e, RankChange):
                    rank, post = e.rank, post if e.post is None else e.post
        return {"unit": self.heir(unit, day)[0], "rank": rank or "", "post": post or ""}

    def heir(self, unit: str, day: date) -> tuple[str, bool]:
        """Return the unit that a unit has become, and whether that was dissolved."""
        seen = {unit}
        while True:
            ends = [e for e in self.lines if isinstance(e, Merger | Dissolution) and e.unit == unit and e.on <= day]
            if not ends:
                return unit, False
            if isinstance(ends[0], Dissolution) or ends[0].into in seen:
                return unit, True
            unit = ends[0].into
            seen.add(unit)

    def serves(self, helper: Helper, day: date) -> bool:
        """Whether a helper is in service."""
        unit = helper.unit
        for past in CALENDAR[: CALENDAR.index(day) + 1]:
            for e in self.lines:
                if isinstance(e, Transfer) and e.helper == helper.id and e.on == past:
                    unit = e.unit
        laid_down = helper.service is None or day in helper.service
        return laid_down and not self.book.helper(helper.id, self.known)[day].out and not self.heir(unit, day)[1]

    def registered(self, household: Household, day: date) -> bool:
        """Whether a household is in the programme."""
        gone = self.book.household(household.id, self.known)[day].gone
        return gone is None and (household.registered is None or day in household.registered)

    def holding(self, household: str, day: date) -> list[tuple[str, str]]:
        """Return who is responsible for a household, and in which role."""
        return sorted(self.book.household(household, self.known)[day].holding)

    def persons(self, household: str, day: date) -> int:
        """Return how many live in a household: as was last observed, or as the roster has it."""
        listed = [one.persons for one in self.roster.households if one.id == household]
        seen = self.book.observed(household, "persons", day, self.known)
        return seen.amount if listed and seen else listed[0] if listed else 0

    # --- what was done

    def credited(self, e: Any) -> list[str]:
        """Return to whom a deed is credited: who served on that day."""
        if isinstance(e, Visited):
            return sorted(set(e.helpers))
        if isinstance(e, Aided | HandedOver):
            return [e.giver]
        if isinstance(e, Lent):
            return [e.guarantor]
        if isinstance(e, DutyOpened):
            return [e.bearer]
        if isinstance(e, VacancyOpened):
            return [e.giver or e.unit]
        if isinstance(e, Repaid | WrittenOff):
            return self.bearer(e.household, e.loan, e.on)
        if isinstance(e, DutyClosed):
            return self.bearer(e.household, e.duty, e.on)
        before = sorted({helper for helper, _ in self.holding(e.household, e.on - timedelta(1))})
        if isinstance(e, Exit) and before:
            return before  # who is released with the exit led the household there
        return sorted({helper for helper, _ in self.holding(e.household, e.on)})

    def bearer(self, household: str, duty: str, day: date) -> list[str]:
        """Return who bore a duty on a day, or bore it last."""
        found: list[str] = []
        for past in CALENDAR[: CALENDAR.index(day) + 1]:
            today = [e for e in self.lines if e.on == past and getattr(e, "household", "") == household]
            for e in today:
                if isinstance(e, DutyOpened) and e.duty == duty:
                    found = [e.bearer]
                elif isinstance(e, Lent) and e.loan == duty:
                    found = [e.guarantor]
            for e in today:
                if isinstance(e, DutyPassed) and e.duty == duty:
                    found = [e.bearer]
        return found

    def counts(self, e: Any) -> dict[str, int]:
        """Return what a deed counts in sums and events; of a visit in person, one for each helper."""
        if isinstance(e, Visited):
            return {"person-visits": 1, "household-visits": 1} if e.channel == "in person" else {"contacts": 1}
        if isinstance(e, Aided):
            name = {"money": "money given", "project": "projects", "job": "jobs"}.get(e.aid, e.aid)
            return {name: e.amount, "value of goods": e.value}
        if isinstance(e, Lent | Repaid | WrittenOff):
            return {{Lent: "lent", Repaid: "repaid", WrittenOff: "written off"}[type(e)]: e.amount}
        if isinstance(e, DutyOpened) and e.what == "measure":
            return {"measures promised": 1}
        if isinstance(e, DutyClosed):
            promised = [o for o in self.lines if isinstance(o, DutyOpened) and o.what == "measure"]
            if any((o.household, o.duty) == (e.household, e.duty) for o in promised):
                return {"measures kept" if e.kept else "measures given up": 1}
        if isinstance(e, Exit):
            return {"exits": 1, "persons exited": self.persons(e.household, e.on)}
        if isinstance(e, Checked):
            if e.result == "not reached":
                return {"not reached": 1}
            return {"checked": 1, "checked wrong": int(e.result == "wrong")}
        names: dict[type[Entry], str] = {Relapse: "relapses", HandedOver: "handovers", VacancyOpened: "vacancies"}
        return {names[type(e)]: 1} if type(e) in names else {}

    def keys(self, e: Any, helper: str | None, by: Sequence[str]) -> list[Key]:
        """Return the keys of the rows to which a deed belongs, as that of one helper: one for each of its tasks."""
        found = []
        for task in sorted(set(e.tasks)) or [""] if isinstance(e, Visited) else [""]:
            said = {
                "year": f"{e.on:%Y}",
                "quarter": f"{e.on:%Y}-Q{(e.on.month - 1) // 3 + 1}",
                "month": f"{e.on:%Y-%m}",
                "channel": getattr(e, "channel", ""),
                "task": task,
                "aid": getattr(e, "aid", ""),
                "what": getattr(e, "what", "") if isinstance(e, Aided) else "",
            }
            key = []
            for word in by:
                if word in OF_HOUSEHOLDS:
                    key.append(self.of_household(word, e.household, e.on))
                elif word in OF_HELPERS:
                    key.append("" if helper is None else self.of_helper(word, helper, e.on))
                else:
                    key.append(said[word])
            found.append(tuple(key))
        return list(dict.fromkeys(found))

    def totals(self, during: Span, by: Sequence[str]) -> Rows:
        """Return what `totals` is to tell."""
        deeds = [e for e in self.lines if e.on in during and (isinstance(e, Visited) or self.counts(e))]
        parts = [(e, key) for e in deeds for helper in self.somebody(e) for key in self.keys(e, helper, by)]
        rows: Rows = {key: self.row([e for e, at in parts if at == key]) for key in {at for _, at in parts}}
        rows[None] = self.row([e for e in deeds for _ in self.somebody(e)])
        return rows

    def somebody(self, e: Entry) -> Sequence[str | None]:
        """Return to whom a deed is credited; where that is nobody, one nobody."""
        return self.credited(e) or [None]

    def row(self, parts: Sequence[Entry]) -> dict[str, Number]:
        """Return the numbers of a row from its deeds, each as often as it has helpers there."""
        once = list(dict.fromkeys(parts))
        found: dict[str, Number] = {}
        for column in (*SUMS, *EVENTS):
            those = [e for e in (parts if column in SUMS else once) if self.counts(e).get(column)]
            aid = [e for e in those if isinstance(e, Aided)]
            marks = {e.value_mark if column == "value of goods" else e.mark for e in aid} - {"exact"}
            mark = "exact" if not marks else "about" if len(marks) > 1 else min(marks)
            found[column] = sum(self.counts(e)[column] for e in those), mark
        visits = [e for e in once if isinstance(e, Visited)]
        visited = {e.household for e in visits if e.channel == "in person"}
        found["households visited"] = len(visited), "exact"
        found["households reached"] = len({e.household for e in visits}), "exact"
        found["households aided"] = len({e.household for e in once if isinstance(e, Aided)}), "exact"
        return found

    # --- how things stand

    def coverage(self, day: date, by: Sequence[str]) -> Rows:
        """Return what `coverage` is to tell."""
        there = []
        for household in self.roster.households:
            exited = self.of_household("status", household.id, day) == "exited"
            if self.registered(household, day):
                there.append((household.id, exited, self.holding(household.id, day)))
        helpers = [helper for helper in self.roster.helpers if self.serves(helper, day)]
        pairs = [(id, helper) for id in HOUSEHOLDS for helper, _ in self.holding(id, day)]
        busy = {helper for _, helper in pairs}
        rows: Rows = {}
        of_helpers = any(word in OF_HELPERS for word in by)
        if not of_helpers:
            keys = [tuple(self.of_household(word, id, day) for word in by) for id, _, _ in there]
            for key in (None, *set(keys)):
                those = [one for one, at in zip(there, keys, strict=True) if key in (None, at)]
                asked = [(id, held) for id, exited, held in those if held or not exited]
                helped = [id for id, held in asked if held]
                vacant = [id for id, held in asked if self.book.household(id, self.known)[day].vacancy]
                persons = sum(self.persons(id, day) for id, _ in asked)
                villages = {self.of_household("village", id, day) for id, _ in asked}
                with_helper = {self.of_household("village", id, day) for id in helped}
                rows.setdefault(key, {}).update(
                    {
                        "households": (len(asked), "exact"),
                        "with a helper": (len(helped), len(asked)),
                        "persons": (persons, "exact"),
                        "persons with a helper": (sum(self.persons(id, day) for id in helped), persons),
                        "with a vacancy": (len(vacant), "exact"),
                        "with nobody": (len(asked) - len(helped) - len(vacant), "exact"),
                        "exited": (sum(exited for _, exited, _ in those), "exact"),
                        "pairings": (sum(len(held) for _, held in asked), "exact"),
                        "villages with a helper": (len(with_helper), len(villages)),
                    }
                )
        if of_helpers:
            keys = [
                tuple(
                    self.of_household(word, id, day) if word in OF_HOUSEHOLDS else self.of_helper(word, helper, day)
                    for word in by
                )
                for id, helper in pairs
            ]
            for key in (None, *set(keys)):
                mine = [pair for pair, at in zip(pairs, keys, strict=True) if key in (None, at)]
                rows.setdefault(key, {}).update(
                    {"households helped": (len({id for id, _ in mine}), "exact"), "pairings": (len(mine), "exact")}
                )
        if set(by) <= set(LEVELS) or not any(word in OF_HOUSEHOLDS for word in by):
            keys = [self.seat_key(helper, day, by) for helper in helpers]
            for key in (None, *set(keys)):
                ours = [helper for helper, at in zip(helpers, keys, strict=True) if key in (None, at)]
                units = {self.of_helper("unit", helper.id, day) for helper in ours}
                at_work = {self.of_helper("unit", helper.id, day) for helper in ours if helper.id in busy}
                rows.setdefault(key, {}).update(
                    {
                        "helpers": (len(ours), "exact"),
                        "with a household": (sum(helper.id in busy for helper in ours), len(ours)),
                        "units with a household": (len(at_work), len(units)),
                    }
                )
        return rows

    def seat_key(self, helper: Helper, day: date, by: Sequence[str]) -> Key:
        """Return what a helper belongs to; of areas, those of the unit."""
        unit = self.of_helper("unit", helper.id, day)
        area = next((each.area for each in self.roster.units if each.id == unit), "")
        return tuple(self.above(area, word) if word in LEVELS else self.of_helper(word, helper.id, day) for word in by)

    def fulfilment(self, quotas: dict[str, tuple[int, int]], day: date, by: Sequence[str]) -> Rows:
        """Return what `fulfilment` is to tell, of quotas by rank."""
        owed = []
        for helper in self.roster.helpers:
            rank, state = self.of_helper("rank", helper.id, day), self.book.helper(helper.id, self.known)[day]
            fit = (helper.fit if state.fit is None else state.fit) and not state.absent
            if self.serves(helper, day) and fit and rank in quotas:
                load = len([id for id in HOUSEHOLDS if helper.id in dict(self.holding(id, day))])
                owed.append((tuple(self.of_helper(word, helper.id, day) for word in by), load, *quotas[rank]))
        rows: Rows = {}
        for key in (None, *{key for key, _, _, _ in owed}):
            mine = [(load, floor, ceiling) for at, load, floor, ceiling in owed if key in (None, at)]
            rows[key] = {
                "helpers": (len(mine), "exact"),
                "floor met": (len([load for load, floor, _ in mine if load >= floor]), len(mine)),
                "households missing": (sum(floor - load for load, floor, _ in mine if load < floor), "exact"),
                "above the ceiling": (len([load for load, _, ceiling in mine if load > ceiling]), "exact"),
            }
        return rows

    # --- what came in and went out

    def members(self, day: date, by: Sequence[str]) -> dict[str, set[tuple[Key, str]]]:
        """Return who belongs to each stock on a day, with the row: a household with two helpers to that of each."""
        found: dict[str, set[tuple[Key, str]]] = {}
        of_helpers = any(word in OF_HELPERS for word in by)

        def add(stock: str, id: str, helper: str = "", member: str = "") -> None:
            row = tuple(self.of_helper(word, helper, day) for word in by)
            if not of_helpers:
                row = tuple(self.of_household(word, id, day) for word in by)
            found.setdefault(stock, set()).add((row, member or id))

        listed = {household.id: household for household in self.roster.households}
        for id in sorted({*HOUSEHOLDS, *listed}):
            there = id in listed and self.registered(listed[id], day)
            if there and not of_helpers:
                add("households", id)
                if self.of_household("status", id, day) == "exited":
                    add("exited households", id)
            if self.book.household(id, self.known)[day].vacancy and not of_helpers:
                add("vacant", id)
            for helper, role in self.holding(id, day):
                add("households with a helper", id, helper)
                add("pairings", id, helper, f"{id} {helper} {role}")
        if not any(word in OF_HOUSEHOLDS for word in by):
            for one in self.roster.helpers:
                if self.serves(one, day):
                    found.setdefault("helpers", set()).add((self.seat_key(one, day, by), one.id))
        return found

    def flows(self, during: Span, by: Sequence[str]) -> Rows:
        """Return what `flows` is to tell."""
        rows: Rows = {None: self.flow(during, (), ())}
        days = [day for day in CALENDAR if day in during]
        eve = days[0] - timedelta(1)
        told = [self.members(day, by) for day in [eve, *days]]
        for key in {row for each in told for members in each.values() for row, _ in members}:
            rows[key] = self.flow(during, by, key)
        return rows

    def flow(self, during: Span, by: Sequence[str], key: Key) -> dict[str, Number]:
        """Return the numbers of one row: day by day, who came and who went."""
        found = dict.fromkeys(("household-days with a helper", "household-days vacant"), 0)
        days = [day for day in CALENDAR if day in during]
        for stock in ("households", "households with a helper", "exited households", "pairings", "helpers"):
            before = {id for row, id in self.members(days[0] - timedelta(1), by).get(stock, ()) if row == key}
            counts = dict.fromkeys(TURNS, 0)
            counts["at the start"] = len(before)
            for day in days:
                now = {id for row, id in self.members(day, by).get(stock, ()) if row == key}
                counts["in"] += len(now - before)
                counts["out"] += len(before - now)
                before = now
            counts["at the end"] = len(before)
            found |= {f"{stock} {turn}": count for turn, count in counts.items()}
        for day in days:
            members = self.members(day, by)
            for stock, name in (("households with a helper", "with a helper"), ("vacant", "vacant")):
                found[f"household-days {name}"] += len([id for row, id in members.get(stock, ()) if row == key])
        return {name: (count, "exact") for name, count in found.items()}


def number(cell: Cell) -> Number:
    """Return what a cell says."""
    if isinstance(cell, Share):
        return cell.part, cell.whole
    assert isinstance(cell, Amount | Distinct)
    return cell.value, cell.mark if isinstance(cell, Amount) else "exact"


def differences(table: Table, rows: Rows) -> list[tuple[Key | None, str, Any, Any]]:
    """Return the cells in which a table says something else than the recount: row, column, table, recount."""
    found: list[tuple[Key | None, str, Any, Any]] = []
    keys = {key for key in (*table.rows, *rows) if key is not None}
    for key in (None, *sorted(keys)):
        counted = rows[None] if not key else rows.get(key, {})
        for column in table.columns:
            if key is not None and key not in table.rows:
                if counted.get(column.name, (0, 0))[0] or counted.get(column.name, (0, 0))[1] not in (0, "exact"):
                    found.append((key, column.name, None, counted[column.name]))
                continue
            cell = table[key, column.name]
            wanted = counted.get(column.name, (0, 0) if isinstance(cell, Share) else (0, "exact"))
            if number(cell) != wanted:
                found.append((key, column.name, number(cell), wanted))
    return found


# --- registers made up at random


@define
class Case:
    """A roster, and a register with the same batches as its book."""

    roster: Roster
    batches: list[Batch]
    book: Book
    register: Register = field(init=False)
    ends: list[int] = field(init=False)
    """The positions at which a batch ends."""

    def __attrs_post_init__(self) -> None:
        self.register, self.ends = Register(), [0]
        for batch in self.batches:
            self.register = self.register.record(*batch)
            self.ends.append(len(self.register))

    def recount(self, known: int | None = None) -> Recount:
        """Return the recount of the book."""
        return Recount(self.roster, self.book, known)


class FieldClerk(Clerk):
    """Makes up batches of what is done for households, and of what happens to those who do it."""

    def several(self) -> Batch:
        """Some visits and some aid, of one day or of several."""
        return [self.deed() for _ in range(self.random.choice([1, 2, 4]))]

    def deed(self) -> Entry:
        """A visit, aid, a check or an observation; sometimes to a household that is counted, not listed."""
        household, day = self.pick([*HOUSEHOLDS, *HOUSEHOLDS, *COUNTED]), self.day()
        how = self.random.randrange(8)
        if how < 4:
            helpers = self.random.choices(HELPERS, k=self.random.choice([1, 1, 2, 3]))  # the same one twice at times
            channel = self.pick(["in person", "in person", *CHANNELS])
            tasks = self.random.sample(TASKS, self.random.randrange(3))
            return Visited(household, helpers, channel, tasks, on=day, id=self.number())
        if how < 6:
            giver, aid, amount = self.pick([*HELPERS, *UNITS]), self.pick(AID), 10 * self.random.randrange(1, 5)
            what, value = self.pick(["", "rice"]), self.pick([0, 700])
            marks = self.pick(["exact", *MARKS]), self.pick(MARKS) if value else "exact"
            return Aided(household, giver, aid, amount, what, value, *marks, on=day, id=self.number())
        if how < 7:
            return Observed(household, "persons", self.random.randrange(5), on=day)
        return Checked(household, self.pick(CHANNELS), self.pick(RESULTS), on=day, id=self.number())

    def number(self) -> str:
        """Return a key of its own for a line, or none: then what is the same is one line."""
        return f"n{self.random.randrange(10**9)}" if self.chance(5) else ""

    def post(self) -> Batch:
        """A helper gets another unit, rank or post."""
        helper, unit, rank = self.pick(HELPERS), self.pick(UNITS), self.pick(["division", "section", "staff"])
        if self.chance(6):
            return [Transfer(helper, unit, self.pick([None, rank]), self.pick([None, "judge"]), on=self.day())]
        return [RankChange(helper, rank, on=self.day())]

    def measure(self) -> Batch:
        """Something is promised, and sometimes passed on, kept, or given up."""
        household, day, duty = self.pick(HOUSEHOLDS), self.day(), self.fresh()
        later = [each for each in DAYS if each >= day]
        batch: Batch = [DutyOpened(duty, household, self.pick([*HELPERS, *UNITS]), "measure", on=day)]
        if self.chance(4):
            batch.append(DutyPassed(duty, household, self.pick(HELPERS), on=self.pick(later)))
        if self.chance(6):
            batch.append(DutyClosed(duty, household, "as it went", self.chance(5), on=self.pick(later)))
        return batch

    def taken_out(self) -> Batch:
        """A deed that never happened is taken out; or it happened after all."""
        lines = [e for e in self.book.lines if isinstance(e, Visited | Aided | Checked | Observed | Correction)]
        lines = [e for e in lines if self.book.counts(e, len(self.book.lines))]
        return [Correction(self.pick(lines), "it was not so")] if lines else self.several()

    def batch(self) -> Batch:
        """Return a batch of any sort."""
        scene = self.pick(["several", "several", "several", "post", "measure", "taken_out", "", "", "", ""])
        made: Batch = getattr(self, scene)() if scene else super().batch()
        return made


def made_up_roster(random: Random) -> Roster:
    """Return a roster of those who may be in the book; it may lack a few of them, and knows a few more."""
    areas = [
        Area("P", "甘肃省", "province"),
        Area("F", "定西市", "prefecture", "P"),
        Area("C1", "岷县", "county", "F"),
        Area("C2", "漳县", "county", "F"),
        Area("T1", "清水镇", "township", "C1"),
        Area("east", "东村", "village", "T1"),
        Area("west", "西村", "village", "C2"),
        Area("north", "北村", "village", "T1"),
    ]
    units = [
        Unit("bank", "prefecture", "F", name="市银行"),
        Unit("court", "county", "C1", "bank", name="县法院"),
        Unit("school", "township", "T1", random.choice([None, "court"])),
        Unit("hall", "province", "P"),
    ]
    kinds = {id: random.choice(KINDS) for id in HELPERS}
    helpers = [
        Helper(
            id,
            random.choice(units).id,
            random.choice(["division", "section", "staff"]) if kinds[id] == "cadre" else None,
            random.choice([None, "director"]),
            kinds[id],
            None if random.random() < 0.6 else Span(CALENDAR[0], random.choice([None, *DAYS[6:]])),
            fit=random.random() < 0.8,
        )
        for id in kinds
        if random.random() < 0.9
    ]
    helpers.append(Helper("gu", "hall", "staff", service=Span(DAYS[2], random.choice(DAYS[3:]))))
    households = [
        Household(
            id,
            random.choice([*VILLAGES, "north"]),
            persons=random.randrange(1, 6),
            registered=None if random.random() < 0.6 else Span(CALENDAR[0], random.choice([None, *DAYS[6:]])),
            status=random.choice(["", "", "", "", "watched", "exited"]),
        )
        for id in HOUSEHOLDS
        if random.random() < 0.9
    ]
    households.append(Household("h9", "north", persons=2, registered=Span(DAYS[2], random.choice(DAYS[3:]))))
    return Roster(AreaTree(areas), units, helpers, households)


def case_of(seed: int, batches: int = 14) -> Case:
    """Return a case made up from a seed."""
    random, book = Random(seed), Book()
    roster = made_up_roster(random)
    found: list[Batch] = []
    while len(found) < batches:
        batch = FieldClerk(random, book).batch()
        if not book.refuses(batch):
            found.append(batch)
            book = book.with_batch(batch)
    return Case(roster, found, book)


def only(entries: Iterable[Entry]) -> Register:
    """Return a register of some entries alone, which is not asked whether anybody is dropped in it."""
    register, lines = Register(), list(entries)
    register._lines.append(lines)
    register._length = len(lines)
    return register
