"""Hostile input ends in a right result or a clear error, within bounds of time and memory."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import re
import resource
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from growth import time_growth
from hostile import LONG_LINE, MEMORY, SECONDS, TEXTS
from laws import check_page, make_cleaner
from processes import PATIENCE
from sample_rules import make_rule

from cleaner import Cleaner, RuleError
from cleaner.cli import cli
from cleaner.decode import decode_bytes, encode_text
from cleaner.errors import CleanerError, LogError
from cleaner.io.readlog import read_log
from cleaner.report.changes import all_flags
from cleaner.report.html import make_report
from cleaner.report.judge import Judge
from cleaner.toml import parse_foreign_toml

SHORT = 12_000  # characters; tools/trust.py tries the full sizes
GROWTH = 3.2  # doubling a text may not take longer than this many times: linear is 2, a square 4

LAUGHS = "[classes]\na = '甲乙'\n" + "".join(
    f"{'a' * n} = '{{{'a' * (n - 1)}}}{{{'a' * (n - 1)}}}'\n" for n in range(2, 50)
)


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin, catch_exceptions=False)


def rule_of(result: str = "丁", **keys: str) -> str:
    """Return a rule that makes 甲 something else, in its example at least."""
    return make_rule("town-name", **keys, replace=result, fixes=[["甲", result]], keeps=["石桥"])


ODD = ("\0", "\a", "\f", "\u202e", "\u2066", "\ufffe", "\ud800")  # what clean text does not hold


def decision_of(what: str, text: str) -> str:
    """Return the line of a decision that puts a text into the output."""
    decision = {"source": "a", "sha256": "x", "what": what, "rule": "r", "at": [0, 1], "before": "x", "after": text}
    return json.dumps(
        decision | {"verdict": "accept"} if what == "flag" else decision | {"verdict": "edit", "text": text}
    )


def limit_memory(size: int = MEMORY, seconds: int = SECONDS) -> None:
    """Bound memory and processor time of a command, in bytes and seconds."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


@pytest.mark.parametrize("name", TEXTS)
class TestTexts:
    def test_laws(self, name: str) -> None:
        text = TEXTS[name].make(600)
        check_page(make_cleaner().clean_page(text), text)

    def test_time_grows_with_the_text(self, name: str) -> None:
        worker, make = make_cleaner(), TEXTS[name].make

        def prepare(size: int) -> Callable[[], object]:
            return partial(worker.clean_page, make(size))

        assert time_growth(prepare, SHORT, 2 * SHORT, GROWTH) < GROWTH


def test_time_of_the_report_grows_with_the_flags() -> None:
    """Four times the flags: linear is 4, a square 16."""
    worker = make_cleaner()
    pages = {lines: worker.clean_page("付款到раура网站\n" * lines) for lines in (500, 2000)}
    assert all(len(all_flags(page)) >= lines for lines, page in pages.items())

    def prepare(lines: int) -> Callable[[], object]:
        return partial(make_report, [("a", pages[lines])], Judge(worker.rules), "test")

    assert time_growth(prepare, 500, 2000, 9) < 9


class TestLarge:
    def test_page_that_is_too_large(self, tmp_path: Path) -> None:
        """A line of 1 GB is refused before it is read, in little memory; the others are done."""
        page, other = tmp_path / "big.txt", tmp_path / "ok.txt"
        with page.open("wb") as file:
            file.truncate(LONG_LINE)  # a file of NUL bytes that takes no room
        other.write_bytes("石桥镇。".encode())
        command = [sys.executable, "-m", "cleaner", "clean", str(page), str(other)]
        done = subprocess.run(command, capture_output=True, preexec_fn=limit_memory, check=False, timeout=PATIENCE)
        assert (done.returncode, done.stdout.decode()) == (2, "石桥镇。"), done.stderr
        assert f"{page}: too large for a page, more than 67108864 bytes" in done.stderr.decode()

    def test_limit_is_a_flag(self, tmp_path: Path) -> None:
        page = tmp_path / "a.txt"
        page.write_bytes(b"a" * 2000)
        assert run("clean", page, "--max-page", "1K").exit_code == 2
        assert run("clean", "-", "--max-page", "1K", stdin=b"a" * 1025).exit_code == 2
        assert run("clean", "-", "--max-page", "1K", stdin=b"a" * 1024).exit_code == 0
        assert run("clean", page, "--max-page", "2K").exit_code == 0
        assert run("clean", page, "--max-page", "x").exit_code == 2

    @pytest.mark.parametrize("command", [("explain", "PAGE"), ("report", "PAGE", "-o", "-"), ("review", "PAGE")])
    def test_every_command_has_the_limit(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        page = tmp_path / "big.txt"
        with page.open("wb") as file:
            file.truncate(LONG_LINE)
        args = [str(page) if part == "PAGE" else part for part in command]
        process = [sys.executable, "-m", "cleaner", *args]
        done = subprocess.run(
            process, cwd=tmp_path, capture_output=True, preexec_fn=limit_memory, check=False, timeout=PATIENCE
        )
        assert done.returncode == 2
        assert f"{page}: too large for a page" in done.stderr.decode()

    def test_full_memory_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("石桥")
        (tmp_path / "log").symlink_to("/dev/zero")
        limit = partial(limit_memory, 200 << 20)
        command = [sys.executable, "-m", "cleaner", "restore", "a.txt", "--log", "log", "-o", "o.txt"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, preexec_fn=limit, check=False, timeout=PATIENCE
        )
        assert (done.returncode, "the memory is full" in done.stderr.decode()) == (2, True), done.stderr[-500:]
        assert not (tmp_path / "o.txt").exists()

    def test_long_line_in_bounded_memory(self, tmp_path: Path) -> None:
        page = tmp_path / "a.txt"
        page.write_bytes(TEXTS["one line of prose"].make(300_000).encode())
        command = [sys.executable, "-m", "cleaner", "clean", str(page), "-o", str(tmp_path / "o.txt")]
        done = subprocess.run(command, capture_output=True, preexec_fn=limit_memory, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr


class TestCompressed:
    """A page that is compressed is not unpacked: it is refused by name, whatever it would become."""

    @pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zip", "stored.zip", "tar"])
    def test_page(self, tmp_path: Path, ending: str) -> None:
        page, other = tmp_path / f"a.txt.{ending}", tmp_path / "b.txt"
        other.write_bytes("石桥镇。".encode())
        if ending.endswith("zip"):
            way = zipfile.ZIP_DEFLATED if ending == "zip" else zipfile.ZIP_STORED
            with zipfile.ZipFile(page, "w", way) as archive:
                archive.writestr("../../outside.txt", "石桥镇今年新修了两条路。" * 99)
        elif ending == "tar":
            with tarfile.open(page, "w") as archive:
                archive.add(other, "../../outside.txt")
        else:  # 1 GB when unpacked, which would not fit
            part = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[ending](bytes(16 << 20))
            page.write_bytes(part * 64)
        command = [sys.executable, "-m", "cleaner", "clean", str(page), str(other)]
        limit = partial(limit_memory, 400 << 20)
        done = subprocess.run(command, capture_output=True, preexec_fn=limit, check=False, timeout=PATIENCE)
        assert (done.returncode, done.stdout.decode()) == (2, "石桥镇。"), done.stderr
        assert str(page) in done.stderr.decode()
        assert "no text: unpack or convert it first" in done.stderr.decode()
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([page.name, "b.txt"])


class TestRuleFiles:
    def write(self, tmp_path: Path, content: str | bytes) -> Path:
        path = tmp_path / "rules.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @pytest.mark.parametrize("pattern", ["(?:[石桥]+[石桥]*)+乡", "(?:(?:石|桥)+石?)+乡"])
    def test_exploding_pattern(self, tmp_path: Path, pattern: str) -> None:
        """The deadline of five seconds ends it, and the error names file and rule."""
        rule = rule_of(pattern=f"甲|{pattern}乙丙")
        path = self.write(tmp_path, rule)
        cleaner = Cleaner(rules=[str(path)])
        start = time.process_time()
        with pytest.raises(RuleError, match=r"rules\.toml: rule 'town-name': took longer than 5 s"):
            cleaner.clean("石桥石石桥" * 2000)
        assert time.process_time() - start < SECONDS

    def test_exploding_example(self, tmp_path: Path) -> None:
        rule = rule_of(pattern=r"甲|(?=(石+)+桥)(?:石+)+\1乙")
        path = self.write(tmp_path, rule.replace('keeps = ["石桥"]', f'keeps = ["{"石" * 4000}桥"]'))
        start = time.process_time()
        result = run("clean", "-", "--rules", path, stdin=b"x")
        assert time.process_time() - start < SECONDS
        assert result.exit_code in (0, 2)
        assert result.exit_code == 0 or "rule 'town-name'" in result.stderr

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("a = " + "[" * 100_000, "is not TOML"),
            ("a" + ".a" * 50_000 + " = 1", "a key of more than 32 parts"),
            ("x" * 5_000_000, "is larger than"),
            (b"\xff\xfe", "is not TOML"),
            ("\0", "is not TOML"),
            (rule_of(pattern="(" * 5000 + "甲" + ")" * 5000), ""),
            (rule_of(pattern="甲{1000000000}"), "the pattern is too large"),
            (
                rule_of(pattern="((甲{999}){999}){99}"),
                "the pattern is too large",
            ),
            (rule_of(result="甲甲", pattern="甲?"), "town-name"),
            ('"a"' + '."a"' * 50_000 + " = 1", "a key of more than 32 parts"),
            ("a = " + "1" * 5000, "is not TOML"),
            ("[settings]\ncolumn_reach = " + "1" * 400, "'column_reach' is too large"),
            ("[settings]\ncolumn_reach = nan", "'column_reach' must be a number"),
            (rule_of(table="a\0b"), "cannot be read"),
            (LAUGHS + rule_of(find="甲"), "longer than 1048576 characters"),
            (f"[classes]\na = '{'甲乙' * 9999}'\n" + rule_of(pattern="{a}" * 999), "longer than 1048576 characters"),
            (f"[classes]\na = '{'甲乙' * 9999}'\n" + rule_of(find="{a} " * 999), "longer than 1048576 characters"),
            (
                rule_of(find=" ".join("甲" * n for n in range(1, 600)), before=" ".join(f"乙{n}" for n in range(2000))),
                "its marks and what stands before them make",
            ),
        ],
        ids=[
            "deep",
            "deep-key",
            "huge",
            "bytes",
            "nul",
            "groups",
            "repeat",
            "repeats",
            "grows",
            "quoted-key",
            "digits",
            "number",
            "nan",
            "nul-name",
            "laughs",
            "class-in-pattern",
            "class-in-find",
            "widths",
        ],
    )
    def test_odd_files(self, tmp_path: Path, content: str | bytes, reason: str) -> None:
        path = self.write(tmp_path, content)
        start = time.process_time()
        result = run("clean", "-", "--rules", path, stdin="甲".encode())
        assert time.process_time() - start < SECONDS
        assert result.exit_code == 2, result.stdout
        assert str(path) in result.stderr
        assert reason in result.stderr

    @pytest.mark.parametrize("form", ["rules", "table"])
    def test_file_without_end(self, tmp_path: Path, form: str) -> None:
        """No more of a file is read than it may hold."""
        content = rule_of(table="zero")
        path = self.write(tmp_path, content)
        (tmp_path / "zero").symlink_to("/dev/zero")
        command = [
            sys.executable,
            "-m",
            "cleaner",
            "clean",
            "-",
            "--rules",
            tmp_path / "zero" if form == "rules" else path,
        ]
        done = subprocess.run(
            command, input=b"", capture_output=True, preexec_fn=limit_memory, check=False, timeout=PATIENCE
        )
        assert done.returncode == 2
        assert "is larger than" in done.stderr.decode()

    @pytest.mark.parametrize(
        ("pattern", "replace", "result"),
        [("甲", "乙" * 20_000, "乙" * 20_000), (r"\A(甲)(?=([\s\S]*))", r"\2" * 100_000, "")],
        ids=["long", "groups"],
    )
    def test_rule_that_writes_too_much(self, tmp_path: Path, pattern: str, replace: str, result: str) -> None:
        """It is refused by name, in bounded memory."""
        rule = make_rule("ours", pattern=pattern, replace=replace, fixes=[["甲", result]], keeps=["丙"])
        path, page = self.write(tmp_path, rule), tmp_path / "a.txt"
        page.write_text("甲" * 20_000, encoding="utf-8")
        command = [sys.executable, "-m", "cleaner", "clean", page, "--rules", path]
        limit = partial(limit_memory, 700 << 20)
        done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False, timeout=PATIENCE)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{path}: rule 'ours': it writes more than" in done.stderr, done.stderr

    def test_table_outside(self, tmp_path: Path) -> None:
        """A rule's table is a table: what is no TSV gives an error that shows none of its content."""
        secret = tmp_path / "secret"
        secret.write_text("password hunter2\n")
        (tmp_path / "sub").mkdir()
        content = rule_of(table="../secret")
        path = self.write(tmp_path / "sub", content)
        result = run("clean", "-", "--rules", path, stdin=b"")
        assert result.exit_code == 2
        assert "hunter2" not in result.stderr


@pytest.mark.parametrize("key", [b"a", rb'"a\"b"', rb'"\\"', b"'q'", rb'"\""'])
def test_deep_keys_are_found(key: bytes) -> None:
    """However their parts are written, and only where they are keys."""
    deep = b" . ".join([key] * 33)
    for content in (deep + b" = 1", b"[" + deep + b"]", b'x = "#"\n' + deep + b" = 1", b"x = '\\'\n" + deep + b" = 1"):
        with pytest.raises(ValueError, match=f"32 parts in line {content.count(b'x') + 1}$"):
            parse_foreign_toml(content)
    dots = b"a." * 40
    for content in (b"# " + dots, b'x = "' + dots + b'"', b'x = """\n' + dots + b'\n"""', b"x = '''" + dots + b"'''"):
        assert parse_foreign_toml(content).keys() <= {"x"}


class TestLogs:
    def test_full_line_in_bounded_memory(self, tmp_path: Path) -> None:
        """A line of lists in lists takes many times its bytes when it is read."""
        log = tmp_path / "log.gz"
        log.write_bytes(gzip.compress(b'{"log": 1}\n{"input": [' + b"[]," * 8_000_000 + b"[]]}\n"))
        (tmp_path / "o").write_text("x")
        limit = partial(limit_memory, 400 << 20)
        process = [sys.executable, "-m", "cleaner", "restore", "o", "--log", "log.gz", "-o", "raw"]
        done = subprocess.run(
            process, cwd=tmp_path, capture_output=True, preexec_fn=limit, check=False, timeout=PATIENCE
        )
        assert (done.returncode, b"log.gz: line 2: more than" in done.stderr) == (2, True), done.stderr

    @pytest.mark.parametrize("patches", [[[1, 0, ""]] * 9, [[3, 3, ""], [0, 3, ""]], [[0, 99, ""]]])
    def test_odd_patches(self, patches: list[tuple[int, int, str]]) -> None:
        """Patches that go back would write a text again and again."""
        with pytest.raises(CleanerError, match="patch"):
            encode_text("石桥镇", "utf-8", b"", patches)

    def test_overlapping_inputs(self, tmp_path: Path) -> None:
        """A text stands in an output once: a small log asks for no thousands of copies of it."""
        page, out, log = tmp_path / "a.txt", tmp_path / "o", tmp_path / "log"
        page.write_bytes("石桥,通了。\n".encode())
        assert run("clean", page, "-o", out, "--log", log).exit_code == 0
        first, entry, *edits = log.read_text(encoding="utf-8").splitlines(keepends=True)
        copies = [json.dumps(json.loads(entry) | {"input": f"{n}.txt"}) + "\n" + "".join(edits) for n in range(3)]
        log.write_text(first + "".join(copies), encoding="utf-8")
        done = run("restore", out, "--log", log, "-o", tmp_path / "raw")
        assert (done.exit_code, "0.txt and 1.txt would both stand" in done.stderr) == (2, True), done.stderr
        assert not (tmp_path / "raw").exists()

    def test_links_and_pipes_in_the_folder_stay(self, tmp_path: Path) -> None:
        page, out, log = tmp_path / "a.txt", tmp_path / "o", tmp_path / "log"
        page.write_bytes("石桥,通了。\n".encode())
        assert run("clean", page, "-o", out, "--log", log).exit_code == 0
        folder = tmp_path / "raw"
        folder.mkdir()
        (folder / "a.txt").symlink_to(tmp_path / "outside.txt")
        done = run("restore", out, "--log", log, "-o", folder)
        assert (done.exit_code, "there is another file of this name" in done.stderr) == (2, True)
        assert not (tmp_path / "outside.txt").exists()
        (folder / "a.txt").unlink()
        os.mkfifo(folder / "a.txt")
        assert run("restore", out, "--log", log, "-o", folder).exit_code == 2

    @pytest.mark.parametrize(
        "line",
        [
            "[" * 100_000,
            '{"input": ' + "[" * 100_000,
            "{}",
            '{"input": 1}',
            '{"rule": 1, "at": [0, 0]}',
            "\ud800",
            "1e999",
            '{"log": NaN}',
        ],
    )
    def test_odd_lines(self, tmp_path: Path, line: str) -> None:
        log = tmp_path / "log"
        log.write_bytes(b'{"log": 1}\n' + line.encode("utf-8", "surrogatepass") + b"\n")
        with pytest.raises(LogError, match=r"log: line 2: "):
            read_log(log)

    @pytest.mark.parametrize("name", ["../../outside.txt", "/outside.txt", "..", "a/../../outside.txt", "石\0桥"])
    def test_names_do_not_lead_outside(self, tmp_path: Path, name: str) -> None:
        """The names that a log gives to inputs are names in the output folder, whatever they say."""
        folder = tmp_path / "work" / "deep"
        folder.mkdir(parents=True)
        raw, clean, log = folder / "a.txt", folder / "c.txt", folder / "log"
        raw.write_bytes("石桥\r\n".encode())
        assert run("clean", raw, "-o", clean, "--log", log).exit_code == 0
        lines = log.read_text(encoding="utf-8").split("\n")
        lines[1] = json.dumps(json.loads(lines[1]) | {"input": name})
        log.write_text("\n".join(lines), encoding="utf-8")
        before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(folder / "out")}
        (folder / "out").mkdir()
        run("restore", clean, "--log", log, "-o", folder / "out")
        after = {path for path in tmp_path.rglob("*") if not path.is_relative_to(folder / "out")}
        assert after == before
        assert not Path("/outside.txt").exists()

    @pytest.mark.parametrize("codec", ["gz", "bz2", "xz"])
    @pytest.mark.parametrize("filling", [b"\0", b"\n", b'{"rule": "x", "at": [0, 0], "to": [0, 0]}\n'])
    @pytest.mark.parametrize("which", ["log", "output"])
    def test_bombs(self, tmp_path: Path, codec: str, filling: bytes, which: str) -> None:
        """What comes out of a compressed log or output is bounded, and so is the memory."""
        pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[codec]
        (tmp_path / "a.txt").write_bytes("石桥,通了。\n".encode())
        assert run("clean", tmp_path / "a.txt", "-o", tmp_path / "o", "--log", tmp_path / "log").exit_code == 0
        part = pack(filling * ((4 << 20) // len(filling)))
        for name in ("log", "o"):
            packed = pack((tmp_path / name).read_bytes())
            (tmp_path / f"{name}.{codec}").write_bytes(packed + part * 64 * (name[0] == which[0]))
        command = ["restore", f"o.{codec}", "--log", f"log.{codec}", "-o", "raw.txt", "--max-plain", "20M"]
        limit = partial(limit_memory, 400 << 20)
        process = [sys.executable, "-m", "cleaner", *command]
        done = subprocess.run(
            process, cwd=tmp_path, capture_output=True, preexec_fn=limit, check=False, timeout=PATIENCE
        )
        assert done.returncode == 2
        name = "log" if which == "log" else "o"
        assert (
            f"{name}.{codec}: too large: more than 20971520 bytes come out of it (--max-plain)" in done.stderr.decode()
        )
        assert not (tmp_path / "raw.txt").exists()

    def test_largest_is_a_flag(self, tmp_path: Path) -> None:
        page, out, log = tmp_path / "a.txt", tmp_path / "o", tmp_path / "log"
        page.write_bytes("石桥,通了。\n".encode() * 200)
        assert run("clean", page, "-o", out, "--log", log).exit_code == 0
        command = ["restore", out, "--log", log, "-o", tmp_path / "raw.txt"]
        size = max(out.stat().st_size, log.stat().st_size)
        for most, code in ((size - 1, 2), (100, 2), (size, 0)):
            assert run(*command, "--max-plain", str(most)).exit_code == code
        with_stdin = ["restore", "-", "--log", log, "-o", tmp_path / "two.txt", "--max-plain", str(size)]
        assert run(*with_stdin, stdin=out.read_bytes() + bytes(size)).exit_code == 2
        assert run(*with_stdin, stdin=out.read_bytes()).exit_code == 0
        assert (tmp_path / "two.txt").read_bytes() == page.read_bytes()

    @pytest.mark.parametrize("record", ["[" * 100_000, "1" * 5000, "[1]", "1", '{"paragraphs": {"text": 1}}'])
    def test_odd_records(self, tmp_path: Path, record: str) -> None:
        """An output of records that somebody has spoilt is an error that names it."""
        page, out, log = tmp_path / "a.txt", tmp_path / "o.jsonl", tmp_path / "log"
        page.write_bytes("石桥,通了。\n".encode())
        assert run("clean", page, "--format", "jsonl", "-o", out, "--log", log).exit_code == 0
        out.write_text(f"{record}\n", encoding="utf-8")
        done = run("restore", out, "--log", log, "-o", tmp_path / "raw.txt")
        assert (done.exit_code, f"{out}: cannot restore {page}" in done.stderr) == (2, True)
        assert not (tmp_path / "raw.txt").exists()

    @pytest.mark.parametrize("encoding", ["punycode", "idna", "zlib_codec", "rot13", "klingon", "mbcs\0"])
    def test_odd_encodings(self, tmp_path: Path, encoding: str) -> None:
        """Some take time beyond the square of the text, and some are none of texts."""
        page, out, log = tmp_path / "a.txt", tmp_path / "o", tmp_path / "log"
        page.write_bytes("".join(map(chr, range(0x4E00, 0x8E00))).encode())
        assert run("clean", page, "-o", out, "--log", log).exit_code == 0
        lines = log.read_text(encoding="utf-8").split("\n")
        lines[1] = json.dumps(json.loads(lines[1]) | {"encoding": encoding})
        log.write_text("\n".join(lines), encoding="utf-8")
        done = run("restore", out, "--log", log, "-o", tmp_path / "raw.txt")
        assert (done.exit_code, f"{out}: cannot restore {page}" in done.stderr) == (2, True)
        assert not (tmp_path / "raw.txt").exists()


class TestOtherFiles:
    @pytest.mark.parametrize(
        "line",
        [
            "[" * 100_000,
            "1" * 5000,
            "null",
            "{}",
            '{"source":"a","sha256":"x","what":"change","rule":"r","at":[1e999,2],"before":"","after":"","verdict":"edit"}',
            '{"source":"a","sha256":"x","what":"change","rule":"r","at":["a",2],"before":5,"after":"","verdict":"edit"}',
            *(decision_of(what, odd) for what in ("flag", "change") for odd in ODD),
        ],
    )
    def test_decisions(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "d.jsonl"
        path.write_text(f'{{"decisions": 1}}\n{line}\n')
        done = run("clean", "-", "--decisions", path, stdin=b"x")
        assert (done.exit_code, f"{path}: line 2: not a decision" in done.stderr) == (2, True)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("a = " + "[" * 100_000, "cannot be read as a profile: is not TOML"),
            ("a = " + "1" * 5000, "cannot be read as a profile: is not TOML"),
            ("a" + ".a" * 50_000 + " = 1", "a key of more than 32 parts"),
            ("files = [1]", "`files` are bundled rule files, not 1"),
            ('files = ["a\\u0000b"]', "`files` are bundled rule files"),
            ('files = ["../../ours.toml"]', "`files` are bundled rule files"),
            ('files = ["OURS"]', "`files` are bundled rule files"),
            ('tiers = 5\nfiles = ["characters.toml"]', "`tiers` must be a list"),
            ('tiers = [[1]]\nfiles = ["characters.toml"]', "`tiers` must be a list"),
            ('options = 5\nfiles = ["characters.toml"]', "[options] must be a table"),
        ],
    )
    def test_profiles(self, tmp_path: Path, content: str, reason: str) -> None:
        """A profile brings in no rule file of its own: those are checked, and bounded in time, by `--rules` only."""
        path = tmp_path / "p.toml"
        path.write_text(content.replace("OURS", str(tmp_path / "ours.toml")))
        (tmp_path / "ours.toml").write_text(rule_of(pattern="(?:(?:a|aa)+)+$"))
        done = run("clean", "-", "--profile", path, stdin=b"a" * 50 + b"b")
        assert (done.exit_code, f"{path}: " in done.stderr, reason in done.stderr) == (2, True, True), done.stderr

    @pytest.mark.parametrize("option", ["--profile", "--decisions", "--config"])
    def test_files_without_end(self, tmp_path: Path, option: str) -> None:
        """No more of a file is read than it may hold."""
        (tmp_path / "zero.toml").symlink_to("/dev/zero")
        command = ["clean", "-", option, "zero.toml"] if option != "--config" else [option, "zero.toml", "clean", "-"]
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", *command], cwd=tmp_path, input=b"", capture_output=True,
            preexec_fn=limit_memory, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 2
        assert re.search(r"zero\.toml: .*(is larger than|has more than) \d+ bytes", done.stderr.decode())

    @pytest.mark.parametrize(
        "content",
        [
            "a = " + "[" * 100_000,
            "\0",
            "a = " + "1" * 5000,
            "[clean]\nformat = [[[]]]",
            "a = 1e999",
        ],
    )
    def test_settings(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "cleaner.toml"
        path.write_text(content)
        done = run("--config", path, "clean", "-", stdin=b"x")
        assert (done.exit_code, str(path) in done.stderr) == (2, True)


def test_name_with_nul_in_settings(tmp_path: Path) -> None:
    path = tmp_path / "cleaner.toml"
    path.write_text('rules = ["a\\u0000b"]')
    done = run("--config", path, "clean", "-", stdin=b"x")
    assert (done.exit_code, "a<U+0000>b: cannot be read" in done.stderr) == (2, True)


class TestSigns:
    """What a reader cannot see, or takes for something else, is flagged."""

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("石\u202e桥", "bidi-control"),
            ("\u2066石桥\u2069", "bidi-control"),
            ("下载Аpp", "stray-cyrillic"),
            ("付款到Раypal", "mixed-script-word"),
            ("付款到раура网站", "look-alike-word"),
            ("登录“сосо”查看", "look-alike-word"),
            ("这张ΑΤΜ卡丢了", "look-alike-word"),
            ("编号（С7）的车丢了", "look-alike-word"),
            ("下载Αpp", "mixed-script-word"),
            ("共৪人", "foreign-digit"),
        ],
    )
    def test_flags(self, text: str, code: str) -> None:
        page = make_cleaner().clean_page(text)
        assert page.text == text
        assert code in {flag.code for flag in page.flags}

    def test_nul_bytes(self) -> None:
        page = make_cleaner().clean_page(decode_bytes("石\0桥".encode()).text)
        assert page.text == "石桥"
        assert [edit.rule for edit in page.edits] == ["control-character"]


def test_nothing_unsafe_is_loaded() -> None:
    """No code that runs what it reads, or unpacks by name."""
    words = (
        "pickle",
        "yaml",
        "marshal",
        "shelve",
        "eval(",
        "exec(",
        "extractall",
        "unpack_archive",
        "os.system",
        "shell=True",
    )
    found = [
        f"{path.name}: {word}"
        for path in (Path(__file__).parent.parent / "cleaner").rglob("*.py")
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
