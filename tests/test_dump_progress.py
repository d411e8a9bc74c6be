"""What `cleaner dump` says on the way: a line that is written over on a terminal, else a line now and then."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import cli
from cleaner.dump import progress
from cleaner.dump.model import Chunk, Counts, Made, Place, Shard
from cleaner.dump.plan import Task


class Screen(io.StringIO):
    """A standard error that is a terminal, or not."""

    terminal = True

    def isatty(self) -> bool:
        return self.terminal


def half_way(page: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch, quiet: bool = False) -> progress.Progress:
    """Return the progress of a run that has read a quarter, then half of its file, 10 s and 20 s after its start."""
    clock = iter([100.0, *[110.0] * 2, *[120.0] * 2])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", screen)
    page.write_bytes(b"x" * 4_000_000)
    shard = Shard(str(page), "jsonl", (str(page),), "a", ".jsonl")
    told = progress.Progress([Task((shard,), "out.jsonl")], quiet)
    counts = Counts(records=10, documents=9, written=9, edits=4)
    counts.rejects["no-text"] = 1
    for read in (1_000_000, 2_000_000):
        chunk = Chunk(0, "a", "jsonl", "jsonl", Place(0, read, 1), size=1_000_000, read=read)
        told.add(chunk, Made(counts=counts))
    return told


def test_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    told = half_way(tmp_path / "a.jsonl", screen, monkeypatch)
    first, second = screen.getvalue().split("\r")[1:]
    assert first.rstrip() == "10 records, 0.10 MB/s, 4 edits, 1 rejects"
    assert second.rstrip() == "20 records, 0.10 MB/s, 8 edits, 2 rejects, 50 %, 0:00:20 left"
    assert "\n" not in screen.getvalue()
    told.say("hello")
    assert screen.getvalue().endswith("\r" + " " * len(second) + "\rhello\n")


def test_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line now and then, and no control characters."""
    screen = Screen()
    screen.terminal = False
    half_way(tmp_path / "a.jsonl", screen, monkeypatch)
    assert screen.getvalue() == ""  # 30 s are not over
    monkeypatch.setattr(progress, "ELSEWHERE", 15.0)
    half_way(tmp_path / "a.jsonl", screen, monkeypatch)
    assert screen.getvalue() == "20 records, 0.10 MB/s, 8 edits, 2 rejects, 50 %, 0:00:20 left\n"


def test_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    half_way(tmp_path / "a.jsonl", screen, monkeypatch, quiet=True)
    assert screen.getvalue() == ""


def test_lines_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "ELSEWHERE", 0.0)
    page = tmp_path / "a.jsonl"
    page.write_text("\n".join(json.dumps({"text": f"{n}。"}) for n in range(100)), encoding="utf-8")
    args = ["dump", str(page), "-o", str(tmp_path / "out.jsonl"), "--profile", "minimal", "-j", "1"]
    result = CliRunner().invoke(cli, args)
    assert (result.exit_code, " records, " in result.stderr, "100 %" in result.stderr) == (0, True, True)
