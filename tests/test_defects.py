"""Defects of Cleaner itself, and interrupts at bad moments: a code of their own, nothing half, and on it goes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kill_dump import contents, make_dump

from cleaner import Cleaner
from cleaner.cli import cli
from cleaner.dump.model import Counts
from cleaner.dump.progress import Progress

CODES = {AssertionError: 70, KeyboardInterrupt: 130}


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)


def dump(*args: str | Path) -> Result:
    return run("dump", *args, "--profile", "minimal", "-j", "1")


def raising(error: BaseException) -> Any:
    def fail(*args: Any, **more: Any) -> None:
        raise error

    return fail


class TestClean:
    @pytest.fixture
    def page(self, tmp_path: Path) -> Path:
        page = tmp_path / "a.txt"
        page.write_text("甲,乙\n", encoding="utf-8")
        return page

    def test_defect(self, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """No code that says something of the pages; the message says where, and what to do."""
        out = page.parent / "o.txt"
        out.write_text("old")
        monkeypatch.setattr(Cleaner, "clean_page", raising(AssertionError("broken")))
        for args in (("clean", page, "-o", out), ("clean", "--check", page), ("report", page, "-o", out)):
            result = run(*args)
            assert result.exit_code == 70
            for told in ("Traceback", "AssertionError: broken", f"{page}: at this page", "please report"):
                assert told in result.stderr
            assert {path.name: path.read_bytes() for path in page.parent.iterdir()} == {
                "a.txt": "甲,乙\n".encode(), "o.txt": b"old",
            }  # fmt: skip

    @pytest.mark.parametrize(("cause", "code"), [(KeyboardInterrupt(), 130), (ValueError(), 70), (None, 70)])
    def test_interrupt_that_is_wrapped(
        self, page: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException | None, code: int
    ) -> None:
        """Python wraps what is raised while a class is made; Ctrl-C is Ctrl-C all the same."""
        error = RuntimeError("Error calling __set_name__")
        error.__cause__ = cause
        monkeypatch.setattr(Cleaner, "clean_page", raising(error))
        result = run("clean", page)
        assert (result.exit_code, "Traceback" in result.stderr, result.stdout) == (code, code == 70, "")


class TestDump:
    @pytest.mark.parametrize("kind", CODES)
    @pytest.mark.parametrize("moment", [5, 6])
    def test_goes_on_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException], moment: int
    ) -> None:
        """While the second chunk is taken: its lines are in the spool, its counts are not, or not all."""
        page = make_dump(tmp_path / "a.jsonl", 100)
        assert dump(page, "-o", tmp_path / "whole.jsonl").exit_code == 3
        calls = 0
        add = Counts.add

        def fail(counts: Counts, other: Counts) -> None:
            nonlocal calls
            calls += 1
            add(counts, other)
            if calls == moment:
                raise kind("torn")

        with monkeypatch.context() as patch:
            patch.setattr("cleaner.dump.task.EVERY", 0.0)
            patch.setattr(Counts, "add", fail)
            result = dump(page, "-o", tmp_path / "out.jsonl")
        assert (result.exit_code, "torn" in result.stderr) == (CODES[kind], kind is AssertionError)
        assert not (tmp_path / "out.jsonl").exists()
        result = dump(page, "-o", tmp_path / "out.jsonl")
        assert (result.exit_code, "going on behind 16 records" in result.stderr) == (3, moment == 5), result.stderr
        for name in ("jsonl", "jsonl.rejects.jsonl"):
            assert (tmp_path / f"out.{name}").read_bytes() == (tmp_path / f"whole.{name}").read_bytes()

    def test_interrupt_when_all_is_done(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is left that the next run would take for work to go on with."""
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        with monkeypatch.context() as patch:
            patch.setattr(Progress, "say", raising(KeyboardInterrupt()))
            assert dump(page, "-o", out).exit_code == 130
        made = contents(tmp_path)
        assert sorted(made) == ["a.jsonl", *(f"out.jsonl{end}" for end in ("", ".manifest.json", ".rejects.jsonl"))]
        assert "made by an earlier run" in dump(page, "-o", out).stderr
        assert contents(tmp_path) == made

    def test_spool_that_is_cut(self, tmp_path: Path) -> None:
        """Shorter than the state says: nothing is made up in its place."""
        page, out = make_dump(tmp_path / "a.jsonl", 200), tmp_path / "out.jsonl"
        assert dump(page, "-o", out, "--max-errors", "2").exit_code == 2
        Path(f"{out}.work/records").write_bytes(b"")
        result = dump(page, "-o", out)
        assert (result.exit_code, "shorter than when the run was stopped" in result.stderr) == (2, True)
        assert dump(page, "-o", out, "--restart").exit_code == 3

    @pytest.mark.parametrize("kind", ["folder", "file"])
    def test_work_folder_of_another(self, tmp_path: Path, kind: str) -> None:
        """A folder that is only called as ours would be is not taken away."""
        page, out = make_dump(tmp_path / "a.jsonl", 5), tmp_path / "out.jsonl"
        mine = Path(f"{out}.work") / "mine" if kind == "folder" else Path(f"{out}.work")
        mine.parent.mkdir(exist_ok=True)
        mine.write_text("mine")
        for more in ((), ("--restart",)):
            result = dump(page, "-o", out, *more)
            assert (result.exit_code, f"{mine}: not made by a run" in result.stderr) == (2, True), result.stderr
        assert mine.read_text() == "mine"
        assert not out.exists()


class TestMessages:
    def test_nobody_reads_them(self, tmp_path: Path) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        command = [sys.executable, "-m", "cleaner", "dump", page, "-o", out, "--profile", "minimal", "-j", "1"]
        with Path("/dev/full").open("wb") as full:
            assert subprocess.run(command, stderr=full, check=False).returncode == 3
        assert not Path(f"{out}.work").exists()
        assert json.loads(Path(f"{out}.manifest.json").read_bytes())["counts"]["records"] == 60

    def test_they_steer_no_terminal(self, tmp_path: Path) -> None:
        page = make_dump(tmp_path / "in\x1b[2J.jsonl", 5)
        (tmp_path / "x\x1b[31m.pdf").write_bytes(b"")
        result = dump(tmp_path, "-o", f"{tmp_path}/out/")
        assert (result.exit_code, "x<U+001B>[31m.pdf" in result.stderr, "\x1b" in result.stderr) == (3, True, False)
        assert page.exists()
