"""Pages for notebooks: one way to make a table, a list and a line of HTML, whatever is shown.

A page takes its colours from where it stands, so that it is legible in light and dark; lines are thin and half
transparent.  Every text is escaped, and what could be an identity number is taken out.  Tables follow the advice of the
W3C (https://www.w3.org/WAI/tutorials/tables/): a caption, and heads that say whether they stand for a row or a column.
"""

from collections.abc import Collection, Iterable, Iterator
from html import escape
from itertools import groupby, islice
from typing import TypeVar

from pairing.errors import bare, masked

__all__ = ["MOST_LINES", "MOST_ROWS", "html_lines", "html_list", "html_page", "html_table", "html_text"]

MOST_ROWS = 50
"""So many rows of a table are shown, and how many more there are."""

MOST_LINES = 20
"""So many lines of a list are shown, and how many more there are."""

_STYLE = (
    "<style>"
    "div.pairing{overflow-x:auto}"
    "div.pairing table{border-collapse:collapse;table-layout:auto;width:auto;margin:.4em 0 1em 0}"
    "div.pairing caption{caption-side:top;text-align:left;font-weight:bold;color:inherit;padding:.2em 0;"
    "white-space:nowrap}"
    "div.pairing th,div.pairing td{padding:.2em .8em .2em 0;text-align:right;vertical-align:top;border:0;"
    "border-bottom:thin solid rgba(128,128,128,.4);white-space:nowrap;font-variant-numeric:tabular-nums}"
    "div.pairing tbody th{font-weight:normal}"
    "div.pairing tfoot th,div.pairing tfoot td{font-weight:bold;border-bottom:0}"
    'div.pairing th[scope="row"],div.pairing .words{text-align:left}'
    "div.pairing td.words{white-space:normal;min-width:8em;max-width:40em}"
    "</style>"
)
_START, _END = f'<div class="pairing">{_STYLE}', "</div>"

_Thing = TypeVar("_Thing")


def html_page(*parts: str) -> str:
    """Return parts, each already HTML, as one page, with the style that they share; a part may be a page itself.

    >>> page = html_page(html_text("ours"), html_page(html_text("theirs")))
    >>> page.count("<style>"), page.endswith("</style><p>ours</p><p>theirs</p></div>")
    (1, True)
    """
    inner = (part.removeprefix(_START).removesuffix(_END) if part.startswith(_START) else part for part in parts)
    return f"{_START}{''.join(inner)}{_END}"


def html_text(text: str, tag: str = "p") -> str:
    """Return a text as an element: a paragraph, or another by its tag.

    >>> html_text("<b> 110105194912310021"), html_text("工作报告", "h3")
    ('<p>&lt;b&gt; &lt;identity number&gt;</p>', '<h3>工作报告</h3>')
    """
    return f"<{tag}>{_escaped(text)}</{tag}>"


def html_lines(text: str) -> str:
    """Return a text line by line: paragraphs, and lists of the lines that are indented or begin with "- ".

    >>> html_lines("why:\\n- near & dear\\n  at no cost\\nso it is")
    '<p>why:</p><ul><li>near &amp; dear</li><li>at no cost</li></ul><p>so it is</p>'
    """
    runs = groupby(text.splitlines(), key=lambda line: line.startswith(("- ", " ")))
    return "".join(
        html_list(lines, len(lines)) if listed else "".join(map(html_text, lines))
        for listed, lines in ((listed, [line.strip().removeprefix("- ") for line in run]) for listed, run in runs)
    )


def html_list(lines: Iterable[str], most: int = MOST_LINES) -> str:
    """Return lines as a list, cut after the first so many; its last line then says how many more there are.

    >>> html_list(["a & b", "c", "d"], most=2)
    '<ul><li>a &amp; b</li><li>c</li><li>… and 1 more</li></ul>'
    >>> html_list([])
    ''
    """
    first, more = _cut(lines, most)
    if more:
        first.append(f"… and {more:,} more")
    return f"<ul>{''.join(html_text(line, 'li') for line in first)}</ul>" if first else ""


def html_table(
    heads: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    caption: str = "",
    foot: Iterable[object] = (),
    named: int = 1,
    words: Collection[int] = (),
    most: int = MOST_ROWS,
    more: str = "… and {} more",
) -> str:
    """Return a table: its caption, its heads, a line for each row and, if there is one, the foot.

    - The first `named` cells of a row say what the row is about; the foot has one name over all of them.
    - `words` are the positions of other columns that hold words: these stand to the left, figures to the right.
    - A whole number gets commas, and None is a dash; anything else is shown as its text.
    - It is cut after the first `most` rows; a line of text then says how many more there are, as in `more`.

    >>> html_table(["村", "persons"], [["上坪村", 1200], ["下坪村", 3]], most=1).removeprefix("<table><thead>")
    '<tr><th scope="col" class="words">村</th><th scope="col">persons</th></tr></thead>\
<tbody><tr><th scope="row">上坪村</th><td>1,200</td></tr></tbody></table><p>… and 1 more</p>'
    """
    first, others = _cut(rows, most)
    head = "".join(
        _cell("th", name, ' scope="col"' + ' class="words"' * (n < named or n in words)) for n, name in enumerate(heads)
    )
    body = "".join(f"<tr>{_row(row, named, words)}</tr>" for row in first)
    last = list(foot)
    if last:
        across = f' scope="row" colspan="{named}"' if named > 1 else ' scope="row"'
        cells = _cell("th", last[0], across) + _row(last[1:], 0, [n - named for n in words])
        body_end = f"<tfoot><tr>{cells}</tr></tfoot>"
    else:
        body_end = ""
    return (
        f"<table>{html_text(caption, 'caption') if caption else ''}<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody>{body_end}</table>{html_text(more.format(f'{others:,}')) if others else ''}"
    )


def _row(cells: Iterable[object], named: int, words: Collection[int]) -> str:
    return "".join(
        _cell("th", cell, ' scope="row"') if n < named else _cell("td", cell, ' class="words"' * (n in words))
        for n, cell in enumerate(cells)
    )


def _cell(tag: str, value: object, attributes: str) -> str:
    text = "-" if value is None else f"{value:,}" if type(value) is int else str(value)
    return f"<{tag}{attributes}>{_escaped(text)}</{tag}>"


def _escaped(text: str) -> str:
    return escape(bare(masked(text)))


def _cut(things: Iterable[_Thing], most: int) -> tuple[list[_Thing], int]:
    """Return the first so many things, and how many more there are."""
    rest: Iterator[_Thing] = iter(things)
    first = list(islice(rest, most))
    return first, sum(1 for _ in rest)
