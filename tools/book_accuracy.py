"""Measure joins on the invented books and leaflets of fixtures/books: a section of docs/accuracy.md."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Executor
from pathlib import Path

from set_books import Joins, find_texts, make_dumps, measure_joins
from typeset import Style

import cleaner
from cleaner.engine.classes import load_classes

BOOKS = Path(__file__).parents[1] / "fixtures" / "books"
INTRO = """\
### Books and leaflets (a line a printed line)

Invented texts (`fixtures/books`), set by `tools/set_books.py` in columns of 15 to 45 cells, with and without running
headers, page numbers, notes and indents, the marks in full or half width, with losses. Counted are line ends inside a
paragraph, heading or note: *precision* is the part of the joins that are right, *recall* the part of the line ends that
were joined. Weights and settings were chosen on the `open` texts. Nobody read the `held` texts or their errors then,
but their figures, widths and undetected columns were looked at, and detection was changed for them: no
blind test. Whole dumps have all pages in one; single pages are dumps of their own. *Lost* are letters and digits of the
text that are gone, *left in* running headers and page numbers that still stand on lines of their own: a single page
cannot show which lines these are.
"""
ROWS = {"newspaper": "Cleaner, profile `newspaper`", "book": "Cleaner, profile `book`", "": "naive rule"}


def write_book_section(pool: Executor) -> str:
    """Return the section as Markdown."""
    totals: dict[tuple[str, str, str], Counter[str]] = {}
    tasks = [(part, *text) for part in ("open", "held") for text in find_texts(BOOKS / part)]
    for counts in pool.map(measure_text, tasks):
        for key, found in counts.items():
            totals.setdefault(key, Counter()).update(found)
    lines = ["|  | line ends | precision | recall | missed joins | false joins | lost | left in |"]
    lines += ["|---" + "|--:" * 7 + "|"]
    lines += [format_row(key, counts) for key, counts in totals.items()]
    return f"{INTRO}\n" + "\n".join(lines) + "\n"


def measure_text(task: tuple[str, Path, Style]) -> dict[tuple[str, str, str], Counter[str]]:
    """Return the counts of each method on a text's dumps in one style."""
    part, path, style = task
    totals: dict[tuple[str, str, str], Counter[str]] = {}
    for dump in make_dumps(path, style):
        kind = "single pages" if ", page " in dump.name else "whole dumps"
        for method in ROWS:
            text = cleaner.clean(dump.text, method) if method else join_open_lines(dump.text)
            counts = Counter(measure_joins(dump, text)._asdict()) + Counter({"joints": dump.joints})
            totals.setdefault((part, kind, method), Counter()).update(counts)
    return totals


def join_open_lines(text: str) -> str:
    """Join each line that lacks a closing mark with the next one."""
    classes = load_classes()
    ends = tuple(classes["terminal"] + classes["closing"])
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return "".join(line + ("\n" if line.endswith(ends) else "") for line in lines)


def format_row(key: tuple[str, str, str], counts: Counter[str]) -> str:
    """Return a line of the table."""
    part, kind, method = key
    right = counts["joints"] - counts["missed"]
    cells = [
        f"{ROWS[method]} on `{part}`, {kind}",
        str(counts["joints"]),
        f"{right / (right + counts['false']):.3f}",
        f"{right / counts['joints']:.3f}",
        *(str(counts[name]) for name in Joins._fields),
    ]
    return f"| {' | '.join(cells)} |"
