"""Paired assistance (结对帮扶): who is responsible for which household, under quotas, with proof.

Read in this order: `people` and `roster` (who there is), `policy` (what is asked for), `proposing` (who helps whom),
`plan` (the answer), `auditing` (what is wrong with a book).  `matching` is the same engine without cadres.
"""

from pairing.areas import Area, AreaTree
from pairing.auditing import Finding, audit
from pairing.dates import Span, month, periods, to_date, year
from pairing.errors import ArgumentError, CertificateError, PairingError, PolicyError, Problem, RosterError
from pairing.matching import Match, match
from pairing.people import LADDER, Helper, Household, Ladder, Link, NamedPair, Pairing, Rank, Unit
from pairing.plan import Load, Plan, Share
from pairing.policy import Policy
from pairing.rules import HelperRule, HouseholdRule
from pairing.programmes import load_policy, programme
from pairing.proof import Certificate, Shortfall
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.tables import read_pairings, read_roster, write_pairings, write_plan, write_roster

__version__ = "0.1.0"

__all__ = [
    "LADDER",
    "Area",
    "AreaTree",
    "ArgumentError",
    "Certificate",
    "CertificateError",
    "Finding",
    "Helper",
    "HelperRule",
    "Household",
    "HouseholdRule",
    "Ladder",
    "Link",
    "Load",
    "Match",
    "NamedPair",
    "Pairing",
    "PairingError",
    "Plan",
    "Policy",
    "PolicyError",
    "Problem",
    "Quota",
    "Rank",
    "Roster",
    "RosterError",
    "Share",
    "Shortfall",
    "Span",
    "Unit",
    "audit",
    "load_policy",
    "match",
    "month",
    "pair",
    "periods",
    "programme",
    "read_pairings",
    "read_roster",
    "to_date",
    "write_pairings",
    "write_plan",
    "write_roster",
    "year",
]
