"""Same input, rules and version, same bytes: whatever hash seed, locale and number of the run. And no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = [FIXTURES / name / "raw.txt" for name in ("displaced-parts", "torn-columns", "quotes-and-dashes")]
# Runs a command in a process that has no network: every way to a socket raises, and says so.
GUARD = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")
def watch(event, args):  # sockets between processes of this machine are no network: workers are fed by them
    if event.startswith("socket."):
        family = args[1] if event == "socket.__new__" else getattr(args[0], "family", None) if args else None
        family == socket.AF_UNIX or refuse()
for name in ("create_connection", "create_server", "getaddrinfo", "gethostbyname"):
    setattr(socket, name, refuse)
sys.addaudithook(watch)
from cleaner.cli import main
sys.argv = ["cleaner", *sys.argv[1:]]
main()
"""


def clean(folder: Path, **environment: str) -> dict[str, bytes]:
    """Clean the pages in a process of its own; return all files that it wrote."""
    folder.mkdir()
    pages = [str(path) for path in PAGES]
    for form, name in (("jsonl", "all.jsonl"), ("markdown", "all.md")):
        command = [
            sys.executable,
            "-m",
            "cleaner",
            "clean",
            *pages,
            "--format",
            form,
            "-o",
            name,
            "--log",
            f"{name}.log",
        ]
        done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def chinese(tmp_path: Path) -> dict[str, str]:
    """The environment of a locale that is not UTF-8, made here: few systems have one, and a missing one is C."""
    places = tmp_path / "locales"
    places.mkdir()
    try:
        made = ["localedef", "-i", "zh_CN", "-f", "GB18030", str(places / "zh_CN.GB18030")]
        subprocess.run(made, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no locale in GB18030 can be made here: {error}")
    environment = {"LOCPATH": str(places), "LC_ALL": "zh_CN.GB18030"}
    script = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.getpreferredencoding())"
    command = [sys.executable, "-c", script]
    asked = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=False)
    assert asked.stdout.strip() == b"GB18030", asked.stderr.decode()
    return environment


def test_runs_are_the_same_in_another_locale(tmp_path: Path, chinese: dict[str, str]) -> None:
    first = clean(tmp_path / "first", LC_ALL="C.UTF-8")
    assert clean(tmp_path / "second", **chinese, PYTHONUTF8="0", TZ="Asia/Shanghai") == first


def test_runs_are_the_same(tmp_path: Path) -> None:
    first = clean(tmp_path / "first", PYTHONHASHSEED="0")
    assert sorted(first) == ["all.jsonl", "all.jsonl.log", "all.md", "all.md.log"]
    for number, environment in enumerate(
        [
            {"PYTHONHASHSEED": "0"},
            {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"PYTHONHASHSEED": "random", "PYTHONIOENCODING": "gbk", "TZ": "Asia/Shanghai"},
            {"PYTHONHASHSEED": "7", "CLEANER_CACHE": str(tmp_path / "cache")},
            {"PYTHONHASHSEED": "8", "CLEANER_CACHE": str(tmp_path / "cache"), "PYTHONOPTIMIZE": "2"},
        ]
    ):
        assert clean(tmp_path / str(number), **environment) == first, environment


@pytest.mark.parametrize(
    "arguments",
    [
        ("clean", "PAGE", "--to", "s2t", "-o", "out.txt", "--log", "log"),
        ("clean", "PAGE", "--format", "jsonl", "-o", "out.jsonl"),
        ("explain", "PAGE"),
        ("rules", "list"),
        ("report", "PAGE", "-o", "out.html"),
        ("dump", "DUMP", "-o", "out.jsonl", "-j", "1", "-q", "--log"),
        ("dump", "DUMP", "-o", "two.jsonl", "-j", "2", "-q"),
        ("restore", "CLEAN", "--log", "LOG", "-o", "raw.txt"),
        ("score", "GOLD", "GOLD"),
        ("rules", "try", "[的一]", "--on", "PAGE"),
        ("rules", "test"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_no_network(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "dump.jsonl").write_text(json.dumps({"id": 1, "text": "石桥,通了。"}), encoding="utf-8")
    made = [sys.executable, "-m", "cleaner", "clean", str(PAGES[0])]
    subprocess.run([*made, "-o", "clean.txt", "--log", "clean.log"], cwd=tmp_path, check=True)
    subprocess.run([*made, "--format", "jsonl", "-o", "gold.jsonl"], cwd=tmp_path, check=True)
    files = {"PAGE": PAGES[0], "DUMP": "dump.jsonl", "CLEAN": "clean.txt", "LOG": "clean.log", "GOLD": "gold.jsonl"}
    command = [str(files.get(part, part)) for part in arguments]
    done = subprocess.run([sys.executable, "-c", GUARD, *command], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    "call", ["socket.create_connection(('127.0.0.1', 9))", "socket.socket()", "import _socket; _socket.socket()"]
)
def test_the_guard_guards(call: str) -> None:
    script = GUARD.replace("from cleaner.cli import main", call)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert b"the network was asked for" in done.stderr
