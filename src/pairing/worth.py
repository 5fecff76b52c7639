"""What pairings come to, in natural numbers; what one thing costs against another; and two plans side by side."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from pairing.errors import key
from pairing.markup import html_list, html_page, html_table, html_text
from pairing.people import Pairing
from pairing.terms import Terms

__all__ = [
    "ORDER",
    "Comparison",
    "Pair",
    "Positions",
    "Price",
    "RoleChange",
    "book_of",
    "compared",
    "counted",
    "listed",
    "phrase",
    "price",
    "worth",
]

Pair = tuple[int, int]

ORDER = "order of households"

_NAMES = {
    "households uncovered": "helpers missing",
    "floors of helpers": "households missing",
    "soft ceilings": "above ceilings in principle",
    "soft floors": "below floors in principle",
    "changes": "changes",
    "pairs": "pairs",
    "loads": "squares of loads",
    "helpers of a household": "squares of helpers",
    "preference": "preference",
}
"""What a place of a cost vector is called where it is counted in natural numbers."""

_PHRASES: Mapping[str, tuple[str, str, str, str]] = {
    # one more, several more, one fewer, several fewer
    "helpers missing": (
        "1 more helper missing",
        "{} more helpers missing",
        "1 helper fewer missing",
        "{} helpers fewer missing",
    ),
    "households missing": (
        "1 more household missing to a helper",
        "{} more households missing to helpers",
        "1 household fewer missing to a helper",
        "{} households fewer missing to helpers",
    ),
    ORDER: (
        "1 household short that comes earlier in the order",
        "{} households short that come earlier in the order",
        "",
        "",
    ),
    "above ceilings in principle": (
        "1 more household above a ceiling in principle",
        "{} more households above ceilings in principle",
        "1 household fewer above a ceiling in principle",
        "{} households fewer above ceilings in principle",
    ),
    "below floors in principle": (
        "1 more household below a floor in principle",
        "{} more households below floors in principle",
        "1 household fewer below a floor in principle",
        "{} households fewer below floors in principle",
    ),
    "changes": ("1 more change", "{} more changes", "1 change fewer", "{} changes fewer"),
    "pairs": ("1 more pair", "{} more pairs", "1 pair fewer", "{} pairs fewer"),
    "squares of loads": (
        "loads of helpers less even (squares 1 more)",
        "loads of helpers less even (squares {} more)",
        "loads of helpers more even (squares 1 less)",
        "loads of helpers more even (squares {} less)",
    ),
    "squares of helpers": (
        "helpers spread less evenly over households (squares 1 more)",
        "helpers spread less evenly over households (squares {} more)",
        "helpers spread more evenly over households (squares 1 less)",
        "helpers spread more evenly over households (squares {} less)",
    ),
    "preference": (
        "preference higher by 1",
        "preference higher by {}",
        "preference lower by 1",
        "preference lower by {}",
    ),
}


def phrase(name: str, more: int) -> str:
    """Return a difference of one value in words.

    >>> phrase("changes", 2), phrase("helpers missing", -1), phrase("preference", -3)
    ('2 more changes', '1 helper fewer missing', 'preference lower by 3')
    """
    one_more, several_more, one_fewer, several_fewer = _PHRASES[name]
    if more > 0:
        return one_more if more == 1 else several_more.format(f"{more:,}")
    return one_fewer if more == -1 else several_fewer.format(f"{-more:,}")


class Positions:
    """Where the people of some terms stand: helpers and households by id, and the role in which a helper serves."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        helpers, households, roles = terms.roster.helpers, terms.roster.households, terms.policy.roles
        role_at = {role: at for at, role in enumerate(roles)}
        self.of_helper: dict[str, tuple[int, int]] = {}
        for place in terms.helper_places:
            at = role_at.get(place.role, -1)
            self.of_helper.update((helpers[n].id, (n, at)) for n in place.members)
        slots = {m for place in terms.slot_places for m in place.members}
        self.of_household = {households[at].id: at * len(roles) for at in {m // len(roles) for m in slots}}

    def pairs(self, pairings: Iterable[Pairing]) -> Iterator[tuple[Pair, str]]:
        """Yield helper and slot of each pairing, with the role that the helper bears; those of others are left out."""
        for pairing in pairings:
            mine, theirs = self.of_helper.get(pairing.helper), self.of_household.get(pairing.household)
            if mine is not None and theirs is not None:
                yield (mine[0], theirs + mine[1]), pairing.role


def book_of(terms: Terms, book: Iterable[Pairing]) -> frozenset[tuple[str, str]]:
    """Return the pairs, as ids, that a book has on the day of the terms."""
    return frozenset((p.helper, p.household) for p in book if p.span is None or terms.on in p.span)


def worth(terms: Terms, pairs: Collection[Pair], book: Collection[tuple[str, str]] = ()) -> dict[str, int]:
    """Return what pairs of helpers and slots come to under some terms, the most important value first.

    A value for each place of the cost vector but the order of households; "changes" only where there is a book to keep
    to.  `book` has its pairs, as ids.
    """
    loads, have = Counter(n for n, _ in pairs), Counter(m for _, m in pairs)
    counts: dict[str, Callable[[], int]] = {
        "helpers missing": lambda: sum(
            max(0, place.quota.floor - have[m]) for place in terms.slot_places for m in place.members
        ),
        "households missing": lambda: sum(
            max(0, place.quota.floor - loads[n])
            for place in terms.helper_places
            if not place.soft
            for n in place.members
        ),
        "above ceilings in principle": lambda: sum(
            max(0, loads[n] - place.quota.ceiling)
            for place in terms.helper_places
            if place.soft and place.quota.ceiling is not None
            for n in place.members
        ),
        "below floors in principle": lambda: sum(
            max(0, place.quota.floor - loads[n]) for place in terms.helper_places if place.soft for n in place.members
        ),
        "changes": lambda: _changes(terms, pairs, book),
        "pairs": lambda: len(pairs),
        "squares of loads": lambda: sum(load * load for load in loads.values()),
        "squares of helpers": lambda: sum(count * count for count in have.values()),
        "preference": lambda: _preference(terms, pairs),
    }
    names = (_NAMES[place] for place in terms.places if place in _NAMES)
    return {name: counts[name]() for name in names if name != "changes" or terms.keeps}


def _changes(terms: Terms, pairs: Collection[Pair], book: Collection[tuple[str, str]]) -> int:
    helpers = terms.roster.helpers
    kept = sum((helpers[n].id, terms.household(m).id) in book for n, m in pairs)
    return len(book) + len(pairs) - 2 * kept


def _preference(terms: Terms, pairs: Iterable[Pair]) -> int:
    """Return the sum of the scores of all pairs that are not locked."""
    if not terms.named and not any(map(any, map(dict.values, terms.links.values()))):
        return 0
    locked = frozenset(terms.locked)
    here = {n: place.home for place in terms.helper_places for n in place.members}
    there = {m: place.home for place in terms.slot_places for m in place.members}
    total = 0
    for n, m in pairs:
        if (n, m) not in locked:
            said = terms.named.get(n, {}).get(m)
            total += said[0] if said else terms.links.get(here[n], {}).get(there[m], 0)
    return total


# --- what one thing costs against another


@frozen(repr=False)
class Price:
    """What it would come to, place by place, if something were otherwise.

    - `differences`: name and difference of each value that changes (see `Plan.values`), the most important first;
      "order of households" counts those that would be short in place of others that come later in the order.
    - `because`: the first value that gets worse; empty when it costs nothing.
    - `short`, `relieved`: ids of the households that would then have fewer helpers missing to their floor, or more.

    >>> print(Price((("pairs", 1), ("preference", -3)), because="pairs"))
    1 more pair, preference lower by 3
    >>> print(Price())
    nothing
    """

    differences: tuple[tuple[str, int], ...] = ()
    because: str = ""
    short: tuple[str, ...] = ()
    relieved: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Price({', '.join(f'{name}: {more:+d}' for name, more in self.differences) or 'nothing'})"

    def __str__(self) -> str:
        if not self.differences:
            return "nothing"
        text = ", ".join(phrase(name, more) for name, more in self.differences)
        return f"{text} ({self.in_place})" if self.short else text

    @property
    def nothing(self) -> bool:
        """Whether it costs nothing at all."""
        return not self.differences

    @property
    def in_place(self) -> str:
        """Who would be short, and in whose place."""
        text = f"short then: {listed(self.short)}"
        return f"{text} in place of {listed(self.relieved)}" if self.relieved else text


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "pair"), counted(2000, "pair")
    ('1 pair', '2,000 pairs')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(ids: Sequence[str], most: int = 3) -> str:
    """Return the first few of some words, and how many more there are.

    >>> listed(["a", "b"]), listed(list("abcdef")), listed([])
    ('a and b', 'a, b, c and 3 more', 'nobody')
    """
    if not ids:
        return "nobody"
    if len(ids) > most:
        return f"{', '.join(ids[:most])} and {len(ids) - most:,} more"
    return " and ".join([", ".join(ids[:-1]), ids[-1]]) if len(ids) > 1 else ids[0]


def price(
    terms: Terms, before: Collection[Pair], after: Collection[Pair], book: Collection[tuple[str, str]] = ()
) -> Price:
    """Return what pairs cost against those that there are, under the same terms."""
    one, other = worth(terms, before, book), worth(terms, after, book)
    more = {name: other[name] - one[name] for name in one}
    short: list[str] = []
    relieved: list[str] = []
    if one["helpers missing"] or other["helpers missing"]:
        had, has = Counter(m for _, m in before), Counter(m for _, m in after)
        for place in terms.slot_places:
            for m in place.members:
                missing = max(0, place.quota.floor - has[m]) - max(0, place.quota.floor - had[m])
                (short if missing > 0 else relieved).extend([terms.household(m).id] * bool(missing))
    names = list(one)
    if short and not more["helpers missing"]:
        names.insert(names.index("helpers missing") + 1, ORDER)
        more[ORDER] = len(set(short))
    differences = tuple((name, more[name]) for name in names if more[name])
    because = next((name for name, change in differences if (change < 0) == (name == "preference")), "")
    return Price(differences, because, tuple(sorted(set(short))), tuple(sorted(set(relieved))))


# --- two plans side by side


@frozen
class RoleChange:
    """A pair that both plans have, in another role.

    >>> RoleChange("c-17", "h-204", "lead", "support")
    RoleChange(helper='c-17', household='h-204', before='lead', after='support')
    """

    helper: str = field(repr=key)
    household: str = field(repr=key)
    before: str
    after: str


@frozen(repr=False)
class Comparison:
    """What is different in one plan, `after`, against another, `before`, and what it bought.

    - `lost`, `new`: pairings that only the first plan has, or only the second.
    - `roles`: pairs that both have, in another role.
    - `helpers_gone`, `helpers_come`, `households_gone`, `households_come`: who takes part in only one, by id.
    - `before`, `after`: the values of both (see `Plan.values`); one of them may have values that the other has not,
      as its policy has other aims.

    An empty comparison is false.
    """

    lost: tuple[Pairing, ...]
    new: tuple[Pairing, ...]
    roles: tuple[RoleChange, ...]
    helpers_gone: tuple[str, ...]
    helpers_come: tuple[str, ...]
    households_gone: tuple[str, ...]
    households_come: tuple[str, ...]
    before: Mapping[str, int] = field(hash=False)
    after: Mapping[str, int] = field(hash=False)

    def __repr__(self) -> str:
        return (
            f"Comparison({len(self.lost)} lost, {len(self.new)} new, {len(self.roles)} in another role: {self.bought})"
        )

    def __bool__(self) -> bool:
        return bool(self.lost or self.new or self.roles or any(ids for _, ids in self._people()) or self.differences)

    @property
    def differences(self) -> tuple[tuple[str, int], ...]:
        """Name and difference of each value that both have and that changes, in the order of the first plan."""
        both = ((name, self.after[name] - value) for name, value in self.before.items() if name in self.after)
        return tuple((name, more) for name, more in both if more)

    @property
    def bought(self) -> str:
        """What it bought, in words."""
        return ", ".join(phrase(name, more) for name, more in self.differences) or "no value changes"

    def _people(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (
            ("helpers who no longer take part", self.helpers_gone),
            ("helpers who take part now", self.helpers_come),
            ("households that no longer take part", self.households_gone),
            ("households that take part now", self.households_come),
        )

    def _rows(self) -> list[tuple[str, str, str]]:
        """The values of both, side by side."""

        def cell(side: Mapping[str, int], name: str) -> str:
            return f"{side[name]:,}" if name in side else "-"

        names = dict.fromkeys([*self.before, *self.after])
        return [(name, cell(self.before, name), cell(self.after, name)) for name in names]

    def _counts(self) -> list[tuple[str, int]]:
        pairs = [("pairs lost", self.lost), ("pairs new", self.new), ("pairs in another role", self.roles)]
        return [
            *((name, len(things)) for name, things in pairs),
            *((name, len(ids)) for name, ids in self._people() if ids),
        ]

    def __str__(self) -> str:
        lines = [f"{name:<38}{count:>12,}" for name, count in self._counts()]
        lines += ["", f"{'':<38}{'before':>12}{'after':>12}"]
        lines += [f"{name:<38}{one:>12}{other:>12}" for name, one, other in self._rows()]
        lines += ["", self.bought, *_changed_lines(self)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        changed = [line.removeprefix("- ") for line in _changed_lines(self)]
        return html_page(
            html_list(f"{name}: {count:,}" for name, count in self._counts()),
            html_table(["", "before", "after"], self._rows()),
            html_text(self.bought),
            html_list(changed, len(changed)),
        )


def _changed_lines(comparison: Comparison, most: int = 20) -> list[str]:
    lines = [f"- lost: {p.helper} with {p.household}, {p.role}" for p in comparison.lost[:most]]
    lines += [f"- new: {p.helper} with {p.household}, {p.role}" for p in comparison.new[:most]]
    lines += [f"- {r.helper} with {r.household}: {r.before}, now {r.after}" for r in comparison.roles[:most]]
    count = len(comparison.lost) + len(comparison.new) + len(comparison.roles)
    shown = lines[:most]
    return shown + ([f"- … and {count - len(shown):,} more"] if count > len(shown) else [])


Side = tuple[Terms, Iterable[Pairing], Mapping[str, int]]
"""A plan to be compared: terms, pairings and values."""


def compared(one: Side, other: Side) -> Comparison:
    """Return what is different in another plan."""
    people, pairings = [], []
    for terms, those, _ in (one, other):
        positions = Positions(terms)
        people.append((positions.of_helper.keys(), positions.of_household.keys()))
        pairings.append({(p.helper, p.household): p for p in those})
    before, after = pairings
    (helpers, households), (other_helpers, other_households) = people
    return Comparison(
        tuple(p for pair, p in before.items() if pair not in after),
        tuple(p for pair, p in after.items() if pair not in before),
        tuple(
            RoleChange(p.helper, p.household, p.role, after[pair].role)
            for pair, p in before.items()
            if pair in after and after[pair].role != p.role
        ),
        tuple(sorted(helpers - other_helpers)),
        tuple(sorted(other_helpers - helpers)),
        tuple(sorted(households - other_households)),
        tuple(sorted(other_households - households)),
        dict(one[2]),
        dict(other[2]),
    )
