"""The stand-alone checker: it accepts every answer, and nothing that is illegal, worse or falsely proved."""

import ast
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairing.certificate
from pairing.certificate import Stance, faults, shortage
from pairing.dates import Span
from pairing.errors import CertificateError
from pairing.matching import Match, match
from pairing.people import Pairing
from pairing.plan import Plan
from pairing.proof import Certificate, Shortfall
from pairing.proposing import pair
from pairing.quotas import Quota
from populations import DAY, Case, Pair, Problem, World, cases, problems, subsets

SMALL = settings(deadline=None, max_examples=80)
SOURCE = Path(pairing.certificate.__file__)
FAR = 10**9
Vector = tuple[int, ...]
Potentials = tuple[Mapping[Any, Vector], Mapping[Any, Vector]]


def solved(problem: Problem) -> Match:
    return match(problem.left, problem.right, problem.weights)


def checked(problem: Problem, potentials: Potentials, pairs: list[tuple[Any, Any]]) -> list[str]:
    """What the checker says of pairs under the potentials, the costs being made here from the problem."""
    sides = []
    for n, quotas in enumerate((problem.left, problem.right)):
        side = {}
        for id, quota in quotas.items():
            partners = sum(pair[n] == id for pair in problem.weights)
            ceiling = partners if quota.ceiling is None else min(partners, quota.ceiling)
            costs = tuple((-1 if k < quota.floor else 0, 0, 0) for k in range(ceiling))
            side[id] = Stance((id,), costs, potentials[n][id])
        sides.append(side)
    links = {((a,), (b,)): (0, -weight, 1) for (a, b), weight in problem.weights.items()}
    return list(faults(sides[0], sides[1], links, pairs))


def potentials_of(found: Match) -> Potentials:
    return found.certificate.left, found.certificate.right


def refused(answer: Match | Plan) -> set[str]:
    """What a refusal says."""
    with pytest.raises(CertificateError) as caught:
        answer.verify()
    assert {problem.code for problem in caught.value.problems} == {"not-proved"}
    return {problem.message for problem in caught.value.problems}


# --- the checker alone


def test_the_checker_imports_nothing_but_the_standard_library() -> None:
    """No line of the checker, at the top or within a function, imports anything of the engine or of others."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add("." * node.level + (node.module or ""))
    assert {"collections", "typing"} <= modules
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"__import__", "importlib", "eval", "exec", "open"}


def test_the_checker_has_eighty_lines_of_code_at_most() -> None:
    """Whoever wants to trust the checker has 80 lines to read, beside comments and docstrings."""
    text = SOURCE.read_text(encoding="utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    prose: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            prose.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    empty = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in empty:
            code.update(range(token.start[0], token.end[0] + 1))
    assert 40 < len(code - prose) <= 80


@settings(deadline=None, max_examples=60)
@given(problems(most=7))
def test_an_answer_is_accepted_if_and_only_if_it_is_legal_and_the_best(problem: Problem) -> None:
    """Under the potentials of the engine every best answer passes, and every other set of pairs fails."""
    potentials = potentials_of(solved(problem))
    best = min(map(problem.value, problem.answers()))
    passed = 0
    for pairs in subsets(problem.weights):
        accepted = not checked(problem, potentials, pairs)
        assert accepted == (problem.legal(pairs) and problem.value(pairs) == best)
        passed += accepted
    assert passed
    event("several best" if passed > 1 else "one best")


@settings(deadline=None, max_examples=150)
@given(problems(), st.data())
def test_no_potentials_prove_a_worse_answer(problem: Problem, data: st.DataObject) -> None:
    """For a legal answer that is not the best, no potentials are a proof, whether moved or of a like problem."""
    best = problem.value(solved(problem).pairs)
    pairs = data.draw(st.sampled_from(list(problem.answers())))
    value = problem.value(pairs)
    assume(value > best)
    like = {pair: weight + data.draw(st.integers(-2, 2)) for pair, weight in problem.weights.items()}
    forced = {pair: 9 * (1 if pair in pairs else -1) for pair in problem.weights}
    for weights in (problem.weights, like, forced):
        left, right = potentials_of(solved(problem._replace(weights=weights)))
        assert checked(problem, (left, right), pairs)
        moves = st.tuples(*[st.integers(-2, 2)] * 3)
        moved = [
            {id: tuple(i + j for i, j in zip(p, data.draw(moves), strict=True)) for id, p in side.items()}
            for side in (left, right)
        ]
        assert checked(problem, (moved[0], moved[1]), pairs)
    event("as many unmet" if value[0] == best[0] else "more unmet")


A, X = Stance("a", ((-1,), (2,)), (0,)), Stance("x", ((0,),), (0,))
FALSE: list[tuple[str, dict[str, Stance], dict[str, Stance], dict[Any, Vector], list[tuple[str, str]], list[str]]] = [
    ("right", {"a": A}, {"x": X}, {("a", "x"): (0,)}, [("a", "x")], []),
    (
        "twice",
        {"a": A._replace(potential=(2,))},
        {"x": X._replace(costs=((0,), (0,)))},
        {("a", "x"): (-9,)},
        [("a", "x")] * 2,
        ["a pair is taken twice", "a pair is left out, though the proof says that it has to be taken"],
    ),
    (
        "beyond the ceilings",
        {"a": A._replace(costs=())},
        {"x": X._replace(costs=())},
        {("a", "x"): (0,)},
        [("a", "x")],
        ["'a': 1 partners, at most 0 allowed", "'x': 1 partners, at most 0 allowed"],
    ),
    (
        "not allowed",
        {"a": A},
        {"x": X},
        {("a", "z"): (0,)},
        [("a", "x")],
        ["('a', 'x'): not an allowed pair"],
    ),
    (
        "with a stranger",
        {"a": A},
        {"x": X},
        {("b", "x"): (0,)},
        [("b", "x")],
        ["'a': the cost of the next partner lies below its potential", "('b', 'x'): not an allowed pair"],
    ),
    (
        "the last partner of the left is too dear",
        {"a": A._replace(potential=(-2,))},
        {"x": X},
        {("a", "x"): (0,)},
        [("a", "x")],
        ["'a': the cost of the last partner lies above its potential"],
    ),
    (
        "the next partner of the left is too cheap",
        {"a": A._replace(potential=(3,))},
        {"x": X},
        {("a", "x"): (-9,)},
        [("a", "x")],
        ["'a': the cost of the next partner lies below its potential"],
    ),
    (
        "the last partner of the right is too dear",
        {"a": A},
        {"x": X._replace(potential=(1,))},
        {("a", "x"): (0,)},
        [("a", "x")],
        ["'x': the cost of the last partner lies above its potential"],
    ),
    (
        "the next partner of the right is too cheap",
        {"a": A._replace(potential=(-1,))},
        {"x": X._replace(potential=(-1,))},
        {("a", "x"): (9,)},
        [],
        ["'x': the cost of the next partner lies below its potential"],
    ),
    (
        "a pair is too dear",
        {"a": A},
        {"x": X},
        {("a", "x"): (1,)},
        [("a", "x")],
        ["('a', 'x'): taken, though the proof says that it costs too much"],
    ),
    (
        "a pair must be taken",
        {"a": A._replace(potential=(-1,))},
        {"x": X},
        {("a", "x"): (0,)},
        [],
        ["a pair is left out, though the proof says that it has to be taken"],
    ),
    (
        "vectors of several lengths",
        {"a": A._replace(potential=(0, 0))},
        {"x": X},
        {("a", "x"): (0,)},
        [("a", "x")],
        ["wanted vectors of integers, all of one length"],
    ),
    (
        "numbers that are not whole",
        {"a": A._replace(potential=(0.0,))},  # type: ignore[arg-type]
        {"x": X},
        {("a", "x"): (0,)},
        [("a", "x")],
        ["wanted vectors of integers, all of one length"],
    ),
    (
        "falling costs",
        {"a": A._replace(costs=((0,), (-1,)))},
        {"x": X},
        {("a", "x"): (0,)},
        [("a", "x")],
        ["wanted costs that never fall", "'a': the cost of the next partner lies below its potential"],
    ),
]


@pytest.mark.parametrize(
    ("left", "right", "links", "pairs", "wrong"), [case[1:] for case in FALSE], ids=[case[0] for case in FALSE]
)
def test_each_fault_is_told(
    left: dict[str, Stance],
    right: dict[str, Stance],
    links: dict[Any, Vector],
    pairs: list[tuple[str, str]],
    wrong: list[str],
) -> None:
    """Each condition has a sentence of its own, and fails on its own."""
    assert list(faults(left, right, links, pairs)) == wrong


def test_a_link_between_homes_allows_all_their_people() -> None:
    """People who share a home share its links: what is left out among them is counted for each pair of persons."""
    left = {n: Stance("u", ((0,),), (0,)) for n in range(2)}
    right = {n: Stance("v", ((0,),), (0,)) for n in range(2)}
    links = {("u", "v"): (-1,)}
    told = ["a pair is left out, though the proof says that it has to be taken"]
    assert list(faults(left, right, links, [(0, 0), (1, 1)])) == told
    tight = {n: stance._replace(potential=(1,)) for n, stance in left.items()}
    assert list(faults(tight, right, links, [(0, 0), (1, 1)])) == []
    assert list(faults(tight, right, links, [(0, 1), (1, 0)])) == []
    assert list(faults(tight, right, links, [(0, 1)])) == [
        "1: the cost of the next partner lies below its potential",
    ]


def test_a_shortage_counts_ceilings_and_pairs_apart() -> None:
    """What is proved missing is the floors, less the ceilings of those who hold, less a pair with everybody else."""
    needing = {"x": ("v", 3), "y": ("v", 2), "z": ("w", 1)}
    others = {"ann": "u", "bo": "u", "cy": "t"}
    links = {("v", "u"), ("w", "t")}
    assert shortage(needing, {}, others, links) == 6 - (2 * 2 + 1)
    assert shortage(needing, {"ann": 1}, others, links) == 6 - 1 - (2 * 1 + 1)
    assert shortage(needing, {"ann": 1, "bo": 0, "cy": 0}, others, links) == 6 - 1
    assert shortage({}, {}, others, links) == 0


# --- Match.verify


@settings(deadline=None, max_examples=150)
@given(problems(sizes=5, most=16))
def test_every_match_is_accepted(problem: Problem) -> None:
    """Whatever `match` answers, its proof holds."""
    assert solved(problem).verify() is True


def honest(found: Match, problem: Problem, pairs: list[tuple[Any, Any]]) -> Match:
    """The match with other pairs, and with weight and unmet as they then are."""
    unmet, lost, _ = problem.value(pairs)
    return attrs.evolve(found, pairs=tuple(pairs), weight=-lost, unmet=unmet)


@settings(deadline=None, max_examples=60)
@given(problems(most=7))
def test_a_match_with_other_pairs_is_refused(problem: Problem) -> None:
    """Among all sets of pairs, each with its true figures, only the best pass that leave the same people short."""
    found = solved(problem)
    best, short = problem.value(found.pairs), problem.unmet(found.pairs)
    for pairs in subsets(problem.weights):
        other = honest(found, problem, pairs)
        if problem.legal(pairs) and problem.value(pairs) == best and problem.unmet(pairs) == short:
            assert other.verify()
        else:
            refused(other)


@SMALL
@given(problems(), st.data())
def test_a_match_with_a_pair_too_many_is_refused(problem: Problem, data: st.DataObject) -> None:
    """A pair twice, a pair that is not allowed and a pair of strangers are each told."""
    found = solved(problem)
    strange = data.draw(st.sampled_from([(0, 0), (1, 1), ("nobody", 1), (0, "no one"), (1, 0)]))
    told = refused(attrs.evolve(found, pairs=(*found.pairs, strange)))
    assert f"({strange[0]!r}, {strange[1]!r}): not an allowed pair" in told
    assume(found.pairs)
    twice = data.draw(st.sampled_from(found.pairs))
    assert "a pair is taken twice" in refused(attrs.evolve(found, pairs=(*found.pairs, twice)))


def altered(certificate: Certificate, side: str, potentials: Mapping[Any, Vector]) -> Certificate:
    """The certificate with other potentials on one side."""
    changes: dict[str, Any] = {side: potentials}
    return attrs.evolve(certificate, **changes)


def untrue(ids: Mapping[Any, Vector], degree: Mapping[Any, int], sign: int) -> Iterator[dict[Any, Vector]]:
    """Yield potentials of which one is so far off that its own condition fails, whatever the others are."""
    for id, potential in ids.items():
        direction = -sign if degree[id] else sign
        yield {**ids, id: (potential[0] + direction * FAR, *potential[1:])}


@SMALL
@given(problems())
def test_a_match_with_false_potentials_is_refused(problem: Problem) -> None:
    """One potential that is off, or missing, or of nobody, and the proof falls."""
    found = solved(problem)
    certificate = found.certificate
    assert refused(attrs.evolve(found, certificate=attrs.evolve(certificate, left={}))) == {
        "wanted a potential for every id"
    }
    extra = {**certificate.right, "nobody": (0, 0, 0)}
    assert refused(attrs.evolve(found, certificate=attrs.evolve(certificate, right=extra))) == {
        "wanted a potential for every id"
    }
    known = {n: {pair[n] for pair in problem.weights} for n in (0, 1)}
    for n, side, sign in ((0, "left", 1), (1, "right", -1)):
        degree = Counter(pair[n] for pair in found.pairs)
        mine: Mapping[Any, Vector] = getattr(certificate, side)
        quotas = (problem.left, problem.right)[n]
        bound = {id: p for id, p in mine.items() if id in known[n] and quotas[id].ceiling != 0}
        for potentials in untrue(bound, degree, sign):
            refused(attrs.evolve(found, certificate=altered(certificate, side, {**mine, **potentials})))
        event(f"{side}: {len(bound)} altered")


@SMALL
@given(problems(), st.integers(-3, 3).filter(bool))
def test_a_match_with_false_figures_is_refused(problem: Problem, by: int) -> None:
    """The weight and the unmet floors are counted anew, and the shortfalls are held against who is short."""
    found = solved(problem)
    assert refused(attrs.evolve(found, weight=found.weight + by)) == {
        "the weight is not the sum of the weights of the pairs"
    }
    assert refused(attrs.evolve(found, unmet=found.unmet + by)) == {
        "unmet is not the sum of the floors that are not met"
    }
    invented = Shortfall("left", ((0, 1),), 1, 1, 0, (0,), ())
    assert "the shortfalls do not name exactly those who are short" in refused(
        attrs.evolve(found, shortfalls=(*found.shortfalls, invented))
    )


def falsified(shortfall: Shortfall) -> Iterator[Shortfall]:
    """Yield the shortfall with one figure, or one set, that is no longer true."""
    for name in ("missing", "wanted", "available", "apart", "unlinked"):
        for by in (-1, 1):
            yield attrs.evolve(shortfall, **{name: getattr(shortfall, name) + by})
    yield attrs.evolve(shortfall, missing=shortfall.missing + 1, wanted=shortfall.wanted + 1)
    yield attrs.evolve(shortfall, missing=shortfall.missing + 1, available=shortfall.available - 1)
    (id, count), *rest = shortfall.short
    yield attrs.evolve(shortfall, short=tuple(rest))
    yield attrs.evolve(shortfall, short=((id, count + 1), *rest))
    yield attrs.evolve(shortfall, short=(*shortfall.short, shortfall.short[0]))
    yield attrs.evolve(shortfall, needing=tuple(needing for needing in shortfall.needing if needing != id))
    yield attrs.evolve(shortfall, needing=(*shortfall.needing, "nobody"))
    yield attrs.evolve(shortfall, holding=(*shortfall.holding, "no one"))
    yield attrs.evolve(shortfall, side={"left": "right", "right": "left"}.get(shortfall.side, "left"))


@settings(deadline=None, max_examples=80)
@given(problems(sizes=5, most=14))
def test_a_match_with_a_false_shortfall_is_refused(problem: Problem) -> None:
    """A shortfall with a figure or a set altered, left out, or told twice proves nothing."""
    found = solved(problem)
    assume(found.shortfalls)
    for n, shortfall in enumerate(found.shortfalls):
        others = found.shortfalls[:n] + found.shortfalls[n + 1 :]
        for false in falsified(shortfall):
            refused(attrs.evolve(found, shortfalls=(*others, false)))
        refused(attrs.evolve(found, shortfalls=others))
        refused(attrs.evolve(found, shortfalls=(*found.shortfalls, shortfall)))
        for m, holder in enumerate(shortfall.holding):
            fewer = attrs.evolve(shortfall, holding=shortfall.holding[:m] + shortfall.holding[m + 1 :])
            mine = 0 if shortfall.side == "left" else 1
            quota = (problem.left, problem.right)[1 - mine][holder]
            links = sum(p[1 - mine] == holder and p[mine] in shortfall.needing for p in problem.weights)
            partners = sum(p[1 - mine] == holder for p in problem.weights)
            if links != (partners if quota.ceiling is None else min(quota.ceiling, partners)):
                refused(attrs.evolve(found, shortfalls=(*others, fewer)))
                event("a holder left out")


def test_a_refusal_names_every_fault() -> None:
    """All that is wrong is told at once, each fault in a sentence of its own."""
    found = match({"a": Quota(0, 1)}, {"x": Quota(1, 1), "y": Quota(1, 1)}, {("a", "x"): 2, ("a", "y"): 1})
    false = attrs.evolve(found, pairs=(("a", "x"), ("a", "y"), ("a", "z")), weight=1, unmet=7, shortfalls=())
    with pytest.raises(CertificateError) as caught:
        false.verify()
    assert str(caught.value) == (
        "certificate: 5 problems\n"
        "'a': 3 partners, at most 1 allowed [not-proved]\n"
        "('a', 'y'): taken, though the proof says that it costs too much [not-proved]\n"
        "('a', 'z'): not an allowed pair [not-proved]\n"
        "the weight is not the sum of the weights of the pairs [not-proved]\n"
        "unmet is not the sum of the floors that are not met [not-proved]"
    )


# --- Plan.verify


def planned(case: Case) -> tuple[World, Plan]:
    return World(*case), pair(case.policy, case.roster, on=DAY, book=case.book)


def with_pairs(world: World, plan: Plan, pairs: list[Pair]) -> Plan:
    """The plan with other pairs, their roles as the policy says."""
    seen: set[tuple[str, str]] = set()
    pairings = []
    for helper, slot in sorted(pairs):
        spans = (world.roster.helper(helper).service, world.roster.household(slot[0]).registered)
        end = min((span.end for span in spans if span and span.end), default=None)
        role = world.policy.others(slot[1]) if slot in seen else slot[1]
        pairings.append(Pairing(helper, slot[0], role, Span(DAY, end)))
        seen.add(slot)
    return attrs.evolve(plan, pairings=tuple(pairings))


@settings(deadline=None, max_examples=80)
@given(cases())
def test_every_plan_is_accepted(case: Case) -> None:
    """Whatever `pair` proposes, its proof holds."""
    assert pair(case.policy, case.roster, on=DAY).verify() is True


@settings(deadline=None, max_examples=60)
@given(cases(largest=3))
def test_a_plan_with_other_pairs_is_refused(case: Case) -> None:
    """Among all sets of pairs, only those pass that are legal, worth as much in every aim, and leave the same short."""
    world, plan = planned(case)
    assume(1 < len(world.free) <= 7)
    best, short = world.value(world.pairs(plan)), world.unmet(world.pairs(plan))
    passed = 0
    for free in subsets(world.free):
        pairs = [*world.locked, *free]
        other = with_pairs(world, plan, pairs)
        if world.legal(pairs) and world.value(pairs) == best and world.unmet(pairs) == short:
            assert other.verify()
            passed += 1
        else:
            refused(other)
    assert passed
    event("locked" if world.locked else "none locked")
    event("short" if plan.shortfalls else "none short")


@SMALL
@given(cases(), st.data())
def test_a_plan_that_breaks_a_rule_is_refused(case: Case, data: st.DataObject) -> None:
    """A locked pair left out, a pair twice, a stranger, a pair outside the links or excluded, a role too many."""
    world, plan = planned(case)
    assume(plan.pairings)
    taken = data.draw(st.sampled_from(plan.pairings))
    rest = tuple(pairing for pairing in plan.pairings if pairing != taken)
    refused(attrs.evolve(plan, pairings=(*plan.pairings, taken)))
    stranger = attrs.evolve(taken, helper="nobody")
    assert refused(attrs.evolve(plan, pairings=(*rest, stranger))) == {"1 pairings are of people who do not take part"}
    misnamed = attrs.evolve(taken, role="chief")
    assert any("are not as the policy says" in told for told in refused(attrs.evolve(plan, pairings=(*rest, misnamed))))
    span = data.draw(st.sampled_from([None, Span(date(2011, 1, 1)), Span(DAY, date(2012, 2, 10))]))
    assert refused(attrs.evolve(plan, pairings=(*rest, attrs.evolve(taken, span=span)))) == {
        "the spans of 1 pairings are not from the day to the end of service or registration"
    }
    for helper, slot in world.locked:
        fewer = tuple(p for p in plan.pairings if (p.helper, p.household) != (helper, slot[0]))
        assert "a locked pair is missing" in refused(attrs.evolve(plan, pairings=fewer))
        event("locked")
    outside = [
        (helper, slot)
        for helper, terms in world.helpers.items()
        for slot in world.slots
        if terms.role == slot[1] and (helper, slot) not in world.free and (helper, slot) not in world.locked
    ]
    for helper, slot in outside[:5]:
        told = refused(attrs.evolve(plan, pairings=(*plan.pairings, Pairing(helper, slot[0], slot[1]))))
        assert any("not an allowed pair" in text for text in told)
        event("excluded" if (helper, slot) in world.excluded else "outside the links")


@SMALL
@given(cases(), st.data())
def test_a_plan_with_false_potentials_is_refused(case: Case, data: st.DataObject) -> None:
    """One potential that is off, or missing, or aims in another order, and the proof falls."""
    world, plan = planned(case)
    certificate = plan.certificate
    places = certificate.places[::-1]
    assert refused(attrs.evolve(plan, certificate=attrs.evolve(certificate, places=places))) == {
        "the potentials are for other aims"
    }
    assume(world.helpers and world.free)
    assert refused(attrs.evolve(plan, certificate=attrs.evolve(certificate, left={}))) == {
        "wanted a potential for everybody"
    }
    pairs = set(world.pairs(plan)) - set(world.locked)

    def household_at(slot: int) -> str:
        return case.roster.households[slot // len(case.policy.roles)].id

    sides: list[tuple[str, Any, int, Any]] = [
        ("left", plan.terms.helper_places, 1, lambda place: case.roster.helpers[place.members[0]].id),
        ("right", plan.terms.slot_places, -1, lambda place: (household_at(place.members[0]), place.role)),
    ]
    for side, places, sign, id in sides:
        at = data.draw(st.sampled_from(range(len(places))))
        if not places[at].room:
            continue
        member = id(places[at])
        degree = sum(member in pair for pair in pairs)
        mine: Mapping[int, Vector] = getattr(certificate, side)
        moved = (mine[at][0] + FAR * (-sign if degree else sign), *mine[at][1:])
        refused(attrs.evolve(plan, certificate=altered(certificate, side, {**mine, at: moved})))
        event(f"{side} altered")


@settings(deadline=None, max_examples=80)
@given(cases())
def test_a_plan_with_a_false_shortfall_is_refused(case: Case) -> None:
    """A shortfall with a figure or a set altered, left out, told twice or invented proves nothing."""
    world, plan = planned(case)
    for n, shortfall in enumerate(plan.shortfalls):
        others = plan.shortfalls[:n] + plan.shortfalls[n + 1 :]
        swapped = {"helpers": "households", "households": "helpers"}[shortfall.side]
        for false in falsified(shortfall):
            if false.side == "left":
                false = attrs.evolve(false, side=swapped)  # noqa: PLW2901
            refused(attrs.evolve(plan, shortfalls=(*others, false)))
        for role in ("nobody's", *(role for role in case.policy.roles if role != shortfall.role)):
            refused(attrs.evolve(plan, shortfalls=(*others, attrs.evolve(shortfall, role=role))))
        refused(attrs.evolve(plan, shortfalls=others))
        refused(attrs.evolve(plan, shortfalls=(*plan.shortfalls, shortfall)))
        event(shortfall.side)
    short = world.unmet(world.pairs(plan))["helpers"]
    for id in sorted(world.helpers.keys() - short.keys())[:2]:
        invented = Shortfall("helpers", ((id, 1),), 1, 1, 0, (id,), ())
        told = refused(attrs.evolve(plan, shortfalls=(*plan.shortfalls, invented)))
        assert "the shortfalls do not name exactly the helpers that are short" in told
