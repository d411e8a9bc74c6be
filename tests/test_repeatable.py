"""Same input, rules and version, same bytes: whatever hash seed, locale and number of the run. And no network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from processes import PATIENCE

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = [FIXTURES / name / "raw.txt" for name in ("displaced-parts", "torn-columns", "quotes-and-dashes")]
GUARD = Path(__file__).parent / "no_network"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


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


@pytest.fixture
def guarded(tmp_path: Path) -> dict[str, str]:
    """An environment in which no process has a network (tests/no_network); who asked for it is told at the end."""
    folder = tmp_path / "guard"
    folder.mkdir()
    paths = [str(GUARD), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "NO_NETWORK": str(folder)}


def who_asked(guarded: dict[str, str]) -> str:
    """Return what was asked of the network."""
    asked = Path(guarded["NO_NETWORK"], "asked")
    return asked.read_text(encoding="utf-8") if asked.exists() else ""


def count_guarded(guarded: dict[str, str], words: str) -> int:
    """Return how many processes were under the guard in whose command some words stand."""
    return sum(words in path.read_text(encoding="utf-8") for path in Path(guarded["NO_NETWORK"]).glob("guarded-*"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what commands that read Cleaner's own files are given."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "dump.jsonl").write_text(json.dumps({"id": 1, "text": "石桥,通了。"}), encoding="utf-8")
    made = [sys.executable, "-m", "cleaner", "clean", str(PAGES[0])]
    subprocess.run([*made, "-o", "clean.txt", "--log", "clean.log"], cwd=folder, check=True)
    subprocess.run([*made, "--format", "jsonl", "-o", "gold.jsonl"], cwd=folder, check=True)
    return folder


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
def test_no_network(tmp_path: Path, prepared: Path, guarded: dict[str, str], arguments: tuple[str, ...]) -> None:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    files = {"PAGE": PAGES[0], "DUMP": "dump.jsonl", "CLEAN": "clean.txt", "LOG": "clean.log", "GOLD": "gold.jsonl"}
    command = [sys.executable, "-m", "cleaner", *(str(files.get(part, part)) for part in arguments)]
    done = subprocess.run(command, cwd=tmp_path, env=guarded, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert who_asked(guarded) == ""
    assert count_guarded(guarded, "cleaner\0") == 1
    workers = int(arguments[arguments.index("-j") + 1]) if "-j" in arguments else 0
    assert min(workers, 1) <= count_guarded(guarded, "spawn_main") <= workers  # one may not have come up in time


def test_review_has_no_network_but_its_own_address(tmp_path: Path, guarded: dict[str, str]) -> None:
    """It listens on this machine, answers, and asks nobody, not even for the name of that address."""
    command = [sys.executable, "-m", "cleaner", "review", str(PAGES[0]), "-o", str(tmp_path / "review")]
    environment = {**guarded, "LOOPBACK": "1"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stderr is not None
        told = iter(process.stderr.readline, b"")
        address = next(line.split()[-1].decode() for line in told if line.startswith(b"Review at "))
        with OPENER.open(address, timeout=PATIENCE) as answer:
            page = answer.read().decode("utf-8")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) in (0, 130)
    assert "</html>" in page
    assert who_asked(guarded) == ""
    assert count_guarded(guarded, "review") == 1


@pytest.mark.parametrize(
    "call",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import _socket; _socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.gethostbyname('localhost')",
        "import socket; socket.getfqdn('127.0.0.1')",
        "import multiprocessing as m, socket as s; m.get_context('spawn').Pool(1).apply(s.gethostbyname, ('a',))",
    ],
)
@pytest.mark.parametrize("loopback", ["0", "1"])
def test_the_guard_guards(guarded: dict[str, str], call: str, loopback: str) -> None:
    """Even where the error is caught, and when a server may listen."""
    script = f"try:\n    {call}\nexcept OSError: pass"
    command = [sys.executable, "-c", script]
    subprocess.run(command, env={**guarded, "LOOPBACK": loopback}, capture_output=True, check=False, timeout=PATIENCE)
    assert who_asked(guarded).startswith("socket.")


def test_the_guard_lets_nobody_listen_elsewhere(guarded: dict[str, str]) -> None:
    for address, asked in (("127.0.0.1", False), ("0.0.0.0", True), ("", True)):
        script = f"import socket\nsocket.socket().bind(({address!r}, 0))"
        done = subprocess.run([sys.executable, "-c", script], env={**guarded, "LOOPBACK": "1"}, check=False)
        assert (done.returncode != 0, who_asked(guarded) != "") == (asked, asked)


def test_a_library_leaves_the_garbage_collector_as_it_is(tmp_path: Path) -> None:
    """Only processes that are Cleaner's own look for garbage less often."""
    page = tmp_path / "page.txt"
    page.write_text("今年,新修了路。", encoding="utf-8")
    told = "print(gc.get_threshold()[0] == start, file=sys.stderr)"
    library = f"import cleaner, gc, sys; start = gc.get_threshold()[0]; cleaner.clean('今年,'); {told}"
    command = (
        "import atexit, gc, sys; from cleaner.__main__ import main; from cleaner.garbage import SELDOM as start\n"
        f"sys.argv = ['cleaner', 'clean', {str(page)!r}, '-q']; atexit.register(lambda: {told}); main()"
    )
    for code in (library, command):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE
        )
        assert done.stderr == "True\n"
