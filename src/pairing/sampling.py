"""Spot checks (抽查): an exact, repeatable draw of households, and what may be said of all from what was found.

Households are ranked by SHA-256 (FIPS 180-4) of the seed, a colon and the id, in UTF-8; the first ones are drawn.  So
anybody can draw again, with any tool: the rank of household h-204 under the seed 2016 is the hash of "2016:h-204".
A seed is digits alone, so that no two pairs of seed and id give the same text.

Everything is exact: whole numbers and Fractions, no floats, and no generator of random numbers, whose stream could be
another one in another version.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from heapq import heapify, heapreplace
from math import ceil, comb, lcm
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from pairing.deeds import CHANNELS, RESULTS
from pairing.errors import ArgumentError, Problem, bare, is_identity_number, key, shown
from pairing.quotas import LARGEST

__all__ = [
    "ErrorRate",
    "Outcome",
    "Pick",
    "SpotCheck",
    "Tally",
    "cluster_check",
    "error_rate",
    "outcome",
    "spot_check",
]

BY_CHANNEL: Mapping[str, int] = MappingProxyType({"telephone": 7, "in person": 3})
"""Panjin 2010: of 1,600 households a year 1,120 are asked by telephone and 480 seen at home."""

SEEN: Mapping[str, int] = MappingProxyType({"in person": 1})

POPULATION = 10**9
"""A rate is of at most so many households: what lies above would take minutes."""

_SHOWN_IN_FULL = 50
_ONE = 1 << 128


@frozen
class Pick:
    """One household that is drawn: to be checked through a channel; `cluster` is where it was drawn, "" if in all."""

    household: str = field(repr=key)
    channel: str
    cluster: str = field(default="", repr=key)


@frozen(repr=False)
class SpotCheck:
    """The households that are to be checked; made by `spot_check` or `cluster_check`.

    - `of`: how many households there were to draw from.
    - `picks`: in the order of the draw; where clusters were drawn from, cluster by cluster.
    - `clusters`: each cluster with how many households it has, by its key; () where the draw was from all.
    """

    seed: int
    of: int
    picks: tuple[Pick, ...]
    clusters: tuple[tuple[str, int], ...] = ()

    @property
    def by_channel(self) -> dict[str, int]:
        """How many households are to be checked through each channel that was asked for, in the order of `CHANNELS`."""
        counts = Counter(pick.channel for pick in self.picks)
        return {channel: counts[channel] for channel in CHANNELS if channel in counts}

    @property
    def by_cluster(self) -> dict[str, int]:
        """How many households are drawn in each cluster; {} where the draw was from all."""
        counts = Counter(pick.cluster for pick in self.picks)
        return {cluster: counts[cluster] for cluster, _ in self.clusters}

    def __repr__(self) -> str:
        parts = [f"seed={self.seed}", f"{len(self.picks):,} of {self.of:,}"]
        parts += [f"{channel} {count:,}" for channel, count in self.by_channel.items()]
        if self.clusters:
            parts.append(f"{len(self.clusters):,} clusters")
        return f"SpotCheck({', '.join(parts)})"

    def __str__(self) -> str:
        lines = [f"spot check, seed {self.seed}: {len(self.picks):,} of {self.of:,} households"]
        lines += [f"  {channel} {count:,}" for channel, count in self.by_channel.items()]
        drawn = self.by_cluster
        lines += [f"  {bare(name)}: {drawn[name]:,} of {of:,}" for name, of in self.clusters[:_SHOWN_IN_FULL]]
        if len(self.clusters) > _SHOWN_IN_FULL:
            lines.append(f"  … and {len(self.clusters) - _SHOWN_IN_FULL:,} clusters more, in .by_cluster")
        return "\n".join(lines)


def spot_check(
    households: Iterable[str],
    *,
    seed: int,
    share: Fraction = Fraction(1, 10),
    channels: Mapping[str, int] = BY_CHANNEL,
) -> SpotCheck:
    """Draw an exact share of households, and divide them over channels in proportion to whole-number weights.

    Panjin's yearly check of a tenth of 16,000 households:

    >>> check = spot_check((f"h-{n}" for n in range(16_000)), seed=2016)
    >>> check
    SpotCheck(seed=2016, 1,600 of 16,000, in person 480, telephone 1,120)
    >>> check.picks[0]
    Pick(household='h-2763', channel='telephone', cluster='')

    - A share that is no whole number of households is rounded up, so that never fewer than the share are checked.
    - The order of rows does not matter, and the same seed draws the same on every Python.
    - With the same seed and the same weights a larger share draws the same households first, through the same
      channels, and then more.  Households that come or go leave the order of the others as it is.
    - Each channel is dealt to where it is due most, pick after pick, as Webster's method gives seats: so every first
      part of the draw is divided in proportion too, and nobody who is drawn changes the channel when more are drawn.
    - Of no households none are drawn.

    Raises `ArgumentError` with everything that is wrong: a household twice, or whose id is no text that can be printed
    and has no spaces around it, or is an identity number; a seed that is no whole number; a share that is no Fraction
    above 0 and up to 1; channels that are not of `CHANNELS`, or with a weight that is no whole number from 1.

    Source: Panjin 2010, every year 10% of households are checked, 1,120 by telephone and 480 at home.
    """
    problems = _draw_problems(seed, share, channels)
    if isinstance(households, Mapping):
        message = "wanted the ids of households, got a mapping; households by village are for cluster_check"
        problems.append(Problem("bad-type", message, field="households"))
        ids: list[str] = []
    else:
        ids = _ids(households, "households", set(), problems)
    if problems:
        raise ArgumentError(problems)
    drawn = _ranked(ids, seed)[: ceil(len(ids) * share)]
    return SpotCheck(seed, len(ids), tuple(map(Pick, drawn, _dealt(channels))))


def cluster_check(
    households: Mapping[str, Iterable[str]],
    *,
    seed: int,
    share: Fraction = Fraction(1, 5),
    at_most: int = 200,
    channels: Mapping[str, int] = SEEN,
) -> SpotCheck:
    """Draw an exact share of the households of each cluster, a village for instance, but at most so many of each.

    >>> check = cluster_check({"v": [f"v-{n}" for n in range(62)], "w": [f"w-{n}" for n in range(4_000)]}, seed=2016)
    >>> check, check.by_cluster
    (SpotCheck(seed=2016, 213 of 4,062, in person 213, 2 clusters), {'v': 13, 'w': 200})

    Everything else is as in `spot_check`: the share of each cluster is rounded up, and the channels are dealt over the
    whole draw, cluster by cluster, so that they are in proportion in all.  A household may be in one cluster only.

    Raises `ArgumentError` as `spot_check` does, and for a cap that is no whole number from 1.

    Source: the rules that followed on the four programmes, 20% of each village and at most 200 households.
    """
    problems = _draw_problems(seed, share, channels)
    if type(at_most) is not int or at_most < 1:
        problems.append(Problem("bad-number", f"wanted a whole number from 1, got {shown(at_most)}", field="at_most"))
    ids: dict[str, list[str]] = {}
    if isinstance(households, Mapping):
        seen: set[str] = set()
        for row, (cluster, its) in enumerate(households.items()):
            problem = _id_problem(cluster, "households", row)
            if problem:
                problems.append(problem)
            name = shown(cluster) if problem else key(cluster)
            ids[cluster] = _ids(its, f"households[{name}]", seen, problems)
    else:
        message = f"wanted a mapping of clusters to ids of households, got {shown(households)}"
        problems.append(Problem("bad-type", message, field="households"))
    if problems:
        raise ArgumentError(problems)
    clusters = tuple((cluster, len(ids[cluster])) for cluster in sorted(ids))
    drawn = [
        (household, cluster)
        for cluster, size in clusters
        for household in _ranked(ids[cluster], seed)[: min(at_most, ceil(size * share))]
    ]
    picks = (Pick(id, channel, cluster) for (id, cluster), channel in zip(drawn, _dealt(channels), strict=False))
    return SpotCheck(seed, sum(size for _, size in clusters), tuple(picks), clusters)


def _ranked(ids: Iterable[str], seed: int) -> list[str]:
    return sorted(ids, key=lambda id: (sha256(f"{seed}:{id}".encode()).digest(), id))


def _dealt(channels: Mapping[str, int]) -> Iterator[str]:
    """Yield channels without end, each time the one with the largest weight / (2 × times + 1), as Webster's method."""
    scale = lcm(*channels.values())
    heap = [(scale // channels[name], n, name) for n, name in enumerate(CHANNELS) if name in channels]
    heapify(heap)
    while True:
        due, n, name = heap[0]
        yield name
        heapreplace(heap, (due + 2 * scale // channels[name], n, name))


def _draw_problems(seed: object, share: object, channels: object) -> list[Problem]:
    problems = []
    if type(seed) is not int or abs(seed) >= LARGEST:
        message = f"wanted a whole number of at most 100 digits, got {shown(seed)}"
        problems.append(Problem("bad-number", message, field="seed"))
    if type(share) is not Fraction or not 0 < share <= 1:
        message = f"wanted a Fraction above 0 and up to 1, such as Fraction(1, 10); got {_shown(share)}"
        problems.append(Problem("bad-number", message, field="share"))
    if not isinstance(channels, Mapping):
        message = f"wanted a mapping of channels to weights, got {shown(channels)}"
        problems.append(Problem("bad-type", message, field="channels"))
    elif not channels:
        problems.append(Problem("no-channels", "wanted at least one channel, got none", field="channels"))
    else:
        for row, (channel, weight) in enumerate(channels.items()):
            if channel not in CHANNELS:
                message = f"wanted one of {', '.join(CHANNELS)}; got {shown(channel)}"
                problems.append(Problem("unknown-channel", message, row=row, field="channels"))
            if type(weight) is not int or weight < 1:
                message = f"wanted a whole number from 1 as a weight, got {shown(weight)}"
                problems.append(Problem("bad-number", message, row=row, field="channels"))
    return problems


def _ids(households: Any, where: str, seen: set[str], problems: list[Problem]) -> list[str]:
    """Return ids as a list; what is wrong with them is added to the problems, and what is seen to the seen."""
    if not isinstance(households, Iterable) or isinstance(households, str | bytes):
        message = f"wanted the ids of households, got {shown(households)}"
        problems.append(Problem("bad-type", message, field=where))
        return []
    ids = list(households)
    for row, id in enumerate(ids):
        problem = _id_problem(id, where, row)
        if problem:
            problems.append(problem)
        elif id in seen:
            message = f"wanted each household once, got {key(id)} again"
            problems.append(Problem("duplicate-id", message, row=row, field=where))
        else:
            seen.add(id)
    return ids


def _id_problem(id: object, where: str, row: int) -> Problem | None:
    if not isinstance(id, str) or not id or id != id.strip() or not id.isprintable():
        message = f"wanted a text that can be printed, without spaces around it, got {shown(id)}"
        return Problem("bad-key", message, row=row, field=where)
    if len(id) == 18 and is_identity_number(id):
        return Problem("identity-number", "wanted a key of your own, got an identity number", row=row, field=where)
    return None


def _shown(value: object) -> str:
    return (
        str(value) if type(value) is Fraction and max(abs(value.numerator), value.denominator) < 10**9 else shown(value)
    )


# --- what was found


@frozen
class ErrorRate:
    """So many wrong of so many checked, and between which numbers the wrong ones of all lie; made by `error_rate`.

    >>> print(error_rate(12, 1_600, 16_000))
    12 of 1,600 checked (0.8%); between 65 and 204 of 16,000 at 95%

    `least` and `most` are whole households, `of` is how many there are, and `confidence` how sure that is.
    """

    wrong: int
    checked: int
    of: int
    least: int
    most: int
    confidence: Fraction

    def __str__(self) -> str:
        found = f"{self.wrong:,} of {self.checked:,} checked"
        if self.checked:
            permille = -(-1000 * self.wrong // self.checked)  # rounded up: 0.0% is said of none alone
            permille = min(permille, 999) if self.wrong < self.checked else permille  # and 100.0% of all alone
            found += f" ({permille // 10}.{permille % 10}%)"
        return f"{found}; between {self.least:,} and {self.most:,} of {self.of:,} at {self.percent}"

    @property
    def percent(self) -> str:
        """How sure it is, as a text."""
        return _percent(self.confidence)


def _percent(share: Fraction) -> str:
    """Return a share in percent if three decimal places can say it, and else as a fraction."""
    for places in range(4):
        scaled = 100 * 10**places * share
        if scaled.denominator == 1:
            whole, rest = divmod(scaled.numerator, 10**places)
            return f"{whole}.{rest:0{places}}%" if places else f"{whole}%"
    return str(share)


def error_rate(wrong: int, checked: int, of: int, *, confidence: Fraction = Fraction(95, 100)) -> ErrorRate:
    """Return how many of all are wrong, where so many of those that were checked are: an exact interval.

    It holds for a draw without replacement (hypergeometric).  A number of wrong ones is left out where what was found,
    or less, has no more than half of 1 - `confidence` as its probability; or what was found, or more.  So the interval
    has the true number in it with at least the probability `confidence`, whatever the true number is.

    >>> error_rate(0, 1_600, 16_000)
    ErrorRate(wrong=0, checked=1600, of=16000, least=0, most=34, confidence=Fraction(19, 20))

    Who checks all knows all; who checks nobody knows nothing:

    >>> print(error_rate(3, 40, 40))
    3 of 40 checked (7.5%); between 3 and 3 of 40 at 95%
    >>> print(error_rate(0, 0, 40))
    0 of 0 checked; between 0 and 40 of 40 at 95%

    The time grows about as the square root of `checked`.

    Raises `ArgumentError` with everything that is wrong: a number that is no whole number from 0, more wrong than
    checked, more checked than there are, more than `POPULATION`, a confidence that is no Fraction between 0 and 1.

    Source: Clopper and Pearson 1934 for the idea, "The use of confidence or fiducial limits illustrated in the case
    of the binomial"; Buonaccorsi 1987, "A note on confidence intervals for proportions in finite populations".
    """
    problems = []
    bounds = (("of", of, POPULATION, ""), ("checked", checked, of, "of, "), ("wrong", wrong, checked, "checked, "))
    for name, number, bound, called in bounds:
        top = bound if type(bound) is int and bound >= 0 else POPULATION
        if type(number) is not int or not 0 <= number <= top:
            message = f"wanted a whole number from 0 to {called if top is bound else ''}{top:,}; got {shown(number)}"
            problems.append(Problem("bad-number", message, field=name))
    problems += _confidence_problems(confidence)
    if problems:
        raise ArgumentError(problems)
    return _rate(wrong, checked, of, confidence, confidence)


def _confidence_problems(confidence: object) -> list[Problem]:
    if type(confidence) is Fraction and 0 < confidence < 1:
        return []
    message = f"wanted a Fraction between 0 and 1, such as Fraction(95, 100); got {_shown(confidence)}"
    return [Problem("bad-number", message, field="confidence")]


def _rate(wrong: int, checked: int, of: int, sure: Fraction, confidence: Fraction) -> ErrorRate:
    unlikely = (1 - sure) / 2
    least = of - _most(checked - wrong, checked, of, unlikely)
    return ErrorRate(wrong, checked, of, least, _most(wrong, checked, of, unlikely), confidence)


@lru_cache(maxsize=10_000)
def _most(wrong: int, checked: int, of: int, unlikely: Fraction) -> int:
    """Return with how many wrong ones in all it is still more than unlikely that no more were found: by bisection."""
    low, high = wrong, of - (checked - wrong)
    while low < high:
        middle = (low + high + 1) // 2
        if _is_likelier(wrong, checked, of, middle, unlikely):
            low = middle
        else:
            high = middle - 1
    return low


def _is_likelier(wrong: int, checked: int, of: int, bad: int, unlikely: Fraction) -> bool:
    """Whether at most so many wrong ones are found with more than a probability, if so many of all are bad.

    The terms of the hypergeometric distribution are counted from the largest, which is set to 2^128, to both sides
    until they vanish.  Each is rounded down, and as they fall, the n-th from the largest is too small by n at most.
    So `error` bounds what is missing.  Where that could matter, as the two sides are equal or nearly so, the binomial
    coefficients themselves are added up.
    """
    good = of - bad
    mode = (checked + 1) * (bad + 1) // (of + 2)
    below = whole = steps = 0
    term, k = _ONE, mode
    while term:
        whole += term
        if k <= wrong:
            below += term
        term = term * (bad - k) * (checked - k) // ((k + 1) * (good - checked + k + 1))
        k += 1
        steps += 1
    term, k = _ONE, mode
    while term := term * k * (good - checked + k) // ((bad - k + 1) * (checked - k + 1)):
        k -= 1
        whole += term
        if k <= wrong:
            below += term
        steps += 1
    error = (steps + 1) * (steps + 1 + checked)
    share, out_of = unlikely.numerator, unlikely.denominator
    if below * out_of > share * (whole + error):
        return True
    if (below + error) * out_of <= share * whole:
        return False
    if min(bad, good) < min(checked, of - checked):  # the same probabilities, from smaller numbers
        bad, checked, good = checked, bad, of - checked
    least, most, ways = max(0, checked - good), min(bad, checked), comb(of, checked)
    if wrong - least < most - wrong:
        few = sum(comb(bad, k) * comb(good, checked - k) for k in range(least, wrong + 1))
    else:
        few = ways - sum(comb(bad, k) * comb(good, checked - k) for k in range(wrong + 1, most + 1))
    return few * out_of > share * ways


# --- results


@frozen
class Tally:
    """What became of a part of a draw, or of all of it: the rate of those who were checked, and who is not among them.

    - `drawn`: how many households were to be checked.
    - `not_reached`: how many were tried in vain; they are not in the rate.
    - `waiting`: how many there is no result of yet; they are not in the rate either.
    """

    name: str = field(repr=key)
    drawn: int
    rate: ErrorRate
    not_reached: int

    @property
    def waiting(self) -> int:
        """How many there is no result of yet."""
        return self.drawn - self.rate.checked - self.not_reached

    def __str__(self) -> str:
        return f"{bare(self.name)}: {self.rate}; {self.not_reached:,} not reached, {self.waiting:,} not checked yet"


@frozen(repr=False)
class Outcome:
    """What a spot check has found so far: together, by channel, and by cluster where there are any."""

    together: Tally
    channels: tuple[Tally, ...]
    clusters: tuple[Tally, ...] = ()

    @property
    def by_channel(self) -> dict[str, Tally]:
        """The tally of each channel."""
        return {tally.name: tally for tally in self.channels}

    @property
    def by_cluster(self) -> dict[str, Tally]:
        """The tally of each cluster; {} where the draw was from all."""
        return {tally.name: tally for tally in self.clusters}

    def __repr__(self) -> str:
        return f"Outcome({self.together})"

    def __str__(self) -> str:
        lines = [str(self.together), *(f"  {tally}" for tally in self.channels)]
        lines += [f"  {tally}" for tally in self.clusters[:_SHOWN_IN_FULL]]
        if len(self.clusters) > _SHOWN_IN_FULL:
            lines.append(f"  … and {len(self.clusters) - _SHOWN_IN_FULL:,} clusters more, in .by_cluster")
        return "\n".join(lines)


def outcome(check: SpotCheck, results: Mapping[str, str], *, confidence: Fraction = Fraction(95, 100)) -> Outcome:
    """Return what a spot check has found: `results` gives a household one of `RESULTS`.

    >>> check = spot_check([f"h-{n}" for n in range(100)], seed=2016)
    >>> results = {pick.household: "fine" for pick in check.picks[:8]} | {check.picks[8].household: "not reached"}
    >>> print(outcome(check, results))
    together: 0 of 8 checked (0.0%); between 0 and 35 of 100 at 95%; 1 not reached, 1 not checked yet
      in person: 0 of 2 checked (0.0%); between 0 and 83 of 100 at 95%; 1 not reached, 0 not checked yet
      telephone: 0 of 6 checked (0.0%); between 0 and 44 of 100 at 95%; 0 not reached, 1 not checked yet

    - Whoever was not reached, or not checked yet, is not in the denominator: missing is not right, and is told.
    - The households of a channel are a draw from all, and so each rate is of all; and each holds by itself.
    - The intervals suppose that whoever was not reached is like the others.
    - Where clusters were drawn from, shares differ, and no one draw from all was made.  There the interval of each
      cluster is taken with so much confidence that all hold at once (Bonferroni), and they are added up.  That is
      sure, and wide: for a rate of all, draw from all.

    Raises `ArgumentError` with everything that is wrong: no SpotCheck, no mapping, a household that is not of the
    draw, another result, a confidence that is no Fraction between 0 and 1.
    """
    problems = _confidence_problems(confidence)
    if not isinstance(check, SpotCheck):
        message = f"wanted a SpotCheck, got {shown(check)}"
        problems.append(Problem("bad-type", message, field="check"))
    if not isinstance(results, Mapping):
        message = f"wanted a mapping of households to results, got {shown(results)}"
        problems.append(Problem("bad-type", message, field="results"))
    if isinstance(check, SpotCheck) and isinstance(results, Mapping):
        drawn = {pick.household for pick in check.picks}
        for row, (household, result) in enumerate(results.items()):
            if household not in drawn:
                message = f"wanted a household of the draw, got {shown(household)}"
                problems.append(Problem("not-drawn", message, row=row, field="results"))
            if result not in RESULTS:
                message = f"wanted one of {', '.join(RESULTS)}; got {shown(result)}"
                problems.append(Problem("unknown-result", message, row=row, field="results"))
    if problems:
        raise ArgumentError(problems)
    sizes = dict(check.clusters) or {"": check.of}
    counts = Counter((pick.cluster, pick.channel, results.get(pick.household)) for pick in check.picks)

    def tally(name: str, clusters: Iterable[str], channels: Iterable[str]) -> Tally:
        own = list(channels)
        cells = [(cluster, [(cluster, channel) for channel in own]) for cluster in clusters]
        sure = 1 - (1 - confidence) / max(1, len(cells))
        rates = []
        for cluster, cell in cells:
            wrong = sum(counts[(*at, "wrong")] for at in cell)
            checked = wrong + sum(counts[(*at, "fine")] for at in cell)
            rates.append(_rate(wrong, checked, sizes[cluster], sure, confidence))
        total = ErrorRate(
            sum(rate.wrong for rate in rates),
            sum(rate.checked for rate in rates),
            sum(rate.of for rate in rates),
            sum(rate.least for rate in rates),
            sum(rate.most for rate in rates),
            confidence,
        )
        every = [at for _, cell in cells for at in cell]
        not_reached = sum(counts[(*at, "not reached")] for at in every)
        waiting = sum(counts[(*at, None)] for at in every)
        return Tally(name, total.checked + not_reached + waiting, total, not_reached)

    used = tuple(check.by_channel)
    return Outcome(
        tally("together", sizes, used),
        tuple(tally(channel, sizes, [channel]) for channel in used),
        tuple(tally(cluster, [cluster], used) for cluster, _ in check.clusters),
    )
