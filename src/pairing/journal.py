"""Entries of a register as rows of one table, so that an office can keep what changes in a spreadsheet.

The first column says of which kind an entry is, the others are the fields of all kinds; a row fills those of its own
kind.  Several ids in a cell are put apart by ";".  A correction has in its row the fields of the entry that it takes
back: `of` is the kind of that entry, `of_id` and `of_reason` its own id and reason.  Where a correction takes back
another correction, `of` has all kinds from that one down to the entry, put apart by ";", and so have the other two.

Titles, kinds and words are read in Chinese too; written are the English ones.
"""

import csv
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

import attrs

from pairing.deeds import RECORDED
from pairing.entries import DEEPEST, Correction, Entry
from pairing.errors import ArgumentError, Problem, RegisterError, RosterError, shown
from pairing.framing import cells_in
from pairing.memory import no_collection
from pairing.placing import saved
from pairing.register import check_fields
from pairing.sheets import Fault, Sheet, cells_of, is_blank, is_unfit, text_of
from pairing.sources import file_cells, sheet_cells
from pairing.tables import put
from pairing.titles import BAD, WORDS, cell_of, escaped, items_in, joined, title_of, titles_in, unescaped, value_of
from pairing.workbooks import cell_in, is_workbook, opened

__all__ = ["ENTRY_KINDS", "ENTRY_TITLES", "ENTRY_WORDS", "entries_by_row", "read_journal", "write_journal"]

ENTRY_TITLES = titles_in(
    "kind 种类 类别 事项 | on 日期 生效日期 | id 编号 | household 贫困户 帮扶对象 | helper 帮扶人"
    "| helpers 走访人 帮扶人员 | giver 移交人 捐助人 | takers 接手人 | role 责任 角色 | reason 原因 理由 | unit 单位"
    "| village 村 | rank 职级 | post 职务 | division 科室 处室 | name 名称 | into 并入 分为 | until 截止日期"
    "| notified 公示日期 | watch 监测期至 | step 交接步骤 | override 特批 | instead 新结对户 | waiver 免接说明"
    "| duty 未了事项 | bearer 承担人 | what 内容 | due 期限 到期日 | kept 已履行 | channel 走访方式 方式"
    "| tasks 走访事项 任务 | aid 帮扶款物 款物 | amount 数量 金额 | mark 约数 | value 物资折价 折价"
    "| value_mark 折价约数 | fund 扶贫周转金 周转金 | source 来源 | loan 借款 借款编号 | guarantor 担保人"
    "| check 抽查 抽查编号 | result 抽查结果 结果 | of 更正种类 | of_id 更正编号 | of_reason 更正原由"
)
"""The titles of the columns, in the order in which they are written; each with the others that are read."""

ENTRY_KINDS: Mapping[str, tuple[str, ...]] = titles_in(
    "Paired 结对 | Released 解除结对 | HandedOver 交接 | VacancyOpened 空缺 | VacancyClosed 补缺 | Step 交接步骤"
    "| Linked 联村 | Unlinked 解除联村 | DutyOpened 新增事项 | DutyPassed 转交事项 | DutyClosed 办结事项"
    "| Offer 认领申请 主动认领 | Retirement 退休 | Death 去世 死亡 | Departure 离职 | Transfer 调动 | Leave 请假"
    "| Return 销假 | Unfitness 不在岗 | Recovery 复岗 | RankChange 职级变动 | Merger 单位合并 | Dissolution 单位撤销"
    "| Renaming 单位更名 | Exit 脱贫 脱贫退出 | Relapse 返贫 | Move 搬迁 | Split 分户 | HouseholdMerger 并户"
    "| StruckOff 销户 | Correction 更正 | Visited 走访 | Aided 捐助 帮扶 | PaidIn 拨入 | PaidOut 拨出 | Lent 借出 借款"
    "| Repaid 归还 还款 | WrittenOff 核销 | Observed 登记情况 | Checked 抽查"
)
"""The kinds of entries, each with the others that are read."""

ENTRY_WORDS: Mapping[str, Mapping[str, str]] = {
    "channel": {
        "入户": "in person",
        "电话": "telephone",
        "短信": "message",
        "书信": "letter",
        "贺卡": "card",
        "传单": "leaflet",
    },
    "aid": {
        "现金": "money",
        "粮食": "food",
        "生产资料": "materials",
        "衣物": "clothing",
        "物品": "goods",
        "住房": "housing",
        "治病": "treatment",
        "项目": "project",
        "就业": "job",
        "助学": "schooling",
    },
    "mark": {"准确": "exact", "超过": "over", "近": "nearly", "约": "about"},
    "what": {
        "回访": "revisit",
        "担保": "guarantee",
        "帮扶措施": "measure",
        "收入": "income",
        "债务": "debt",
        "人口": "persons",
    },
    "step": {
        "提出": "proposed",
        "接受": "accepted",
        "谢绝": "declined",
        "共同走访": "visited",
        "完成": "completed",
        "失效": "lapsed",
    },
    "result": {"属实": "fine", "不实": "wrong", "未联系上": "not reached"},
    "role": WORDS["role"],
}
"""By column, the Chinese words that are read where a field is one of a few; `value_mark` has those of `mark`."""

_CLASSES: Mapping[str, type[Entry]] = {kind.__name__: kind for kind in RECORDED}
_BY_TITLE = {title_of(title): _CLASSES[name] for name, others in ENTRY_KINDS.items() for title in (name, *others)}
_KINDS = {
    **dict.fromkeys(("id", "optional id"), "key"),
    **dict.fromkeys(("text", "optional text", "optional"), "text"),
    **dict.fromkeys(("day", "optional day"), "day"),
    **dict.fromkeys(("amount", "optional amount"), "number"),
    "ids": "items",
    "flag": "flag",
    "word": "word",
}
"""By what a field of an entry holds, the kind of its cell."""
_WANTED = {
    "number": ("bad-number", "a whole number, in at most 100 of the digits 0 to 9"),
    "day": ("bad-date", "a day that exists, as YYYY-MM-DD"),
    "flag": ("bad-yes-no", "yes or no (or 是 or 否, true or false, 1 or 0)"),
}
_SHEETS = ("台账", "登记簿")
_OF = ("of", "of_id", "of_reason")
_FIELDS = {kind: {at.name: at for at in attrs.fields(kind)} for kind in RECORDED}
_TOKEN = re.compile(r"\\.|[;；]|[^\\;；]+|\\", re.DOTALL)

_IN_ORDER: Mapping[str, Any] = {"id": "x", "text": "x", "day": date.min, "amount": 1, "optional amount": 0}
"""By what a field holds, a value that is in order, to stand for one that is missing."""

_Tell = Callable[[str, str, str], None]
"""Tells of a fault in a row: its code, its message, the column."""


def read_journal(source: Any) -> tuple[Entry, ...]:
    """Return the entries that a table holds, in the order of its rows.

    >>> import tempfile
    >>> from datetime import date
    >>> from pairing.entries import Paired
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "journal.csv")
    ...     with open(path, "w", encoding="utf-8") as file:
    ...         _ = file.write("种类,日期,帮扶人,贫困户\\n退休,2013-06-30,c-17,\\n")
    ...         _ = file.write("结对,2013-07-01,c-18,h-204\\n")
    ...     read_journal(path)
    (Retirement('c-17', on=2013-06-30), Paired('c-18', 'h-204', on=2013-07-01))

    `source` is a CSV file (it may be gzipped), a workbook (.xlsx, .xlsm, .xls, .ods; extra `excel`) with one sheet or
    with a sheet "journal" (台账, 登记簿), or a data frame (extra `frames`).  Cells are as in the tables of a roster.
    An empty cell, or a column that is not there, stands for the default of the field.  Whether a register takes the
    entries is not asked: `Register.record` does.

    Raises `RegisterError` with everything that is wrong, each with its file, row and column (in a frame, rows are
    counted from 0): unknown kinds and words, cells that are filled although the kind has no such field, fields that are
    empty and must not be, identity numbers; `ArgumentError` where the source is none.
    """
    return tuple(entry for _, entry in entries_by_row(source))


def entries_by_row(source: Any) -> list[tuple[int, Entry]]:
    """Return the entries that a table holds as `read_journal` does, each with its row."""
    with no_collection():
        sheet = Sheet("journal", "journal", columns=ENTRY_TITLES, required=frozenset({"kind", "on"}))
        cells = _cells(sheet, source)
        entries = [] if cells is None else list(_entries(sheet, cells))
    if sheet.problems:
        raise RegisterError(sheet.in_order())
    return entries


def write_journal(entries: Iterable[Entry], path: str | os.PathLike[str]) -> None:
    """Write entries as the rows of one table: a CSV file, or a workbook (.xlsx; extra `excel`).

    >>> import tempfile
    >>> from datetime import date
    >>> from pairing.entries import Retirement
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "journal.csv")
    ...     write_journal([Retirement("c-17", on=date(2013, 6, 30))], path)
    ...     with open(path, encoding="utf-8-sig") as file:
    ...         print(file.read().strip())
    ...     read_journal(path)
    kind,on,helper
    Retirement,2013-06-30,c-17
    (Retirement('c-17', on=2013-06-30),)

    Written are the columns that some entry fills, so that few kinds of entries make few columns; a field that has its
    default is empty.  What is written is read back the same, by `read_journal`.  The texts that people write (reasons)
    are written as they are.  All is written or nothing.

    Raises `RegisterError` for what is no entry that a register takes, and for texts that could not be read back;
    `ArgumentError` where the path does not end in .csv or .xlsx; `RosterError` where writing fails.
    """
    target = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(target, str) or "\0" in target or not target.lower().endswith((".csv", ".xlsx")):
        raise ArgumentError("bad-type", f"wanted a path ending in .csv or .xlsx, got {shown(path)}", "path")
    if not isinstance(entries, Iterable) or isinstance(entries, str):
        raise ArgumentError("bad-type", f"wanted entries, got {shown(entries)}", "entries")
    file, problems = os.path.basename(target), list[Problem]()

    def tell(row: int, code: str, message: str, field: str = "") -> None:
        problems.append(Problem(code, message, file, row, field))

    rows: list[dict[str, Any]] = []
    with no_collection():
        for row, entry in enumerate(entries, 2):
            if type(entry) not in RECORDED:
                tell(row, "bad-type", f"wanted an entry to record, got {shown(entry)}")
            elif check_fields(entry, row, tell):
                cells = _row(entry, target)
                for column, cell in cells.items():
                    if isinstance(cell, str) and is_unfit(cell):
                        wanted = "wanted no NUL and no half of a surrogate pair, and not as long"
                        tell(row, "unwritable", f"{wanted}, got {len(cell):,} characters", column)
                rows.append(cells)
    if problems:
        raise RegisterError(problems)
    filled = {"kind", "on"}.union(*rows)
    columns = [[title, *(cells.get(title, "") for cells in rows)] for title in ENTRY_TITLES if title in filled]
    if is_workbook(target):
        put(target, {"journal": columns})
        return
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(zip(*columns, strict=True))
    if fault := saved(os.path.abspath(target), text.getvalue().encode("utf-8-sig")):
        raise RosterError([Problem("cannot-write", f"wanted to write a file; got {fault}", target)])


# --- reading


def _cells(sheet: Sheet, source: Any) -> dict[str, Sequence[Any]] | None:
    if not isinstance(source, str | os.PathLike):
        return _cells_of_frame(sheet, source)
    path = os.fspath(source)
    if not isinstance(path, str) or not path or "\0" in path:
        raise ArgumentError("bad-type", f"wanted the path of a file, or a frame, got {shown(source)}", "source")
    sheet.file = os.path.basename(path)
    if not is_workbook(path):
        if os.path.lexists(path):
            return file_cells(sheet, path)[1]
        sheet.tell("missing-file", "wanted a file, got none")
        return None
    book = opened(path)
    if isinstance(book, Problem):
        sheet.problems.append(book)
        return None
    named = [name for name in book.names if title_of(name) in ("journal", *_SHEETS)]
    found = book.names if len(book.names) == 1 else named
    if len(found) != 1:
        got = f"{len(found)} that are called so" if found else "none"
        sheet.tell(
            "two-sheets" if found else "missing-sheet", f"wanted one sheet journal (or {', '.join(_SHEETS)}), got {got}"
        )
        return None
    sheet.called = found[0]
    return sheet_cells(sheet, book)


def _cells_of_frame(sheet: Sheet, frame: object) -> dict[str, Sequence[Any]] | None:
    sheet.plain = True
    cells = cells_in(frame)
    if isinstance(cells, str):
        raise ArgumentError("bad-type", f"wanted the path of a file, or a frame, got {cells}", "source")
    titles, columns = cells
    body = list(zip(*columns, strict=True))
    return cells_of(sheet, None, titles, range(len(body)), body)


def _entries(sheet: Sheet, cells: Mapping[str, Sequence[Any]]) -> Iterable[tuple[int, Entry]]:
    for row, record in zip(sheet.rows, zip(*cells.values(), strict=True), strict=True):
        if row in sheet.told_rows:
            continue
        before = len(sheet.problems)

        def tell(code: str, message: str, column: str, row: int = row) -> None:
            if not sheet.told(row, column):
                sheet.tell(code, message, row, column)
                sheet.told_cells.add((row, column))

        filled = {
            column: escaped(cell) if sheet.plain and isinstance(cell, str) else cell
            for column, cell in zip(cells, record, strict=True)
            if cell != "" and (isinstance(cell, str) or not is_blank(cell))
        }
        entry = _entry(filled, tell)
        if entry is not None and len(sheet.problems) == before:
            yield row, entry


def _entry(filled: dict[str, Any], tell: _Tell) -> Entry | None:
    """Return the entry of a row, by the cells that are filled; tell what is wrong with it."""
    root = _kind(filled.pop("kind", None), "kind", tell)
    ids, reasons = [_text(filled.pop("id", ""), "id", tell)], [""]
    if root is Correction:
        kinds = [_kind(name, "of", tell) for name in _parts(filled.pop("of", ""), "of", tell) or [""]]
        root, depth = kinds[-1], len(kinds)
        if root is Correction or any(kind not in (Correction, None) for kind in kinds[:-1]) or depth > DEEPEST:
            wanted = f"at most {DEEPEST - 1} corrections down to an entry that is none"
            tell("bad-correction", f"wanted {wanted}, got others", "of")
            return None
        reasons = [_text(filled.pop("reason", ""), "reason", tell)]
        for column, of_it in (("of_id", ids), ("of_reason", reasons)):
            parts = _parts(filled.pop(column, ""), column, tell) or [""] * depth
            if len(parts) != depth:
                tell("bad-correction", f"wanted {depth} texts, one for each kind in of, got {len(parts)}", column)
                return None
            of_it.extend(parts)
        for place, reason in enumerate(reasons[:-1]):
            if not reason.strip():
                tell("bad-type", "wanted a text, got nothing", "of_reason" if place else "reason")
        if None in kinds:
            return None
    if root is None:
        return None
    values = {"id": ids[-1]}
    if reasons[-1] and "reason" in _FIELDS[root]:
        values["reason"] = reasons[-1]
    elif reasons[-1]:
        tell("other-column", f"wanted nothing, as {root.__name__} has no reason, got a cell", "of_reason")
    entry: Entry | None = _made(root, values, filled, tell)
    for id, reason in zip(reversed(ids[:-1]), reversed(reasons[:-1]), strict=True):
        entry = Correction(entry, reason, id=id) if entry else None
    return entry


def _made(kind: type[Entry], values: dict[str, Any], filled: Mapping[str, Any], tell: _Tell) -> Any:
    """Return an entry of a kind from cells, and values that are known already; or None where something is wrong."""
    for column, cell in filled.items():
        at = _FIELDS[kind].get(column)
        if at is not None:
            value = _value(at, cell, tell)
            if value is not BAD:
                values[column] = value
        elif not is_blank(cell):
            tell("other-column", f"wanted nothing, as {kind.__name__} has no {column}, got a cell", column)
    whole = True
    for name, at in _FIELDS[kind].items():
        if at.default is attrs.NOTHING and name not in values and at.metadata["kind"] == "ids":
            values[name] = ()
        elif at.default is attrs.NOTHING and name not in values:
            code, wanted = _WANTED.get(_KINDS[at.metadata["kind"]], ("bad-key", "a text"))
            tell(code, f"wanted {wanted}, got nothing", name)
            # so that the other fields are looked at too
            values[name] = at.metadata.get("choices", (None,))[0] or _IN_ORDER[at.metadata["kind"]]
            whole = False
    entry = kind(**values)
    return entry if check_fields(entry, 0, lambda _, *told: tell(*told)) and whole else None


def _kind(cell: Any, column: str, tell: _Tell) -> type[Entry] | None:
    """Return the kind of entry that a cell names."""
    found = _BY_TITLE.get(title_of(cell))
    if found is None:
        tell("unknown-kind", f"wanted a kind of entries, such as Paired (结对), got {shown(cell)}", column)
    return found


def _text(cell: Any, column: str, tell: _Tell) -> str:
    """Return a text as it is written; "" where a cell is empty, or cannot be read, which is told."""
    text = text_of("text", cell)
    if isinstance(text, Fault):
        tell(text.code, text.message, column)
        return ""
    return unescaped(text)


def _parts(cell: Any, column: str, tell: _Tell) -> list[str]:
    """Return the texts in a cell that are put apart by semicolons, empty ones too; none where the cell is empty."""
    text = _text(cell, column, tell)
    parts = [""]
    for token in _TOKEN.findall(text):
        if token in ";；":
            parts.append("")
        else:
            parts[-1] += token[1:] if token[0] == "\\" and len(token) > 1 else token
    return (parts if "\\" in text else list(map(str.strip, parts))) if text else []


def _value(at: Any, cell: Any, tell: _Tell) -> Any:
    """Return the value of a cell for a field; `BAD` where it has none, as if the cell was empty."""
    holds = at.metadata["kind"]
    kind = _KINDS[holds]
    text = text_of(kind, cell)
    if isinstance(text, Fault):
        tell(text.code, text.message, at.name)
        return BAD
    if kind == "text":
        return unescaped(text)
    if not text.strip():
        return BAD
    if kind == "items":
        return tuple(items_in(text))
    if kind in ("key", "word"):
        word = unescaped(text.strip()).strip()
        words = ENTRY_WORDS.get(at.name.removeprefix("value_"), {}) if kind == "word" or at.name == "role" else {}
        return words.get(word, word)
    value = value_of(kind, text)
    if value is BAD:
        code, wanted = _WANTED[kind]
        tell(code, f"wanted {wanted}, got {shown(text.strip())}", at.name)
    return value


# --- writing


def _row(entry: Entry, target: str) -> dict[str, Any]:
    """Return the cells of an entry that are filled."""
    kinds, ids, reasons, below = [type(entry).__name__], [entry.id], [getattr(entry, "reason", "")], entry
    while isinstance(below, Correction):
        below = below.of
        kinds.append(type(below).__name__)
        ids.append(below.id)
        reasons.append(getattr(below, "reason", ""))
    cells: dict[str, Any] = {"kind": kinds[0]}
    for name, at in _FIELDS[type(below)].items():
        value = getattr(below, name)
        if value == at.default and type(value) is type(at.default):
            continue
        kind = _KINDS[at.metadata["kind"]]
        cell = joined(value) if kind == "items" else cell_of(kind, name, at.default is None, value) or ""
        cells[name] = cell_in(kind, cell) if is_workbook(target) else cell
    cells.pop("id", None)
    if ids[0]:
        cells["id"] = escaped(ids[0])
    if len(kinds) > 1:
        cells["reason"] = escaped(reasons[0])
        lists = zip(_OF, (kinds, ids, reasons), strict=True)
        cells |= {column: joined(texts[1:]) for column, texts in lists if any(texts[1:])}
    return cells
