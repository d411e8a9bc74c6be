"""Decisions of a person about changes and flags, and the file that keeps them (docs/review.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from cleaner.errors import CleanerError
from cleaner.io.jsonlines import json_line
from cleaner.io.log import sha256_text
from cleaner.model import Span
from cleaner.review.form import form_text
from cleaner.toml import read_start

VERSION = 1
LARGEST = 1 << 26  # bytes of a file
What = Literal["change", "flag"]
Verdict = Literal["accept", "reject", "edit"]
Key = tuple[str, str, str, Span, str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one change or flag.

    `sha256` is of the raw text in UTF-8, so that a decision holds whatever the file is called and encoded. `rule` is
    the change's rule or the flag's code, `at` its span in the raw text (code points), `before` what stands there,
    `after` what the change makes of it, or the flag suggests. `text` is the person's own, for the verdict `edit`.
    """

    source: str
    sha256: str
    what: What
    rule: str
    at: Span
    before: str
    after: str
    verdict: Verdict
    text: str = ""

    @property
    def key(self) -> Key:
        """What it is about: a later decision with the same key takes its place."""
        return self.sha256, self.what, self.rule, self.at, self.before, self.after


def digest_text(raw: str) -> str:
    """Return the digest that names a raw text in decisions."""
    return sha256_text(raw)


def read_decisions(path: str | Path) -> list[Decision]:
    """Return the decisions of a file; CleanerError names the line that is wrong."""
    try:
        content = read_start(Path(path), LARGEST + 1)
        if len(content) > LARGEST:
            raise CleanerError(f"{path}: no file of decisions: it has more than {LARGEST} bytes")
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise CleanerError(f"{path}: not a file of decisions: not UTF-8 at byte {error.start}") from error
    found: dict[Key, Decision] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if number == 1:
                _check_header(value, path)
                continue
            decision = _decision(value)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise CleanerError(f"{path}: line {number}: not a decision ({error!r})") from error
        found[decision.key] = decision
    return list(found.values())


def _check_header(value: Any, path: str | Path) -> None:
    if not isinstance(value, dict) or "decisions" not in value:
        raise CleanerError(f"{path}: not a file of decisions (its first line has no `decisions`)")
    if value["decisions"] != VERSION:
        raise CleanerError(f"{path}: decisions of format {value['decisions']!r}; this version reads {VERSION}")


def _decision(value: dict[str, Any]) -> Decision:
    start, end = value["at"]
    texts = [value[name] for name in ("source", "sha256", "rule", "before", "after")] + [value.get("text", "")]
    if value["what"] not in get_args(What) or value["verdict"] not in get_args(Verdict):
        raise ValueError("what must be change or flag, verdict accept, reject or edit")
    if not all(isinstance(text, str) for text in texts) or not 0 <= int(start) <= int(end):
        raise TypeError("texts must be strings, `at` a span")
    if value["what"] == "flag" and value["verdict"] == "accept":
        form_text(value["after"])
    return Decision(
        value["source"], value["sha256"], value["what"], value["rule"], (int(start), int(end)), value["before"],
        value["after"], value["verdict"], form_text(value.get("text", "")),
    )  # fmt: skip


def format_decisions(decisions: Iterable[Decision]) -> str:
    """Return the file's content: JSON Lines, ordered by page and place, so that two versions can be compared."""
    ordered = sorted(decisions, key=lambda decision: (decision.source, decision.sha256, decision.at, decision.what))
    return json_line({"decisions": VERSION}) + "".join(json_line(_line(decision)) for decision in ordered)


def _line(decision: Decision) -> dict[str, object]:
    line: dict[str, object] = {
        "source": decision.source, "sha256": decision.sha256, "what": decision.what, "rule": decision.rule,
        "at": decision.at, "before": decision.before, "after": decision.after, "verdict": decision.verdict,
    }  # fmt: skip
    return line | ({"text": decision.text} if decision.verdict == "edit" else {})
