"""Odd surroundings: file names that are no UTF-8, no home, no current folder, modules that lie in wait, terminals."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from processes import PATIENCE

from cleaner.cli.messages import show_controls
from cleaner.errors import LogError
from cleaner.io import cache
from cleaner.io.readlog import read_log

TEXT = "石桥,通了。\n"
COMMAND = [sys.executable, "-m", "cleaner"]
ODD = os.fsdecode(b"\xff\xfe a.txt")


def run(folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, **environment}
    done = subprocess.run([*COMMAND, *args], cwd=folder, env=env, capture_output=True, check=False, timeout=PATIENCE)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


class TestNames:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / ODD).write_text(TEXT, encoding="utf-8")
        return tmp_path

    def test_there_and_back(self, folder: Path) -> None:
        for form in ("text", "jsonl", "markdown"):
            assert run(folder, "clean", ODD, "--format", form, "-o", "out", "--log", "log").returncode == 0
            assert run(folder, "restore", "out", "--log", "log", "-o", "raw/").returncode == 0
            assert (folder / "raw" / ODD).read_text(encoding="utf-8") == TEXT

    @pytest.mark.parametrize("more", [("--format", "text"), ("--format", "json"), ("--format", "sarif")])
    def test_explain(self, folder: Path, more: tuple[str, ...]) -> None:
        done = run(folder, "explain", ODD, *more)
        assert (done.returncode, done.stdout.decode("utf-8") != "") == (0, True)
        if more[1] == "sarif":  # an address holds the bytes of the name
            assert b"%FF%FE%20a.txt" in done.stdout

    def test_report_and_messages(self, folder: Path) -> None:
        assert run(folder, "report", ODD, "-o", "r.html").returncode == 0
        assert run(folder, "clean", os.fsdecode(b"gone \xff")).returncode == 2
        assert b"\\udcff" in run(folder, "clean", os.fsdecode(b"gone \xff")).stderr

    def test_dump(self, folder: Path) -> None:
        name, out = os.fsdecode(b"\xff.jsonl"), os.fsdecode(b"o\xff.jsonl")
        (folder / name).write_text(json.dumps({"id": 1, "text": TEXT}), encoding="utf-8")
        for _ in range(2):  # the second reads the manifest of the first
            assert run(folder, "dump", name, "-o", out, "--log", "-j", "1", "-q").returncode == 0
        assert json.loads((folder / out).read_text(encoding="utf-8"))["text"] == "石桥，通了。\n"


def test_no_home(tmp_path: Path) -> None:
    """A user without a home, as in containers: there is no cache."""
    script = (
        "import os, pwd, sys\nos.environ.pop('HOME', None)\nos.environ.pop('CLEANER_CACHE', None)\n"
        "os.environ.pop('XDG_CACHE_HOME', None)\n"
        "def unknown(*args): raise KeyError(args)\npwd.getpwuid = unknown\n"
        "sys.argv = ['cleaner', 'clean', 'a.txt']\nfrom cleaner.cli import main\nmain()\n"
    )
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode()) == (0, "石桥，通了。\n"), done.stderr.decode()


def test_no_current_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    script = 'cd "$1" && rmdir "$1" && exec "$0" -m cleaner clean "$2"'
    (tmp_path / "gone").mkdir()
    command = ["bash", "-c", script, sys.executable, str(tmp_path / "gone"), str(tmp_path / "a.txt")]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": sys.path[0]})
    assert (done.returncode, done.stdout.decode()) == (0, "石桥，通了。\n"), done.stderr.decode()


@pytest.mark.parametrize("name", ["multiprocessing", "json", "pickle", "regex", "encodings", "cleaner"])
def test_modules_of_the_current_folder_are_not_run(tmp_path: Path, name: str) -> None:
    """A folder that came with a dump may hold modules: the workers' Python would look there first."""
    (tmp_path / f"{name}.py").write_text("open('hacked', 'w').close()\nraise SystemExit('hacked')\n")
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": 1, "text": TEXT}), encoding="utf-8")
    script = "import sys; sys.path.remove(''); from cleaner.cli import main; main()"  # as the installed program starts
    command = [sys.executable, "-c", script, "dump", "d.jsonl", "-o", "o.jsonl", "-j", "1", "-q"]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (tmp_path / "hacked").exists()


def test_controls_do_not_reach_a_terminal(tmp_path: Path) -> None:
    """Text and names cannot steer the terminal that they are shown on; a pipe gets the very characters."""
    (tmp_path / "a\x1b[31m.txt").write_bytes("石桥,\x1b[2J\x1b]0;x\x07通了。\n".encode())
    assert b"\x1b[2J" in run(tmp_path, "clean", "--diff", "a\x1b[31m.txt").stdout
    assert b"\x1b" not in run(tmp_path, "clean", "--check", "a\x1b[31m.txt").stderr
    for args in (("clean", "--diff"), ("explain",)):
        ours, theirs = pty.openpty()
        command = [*COMMAND, *args, "a\x1b[31m.txt"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            shown = b""
            while part := read_terminal(ours):
                shown += part
            assert process.wait() in (0, 1)
        os.close(ours)
        assert b"<U+001B>[2J" in shown
        assert b"\x1b[2J" not in shown
        assert b"\x07" not in shown


def read_terminal(handle: int) -> bytes:
    try:
        return os.read(handle, 10_000)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_show_controls() -> None:
    assert show_controls("石\x1b[1m\u202e桥\n\t\x9b\u2028") == "石<U+001B>[1m<U+202E>桥\n\t<U+009B><U+2028>"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("span", "[1e999, 2]"), ("span", "[0.5, 2]"), ("span", "[-1, 2]"), ("chars", "-1"), ("chars", '"x"'),
        ("encoding", "5"), ("bom", "[]"), ("patches", "[[0, 1e99, 7]]"), ("sha256", "null"), ("format", "{}"),
    ],
)  # fmt: skip
def test_log_with_wrong_types(tmp_path: Path, key: str, value: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert run(tmp_path, "clean", "a.txt", "-o", "o.txt", "--log", "log").returncode == 0
    lines = (tmp_path / "log").read_text(encoding="utf-8").split("\n")
    lines[1] = json.dumps(json.loads(lines[1]) | {key: "HERE"}).replace('"HERE"', value)
    (tmp_path / "log").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(LogError, match="line 2: not a line of an edit log"):
        read_log(tmp_path / "log")
    assert run(tmp_path, "restore", "o.txt", "--log", "log").returncode == 2


def test_cache_follows_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that others may write to, a link may lie where the cache is written first."""
    monkeypatch.setattr(cache.time, "time_ns", lambda: 7)
    (tmp_path / "mine").write_text("mine")
    (tmp_path / f".x.cache.{os.getpid()}.7.tmp").symlink_to(tmp_path / "mine")
    monkeypatch.setattr(cache.STORE, "grown", True)
    cache.write_store(tmp_path / "x.cache")
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "x.cache").exists()
    monkeypatch.setattr(cache.time, "time_ns", lambda: 8)
    cache.write_store(tmp_path / "x.cache")
    assert (tmp_path / "x.cache").stat().st_mode & 0o077 == 0
