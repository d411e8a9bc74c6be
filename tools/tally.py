"""Add up what the long runs did, in docs/trust.json; docs/trust.md is made of it (tools/trust.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parent.parent / "docs" / "trust.json"


def read_tally(path: Path = PATH) -> dict[str, Any]:
    """Return what was written; empty when nothing was."""
    tally: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return tally


def add_tally(group: str, name: str, path: Path = PATH, **numbers: int) -> None:
    """Add numbers to those of a name."""
    tally = read_tally(path)
    row = tally.setdefault(group, {}).setdefault(name, {})
    for key, number in numbers.items():
        row[key] = row.get(key, 0) + number
    write_tally(tally, path)


def put_tally(group: str, value: Any, path: Path = PATH) -> None:
    """Put a value in the place of a group's."""
    tally = read_tally(path)
    tally[group] = value
    write_tally(tally, path)


def write_tally(tally: dict[str, Any], path: Path = PATH) -> None:
    """Write the file so that a run that is killed leaves the old one."""
    from cleaner.io.atomic import write_atomically

    text = json.dumps(tally, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(path, f"{text}\n".encode())
