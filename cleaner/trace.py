"""Follow every character from the raw text to the clean one.

A *layer* is a list of pieces in output order. Each piece covers a span of the layer's input: a copy of it, or other
text in its place. Over a layer every input character is covered exactly once, so a layer can be undone. Rules
make layers that keep the order, the layout step makes one that may move text. `compose` turns two layers into one,
so that in the end a single layer leads from the raw text to the clean one, and the edit log is read off it
(`edits.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple


class Piece(NamedTuple):
    """`start`, `end`: span of the input in code points; `text`: what stands there now, None for a copy."""

    start: int
    end: int
    text: str | None = None
    rule: str = ""
    note: str = ""


Layer = list[Piece]
_PIECE = tuple.__new__  # makes a piece of five values at half the time of `Piece(...)`


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
    for change in changes:
        start, end = change[0], change[1]
        if start > at:
            layer.append(_PIECE(Piece, (at, start, None, "", "")))
        layer.append(_PIECE(Piece, change))
        at = end
    if at < length or not layer:
        layer.append(Piece(at, length))
    return layer


def render(layer: Layer, text: str) -> str:
    """Apply a layer to the text it was made for."""
    return "".join([text[start:end] if new is None else new for start, end, new, _, _ in layer])


def compose(first: Layer, second: Layer) -> Layer:
    """Make one layer that does what `first` and then `second` do."""
    if len(second) == 1 and second[0][2] is None:  # a copy of the whole
        return first if isinstance(first, _Composed) else _tidy(first)
    return _Composer(first).run(second)


class _Composed(list[Piece]):
    """A layer without empty pieces and without copies that could be one, as `compose` makes it."""


class _Composer:
    def __init__(self, first: Layer) -> None:
        self.first = first if isinstance(first, _Composed) else _tidy(first)
        sizes = [end - start if text is None else len(text) for start, end, text, _, _ in self.first]
        self.starts = list(accumulate(sizes, initial=0))  # where each piece of `first` begins in its output
        self.length = self.starts.pop()
        self.out = _Composed()
        self.names: dict[int, list[tuple[set[str], str]]] = {}  # by raw place: who put there what a rule changed

    def run(self, second: Layer) -> Layer:
        for piece in second:
            taken = self.take(piece[0], piece[1])
            if piece[2] is None:
                self._extend(taken)
            else:
                self._replace(piece, taken)
        tail = len(self.first)  # deletions at the very end belong to no span
        while tail and self.starts[tail - 1] == self.length and self.first[tail - 1][2] == "":
            tail -= 1
        self._extend(self.first[tail:])
        if self.names:
            self._name()
        return self.out

    def take(self, start: int, end: int) -> list[Piece]:
        """Return the pieces of `first` that make its output [start, end), cut to that span.

        Deletions at `start` are among them, those at `end` are not.
        """
        if start >= end:
            return []
        starts = self.starts
        low, high = bisect_left(starts, start), bisect_left(starts, end)
        parts = self.first[low:high]
        if low and (low == len(starts) or starts[low] > start):
            parts.insert(0, self.first[low - 1])
            low -= 1
        if not parts:
            return parts
        after = starts[high] if high < len(starts) else self.length
        if after > end:
            parts[-1] = _cut(parts[-1], 0, end - starts[high - 1])
        if starts[low] < start:
            parts[0] = _cut(parts[0], start - starts[low], _size(parts[0]))
            if not _size(parts[0]):
                del parts[0]
        return parts

    def _replace(self, piece: Piece, taken: list[Piece]) -> None:
        if not taken:
            at = self._raw_place(piece.start)
            self._extend([Piece(at, at, piece.text, piece.rule, piece.note)])
            return
        if len(taken) == 1 and taken[0][2] is None:  # the common case: a rule changes what no other had changed
            self._extend([_PIECE(Piece, (*taken[0][:2], *piece[2:]))])
            return
        runs: list[tuple[int, int, list[str]]] = []  # stretches of raw text, and the rules that had changed them
        for start, end, old, rule, _ in taken:
            rules = [] if old is None else [rule]
            if runs and runs[-1][1] == start:
                runs[-1][2].extend(rules)
                runs[-1] = (runs[-1][0], end, runs[-1][2])
            else:
                runs.append((start, end, rules))
        text: str | None = piece.text
        for number, (start, end, rules) in enumerate(runs):
            every = rules if number or not text else [rule for run in runs for rule in run[2]]  # it stands for all
            if start == end:  # a part of what has its raw span elsewhere, perhaps
                self.names.setdefault(start, []).append((_names_in(rules), piece.rule))
            self._extend([Piece(start, end, text, _chain([*every, piece.rule]), piece.note)])
            text = ""

    def _name(self) -> None:
        """Add the rules that changed what others had put there to the edits of these, which may stand anywhere.

        Where a replacement was cut, its first part has the raw span.
        """
        for number, (start, end, text, rule, note) in enumerate(self.out):
            if text is not None and (start < end or text) and end in self.names:
                others = [other for putters, other in self.names[end] if putters <= _names_in([rule])]
                self.out[number] = Piece(start, end, text, _chain([rule, *others]), note)

    def _raw_place(self, at: int) -> int:
        """Return the raw place of an insertion before output place `at`."""
        if self.out:
            return self.out[-1].end
        index = max(bisect_right(self.starts, at) - 1, 0)
        return self.first[index].start if self.first else 0

    def _extend(self, parts: list[Piece]) -> None:
        """Add pieces of which none is empty and no two are copies that could be one."""
        if not parts:
            return
        start, end, text, _, _ = parts[0]
        if text is None and self.out and self.out[-1][2] is None and self.out[-1][1] == start:
            self.out[-1] = _PIECE(Piece, (self.out[-1][0], end, None, "", ""))
            self.out += parts[1:]
        elif text or start < end:
            self.out += parts
        else:
            self.out += parts[1:]


def _chain(rules: Iterable[str]) -> str:
    """Return the rules of an edit, each once, in the order in which they worked."""
    return "+".join(dict.fromkeys(name for rule in rules for name in rule.split("+") if name))


def _names_in(rules: Iterable[str]) -> set[str]:
    return {name for rule in rules for name in rule.split("+")}


def _tidy(layer: Layer) -> _Composed:
    """Leave empty pieces out, and make copies one that follow each other in input and output."""
    tidied = _Composed()
    for piece in layer:
        start, end, text, _, _ = piece
        if text is None and tidied and tidied[-1][2] is None and tidied[-1][1] == start:
            tidied[-1] = Piece(tidied[-1][0], end)
        elif text or start < end:
            tidied.append(piece)
    return tidied


def _size(piece: Piece) -> int:
    """Return how many characters a piece puts out."""
    return piece[1] - piece[0] if piece[2] is None else len(piece[2])


def _cut(piece: Piece, low: int, high: int) -> Piece:
    """Return the part [low, high) of a piece's output; a replacement's first part keeps the raw span."""
    start, end, text, rule, note = piece
    if text is None:
        return _PIECE(Piece, (start + low, start + high, None, "", ""))
    if low == 0:
        return _PIECE(Piece, (start, end, text[:high], rule, note))
    return _PIECE(Piece, (end, end, text[low:high], rule, note))


class Origins:
    """Tells where in the raw text a span of a layer's output comes from."""

    def __init__(self, layer: Layer, raw: str) -> None:
        self.pieces = _Composer(layer)
        self.raw = raw

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the raw spans, in the output's order, that the output's [start, end) was made from.

        A span goes on over what was changed or taken out inside a line; a removed line break parts two spans.
        """
        starts = self.pieces.starts
        number = bisect_right(starts, start) - 1
        if number >= 0 and start < end and (starts[number] < start or not number or starts[number - 1] < start):
            low, high, text, _, _ = self.pieces.first[number]
            if text is None and end - starts[number] <= high - low:  # the common case: all of it is one copy
                return [(low + start - starts[number], low + end - starts[number])]
        spans: list[tuple[int, int]] = []
        for piece in self.pieces.take(start, end):
            if piece.start == piece.end or (piece.text == "" and "\n" in self.raw[piece.start : piece.end]):
                continue
            if spans and spans[-1][1] == piece.start:
                spans[-1] = (spans[-1][0], piece.end)
            else:
                spans.append((piece.start, piece.end))
        return spans

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw span, from the first character's start to the last one's end, of a span of the output."""
        spans = self.spans(start, max(end, start + 1))
        return (spans[0][0], max(span[1] for span in spans)) if spans else (0, 0)
