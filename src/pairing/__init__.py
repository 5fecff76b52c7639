"""Paired assistance (结对帮扶): who is responsible for which household, under quotas, with proof.

Read in this order: `people` and `roster` (who there is), `rules`, `criteria` and `policy` (what is asked for),
`linking` (which units go to which villages), `proposing` (who helps whom), `plan` (the answer, and why it is so),
`scenarios` (what if), `auditing` (what is wrong with a book).  `matching` is the same engine without cadres.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.answering import Passing, Unfilled
    from pairing.apportioning import apportion
    from pairing.appraising import Mark, PartMark, Reason, appraise
    from pairing.areas import Area, AreaTree
    from pairing.auditing import Finding, audit
    from pairing.counties import (
        CountyHandover,
        CountyHandovers,
        CountyPlan,
        CountyPlans,
        cover_counties,
        each_county,
        pair_counties,
        relay_counties,
        total_counties,
    )
    from pairing.criteria import (
        ClassToClass,
        Criterion,
        EarlierTie,
        HardestToHighest,
        Kin,
        SameHamlet,
        SharedLanguage,
        SkillToNeed,
    )
    from pairing.dates import Span, month, periods, to_date, year
    from pairing.deeds import AID, Aided, Checked, Lent, Observed, PaidIn, PaidOut, Repaid, Visited, WrittenOff
    from pairing.entering import book_entries
    from pairing.entries import (
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
    from pairing.errors import (
        ArgumentError,
        CertificateError,
        MissingExtra,
        PairingError,
        PolicyError,
        Problem,
        RegisterError,
        RosterError,
    )
    from pairing.evenness import Effort, effort, gini, lorenz
    from pairing.faults import write_faults
    from pairing.festivals import FESTIVALS, festival
    from pairing.figures import Amount, Distinct, NotAdditive, Share, Withheld, fen
    from pairing.foreseeing import Outlook, UnitAhead, YearAhead, foresee
    from pairing.framing import pairings_frame, roster_frames
    from pairing.funds import FundBook, Loan
    from pairing.handover import Handover, HandoverFile, relay
    from pairing.histories import OpenDuty, Stay, Vacancy
    from pairing.journal import read_journal, write_journal
    from pairing.linking import Linking, link_villages
    from pairing.matching import Match, match
    from pairing.muster import Muster
    from pairing.owing import Contribution, Duty, contributions, duties
    from pairing.people import LADDER, Helper, Household, Ladder, Link, NamedPair, OwnLink, Pairing, Rank, Unit, Village
    from pairing.plan import Load, Plan
    from pairing.policy import Policy
    from pairing.programmes import load_policy, programme
    from pairing.proof import Certificate, Shortfall
    from pairing.proposing import pair
    from pairing.quotas import Quota
    from pairing.reasons import Explanation, NextBest, PairReason, Standing, WhyNot
    from pairing.records import RecordError, from_dict, read_records, record_schema, to_dict, write_records
    from pairing.register import History, Register, Stretch
    from pairing.repairing import Excess, Relaxation, Repair
    from pairing.reporting import Report, Sentence, report
    from pairing.results import Column, Table, stacked
    from pairing.roster import Roster
    from pairing.rules import (
        AppraisalItem,
        AppraisalPart,
        AppraisalRules,
        Cumulative,
        HandoverRules,
        HelperRule,
        HouseholdRule,
        LeaderRule,
        LinkingRules,
        RetirementRule,
        VisitRule,
        VisitRules,
    )
    from pairing.sampling import (
        ErrorRate,
        Outcome,
        Pick,
        SpotCheck,
        Tally,
        cluster_check,
        error_rate,
        outcome,
        spot_check,
    )
    from pairing.scenarios import WhatIf, what_if
    from pairing.standings import coverage, fulfilment
    from pairing.steps import Progress, late_handovers, progress
    from pairing.tables import read_pairings, read_roster, write_pairings, write_plan, write_roster
    from pairing.tallies import totals
    from pairing.turnover import flows
    from pairing.views import View
    from pairing.visiting import DueTally, DueVisit, Silence, due_visits, overdue, silent, tally_due
    from pairing.withholding import withhold
    from pairing.wording import told, worded
    from pairing.workbooks import write_tables
    from pairing.worth import Comparison, Price, RoleChange

__version__ = "0.1.0"

__all__ = [
    "AID",
    "FESTIVALS",
    "LADDER",
    "Aided",
    "Amount",
    "AppraisalItem",
    "AppraisalPart",
    "AppraisalRules",
    "Area",
    "AreaTree",
    "ArgumentError",
    "Certificate",
    "CertificateError",
    "Change",
    "Checked",
    "ClassToClass",
    "Column",
    "Comparison",
    "Contribution",
    "Correction",
    "CountyHandover",
    "CountyHandovers",
    "CountyPlan",
    "CountyPlans",
    "Criterion",
    "Cumulative",
    "Death",
    "Departure",
    "Dissolution",
    "Distinct",
    "DueTally",
    "DueVisit",
    "Duty",
    "DutyClosed",
    "DutyOpened",
    "DutyPassed",
    "EarlierTie",
    "Effort",
    "Entry",
    "ErrorRate",
    "Excess",
    "Exit",
    "Explanation",
    "Finding",
    "FundBook",
    "HandedOver",
    "Handover",
    "HandoverFile",
    "HandoverRules",
    "HardestToHighest",
    "Helper",
    "HelperRule",
    "History",
    "Household",
    "HouseholdMerger",
    "HouseholdRule",
    "Kin",
    "Ladder",
    "LeaderRule",
    "Leave",
    "Lent",
    "Link",
    "Linked",
    "Linking",
    "LinkingRules",
    "Load",
    "Loan",
    "Mark",
    "Match",
    "Merger",
    "MissingExtra",
    "Move",
    "Muster",
    "NamedPair",
    "NextBest",
    "NotAdditive",
    "Observed",
    "Offer",
    "OpenDuty",
    "Outcome",
    "Outlook",
    "OwnLink",
    "PaidIn",
    "PaidOut",
    "PairReason",
    "Paired",
    "Pairing",
    "PairingError",
    "PartMark",
    "Passing",
    "Pick",
    "Plan",
    "Policy",
    "PolicyError",
    "Price",
    "Problem",
    "Progress",
    "Quota",
    "Rank",
    "RankChange",
    "Reason",
    "RecordError",
    "Recovery",
    "Refill",
    "Register",
    "RegisterError",
    "Relapse",
    "Relaxation",
    "Released",
    "Renaming",
    "Repaid",
    "Repair",
    "Report",
    "Retirement",
    "RetirementRule",
    "Return",
    "RoleChange",
    "Roster",
    "RosterError",
    "SameHamlet",
    "Sentence",
    "Share",
    "SharedLanguage",
    "Shortfall",
    "Silence",
    "SkillToNeed",
    "Span",
    "Split",
    "SpotCheck",
    "Standing",
    "Stay",
    "Step",
    "Stretch",
    "StruckOff",
    "Table",
    "Tally",
    "Transfer",
    "Unfilled",
    "Unfitness",
    "Unit",
    "UnitAhead",
    "Unlinked",
    "Vacancy",
    "VacancyClosed",
    "VacancyOpened",
    "View",
    "Village",
    "VisitRule",
    "VisitRules",
    "Visited",
    "WhatIf",
    "WhyNot",
    "Withheld",
    "WrittenOff",
    "YearAhead",
    "apportion",
    "appraise",
    "audit",
    "book_entries",
    "cluster_check",
    "contributions",
    "cover_counties",
    "coverage",
    "due_visits",
    "duties",
    "each_county",
    "effort",
    "error_rate",
    "fen",
    "festival",
    "flows",
    "foresee",
    "from_dict",
    "fulfilment",
    "gini",
    "late_handovers",
    "link_villages",
    "load_policy",
    "lorenz",
    "match",
    "month",
    "outcome",
    "overdue",
    "pair",
    "pair_counties",
    "pairings_frame",
    "periods",
    "programme",
    "progress",
    "read_journal",
    "read_pairings",
    "read_records",
    "read_roster",
    "record_schema",
    "relay",
    "relay_counties",
    "report",
    "roster_frames",
    "silent",
    "spot_check",
    "stacked",
    "tally_due",
    "to_date",
    "to_dict",
    "told",
    "total_counties",
    "totals",
    "what_if",
    "withhold",
    "worded",
    "write_faults",
    "write_journal",
    "write_pairings",
    "write_plan",
    "write_records",
    "write_roster",
    "write_tables",
    "year",
]

_ROOMS = """
answering: Passing Unfilled
apportioning: apportion
appraising: Mark PartMark Reason appraise
areas: Area AreaTree
auditing: Finding audit
counties: CountyHandover CountyHandovers CountyPlan CountyPlans cover_counties each_county pair_counties
    relay_counties total_counties
criteria: ClassToClass Criterion EarlierTie HardestToHighest Kin SameHamlet SharedLanguage SkillToNeed
dates: Span month periods to_date year
deeds: AID Aided Checked Lent Observed PaidIn PaidOut Repaid Visited WrittenOff
entering: book_entries
entries: Change Correction Death Departure Dissolution DutyClosed DutyOpened DutyPassed Entry Exit HandedOver
    HouseholdMerger Leave Linked Merger Move Offer Paired RankChange Recovery Refill Relapse Released Renaming
    Retirement Return Split Step StruckOff Transfer Unfitness Unlinked VacancyClosed VacancyOpened
errors: ArgumentError CertificateError MissingExtra PairingError PolicyError Problem RegisterError RosterError
evenness: Effort effort gini lorenz
faults: write_faults
festivals: FESTIVALS festival
figures: Amount Distinct NotAdditive Share Withheld fen
foreseeing: Outlook UnitAhead YearAhead foresee
framing: pairings_frame roster_frames
funds: FundBook Loan
handover: Handover HandoverFile relay
histories: OpenDuty Stay Vacancy
journal: read_journal write_journal
linking: Linking link_villages
matching: Match match
muster: Muster
owing: Contribution Duty contributions duties
people: LADDER Helper Household Ladder Link NamedPair OwnLink Pairing Rank Unit Village
plan: Load Plan
policy: Policy
programmes: load_policy programme
proof: Certificate Shortfall
proposing: pair
quotas: Quota
reasons: Explanation NextBest PairReason Standing WhyNot
records: RecordError from_dict read_records record_schema to_dict write_records
register: History Register Stretch
repairing: Excess Relaxation Repair
reporting: Report Sentence report
results: Column Table stacked
roster: Roster
rules: AppraisalItem AppraisalPart AppraisalRules Cumulative HandoverRules HelperRule HouseholdRule LeaderRule
    LinkingRules RetirementRule VisitRule VisitRules
sampling: ErrorRate Outcome Pick SpotCheck Tally cluster_check error_rate outcome spot_check
scenarios: WhatIf what_if
standings: coverage fulfilment
steps: Progress late_handovers progress
tables: read_pairings read_roster write_pairings write_plan write_roster
tallies: totals
turnover: flows
views: View
visiting: DueTally DueVisit Silence due_visits overdue silent tally_due
withholding: withhold
wording: told worded
workbooks: write_tables
worth: Comparison Price RoleChange
"""
"""By room, the public names that come from it: a room is loaded when one of its names is first asked for."""

_EDGES = ("charts", "chronicles", "frames", "store", "synthetic", "testing")
"""The rooms that callers use by their names: `pairing.charts` need not be imported first."""


def _room_of() -> dict[str, str]:
    found, room = {}, ""
    for word in _ROOMS.split():
        if word.endswith(":"):
            room = word[:-1]
        else:
            found[word] = room
    return found


_ROOM_OF = _room_of()

if not TYPE_CHECKING:  # or else every name would seem to be there

    def __getattr__(name):
        if name in _EDGES:
            return import_module(f"{__name__}.{name}")
        if name not in _ROOM_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
        return found


def __dir__() -> list[str]:
    return sorted([*__all__, *_EDGES, *(name for name in globals() if name.startswith("__"))])
