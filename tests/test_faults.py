"""What can go wrong with files: a full disk, folders that refuse, killed runs, two runs at once.

Every case asks the same four things: a message that names the file, the right exit code, the old content or the new
and never half, and nothing temporary left behind.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from processes import PATIENCE, wait_until

from cleaner import Cleaner
from cleaner.cli.clean import _write_one
from cleaner.cli.job import Job
from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError
from cleaner.io.lock import hold_lock
from cleaner.io.log import LogWriter
from cleaner.io.outputs import open_outputs
from cleaner.io.read import Source
from cleaner.io.readlog import read_log
from cleaner.review.connections import MOST
from cleaner.review.server import Handler, ReviewServer
from cleaner.review.session import Session

DIRTY = "石桥镇今年新修了两条路，村民出行方便多了。\r\n\r\n水渠也通了水，稻田不再缺水。\r\n"
LONG = "".join(f"第{number}户也通了水,稻田不再缺水。\r\n" for number in range(150))
OLD = "这是原来的内容。\n"
CLEANER = [sys.executable, "-m", "cleaner"]
OVERRIDE = (1, 2, 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER of linux/capability.h
PR_CAPBSET_DROP = 24


@pytest.fixture(autouse=True, scope="module")
def kept_patterns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let commands start fast: what they compile is kept from one to the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEANER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def run(*args: str | Path, before: Callable[[], object] | None = None) -> subprocess.CompletedProcess[str]:
    command = [*CLEANER, *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", preexec_fn=before, timeout=PATIENCE
    )


@contextmanager
def start(*args: str | Path, script: str = "") -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    command = [*([sys.executable, "-c", script] if script else CLEANER), *map(str, args)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=as_at_a_terminal) as process:
        try:
            yield process
        except BaseException:  # what the body has found wrong is told, not waited for
            process.kill()
            raise


def as_at_a_terminal() -> None:
    """Let signals do what they do by default: a background job inherits an ignored SIGINT, one of `nohup` SIGHUP."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def limit_files() -> None:
    """Let files grow to 4096 bytes only: writing fails as on a full disk (EFBIG; Python ignores SIGXFSZ)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def obey_permissions() -> None:
    """Let the superuser meet permissions as others do."""
    for capability in OVERRIDE:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(LONG.encode())
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def failed(result: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    for part in parts:
        assert part in result.stderr, result.stderr


class TestFullDisk:
    def test_output(self, page: Path, out: Path) -> None:
        (out / "o.txt").write_text(OLD)
        failed(run("clean", page, "-o", out / "o.txt", before=limit_files), "File too large", "1 failed")
        assert (names(out), (out / "o.txt").read_text()) == (["o.txt"], OLD)

    def test_one_output_of_several_pages(self, page: Path, out: Path) -> None:
        """It is said once, and the pages that follow are not cleaned in vain."""
        for name in "bcd":
            page.with_name(f"{name}.txt").write_bytes(LONG.encode())
        (out / "all.jsonl").write_text(OLD)
        result = run("clean", page.parent, "--format", "jsonl", "-o", out / "all.jsonl", before=limit_files)
        failed(result, "File too large", "0 pages", "1 failed")
        assert result.stderr.count("File too large") == 1
        assert (names(out), (out / "all.jsonl").read_text()) == (["all.jsonl"], OLD)

    @pytest.mark.parametrize("ended", ["a page too large", "a log too large", "Ctrl-C"])
    def test_old_output_and_its_log_stay_together(self, page: Path, out: Path, ended: str) -> None:
        """A second run that is broken off leaves the output of the first, and the log that leads back from it."""
        page.write_bytes(DIRTY.encode())
        args = ["clean", page.parent / "a.txt", page.parent / "b.txt", "-o", out / "o.txt", "--log", out / "log"]
        page.with_name("b.txt").write_bytes(DIRTY.encode())
        assert run(*args).returncode == 0
        old = {name: (out / name).read_bytes() for name in ("o.txt", "log")}
        page.write_bytes((DIRTY + "后来又修了路。\n").encode())
        if ended == "Ctrl-C":
            page.with_name("b.txt").unlink()
            os.mkfifo(page.with_name("b.txt"))
            with start(*args) as process, page.with_name("b.txt").open("wb"):  # it is at the second page
                process.send_signal(signal.SIGINT)
                assert process.wait(PATIENCE) == 130
        else:
            page.with_name("b.txt").write_bytes((LONG if "page" in ended else DIRTY * 9).encode())
            done = run(*args, before=limit_files)
            failed(done, "File too large", f"2 of 2 pages not written; {out / 'o.txt'} is as it was", "0 pages")
            assert done.stderr.count("File too large") == 1
        assert {name: (out / name).read_bytes() for name in names(out)} == old
        assert run("restore", out / "o.txt", "--log", out / "log", "-o", out / "raw").returncode == 0
        assert (out / "raw" / "a.txt").read_bytes() == DIRTY.encode()

    def test_a_run_that_did_not_do_all_pages_leaves_the_old_log(self, page: Path, out: Path) -> None:
        """The page that it did not do is as before, and the old log alone leads back from it."""
        page.write_bytes(DIRTY.encode())
        page.with_name("b.txt").write_bytes(DIRTY.encode())
        args = ["clean", page.parent, "-o", f"{out}/", "--log", out.with_name("log")]
        assert run(*args).returncode == 0
        page.write_bytes((DIRTY + "后来又修了路。\n").encode())
        page.with_name("b.txt").write_bytes("石桥".encode()[:-1])
        failed(run(*args), "b.txt: cannot decode", "log stays", "log.2")
        for name, log, raw in (("a", "log.2", page.read_bytes()), ("b", "log", DIRTY.encode())):
            done = run("restore", out / f"{name}.txt", "--log", out.with_name(log), "-o", out.with_name("raw.txt"))
            assert (done.returncode, out.with_name("raw.txt").read_bytes()) == (0, raw), done.stderr
        page.with_name("b.txt").write_bytes(DIRTY.encode())
        assert run(*args).returncode == 0
        assert run("restore", out, "--log", out.with_name("log"), "-o", out.with_name("raws")).returncode == 0

    def test_log(self, page: Path, out: Path) -> None:
        """A page whose log cannot be written is not written either."""
        failed(run("clean", page, "-o", out / "o.txt", "--log", out / "log", before=limit_files), "File too large")
        assert names(out) == ["log"]
        assert (out / "log").read_text().count("\n") == 1  # the first line alone, nothing half

    def test_in_place(self, page: Path, out: Path) -> None:
        """What was done before the disk was full can be undone; the page that did not fit is as it was."""
        page.with_name("0.txt").write_bytes(DIRTY.encode())
        failed(run("clean", page.parent, "--in-place", "--log", out / "log", before=limit_files), "File too large")
        assert page.read_bytes() == LONG.encode()
        assert (names(page.parent), names(out)) == (["0.txt", "a.txt"], ["log"])
        assert page.with_name("0.txt").read_bytes() != DIRTY.encode()
        assert run("restore", page.with_name("0.txt"), "--log", out / "log", "-o", out / "raw").returncode == 0
        assert (out / "raw").read_bytes() == DIRTY.encode()

    def test_restore(self, page: Path, out: Path) -> None:
        assert run("clean", page, "-o", out / "o.txt", "--log", out / "log").returncode == 0
        (out / "raw").write_text(OLD)
        failed(run("restore", out / "o.txt", "--log", out / "log", "-o", out / "raw", before=limit_files), "too large")
        assert (names(out), (out / "raw").read_text()) == (["log", "o.txt", "raw"], OLD)

    def test_small_file_system(self, page: Path) -> None:
        """The same on a file system of 16 KB, mounted in a name space of its own."""
        script = (
            'mount -t tmpfs -o size=16k none "$1" || exit 99; echo 原来的 >"$1/o.txt"; '
            '"$0" -m cleaner clean "$2" -o "$1/o.txt" --log "$1/log"; code=$?; ls -A "$1"; cat "$1/o.txt"; exit $code'
        )
        command = ["unshare", "-Urm", "bash", "-c", script, sys.executable, str(page.parent), str(page)]
        command[-2] = str(page.parent.parent / "out")
        Path(command[-2]).mkdir()
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False
            )
        except FileNotFoundError:
            pytest.skip("no unshare on this system")
        if done.returncode == 99 or (done.returncode == 1 and done.stderr.startswith("unshare: ")):
            pytest.skip(f"no mounts in name spaces here: {done.stderr.strip()}")
        failed(done, "No space left on device")
        assert done.stdout == "log\no.txt\n原来的\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="capabilities are Linux's")
class TestPermissions:
    def test_read_only_folder(self, page: Path, out: Path) -> None:
        out.chmod(0o555)
        try:
            for more in (("-o", out / "o.txt"), ("-o", out), ("--log", out / "log")):
                failed(run("clean", page, *more, before=obey_permissions), str(out), "Permission denied")
            (out.parent / "new").mkdir()
            failed(run("clean", page, "-o", out / "new" / "o.txt", before=obey_permissions), "Permission denied")
        finally:
            out.chmod(0o755)
        assert names(out) == []

    def test_in_place_in_a_read_only_folder(self, page: Path, out: Path) -> None:
        page.parent.chmod(0o555)
        try:
            result = run("clean", page, "--in-place", "--log", out / "log", before=obey_permissions)
            failed(result, str(page), "Permission denied")
        finally:
            page.parent.chmod(0o755)
        assert page.read_bytes() == LONG.encode()

    def test_unreadable_input(self, page: Path, out: Path) -> None:
        page.with_name("b.txt").write_bytes(DIRTY.encode())
        page.chmod(0)
        failed(run("clean", page.parent, "-o", out, before=obey_permissions), f"{page}: Permission denied")
        assert names(out) == ["b.txt"]  # the others are done

    def test_private_file_stays_private(self, page: Path) -> None:
        page.chmod(0o600)
        assert run("clean", page, "--in-place", "--no-log").returncode == 0
        assert page.stat().st_mode & 0o777 == 0o600

    def test_link_in_place(self, page: Path, out: Path) -> None:
        (out / "link.txt").symlink_to(page)
        assert run("clean", out / "link.txt", "--in-place", "--no-log").returncode == 0
        assert (out / "link.txt").is_symlink()
        assert b"\r" not in page.read_bytes()

    def test_dangling_link(self, page: Path, out: Path) -> None:
        (out / "link.txt").symlink_to(out / "new.txt")
        assert run("clean", page, "-o", out / "link.txt").returncode == 0
        assert names(out) == ["link.txt", "new.txt"]

    def test_link_in_a_ring(self, page: Path, out: Path) -> None:
        (out / "ring").symlink_to(out / "ring")
        failed(run("clean", out / "ring"), "ring")


# Cleans, but does not put the last page in its place: so a signal finds the run at work, however slowly it is sent.
HELD = """
import time
from cleaner.__main__ import main
from cleaner.io.atomic import AtomicFile

def commit_or_wait(file, commit=AtomicFile.commit):
    if file.target.name == "{name}":
        time.sleep(3600)
    commit(file)

AtomicFile.commit = commit_or_wait
main()
"""


class TestKilled:
    """Runs in place that are stopped in the middle: each page is old or new, and every new one can be undone."""

    PAGES = 30

    @pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129), ("SIGKILL", -9)])
    def test_in_place(self, tmp_path: Path, out: Path, number: str, code: int) -> None:
        pages, text = tmp_path / "pages", LONG.encode()
        pages.mkdir()
        for name in range(self.PAGES):
            (pages / f"{name:02}.txt").write_bytes(text)
        script = HELD.format(name=f"{self.PAGES - 1:02}.txt")
        with start("clean", pages, "--in-place", "--log", out / "log", script=script) as process:
            wait_until(lambda: (pages / "01.txt").read_bytes() != text, process)
            process.send_signal(getattr(signal, number))
            assert process.wait(PATIENCE) == code
            assert process.stderr is not None
            assert b"Traceback" not in process.stderr.read()
        assert [path.name for path in pages.iterdir() if path.name.startswith(".")] == [] or number == "SIGKILL"
        changed = [path for path in sorted(pages.glob("[0-9]*")) if path.read_bytes() != text]
        assert 2 <= len(changed) < self.PAGES
        log = out / "log" if number != "SIGKILL" else next(out.glob(".log.*.tmp"))
        for path in (changed[0], changed[-1]):
            done = subprocess.run([*CLEANER, "restore", path, "--log", log], capture_output=True, check=False)
            assert (done.returncode, done.stdout) == (0, text), done.stderr

    @pytest.mark.parametrize("way", ["module", "script"])
    def test_ctrl_c_at_any_moment(self, page: Path, out: Path, way: str) -> None:
        """While modules are loaded, rules are read, the page is cleaned: no traceback, code 130, nothing half.

        Python's own start is not ours: the first moment is that at which the first lines of the program have run.
        """
        script = "import sys; from cleaner.interrupt import leave_at_once; leave_at_once(); print(flush=True)\n"
        script += "sys.argv.pop(1) == 'held' and sys.stdin.read()\n"  # so that one moment is before all else
        if way == "script":
            script += "from cleaner.__main__ import main; sys.exit(main())"
        else:
            script += "import runpy; runpy.run_module('cleaner', run_name='__main__', alter_sys=True)"
        seen = []
        for moment in range(21):
            go_on = "go on" if moment else "held"
            with start(go_on, "clean", page, "-o", out / "o.txt", script=script) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(moment * 0.025)
                process.send_signal(signal.SIGINT)
                _, stderr = process.communicate(timeout=PATIENCE)
            seen.append(process.returncode)
            assert b"Traceback" not in stderr, (moment, stderr.decode())
            assert set(names(out)) <= {"o.txt"}
        assert set(seen) <= {0, 130, -signal.SIGINT}  # the last while Python ends, when all is done
        assert seen[0] == 130

    def test_a_signal_that_comes_twice(self) -> None:
        """As `timeout` sends it: what tidies up is not broken off, and nothing is said."""
        script = (
            "import os, signal, sys\n"
            "from cleaner import cli\n"
            "def work(**options):\n"
            "    try:\n"
            "        os.kill(os.getpid(), signal.SIGTERM)\n"
            "    finally:\n"
            "        os.kill(os.getpid(), signal.SIGTERM)\n"
            "        os.kill(os.getpid(), signal.SIGHUP)\n"
            "        sys.stdout.write('tidy')\n"
            "cli.cli = work\n"
            "cli.main()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, preexec_fn=as_at_a_terminal, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (143, b"tidy", b"")

    def test_ctrl_c_where_nothing_can_be_raised(self) -> None:
        """Python only tells of an exception in `__del__`; the interrupt comes again."""
        script = (
            "import os, signal, time\n"
            "from cleaner.interrupt import leave_at_once, raise_interrupts\n"
            "class Deaf:\n"
            "    def __del__(self):\n"
            "        os.kill(os.getpid(), signal.SIGINT)\n"
            "leave_at_once()\n"
            "with raise_interrupts():\n"
            "    try:\n"
            "        Deaf()\n"
            f"        time.sleep({PATIENCE})\n"
            "    except KeyboardInterrupt:\n"
            "        print('interrupted')\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=False,
            preexec_fn=as_at_a_terminal,
            timeout=PATIENCE,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"interrupted\n", b"")

    def test_cut_log(self, tmp_path: Path, out: Path) -> None:
        """Pages before the place where a log is cut off can be restored; the one there says why not."""
        pages = tmp_path / "pages"
        pages.mkdir()
        for name in ("a.txt", "b.txt"):
            (pages / name).write_bytes(DIRTY.encode())
        assert run("clean", pages, "--in-place", "--log", out / "log").returncode == 0
        log = (out / "log").read_bytes()
        for size in (5, 30):
            (out / "cut").write_bytes(log[:-size])
            assert run("restore", pages / "a.txt", "--log", out / "cut", "-o", out / "raw").returncode == 0
            assert (out / "raw").read_bytes() == DIRTY.encode()
            failed(run("restore", pages / "b.txt", "--log", out / "cut"), f"{pages / 'b.txt'}: ", "its log is cut off")

    def test_output_of_a_killed_run(self, page: Path, out: Path) -> None:
        (out / "o.txt").write_text(OLD)
        with start("clean", "-", "-o", out / "o.txt") as process:
            wait_until((out / ".o.txt.lock").exists, process)
            process.kill()
        assert (out / "o.txt").read_text() == OLD
        assert run("clean", page, "-o", out / "o.txt").returncode == 0  # what it left does not stand in the way
        assert ".o.txt.lock" not in names(out)


class TestTwoRuns:
    def test_one_output(self, page: Path, out: Path) -> None:
        with start("clean", "-", "-o", out / "o.txt", "--log", out / "log") as process:
            wait_until((out / ".log.lock").exists, process)
            failed(run("clean", page, "-o", out / "o.txt"), f"{out / 'o.txt'}: another run is writing it")
            failed(run("clean", page, "--log", out / "log"), f"{out / 'log'}: another run is writing it")
            assert run("clean", page, "-o", out / "other.txt").returncode == 0
            stdout, stderr = process.communicate(DIRTY.encode())
            assert (process.returncode, stdout) == (0, b""), stderr
        assert names(out) == ["log", "o.txt", "other.txt"]
        assert run("restore", out / "o.txt", "--log", out / "log", "-o", out / "raw").returncode == 0
        assert (out / "raw").read_bytes() == DIRTY.encode()

    def test_page_that_somebody_edits_meanwhile(self, page: Path, out: Path) -> None:
        """What was written into a page while it was cleaned is not lost, and the log does not speak of it."""
        job = Job(Cleaner(), None, "text", Outcome(quiet=True))
        source = Source(str(page), page)
        read = job.read(source)
        page.write_text(OLD)
        outputs = open_outputs([source], "text", None, many=False, in_place=True)
        with LogWriter(out / "log", job.cleaner.rules, {}) as writer, pytest.raises(CleanerError, match="was changed"):
            _write_one(job, read, outputs, writer)
        assert page.read_text() == OLD
        assert read_log(out / "log") == []

    def test_one_folder(self, page: Path, out: Path) -> None:
        """The second run is refused: each log speaks of what is in the folder."""
        with start("clean", "-", "-o", out) as process:
            wait_until((out / ".lock").exists, process)
            failed(run("clean", page, "-o", out, "--log", out.parent / "log"), f"{out}: another run is writing it")
            assert not (out.parent / "log").exists()
            process.communicate(DIRTY.encode())
            assert process.returncode == 0
        assert names(out) == ["stdin.txt"]
        assert run("clean", page, "-o", out).returncode == 0
        assert (out / "a.txt").read_bytes() == run("clean", page).stdout.encode()

    def test_one_page_in_place(self, page: Path, out: Path) -> None:
        """While one run logs and writes a page, another one leaves it alone."""
        with hold_lock(str(page)):
            result = run("clean", page, "--in-place", "--log", out / "log")
        failed(result, f"{page}: another run is writing it")
        assert (page.read_bytes(), names(out)) == (LONG.encode(), ["log"])
        assert read_log(out / "log") == []
        assert names(page.parent) == ["a.txt"]

    def test_lock_is_given_back(self, tmp_path: Path) -> None:
        output = str(tmp_path / "o.txt")
        for _ in range(3):
            with hold_lock(output):
                assert names(tmp_path) == [".o.txt.lock"]
                with pytest.raises(CleanerError, match="another run is writing it"), hold_lock(output):
                    pass
            assert names(tmp_path) == []

    @pytest.mark.parametrize("name", ["ENOLCK", "ENOSYS", "ENOTSUP", "EINVAL"])
    def test_file_system_without_locks(
        self, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """As on some networks and clusters: the run goes on, and says so once."""
        code = getattr(errno, name)

        def refuse(handle: int, operation: int) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr("cleaner.io.lock._told", False)
        monkeypatch.setattr("fcntl.flock", refuse)
        for output in ("o.txt", "p.txt"):
            with hold_lock(str(tmp_path / output)):
                pass
        told = capsys.readouterr().err
        assert told.count("\n") == told.count(f"o.txt: no locks on this file system ({os.strerror(code)})") == 1
        assert names(tmp_path) == []

    def test_lock_that_fails_otherwise(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(handle: int, operation: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr("fcntl.flock", fail)
        with pytest.raises(OSError, match=r"Input/output error.*o\.txt"), hold_lock(str(tmp_path / "o.txt")):
            pass

    def test_files_without_lasting_numbers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("cleaner.io.lock._told", False)
        monkeypatch.setattr("os.path.samestat", lambda one, other: False)
        with hold_lock(str(tmp_path / "o.txt")):
            assert names(tmp_path) == [".o.txt.lock"]
        assert "no lasting numbers" in capsys.readouterr().err

    def test_lock_file_of_another(self, tmp_path: Path) -> None:
        """A link in the lock's place is not followed: no file elsewhere is made or removed."""
        (tmp_path / ".o.txt.lock").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(CleanerError, match=r"\.o\.txt\.lock: a link"), hold_lock(str(tmp_path / "o.txt")):
            pass
        assert names(tmp_path) == [".o.txt.lock"]

    def test_lock_file_that_is_no_lock(self, tmp_path: Path) -> None:
        """What has content is a user's file: it is not taken away."""
        (tmp_path / ".o.txt.lock").write_text("mine")
        with pytest.raises(CleanerError, match=r"\.o\.txt\.lock: not made by"), hold_lock(str(tmp_path / "o.txt")):
            pass
        assert (tmp_path / ".o.txt.lock").read_text() == "mine"


class TestLogs:
    """Logs carry hashes, and a log that does not belong is refused with the reason."""

    def make(self, out: Path, name: str, text: str) -> tuple[Path, Path]:
        raw, clean, log = out / f"{name}.raw", out / f"{name}.txt", out / f"{name}.log"
        raw.write_bytes(text.encode())
        assert run("clean", raw, "-o", clean, "--log", log).returncode == 0
        return clean, log

    def test_foreign_log(self, out: Path) -> None:
        clean, log = self.make(out, "a", DIRTY)
        other, other_log = self.make(out, "b", DIRTY.replace("两条", "三条"))
        failed(run("restore", clean, "--log", other_log), f"{clean}: cannot restore {out / 'b.raw'}: ", "another run's")
        failed(run("restore", other, "--log", log), "it is not the text that was written")
        failed(run("restore", clean, "--log", clean), "not JSON")

    def test_hashes(self, out: Path) -> None:
        clean, log = self.make(out, "a", DIRTY)
        lines = log.read_text(encoding="utf-8").split("\n")
        entry = json.loads(lines[1])
        for key, reason in (("sha256", "the log was changed"), ("clean_sha256", "it is not the text that was written")):
            wrong = entry | {key: "0" * 64}
            log.write_text("\n".join([lines[0], json.dumps(wrong), *lines[2:]]), encoding="utf-8")
            failed(run("restore", clean, "--log", log, "-o", out / "raw"), reason)
        assert not (out / "raw").exists()


def is_ended(line: socket.socket) -> bool:
    """Wait until the other side says something, or ends the connection; return which."""
    try:
        return not line.recv(1)
    except ConnectionError:
        return True


class TestReview:
    @contextmanager
    def serve(self, page: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
        with start("review", page, "-o", out) as process:
            assert process.stderr is not None
            while b"Ctrl-C" not in (line := process.stderr.readline()):
                assert line, process.wait()
            yield process

    def test_two_servers_on_one_folder(self, page: Path, out: Path) -> None:
        """Each would overwrite what the other has written; the second is refused."""
        with self.serve(page, out) as process:
            failed(run("review", page, "-o", out), f"{out / 'decisions.jsonl'}: another run is writing it")
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
        with self.serve(page, out) as process:
            process.kill()
        with self.serve(page, out) as process:  # what a killed one has left does not stand in the way
            process.terminate()
            assert process.wait(PATIENCE) == 143
        assert names(out) == []

    @pytest.mark.parametrize(
        ("request_line", "headers", "status"),
        [
            ("GET http://[::1 HTTP/1.1", {}, 400),
            ("POST http://[::1 HTTP/1.1", {"Content-Length": "2"}, 400),
            ("POST /decide HTTP/1.1", {"Content-Length": "9" * 5000}, 400),
            ("POST /decide HTTP/1.1", {"Content-Length": "-1"}, 400),
            ("POST /decide HTTP/1.1", {"Content-Length": "٣"}, 400),
            ("GET /../../etc/passwd HTTP/1.1", {}, 403),
            ("BREW / HTTP/1.1", {}, 501),
        ],
        ids=lambda part: str(part)[:24],
    )
    def test_odd_requests(self, page: Path, out: Path, request_line: str, headers: dict[str, str], status: int) -> None:
        """They are answered, and no traceback is printed."""
        session = Session([("a", Cleaner().clean_page("石桥,通了。"))], out, Cleaner().rules)
        with ReviewServer(session, lambda review: "page") as server:
            errors: list[object] = []
            server.handle_error = lambda *args: errors.append(args)  # type: ignore[method-assign]
            thread = Thread(target=server.serve_forever)
            thread.start()
            origin = server.origins[0]
            known = {"Host": origin[7:], "Origin": origin, "X-Cleaner-Token": server.token}
            known |= {"Content-Type": "application/json", **headers}
            with socket.create_connection(("127.0.0.1", server.server_port), timeout=PATIENCE) as line:
                told = "".join(f"{name}: {value}\r\n" for name, value in known.items())
                line.sendall(f"{request_line}\r\n{told}\r\n".encode())
                answer = line.recv(1000).decode()
            server.shutdown()
            thread.join()
        assert errors == []
        assert answer.split(" ")[1] == str(status)

    def test_browser_that_goes_away(self, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """No traceback is printed."""
        session = Session([("a", Cleaner().clean_page("石桥,通了。"))], out, Cleaner().rules)
        asked, gone, failed = Event(), Event(), Event()
        failures: list[tuple[object, ...]] = []

        def write_page(review: dict[str, object]) -> str:
            asked.set()
            gone.wait(PATIENCE)
            return "x" * 5_000_000

        with ReviewServer(session, write_page) as server:
            tell = server.handle_error

            def note_error(*args: object) -> None:
                failures.append(args)
                tell(*args)
                failed.set()

            server.handle_error = note_error  # type: ignore[method-assign]
            thread = Thread(target=server.serve_forever)
            thread.start()
            with socket.create_connection(("127.0.0.1", server.server_port), timeout=PATIENCE) as line:
                origin = server.origins[0]
                line.sendall(f"GET {server.address[len(origin) :]} HTTP/1.1\r\nHost: {origin[7:]}\r\n\r\n".encode())
                assert asked.wait(PATIENCE)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            gone.set()
            assert failed.wait(PATIENCE)
            server.shutdown()
            thread.join()
        assert len(failures) == 1
        assert capsys.readouterr().err == ""

    def test_silent_connections(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """No more are held than may be: the oldest gives way to the user, who is answered at once."""
        monkeypatch.setattr(Handler, "timeout", None)  # so that nothing else ends them
        asked, go_on = Event(), Event()

        def write_page(review: dict[str, object]) -> str:
            asked.set()
            go_on.wait(PATIENCE)
            return "page"

        session = Session([("a", Cleaner().clean_page("石桥,通了。"))], out, Cleaner().rules)
        with ReviewServer(session, write_page) as server, ExitStack() as stack:
            thread = Thread(target=server.serve_forever)
            thread.start()
            host = server.origins[0].removeprefix("http://")

            def connect(said: bytes) -> socket.socket:
                line = socket.create_connection(("127.0.0.1", server.server_port), timeout=PATIENCE)
                line.sendall(said)
                return stack.enter_context(line)

            def ask() -> socket.socket:
                return connect(f"GET /?token={server.token} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

            slow = ask()  # has shown the token: it stays
            assert asked.wait(PATIENCE)
            silent = [connect(b"" if number % 2 else b"GET / HTTP/1.1\r\nHost: x") for number in range(MOST - 1)]
            wait_until(lambda: len(server.strangers) == MOST - 1)
            go_on.set()
            assert b" 200 " in slow.recv(100)
            answers = [ask() for _ in range(5)]
            assert all(b" 200 " in line.recv(100) for line in answers)
            silent += [connect(b"") for _ in range(MOST)]  # all that were there before give way
            assert all(map(is_ended, silent[: MOST - 1]))
            assert len(server.strangers) <= MOST
            assert b" 200 " in ask().recv(100)
            for line in silent:
                line.close()
            wait_until(lambda: not server.strangers)
            server.shutdown()
            thread.join()

    def test_read_only_folder(self, page: Path, out: Path) -> None:
        out.chmod(0o555)
        try:
            failed(run("review", page, "-o", out / "new", before=obey_permissions), str(out), "Permission denied")
        finally:
            out.chmod(0o755)


COMMANDS = {
    "clean": ("clean", "PAGE", "PAGE"),
    "clean --diff": ("clean", "--diff", "PAGE"),
    "dump": ("dump", "DUMP", "-o", "-", "-j", "1", "-q"),
    "explain": ("explain", "PAGE"),
    "explain --format json": ("explain", "PAGE", "--format", "json"),
    "report": ("report", "PAGE", "-o", "-"),
    "restore": ("restore", "CLEAN", "--log", "LOG"),
    "rules list": ("rules", "list"),
    "rules show": ("rules", "show", "english-word"),
    "rules try": ("rules", "try", "户", "--on", "PAGE"),
    "rules diff": ("rules", "diff", "minimal", "newspaper", "--on", "PAGE"),
    "score": ("score", "GOLD", "GOLD"),
    "completion": ("completion", "bash"),
    "--help": ("--help",),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "a.txt").write_text(LONG * 3, encoding="utf-8")
    (folder / "a.jsonl").write_text("".join(json.dumps({"id": n, "text": LONG}) + "\n" for n in range(9)))
    assert run("clean", folder / "a.txt", "-o", folder / "o.txt", "--log", folder / "log").returncode == 0
    assert run("clean", folder / "a.txt", "--format", "jsonl", "-o", folder / "gold.jsonl").returncode == 0
    found = {"PAGE": "a.txt", "DUMP": "a.jsonl", "CLEAN": "o.txt", "LOG": "log", "GOLD": "gold.jsonl"}
    return {name: str(folder / file) for name, file in found.items()}


class TestStreams:
    """Every command that prints, on streams that fail."""

    def bash(self, script: str, command: tuple[str, ...], files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        args = ["bash", "-c", script, *CLEANER, *(files.get(part, part) for part in command)]
        return subprocess.run(args, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_output_that_fails(self, name: str, files: dict[str, str]) -> None:
        """The disk is full, or the reader is gone."""
        done = self.bash('"$0" "$@" >/dev/full', COMMANDS[name], files)
        assert (done.returncode, "No space left on device" in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr
        ours, theirs = os.pipe()
        os.close(ours)
        command = [*CLEANER, *(files.get(part, part) for part in COMMANDS[name])]
        done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
        os.close(theirs)
        assert done.returncode == (1 if name == "--help" else 141)  # click's own
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("name", COMMANDS)
    def test_messages_that_nobody_can_read(self, name: str, files: dict[str, str]) -> None:
        """They end no run, and change no exit code."""
        codes = [
            self.bash(f'"$0" "$@" >/dev/null {messages}', COMMANDS[name], files).returncode
            for messages in ("", "2>/dev/full", "2>&-")
        ]
        assert codes == [1 if "diff" in name else 0] * 3
