"""Print figures as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.score.figures import Figures


def format_table(figures: Figures) -> str:
    """Return the figures of pages together as lines of text."""
    joins, marks, chars = figures["joins"], figures["punctuation"], figures["characters"]
    rows = [("", "precision", "recall", "F1", "right", "made", "gold")]
    rows.append(_row("paragraph boundaries", figures["boundaries"]))
    rows.append(_row("articles", figures["articles"]))
    rows += [_row(role, found) for role, found in figures["roles"].items()]
    kinds = ", ".join(f"{number} {kind}" for kind, number in joins["false_kinds"].items())
    pages = figures["pages"]
    lines = [f"{pages} page{'' if pages == 1 else 's'}", "", *align_columns(rows), ""]
    lines.append(f"missed joins          {joins['missed']}")
    lines.append(f"false joins           {joins['false']}{f' ({kinds})' if kinds else ''}")
    lines.append(f"punctuation exact     {show(marks['exact'])} of {marks['found']} marks found again")
    lines.append(f"character error rate  {show(chars['error_rate'])}")
    lines.append(f"characters lost       {chars['lost']} of {chars['gold']} ({show(chars['lost_rate'])})")
    if dump := figures.get("dump"):
        lines.append(f"  that the dump held  {dump['lost']} of {dump['held']} ({show(dump['lost_rate'])})")
    return "\n".join(lines) + "\n"


def format_pages(pages: Iterable[tuple[str, Figures]]) -> str:
    """Return a table with a line for each page."""
    rows = [("page", "boundary F1", "missed", "false", "article F1", "title F1", "punctuation", "CER")]
    for name, figures in pages:
        joins = figures["joins"]
        shown = [figures["boundaries"]["f1"], figures["articles"]["f1"], figures["roles"]["title"]["f1"]]
        shown += [figures["punctuation"]["exact"], figures["characters"]["error_rate"]]
        first, *rest = map(show, shown)
        rows.append((name, first, str(joins["missed"]), str(joins["false"]), rest[0], rest[1], rest[2], rest[3]))
    return "\n".join(align_columns(rows)) + "\n"


def _row(name: str, found: Figures) -> tuple[str, str, str, str, str, str, str]:
    rates = [show(found[key]) for key in ("precision", "recall", "f1")]
    counts = [str(found[key]) for key in ("right", "made", "gold")]
    return name, rates[0], rates[1], rates[2], counts[0], counts[1], counts[2]


def show(value: float | None) -> str:
    """Return a figure with four digits; a dash where nothing was measured.

    >>> show(0.5), show(None)
    ('0.5000', '-')
    """
    return "-" if value is None else f"{value:.4f}"


def align_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    for row in rows:
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([row[0].ljust(widths[0]), *rest]).rstrip())
    return lines
