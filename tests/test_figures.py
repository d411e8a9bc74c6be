"""Figures in the docs are those of the commands that stand above them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


def between(page: str, name: str) -> tuple[list[str], str]:
    """Return the indented lines (commands) before the marks, and what stands between these."""
    text = (DOCS / page).read_text(encoding="utf-8")
    before, _, rest = text.partition(f"<!-- {name} -->\n")
    return re.findall(r"^    (.*)$", before, re.MULTILINE), rest.partition(f"<!-- end of {name} -->")[0]


def option(command: str, name: str) -> str:
    return re.findall(rf"--{name} (\S+)", command)[0]


def test_speed() -> None:
    commands, table = between("scale.md", "speed")
    assert f"{option(commands[-1], 'rounds')} rounds, {option(commands[-1], 'mb')} MB" in table


@pytest.mark.parametrize("name", ["text", "carried"])
def test_memory(name: str) -> None:
    commands, table = between("scale.md", name)
    (command,) = (line for line in commands if line.endswith(f"--name {name}"))
    assert f"| {option(command, 'mb')} |" in table


def test_kills() -> None:
    commands, table = between("dumps.md", "kills")
    assert f"seed {option(commands[-1], 'seed')}," in table
    rows = [line for line in table.split("\n") if line.startswith("| .")]
    assert len(rows) == 2
    assert all(f"| {option(commands[-1], 'records')} | {option(commands[-1], 'kills')} |" in row for row in rows)
