"""The rooms import one way only, and the core stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pairing

SOURCE = Path(pairing.__file__).parent

LEVELS = (
    ("errors", "memory", "placing"),
    ("dates", "quotas", "markup"),
    ("festivals",),
    ("areas", "apportioning", "plain", "forms"),
    ("people", "network", "certificate", "proof", "titles", "entries"),
    ("deeds", "figures", "wording"),
    ("funds", "sampling", "results", "rules", "criteria", "roster", "classes", "histories", "lines"),
    ("contradictions", "views", "entering", "withholding", "sheets"),
    ("policy", "register", "framing"),
    ("owing", "matching", "programmes", "grounds", "muster", "steps"),
    ("visiting", "grouping", "counts"),
    ("tallies", "standings", "turnover"),
    ("evenness",),
    ("appraising", "reporting"),
    ("terms", "laying", "caseload", "findings"),
    ("checking", "sentences", "successors", "workbooks"),
    ("solving", "succession", "sources"),
    ("worth", "answering"),
    ("altering", "reasons", "handover"),
    ("explaining", "repairing", "foreseeing"),
    ("plan",),
    ("linking", "auditing", "tables"),
    ("proposing", "faults", "journal"),
    ("testing.strategies",),
    ("testing.drafts",),
    ("testing.recorded", "testing.laws"),
    ("testing.happenings",),
    ("testing.scenery",),
    ("testing.relay_laws",),
    ("testing.machine",),
    ("testing",),
    ("testing.finding",),
    ("testing.by_type",),
    ("scenarios",),
    ("synthetic", "telling", "frames", "charts", "counties"),
    ("records",),
    ("years", "liaoyang", "panjin", "store"),
    ("chronicles", "desk"),
    ("commands",),
    ("demos",),
    ("__init__",),
    ("__main__",),
)
"""The reading order, from the bottom: a room imports from lower levels only, never from its own or a higher one."""

CORE_DEPENDENCIES = {"attrs", "attr", "dateutil"}


def imports(path: Path) -> set[str]:
    """Return the names of the modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def rooms() -> dict[str, Path]:
    """Return the file of each room; `testing` has several, and `testing.laws` is one of them."""
    files = {path.stem: path for path in SOURCE.glob("*.py")}
    files.update({path.parent.name: path for path in SOURCE.glob("*/__init__.py")})
    files.update({f"testing.{path.stem}": path for path in SOURCE.glob("testing/[!_]*.py")})
    return files


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_imports_only_from_lower_levels(room: str) -> None:
    """Every room has a level, and imports nothing of its own level or a higher one."""
    level_of = {name: level for level, names in enumerate(LEVELS) for name in names}
    assert room in level_of
    for module in imports(rooms()[room]):
        top, _, rest = module.partition(".")
        if top == "pairing":
            below = (rest if rest.startswith("testing.") else rest.split(".")[0]) or "__init__"
            assert level_of[below] < level_of[room], f"{room} imports {below}"


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_needs_nothing_but_the_core_dependencies(room: str) -> None:
    """Outside the standard library the rooms import attrs and dateutil alone."""
    tops = {module.partition(".")[0] for module in imports(rooms()[room])} - {"pairing"}
    assert tops <= sys.stdlib_module_names | CORE_DEPENDENCIES | ({"hypothesis"} if "testing" in room else set())


def test_no_room_imports_what_is_for_tests() -> None:
    """Nothing in the package imports `pairing.testing`, but its own rooms."""
    for room, path in rooms().items():
        if not room.startswith("testing"):
            assert not [module for module in imports(path) if module.startswith("pairing.testing")], room


def test_no_public_name_is_that_of_a_room() -> None:
    """No public function or class bears the name of a module, so that importing either gives what it says."""
    assert not set(pairing.__all__) & set(rooms())


def test_everything_public_can_be_imported() -> None:
    """`from pairing import *` gives every name of `__all__`, which is sorted as the style asks and has no doubles."""
    namespace: dict[str, object] = {}
    exec("from pairing import *", namespace)
    assert set(pairing.__all__) <= namespace.keys()
    assert len(set(pairing.__all__)) == len(pairing.__all__)


def test_rooms_are_not_too_full() -> None:
    """A room has at most about 600 lines; a fuller one is to be split."""
    lines = {room: len(path.read_text(encoding="utf-8").splitlines()) for room, path in rooms().items()}
    assert {room: count for room, count in lines.items() if count > 620} == {}


def test_importing_opens_no_edge() -> None:
    """Importing the library loads neither the populations nor the command line, nor anything that is optional."""
    code = "import sys, pairing; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.startswith("pairing")} == {"pairing"}
    assert not loaded & {"attr", "dateutil", "numpy", "ortools", "pandas", "hypothesis"}


def test_every_public_name_is_looked_up_where_type_checkers_see_it() -> None:
    """What is loaded late is what is imported for type checkers: the same names, from the same rooms."""
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module.removeprefix("pairing.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("pairing.")
        for alias in node.names
    }
    assert seen == pairing._ROOM_OF
    assert sorted(seen) == sorted(pairing.__all__)
    assert len(pairing._ROOMS.split()) == len(seen) + len(set(seen.values()))


def test_a_name_that_is_not_there_is_told_as_python_tells_it() -> None:
    """An unknown name is an AttributeError, and `dir` has every public name."""
    with pytest.raises(AttributeError, match="module 'pairing' has no attribute 'nope'"):
        pairing.nope  # type: ignore[attr-defined] # noqa: B018
    assert set(pairing.__all__) <= set(dir(pairing))
    assert not [name for name in dir(pairing) if name.startswith("_") and not name.startswith("__")]
    code = "import pairing as pr; print(pr.charts.__name__, pr.testing.__name__, *pr.store.__all__)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "pairing.charts pairing.testing ConflictError KeptRegister StoreError\n"
