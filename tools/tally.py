"""Add up what the long runs did, in docs/trust.json; docs/trust.md is made of it (tools/trust.py)."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATH = ROOT / "docs" / "trust.json"


@cache
def digest_code() -> str:
    """Return a name for the state of the code, the rules and the laws: it changes with each of them."""
    digest = hashlib.sha256()
    for folder, pattern in (("cleaner", "*.py"), ("rules", "*.t*"), ("tests", "laws.py")):
        for path in sorted((ROOT / folder).rglob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def read_tally(path: Path = PATH) -> dict[str, Any]:
    """Return what was written; empty when nothing was."""
    tally: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return tally


def add_tally(group: str, name: str, path: Path = PATH, *, seed: int = 0, **numbers: float) -> None:
    """Add numbers to those of a name, for the present state of the code; note the largest seed."""

    def add(tally: dict[str, Any]) -> None:
        row = tally.setdefault(group, {}).setdefault(name, {"states": {}})
        state = row["states"].setdefault(digest_code(), {})
        for key, number in numbers.items():
            state[key] = round(state.get(key, 0) + number, 1)
        row |= {"seed": max(seed, row.get("seed", 0)), "last": digest_code()}

    change_tally(add, path)


def sum_states(row: dict[str, Any], key: str) -> int:
    """Return a number of a row, over all states of the code."""
    return int(sum(state.get(key, 0) for state in row["states"].values()))


def put_tally(group: str, value: Any, path: Path = PATH) -> None:
    """Put a value in the place of a group's."""
    change_tally(lambda tally: tally.__setitem__(group, value), path)


def change_tally(change: Callable[[dict[str, Any]], None], path: Path = PATH) -> None:
    """Change the file while no other run does, and so that a run that is killed leaves the old one."""
    from cleaner.io.atomic import write_atomically

    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tally = read_tally(path)
        change(tally)
        text = json.dumps(tally, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(path, f"{text}\n".encode())
