"""Runs the examples in README.md and docs/ with the tests."""

from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    path=str(Path(__file__).resolve().parent.parent),
    patterns=["README.md", "docs/*.md", "docs/howto/*.md", "docs/decisions/*.md"],
).pytest()
