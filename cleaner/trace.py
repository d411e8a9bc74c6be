"""Follow every character from the raw text to the clean one.

A *layer* is a list of pieces in output order. Each piece covers a span of the layer's input: a copy of it, or other
text in its place. Over a layer every input character is covered exactly once, so a layer can be undone. Rules
make layers that keep the order, the layout step makes one that may move text. `compose` turns two layers into one,
so that in the end a single layer leads from the raw text to the clean one, and the edit log is read off it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.errors import LogError
from cleaner.model import Edit

MOVE = "move"


class Piece(NamedTuple):
    """`start`, `end`: span of the input in code points; `text`: what stands there now, None for a copy."""

    start: int
    end: int
    text: str | None = None
    rule: str = ""
    note: str = ""


Layer = list[Piece]


class Change(NamedTuple):
    """One replacement that a rule makes: a span of the text it looked at and what stands there now."""

    start: int
    end: int
    text: str
    rule: str
    note: str = ""


def layer_of(changes: Iterable[Change], length: int) -> Layer:
    """Turn ascending, non-overlapping changes of a text of `length` code points into a layer."""
    layer: Layer = []
    at = 0
    for start, end, text, rule, note in changes:
        if start > at:
            layer.append(Piece(at, start))
        layer.append(Piece(start, end, text, rule, note))
        at = end
    if at < length or not layer:
        layer.append(Piece(at, length))
    return layer


def render(layer: Layer, text: str) -> str:
    """Apply a layer to the text it was made for."""
    return "".join([text[start:end] if new is None else new for start, end, new, _, _ in layer])


def compose(first: Layer, second: Layer) -> Layer:
    """Make one layer that does what `first` and then `second` do."""
    return _Composer(first).run(second)


@dataclass(slots=True)
class _Run:
    """A stretch of raw text that a later piece swallows whole, and the rules that had changed it before."""

    start: int
    end: int
    rules: list[str]


class _Composer:
    def __init__(self, first: Layer) -> None:
        self.first = first
        self.starts: list[int] = []  # where each piece of `first` begins in its output
        at = 0
        for piece in first:
            self.starts.append(at)
            at += piece.end - piece.start if piece.text is None else len(piece.text)
        self.length = at
        self.out: Layer = []

    def run(self, second: Layer) -> Layer:
        for piece in second:
            taken = self.take(piece.start, piece.end)
            if piece.text is None:
                for part in taken:
                    self._add(part)
            else:
                self._replace(piece, taken)
        for index in range(len(self.first) - 1, -1, -1):  # deletions at the very end belong to no span
            if self.starts[index] < self.length or self.first[index].text != "":
                tail = self.first[index + 1 :]
                break
        else:
            tail = self.first
        for part in tail:
            self._add(part)
        return self.out

    def take(self, start: int, end: int) -> list[Piece]:
        """Return the pieces of `first` that make its output [start, end), cut to that span."""
        parts: list[Piece] = []
        if start >= end:
            return parts
        index = bisect_right(self.starts, start) - 1
        while index > 0 and self.starts[index - 1] == start:
            index -= 1
        for i in range(index, len(self.first)):
            at = self.starts[i]
            if at >= end:
                break
            piece = self.first[i]
            size = piece.end - piece.start if piece.text is None else len(piece.text)
            low, high = max(start - at, 0), min(end - at, size)
            if size == 0:
                if at >= start:
                    parts.append(piece)
            elif low < high:
                parts.append(_cut(piece, low, high))
        return parts

    def _replace(self, piece: Piece, taken: list[Piece]) -> None:
        if not taken:
            at = self._raw_place(piece.start)
            self._add(Piece(at, at, piece.text, piece.rule, piece.note))
            return
        runs: list[_Run] = []
        for part in taken:
            rules = [] if part.text is None else [part.rule]
            if runs and runs[-1].end == part.start:
                runs[-1].end = part.end
                runs[-1].rules += rules
            else:
                runs.append(_Run(part.start, part.end, rules))
        text: str | None = piece.text
        for run in runs:
            chain = "+".join(dict.fromkeys([r for r in [*run.rules, piece.rule] if r]))
            self._add(Piece(run.start, run.end, text, chain, piece.note))
            text = ""

    def _raw_place(self, at: int) -> int:
        """Return the raw place of an insertion before output place `at`."""
        if self.out:
            return self.out[-1].end
        index = max(bisect_right(self.starts, at) - 1, 0)
        return self.first[index].start if self.first else 0

    def _add(self, piece: Piece) -> None:
        if piece.text is None and self.out and self.out[-1].text is None and self.out[-1].end == piece.start:
            self.out[-1] = self.out[-1]._replace(end=piece.end)
        elif piece.text or piece.start < piece.end:
            self.out.append(piece)


def _cut(piece: Piece, low: int, high: int) -> Piece:
    """Return the part [low, high) of a piece's output; a replacement's first part keeps the raw span."""
    if piece.text is None:
        return Piece(piece.start + low, piece.start + high)
    if low == 0:
        return piece._replace(text=piece.text[:high])
    return piece._replace(start=piece.end, text=piece.text[low:high])


def edits_of(layer: Layer, raw: str) -> list[Edit]:
    """Read the edit log off the layer that leads from `raw` to the clean text, in the clean text's order."""
    edits: list[Edit] = []
    at = cursor = 0  # place in the clean text; place in the raw text after the last piece
    for start, end, text, rule, note in layer:
        if text is None or raw[start:end] == text:
            if start != cursor and start < end:
                edits.append(Edit(MOVE, (start, start), (at, at), "", "", ""))
            at += end - start
        else:
            edits.append(Edit(rule, (start, end), (at, at + len(text)), raw[start:end], text, note))
            at += len(text)
        if start < end or text:
            cursor = end
    return edits


def replay(raw: str, edits: Sequence[Edit], length: int) -> str:
    """Make the clean text (of `length` code points) from the raw text and its edits."""
    out: list[str] = []
    at = cursor = 0
    for edit in edits:
        gap = edit.to[0] - at
        if gap < 0 or raw[edit.at[0] : edit.at[1]] != edit.before:
            raise LogError(f"edit {edit.rule!r} at {edit.at} does not fit the raw text")
        out += [raw[cursor : cursor + gap], edit.after]
        at, cursor = edit.to[1], edit.at[1]
    out.append(raw[cursor : cursor + length - at])
    return "".join(out)


def restore(clean: str, edits: Sequence[Edit], length: int) -> str:
    """Make the raw text (of `length` code points) from the clean text and its edits; LogError if they do not fit."""
    parts: list[tuple[int, str]] = []
    at = cursor = 0
    for edit in edits:
        if edit.to[0] < at or clean[edit.to[0] : edit.to[1]] != edit.after:
            raise LogError(f"edit {edit.rule!r} at {edit.to} does not fit the clean text")
        parts += [(cursor, clean[at : edit.to[0]]), (edit.at[0], edit.before)]
        at, cursor = edit.to[1], edit.at[1]
    parts.append((cursor, clean[at:]))
    parts = sorted([part for part in parts if part[1]])
    at = 0
    for start, text in parts:
        if start != at:
            raise LogError(f"the log leaves the raw text's characters {min(at, start)} to {max(at, start)} open")
        at += len(text)
    if at != length:
        raise LogError(f"the log makes {at} characters, the raw text had {length}")
    return "".join(text for _, text in parts)


class Origins:
    """Tells where in the raw text a span of a layer's output comes from."""

    def __init__(self, layer: Layer, raw: str) -> None:
        self.pieces = _Composer(layer)
        self.raw = raw

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the raw spans, in the output's order, that the output's [start, end) was made from.

        A span goes on over what was changed or taken out inside a line; a removed line break parts two spans.
        """
        spans: list[tuple[int, int]] = []
        for piece in self.pieces.take(start, end):
            if piece.start == piece.end or (piece.text == "" and "\n" in self.raw[piece.start : piece.end]):
                continue
            if spans and spans[-1][1] == piece.start:
                spans[-1] = (spans[-1][0], piece.end)
            else:
                spans.append((piece.start, piece.end))
        return spans
