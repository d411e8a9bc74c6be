"""Show what cleaning changed as a unified diff."""

from __future__ import annotations

import difflib
import re

from cleaner.report.explain import show_plain

COLOURS = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}  # SGR codes: bold, cyan, red, green


def diff_texts(raw: str, clean: str, name: str, what: str = "clean") -> str:
    """Return the unified diff of two texts; empty when they are equal. Only U+000A ends a line.

    `what` says what the second one is.
    """
    lines = list(difflib.unified_diff(_lines(raw), _lines(clean), name, f"{name} ({what})"))
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def colour_diff(diff: str) -> str:
    """Return a unified diff with the colours of a terminal: red for what goes, green for what comes."""
    return "".join(_colour(line) for line in re.split(r"(?<=\n)", diff))


def _colour(line: str) -> str:
    colour = next((code for sign, code in COLOURS.items() if line.startswith(sign)), "")
    text, end, _ = line.partition("\n")
    return f"\x1b[{colour}m{text}\x1b[m{end}" if colour else line


def mark_difference(wanted: str, got: str) -> str:
    """Return what is wrong with a text, inside it: what should stand there as `[-…-]`, what stands there as `{+…+}`.

    >>> mark_difference("石渡口镇", "石渡囗镇")
    '石渡[-口-]{+囗+}镇'
    """
    matcher = difflib.SequenceMatcher(None, wanted, got, autojunk=False)
    parts = []
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag == "equal":
            parts.append(show_plain(wanted[low:high]))
            continue
        parts.append(f"[-{show_plain(wanted[low:high])}-]" if low < high else "")
        parts.append(f"{{+{show_plain(got[start:end])}+}}" if start < end else "")
    return "".join(parts)


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
