"""The register by example: what it refuses and in which words, what it shows and what it never shows."""

import ast
import copy
import pickle
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from books import KINDS
from pairing import funds as funds_module
from pairing import histories as histories_module
from pairing import register as register_module
from pairing.dates import Span
from pairing.deeds import (
    OBSERVED,
    Aided,
    Checked,
    Lent,
    Observed,
    PaidIn,
    PaidOut,
    Repaid,
    Visited,
    WrittenOff,
)
from pairing.entries import (
    DEEPEST,
    Change,
    Correction,
    Death,
    Departure,
    Dissolution,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Merger,
    Move,
    Offer,
    Paired,
    RankChange,
    Recovery,
    Refill,
    Relapse,
    Released,
    Renaming,
    Retirement,
    Return,
    Split,
    Step,
    StruckOff,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import ArgumentError, RegisterError
from pairing.histories import OpenDuty, Vacancy
from pairing.people import Pairing
from pairing.register import History, Register, Stretch

WARD = "11010519491231002X"
"""A valid identity number."""
NAME = "王小明"


def d(n: int) -> date:
    return date(2012, 3, n)


def chain(entry: Entry, corrections: int) -> Entry:
    for _ in range(corrections):
        entry = Correction(entry, "x")
    return entry


ANN = Paired("ann", "h1", on=d(1))
START = Register().record(ANN)
TAKEN = START.record(Correction(ANN, "x"))
OWED = START.record(DutyOpened("r", "h1", "ann", "revisit", on=d(2)))
FUND = START.record(PaidIn("city", 500, on=d(1)))
LOAN = FUND.record(Lent("l", "h1", "bo", 300, "city", d(9), on=d(3)))
BACK = LOAN.record(Repaid("l", "h1", 200, on=d(5))).record(Lent("m", "h2", "bo", 400, "city", on=d(5)))


def release(**more: Any) -> Released:
    return Released("ann", "h1", NAME, on=d(9), **more)


REFUSED = [
    pytest.param(START, ("ann",), ("entries, row 0: wanted an entry to record, got 'ann' [bad-type]"), id="bad-type"),
    pytest.param(
        START,
        (Refill("h1", on=d(1)),),
        ("entries, row 0: wanted an entry to record, got a value of type Refill [bad-type]"),
        id="bad-type: a relay's",
    ),
    pytest.param(
        START,
        (Change(on=d(1)),),
        ("entries, row 0: wanted an entry to record, got a value of type Change [bad-type]"),
        id="bad-type: class",
    ),
    pytest.param(
        START,
        (Released("ann", "h1", "", on=d(5)),),
        ("entries, row 0, reason: wanted a text, got nothing [bad-type]"),
        id="bad-type: field",
    ),
    pytest.param(
        START,
        (Paired("bo", "h1", on="2012-03-01"),),  # type: ignore[arg-type]
        ("entries, row 0, on: wanted a datetime.date, got '2012-03-01' [bad-date]"),
        id="bad-date",
    ),
    pytest.param(
        START,
        (Leave("bo", datetime(2012, 3, 1), on=d(1)),),
        ("entries, row 0, until: wanted a datetime.date or None, got a value of type datetime [bad-date]"),
        id="bad-date: until",
    ),
    pytest.param(
        START,
        (Paired(" bo", "h1", on=d(1)),),
        ("entries, row 0, helper: wanted a text without spaces around it, got text of 3 characters [bad-key]"),
        id="bad-key",
    ),
    pytest.param(
        START,
        (VacancyClosed("h1", "bo", on=d(1)),),
        ("entries, row 0, takers: wanted texts without spaces around them, got 'bo' [bad-key]"),
        id="bad-key several",
    ),
    pytest.param(
        START,
        (Offer("bo", "", on=d(1)),),
        ("entries, row 0, household: wanted a text without spaces around it, or None, got nothing [bad-key]"),
        id="bad-key optional",
    ),
    pytest.param(
        START,
        (Paired(WARD, "h1", on=d(1)),),
        ("entries, row 0, helper: wanted a key of your own, got an identity number [identity-number]"),
        id="identity-number",
    ),
    pytest.param(
        START,
        (Visited("h1", ["ann"], "fax", on=d(2)),),
        (
            "entries, row 0, channel: wanted one of in person, telephone, message, letter, card, "
            "leaflet; got 'fax' [unknown-word]"
        ),
        id="unknown-word",
    ),
    pytest.param(
        START,
        (DutyOpened("r", "h1", "ann", WARD, on=d(2)),),
        ("entries, row 0, what: wanted one of revisit, guarantee, measure; got text of 18 characters [unknown-word]"),
        id="unknown-word hidden",
    ),
    pytest.param(
        START,
        (Aided("h1", "ann", "alms", 5, on=d(2)),),
        (
            "entries, row 0, aid: wanted one of money, food, materials, clothing, goods, housing, treatment, project, "
            "job, schooling; got 'alms' [unknown-word]"
        ),
        id="unknown-word: aid",
    ),
    pytest.param(
        START,
        (Observed("h1", "fortune", 5, on=d(2)), Checked("h1", "letter", "so-so", on=d(2))),
        (
            "register: 2 problems\n"
            "entries, row 0, what: wanted one of income, debt, persons; got 'fortune' [unknown-word]\n"
            "entries, row 1, result: wanted one of fine, wrong, not reached; got 'so-so' [unknown-word]"
        ),
        id="unknown-word: observed, checked",
    ),
    pytest.param(
        START,
        (Aided("h1", "ann", "money", 0, on=d(2)),),
        ("entries, row 0, amount: wanted a whole number from 1, got 0 [bad-number]"),
        id="bad-number",
    ),
    pytest.param(
        START,
        (PaidIn("city", 12.5, on=d(2)), PaidIn("city", int(WARD[:-1]), on=d(2)), PaidIn("city", WARD, on=d(2))),  # type: ignore[arg-type]
        (
            "register: 2 problems\n"
            "entries, row 0, amount: wanted a whole number from 1, got 12.5 [bad-number]\n"
            "entries, row 2, amount: wanted a whole number from 1, got text of 18 characters [bad-number]"
        ),
        id="bad-number: no whole one",
    ),
    pytest.param(
        START,
        (
            Observed("h1", "debt", True, on=d(2)),
            Observed("h1", "debt", -1, on=d(2)),
            Observed("h1", "debt", 0, on=d(2)),
        ),
        (
            "register: 2 problems\n"
            "entries, row 0, amount: wanted a whole number from 0, got True [bad-number]\n"
            "entries, row 1, amount: wanted a whole number from 0, got -1 [bad-number]"
        ),
        id="bad-number: from 0",
    ),
    pytest.param(
        OWED,
        (DutyClosed("r", "h1", "x", 1, on=d(5)),),  # type: ignore[arg-type]
        ("entries, row 0, kept: wanted True or False, got 1 [bad-type]"),
        id="bad-type: flag",
    ),
    pytest.param(
        START,
        (Visited("h1", [], on=d(2)),),
        ("entries, row 0, helpers: wanted one helper at least, got none [bad-visit]"),
        id="bad-visit",
    ),
    pytest.param(
        START,
        (chain(ANN, DEEPEST + 1),),
        ("entries, row 0, of: wanted at most 50 corrections one upon the other, got more [too-deep]"),
        id="too-deep",
    ),
    pytest.param(
        START,
        (Correction(Paired("bo", "h1", on=d(1)), "x"),),
        ("entries, row 0, of: wanted an entry of the register to be corrected, got one that it lacks [not-recorded]"),
        id="not-recorded",
    ),
    pytest.param(
        START,
        (Paired("bo", "h1", on=d(1)), Correction(Paired("bo", "h1", on=d(1)), "x")),
        ("entries, row 1, of: wanted an entry of an earlier batch to be corrected, got one of this [not-recorded]"),
        id="not-recorded: same batch",
    ),
    pytest.param(
        START,
        (Correction("bo", "x"),),  # type: ignore[arg-type]
        ("entries, row 0, of: wanted an entry of the register to be corrected, got what is none [not-recorded]"),
        id="not-recorded: none",
    ),
    pytest.param(
        START,
        (Visited("h1", ["ann"], on=d(2), id="v"), Visited("h2", ["ann"], on=d(2), id="v")),
        ("entries, row 1, id: wanted the entry that has the id 'v' already, got another [other-body]"),
        id="other-body",
    ),
    pytest.param(
        TAKEN,
        (ANN,),
        (
            "entries, row 0: wanted an entry that is not taken back, got that of position 0; take the "
            "correction back, or give the entry an id of its own [taken-back]"
        ),
        id="taken-back: entry",
    ),
    pytest.param(
        TAKEN,
        (Correction(ANN, "y"),),
        ("entries, row 0, of: wanted an entry that counts, got that of position 0 [taken-back]"),
        id="taken-back: correction",
    ),
    pytest.param(
        START,
        (Correction(ANN, "x"), Correction(ANN, "y")),
        ("entries, row 1, of: wanted one correction of an entry, got another in row 0 [taken-back]"),
        id="taken-back: twice",
    ),
    pytest.param(
        START,
        (Paired("ann", "h1", on=d(5)),),
        (
            "entries, row 0: household 'h1', helper 'ann': wanted a start while not responsible as "
            "'lead', got 2012-03-05, responsible since 2012-03-01 [overlap]"
        ),
        id="overlap",
    ),
    pytest.param(
        START,
        (HandedOver("h1", "bo", ["cy"], on=d(5)),),
        (
            "entries, row 0: household 'h1', helper 'bo': wanted an end after a start as 'lead', got "
            "2012-03-05, not responsible [not-responsible]"
        ),
        id="not-responsible",
    ),
    pytest.param(
        START,
        (HandedOver("h1", "ann", ["cy"], on=d(1)),),
        (
            "entries, row 0: household 'h1', helper 'ann': wanted an end after a start as 'lead', got "
            "2012-03-01, not responsible [not-responsible]"
        ),
        id="not-responsible: since",
    ),
    pytest.param(
        START,
        (Paired("bo", "h1", on=d(3)), HandedOver("h1", "bo", ["cy"], until=d(5), on=d(2))),
        (
            "entries, row 0: household 'h1', helper 'bo': wanted an end after a start as 'lead', got "
            "2012-03-02, since 2012-03-03 [not-responsible]"
        ),
        id="not-responsible: until",
    ),
    pytest.param(
        START,
        (HandedOver("h1", "ann", ["bo"], until=d(5), on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted the giver to stay on after 2012-03-05, got until "
            "2012-03-05 [empty-span]"
        ),
        id="empty-span",
    ),
    pytest.param(
        START,
        (HandedOver("h1", "ann", ["bo", "bo"], on=d(5)),),
        (
            "register: 2 problems\n"
            "entries, row 0: household 'h1', helper 'bo': wanted a start while not responsible as "
            "'lead', got 2012-03-05, responsible since 2012-03-05 [overlap]\n"
            "entries, row 0: household 'h1': wanted takers who are different people, and not the giver, "
            "on 2012-03-05 [bad-takers]"
        ),
        id="bad-takers",
    ),
    pytest.param(
        START,
        (HandedOver("h1", "ann", [], on=d(5)),),
        (
            "register: 2 problems\n"
            "entries, row 0: household 'h1': wanted one taker at least on 2012-03-05, got none "
            "[bad-takers]\n"
            "entries, row 0: household 'h1': wanted a helper or a vacancy from 2012-03-05, got nobody "
            "[dropped]"
        ),
        id="bad-takers: none",
    ),
    pytest.param(
        START,
        (Released("ann", "h1", "x", override="y", on=d(5)), Exit("h1", on=d(7)), Relapse("h1", on=d(9))),
        ("entries, row 0: household 'h1': wanted a helper or a vacancy from 2012-03-09, got nobody [dropped]"),
        id="dropped",
    ),
    pytest.param(
        START,
        (Split("h1", ["h2"], on=d(5)),),
        ("entries, row 0: household 'h2': wanted a helper or a vacancy from 2012-03-05, got nobody [dropped]"),
        id="dropped first",
    ),
    pytest.param(
        START,
        (VacancyOpened("h1", "x", "court", on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted a vacancy while nobody is responsible, got one on "
            "2012-03-05 [not-vacant]"
        ),
        id="not-vacant",
    ),
    pytest.param(
        START,
        (VacancyOpened("h1", "x", "court", "ann", on=d(5)), VacancyOpened("h1", "x", "court", on=d(7))),
        ("entries, row 0: household 'h1': wanted one vacancy at a time, got another on 2012-03-07 [vacant-already]"),
        id="vacant-already",
    ),
    pytest.param(
        START,
        (VacancyClosed("h1", ["bo"], on=d(5)),),
        ("entries, row 0: household 'h1': wanted a vacancy to be closed on 2012-03-05, got none [no-vacancy]"),
        id="no-vacancy",
    ),
    pytest.param(
        START,
        (Exit("h1", on=d(5)), Exit("h1", d(4), on=d(5))),
        (
            "register: 2 problems\n"
            "entries, row 0: household 'h1': wanted one of its exits and relapses on 2012-03-05, got "
            "several [contradiction]\n"
            "entries, row 0: household 'h1': wanted one exit, got 2012-03-05 and 2012-03-05 "
            "[exited-already]"
        ),
        id="contradiction",
    ),
    pytest.param(
        START,
        (Move("h1", "east", on=d(5)), Move("h1", "west", on=d(5))),
        ("entries, row 0: household 'h1': wanted one of its moves on 2012-03-05, got several [contradiction]"),
        id="contradiction: moves",
    ),
    pytest.param(
        START,
        (StruckOff("h1", "x", on=d(5)), HouseholdMerger("h1", "h2", on=d(5))),
        (
            "entries, row 0: household 'h1': wanted one of its ends in the programme on 2012-03-05, got "
            "several [contradiction]"
        ),
        id="contradiction: ends",
    ),
    pytest.param(
        START,
        (HouseholdMerger("h1", "h1", on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted other households to come of it on 2012-03-05, got "
            "itself [contradiction]"
        ),
        id="contradiction: into itself",
    ),
    pytest.param(
        START,
        (Split("h1", [], on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted other households to come of it on 2012-03-05, got "
            "none [contradiction]"
        ),
        id="contradiction: split in none",
    ),
    pytest.param(
        START,
        (StruckOff("h1", "x", on=d(5)), Paired("bo", "h1", on=d(5))),
        (
            "entries, row 0: household 'h1': wanted no pairing from 2012-03-05, when it left the "
            "programme, got one on 2012-03-05 [left-programme]"
        ),
        id="left-programme: pairing",
    ),
    pytest.param(
        START,
        (StruckOff("h1", "x", on=d(5)), Move("h1", "west", on=d(6))),
        (
            "entries, row 0: household 'h1': wanted nothing from 2012-03-05, when it left the programme, "
            "got Move on 2012-03-06 [left-programme]"
        ),
        id="left-programme: other",
    ),
    pytest.param(
        START,
        (Relapse("h1", on=d(5)),),
        ("entries, row 0: household 'h1': wanted an exit before it falls back on 2012-03-05, got none [no-exit]"),
        id="no-exit",
    ),
    pytest.param(
        START,
        (Exit("h1", on=d(5)), Exit("h1", on=d(7))),
        ("entries, row 0: household 'h1': wanted one exit, got 2012-03-05 and 2012-03-07 [exited-already]"),
        id="exited-already",
    ),
    pytest.param(
        START,
        (Exit("h1", d(6), on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted it to be notified before 2012-03-05, got 2012-03-06 "
            "[dates-out-of-order]"
        ),
        id="dates-out-of-order: exit",
    ),
    pytest.param(
        START,
        (DutyOpened("r", "h1", "ann", "revisit", d(4), on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted duty 'r' to be due from 2012-03-05, got 2012-03-04 "
            "[dates-out-of-order]"
        ),
        id="dates-out-of-order: duty",
    ),
    pytest.param(
        START,
        (release(),),
        (
            "register: 2 problems\n"
            "entries, row 0: household 'h1', helper 'ann': wanted the goal to be met, or an override "
            "that says why, for a release on 2012-03-09, got neither [goal-not-met]\n"
            "entries, row 0: household 'h1': wanted a helper or a vacancy from 2012-03-09, got nobody "
            "[dropped]"
        ),
        id="goal-not-met",
    ),
    pytest.param(
        START,
        (Exit("h1", on=d(5)), release()),
        (
            "register: 2 problems\n"
            "entries, row 0: household 'h1', helper 'ann': wanted a new household or a waiver for a "
            "release on 2012-03-09, got neither [no-new-household]\n"
            "entries, row 0: household 'h1': wanted a duty to revisit it from 2012-03-09, when it is "
            "released, got none [no-revisit]"
        ),
        id="no-new-household, no-revisit",
    ),
    pytest.param(
        START,
        (Exit("h1", on=d(5)), DutyOpened("r", "h1", "ann", "revisit", on=d(9)), release(instead="h2")),
        (
            "entries, row 1: helper 'ann': wanted household 'h2' to be taken on by 2012-03-09, got no "
            "pairing [no-new-household]"
        ),
        id="no-new-household: instead",
    ),
    pytest.param(
        START,
        (DutyOpened("r", "h1", "ann", "revisit", on=d(5)), DutyOpened("r", "h1", "bo", "revisit", on=d(7))),
        ("entries, row 0: household 'h1': wanted a key of its own for each duty, got 'r' twice [duplicate-duty]"),
        id="duplicate-duty",
    ),
    pytest.param(
        START,
        (DutyPassed("r", "h1", "bo", on=d(5)),),
        ("entries, row 0: household 'h1': wanted a duty that is open on 2012-03-05, got 'r' [unknown-duty]"),
        id="unknown-duty",
    ),
    pytest.param(
        START,
        (
            DutyOpened("r", "h1", "ann", "revisit", on=d(2)),
            DutyClosed("r", "h1", "x", on=d(5)),
            DutyPassed("r", "h1", "bo", on=d(5)),
        ),
        ("entries, row 0: household 'h1': wanted a duty that is open on 2012-03-05, got 'r' [unknown-duty]"),
        id="unknown-duty: closed",
    ),
    pytest.param(
        START,
        (
            DutyOpened("r", "h1", "ann", "revisit", on=d(2)),
            DutyClosed("r", "h1", "x", on=d(5)),
            DutyClosed("r", "h1", "x", on=d(6)),
        ),
        ("entries, row 0: household 'h1': wanted duty 'r' closed once, got twice [contradiction]"),
        id="contradiction: closed twice",
    ),
    pytest.param(
        START,
        (
            DutyOpened("r", "h1", "ann", "revisit", on=d(2)),
            DutyPassed("r", "h1", "bo", on=d(5)),
            DutyPassed("r", "h1", "cy", on=d(5)),
        ),
        ("entries, row 0: household 'h1': wanted duty 'r' to pass once on 2012-03-05, got 2 times [contradiction]"),
        id="contradiction: passed twice",
    ),
    pytest.param(
        LOAN,
        (Lent("l", "h1", "cy", 100, "city", on=d(5)),),
        ("entries, row 0: household 'h1': wanted a key of its own for each duty, got 'l' twice [duplicate-duty]"),
        id="duplicate-duty: loans",
    ),
    pytest.param(
        LOAN,
        (DutyOpened("l", "h1", "cy", "measure", on=d(5)),),
        ("entries, row 0: household 'h1': wanted a key of its own for each duty, got 'l' twice [duplicate-duty]"),
        id="duplicate-duty: of a loan",
    ),
    pytest.param(
        FUND,
        (Lent("l", "h1", "bo", 300, "city", d(4), on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted duty 'l' to be due from 2012-03-05, got 2012-03-04 "
            "[dates-out-of-order]"
        ),
        id="dates-out-of-order: loan",
    ),
    pytest.param(
        LOAN,
        (Repaid("k", "h1", 100, on=d(5)),),
        ("entries, row 0: household 'h1': wanted a loan that was lent by 2012-03-05, got 'k' [unknown-loan]"),
        id="unknown-loan",
    ),
    pytest.param(
        LOAN,
        (WrittenOff("l", "h1", 100, "x", on=d(2)),),
        ("entries, row 0: household 'h1': wanted a loan that was lent by 2012-03-02, got 'l' [unknown-loan]"),
        id="unknown-loan: not yet",
    ),
    pytest.param(
        LOAN,
        (Repaid("l", "h2", 100, on=d(5)),),
        ("entries, row 0: household 'h2': wanted a loan that was lent by 2012-03-05, got 'l' [unknown-loan]"),
        id="unknown-loan: of another household",
    ),
    pytest.param(
        BACK,
        (Correction(LOAN[2], "x"), Repaid("l", "h1", 50, on=d(6))),
        (
            "register: 2 problems\n"
            "entries, row 0: household 'h1': wanted a loan that was lent by 2012-03-05, got 'l' [unknown-loan]\n"
            "entries, row 0: household 'h1': wanted a loan that was lent by 2012-03-06, got 'l' [unknown-loan]"
        ),
        id="unknown-loan: taken back",
    ),
    pytest.param(
        LOAN,
        (Repaid("l", "h1", 200, on=d(5)), WrittenOff("l", "h1", 101, "x", on=d(7))),
        ("entries, row 0: household 'h1': wanted at most 300 fen back of loan 'l', got 301 [repaid-too-much]"),
        id="repaid-too-much",
    ),
    pytest.param(
        LOAN,
        (Repaid("l", "h1", int(WARD[:-1] + "1"), on=d(5)),),
        (
            "entries, row 0: household 'h1': wanted at most 300 fen back of loan 'l', got a number of 18 characters "
            "[repaid-too-much]"
        ),
        id="repaid-too-much: like an identity number",
    ),
    pytest.param(
        LOAN,
        (Lent("m", "h2", "bo", 150, "city", on=d(7)), PaidOut("city", 100, "x", on=d(5)), PaidIn("town", 99, on=d(1))),
        ("entries, row 0: fund 'city': wanted 50 fen more to be there on 2012-03-07 [no-funds]"),
        id="no-funds",
    ),
    pytest.param(
        BACK,
        (Correction(BACK[3], "the money was another's"),),
        ("entries, row 0: fund 'city': wanted 200 fen more to be there on 2012-03-05 [no-funds]"),
        id="no-funds: it had not come back",
    ),
    pytest.param(
        LOAN,
        (Correction(LOAN[1], "x"), PaidIn("city", 300, on=d(4))),
        ("entries, row 0: fund 'city': wanted 300 fen more to be there on 2012-03-03 [no-funds]"),
        id="no-funds: paid in later",
    ),
    pytest.param(
        LOAN,
        (Retirement("bo", on=d(7)), Repaid("l", "h1", 300, on=d(8))),
        (
            "entries, row 0: helper 'bo': wanted duty 'l' to household 'h1' passed on or closed by 2012-03-07, when "
            "the service ends, got it open [duty-left]"
        ),
        id="duty-left: guarantee",
    ),
    pytest.param(
        START,
        (Transfer("ann", "court", on=d(5)), Transfer("ann", "bank", on=d(5))),
        ("entries, row 0: helper 'ann': wanted one of the transfers on 2012-03-05, got several [contradiction]"),
        id="contradiction: helper",
    ),
    pytest.param(
        START,
        (Return("ann", on=d(5)),),
        ("entries, row 0: helper 'ann': wanted a leave before the return on 2012-03-05, got none [not-absent]"),
        id="not-absent",
    ),
    pytest.param(
        START,
        (Leave("ann", d(5), on=d(5)),),
        ("entries, row 0: helper 'ann': wanted a leave that ends after 2012-03-05, got 2012-03-05 [empty-span]"),
        id="empty-span: leave",
    ),
    pytest.param(
        START,
        (Retirement("ann", on=d(5)),),
        (
            "entries, row 0: helper 'ann': wanted no household from 2012-03-05, when the service ends, "
            "got 'h1' [out-of-service]"
        ),
        id="out-of-service",
    ),
    pytest.param(
        START,
        (*(Paired("bo", f"h{n}", on=d(1)) for n in range(2, 7)), Death("bo", on=d(5))),
        (
            "entries, row 0: helper 'bo': wanted no household from 2012-03-05, when the service ends, "
            "got 'h2', 'h3', 'h4' and 2 more [out-of-service]"
        ),
        id="out-of-service: many",
    ),
    pytest.param(
        START,
        (DutyOpened("g", "h1", "bo", "guarantee", on=d(2)), Departure("bo", on=d(5))),
        (
            "entries, row 0: helper 'bo': wanted duty 'g' to household 'h1' passed on or closed by "
            "2012-03-05, when the service ends, got it open [duty-left]"
        ),
        id="duty-left",
    ),
    pytest.param(
        START,
        (Merger("court", "bank", on=d(5)), Dissolution("court", on=d(7))),
        ("entries, row 0: unit 'court': wanted one end, got 2 [contradiction]"),
        id="contradiction: unit",
    ),
    pytest.param(
        START,
        (Merger("court", "court", on=d(5)),),
        ("entries, row 0: unit 'court': wanted it to become a part of another unit, got itself [contradiction]"),
        id="contradiction: unit itself",
    ),
    pytest.param(
        Register().record(Merger("court", "bank", on=d(5))),
        (Merger("bank", "school", on=d(6)), Merger("school", "court", on=d(7))),
        (
            "entries, row 1: unit 'school': wanted a unit that there is on 2012-03-07, got 'court', which became a "
            "part of 'bank' on 2012-03-05 [unit-ended]"
        ),
        id="unit-ended: merger",
    ),
    pytest.param(
        Register().record(Transfer("ann", "court", on=d(7)), Linked("court", "east", on=d(6))),
        (Linked("court", "west", on=d(1)), Dissolution("court", on=d(7))),
        (
            "entries, row 1: helper 'ann': wanted a unit that there is on 2012-03-07, got 'court', which was "
            "dissolved on 2012-03-07 [unit-ended]"
        ),
        id="unit-ended: recorded before the end",
    ),
    pytest.param(
        Register().record(Dissolution("court", on=d(7))),
        (Linked("court", "east", on=d(8)), Linked("court", "west", on=d(6)), Transfer("ann", "court", on=d(9))),
        (
            "register: 2 problems\n"
            "entries, row 0: village 'east': wanted a unit that there is on 2012-03-08, got 'court', which was "
            "dissolved on 2012-03-07 [unit-ended]\n"
            "entries, row 2: helper 'ann': wanted a unit that there is on 2012-03-09, got 'court', which was "
            "dissolved on 2012-03-07 [unit-ended]"
        ),
        id="unit-ended: link",
    ),
]


@pytest.mark.parametrize(("register", "batch", "says"), REFUSED)
def test_what_is_refused_says_why(register: Register, batch: tuple[Entry, ...], says: str) -> None:
    """A batch that cannot be recorded is refused as a whole, and says where and why."""
    lines = list(register)
    with pytest.raises(RegisterError) as caught:
        register.record(*batch)
    error = caught.value
    assert str(error) == says
    assert list(register) == lines
    assert all(0 <= (problem.row or 0) < len(batch) for problem in error.problems)
    for secret in (WARD, NAME):
        assert secret not in f"{error} {error!r} {error.args} {error.__context__!r} {list(batch)}"


def test_every_code_is_among_the_examples() -> None:
    """Whatever can be wrong with a batch is wrong with one of the batches above."""
    written = set()
    for module in (register_module, histories_module, funds_module):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                word = node.value
                if "-" in word.strip("-") and word.replace("-", "").isalpha() and word.islower():
                    written.add(word)
    told = {
        text[text.rindex("[") + 1 : -1] for case in REFUSED for text in str(case.values[2]).splitlines() if "[" in text
    }
    assert written - told == {"unknown-position"}
    assert told - written == {"contradiction", "dropped", "overlap"}


# --- what is shown

_TEXTS = ("reason", "override", "waiver", "division", "name", "post", "source", "what", "check")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_entry_is_shown_on_one_line(kind: type[Entry]) -> None:
    """A repr is one line, with the ids, and without free texts and identity numbers, whatever field they stand in."""
    values: dict[str, Any] = {at.name: WARD for at in attrs.fields(kind) if at.name not in ("on", "of")}
    values |= {name: NAME for name in _TEXTS if name in values}
    values |= {name: (WARD, "bo") for name in ("takers", "helpers") if name in values}
    if kind is Correction:
        entry: Entry = Correction(Released(WARD, WARD, NAME, on=d(1)), NAME, id=WARD)
    else:
        entry = kind(on=d(1), **values)
    shown = repr(entry)
    assert shown.startswith(f"{kind.__name__}(")
    assert "on=2012-03-01" in shown
    assert "\n" not in shown
    for secret in (WARD, NAME):
        assert secret not in shown
        assert secret not in repr(attrs.evolve(entry, on=secret) if kind is not Correction else Correction(secret, "x"))  # type: ignore[arg-type]


def test_reprs() -> None:
    """Ids, words and days are shown, texts are described, and what is not said is left out."""
    shown = {
        HandedOver("赵家沟-17", "ann", ("bo", "cy"), until=d(9), reason=NAME, on=d(5)): (
            "HandedOver('赵家沟-17', 'ann', ('bo', 'cy'), until=2012-03-09, reason=text of 3 characters, on=2012-03-05)"
        ),
        Visited("h1", ("ann",), "telephone", on=d(5), id="v-1"): (
            "Visited('h1', ('ann',), channel='telephone', on=2012-03-05, id='v-1')"
        ),
        Aided("h1", "ann", "food", 50, NAME, 18_000, "over", on=d(5)): (
            "Aided('h1', 'ann', 'food', 50, what=text of 3 characters, value=18000, mark='over', on=2012-03-05)"
        ),
        Lent("l", "h1", WARD, 300, "city", on=d(5)): "Lent('l', 'h1', <identity number>, 300, 'city', on=2012-03-05)",
        WrittenOff("l", "h1", 300, NAME, on=d(5)): "WrittenOff('l', 'h1', 300, text of 3 characters, on=2012-03-05)",
        PaidIn("city", int(WARD[:-1] + "1"), NAME, on=d(5)): (
            "PaidIn('city', a number of 18 characters, source=text of 3 characters, on=2012-03-05)"
        ),
        Checked("h1", "telephone", "not reached", "2012", on=d(5)): (
            "Checked('h1', 'telephone', 'not reached', check='2012', on=2012-03-05)"
        ),
        DutyClosed("r", "h1", NAME, kept=False, on=d(5)): (
            "DutyClosed('r', 'h1', text of 3 characters, kept=False, on=2012-03-05)"
        ),
        DutyOpened("r", "h1", "ann", "revisit", on=d(5)): "DutyOpened('r', 'h1', 'ann', 'revisit', on=2012-03-05)",
        Correction(Correction(ANN, NAME), NAME): (
            "Correction(Correction(Paired('ann', 'h1', on=2012-03-01), text of 3 characters, on=2012-03-01), "
            "text of 3 characters, on=2012-03-01)"
        ),
        Vacancy("h1", Span(d(5)), NAME, "court", giver="ann"): (
            "Vacancy(household='h1', span=Span(2012-03-05 ..), unit='court')"
        ),
        OpenDuty("r", "h1", WARD, "revisit", d(5), None): (
            "OpenDuty(duty='r', household='h1', bearer=<identity number>, what='revisit', opened=2012-03-05, due=None)"
        ),
        Stretch(Span(d(5)), "responsible", WARD, "lead"): (
            "Stretch(span=Span(2012-03-05 ..), what='responsible', who=<identity number>, role='lead')"
        ),
    }
    for thing, text in shown.items():
        assert repr(thing) == text
    assert repr(START) == "Register(1 entries)"
    assert repr(START.view(on=d(5))) == "View(2012-03-05, known=1)"
    assert str(START.history(WARD)) == "nobody <identity number>: nothing recorded"


# --- histories


def happened() -> Register:
    """A register in which much has happened."""
    register = Register().record(
        Linked("court", "east", on=d(1)),
        Linked("bank", "east", on=d(1)),
        Paired("ann", "h1", on=d(1)),
        Paired("bo", "h2", "partner", on=d(1)),
        Paired("cy", "h2", on=d(2)),
    )
    register = register.record(
        DutyOpened("g", "h1", "ann", "guarantee", on=d(3)),
        Leave("bo", d(9), on=d(4)),
        Return("bo", on=d(6)),
        Unfitness("bo", on=d(4)),
        Recovery("bo", on=d(7)),
        RankChange("cy", "division", on=d(4)),
        Transfer("cy", "bank", on=d(4)),
        Transfer("cy", "court", on=d(8)),
        Move("h1", "west", on=d(6)),
    )
    register = register.record(
        Retirement("ann", on=d(8)),
        HandedOver("h1", "ann", ("bo", "cy"), on=d(8)),
        DutyPassed("g", "h1", "court", on=d(8)),
    )
    register = register.record(
        VacancyOpened("h2", "posts are cut", "court", "cy", on=d(10)),
        Released("bo", "h2", "as posts are cut", "partner", override="by order of the county", on=d(10)),
        Unlinked("court", "east", "the plan of the year", on=d(10)),
        Renaming("court", "县法院", on=d(11)),
        Dissolution("bank", on=d(12)),
    )
    register = register.record(
        VacancyClosed("h2", ("di", "ed"), on=d(14)),
        Exit("h1", on=d(15)),
        DutyOpened("r", "h1", "bo", "revisit", on=d(15)),
        Released("bo", "h1", "out of poverty", waiver="nobody else is in need", on=d(15)),
        Released("cy", "h1", "out of poverty", instead="h3", on=d(15)),
        Paired("cy", "h3", on=d(15)),
    )
    return register.record(
        Relapse("h1", on=d(20)),
        Paired("bo", "h1", on=d(20)),
        StruckOff("h2", "moved away", on=d(21)),
        Merger("court", "school", on=d(22)),
    )


@pytest.mark.parametrize(
    ("id", "line"),
    [
        (
            "h1",
            "household h1: 2012-03-01 .. 2012-03-08 ann (lead); 2012-03-06 .. in village west; "
            "2012-03-08 .. 2012-03-15 bo (lead); 2012-03-08 .. 2012-03-15 cy (lead); 2012-03-15 .. 2012-03-20 exited; "
            "2012-03-20 .. fallen back; 2012-03-20 .. bo (lead)",
        ),
        (
            "h2",
            "household h2: 2012-03-01 .. 2012-03-10 bo (partner); 2012-03-02 .. 2012-03-10 cy (lead); "
            "2012-03-10 .. 2012-03-14 vacancy, seen to by court; 2012-03-14 .. 2012-03-21 di (lead); "
            "2012-03-14 .. 2012-03-21 ed (lead); 2012-03-21 .. out of the programme",
        ),
        ("ann", "helper ann: 2012-03-01 .. 2012-03-08 h1 (lead); 2012-03-08 .. out of service"),
        (
            "bo",
            "helper bo: 2012-03-01 .. 2012-03-10 h2 (partner); 2012-03-04 .. 2012-03-06 on leave; "
            "2012-03-04 .. 2012-03-07 unfit; 2012-03-08 .. 2012-03-15 h1 (lead); 2012-03-20 .. h1 (lead)",
        ),
        (
            "cy",
            "helper cy: 2012-03-02 .. 2012-03-10 h2 (lead); 2012-03-04 .. 2012-03-08 in unit bank; "
            "2012-03-04 .. of rank division; 2012-03-08 .. 2012-03-15 h1 (lead); 2012-03-08 .. in unit court; "
            "2012-03-15 .. h3 (lead)",
        ),
        (
            "court",
            "unit court: 2012-03-01 .. 2012-03-10 linked to east; "
            "2012-03-10 .. 2012-03-14 sees to the vacancy of h2; 2012-03-11 .. renamed; 2012-03-22 .. part of school",
        ),
        ("bank", "unit bank: 2012-03-01 .. linked to east; 2012-03-12 .. dissolved"),
        ("east", "village east: 2012-03-01 .. 2012-03-10 linked to court; 2012-03-01 .. linked to bank"),
        ("west", "village west: nothing recorded"),
        ("di", "helper di: 2012-03-14 .. 2012-03-21 h2 (lead)"),
        ("x", "nobody x: nothing recorded"),
    ],
)
def test_histories(id: str, line: str) -> None:
    """A history is one line: by whose days they are, span after span, whatever they say."""
    assert str(happened().history(id)) == line


def test_a_history_by_what_was_known() -> None:
    """A history can be told by what was known earlier; it is a value."""
    register = happened()
    assert str(register.history("h1", known=5)) == "household h1: 2012-03-01 .. ann (lead)"
    assert register.history("h1", known=5) == START.history("h1")
    assert START.history("h1") == History("household", "h1", (Stretch(Span(d(1)), "responsible", "ann", "lead"),))
    assert register.history("h9", known=0) == History("nobody", "h9", ())


def test_what_a_day_says() -> None:
    """A view tells who is responsible for whom, who has nobody, what is owed, on that day alone."""
    register = happened()
    view = register.view(on=d(10))
    pairings = [("bo", "h1"), ("cy", "h1")]
    assert [(pairing.helper, pairing.household) for pairing in view.pairings] == pairings
    assert view.of("h1") == (
        Pairing("bo", "h1", "lead", Span(d(8), d(15))),
        Pairing("cy", "h1", "lead", Span(d(8), d(15))),
    )
    assert view.of("bo") == view.of("h1")[:1]
    assert view.loads(["ann", "bo", "cy"]) == {"ann": 0, "bo": 1, "cy": 1}
    assert view.vacancies == (Vacancy("h2", Span(d(10), d(14)), "posts are cut", "court", "lead", "cy"),)
    assert view.duties == (OpenDuty("g", "h1", "court", "guarantee", d(3), None),)
    assert view.duties_of("court") == view.duties_to("h1") == view.duties
    assert (view.duties_of("ann"), view.duties_to("h2"), view.exit("h1")) == ((), (), None)
    assert register.view(on="2012-03-15").exit("h1") == Exit("h1", on=d(15))  # type: ignore[arg-type]


def test_what_was_done_for_a_household() -> None:
    """A view tells what a household was given, how it fared, and what checks found: up to the day, the last first."""
    rice = Aided("h1", "ann", "food", 50, "rice", 18_000, on=d(2))
    money = Aided("h1", "court", "money", 20_000, on=d(4))
    seen, called = Checked("h1", "in person", "fine", "2012", on=d(5)), Checked("h1", "telephone", "wrong", on=d(7))
    poor, owing = Observed("h1", "income", 30_000, "nearly", on=d(3)), Observed("h1", "debt", 400_000, on=d(3))
    better, free = Observed("h1", "income", 150_000, on=d(9)), Observed("h1", "debt", 0, on=d(9))
    register = START.record(rice, money, seen, called, free, poor, owing, better)
    assert register.view(on=d(4)).aid_to("h1") == (money, rice)
    assert register.view(on=d(3)).aid_to("h1") == (rice,)
    assert register.view(on=d(3)).aid_to("h2") == ()
    assert register.view(on=d(7)).checks("h1") == (called, seen)
    assert register.view(on=d(6)).checks("h1") == (seen,)
    observed = [[register.view(on=d(n)).observed("h1", what) for what in OBSERVED] for n in (2, 3, 8, 9)]
    assert observed == [[None, None, None], [poor, owing, None], [poor, owing, None], [better, free, None]]
    assert register.entries_about("h1") == (ANN, rice, poor, owing, money, seen, called, free, better)
    assert str(register.history("h1")) == "household h1: 2012-03-01 .. ann (lead)"


def test_a_guarantee_ends_with_its_loan() -> None:
    """Whoever guarantees a loan has a duty until the loan is repaid or written off in full, or the duty is closed."""
    owed = (OpenDuty("l", "h1", "bo", "guarantee", d(3), d(9)),)
    part = LOAN.record(Repaid("l", "h1", 200, on=d(5)))
    ends = [
        (part.record(Repaid("l", "h1", 100, on=d(7))), d(7)),
        (part.record(WrittenOff("l", "h1", 100, "died out", on=d(7))), d(7)),
        (part.record(WrittenOff("l", "h1", 100, "died out", on=d(5))), d(5)),
        (part.record(DutyClosed("l", "h1", "the village answers for it", on=d(6))), d(6)),
        (part.record(Repaid("l", "h1", 100, on=d(7)), DutyClosed("l", "h1", "released", on=d(6))), d(6)),
        (part.record(Repaid("l", "h1", 100, on=d(7)), DutyClosed("l", "h1", "paid", on=d(8))), d(7)),
    ]
    for register, end in ends:
        for day in (d(2), d(3), d(5), d(6), d(7), d(8)):
            view = register.view(on=day)
            expected = owed if d(3) <= day < end else ()
            assert view.duties_of("bo") == view.duties_to("h1") == view.duties == expected
        assert len(register.record(Retirement("bo", on=end))) == len(register) + 1
    assert part.view(on=date(2099, 1, 1)).duties_of("bo") == owed


def test_a_guarantee_that_passes_after_its_loan_came_back() -> None:
    """Money that came back is never refused because the guarantee passed on before that was known; who has it then
    owes nothing."""
    passed = LOAN.record(DutyPassed("l", "h1", "cy", on=d(7)))
    back = passed.record(Repaid("l", "h1", 300, on=d(6)))
    assert [duty.bearer for duty in passed.view(on=d(7)).duties] == ["cy"]
    assert (back.view(on=d(5)).duties_of("bo"), back.view(on=d(7)).duties) == (LOAN.view(on=d(5)).duties, ())
    assert len(back.record(Retirement("bo", on=d(6)), Retirement("cy", on=d(7)))) == len(back) + 2
    with pytest.raises(RegisterError, match="wanted duty 'l' to household 'h1' passed on or closed by 2012-03-08"):
        back.record(Retirement("cy", on=d(8)), Correction(back[4], "it was another's money"))


# --- which positions are known


def test_a_position_within_a_batch_stands_for_its_beginning() -> None:
    """What was known is known by batches: a position within one stands for the end of the one before."""
    register = happened()
    for known, pairings in ((0, 0), (1, 0), (4, 0), (5, 3), (6, 3), (13, 3), (14, 3), (16, 3), (17, 4)):
        view = register.view(on=d(9), known=known)
        assert len(view.pairings) == pairings
        assert view.known == max(end for end in (0, 5, 14, 17) if end <= known)
    assert str(register.history("h1", known=16)) == str(register.history("h1", known=14))
    assert register.entries_about("ann", known=4) == ()
    assert register.entries_about("ann", known=5) == (Paired("ann", "h1", on=d(1)),)
    kinds = [type(entry).__name__ for entry in register.entries_about("court")]
    assert kinds == [
        "Linked",
        "Transfer",
        "DutyPassed",
        "VacancyOpened",
        "Unlinked",
        "Renaming",
        "Merger",
    ]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda: START.view(on=d(1), known=2),
            "known: wanted a number of entries from 0 to 1, got 2 [unknown-position]",
        ),
        (
            lambda: START.history("h1", known=True),
            "known: wanted a number of entries from 0 to 1, got True [unknown-position]",
        ),
        (lambda: START[1], "position: wanted a position from 0 to 0, got 1 [unknown-position]"),
        (lambda: START[-1], "position: wanted a position from 0 to 0, got -1 [unknown-position]"),
        (lambda: START.view(on=NAME), "on: wanted a day as YYYY-MM-DD, got text of 3 characters [bad-date]"),  # type: ignore[arg-type]
        (
            lambda: START.view(on=datetime(2012, 3, 1)),
            "on: wanted a day as YYYY-MM-DD, got a value of type datetime [bad-date]",
        ),
        (
            lambda: START.view(on=d(1)).observed("h1", "fortune"),
            "what: wanted one of income, debt, persons; got 'fortune' [unknown-word]",
        ),
        (lambda: START.history(["h1"]), "id: wanted a text, got a value of type list [bad-key]"),  # type: ignore[arg-type]
        (lambda: START.entries_about(17), "id: wanted a text, got 17 [bad-key]"),  # type: ignore[arg-type]
    ],
)
def test_wrong_questions(ask: Callable[[], object], says: str) -> None:
    """Whoever asks for a position, a day or a word that cannot be is told so."""
    with pytest.raises(ArgumentError) as caught:
        ask()
    assert str(caught.value) == says


# --- registers as values


def test_a_register_is_a_value() -> None:
    """A register is equal to another one with the same entries; it can be copied, and it has no hash."""
    same = Register().record(ANN)
    assert same == START
    assert same != TAKEN
    assert START != "a register"
    assert [ANN in each for each in (START, TAKEN)] == [True, False]
    assert list(TAKEN) == [ANN, Correction(ANN, "x")]
    assert (TAKEN[0], len(TAKEN), bool(Register())) == (ANN, 2, False)
    with pytest.raises(TypeError):
        hash(START)
    for entry in happened():
        assert pickle.loads(pickle.dumps(entry)) == copy.deepcopy(entry) == entry


@pytest.mark.parametrize("thing", [None, "ann", Change(on=d(1)), Paired(["ann"], "h1", on=d(1)), Correction(ANN, "y")])  # type: ignore[arg-type]
def test_what_a_register_has_not(thing: Any) -> None:
    """Of anything at all it can be asked whether a register has it."""
    assert thing not in START


def test_nothing_to_record() -> None:
    """Recording nothing, or what is there, gives the register itself."""
    assert START.record() is START
    assert START.record(ANN, Paired("ann", "h1", on=d(1))) is START


# --- what was wrong once


def test_who_is_released_takes_on_another_household() -> None:
    """The household that is taken on instead is not the one that is released."""
    register = START.record(
        Exit("h1", on=d(9)),
        DutyOpened("r", "h1", "court", "revisit", on=d(9)),
        release(instead="h2"),
        Paired("ann", "h2", on=d(5)),
    )
    assert str(register.history("ann")) == "helper ann: 2012-03-01 .. 2012-03-09 h1 (lead); 2012-03-05 .. h2 (lead)"


def test_a_household_that_is_back_wants_helpers_who_serve() -> None:
    """When the end of a household is taken back, those who have retired meanwhile are not responsible again."""
    for end in (
        StruckOff("h1", "entered by mistake", on=d(5)),
        HouseholdMerger("h1", "h2", on=d(5)),
    ):
        register = START.record(end).record(Retirement("ann", on=d(7)))
        with pytest.raises(RegisterError, match="wanted no household from 2012-03-07, when the service ends, got 'h1'"):
            register.record(Correction(end, "it is still there"))
        assert register.record(Correction(end, "it is still there"), HandedOver("h1", "ann", ("bo",), on=d(6))).view(
            on=d(7)
        ).of("h1") == (Pairing("bo", "h1", "lead", Span(d(6))),)


def test_a_duty_that_passes_on_its_first_day() -> None:
    """Who bears a duty from the day on which it was opened is whoever it passed to, whatever their names."""
    for giver, taker in (("zoe", "bo"), ("bo", "zoe")):
        register = Register().record(
            DutyOpened("g", "h1", giver, "guarantee", on=d(2)), DutyPassed("g", "h1", taker, on=d(2))
        )
        assert register.view(on=d(2)).duties_of(taker)
        assert len(register.record(Departure(giver, on=d(1)))) == 3
        with pytest.raises(RegisterError, match="duty 'g'"):
            register.record(Departure(taker, on=d(5)))


def test_rows_are_those_of_the_batch() -> None:
    """The row of a problem is the position among the arguments, also where others are there already."""
    with pytest.raises(RegisterError) as caught:
        START.record(ANN, ANN, Paired("bo", "h2", on=d(1)), Paired("ann", "h1", on=d(3)))
    assert [problem.row for problem in caught.value.problems] == [3]


def test_the_end_of_a_unit_taken_back_and_brought_back() -> None:
    """A unit ends once: taking back that its end was taken back does not make it end twice."""
    merger = Merger("court", "bank", on=d(5))
    register = Register().record(merger).record(Correction(merger, "x"))
    register = register.record(Dissolution("court", on=d(7)))
    with pytest.raises(RegisterError, match="unit 'court': wanted one end, got 2"):
        register.record(Correction(Correction(merger, "x"), "y"))


def test_units_do_not_become_parts_of_one_another() -> None:
    """Two units of which each is to become a part of the other are refused, on one day or on two, in either order."""
    for first, second in ((d(5), d(5)), (d(5), d(7)), (d(7), d(5))):
        one, other = Merger("court", "bank", on=first), Merger("bank", "court", on=second)
        for batches in ([one, other], [other, one]):
            with pytest.raises(RegisterError, match="unit-ended"):
                Register().record(*batches)
            with pytest.raises(RegisterError, match="unit-ended"):
                Register().record(batches[0]).record(batches[1])


def test_the_end_of_a_unit_taken_back_lets_others_come_to_it() -> None:
    """Where the end counts no longer, somebody may come to the unit; then the end cannot be brought back."""
    end, comes = Dissolution("court", on=d(5)), Transfer("ann", "court", on=d(7))
    register = Register().record(end)
    with pytest.raises(RegisterError, match="unit-ended"):
        register.record(comes)
    register = register.record(Correction(end, "x"), comes)
    with pytest.raises(RegisterError) as caught:
        register.record(Correction(Correction(end, "x"), "y"))
    assert str(caught.value) == (
        "entries, row 0: helper 'ann': wanted a unit that there is on 2012-03-07, got 'court', which was dissolved "
        "on 2012-03-05 [unit-ended]"
    )
    gone = register.record(Correction(comes, "x")).record(Correction(Correction(end, "x"), "y"))
    with pytest.raises(RegisterError, match="unit-ended"):  # nor can who came be brought back, once it has ended
        gone.record(Correction(Correction(comes, "x"), "y"))


def test_a_unit_that_bears_a_duty_is_a_unit() -> None:
    """Whoever bears a duty need not be a helper."""
    register = Register().record(Linked("court", "east", on=d(1)), DutyOpened("g", "h1", "court", "measure", on=d(2)))
    assert str(register.history("court")) == "unit court: 2012-03-01 .. linked to east"


def test_a_vacancy_beside_somebody_who_stays() -> None:
    """A household has no vacancy while somebody stays responsible, even if another one begins on that day."""
    with pytest.raises(RegisterError, match="not-vacant"):
        START.record(VacancyOpened("h1", "x", "court", on=d(5)), Paired("bo", "h1", on=d(5)))
    opened = VacancyOpened("h1", "x", "court", "ann", on=d(5))
    assert START.record(opened, Paired("bo", "h1", on=d(5))).view(on=d(5)).vacancies == ()


def test_an_exit_ends_a_vacancy() -> None:
    """A household that reaches the goal without a helper has no vacancy from that day, and nobody is due."""
    register = START.record(VacancyOpened("h1", "x", "court", "ann", on=d(5)), Exit("h1", on=d(9)))
    assert str(register.history("h1")) == (
        "household h1: 2012-03-01 .. 2012-03-05 ann (lead); 2012-03-05 .. 2012-03-09 vacancy, seen to by court; "
        "2012-03-09 .. exited"
    )
    assert not register.view(on=d(9)).somebody_due("h1")


def test_steps_of_one_day_come_in_their_order() -> None:
    """The steps of a handover on one day come as `STEPS` has them, whatever order they were recorded in."""
    steps = [Step("h1", step, ("bo",), "ann", on=d(5)) for step in ("visited", "accepted", "proposed")]
    for batch in (steps, steps[::-1]):
        view = START.record(*batch, Step("h1", "completed", ("bo",), "ann", on=d(4))).view(on=d(5))
        assert [step.step for step in view.steps("h1")] == ["completed", "proposed", "accepted", "visited"]


def test_a_household_that_ended_does_not_end_again() -> None:
    """Whatever left the programme does not leave it again later, and nobody else comes of it."""
    with pytest.raises(RegisterError, match="wanted nothing from 2012-03-05, when it left the programme, got Split"):
        START.record(StruckOff("h1", "x", on=d(5)), Split("h1", ("h2",), on=d(7)), Paired("bo", "h2", on=d(7)))


def test_leaves_follow_one_another() -> None:
    """A leave ends on the day that was named, sooner by another leave, and sooner or later by a return."""
    register = START.record(
        Leave("ann", d(4), on=d(2)), Leave("ann", on=d(6)), Leave("ann", d(20), on=d(8)), Return("ann", on=d(10))
    ).record(Leave("ann", d(14), on=d(12)), Return("ann", on=d(16)))
    away = [stretch.span for stretch in register.history("ann").stretches if stretch.what == "on leave"]
    assert away == [Span(d(2), d(4)), Span(d(6), d(8)), Span(d(8), d(10)), Span(d(12), d(16))]


def test_a_duty_that_passes_too_late() -> None:
    """A duty passes on by the day on which the service of its bearer ends, not later."""
    owed = Register().record(DutyOpened("g", "h1", "bo", "guarantee", on=d(2)), Departure("cy", on=d(1)))
    assert len(owed.record(Departure("bo", on=d(5)), DutyPassed("g", "h1", "ann", on=d(5)))) == 4
    with pytest.raises(RegisterError, match="wanted duty 'g' to household 'h1' passed on or closed by 2012-03-05"):
        owed.record(Departure("bo", on=d(5)), DutyPassed("g", "h1", "ann", on=d(6)))


@pytest.mark.parametrize(
    ("ask", "one", "other"),
    [
        ("calls_of", Visited("h1", ("ann", "bo"), on=d(5)), Visited("h1", ("ann", "cy"), on=d(5))),
        ("calls_of", Visited("h1", ["ann"], on=d(5)), Visited("h1", ["ann"], tasks=["policy"], on=d(5))),
        ("visits_to", Visited("h1", ["ann"], on=d(5)), Visited("h1", ["ann"], tasks=["policy"], on=d(5))),
        ("aid_to", Aided("h1", "ann", "food", 50, on=d(5)), Aided("h1", "ann", "food", 50, value=900, on=d(5))),
        ("aid_to", Aided("h1", "ann", "food", 50, on=d(5)), Aided("h1", "ann", "food", 50, mark="over", on=d(5))),
        ("checks", Checked("h1", "letter", "fine", on=d(5)), Checked("h1", "letter", "wrong", on=d(5))),
    ],
)
def test_what_was_done_on_one_day_comes_in_one_order(ask: str, one: Entry, other: Entry) -> None:
    """The visits, the aid and the checks of one day come in the same order, whatever order they were recorded in."""
    id = "ann" if ask == "calls_of" else "h1"
    for batch in ((one, other), (other, one)):
        assert getattr(START.record(*batch).view(on=d(5)), ask)(id) == (other, one)


def test_of_the_observations_of_one_day_the_largest_holds() -> None:
    """What is observed twice on one day is the larger amount, whatever order it was recorded in."""
    less, more = (Observed("h1", "income", amount, on=d(5)) for amount in (900, 1000))
    for batch in ((less, more), (more, less)):
        assert START.record(*batch).view(on=d(5)).observed("h1", "income") == more


def test_a_refusal_leaves_no_lines_behind() -> None:
    """Whatever is recorded after a refusal shares the lines of the register: none were left there to be copied."""
    register = Register().record(ANN)
    with pytest.raises(RegisterError):
        register.record(Paired("ann", "h1", on=d(5), id="k"))
    later = register.record(Paired("bo", "h1", on=d(5), id="k"))
    assert later._lines is register._lines
