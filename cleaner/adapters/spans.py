"""Where pieces of a clean text stood in the raw text."""

from __future__ import annotations

from typing import Any


def find_spans(page: Any) -> list[list[int]]:
    """Return [start, end, raw start, raw end] for each piece of the clean text that was copied."""
    spans: list[list[int]] = []
    clean = raw = 0
    for edit in page.edits:
        if edit.to[0] > clean:
            spans.append([clean, edit.to[0], raw, raw + edit.to[0] - clean])
        clean, raw = edit.to[1], edit.at[1] if edit.rule != "move" else edit.at[0]
    if len(page.text) > clean:
        spans.append([clean, len(page.text), raw, raw + len(page.text) - clean])
    return spans
