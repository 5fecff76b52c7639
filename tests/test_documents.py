"""The documents say what is so."""

from pathlib import Path

import pytest

import pairing
from pairing.policy import Policy
from pairing.tables import TITLES

ROOT = Path(__file__).resolve().parent.parent
TABLES = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
POLICY = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", TITLES)
def test_every_column_is_documented(file: str) -> None:
    """docs/tables.md has a section for each file, with every title and every other title that is read."""
    section = TABLES.split(f"## {file}.csv\n")[1].split("\n## ")[0]
    for title, others in TITLES[file].items():
        assert f"`{title}`" in section
        assert all(other in section for other in others)


def test_every_policy_key_is_documented() -> None:
    """docs/policy.md names every key that a policy file may have, and no file with others is read."""
    rule = {"floor": 0, "ceiling": 1, "ranks": [], "kinds": [], "posts": [], "unit_levels": []}
    due = {"floor": 0, "ceiling": 1, "role": "lead", "others": "support", "difficulty": 0, "source": ""}
    keys = {"name": "x", "title": "", "effective": "2012-02-08", "source": "", "aims": ["coverage", "floors"]}
    ranks = [{"id": "boss", "title": "boss"}]
    helper = {**rule, "role": "lead", "soft": False, "source": ""}
    Policy.from_dict({**keys, "ranks": ranks, "helpers": [helper], "households": [due]})
    for name in {*keys, *helper, *due, *ranks[0], "helpers", "households"}:
        assert f"`{name}`" in POLICY
    with pytest.raises(pairing.PolicyError, match="unknown-key"):
        Policy.from_dict({**keys, "helpers": [helper], "more": 1})


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
