"""Messages in Chinese: what errors, findings, shortfalls, explanations and pages say, as a county office writes it.

Every message is made in English.  Its Chinese follows from a list of patterns, `data/messages.zh.toml`: an English
sentence with places, and the Chinese one with the same places.  What stands in a place is a value, which is kept as it
is, or a phrase, which is looked up in the same list.  A sentence comes out whole in Chinese, or as it was in English.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from attrs import frozen

from pairing.errors import ArgumentError, PairingError, Problem, shown
from pairing.titles import CALLED, TITLES, WORDS

__all__ = ["LANGUAGES", "told", "worded"]

LANGUAGES = ("en", "zh")
"""English and Chinese."""


def worded(text: str, language: str) -> str:
    r"""Return a message, or a page of them, in a language: of "zh" line by line, columns staying below one another.

    >>> print(worded("household 'h-204': wanted at least 2 helpers, got 1", "zh"))
    贫困户'h-204'：应至少有2名帮扶人，实有1名
    >>> short = "village 上坪村 has 12 households; the only unit linked to it, 县法院, can carry 10: 2 left over"
    >>> print(worded(short, "zh"))
    上坪村有12户贫困户；联系单位只有县法院，可承担10户：还剩2户无人帮扶

    Keys, names, numbers and days stay as they are, and so does a line for which there is no Chinese.

    >>> print(worded("nobody is short\nall is well, said nobody", "zh"))
    全部达标，没有缺口
    all is well, said nobody

    In a list of names (of villages, units, ids) ", " and " and " part one name from the next.  Raises `ArgumentError`
    for languages other than `LANGUAGES`, and for what is no text.

    Terms: `docs/glossary.md`.
    """
    if not isinstance(text, str):
        raise ArgumentError("bad-type", f"wanted a text, got {shown(text)}", "text")
    return text if _checked(language) == "en" else _page(text)


def told(fault: Problem | PairingError, language: str) -> str:
    """Return a problem, or an error with all its problems, in a language; file, row, field and code stay.

    A column of a roster file has its Chinese title beside it.

    >>> print(told(Problem("unknown-rank", "wanted one of staff, clerk; got 'boss'", "helpers.csv", 7, "rank"), "zh"))
    helpers.csv，第7行，rank（职级）：应为staff（科员）、clerk（办事员）之一，实为'boss' [unknown-rank]

    Raises `ArgumentError` for languages other than `LANGUAGES`, and for what is neither problem nor error.
    """
    if not isinstance(fault, Problem | PairingError):
        raise ArgumentError("bad-type", f"wanted a Problem or a PairingError, got {shown(fault)}", "fault")
    if _checked(language) == "en":
        return str(fault)
    if isinstance(fault, Problem):
        return _problem(fault)
    chinese = {str(problem): _problem(problem) for problem in fault.problems}
    return "\n".join(chinese.get(line) or _page(line) for line in str(fault).split("\n"))


def _checked(language: object) -> str:
    if not isinstance(language, str) or language not in LANGUAGES:
        message = f"wanted one of {', '.join(LANGUAGES)}; got {shown(language)}"
        raise ArgumentError("unknown-language", message, "language")
    return language


_READ = [{english: chinese for chinese, english in reversed(list(words.items()))} for words in WORDS.values()]
"""The Chinese words that are read in a column, by the English ones."""

_TABLES = {called: table for table, others in CALLED.items() for called in (table, *others)}
_SHEET = re.compile(r", sheet (?=[^,]*\Z)")


def _problem(problem: Problem) -> str:
    message = _phrase(problem.message)
    if message is None:
        return str(problem)
    row = None if problem.row is None else f"第{problem.row}行"
    table = _TABLES.get(problem.file.rpartition(", sheet ")[2].partition(".")[0], "")
    titles = TITLES.get(table, {}).get(problem.field, ())
    field = f"{problem.field}（{titles[0]}）" if titles else problem.field
    if field.startswith("column "):
        field = _phrase(field) or field
    where = "，".join(part for part in (_SHEET.sub("，工作表", problem.file), row, field) if part)
    return f"{where}：{message} [{problem.code}]" if where else f"{message} [{problem.code}]"


# --- lines and columns

_LINE = re.compile(r"(\s*(?:- )?)(.*?)(\s*)", re.DOTALL)
_CELL = re.compile(r"\S(?:\S| (?! ))*")
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]")


def _page(page: str) -> str:
    """Return a page line by line; what begins in one column of more lines than it ends in is on the left of it."""
    lines = page.split("\n")
    cells = [cell.span() for line in lines if "  " in line.strip() for cell in _CELL.finditer(line)]
    lefts: set[int] = set()
    if cells:
        starts, ends = Counter(start for start, _ in cells), Counter(end for _, end in cells)
        lefts = {start for start, end in cells if starts[start] > ends[end]}
    return "\n".join(_line(line, lefts) for line in lines)


def _line(line: str, lefts: Collection[int]) -> str:
    found = _LINE.fullmatch(line)
    assert found is not None
    before, text, after = found.groups()
    chinese = (_row(before, text, lefts) if "  " in text else None) or _phrase(text)
    return line if chinese is None else f"{before}{chinese}{after}"


def _row(before: str, text: str, lefts: Collection[int]) -> str | None:
    """Return a row of a table: each cell after the first begins, or ends, in the column where it began or ended."""
    cells = list(_CELL.finditer(text))
    first, *others = (_phrase(cell.group()) for cell in cells)
    if first is None and None not in others:  # a rank or a kind, or a level of units, or a key
        words = _book().levels if " in all" in text else _book().words
        first = words.get(cells[0].group(), cells[0].group())
    if first is None or None in others:
        return None
    row = first
    for cell, chinese in zip(cells[1:], others, strict=True):
        said = chinese or ""
        start = cell.start() if len(before) + cell.start() in lefts else cell.end() - _width(said)
        row += " " * max(2, start - _width(row)) + said
    return row


def _width(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    return len(text) + len(_WIDE.findall(text))


# --- patterns

_KEY = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|<identity number>"""
_DAY = r"\d{4}-\d\d-\d\d"
_NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?"
_VALUE = re.compile(rf"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|{_DAY}|{_NUMBER}|-")

_PLACES: Mapping[str, str] = {
    "n": _NUMBER,
    "day": _DAY,
    "id": rf"{_KEY}|text of \d+ characters?",
    "type": r"[A-Z][A-Za-z]+|datetime\.date|frozenset",
    "code": r"[^\s:]+",
    "codes": r"[^;]+?",
    "part": r".{6,}?",
    "files": r"\w+\.csv(?:, \w+\.csv)*",
    "word": r"[^:;,()]+?",
    "year": r"\d+",
    "spans": rf"{_DAY} \.\..*?",
    "stretches": rf"{_DAY} \.\. .+",
    "because": r"(?:the unit is linked to the village|an own link of the helper).*",
    "path": r"[\w.]+(?:\[\d+\][\w.]*)*",
}
"""What stands in places of each kind; in all others, anything."""

_LONGEST = 1000
"""No sentence of the library is longer; a longer line is not looked at."""

_PART = re.compile(r"(\{[a-z]+[0-9]*\}|\[[^]]+\])")


@frozen
class _Pattern:
    """An English sentence with places, and the Chinese one; what finds it is compiled when it is first needed."""

    start: str
    end: str
    regex: str
    places: tuple[tuple[str, str], ...]
    chinese: tuple[str, ...]
    """Texts and names of places, in turn."""

    def of(self, text: str) -> str | None:
        """Return the Chinese of a text that the pattern fits, and whose places all have theirs."""
        found = _compiled(self.regex).fullmatch(text)
        if found is None:
            return None
        values = {}
        for name, kind in self.places:
            value = _MAKE.get(kind, str)(found[name])
            if value is None:
                return None
            values[name] = value
        return "".join(values[part] if n % 2 else part for n, part in enumerate(self.chinese))


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.DOTALL)


def _kind(name: str) -> str:
    return name.rstrip("0123456789")


def _pattern(english: str, chinese: str) -> _Pattern:
    """Return the pattern of two templates; in the English one, "[a|b]" is a or b, and "[s]" is s or nothing."""
    parts = _PART.split(english)
    regex, places = "", []
    for part in parts:
        if part.startswith("{"):
            name = part[1:-1]
            regex += f"(?P<{name}>{_PLACES.get(_kind(name), '.+?')})"
            places.append((name, _kind(name)))
        elif part.startswith("["):
            regex += f"(?:{'|'.join(map(re.escape, part[1:-1].split('|')))}){'' if '|' in part else '?'}"
        else:
            regex += re.escape(part)
    said = tuple(part[1:-1] if n % 2 else part for n, part in enumerate(re.split(r"(\{[a-z]+[0-9]*\})", chinese)))
    return _Pattern(parts[0], parts[-1], regex, tuple(places), said)


@frozen(eq=False)
class _Book:
    """The whole texts, the patterns, those that begin with a place last, and the words."""

    whole: Mapping[str, str]
    patterns: tuple[_Pattern, ...]
    words: Mapping[str, str]
    rungs: Mapping[str, str]
    levels: Mapping[str, str]


@cache
def _book() -> _Book:
    data = files("pairing") / "data"
    rooms: dict[str, dict[str, str]] = tomllib.loads((data / "messages.zh.toml").read_text("utf-8"))
    words = tomllib.loads((data / "reports.toml").read_text("utf-8"))["words"] | rooms.pop("words")
    rungs, levels = rooms.pop("rungs"), rooms.pop("levels")
    every = {english: chinese for room in rooms.values() for english, chinese in room.items()}
    whole = {english: chinese for english, chinese in every.items() if not _PART.search(english)}
    patterns = [_pattern(english, chinese) for english, chinese in every.items() if english not in whole]
    patterns.sort(key=lambda pattern: not pattern.start)
    return _Book(whole, tuple(patterns), words, rungs, levels)


_FIRST_WORDS = re.compile(r"(?:[A-Za-z]+ ){0,3}")


@lru_cache(maxsize=1 << 10)
def _beginning(words: str) -> tuple[_Pattern, ...]:
    """Return the patterns that may fit a text that begins with some words."""
    patterns = _book().patterns
    return tuple(one for one in patterns if one.start.startswith(words) or words.startswith(one.start))


@lru_cache(maxsize=1 << 14)
def _phrase(text: str) -> str | None:
    """Return a sentence or a phrase in Chinese, or None where there is none; a value is as it is."""
    if len(text) > _LONGEST:
        return None
    if _VALUE.fullmatch(text):
        return text
    book = _book()
    if text in book.whole:
        return book.whole[text]
    words = _FIRST_WORDS.match(text)
    for pattern in _beginning(words[0] if words else ""):
        if text.startswith(pattern.start) and text.endswith(pattern.end):
            chinese = pattern.of(text)
            if chinese is not None:
                return chinese
    return None


# --- what stands in places


def _id(text: str) -> str | None:
    return text if text[0] in "'\"" else f"（{_phrase(text)}）"


def _word(text: str) -> str:
    """Return one of the library's words, a rank or a level for instance; a word of a policy's own is as it is."""
    return _book().words.get(text, text)


def _codes(text: str) -> str:
    """Return words that are to be written as they are, each with its Chinese where all of them have one."""
    codes = text.split(", ")
    for words in (*_READ, _book().words):
        if words.keys() >= set(codes):
            return "、".join(f"{code}（{words[code]}）" for code in codes)
    return "、".join(codes)


_AND_MORE = re.compile(r"(.+) (?:and|or) (\d[\d,]*) (?:more|others)")


def _names(text: str) -> str:
    if text == "nobody":
        return "无人"
    if found := _AND_MORE.fullmatch(text):
        return f"{_names(found[1])}及另外{found[2]}个"
    return text.replace(", ", "、").replace(" and ", "、")


_WITH = re.compile(r"(.+) \((.+)\)")


def _takers(text: str) -> str | None:
    """Return takers, each with the rung of the ladder."""
    rungs = _book().rungs
    found = [_WITH.fullmatch(taker) for taker in text.split(" and ")]
    takers = [f"{one[1]}（{rungs.get(one[2], one[2])}）" for one in found if one]
    return "、".join(takers) if len(takers) == len(found) else None


def _stretch(text: str) -> str | None:
    """Return a part of a history: who was responsible, or what held."""
    with_role = _WITH.fullmatch(text)
    return f"{with_role[1]}（{_word(with_role[2])}）" if with_role else _phrase(text)


def _stretches(text: str) -> str | None:
    stretches = [_phrase(stretch) for stretch in text.split("; ")]
    return None if None in stretches else "；".join(filter(None, stretches))


_SCORE = re.compile(rf"(.+) ({_NUMBER})")


def _because(text: str) -> str | None:
    """Return why a pair is made: a link, what is laid down, and what it scores by which criterion."""
    found = []
    for part in text.split("; "):
        score = _SCORE.fullmatch(part)
        found.append(_phrase(part) or (f"{_word(score[1])}得{score[2]}分" if score else None))
    return None if None in found else "；".join(filter(None, found))


_SPAN = re.compile(rf"({_DAY}) \.\. ({_DAY})")


def _spans(text: str) -> str:
    """Return spans of days with their last days in them."""
    return _SPAN.sub(r"\1至\2", text).replace(" ..", "起").replace(", ", "、")


_MAKE: Mapping[str, Callable[[str], str | None]] = {
    "said": _phrase,
    "part": _phrase,
    "id": _id,
    "word": _word,
    "words": lambda text: "、".join(map(_word, text.split(", "))),
    "level": lambda text: _book().levels.get(text, text),
    "rungs": lambda text: "、".join(_book().rungs.get(rung, rung) for rung in text.split(", ")),
    "codes": _codes,
    "names": _names,
    "files": _names,
    "takers": _takers,
    "stretch": _stretch,
    "stretches": _stretches,
    "because": _because,
    "spans": _spans,
}
"""How what stands in places of each kind is said; in all others, as it is."""
