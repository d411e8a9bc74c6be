"""Show what cleaning changed as a unified diff."""

from __future__ import annotations

import difflib


def diff_texts(raw: str, clean: str, name: str) -> str:
    """Return the unified diff of two texts; empty when they are equal. Only U+000A ends a line."""
    lines = list(difflib.unified_diff(_lines(raw), _lines(clean), name, f"{name} (clean)"))
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
