"""Explain every change to a page: where, which rule, what it did in context, and why."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from cleaner.model import Edit, Flag, Page, Span
from cleaner.report.judge import Judge

CONTEXT = 12  # characters shown on either side of a change
LONGEST = 60  # of what was replaced, more is cut in the middle
SIGNS = {"\n": "\N{RETURN SYMBOL}", "\r": "\N{SYMBOL FOR CARRIAGE RETURN}", "\t": "\N{RIGHTWARDS ARROW TO BAR}"}
LINE_END = re.compile(r"\r\n?|\n")


class Places:
    """Tells the line and the column (both from 1, in code points) of a place in the raw text."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def find(self, place: int) -> tuple[int, int]:
        """Return line and column."""
        line = bisect_right(self.starts, place)
        return line, place - self.starts[line - 1] + 1


def explain_page(page: Page, judge: Judge, rule: str | None = None) -> dict[str, Any]:
    """Return the edits and flags as plain data, in raw order; `rule` keeps those of one rule."""
    places = Places(page.raw)
    edits = sorted(page.edits, key=lambda edit: edit.at)
    flags = sorted(page.flags, key=lambda flag: flag.span)
    return {
        "edits": [_edit(edit, page, judge, places) for edit in edits if rule is None or rule in edit.rule.split("+")],
        "flags": [_flag(flag, page, places) for flag in flags if rule is None or rule == flag.code],
    }


def _flag(flag: Flag, page: Page, places: Places) -> dict[str, Any]:
    text = page.raw[slice(*flag.span)]
    return {"code": flag.code, **_place(flag.span, places), "text": text, "message": flag.message}


def _place(span: Span, places: Places) -> dict[str, Any]:
    line, column = places.find(span[0])
    return {"line": line, "column": column, "at": list(span)}


def _edit(edit: Edit, page: Page, judge: Judge, places: Places) -> dict[str, Any]:
    evidence = judge.evidence(edit.note)
    explained: dict[str, Any] = {
        "rule": edit.rule,
        **_place(edit.at, places),
        "to": list(edit.to),
        "before": edit.before,
        "after": edit.after,
        "left": page.raw[max(edit.at[0] - CONTEXT, 0) : edit.at[0]],
        "right": page.raw[edit.at[1] : edit.at[1] + CONTEXT],
        "why": judge.reasons(edit.rule),
        "confidence": judge.confidence(edit),
    }
    if evidence:
        explained["evidence"] = [{"id": name, "weight": weight, "why": judge.whys[name]} for name, weight in evidence]
        explained["sum"] = round(sum(weight for _, weight in evidence), 2)
    elif edit.note:
        explained["note"] = edit.note
    return explained


def format_explanation(explained: dict[str, Any], name: str) -> str:
    """Return the explanation for reading: changes as `[-old-]{+new+}` in their raw surroundings."""
    lines = [line for edit in explained["edits"] for line in _edit_lines(edit, name)]
    for flag in explained["flags"]:
        lines.append(f"{_head(flag, name)} flag {flag['code']}")
        lines.append(f"    {_shorten(flag['text'])}")
        lines += [f"    {flag['message']}", ""]
    return "\n".join(lines)


def _head(item: dict[str, Any], name: str) -> str:
    start, end = item["at"]
    return f"{name}:{item['line']}:{item['column']} [{start}-{end}]"


def _edit_lines(edit: dict[str, Any], name: str) -> Iterator[str]:
    yield f"{_head(edit, name)} {edit['rule']} (confidence {edit['confidence']:.2f})"
    old = f"[-{_shorten(edit['before'])}-]" if edit["before"] else ""
    new = f"{{+{_shorten(edit['after'])}+}}" if edit["after"] else ""
    yield f"    {show_plain(edit['left'])}{old}{new}{show_plain(edit['right'])}"
    for why in edit["why"]:
        yield f"    {why}"
    for item in edit.get("evidence", []):
        yield f"    {item['weight']:+6.2f}  {item['id']}: {item['why']}"
    if "sum" in edit:
        yield f"    {edit['sum']:+6.2f}  sum of the log-odds: above 0 is joined"
    if "note" in edit:
        yield f"    note: {edit['note']}"
    yield ""


def show_plain(text: str) -> str:
    """Return a text on one line, in which all that cannot be printed is a sign or a number."""
    return "".join(SIGNS.get(c, c if c.isprintable() or c == "\u3000" else f"<U+{ord(c):04X}>") for c in text)


def _shorten(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\N{HORIZONTAL ELLIPSIS}{text[-LONGEST // 2 :]}"
    return show_plain(text)
