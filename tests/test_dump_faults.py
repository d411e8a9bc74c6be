"""`cleaner dump` when things go wrong: killed runs, dead and hanging workers, other rules, changed inputs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kill_dump import COMMAND, contents, kill_runs, make_dump
from processes import is_running, wait_until
from sample_rules import EXPLODES

from cleaner import Cleaner, Page
from cleaner.cli import cli
from cleaner.dump.model import Chunk, Made, Place, Raw
from cleaner.dump.pool import Pool
from cleaner.dump.setup import Setup
from cleaner.dump.task import TaskWriter
from cleaner.io.lock import hold_lock

FEW = ["--profile", "minimal", "-j", "1"]


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["dump", *map(str, args), *FEW], catch_exceptions=False)


def workers_of(pid: int) -> list[int]:
    """Return the workers that a run has now; they may end, and the run itself, while one looks."""
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


# Presses Ctrl-C when some chunks are done, whatever time that takes.
INTERRUPTED = """
import os, signal
from cleaner.__main__ import main
from cleaner.dump.task import TaskWriter

def add_and_interrupt(writer, chunk, made, add=TaskWriter.add):
    add(writer, chunk, made)
    if writer.state.read > 100:
        os.kill(os.getpid(), signal.SIGINT)

TaskWriter.add = add_and_interrupt
main()
"""
linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")


class TestKilledRuns:
    @linux
    @pytest.mark.parametrize(("ending", "emit", "kills"), [(".jsonl.zst", "documents", 6), (".parquet", "articles", 4)])
    def test_kills_change_nothing(self, tmp_path: Path, ending: str, emit: str, kills: int) -> None:
        """Killed at random moments; `tools/kill_dump.py` does it with more."""
        page = make_dump(tmp_path / "a.jsonl", 1000)
        args = [*COMMAND, str(page), "-o", f"out{ending}", "--log", "--emit", emit, "-j", "2", "-q"]
        workers: set[int] = set()
        done = kill_runs(
            [*args, "--profile", "minimal"], tmp_path, kills, look=lambda pid: workers.update(workers_of(pid))
        )
        assert (done.kills, done.different) == (kills, [])
        wait_until(lambda: not any(map(is_running, workers)))

    def test_torn_spools_are_cut(self, tmp_path: Path) -> None:
        """What was written after the last state is done again, also in the middle of a line."""
        page, out = make_dump(tmp_path / "a.jsonl", 200), tmp_path / "out.jsonl"
        assert run(page, "-o", out, "--max-errors", "2").exit_code == 2
        work = Path(f"{out}.work")
        state = json.loads((work / "state.json").read_bytes())
        assert 0 < state["counts"]["records"] < 200
        for name in ("records", "rejects"):
            with (work / name).open("ab") as file:
                file.write(b'{"torn')
        assert "going on behind" in run(page, "-o", out).stderr
        assert run(page, "-o", tmp_path / "whole.jsonl").exit_code == 3
        assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
        rejects = Path(f"{out}.rejects.jsonl").read_bytes()
        assert rejects == (tmp_path / "whole.jsonl.rejects.jsonl").read_bytes()

    def test_interrupt(self, tmp_path: Path) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 400), tmp_path / "out.jsonl"
        command = [sys.executable, "-c", INTERRUPTED, "dump", str(page), "-o", str(out), *FEW]
        assert subprocess.run(command, check=False).returncode == 130
        assert not out.exists()
        assert "going on behind" in run(page, "-o", out).stderr
        assert len(out.read_bytes().split(b"\n")) == 400 - 8 + 1

    def test_done_is_done(self, tmp_path: Path) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        run(page, "-o", out)
        before = {name: (tmp_path / name).stat().st_mtime_ns for name in contents(tmp_path)}
        result = run(page, "-o", out)
        assert result.exit_code == 3
        assert "made by an earlier run" in result.stderr
        assert {name: (tmp_path / name).stat().st_mtime_ns for name in contents(tmp_path)} == before


class TestOtherRuns:
    @pytest.fixture
    def begun(self, tmp_path: Path) -> tuple[Path, Path]:
        page, out = make_dump(tmp_path / "a.jsonl", 200), tmp_path / "out.jsonl"
        assert run(page, "-o", out, "--max-errors", "2").exit_code == 2
        return page, out

    @pytest.mark.parametrize(
        ("change", "what"),
        [(("--disable", "line-end"), "options"), (("--emit", "articles"), "options"), ((), "inputs")],
    )
    def test_are_refused(self, begun: tuple[Path, Path], change: tuple[str, ...], what: str) -> None:
        page, out = begun
        if not change:
            page.write_text(page.read_text(encoding="utf-8").replace("石桥", "木桥"), encoding="utf-8")
        for _ in range(2):  # while it is unfinished, and when it is finished
            result = run(page, "-o", out, *change)
            assert (result.exit_code, f"an earlier run had other {what}" in result.stderr) == (2, True)
            if change:
                assert run(page, "-o", out).exit_code == 3
        assert run(page, "-o", out, *change, "--restart").exit_code == 3

    def test_at_the_same_time(self, begun: tuple[Path, Path]) -> None:
        page, out = begun
        with hold_lock(str(out)):
            result = run(page, "-o", out)
        assert (result.exit_code, "another run is writing" in result.stderr) == (2, True)

    def test_damaged_state(self, begun: tuple[Path, Path]) -> None:
        page, out = begun
        Path(f"{out}.work/state.json").write_text("{}")
        assert "begin anew with --restart" in run(page, "-o", out).stderr
        assert run(page, "-o", out, "--restart").exit_code == 3

    def test_foreign_output_is_kept(self, tmp_path: Path) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        out.write_text("mine")
        assert "not made by a run" in run(page, "-o", out).stderr
        assert out.read_text() == "mine"
        assert run(page, "-o", out, "--restart").exit_code == 3
        out.write_text("mine again")
        assert "changed since it was made" in run(page, "-o", out).stderr

    def test_input_that_changes_while_it_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        page, out = make_dump(tmp_path / "a.jsonl", 60), tmp_path / "out.jsonl"
        finish = TaskWriter.finish

        def grow(writer: TaskWriter) -> None:
            with page.open("ab") as file:
                file.write(b"\n")
            finish(writer)

        monkeypatch.setattr(TaskWriter, "finish", grow)
        assert "changed while it was read" in run(page, "-o", out).stderr
        assert not out.exists()

    def test_text_that_changes_while_it_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, out, finish = tmp_path / "in", tmp_path / "out.jsonl", TaskWriter.finish
        folder.mkdir()
        for name in ("a.txt", "b.txt"):
            (folder / name).write_text("新桥通车。", encoding="utf-8")

        def grow(writer: TaskWriter) -> None:
            with (folder / "b.txt").open("ab") as file:
                file.write("甲".encode())
            finish(writer)

        monkeypatch.setattr(TaskWriter, "finish", grow)
        result = run(folder, "-o", out)
        assert result.exit_code == 2
        assert "changed while it was read" in result.stderr
        assert not out.exists()

    def test_texts_with_other_contents(self, tmp_path: Path) -> None:
        """Where sizes and times stayed, what was read tells: the digest in the manifest, and before a run goes on."""
        folder, out, whole = tmp_path / "in", tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
        folder.mkdir()
        for number in range(60):
            (folder / f"{number:02}.txt").write_bytes("甲。".encode() if number % 20 < 19 else b"\xff\xfe\xff")
        assert run(folder, "-o", whole).exit_code == 3
        assert run(folder, "-o", out, "--max-errors", "1").exit_code == 2
        assert run(folder, "-o", out).exit_code == 3

        def digest(output: Path) -> str:
            return str(json.loads(Path(f"{output}.manifest.json").read_bytes())["inputs"][0]["sha256"])

        assert digest(out) == digest(whole)
        assert run(folder, "-o", out, "--restart", "--max-errors", "1").exit_code == 2
        page = folder / "03.txt"
        times = page.stat()
        page.write_bytes("乙。".encode())
        os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns))
        result = run(folder, "-o", out)
        assert (result.exit_code, f"files of {folder} have other contents" in result.stderr) == (2, True), result.stderr
        assert run(folder, "-o", out, "--restart").exit_code == 3
        assert digest(out) != digest(whole)

    def test_false_counts_are_not_published(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The proof that every record is accounted for can fail."""
        page, out = make_dump(tmp_path / "a.jsonl", 40), tmp_path / "out.jsonl"
        add = TaskWriter.add

        def lose(writer: TaskWriter, chunk: Chunk, made: Made) -> None:
            made.out = made.out[made.out.find(b"\n") + 1 :]
            add(writer, chunk, made)

        monkeypatch.setattr(TaskWriter, "add", lose)
        result = run(page, "-o", out)
        assert (result.exit_code, "not published" in result.stderr) == (70, True)
        assert not out.exists()


WAITS, HANGS = 1000, 2000  # bytes; longer texts wait 3 s (and may compute 2.5 s), or hang


@dataclass(frozen=True, slots=True)
class BadSetup(Setup):
    """Workers whose cleaner dies at some texts, hangs at others. Only texts of some length have little time."""

    def time_for(self, size: int) -> float:
        return 0.5 if size > HANGS else 2.5 if size > WAITS else 600

    def make_cleaner(self) -> Cleaner:
        return BadCleaner("minimal")


class BadCleaner(Cleaner):
    def clean_page(self, text: str, *, source: str | None = None) -> Page:
        if text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if text.startswith("hang"):
            time.sleep(1000)
        if text.startswith("wait"):
            time.sleep(3)
        while text.startswith("compute"):
            pass
        if text == "raise":
            raise MemoryError("too much")
        if text.startswith("die once "):
            marker = Path(text.removeprefix("die once "))
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().clean_page(text, source=source)


def chunks_of(texts: list[str], size: int) -> Iterator[Chunk]:
    for start in range(0, len(texts), size):
        records = tuple(
            Raw(start + n + 1, 0, json.dumps({"text": text}).encode())
            for n, text in enumerate(texts[start : start + size])
        )
        yield Chunk(0, "a.jsonl", "jsonl", "jsonl", Place(0, 0, start + len(records)), records, size=1)


class TestWorkers:
    @pytest.mark.parametrize("size", [1, 16])
    def test_bad_records_cost_themselves_alone(self, tmp_path: Path, size: int) -> None:
        texts = [f"{n}。" for n in range(40)]
        bad = {
            0: "die",
            7: "die",
            8: "hang" + " " * HANGS,
            11: "compute" + " " * HANGS,
            15: f"die once {tmp_path / 'once'}",
            20: "raise",
            39: "die",
        }
        texts[30] = "wait" + "a" * WAITS  # for its turn, as on a busy machine: that is not counted
        for number, text in bad.items():
            texts[number] = text
        setup = BadSetup({})
        out, rejects = b"", b""
        with Pool(setup, 2) as pool:
            for _, made in pool.clean(chunks_of(texts, size), lambda: None):
                out += made.out
                rejects += made.rejects
        lost = {0, 7, 8, 11, 20, 39}
        wanted = [text for number, text in enumerate(texts) if number not in lost]
        assert [json.loads(line)["text"] for line in out.split(b"\n")[:-1]] == wanted
        told = [json.loads(line) for line in rejects.split(b"\n")[:-1]]
        assert [(reject["number"], reject["reason"]) for reject in told] == [
            (1, "worker-died"), (8, "worker-died"), (9, "timeout"), (12, "timeout"), (21, "failed"),
            (40, "worker-died"),
        ]  # fmt: skip

    def test_wrong_rules_are_told(self, tmp_path: Path) -> None:
        page = make_dump(tmp_path / "a.jsonl", 5)
        result = run(page, "-o", tmp_path / "o.jsonl", "--rules", "gone.toml")
        assert (result.exit_code, "gone.toml" in result.stderr) == (2, True)

    def test_exploding_pattern(self, tmp_path: Path) -> None:
        rules, page, out = tmp_path / "r.toml", tmp_path / "a.jsonl", tmp_path / "o.jsonl"
        rules.write_text(EXPLODES, encoding="utf-8")
        page.write_text(json.dumps({"text": "甲。"}) + "\n" + json.dumps({"text": "a" * 60 + "b"}), encoding="utf-8")
        result = run(page, "-o", out, "--rules", rules)
        assert result.exit_code == 3
        (reject,) = Path(f"{out}.rejects.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        assert json.loads(reject)["reason"] == "rule-timeout"
        assert out.read_text(encoding="utf-8") == '{"text": "\\u7532\\u3002"}\n'

    def test_killed_workers_change_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whichever worker is killed, wherever it is at; a record at which two die is put aside: tested above."""
        page = make_dump(tmp_path / "a.jsonl", 2000)
        args = ["dump", str(page), "-q", "--profile", "minimal", "-j", "2"]
        assert CliRunner().invoke(cli, [*args, "-o", f"{tmp_path}/whole.jsonl"]).exit_code == 3
        killed: list[int] = []
        listen = Pool._listen

        def kill_and_listen(pool: Pool) -> None:
            for worker in pool.workers:
                if len(killed) < 5 and worker.piece is not None and not worker.piece.deaths:
                    worker.process.kill()
                    worker.process.join()
                    killed.append(worker.process.pid or 0)
            listen(pool)

        monkeypatch.setattr(Pool, "_listen", kill_and_listen)
        assert CliRunner().invoke(cli, [*args, "-o", f"{tmp_path}/out.jsonl"]).exit_code == 3
        assert len(set(killed)) == 5
        for name in ("jsonl", "jsonl.rejects.jsonl"):
            assert (tmp_path / f"out.{name}").read_bytes() == (tmp_path / f"whole.{name}").read_bytes()

    def test_jobs_change_nothing(self, tmp_path: Path) -> None:
        page = make_dump(tmp_path / "a.jsonl", 300)
        for jobs in ("1", "3"):
            args = ["dump", str(page), "-o", f"{tmp_path}/{jobs}.jsonl", "--profile", "minimal", "--log", "-j", jobs]
            assert CliRunner().invoke(cli, args).exit_code == 3
        one, three = ((tmp_path / f"{jobs}.jsonl").read_bytes() for jobs in "13")
        assert one == three
        logs = [(tmp_path / f"{jobs}.jsonl.log.jsonl").read_bytes() for jobs in "13"]
        assert logs[0].replace(b"1.jsonl", b"3.jsonl") == logs[1].replace(b"1.jsonl", b"3.jsonl")


def test_full_disk(tmp_path: Path) -> None:
    page = make_dump(tmp_path / "a.jsonl", 2000)
    command = f"ulimit -f 64; exec {sys.executable} -m cleaner dump {page} -o {tmp_path}/o.jsonl --profile minimal -j 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    message = f"{tmp_path}/o.jsonl.work: File too large: once there is room, the same command goes on"
    assert (done.returncode, message in done.stderr.decode()) == (2, True), done.stderr
    assert not (tmp_path / "o.jsonl").exists()
    assert run(page, "-o", tmp_path / "o.jsonl").exit_code == 3
    assert len((tmp_path / "o.jsonl").read_bytes().split(b"\n")) == 2000 - 40 + 1
