"""Mend hard wraps: printed lines of one column become units.

The width of the column is that of the whole text, or is learned from the lines around. Where neither shows a column,
nothing is joined.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.columns import find_columns, measure_openness
from cleaner.layout.evidence import scales_for
from cleaner.layout.lines import Line
from cleaner.layout.marks import marks_in
from cleaner.layout.memory import TextMemory
from cleaner.layout.steady import find_steady_column
from cleaner.layout.units import Part, Unit, count_pairs, line_unit, seam_count
from cleaner.layout.words import cuts_word
from cleaner.marks.data import is_data

LATIN_END = LazyPattern(r"[A-Za-z][,;:.]?$")
LATIN_START = LazyPattern(r"^[A-Za-z]")
HYPHEN_END = LazyPattern(r"[A-Za-z]{2}-$")
HYPHEN_REST = LazyPattern(r"^[a-z]{2}")
HYPHEN_OF_ITS_OWN = LazyPattern(r"[/.@:_-]\S*-$")  # of an address, a file's name, a compound
TOKEN = 80  # characters before a line end that may belong to one word
RULE = "mend-wrap"


def mend_wraps(lines: Sequence[Line], rules: RuleSet) -> list[Unit]:
    """Join the printed lines that one paragraph runs over; every other line is a unit of its own."""
    judge = WrapJudge(lines, rules)
    units: list[Unit] = []
    texts: list[str] = []  # what the last unit is made of
    opens = True  # the line before begins its paragraph
    for i, line in enumerate(lines):
        score, note = judge.weigh(i, opens)
        column, extent = judge.columns[i], judge.steady.extents[i] if judge.steady else line.extent
        short = None if column is None else column - extent
        if score > 0:
            _extend(units[-1], texts, line, note)
            units[-1].trail = short
            opens = False
        else:
            _finish(units, texts)
            texts = [line.text]
            units.append(line_unit(line, short))
            opens = True
    _finish(units, texts)
    return units


def _finish(units: Sequence[Unit], texts: Sequence[str]) -> None:
    if len(texts) > 1:
        units[-1].text = "".join(texts)


class WrapJudge:
    """Weighs the evidence at the boundary between two printed lines."""

    def __init__(self, lines: Sequence[Line], rules: RuleSet) -> None:
        self.lines, self.rules = lines, rules
        opens = [measure_openness(line, rules) for line in lines]
        self.steady = find_steady_column(lines, opens, rules)
        steady = self.steady
        self.columns = find_columns(lines, opens, rules) if steady is None else [steady.width] * len(lines)
        self.scales = scales_for(rules, "wrap")
        self.token = rules.once("token", _make_token)
        self.is_data = rules.once("data lines", _DataLines)
        known = any(column is not None for column in self.columns)
        self.pairs = count_pairs(lines if known else [])

    def weigh(self, i: int, opens: bool) -> tuple[float, str]:
        """Return the log-odds that line `i` goes on from the line before, and the evidence; `opens`: that line begins
        its paragraph."""
        measures = self.measure(i, opens)
        if measures is None:
            return -1.0, ""
        return self.scales.weigh(self.lines[i - 1].text, self.lines[i].text, measures)

    def measure(self, i: int, opens: bool) -> dict[str, float] | None:
        """Measure a boundary; None where no column is known, or a blank line stands."""
        column = self.columns[i - 1] if i else None
        if column is None or self.lines[i].blanks:
            return None
        line, after = self.lines[i - 1], self.lines[i]
        if self.is_data[line.text] or self.is_data[after.text]:
            return None
        left, right = marks_in(line.text, self.rules), marks_in(after.text, self.rules)
        measures = {
            "open_marks": float(left.hanging),
            "seam": seam_count(self.pairs, line.text, after.text),
            "word": float(cuts_word(line.text, after.text)),
            "same_shape": float(left.skeleton == right.skeleton != ""),
        }
        if self.steady is not None:
            return measures | self.steady.measure(self.lines, i, self.token)
        short = column - line.extent
        measures |= {
            "first_short" if opens else "inner_short": short,
            "short": short,
            "indent": after.indent - line.indent,
            "wider": after.extent - line.extent,
        }
        next_column = self.columns[i]
        if next_column is not None:
            measures["next_short"] = next_column - after.extent
            measures["column_change"] = abs(next_column - column)
        return measures


def _make_token(rules: RuleSet) -> LazyPattern:
    """Return the pattern of a line's first word, with the marks around it that a line cannot end or begin in."""
    opening, word, closing, mark = (rules.classes[name] for name in ("opening", "word", "closing", "mark"))
    return find_pattern(f"[{opening}]*(?:[{word}.:/@#_%-]+|——|……|.)[{closing}{mark},;:?!]*")


class _DataLines(TextMemory[bool]):
    """Tells which lines are code or data."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()

    def __missing__(self, text: str) -> bool:
        return self.remember(text, is_data(text, 0, 1))


def _extend(unit: Unit, texts: list[str], line: Line, note: str) -> None:
    """Put a printed line at the end of a unit; the hyphen of a Latin word parted at the line's end goes.

    `texts` is what the unit's text is made of: it is put together when the unit is whole.
    """
    before = "".join(texts[-2:])[-TOKEN:]
    glue = glue_between(before, line.text)
    wrapped = before.endswith("-") and HYPHEN_END.search(before) and HYPHEN_REST.match(line.text)
    if wrapped and not HYPHEN_OF_ITS_OWN.search(before):
        unit.parts[-1] = unit.parts[-1]._replace(end=unit.parts[-1].end - 1)
        texts[-1] = texts[-1][:-1]
    unit.parts.append(Part(line.start, line.end, glue, note, RULE))
    texts.append(glue + line.text)
    unit.width += line.width
    unit.short = None


def glue_between(before: str, after: str) -> str:
    """Return what stands between two halves: a blank between Latin words, nothing in Chinese.

    >>> glue_between("使用 Open", "Source 软件"), glue_between("公开信", "息")
    (' ', '')
    """
    return " " if LATIN_END.search(before[-2:]) and LATIN_START.match(after) else ""
