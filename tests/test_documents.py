"""The documents say what is so."""

import re
from pathlib import Path

import pytest

import pairing
from pairing.criteria import CRITERIA
from pairing.people import Rank
from pairing.plain import keys_of
from pairing.policy import Policy
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
from pairing.tables import TITLES

ROOT = Path(__file__).resolve().parent.parent
TABLES = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
POLICY = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", TITLES)
def test_every_column_is_documented(file: str) -> None:
    """docs/tables.md has a section for each file, with every title and every other title that is read."""
    section = TABLES.split(f"## {file}.csv\n")[1].split("\n## ")[0]
    for title, others in TITLES[file].items():
        assert f"`{title}`" in section
        assert all(other in section for other in others)


def test_every_policy_key_is_documented() -> None:
    """docs/policy.md names every key that a policy file may have, and every criterion."""
    rules = (HelperRule, HouseholdRule, Cumulative, LinkingRules, LeaderRule, HandoverRules, RetirementRule)
    of_years = (VisitRules, VisitRule, AppraisalRules, AppraisalItem, AppraisalPart)
    kinds = (*rules, *of_years, Rank, *CRITERIA.values())
    with pytest.raises(pairing.PolicyError) as caught:
        Policy.from_dict({"name": "x", "helpers": [{}], "more": 1})
    message = caught.value.problems[0].message
    top = message.removeprefix("wanted one of ").split(", ")
    assert "versions" in top
    for name in {*top, *CRITERIA, *(key for kind in kinds for key in keys_of(kind))}:
        assert f"`{name}`" in POLICY, name


def test_every_rule_is_documented_with_tests_that_there_are() -> None:
    """docs/rules.md has a row for each of the 37 rules, which names all the tests of that rule."""
    rows = [line.split(" | ") for line in RULES.splitlines() if re.match(r"\| [0-9]", line)]
    assert [row[0].strip("| ") for row in rows] == [str(n) for n in range(1, 38)]
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    there = re.findall(r"^def (test_rule_[0-9]+_\w+)\(", source, re.MULTILINE)
    for row in rows:
        number = row[0].strip("| ")
        named = set(re.findall(r"`(test_\w+)`", row[-1]))
        assert named
        assert named == {name for name in there if name.startswith(f"test_rule_{number}_")}


def test_every_link_between_documents_leads_somewhere() -> None:
    """A link to another file of the project names a file that is there."""
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        for target in document.read_text(encoding="utf-8").split("](")[1:]:
            path = target.split(")")[0].split("#")[0]
            if path and "://" not in path:
                assert (document.parent / path).exists(), f"{document.name}: {path}"


def test_the_versions_agree() -> None:
    """The package, the citation file and the installed distribution have one version."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {pairing.__version__}\n" in citation
