"""What is protected: stretches of a text in which marks stay as they are (role rules `protected` in `layout.toml`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from cleaner.engine.plan import Masks, is_open
from cleaner.model import Span
from cleaner.trace import Change


class Shield(NamedTuple):
    """A pattern of what is protected, and its gate.

    `alone`: it finds in a line by itself what it finds in the text; `leads`: it matches at the start of a line only;
    `sign`: a character that every line of what it matches holds, if one is known.
    """

    pattern: Any
    gate: Masks = ()
    alone: bool = False
    leads: bool = False
    sign: str = ""


def _find(shields: Iterable[Shield], text: str, start: int, end: int) -> list[Span]:
    """Return what is protected of a stretch of whole lines."""
    spans: list[Span] = []
    for pattern, _, _, leads, _ in shields:
        if leads:
            spans += _find_leading(pattern, text, start, end)
        else:
            spans += [match.span() for match in pattern.finditer(text, start, end)]
    return spans


def _find_leading(pattern: Any, text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what a pattern matches at the starts of lines: trying these alone is faster than a search."""
    while start <= end:
        if match := pattern.match(text, start, end):
            yield match.span()
            start = match.end()
        start = text.find("\n", start, end) + 1
        if not start:
            return


def _merge(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap made one; empty ones protect nothing."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def keep_unshielded(shields: Sequence[Shield], text: str, seen: int | None, changes: list[Change]) -> list[Change]:
    """Return the changes of a text that touch nothing that is protected; only lines with changes are looked at."""
    opened = [shield for shield in shields if seen is None or is_open(shield.gate, seen)]
    if not opened:
        return changes
    alone = [shield for shield in opened if shield.alone]
    signed = [shield for shield in opened if shield.sign and not shield.alone]
    spans = _find([shield for shield in opened if not shield.alone and not shield.sign], text, 0, len(text))
    ends = [-1] * len(signed)
    end = -1
    for change in changes:
        if change[1] > end:
            start = text.rfind("\n", 0, change[0]) + 1
            end = text.find("\n", change[1])
            end = len(text) if end < 0 else end
            spans += _find(alone, text, start, end)
            for number, shield in enumerate(signed):
                if end > ends[number] and text.find(shield.sign, start, end) >= 0:
                    first, ends[number] = _widen(shield.sign, text, start, end)
                    spans += _find([shield], text, first, ends[number])
    return _keep_outside(changes, _merge(spans)) if spans else changes


def _widen(sign: str, text: str, start: int, end: int) -> Span:
    """Take to a stretch of whole lines those before and after it that hold a sign, as far as none between lacks it."""
    while start:
        before = text.rfind("\n", 0, start - 1) + 1
        if text.find(sign, before, start - 1) < 0:
            break
        start = before
    while end < len(text):
        after = text.find("\n", end + 1)
        after = len(text) if after < 0 else after
        if text.find(sign, end + 1, after) < 0:
            break
        end = after
    return start, end


def _keep_outside(changes: list[Change], spans: Sequence[Span]) -> list[Change]:
    """Return the changes that touch none of the spans; an insertion at a span's edge does not."""
    starts = [start for start, _ in spans]
    last = [bisect_left(starts, c.end) - 1 for c in changes]  # the last span that starts before the change's end
    return [c for c, i in zip(changes, last, strict=True) if i < 0 or spans[i][1] <= c.start]
