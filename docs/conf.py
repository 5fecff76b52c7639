"""How the site is built: `python -m sphinx -W --keep-going -b html docs OUT`, with the extra `docs`."""

import ast
import inspect
import re
import textwrap
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain

import pairing

project = "pairing"
author = "The pairing developers"
project_copyright = author
version = release = pairing.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc"]
html_theme = "furo"
exclude_patterns = ["decisions/README.md"]  # its list, for readers of the repository, is that of `why`
html_title = f"pairing {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_last_updated_fmt = None
pygments_style = "friendly"
pygments_dark_style = "monokai"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True

default_role = "py:obj"  # what is known becomes a link, all else is code
add_module_names = False
python_maximum_signature_line_length = 72
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True  # as they are written: `ladder=LADDER`


def with_slots_told(cls: type) -> None:
    """Give what is computed once and kept in a slot its docstring, which a slotted class has lost."""
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(body, ast.ClassDef)
    functions = (item for item in body.body if isinstance(item, ast.FunctionDef))
    told = {item.name: ast.get_docstring(item) for item in functions if item.name in cls.__dict__.get("__slots__", ())}
    if told:
        cls.__slots__ = dict.fromkeys(cls.__slots__) | told  # type: ignore[attr-defined]


class Unsaid:
    """Stands in a signature for a default that would take too long to tell."""

    def __repr__(self) -> str:
        return "..."


def short_signature(cls: type) -> inspect.Signature:
    """Return the signature without long defaults: where attrs makes it, they stand nowhere as they are written."""
    signature = inspect.signature(cls)
    parameters = [
        each if each.default is each.empty or len(repr(each.default)) <= 24 else each.replace(default=Unsaid())
        for each in signature.parameters.values()
    ]
    return signature.replace(parameters=parameters)


def of_the_top(app: Sphinx, env: Any, node: nodes.Element, content: nodes.Element) -> nodes.Node | None:
    """Find `pairing.roster.Roster`, as types have it, where it is documented: as `pairing.Roster`."""
    name = str(node.get("reftarget", "")).rpartition(".")[2]
    domain = env.get_domain("py")
    assert isinstance(domain, PythonDomain)
    if node.get("refdomain") != "py" or name not in pairing.__all__ or f"pairing.{name}" not in domain.objects:
        return None
    builder, source = app.builder, node["refdoc"]
    return domain.resolve_xref(env, source, builder, "obj", f"pairing.{name}", node, content)


def from_markdown(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Turn what docstrings have of Markdown into what autodoc reads: tables, and the code of arguments."""
    for n, line in enumerate(lines):
        if re.fullmatch(r"[|:\- ]*---[|:\- ]*", line):
            lines[n - 1 : n + 1] = [".. csv-table::", "   :header-rows: 1", "   :delim: |", "", lines[n - 1]]
    lines[:] = [re.sub(r"^\| ?(.*?) ?\|$", r"   \1", line) for line in lines]
    arguments = "|".join(inspect.signature(thing).parameters) if callable(thing) else ""
    if arguments:  # they are code, and no links to functions of the same name
        lines[:] = [re.sub(rf"(?<!`)`({arguments})`(?!`)", r"``\1``", line) for line in lines]


def without_last_lines(app: Sphinx, doctree: nodes.document) -> None:
    """Leave out the empty line that an example needs at its end to be run."""
    for block in doctree.findall(nodes.literal_block):
        block.rawsource = block.astext().rstrip("\n")
        block[:] = [nodes.Text(block.rawsource)]


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("missing-reference", of_the_top)
    app.connect("autodoc-process-docstring", from_markdown)
    app.connect("doctree-read", without_last_lines)
    classes = [thing for name in pairing.__all__ if isinstance(thing := getattr(pairing, name), type)]
    for cls, signature in [(cls, short_signature(cls)) for cls in classes]:  # all, before any inherits one
        cls.__signature__ = signature  # type: ignore[attr-defined]
        with_slots_told(cls)
