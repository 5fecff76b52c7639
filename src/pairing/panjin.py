"""The made-up book of Panjin, 2010 to 2016: relays, visits through the year, gifts, and yearly spot checks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from attrs import evolve
from dateutil.relativedelta import relativedelta

from pairing.apportioning import apportion
from pairing.dates import Span
from pairing.deeds import Aided, Checked, Visited
from pairing.entries import Change, DutyOpened, Entry, Offer, Refill, Retirement, Transfer
from pairing.festivals import festival
from pairing.figures import fen
from pairing.handover import relay
from pairing.people import Helper
from pairing.proposing import pair
from pairing.register import Register
from pairing.roster import Roster
from pairing.sampling import spot_check
from pairing.telling import Chronicle, Teller, parts, shuffled, spread

__all__ = ["Panjin"]


class _Call(NamedTuple):
    """A visit in person, before it is written; `number` tells in which of the household's stays it falls, from 0."""

    household: str
    number: int
    helpers: tuple[str, ...]
    day: date
    task: str


class Panjin(Teller):
    """Tells the book of Panjin: what is decided in it stands in `chronicle`."""

    def told(self) -> Chronicle:
        """Say who is responsible, year after year; then who was visited, and what was brought along."""
        self.first: date = self.facts["first"]
        self.left: set[str] = set()
        self._pairings()
        calls = self._calls()
        calls = self._together(calls)
        calls.sort(key=lambda call: (call.day, call.household, call.task))
        for household, _, helpers, day, task in calls:
            self.lines.append(Visited(household, helpers, tasks=(task,), on=day))
        self._telephone()
        self._gifts(calls)
        self._checks()
        return self.recorded()

    # --- who is responsible

    def _pairings(self) -> None:
        lines = list(pair(self.policy, self.roster, on=self.first).entries())
        register = Register().record(*lines)
        stories = self._stories(register)
        if stories:
            offers = [story for story in stories if isinstance(story, Offer)]
            register = register.record(*offers)
            lines += offers
        for year in range(self.first.year + 1, self.last.year + 1):
            changes: list[Change] = [story for story in stories if isinstance(story, Change) and story.on.year == year]
            changes += self._leaving(year)
            vacant = register.view(on=date(year, 1, 1)).vacancies
            changes += [Refill(vacancy.household, on=date(year, 1, 2)) for vacancy in vacant]
            found = relay(self.policy, self.roster, register, changes).entries()
            register = register.record(*found)
            lines += found
        self.lines += lines
        view = register.view(on=self.last)
        self.stays = {household.id: list(view.stays(household.id)) for household in self.roster.households}

    def _stories(self, register: Register) -> list[Entry]:
        """Make judges of a unit in which the two stories can happen, and tell them."""
        told, view = self.facts["stories"], register.view(on=self.first)
        self.story: set[str] = set()
        sizes = {unit.id: len(self.roster.helpers_of(unit.id)) for unit in self.roster.units}
        for unit in sorted(self.roster.units, key=lambda unit: (-sizes[unit.id], unit.id)):
            free: dict[str, list[Helper]] = defaultdict(list)
            for helper in self.roster.helpers_of(unit.id):
                if helper.division and len(view.households_of(helper.id)) == 1:
                    free[helper.division].append(helper)
            divisions = sorted(free, key=lambda division: (-len(free[division]), division))[:2]
            if len(divisions) < 2 or len(free[divisions[0]]) < 3 or len(free[divisions[1]]) < 2:
                continue
            gone, one, other = sorted(free[divisions[0]], key=lambda helper: helper.birth or self.first)[:3]
            oldest, *_, young = sorted(free[divisions[1]], key=lambda helper: helper.birth or self.first)
            born = told["retires"] - relativedelta(years=60)
            judges = {judge.id: evolve(judge, post="judge") for judge in (gone, one, other, young)}
            judges[oldest.id] = evolve(oldest, post="judge", sex="m", birth=born)
            self.story = set(judges)
            court = evolve(unit, name=f"{self.roster.areas[unit.area].name}人民法院")
            units = [court if each.id == unit.id else each for each in self.roster.units]
            helpers = [judges.get(helper.id, helper) for helper in self.roster.helpers]
            near = next(each.id for each in units if each.id != unit.id and each.area[:4] == unit.area[:4])
            old = self.roster
            self.roster = Roster(old.areas, units, helpers, old.households, old.links)
            day = told["retires"] - timedelta(days=20)
            return [
                Offer(young.id, giver=oldest.id, on=day),
                Offer(one.id, giver=gone.id, on=day),
                Offer(other.id, giver=gone.id, on=day),
                Retirement(oldest.id, on=self.policy.retires(judges[oldest.id]) or told["retires"]),
                Transfer(gone.id, near, on=told["transferred"]),
            ]
        return []

    def _leaving(self, year: int) -> Iterator[Change]:
        """Yield who else retires in a year, the first of those who reach the age, and who is transferred."""
        told, draw = self.facts["leaving"], self.draws(f"leaving/{year}")
        self.left |= self.story
        start, end = date(year, 1, 3), min(date(year + 1, 1, 1), self.last)
        of_age = []
        for helper in self.roster.helpers:
            day = self.policy.retires(helper)
            if day is not None and start <= day < end and helper.id not in self.left:
                of_age.append((day, helper.id))
        for day, id in sorted(of_age)[: len(self.roster.helpers) // told["retire"]]:
            self.left.add(id)
            yield Retirement(id, on=day)
        near: dict[str, list[str]] = defaultdict(list)
        for unit in self.roster.units:
            near[unit.area[:6]].append(unit.id)
        staying = [helper for helper in self.roster.helpers if helper.id not in self.left]
        for helper in shuffled(staying, draw)[: len(self.roster.helpers) // told["transfer"]]:
            units = [id for id in near[self.roster.unit(helper.unit).area[:6]] if id != helper.unit]
            if units:
                self.left.add(helper.id)
                day = start + timedelta(days=int((end - start).days * draw()))
                yield Transfer(helper.id, units[int(draw() * len(units))], on=day)

    # --- visits

    def _seasons(self) -> Iterator[tuple[str, date, date, int]]:
        """Yield the name, the days and the weight of each season of each year, as far as it is told of."""
        for year in range(self.first.year, self.last.year + 1):
            for season in self.facts["seasons"]:
                if "festival" in season:
                    name, last = season["festival"], festival(season["festival"], year)
                    first = last - timedelta(days=season["before"])
                else:
                    name = season["name"]
                    first, last = (date.fromisoformat(f"{year}-{day}") for day in season["days"].split("/"))
                start, end = max(first, self.first), min(last, self.last)
                if start <= end:
                    share = 1_000 * ((end - start).days + 1) // ((last - first).days + 1)
                    yield name, start, end, season["weight"] * share

    def _calls(self) -> list[_Call]:
        """In each season so many households are called on, by whoever is responsible on the day."""
        draw, seldom = self.draws("visits"), self.facts["seldom"]["one_in"]
        seasons = list(self._seasons())
        total = self.scaled(self.facts["visits"]["households"])
        counts = apportion(total, [weight for *_, weight in seasons], "largest-remainder")
        homes = shuffled(list(self.stays), draw)
        place = {household: n for n, household in enumerate(homes[: len(homes) // seldom])}
        calls = []
        for turn, ((name, first, until, _), count) in enumerate(zip(seasons, counts, strict=True)):
            length = (until - first).days + 1
            last = {household for household, n in place.items() if (n + turn) % 5}
            missing = count
            for household in sorted(shuffled(homes, draw), key=last.__contains__):
                if missing == 0:
                    break
                day = first + timedelta(days=int(length * draw()))
                number, helpers = self._responsible(household, day)
                if helpers:
                    calls.append(_Call(household, number, helpers, day, name))
                    missing -= 1
        return calls

    def _responsible(self, household: str, day: date) -> tuple[int, tuple[str, ...]]:
        """Return who is responsible for a household on a day, and which of its stays that is."""
        stays = self.stays[household]
        if len(stays) == 1 and stays[0].on(day):
            return 0, (stays[0].helper,)
        here = [(n, stay.helper) for n, stay in enumerate(stays) if stay.on(day)]
        return (here[0][0], tuple(helper for _, helper in here)) if here else (0, ())

    def _together(self, calls: Sequence[_Call]) -> list[_Call]:
        """Let colleagues come along, as often as the person-visits ask for it, where the unit owes a measure."""
        draw, told = self.draws("together"), self.facts["visits"]
        missing = self.scaled(told["persons"]) - sum(len(call.helpers) for call in calls)
        homes: dict[str, list[int]] = defaultdict(list)
        for n, call in enumerate(calls):
            if call.number == 0 and len(call.helpers) == 1:  # by the first, whose unit owes the measure
                homes[call.household].append(n)
        found = list(calls)
        for household in shuffled(sorted(homes), draw):
            if missing == 0:
                break
            helper = self.stays[household][0].helper
            unit = self.roster.helper(helper).unit
            colleagues = [c.id for c in self.roster.helpers_of(unit) if c.id != helper and c.id not in self.left]
            if helper in self.left or not colleagues:
                continue
            # an audit takes whoever comes along for a stranger, but for one of a unit that owes the household something
            self.lines.append(DutyOpened("unit-measure", household, unit, "measure", on=self.first))
            for n in homes[household][:missing]:
                along = colleagues[int(draw() * len(colleagues))]
                found[n] = calls[n]._replace(helpers=(helper, along))
                missing -= 1
        return found

    def _telephone(self) -> None:
        """Households are rung up in turn, each so many days after the last time."""
        draw, count = self.draws("telephone"), self.scaled(self.facts["visits"]["telephone"])
        homes = shuffled(list(self.stays), draw)
        length = ((self.last - self.first).days + 1) // ceil(count / len(homes))
        for n in range(count):
            household = homes[n % len(homes)]
            after = n // len(homes) * length + int(length * draw())
            day = self.first + timedelta(days=after)
            _, helpers = self._responsible(household, day)
            if not helpers:  # a vacancy: the first day will do
                day = self.first
                _, helpers = self._responsible(household, day)
            self.lines.append(Visited(household, helpers[:1], "telephone", on=day))

    # --- gifts and checks

    def _gifts(self, calls: Sequence[_Call]) -> None:
        """Money and goods are brought along on visits; what is told of one festival is a part of the whole."""
        whole, part = self.facts["gifts"], self.facts["festive_gifts"]
        sums = {name: fen(self.scaled(whole[name])) for name in ("total", "goods")}
        of_part = {name: fen(self.scaled(part[name])) for name in ("total", "goods")}
        days = Span(part["first"], part["last"] + timedelta(days=1))
        inside = [call for call in calls if call.day in days]
        outside = [call for call in calls if call.day not in days]
        several, few = self.scaled(whole["entries"]), self.scaled(part["entries"])
        rest = {name: sums[name] - of_part[name] for name in sums}
        number = 0
        for those, count, yuan in ((inside, few, of_part), (outside, several - few, rest)):
            for aid, total in (("money", yuan["total"] - yuan["goods"]), ("goods", yuan["goods"])):
                draw = self.draws(f"gifts/{number}/{aid}")
                chosen = spread(those, count)
                amounts = parts(total, [2 + int(8 * draw() * draw()) for _ in chosen], 1_000)
                for call, amount in zip(chosen, amounts, strict=True):
                    number += 1
                    pieces, value = (amount, 0) if aid == "money" else (1 + int(4 * draw()), amount)
                    what = "" if aid == "money" else "household goods"
                    self.lines.append(
                        Aided(
                            call.household,
                            call.helpers[0],
                            aid,
                            pieces,
                            what,
                            value,
                            on=call.day,
                            id=f"gift-{number}",
                        )
                    )

    def _checks(self) -> None:
        """Each year a tenth of the households is checked; most are fine."""
        told, ids = self.facts["checks"], list(self.stays)
        for year in range(self.first.year + 1, self.last.year + 1):
            first, last = (date.fromisoformat(f"{year}-{told[at]}") for at in ("first", "last"))
            draw, length = self.draws(f"checks/{year}"), (last - first).days + 1
            for n, pick in enumerate(spot_check(ids, seed=year + 10_000 * self.seed).picks, 1):
                day = first + timedelta(days=int(length * draw()))
                result = "wrong" if n % told["wrong"] == 0 else "fine" if n % told["not_reached"] else "not reached"
                self.lines.append(Checked(pick.household, pick.channel, result, str(year), on=day))
