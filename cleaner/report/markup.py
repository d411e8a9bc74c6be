"""Write the rows of a page as HTML. All text of a page goes through `show_text`, which leaves no markup in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from cleaner.model import Flag, Page
from cleaner.report.bands import Band, Piece, block_of, cut_bands
from cleaner.report.changes import Change
from cleaner.report.explain import SIGNS, Places
from cleaner.report.rows import Cut, Row, Stretch

DOWN = "\N{DOWNWARDS ARROW}"
IN_EDIT = {"\n": SIGNS["\n"] + "\n"}  # a line break that an edit touches can be seen and is one


class PageMarkup:
    """Writes one page. Ids in the document: `p1` the page, `p1r2` a row, `p1r2s3` a stretch of it (from 0)."""

    def __init__(self, number: int, page: Page, rows: Sequence[Row], changes: Sequence[Change], flags: Sequence[Flag]):
        self.id, self.page, self.rows = f"p{number}", page, rows
        self.changes, self.flags = changes, flags
        self.places = Places(page.raw)
        self.titles = [row_title(row, n) for n, row in enumerate(rows)]

    def write(self) -> str:
        """Return the rows: a heading, the raw side, the clean side."""
        return "".join(self._row(number, row) for number, row in enumerate(self.rows))

    def _row(self, number: int, row: Row) -> str:
        name = f"{self.id}r{number}"
        kind = row.article.kind if row.article else "text"
        bands = "".join(self._band(name, row, band) for band in cut_bands(row))
        head = f'<h3 id="{name}h"><span class="kind">{kind}</span> {show_text(self.titles[number])}</h3>'
        return f'<article class="row" id="{name}" aria-labelledby="{name}h">{head}{bands}</article>\n'

    def _band(self, name: str, row: Row, band: Band) -> str:
        raw = "".join(
            self._piece(f"{name}s{piece.stretch}", row.stretches[piece.stretch], piece) for piece in band.pieces
        )
        return (
            f'<div class="band"><div class="raw" lang="zh" role="group" aria-label="Raw">{raw}</div>'
            f'<div class="clean" lang="zh" role="group" aria-label="Clean">{self._clean(band)}</div></div>'
        )

    def _piece(self, name: str, stretch: Stretch, piece: Piece) -> str:
        moved = stretch.moved is not None
        body = "".join(self._cut(cut, raw=True) for cut in piece.cuts).strip("\n")
        names = (f' id="{name}"' if piece.first else "") + (
            f' class="stretch e k-move" data-e="{stretch.moved}" tabindex="-1"' if moved else ' class="stretch"'
        )
        head, tail = self._head(stretch) if piece.first else "", self._tail(stretch) if piece.last else ""
        return f'<div{names}>{head}<div class="text">{body}</div>{tail}</div>'

    def _head(self, stretch: Stretch) -> str:
        first, _ = self.places.find(self._text_start(stretch))
        head = f'<span class="line" lang="en">line {first}</span>'
        if stretch.before is not None:
            what = "stood behind" if stretch.moved is None else "moved here; it stood behind"
            head += " " + self._pointer(stretch.before, "\N{UPWARDS ARROW}", what)
        return f'<p class="from">{head}</p>'

    def _tail(self, stretch: Stretch) -> str:
        if stretch.after is None:
            return ""
        return f'<p class="from">{self._pointer(stretch.after, DOWN, "next came what is now in")}</p>'

    def _text_start(self, stretch: Stretch) -> int:
        """Return where the text of a stretch begins, behind line breaks."""
        start, end = stretch.raw
        text = self.page.raw[start:end]
        return start + len(text) - len(text.lstrip()) if text.strip() else start

    def _pointer(self, row: int, arrow: str, what: str) -> str:
        title = show_text(shorten(self.titles[row]))
        return f'<a href="#{self.id}r{row}" lang="en">{arrow} {what} <q lang="zh">{title}</q></a>'

    def _clean(self, band: Band) -> str:
        """Return the clean side: the block with its role, and what changed between it and its neighbours."""
        parts: list[str] = []
        blocks = [band.block] if band.block else []
        for block, cuts in groupby(band.cuts(), key=lambda cut: block_of(cut, blocks)):
            body = "".join(self._moved(moved, list(part)) for moved, part in groupby(cuts, key=lambda cut: cut.moved))
            if block is None:
                parts.append(f'<div class="gap">{body}</div>' if body.strip() else "")
            else:
                role = f'<span class="role" lang="en">{block.role}</span>'
                parts.append(f'<div class="block b-{block.role}">{role}<div class="text">{body}</div></div>')
        return "".join(parts)

    def _moved(self, moved: int | None, cuts: Sequence[Cut]) -> str:
        body = "".join(self._cut(cut, raw=False) for cut in cuts)
        if moved is None or not any(cut.clean[0] < cut.clean[1] for cut in cuts):
            return body
        return f'<span class="e k-move" data-e="{moved}" tabindex="-1">{body}</span>'

    def _cut(self, cut: Cut, *, raw: bool) -> str:
        if cut.change is None:
            text = self.page.raw[slice(*cut.raw)] if raw else self.page.text[slice(*cut.clean)]
            body = show_text(text)
        else:
            change = self.changes[cut.change]
            text, tag = (change.before, "del") if raw else (change.after, "ins")
            empty = "" if text else " nil"
            body = (
                f'<{tag} class="e k-{change.kind}{empty}" data-e="{cut.change}" tabindex="-1">'
                f"{show_text(text, IN_EDIT)}</{tag}>"
            )
        if not cut.flags:
            return body
        return f'<span class="f" data-f="{" ".join(map(str, cut.flags))}" tabindex="-1">{body}</span>'


def row_title(row: Row, number: int) -> str:
    """Return what a row is called: its title, or how its text begins."""
    if row.article is None:
        return "The page"
    first = next((block.text for block in row.article.blocks if block.text.strip()), "")
    return row.article.title or (shorten(first) if first else f"Article {number + 1}")


def shorten(text: str, longest: int = 18) -> str:
    """Return how a text begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest] + "\N{HORIZONTAL ELLIPSIS}"


def show_text(text: str, signs: dict[str, str] | None = None) -> str:
    """Return a text as HTML: no character of it is read as markup, and what cannot be printed is shown by its number.

    >>> show_text("甲<b>\\u200b&")
    '甲&lt;b&gt;&lt;U+200B&gt;&amp;'
    """
    if not text.isprintable() or signs:
        text = "".join(_show(text, {**PLAIN, **(signs or {})}))
    return escape(text)


PLAIN = {"\n": "\n", "\N{IDEOGRAPHIC SPACE}": "\N{IDEOGRAPHIC SPACE}"}


def _show(text: str, signs: dict[str, str]) -> Iterator[str]:
    for char in text:
        if char in signs:
            yield signs[char]
        elif char.isprintable():
            yield char
        else:
            yield SIGNS.get(char, f"<U+{ord(char):04X}>")
