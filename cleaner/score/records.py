"""Read article records, gold or predicted, from JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.errors import DumpError

HEAD_ROLES = ("kicker", "title", "subtitle", "byline")
FIELDS = (*HEAD_ROLES, "label", "credit")


@dataclass(frozen=True, slots=True)
class Record:
    """An article, photo item, notice or piece of furniture, reduced to what can be compared.

    `fields` holds kicker, title, subtitle, byline, label and credit; `body` holds pairs of role (paragraph, heading)
    and text.
    """

    kind: str = "article"
    fields: Mapping[str, str] = field(default_factory=dict)
    body: tuple[tuple[str, str], ...] = ()
    captions: tuple[str, ...] = ()
    jump: str = ""
    jump_leads: bool = False  # the jump line stands before the body


def read_records(path: Path) -> list[Record]:
    """Read a file; OSError, or DumpError for what is not an article record."""
    data = path.read_bytes()
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DumpError(str(path), data[: error.start].count(b"\n") + 1, "is not UTF-8") from error
    records: list[Record] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            records.append(parse_record(json.loads(line)))
        except (ValueError, RecursionError) as error:
            problem = "is not JSON" if isinstance(error, json.JSONDecodeError | RecursionError) else str(error)
            raise DumpError(str(path), number, problem) from error
    return records


def parse_record(data: object) -> Record:
    """Return the record that a JSON value stands for; ValueError says what is wrong with it."""
    if not isinstance(data, dict):
        raise ValueError("is not an article record")
    absent = _strings(data, "absent")
    jump = data.get("jump") or ""
    leads = isinstance(jump, dict) and jump.get("dir") == "from"
    captions = () if "caption" in absent else _strings(data, "captions")
    return Record(
        str(data.get("kind") or "article"),
        {name: _text(data.get(name), name) for name in FIELDS if name not in absent},
        _body(data),
        tuple(text for text in captions if text),
        _text(jump.get("text") if isinstance(jump, dict) else jump, "jump"),
        leads,
    )


def _body(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    heads = data.get("heads") or []
    paragraphs = data.get("paragraphs") or []
    if not isinstance(heads, list) or not isinstance(paragraphs, list):
        raise ValueError("'paragraphs' and 'heads' must be lists")
    body: list[tuple[str, str]] = []
    for number, item in enumerate(paragraphs):
        text = _text(item.get("text") if isinstance(item, dict) else item, "paragraphs")
        named = isinstance(item, dict) and item.get("role") == "heading"
        body.append(("heading" if named or number in heads else "paragraph", text))
    return tuple(body)


def _strings(data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name!r} must be a list of texts")
    return tuple(value)


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    if not isinstance(value, str):
        raise ValueError(f"{name!r} must be a text")
    return value
