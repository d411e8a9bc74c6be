"""The command line as its users meet it: streams, files, exit codes, and what happens when something is wrong."""

from __future__ import annotations

import codecs
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from processes import PATIENCE, wait_until
from sample_rules import make_rule

from cleaner.cli import cli
from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError, RuleError
from cleaner.io.markdown import markdown_layer
from cleaner.model import Article, Block, Page
from cleaner.trace import render

CLEAN = "石桥镇今年新修了两条路，村民出行方便多了。\n"
DIRTY = "石桥镇今年新修了两条路，村民出行方便多了。\r\n\r\n水渠也通了水，稻田不再缺水。\r\n"
MENDED = "石桥镇今年新修了两条路，村民出行方便多了。\n\n水渠也通了水，稻田不再缺水。\n"
PAGE = (
    "枫浦新桥通车\n——两岸村民不再绕路\n\n本报记者 乌小棠\n\n"
    "本报讯（记者 乌小棠）11月3日，枫浦新桥正式通车，两岸村民过河不必再绕行\n\n十多公里。桥长两百多米，"
    "设有人行道和路灯。\n\n“等了十年，今天终于等到了。”村民老齐说。\n"
)


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin, catch_exceptions=False)


def spawn(*args: str | Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "cleaner", *map(str, args)]
    return subprocess.run(command, capture_output=True, env={**os.environ, **env}, check=False)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


class TestStreams:
    def test_file_to_stdout(self, tmp_path: Path) -> None:
        result = run("clean", write(tmp_path / "a.txt", DIRTY))
        assert (result.exit_code, result.stdout_bytes.decode()) == (0, MENDED)
        assert result.stderr == "1 page, 1 article, 3 edits, 0 flags\n"

    def test_stdin(self) -> None:
        result = run("clean", "-", "--quiet", stdin=DIRTY.encode())
        assert (result.stdout_bytes.decode(), result.stderr) == (MENDED, "")

    def test_empty_input(self) -> None:
        for form in ("text", "markdown", "jsonl"):
            assert run("clean", "-", "--format", form, stdin=b"").stdout_bytes == b""

    def test_several_inputs_are_parted_by_a_blank_line(self, tmp_path: Path) -> None:
        a, b = write(tmp_path / "a.txt", CLEAN), write(tmp_path / "b.txt", CLEAN.strip())
        assert run("clean", a, b, a).stdout_bytes.decode() == f"{CLEAN}\n{CLEAN.strip()}"  # each once

    def test_folder_means_its_text_files(self, tmp_path: Path) -> None:
        for name in ("b.txt", "a.txt", "c.md", ".d.txt"):
            write(tmp_path / name, name)
        assert run("clean", tmp_path).stdout_bytes == b"a.txt\n\nb.txt"

    def test_folder_without_pages(self, tmp_path: Path) -> None:
        result = run("clean", tmp_path)
        assert result.exit_code == 2
        assert "no *.txt files" in result.stderr

    @pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le", "utf-16-be", "utf-8"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        text = "今天上午，本市舉行了一場大型活動，許多市民前來參加。\n" if encoding == "big5" else MENDED
        bom = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8}
        page = write(tmp_path / "a.txt", bom.get(encoding, b"") + text.encode(encoding))
        assert run("clean", page).stdout_bytes.decode() == text
        assert run("clean", page, "--encoding", encoding).stdout_bytes.decode() == text

    def test_bytes_do_not_depend_on_the_locale(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", MENDED.encode("gb18030"))
        env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
        result = spawn("clean", page, env=env)
        assert (result.returncode, result.stdout.decode()) == (0, MENDED)

    def test_convert(self) -> None:
        assert "頭髮" in run("clean", "-", "--to", "s2t", stdin="他的头发白了。\n".encode()).stdout_bytes.decode()


class TestFormats:
    def test_markdown(self, tmp_path: Path) -> None:
        lines = run("clean", write(tmp_path / "a.txt", PAGE), "--format", "markdown").stdout_bytes.decode().split("\n")
        assert lines[:5:2] == ["# 枫浦新桥通车", "**——两岸村民不再绕路**", "*本报记者 乌小棠*"]
        assert "不必再绕行十多公里" in lines[6]

    @pytest.mark.parametrize(
        ("text", "made"),
        [
            ("甲*乙_丙[丁]`戊`<b>|~~己~~\\", r"甲\*乙\_丙\[丁\]\`戊\`\<b>\|\~\~己\~\~\\"),
            ("# 号", r"\# 号"),
            ("#号", "#号"),
            ("1. 条", r"1\. 条"),
            ("1.5倍", "1.5倍"),
            ("- 减\n+ 加\n> 大", "\\- 减\\\n\\+ 加\\\n\\> 大"),
            ("甲\n===\n乙\n---", "甲\\\n\\===\\\n乙\\\n\\---"),
            ("&amp;和&", r"\&amp;和&"),
            ("-5到+5", "-5到+5"),
        ],
    )
    def test_markdown_escapes(self, text: str, made: str) -> None:
        article = Article("a-01", None, None, "article", (Block("paragraph", text),))
        assert render(markdown_layer(Page(text, text, (article,), ())), text) == f"{made}\n"

    def test_jsonl(self, tmp_path: Path) -> None:
        result = run("clean", write(tmp_path / "a.raw.txt", PAGE), "--format", "jsonl")
        record = json.loads(result.stdout_bytes)
        assert (record["id"], record["title"], record["byline"]) == ("a-01", "枫浦新桥通车", "本报记者 乌小棠")
        assert "枫浦" in result.stdout_bytes.decode()


class TestFiles:
    def test_output_file(self, tmp_path: Path) -> None:
        page, out = write(tmp_path / "a.txt", DIRTY), tmp_path / "out.txt"
        assert run("clean", page, "-o", out).exit_code == 0
        assert (out.read_bytes().decode(), page.read_bytes().decode()) == (MENDED, DIRTY)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "out.txt"]  # nothing temporary is left

    def test_output_folder(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.raw.txt", DIRTY)
        run("clean", page, "-o", f"{tmp_path}/new/", "--format", "jsonl")
        run("clean", page, page.parent, "-o", tmp_path / "two", "--format", "markdown")
        assert (tmp_path / "new/a.jsonl").exists()
        assert (tmp_path / "two/a.md").exists()

    def test_names_that_clash(self, tmp_path: Path) -> None:
        for folder in ("x", "y"):
            (tmp_path / folder).mkdir()
            write(tmp_path / folder / "a.txt", DIRTY)
        result = run("clean", tmp_path / "x", tmp_path / "y", "-o", tmp_path / "out")
        assert result.exit_code == 2
        assert "would both be written" in result.stderr
        assert not (tmp_path / "out").exists()

    def test_input_is_never_overwritten(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", DIRTY)
        (tmp_path / "link.txt").symlink_to(page)
        for output in (page, tmp_path / "link.txt", tmp_path):
            assert run("clean", page, "-o", output).exit_code == 2
        assert run("clean", page, "--log", page).exit_code == 2
        assert run("clean", page, "-o", tmp_path / "o", "--log", tmp_path / "o").exit_code == 2
        assert page.read_bytes().decode() == DIRTY

    def test_permissions_and_links_are_kept(self, tmp_path: Path) -> None:
        page, out = write(tmp_path / "a.txt", DIRTY), write(tmp_path / "out.txt", "")
        out.chmod(0o640)
        (tmp_path / "link").symlink_to(out)
        run("clean", page, "-o", tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (out.read_bytes().decode(), stat.S_IMODE(out.stat().st_mode)) == (MENDED, 0o640)

    def test_devices_are_written_to(self, tmp_path: Path) -> None:
        assert run("clean", write(tmp_path / "a.txt", DIRTY), "-o", "/dev/null").exit_code == 0
        assert not Path("/dev/null").is_file()


class TestFilesOfTheUser:
    """No output takes the place of a file that says how to clean, nor of one that a log happens to name."""

    RULES = make_rule("ours", find="石", replace="砳", fixes=[["石桥", "砳桥"]], keeps=["桥"])

    @pytest.mark.parametrize("option", ["--rules", "--profile", "--decisions"])
    @pytest.mark.parametrize("way", [("clean", "-o"), ("clean", "-o", "o.txt", "--log"), ("report", "-o")])
    def test_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, way: tuple[str, ...]) -> None:
        monkeypatch.chdir(tmp_path)
        write(tmp_path / "a.txt", DIRTY)
        profile = (Path(__file__).parent.parent / "rules" / "profiles" / "minimal.toml").read_text(encoding="utf-8")
        text = {"--rules": self.RULES, "--profile": profile, "--decisions": ""}[option]
        ours = write(tmp_path / "ours.toml", text)
        assert run("clean", "a.txt", option, "ours.toml", "-o", "probe.txt").exit_code == 0
        result = run(way[0], "a.txt", option, "ours.toml", *way[1:], "./ours.toml")
        assert (result.exit_code, "never overwritten" in result.stderr) == (2, True), result.stderr
        assert ours.read_bytes().decode() == text

    def test_settings(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        write(tmp_path / "a.txt", DIRTY)
        settings = write(tmp_path / "cleaner.toml", 'leaks = "flag"\n')
        assert run("clean", "a.txt", "-o", "cleaner.toml").exit_code == 2
        assert settings.read_bytes() == b'leaks = "flag"\n'

    @pytest.mark.parametrize(("form", "strange"), [("text", "多出来的话。\n"), ("jsonl", '{"text": "多"}\n')])
    def test_restore_tells_what_was_added(self, tmp_path: Path, form: str, strange: str) -> None:
        pages = [write(tmp_path / name, DIRTY) for name in ("a.txt", "b.txt")]
        out, log, raw = tmp_path / f"o.{'txt' if form == 'text' else form}", tmp_path / "log", tmp_path / "raw"
        assert run("clean", *pages, "--format", form, "-o", out, "--log", log).exit_code == 0
        assert run("restore", out, "--log", log, "-o", raw).exit_code == 0
        write(out, out.read_text(encoding="utf-8") + strange)
        result = run("restore", out, "--log", log, "-o", raw)
        assert result.exit_code == 2
        assert f"{'6 characters' if form == 'text' else '1 records'} of no page that the log knows" in result.stderr
        assert (raw / "b.txt").read_text(encoding="utf-8") == DIRTY.replace("\r\n", "\n")

    def test_restore_of_a_record_with_a_long_number(self, tmp_path: Path) -> None:
        """Python reads integers of at most 4300 digits."""
        dump = write(tmp_path / "a.jsonl", f'{{"id": {"7" * 5000}, "text": "石桥镇今年,新修了路。"}}\n')
        out = tmp_path / "o.jsonl"
        assert run("dump", dump, "-o", out, "--log").exit_code == 0
        result = run("restore", out, "--log", tmp_path / "o.jsonl.log.jsonl", "-o", tmp_path / "raw")
        assert (result.exit_code, (tmp_path / "raw").read_text(encoding="utf-8")) == (0, "石桥镇今年,新修了路。")

    def test_restore_into_a_folder(self, tmp_path: Path) -> None:
        page, log, raw = write(tmp_path / "a.txt", DIRTY), tmp_path / "log", tmp_path / "raw"
        raw.mkdir()
        assert run("clean", page, "-o", tmp_path / "o.txt", "--log", log).exit_code == 0
        for _ in range(2):  # what was restored already is no foreign file
            assert run("restore", tmp_path / "o.txt", "--log", log, "-o", f"{raw}/").exit_code == 0
        write(raw / "a.txt", "别的。\n")
        result = run("restore", tmp_path / "o.txt", "--log", log, "-o", f"{raw}/")
        assert (result.exit_code, str(raw / "a.txt") in result.stderr) == (2, True)
        assert (raw / "a.txt").read_bytes().decode() == "别的。\n"


def test_a_rule_that_fails_ends_the_run() -> None:
    """A rule that runs out of time would do so on each page; what else fails costs its page alone."""
    outcome = Outcome(quiet=True)
    with outcome.telling():
        raise CleanerError("a page")
    assert outcome.failed == 1
    with pytest.raises(RuleError), outcome.telling():
        raise RuleError("r.toml", "slow", "took more than 5 s")


class TestInPlace:
    def test_changed_file_is_replaced(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", DIRTY)
        assert "1 changed" in run("clean", "--in-place", page, "--no-log").stderr
        assert page.read_bytes().decode() == MENDED

    def test_clean_file_is_not_touched(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", CLEAN)
        os.utime(page, (1, 1))
        before = page.stat()
        assert "0 changed" in run("clean", "--in-place", page, "--no-log").stderr
        assert (page.stat().st_mtime, page.stat().st_ino) == (before.st_mtime, before.st_ino)

    def test_second_run_does_not_lose_the_first_log(self, tmp_path: Path) -> None:
        page, log = write(tmp_path / "a.txt", DIRTY), tmp_path / "log"
        assert run("clean", "--in-place", page, "--log", log).exit_code == 0
        assert run("clean", "--in-place", page, "--log", log).exit_code == 2
        assert run("restore", page, "--log", log).stdout_bytes.decode() == DIRTY

    def test_way_back_is_kept_unless_typed(self, tmp_path: Path) -> None:
        """Without a log the raw text would be gone: that is done only where it is asked for."""
        page = write(tmp_path / "a.txt", DIRTY)
        result = run("clean", "--in-place", page)
        assert (result.exit_code, "--no-log" in result.stderr) == (2, True)
        assert page.read_bytes().decode() == DIRTY

    def test_other_runs_do_not_lose_the_log(self, tmp_path: Path) -> None:
        """A log of a run in place, of other outputs, or a file that is none, is not replaced by any run."""
        page, other, log = write(tmp_path / "a.txt", DIRTY), write(tmp_path / "b.txt", DIRTY), tmp_path / "log"
        assert run("clean", "--in-place", page, "--log", log).exit_code == 0
        result = run("clean", other, "-o", tmp_path / "o.txt", "--log", log)
        assert (result.exit_code, "the only way back" in result.stderr) == (2, True)
        assert run("restore", page, "--log", log).stdout_bytes.decode() == DIRTY
        for _ in range(2):  # a run that is made once more replaces its own
            assert run("clean", other, "-o", tmp_path / "o.txt", "--log", tmp_path / "own").exit_code == 0
        assert run("clean", other, "-o", tmp_path / "p.txt", "--log", tmp_path / "own").exit_code == 2
        notes = write(tmp_path / "notes.txt", "记\n")
        assert run("clean", other, "-o", tmp_path / "q.txt", "--log", notes).exit_code == 2
        assert notes.read_bytes().decode() == "记\n"

    @pytest.mark.parametrize("more", [("-o", "x"), ("--format", "jsonl"), ("--check",), ("-",), ("--log", "x")])
    def test_usage(self, tmp_path: Path, more: tuple[str, ...]) -> None:
        page = write(tmp_path / "a.txt", DIRTY)
        result = run("clean", "--in-place", "--no-log", page, *more)
        assert (result.exit_code, "name a file for the way back" in result.stderr) == (2, False)
        assert page.read_bytes().decode() == DIRTY


class TestCheckAndDiff:
    def test_check(self, tmp_path: Path) -> None:
        a, b = write(tmp_path / "a.txt", CLEAN), write(tmp_path / "b.txt", DIRTY)
        assert run("clean", "--check", a).exit_code == 0
        result = run("clean", "--check", a, b)
        assert (result.exit_code, result.stdout_bytes) == (1, b"")
        assert f"would change: {b}\n" in result.stderr
        assert str(a) not in result.stderr
        assert b.read_bytes().decode() == DIRTY

    def test_diff(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", MENDED.strip().replace("路", "路\u200b"))
        result = run("clean", "--diff", page)
        assert result.exit_code == 1
        assert "\n-石桥镇今年新修了两条路\u200b" in result.stdout_bytes.decode()
        assert "\n+石桥镇今年新修了两条路，" in result.stdout_bytes.decode()
        assert run("clean", "--diff", write(page, CLEAN)).exit_code == 0

    def test_another_encoding_is_a_change(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", CLEAN.encode("gb18030"))
        result = run("clean", "--diff", page)
        assert (result.exit_code, result.stdout_bytes) == (1, b"")
        assert "only the encoding would change: gb18030 to utf-8" in result.stderr

    def test_failure_is_told_before_changes(self, tmp_path: Path) -> None:
        assert run("clean", "--check", write(tmp_path / "b.txt", DIRTY), tmp_path / "missing").exit_code == 2


class TestFaults:
    def test_others_go_on(self, tmp_path: Path) -> None:
        bad = write(tmp_path / "bad.txt", CLEAN.encode() + b"\xff\xfe\xff")
        result = run("clean", bad, tmp_path / "missing.txt", write(tmp_path / "ok.txt", CLEAN))
        assert (result.exit_code, result.stdout_bytes.decode()) == (2, CLEAN)
        assert f"{tmp_path / 'missing.txt'}: No such file or directory" in result.stderr
        assert f"{bad}: cannot decode" in result.stderr
        assert ": byte " in result.stderr
        assert "2 failed" in result.stderr

    def test_wrong_encoding_names_the_byte(self, tmp_path: Path) -> None:
        result = run("clean", write(tmp_path / "a.txt", "好".encode() + b"\xff"), "--encoding", "utf-8")
        assert result.exit_code == 2
        assert "byte 3" in result.stderr

    @pytest.mark.parametrize(
        "args",
        [
            ("clean",),
            ("clean", "-", "--format", "pdf"),
            ("clean", "-", "--profile", "nope"),
            ("clean", "-", "--rules", "nope.toml"),
            ("clean", "-", "--disable", "nope"),
            ("clean", "-", "--encoding", "nope"),
            ("clean", "-", "--check", "--log", "x"),
            ("explain", "nope.txt"),
            ("explain", "-", "--rule", "nope"),
            ("rules", "show", "nope"),
            ("restore", "-", "--log", "nope"),
            ("nope",),
        ],
    )
    def test_usage(self, args: tuple[str, ...]) -> None:
        result = run(*args, stdin=b"")
        assert result.exit_code == 2
        assert result.stderr
        assert "Traceback" not in result.stderr

    def test_unwritable_output(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", DIRTY)
        result = run("clean", page, "-o", page / "folder.txt")  # a file where a folder would have to be
        assert result.exit_code == 2
        assert "a.txt" in result.stderr
        assert "Traceback" not in result.stderr
        assert run("clean", page, "--log", tmp_path).exit_code == 2

    def test_missing_folders_are_made(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", DIRTY)
        assert run("clean", page, "-o", tmp_path / "new" / "folder" / "b.txt").exit_code == 0
        assert (tmp_path / "new" / "folder" / "b.txt").exists()

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_closed_pipe_is_quiet(self, tmp_path: Path, unbuffered: str) -> None:
        page = write(tmp_path / "a.txt", "".join(f"第{number}户也通了水，稻田不再缺水。\n" for number in range(2000)))
        script = 'set -o pipefail; "$0" -m cleaner clean -q "$1" "$1" | head -c 10; exit ${PIPESTATUS[0]}'
        command, env = ["bash", "-c", script, sys.executable, page], {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        result = subprocess.run(command, env=env, capture_output=True, check=False)
        assert (result.returncode, result.stderr) == (141, b"")

    def test_unbuffered_output_is_whole(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", "".join(f"第{number}户也通了水，稻田不再缺水。\n" for number in range(2000)))
        script = '"$0" -u -m cleaner clean -q "$1" | (sleep 1; cat)'
        result = subprocess.run(["bash", "-c", script, sys.executable, page], capture_output=True, check=False)
        assert result.stdout == page.read_bytes()

    def test_full_disk(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", CLEAN)
        command = ["bash", "-c", '"$0" -m cleaner clean -q "$1" >/dev/full', sys.executable, page]
        result = subprocess.run(command, capture_output=True, check=False)
        assert (result.returncode, result.stderr) == (2, b"cleaner: standard output: No space left on device\n")

    @pytest.mark.parametrize("args", [["", "--in-place", "--no-log"], ["a.txt", "-o", ""], ["a.txt", "--log="]])
    def test_empty_arguments(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
        """`"$FOLDER"` with nothing in it is not the current folder."""
        page = write(tmp_path / "a.txt", DIRTY)
        monkeypatch.chdir(tmp_path)
        result = run("clean", *args)
        assert (result.exit_code, "an argument is empty" in result.stderr) == (2, True)
        assert ([path.name for path in tmp_path.iterdir()], page.read_bytes()) == (["a.txt"], DIRTY.encode())

    @pytest.mark.parametrize("args", [["--replace", ""], ["--replace="]])
    def test_an_empty_text_to_put_in(self, tmp_path: Path, args: list[str]) -> None:
        result = run("rules", "try", "乡+", "--on", write(tmp_path / "a.txt", "石桥乡。\n"), *args)
        assert result.exit_code == 0, result.stderr

    @pytest.mark.parametrize("size", ["99999999999999999999G", "9" * 5000, "0", "1Z"])
    def test_sizes(self, tmp_path: Path, size: str) -> None:
        result = run("clean", write(tmp_path / "a.txt", CLEAN), "--max-page", size)
        assert (result.exit_code, "is no size, or too large" in result.stderr) == (2, True)

    def test_what_is_no_file_in_a_folder(self, tmp_path: Path) -> None:
        write(tmp_path / "a.txt", CLEAN)
        (tmp_path / "b.txt").symlink_to(tmp_path / "none.txt")
        result = run("clean", tmp_path)
        assert (result.exit_code, result.stdout) == (2, CLEAN)
        assert f"{tmp_path / 'b.txt'}: no file that can be read" in result.stderr

    def test_closed_stdout(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", CLEAN)
        command = ["bash", "-c", '"$0" -m cleaner clean -q "$1" >&-', sys.executable, page]
        result = subprocess.run(command, capture_output=True, check=False)
        assert (result.returncode, result.stderr) == (2, b"cleaner: -: the standard output is closed\n")

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_signals(self, tmp_path: Path, number: signal.Signals, code: int) -> None:
        log = tmp_path / "log"
        command = [sys.executable, "-m", "cleaner", "clean", "-", "--log", str(log)]
        pipe = subprocess.PIPE
        # A background job inherits an ignored SIGINT; the command shall meet it as at a terminal.
        default = partial(signal.signal, number, signal.SIG_DFL)
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=default) as process:
            wait_until(lambda: any(tmp_path.glob(".log.*.tmp")), process)  # and then for the standard input
            process.send_signal(number)
            assert process.wait(PATIENCE) == code
            assert process.stderr is not None
            assert b"Traceback" not in process.stderr.read()
        assert not list(tmp_path.iterdir())


class TestExplain:
    def test_text(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", PAGE)
        out = run("explain", page).stdout_bytes.decode()
        assert f"{page}:6:38 [" in out
        assert "绕行[-⏎⏎-]十多公里" in out
        assert "tear-open-end: " in out
        assert "sum of the log-odds" in out

    def test_json_and_rule(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", DIRTY + "\u200b好。")
        explained = json.loads(run("explain", page, "--format", "json", "--rule", "line-end").stdout_bytes)
        assert {edit["rule"] for edit in explained["edits"]} == {"line-end"}
        assert explained["edits"][0]["line"] == 1
        assert explained["edits"][1]["line"] == 2
        assert explained["edits"][0]["why"]
        assert explained["edits"][0]["confidence"] == 1.0

    def test_does_not_change_the_result(self, tmp_path: Path) -> None:
        page = write(tmp_path / "a.txt", PAGE)
        run("explain", page)
        assert page.read_bytes().decode() == PAGE


class TestRules:
    USER = make_rule(
        "my-rule", "A test. More of it.", pattern="甲甲", replace="%s", fixes=[["甲甲", "乙"]], keeps=["甲"]
    )

    def test_list(self, tmp_path: Path) -> None:
        rules = write(tmp_path / "r.toml", self.USER % "乙")
        lines = run("rules", "list", "--rules", rules).stdout_bytes.decode().split("\n")
        assert any(line.split() == ["my-rule", "safe", "marks", "r.toml", "A", "test."] for line in lines)
        assert any(line.startswith("line-end ") for line in lines)

    def test_list_with_costs(self, tmp_path: Path) -> None:
        rules = write(tmp_path / "r.toml", self.USER % "乙")
        rows = [line.split("  ") for line in run("rules", "list", "--cost", "--rules", rules).stdout.splitlines()]
        costs = {row[1]: row[0].strip() for row in ([cell for cell in row if cell] for row in rows)}
        known = {
            "my-rule": "always",
            "confused-word": "every line",
            "line-end": "text",
            "comma-between-chinese": "line",
        }
        assert {name: costs[name] for name in known} == known
        assert [row[0] for row in rows] == sorted(
            (row[0] for row in rows), key=list(dict.fromkeys(costs.values())).index
        )

    def test_show(self) -> None:
        out = run("rules", "show", "line-end").stdout_bytes.decode()
        assert "tier: safe" in out
        assert r"becomes '石桥镇\n青田乡'" in out

    def test_test(self, tmp_path: Path) -> None:
        assert run("rules", "test", write(tmp_path / "r.toml", self.USER % "乙")).exit_code == 0
        result = run("rules", "test", write(tmp_path / "r.toml", self.USER % "丙"))
        assert (result.exit_code, result.stderr) == (1, "1 rule, 1 failed\n")
        assert "should give '乙', gives '丙'" in result.stdout_bytes.decode()

    def test_user_rule_cleans(self, tmp_path: Path) -> None:
        rules = write(tmp_path / "r.toml", self.USER % "乙")
        assert run("clean", "-", "--rules", rules, stdin="甲甲。".encode()).stdout_bytes.decode() == "乙。"
        out = run("clean", "-", "--rules", rules, "--disable", "my-rule", stdin="甲甲。".encode()).stdout_bytes
        assert out.decode() == "甲甲。"


def test_version_imports_nothing_heavy() -> None:
    script = (
        "import sys; from cleaner.cli import main; sys.argv = ['cleaner', '--version']\n"
        "try: main()\n"
        "finally: print([m for m in ('cleaner.engine', 'cleaner.pipeline', 'opencc', 'regex') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("cleaner, version ")
    assert result.stdout.endswith("[]\n")
