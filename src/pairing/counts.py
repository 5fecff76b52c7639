"""What is counted of deeds (计数项): the columns of totals, and one row of them.

A sum is one helper's, and adds up over all; an event may be several helpers', and counts once in the group of each; a
union counts which households it was.
"""

from collections.abc import Iterable, Sequence

from pairing.deeds import AID
from pairing.figures import Amount, Distinct, joined_mark
from pairing.results import Cell, Column

__all__ = [
    "AIDED",
    "AID_AT",
    "AT",
    "COLUMNS",
    "CONTACTS",
    "EVENT",
    "HOUSEHOLD_VISITS",
    "PERSON_VISITS",
    "REACHED",
    "SUM",
    "UNION",
    "UNIONS",
    "VALUE",
    "VISITED",
    "VISITS",
    "Count",
    "Row",
    "Seen",
    "is_number",
]

SUM, EVENT, UNION = "sum", "event", "union"
"""How a column counts."""

VISITS = (
    ("person-visits", "person-visits", SUM),
    ("household-visits", "household-visits", EVENT),
    ("households visited", "households", UNION),
    ("contacts", "contacts", EVENT),
    ("households reached", "households", UNION),
)
_GIVEN = {"money": "money given", "project": "projects", "job": "jobs"}
_AID = (
    *((_GIVEN.get(aid, aid), of, SUM) for aid, of in AID.items()),
    ("value of goods", "fen", SUM),
    ("households aided", "households", UNION),
)
_MORE = (
    ("lent", "fen", SUM),
    ("repaid", "fen", SUM),
    ("written off", "fen", SUM),
    ("measures promised", "measures", SUM),
    ("measures kept", "measures", SUM),
    ("measures given up", "measures", SUM),
    ("exits", "households", EVENT),
    ("persons exited", "persons", EVENT),
    ("relapses", "households", EVENT),
    ("handovers", "handovers", SUM),
    ("vacancies", "vacancies", SUM),
    ("checked", "checks", EVENT),
    ("checked wrong", "checks", EVENT),
    ("not reached", "checks", EVENT),
)
COLUMNS = (*VISITS, *_AID, *_MORE)
"""Of each column its name, what its figures count, and how."""
AT = {name: n for n, (name, _, _) in enumerate(COLUMNS)}
PERSON_VISITS, HOUSEHOLD_VISITS, VISITED, CONTACTS, REACHED = range(5)
AID_AT = {aid: AT[_GIVEN.get(aid, aid)] for aid in AID}
VALUE, AIDED = AT["value of goods"], (AT["households aided"],)
UNIONS = tuple(n for n, (_, _, how) in enumerate(COLUMNS) if how == UNION)

Count = tuple[int, int, str]
"""The position of a column, how much of it, and how that is known."""


class Seen:
    """Different households; of those that are counted, not listed, one bit each."""

    __slots__ = ("bits", "ids")

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.bits: dict[str, int] = {}

    def add(self, id: str) -> None:
        """Add a household."""
        if "/" in id:
            village, _, number = id.rpartition("/")
            if is_number(number):
                self.bits[village] = self.bits.get(village, 0) | 1 << int(number)
                return
        self.ids.add(id)

    def merge(self, other: "Seen") -> None:
        """Add all of another."""
        self.ids |= other.ids
        for village, bits in other.bits.items():
            self.merge_bits(village, bits)

    def merge_bits(self, village: str, bits: int) -> None:
        """Add households of a village that are counted, by their bits."""
        self.bits[village] = self.bits.get(village, 0) | bits

    def figure(self, of: str) -> Distinct:
        """Return how many different ones there are."""
        if not self.bits:
            return Distinct.of_members(self.ids, of)
        ids, self.ids = self.ids, set()
        for id in ids:  # of those that are counted some may stand here
            self.add(id)
        return Distinct(len(self.ids) + sum(bits.bit_count() for bits in self.bits.values()), of)


def is_number(text: str) -> bool:
    """Whether a text is the number of a household, written as it is counted: 3, and not 03, which is another id."""
    return len(text) < 7 and text.isascii() and text.isdecimal() and (text[0] != "0" or text == "0")


class Row:
    """What is counted of one group."""

    __slots__ = ("counts", "marks", "seen")

    def __init__(self) -> None:
        self.counts = [0] * len(COLUMNS)
        self.marks: dict[int, str] = {}
        self.seen = {n: Seen() for n in UNIONS}

    def add(self, counts: Iterable[Count]) -> None:
        """Add to the columns."""
        for n, amount, mark in counts:
            self.counts[n] += amount
            if mark != "exact":
                self.marks[n] = joined_mark((mark, self.marks.get(n, mark)))

    def merge(self, other: "Row", counts: bool = True) -> None:
        """Add all of another row; without `counts` its unions alone."""
        if counts:
            self.add([(n, amount, other.marks.get(n, "exact")) for n, amount in enumerate(other.counts) if amount])
        for n, seen in self.seen.items():
            seen.merge(other.seen[n])

    def cells(self, columns: Sequence[Column]) -> list[Cell]:
        """Return the figures, each of the type that its column asks for."""
        found: list[Cell] = []
        for n, (column, (_, of, how)) in enumerate(zip(columns, COLUMNS, strict=True)):
            if how == UNION:
                found.append(self.seen[n].figure(of))
            elif column.over_rows:
                found.append(Amount(self.counts[n], of, self.marks.get(n, "exact")))
            else:
                found.append(Distinct(self.counts[n], of))
        return found
