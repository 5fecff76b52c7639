"""The site has every page, every public name once, and shows nothing that is not run."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import pairing
from pairing.programmes import PROGRAMMES

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {page.relative_to(DOCS).with_suffix("").as_posix(): page for page in DOCS.rglob("*.md")}
LIST_OF_THE_REPOSITORY = "decisions/README"
"""Serves readers of the repository, as `why` does those of the site."""


def documented() -> Iterator[object]:
    """Yield what the reference documents, as often as it does."""
    for page in (DOCS / "reference").glob("*.md"):
        for kind, name in re.findall(r"^\.\. auto(\w+):: ([\w.]+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            if kind == "module":
                room = import_module(name)
                yield from (getattr(room, each) for each in room.__all__)
            else:
                where, _, short = f"pairing.{name.removeprefix('pairing.')}".rpartition(".")
                yield getattr(import_module(where), short)


def listed(name: str) -> Iterator[str]:
    """Yield the pages that the tables of contents of a page list."""
    for block in re.findall(r"```\{toctree\}\n(.*?)```", PAGES[name].read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            entry = re.sub(r".*<(.*)>", r"\1", line.strip())
            if entry and not entry.startswith(":"):
                below = (DOCS / name).parent.relative_to(DOCS).joinpath(entry).as_posix()
                found = sorted(page for page in PAGES if Path(page).match(below)) if "*" in entry else [below]
                yield from (page for page in found if page != LIST_OF_THE_REPOSITORY)


def test_every_public_name_stands_in_the_reference_once() -> None:
    """Each name at the top of the package is documented on one page of the reference, and on no other."""
    counts = Counter(map(id, documented()))
    assert {name: counts[id(getattr(pairing, name))] for name in pairing.__all__} == dict.fromkeys(pairing.__all__, 1)


def test_every_page_is_in_a_table_of_contents_once() -> None:
    """Each page but the first is listed by one table of contents, and every page that is listed is there."""
    counts = Counter(page for name in PAGES for page in listed(name))
    assert counts == Counter(PAGES.keys() - {"index", LIST_OF_THE_REPOSITORY})


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_programme_has_a_notebook(programme: str) -> None:
    """Each programme has a page that is run: it loads the policy, verifies, and reports in both languages."""
    text = PAGES[f"notebooks/{programme}"].read_text(encoding="utf-8")
    assert text.startswith("---\nfile_format: mystnb\n")
    cells = "".join(re.findall(r"```\{code-cell\} ipython3\n(.*?)```", text, re.DOTALL))
    steps = (f'pr.programme("{programme}")', ".verify()", ".shortfalls", "pr.relay(", "pr.report(", 'language="zh"')
    assert [step for step in steps if step not in cells] == []


def test_no_figure_is_kept() -> None:
    """Pictures are drawn when the site is built: none lies beside the pages."""
    kept = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*") if path.is_file() and path.suffix != ".md"}
    assert {path for path in kept if "__pycache__" not in path} == {"conf.py", "_static/site.css"}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_page_names_a_place_on_a_machine(page: str) -> None:
    """No page holds a path of the machine on which it was written."""
    text = PAGES[page].read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:home|root|tmp|work|usr|var|Users)/|[A-Z]:\\", text) == []
