"""Read the edit log off the layer that leads from the raw text to the clean one, and go either way by it.

The edits stand in the clean text's order. An edit called `move` changes nothing: it says where in the raw text the
following text goes on (docs/edit-log.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.errors import LogError
from cleaner.model import Edit

if TYPE_CHECKING:
    from cleaner.trace import Layer

MOVE = "move"


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
