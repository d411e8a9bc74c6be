"""`cleaner dump` while it puts files in place: killed at each step, and when files are gone or changed later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kill_dump import contents, make_dump

from cleaner.cli import cli

# Ends itself by SIGKILL at the n-th step: each file (rejects, log, output, manifest) before and after it is put in its
# place, and before the work folder, which nobody needs any more, is taken away.
DYING = """
import os, shutil, signal, sys
from cleaner.cli import main
from cleaner.io.atomic import AtomicFile

left = int(sys.argv.pop(1))

def step():
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1

def commit_and_die(file, commit=AtomicFile.commit):
    counts = file.target.name != "state.json"
    if counts:
        step()
    commit(file)
    if counts:
        step()

def remove_and_die(path):
    step()
    shutil_rmtree(path)

AtomicFile.commit = commit_and_die
shutil_rmtree, shutil.rmtree = shutil.rmtree, remove_and_die
main()
"""
FILES = 4
STEPS = 2 * FILES + 1


@pytest.mark.parametrize(("ending", "emit"), [(".jsonl.zst", "documents"), (".parquet", "articles")])
def test_killed_at_each_step_of_publishing(tmp_path: Path, ending: str, emit: str) -> None:
    """Each run goes on where the one before was killed; what is in its place is whole at any moment."""
    page = make_dump(tmp_path / "a.jsonl", 60)
    args = ["dump", str(page), "-o", f"out{ending}", "--log", "--emit", emit, "-j", "1", "-q", "--profile", "minimal"]
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    whole.mkdir()
    torn.mkdir()
    assert subprocess.run([sys.executable, "-m", "cleaner", *args], cwd=whole, check=False).returncode == 3
    wanted = contents(whole)
    assert len(wanted) == FILES
    for number in range(STEPS):
        done = subprocess.run([sys.executable, "-c", DYING, str(number), *args], cwd=torn, check=False)
        assert done.returncode == -9, number
        there = {name: data for name, data in contents(torn).items() if name in wanted}
        assert len(there) == min((number + 1) // 2, FILES)
        assert all(data == wanted[name] for name, data in there.items())
    assert subprocess.run([sys.executable, "-m", "cleaner", *args], cwd=torn, check=False).returncode == 3
    assert contents(torn) == wanted


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["dump", *map(str, args), "--profile", "minimal", "-j", "1"], catch_exceptions=False)


class TestWhatStandsBeside:
    @pytest.mark.parametrize("name", [".rejects.jsonl", ".log.jsonl", ""])
    def test_what_is_gone_is_made_again(self, tmp_path: Path, name: str) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        assert run(page, "-o", out, "--log").exit_code == 3
        wanted = contents(tmp_path)
        Path(f"{out}{name}").unlink()
        if name:  # what else is there is not overwritten by another run
            assert "an earlier run had other options" in run(page, "-o", out).stderr
        assert run(page, "-o", out, "--log").exit_code == 3
        assert contents(tmp_path) == wanted

    @pytest.mark.parametrize("name", [".rejects.jsonl", ".log.jsonl", ""])
    def test_what_was_changed_is_told(self, tmp_path: Path, name: str) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        run(page, "-o", out, "--log")
        Path(f"{out}{name}").write_text("")
        result = run(page, "-o", out, "--log")
        assert (result.exit_code, f"{out}{name}: changed since it was made" in result.stderr) == (2, True)

    @pytest.mark.parametrize("name", [".rejects.jsonl", ".log.jsonl"])
    def test_what_another_has_put_there(self, tmp_path: Path, name: str) -> None:
        """Without a manifest it is no run's; rejects may be all that is left of their records."""
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        mine = Path(f"{out}{name}")
        mine.write_text("mine")
        result = run(page, "-o", out, "--log")
        assert (result.exit_code, f"{mine}: there is a file of that name" in result.stderr) == (2, True)
        assert contents(tmp_path) == {"a.jsonl": page.read_bytes(), mine.name: b"mine"}
        assert run(page, "-o", out, "--log", "--restart").exit_code == 3

    def test_log_of_a_run_that_was_replaced(self, tmp_path: Path) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        run(page, "-o", out, "--log")
        log = Path(f"{out}.log.jsonl")
        assert log.exists()
        run(page, "-o", out, "--restart")
        assert not log.exists()
        log.write_text("mine")
        run(page, "-o", out, "--restart")
        assert log.read_text() == "mine"
