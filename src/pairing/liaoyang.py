"""The made-up book of Liaoyang, 1994 to 1996: plans, exits, aid, a revolving fund, and who seldom goes."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from pairing.apportioning import apportion
from pairing.deeds import Aided, Lent, Observed, PaidIn, Repaid, Visited, WrittenOff
from pairing.entries import DutyClosed, DutyOpened, Entry, Exit, Linked, Released
from pairing.festivals import festival
from pairing.figures import fen
from pairing.histories import Stay
from pairing.people import NamedPair, Pairing
from pairing.proposing import pair
from pairing.register import Register
from pairing.roster import Roster
from pairing.telling import Chronicle, Days, Teller, parts, shuffled, spread

__all__ = ["Liaoyang"]


class _Occasion(NamedTuple):
    household: str
    helper: str
    day: date


class Liaoyang(Teller):
    """Tells the book of Liaoyang: what is decided in it stands in `chronicle`."""

    def told(self) -> Chronicle:
        """Say who is responsible; then what was given, lent, promised; then who went."""
        self.exits: dict[str, date] = {}
        self.revisiting: list[tuple[str, Stay]] = []
        self._pairings()
        self._aid()
        self._loans()
        self._measures()
        self._visits()
        self._record_of_one()
        self._departments()
        return self.recorded()

    # --- who is responsible

    def _pairings(self) -> None:
        """Pair on the days of the plans; households exit in between, and some of their helpers get new ones."""
        register, old = Register(), self.roster
        book: tuple[Pairing, ...] = ()
        before = date.min
        plans = self.facts["plans"]
        leaving = apportion(self.scaled(self.facts["exits"]), [plan.get("exits", 0) for plan in plans])
        for on, count in zip((plan["on"] for plan in plans), leaving, strict=True):
            lines = self._exiting(book, before, on, count)
            going = self._going(book, {line.household for line in lines if isinstance(line, Exit)})
            apart = [NamedPair(p.helper, p.household, "excluded") for p in going]
            roster = Roster(old.areas, old.units, old.helpers, old.households, old.links, apart) if apart else old
            plan = pair(self.policy, roster, on=on, book=[p for p in book if p not in going])
            known = {(p.helper, p.household) for p in book}
            new = {p.helper: p.household for p in plan.pairings if (p.helper, p.household) not in known}
            lines += plan.entries()
            for p in sorted(going):
                if p.helper in new:
                    lines.append(
                        Released(p.helper, p.household, "out of poverty", p.role, instead=new[p.helper], on=on)
                    )
                    self.revisiting.append((p.household, Stay(p.helper, p.role, on, None)))
            self.lines += lines
            register = register.record(*lines)
            book, before = register.view(on=on).pairings, on
        view = register.view(on=self.last)
        self.stays = {household.id: list(view.stays(household.id)) for household in old.households}

    def _exiting(self, book: Iterable[Pairing], before: date, on: date, count: int) -> list[Entry]:
        """Let so many households exit between two plans that were helped for half a year, with duties to revisit."""
        if count == 0:
            return []
        helpers: dict[str, list[str]] = defaultdict(list)
        for pairing in book:
            if pairing.household not in self.exits:
                since = pairing.span.start if pairing.span else before
                helpers[pairing.household] += [pairing.helper] * (since <= before - timedelta(days=180))
        draw = self.draws(f"exits/{on}")
        found: list[Entry] = []
        for id in spread([id for id in sorted(helpers) if helpers[id]], count):
            self.exits[id] = day = before + timedelta(days=1 + int(((on - before).days - 1) * draw()))
            found.append(Exit(id, day - timedelta(days=30), day + relativedelta(months=12), on=day))
        for pairing in book:
            if pairing.household in self.exits and self.exits[pairing.household] > before:
                key, day = f"revisit-{pairing.helper}", self.exits[pairing.household]
                found.append(DutyOpened(key, pairing.household, pairing.helper, "revisit", on=day))
        return found

    def _going(self, book: Iterable[Pairing], exited: Collection[str]) -> set[Pairing]:
        """Return who is to get a new household: all helpers of one that has exited but the lead, who stays."""
        those: dict[str, list[Pairing]] = defaultdict(list)
        for pairing in book:
            if pairing.household in exited:
                those[pairing.household].append(pairing)
        return {p for group in those.values() for p in sorted(group, key=lambda p: (p.role != "lead", p.helper))[1:]}

    # --- what was given, lent, promised

    @cached_property
    def _days(self) -> Days:
        """All days; in the month before Spring Festival more happens."""
        festivals = [festival("spring-festival", year) for year in range(1994, 1998)]

        def weight(day: date) -> int:
            return 4 if any(0 <= (eve - day).days <= 30 for eve in festivals) else 1

        return Days(self.facts["plans"][0]["on"], self.last, weight)

    def _occasions(
        self, count: int, key: str, first: date, last: date, *, lasting: bool = False, since: date = date.max
    ) -> Iterator[_Occasion]:
        """Yield days on which a helper was responsible for a household before its exit, the more the longer that was.

        A systematic sample: households lie in a row, each as long as its days weigh, and are met at even distances.
        """
        draw = self.draws(key)
        row: list[tuple[str, list[tuple[str, date, date]]]] = []
        for household, stays in self.stays.items():
            until = min(last, self.exits.get(household, date.max) - timedelta(days=1))
            own = []
            for stay in stays:
                start, end = max(first, stay.start), min(until, (stay.end or date.max) - timedelta(days=1))
                if start <= end and stay.start <= since and not (lasting and stay.end):
                    own.append((stay.helper, start, end))
            if own:
                row.append((household, own))
        row = shuffled(row, draw)
        ends = [*accumulate(self._days.weight(own[0][1], own[0][2]) for _, own in row)]
        offset = int(draw() * ends[-1])
        for n in range(count):
            household, own = row[bisect_right(ends, (n * ends[-1] + offset) // count)]
            helper, start, end = own[int(draw() * len(own))]
            yield _Occasion(household, helper, self._days.between(start, end, draw()))

    def _aid(self) -> None:
        first: date = self.facts["plans"][0]["on"]
        for aid, told in self.facts["aid"].items():
            draw, count = self.draws(f"amounts/{aid}"), self.scaled(told["entries"])
            total, step = (
                (fen(self.scaled(told["total"])), 1_000) if aid == "money" else (self.scaled(told["total"]), 1)
            )
            weights = [1 + int(8 * draw() * draw()) for _ in range(count)]
            amounts = parts(total, weights, step)
            values = parts(fen(self.scaled(told["value"])), weights) if "value" in told else [0] * count
            words, mark = told.get("words", [""]), told.get("mark", "exact")
            occasions = self._occasions(count, aid, first, told.get("last", self.last))
            for n, (household, helper, day) in enumerate(occasions):
                organised = aid in ("housing", "job", "schooling")  # by the unit, not by one person alone
                giver = self.roster.helper(helper).unit if organised else helper
                what, known = words[n % len(words)], mark if n == 0 else "exact"
                marks = ("exact", known) if values[n] else (known, "exact")
                line = Aided(household, giver, aid, amounts[n], what, values[n], *marks, on=day, id=f"{aid}-{n + 1}")
                self.lines.append(line)

    def _loans(self) -> None:
        """Lend, and get back at term; some are late, of which two are written off in part."""
        fund, draw = self.facts["fund"], self.draws("loans")
        for paid in fund["paid_in"]:
            self.lines.append(PaidIn(fund["name"], fen(self.scaled(paid["yuan"])), paid["from"], on=paid["on"]))
        count = self.scaled(fund["loans"])
        amounts = parts(fen(self.scaled(fund["lent"])), [2 + int(8 * draw()) for _ in range(count)], 1_000)
        lent = self._occasions(count, "loans/occasions", fund["first"], fund["last"], lasting=True, since=fund["since"])
        in_turn = sorted(lent, key=lambda occasion: (occasion.day, occasion.household, occasion.helper))
        late, before = 0, len(self.lines)
        for n, ((household, helper, day), amount) in enumerate(zip(in_turn, amounts, strict=True), 1):
            loan, due = f"loan-{n}", day + relativedelta(months=fund["months"])
            self.lines.append(Lent(loan, household, helper, amount, fund["name"], due, on=day))
            rest, half = amount, amount // 2
            if due - timedelta(days=120) <= self.last:  # a first part comes back early
                early = due - timedelta(days=120 - int(90 * draw()))
                if early <= self.last and n % 2:
                    self.lines.append(Repaid(loan, household, half, on=early))
                    rest -= half
            if due >= self.last:
                continue
            if n % fund["late"] == 1:
                late += 1
                if late <= fund["written_off"]:
                    self.lines.append(WrittenOff(loan, household, rest, "the debtor has died", on=self.last))
            else:
                self.lines.append(Repaid(loan, household, rest, on=due - timedelta(days=int(20 * draw()))))
        missing = self._missing(self.lines[before - len(fund["paid_in"]) :])
        if missing:  # of a handful of loans none may come back in time to be lent again
            first = fund["paid_in"][0]
            self.lines.append(PaidIn(fund["name"], missing, "for a small fund", on=first["on"]))

    def _missing(self, lines: Iterable[Entry]) -> int:
        """Return how much more was lent, on the worst of days, than there was."""
        days: Counter[date] = Counter()
        for line in lines:
            if isinstance(line, Lent):
                days[line.on] -= line.amount
            elif isinstance(line, PaidIn | Repaid):
                days[line.on] += line.amount
        return max(0, -min(accumulate(amount for _, amount in sorted(days.items()))))

    def _measures(self) -> None:
        """What was promised is done by the day on which it is due, or given up."""
        told, draw = self.facts["measures"], self.draws("kept")
        first: date = self.facts["plans"][0]["on"]
        occasions = self._occasions(self.scaled(told["figure"]), "measures", first, self.last, lasting=True)
        for n, (household, helper, day) in enumerate(occasions, 1):
            key, due = f"measure-{n}", day + relativedelta(months=told["months"])
            self.lines.append(DutyOpened(key, household, helper, "measure", due, on=day))
            over = day + timedelta(days=20 + int(150 * draw()))
            if over <= self.last:
                kept = n % told["given_up"] != 0
                reason = "done" if kept else "no way to earn was found"
                self.lines.append(DutyClosed(key, household, reason, kept, on=over))

    # --- who went

    def _visits(self) -> None:
        """Most go, some seldom, a tenth never; whoever was released after an exit calls again."""
        told, draw = self.facts["visits"], self.draws("visits")
        everybody = shuffled([helper.id for helper in self.roster.helpers], draw)
        never = set(everybody[: len(everybody) // told["never"]])
        held = [(household, stay) for household, stays in self.stays.items() for stay in stays]
        held = [(household, stay) for household, stay in held + self.revisiting if stay.helper not in never]
        end = self.last + timedelta(days=1)
        total = self.scaled(told["figure"])
        weights = [(1 + int(100 * draw() ** 3)) * ((stay.end or end) - stay.start).days for _, stay in held]
        firsts = {stay.helper: n for n, (_, stay) in reversed([*enumerate(held)])}  # once at least
        once = Counter(sorted(firsts.values())[:total])
        counts = apportion(total - len(once), weights, "largest-remainder")
        number = 0
        for n, (household, stay) in enumerate(held):
            count = counts[n] + once[n]
            until = (stay.end or end) - timedelta(days=1)
            for _ in range(count):
                number += 1
                day = self._days.between(stay.start, until, draw())
                who = [stay.helper]
                if number % told["together"] == 0:
                    who += [s.helper for s in self.stays[household] if s.on(day) and s.helper not in {*never, *who}][:1]
                tasks = ("revisit",) if self.exits.get(household, date.max) <= day else ()
                self.lines.append(Visited(household, who, tasks=tasks, on=day, id=f"visit-{number}"))

    def _record_of_one(self) -> None:
        """One household's record: of the first batch, and out of poverty by the end."""
        first, told = self.facts["plans"][0]["on"], self.facts["record"]
        of = (id for id in sorted(self.exits) if self.stays[id][0].start == first)
        id = next(of, min(self.stays, key=lambda id: (self.stays[id][0].start, id)))
        last = self.exits.get(id, self.last)
        self.lines += [
            Observed(id, "income", fen(told["before"]), "nearly", on=first),
            Observed(id, "debt", fen(told["debt"]), on=first),
            Observed(id, "income", fen(told["after"]), on=last),
            Observed(id, "debt", 0, on=last),
        ]

    def _departments(self) -> None:
        """Municipal departments are each linked to a village more, which they lead."""
        told, draw = self.facts["departments"], self.draws("departments")
        villages: dict[str, list[str]] = defaultdict(list)
        for village in sorted({household.village for household in self.roster.households}):
            villages[village[:6]].append(village)
        units = shuffled([unit.id for unit in self.roster.units if unit.level == "prefecture"], draw)
        days = (told["last"] - told["first"]).days + 1
        for unit in units[: self.scaled(told["figure"])]:
            own = self.roster.villages_of(unit)
            others = [village for code in own[:1] for village in villages[code[:6]] if village not in own]
            if others:
                day = told["first"] + timedelta(days=int(days * draw()))
                self.lines.append(Linked(unit, others[int(draw() * len(others))], on=day))
