"""The columns of each file: what they are called, and what a cell of each holds, to and from.

A column is named after the field that it fills, a span of days after its two ends.  What kind of cell it has:

- `text`: free, and taken as it is.
- `key`: a text without spaces around it, not empty; `word`: one that may be empty.
- `number`: whole, in the digits 0 to 9; `day`: YYYY-MM-DD; `flag`: yes or no.
- `items`: texts that are put apart by ";" or "；".

Some keys are one of a few words; those may be given in Chinese too, as `WORDS` has them.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pairing.dates import Span, parse_date

__all__ = [
    "BAD",
    "CALLED",
    "STAND_INS",
    "TITLES",
    "WANTED",
    "WORDS",
    "cell_of",
    "escaped",
    "field_of",
    "items_in",
    "joined",
    "kind_of",
    "title_of",
    "titles_in",
    "unescaped",
    "value_of",
]


def titles_in(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return titles, each with the others that are read in its place.

    >>> titles_in("code 编号 代码 | name 名称")
    {'code': ('编号', '代码'), 'name': ('名称',)}
    """
    return {column: tuple(others) for column, *others in map(str.split, text.split("|"))}


TITLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "areas": titles_in("code 编号 代码 | name 名称 | level 级别 层级 | parent 上级"),
    "units": titles_in("id 编号 | name 名称 | level 级别 层级 | area 所在地 | parent 上级"),
    "helpers": titles_in(
        "id 编号 | name 姓名 | unit 单位 | rank 职级 | post 职务 | kind 类别 | service_start 任职开始"
        "| service_end 任职结束 | members 人数 | skills 特长 技能 | languages 语言 | home 住村 | hamlet 村民小组"
        "| ties 旧缘 | kin 亲属 | fit 健康 在岗 | hardship 困难 | division 科室 处室"
        "| birth 出生日期 | sex 性别"
    ),
    "households": titles_in(
        "id 编号 | name 姓名 户主 | village 村 | difficulty 难度 困难程度 | persons 人口 | hamlet 村民小组 | needs 需求"
        "| registered_start 建档开始 | registered_end 建档结束 | languages 语言 | kin 亲属 | status 状态"
    ),
    "links": titles_in("unit 单位 | village 村"),
    "pairs": titles_in("helper 帮扶人 | household 贫困户 帮扶对象 | rule 规则 | score 分值 | reason 原因 理由"),
    "own_links": titles_in("helper 帮扶人 | area 联系点"),
    "villages": titles_in("code 编号 代码 | households 户数 | remoteness 偏远程度 | difficulty 难度 困难程度"),
    "pairings": titles_in("helper 帮扶人 | household 贫困户 帮扶对象 | role 角色 责任 | start 开始 | end 结束"),
    "shortfalls": titles_in("side 哪方 | missing 缺口 | wanted 应有 | available 可有 | short 缺者 | sentence 原因"),
}
"""By file, the titles of its columns, in the order in which they are written; each with the others that are read."""

CALLED: Mapping[str, tuple[str, ...]] = titles_in(
    "areas 地区 行政区划 | units 单位 | helpers 帮扶人 | households 贫困户 帮扶对象 | links 联系 联村 | pairs 指定"
    "| own_links 联系点 | villages 村情 村 | pairings 结对 | shortfalls 缺口"
)
"""What a sheet of a workbook is called: by the English name, as a file has it, the others that are read."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "level": {
        "省": "province",
        "市": "prefecture",
        "县": "county",
        **dict.fromkeys(("乡镇", "乡", "镇"), "township"),
        **dict.fromkeys(("村", "社区"), "village"),
    },
    "kind": {"干部": "cadre", "工作队": "team", "社会团体": "group", "业主": "owner"},
    "rule": {"锁定": "locked", "回避": "excluded", "优先": "preferred"},
    "sex": {"女": "f", "男": "m"},
    "role": {"责任人": "lead", "协助": "support"},
}
"""By column, the Chinese words that are read; written are the English ones."""


_KINDS = {
    **dict.fromkeys(("name", "post", "hamlet", "reason", "sentence"), "text"),
    **dict.fromkeys(("home", "status", "division", "sex"), "word"),
    **dict.fromkeys(("difficulty", "persons", "members", "score", "households", "remoteness"), "number"),
    **dict.fromkeys(("missing", "wanted", "available"), "number"),
    **dict.fromkeys(("skills", "needs", "languages", "ties", "kin", "short"), "items"),
    **dict.fromkeys(("fit", "hardship"), "flag"),
    "birth": "day",
}

WANTED = {
    "number": ("bad-number", "a whole number, in at most 100 of the digits 0 to 9"),
    "day": ("bad-date", "a day that exists, as YYYY-MM-DD"),
    "flag": ("bad-yes-no", "yes or no (or 是 or 否, true or false, 1 or 0)"),
    "text": ("bad-type", "a text"),
    "word": ("bad-key", "a text that has no spaces around it"),
    "key": ("bad-key", "a text that is not empty and has no spaces around it"),
}
"""By kind, the code of the problem of a bad cell, and what was wanted."""

STAND_INS: Mapping[str, Any] = {"number": 1, "day": None, "flag": True}
"""By kind, a value that is in order, to stand for a cell that could not be read."""

BAD = object()
"""What `value_of` returns for a cell that cannot be read."""

_FLAGS = {
    **dict.fromkeys(("yes", "是", "true", "1"), True),
    **dict.fromkeys(("no", "否", "false", "0"), False),
}
_HUGE = 10**100
_WHOLE = re.compile(r"-?[0-9]{1,100}", re.ASCII)

# One apostrophe is put before what matches the first and taken from what matches the second, and nothing else is
# touched: so texts that begin with apostrophes of their own survive too.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]|'+\Z")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]|'+\Z")
_ITEM = re.compile(r"(?:\\.|[^;；])+", re.DOTALL)
_LITERAL = re.compile(r"\\(.)", re.DOTALL)
_NOT_LITERAL = re.compile(r"[;；\\]|\A\s|\s\Z")
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|\s*[\r\n]\s*")


def field_of(column: str) -> str:
    """Return the field that a column belongs to: the two columns of a span are one.

    >>> field_of("service_end"), field_of("start"), field_of("rank")
    ('service', 'span', 'rank')
    """
    return "span" if column in ("start", "end") else column.removesuffix("_start").removesuffix("_end")


def kind_of(column: str) -> str:
    """Return the kind of cell that a column has.

    >>> kind_of("service_end"), kind_of("birth"), kind_of("fit"), kind_of("rank")
    ('day', 'day', 'flag', 'key')
    """
    return "day" if field_of(column) != column else _KINDS.get(column, "key")


def title_of(text: object) -> str:
    r"""Return a title as it is looked up: in small letters, without spaces around it, line ends or hidden characters.

    >>> title_of(" ID"), title_of("任职\n开始"), title_of("\ufeffcode\u200b"), title_of(7)
    ('id', '任职开始', 'code', '')
    """
    return _HIDDEN.sub("", text).strip().casefold() if isinstance(text, str) else ""


def escaped(text: str) -> str:
    """Return a text with an apostrophe before it, if it would be taken for a formula, or loses one as it is read.

    >>> escaped("=1+1"), escaped("'=1"), escaped("'tis"), escaped("'")
    ("'=1+1", "''=1", "'tis", "''")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that keeps it from being a formula.

    >>> unescaped("'=1+1"), unescaped("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if _ESCAPED.match(cell) else cell


def value_of(kind: str, cell: str) -> Any:
    r"""Return the value of a cell that is not empty and has a number, a day, a flag or items; `BAD` if it has none.

    >>> value_of("number", " 12 "), value_of("flag", "否"), value_of("flag", "perhaps") is BAD
    (12, False, True)
    >>> sorted(value_of("items", "路; 水")), sorted(value_of("items", "路；水")), sorted(value_of("items", r"路\；水"))
    (['水', '路'], ['水', '路'], ['路；水'])
    """
    text = cell.strip()
    if kind == "number":
        return int(text) if _WHOLE.fullmatch(text) else BAD
    if kind == "day":
        return parse_date(text) or BAD
    if kind == "flag":
        return _FLAGS.get(text.lower(), BAD)
    return frozenset(items_in(cell))


def items_in(cell: str) -> list[str]:
    r"""Return the items of a cell in their order.

    >>> items_in("路; 水；路;"), items_in(r"路\；水"), items_in("'=a;b")
    (['路', '水', '路'], ['路；水'], ['=a', 'b'])
    """
    items = unescaped(cell)
    if "\\" in items:
        return [_LITERAL.sub(r"\1", item) for item in _ITEM.findall(items)]
    return list(filter(None, map(str.strip, items.replace("；", ";").split(";"))))


def joined(items: Iterable[str]) -> str:
    r"""Return the cell of items, from which `items_in` reads them again; each must have a character at least.

    >>> joined(["路；水", "屋"]), joined(["=a"])
    ('路\\；水;屋', "'=a")
    """
    return escaped(";".join(_NOT_LITERAL.sub(r"\\\g<0>", item) for item in items))


def cell_of(kind: str, column: str, optional: bool, value: Any) -> str | None:
    r"""Return the cell of a value (optional: it may be None), or None if it has none from which it could be read again.

    >>> cell_of("items", "needs", False, frozenset({"路；水", "屋"})), cell_of("flag", "fit", False, True)
    ('屋;路\\；水', 'yes')
    >>> cell_of("text", "name", False, "=1+1"), cell_of("text", "post", True, ""), cell_of("key", "id", False, " ")
    ("'=1+1", "'", None)
    >>> cell_of("day", "birth", True, date(1952, 3, 1)), cell_of("day", "service_end", True, Span(date(2012, 2, 8)))
    ('1952-03-01', '')
    """
    if value is None and optional:
        return ""
    if kind == "number":
        return str(value) if type(value) is int and -_HUGE < value < _HUGE else None
    if kind == "day":
        if isinstance(value, Span):
            value = value.start if column.endswith("start") else value.end or ""
        return str(value) if value == "" or type(value) is date else None
    if kind == "flag":
        return "yes" if value else "no"
    if kind == "items":
        return joined(sorted(value))
    if not isinstance(value, str) or (kind in ("key", "word") and value != value.strip()):
        return None
    if value == "" and (optional or kind == "key"):
        return "'" if kind == "text" else None
    return escaped(value)
