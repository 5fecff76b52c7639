"""Paired assistance (结对帮扶): who is responsible for which household, under quotas, with proof.

Read in this order: `people` and `roster` (who there is), `rules`, `criteria` and `policy` (what is asked for),
`linking` (which units go to which villages), `proposing` (who helps whom), `plan` (the answer, and why it is so),
`scenarios` (what if), `auditing` (what is wrong with a book).  `matching` is the same engine without cadres.
"""

from pairing.apportioning import apportion
from pairing.areas import Area, AreaTree
from pairing.auditing import Finding, audit
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
from pairing.errors import ArgumentError, CertificateError, PairingError, PolicyError, Problem, RosterError
from pairing.linking import Linking, link_villages
from pairing.matching import Match, match
from pairing.owing import Contribution, Duty, contributions, duties
from pairing.people import LADDER, Helper, Household, Ladder, Link, NamedPair, OwnLink, Pairing, Rank, Unit, Village
from pairing.plan import Load, Plan, Share
from pairing.policy import Policy
from pairing.programmes import load_policy, programme
from pairing.proof import Certificate, Shortfall
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.reasons import Explanation, NextBest, PairReason, Standing, WhyNot
from pairing.repairing import Excess, Relaxation, Repair
from pairing.roster import Roster
from pairing.rules import Cumulative, HelperRule, HouseholdRule, LeaderRule, LinkingRules
from pairing.scenarios import WhatIf, what_if
from pairing.tables import read_pairings, read_roster, write_pairings, write_plan, write_roster
from pairing.worth import Comparison, Price, RoleChange

__version__ = "0.1.0"

__all__ = [
    "LADDER",
    "Area",
    "AreaTree",
    "ArgumentError",
    "Certificate",
    "CertificateError",
    "ClassToClass",
    "Comparison",
    "Contribution",
    "Criterion",
    "Cumulative",
    "Duty",
    "EarlierTie",
    "Excess",
    "Explanation",
    "Finding",
    "HardestToHighest",
    "Helper",
    "HelperRule",
    "Household",
    "HouseholdRule",
    "Kin",
    "Ladder",
    "LeaderRule",
    "Link",
    "Linking",
    "LinkingRules",
    "Load",
    "Match",
    "NamedPair",
    "NextBest",
    "OwnLink",
    "PairReason",
    "Pairing",
    "PairingError",
    "Plan",
    "Policy",
    "PolicyError",
    "Price",
    "Problem",
    "Quota",
    "Rank",
    "Relaxation",
    "Repair",
    "RoleChange",
    "Roster",
    "RosterError",
    "SameHamlet",
    "Share",
    "SharedLanguage",
    "Shortfall",
    "SkillToNeed",
    "Span",
    "Standing",
    "Unit",
    "Village",
    "WhatIf",
    "WhyNot",
    "apportion",
    "audit",
    "contributions",
    "duties",
    "link_villages",
    "load_policy",
    "match",
    "month",
    "pair",
    "periods",
    "programme",
    "read_pairings",
    "read_roster",
    "to_date",
    "what_if",
    "write_pairings",
    "write_plan",
    "write_roster",
    "year",
]
