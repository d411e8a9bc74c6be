"""The edit log: raw text + log = clean text, clean output + log = raw bytes, and nothing false passes."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Page
from cleaner.cli import cli
from cleaner.decode import decode_bytes
from cleaner.edits import replay
from cleaner.errors import LogError
from cleaner.io.formats import ENDINGS, render_page
from cleaner.io.log import LogWriter
from cleaner.io.readlog import read_log
from cleaner.io.restore import Output, restore_bytes
from cleaner.model import Edit
from cleaner.report.judge import Judge

FORMATS = ("text", "markdown", "jsonl")
# What pages are made of, so that the steps have something to do, and odd characters for which they have not.
SCRAPS = (
    "（乌小棠 摄）", "设有人行道和路灯。",
    "枫浦新桥通车", "——两岸村民不再绕路", "本报记者 乌小棠", "（下转第2版）", "（上接第1版）", "第3版", "公告",
    "本报讯（记者 乌小棠）11月3日，枫浦新桥正式通车，两岸村民过河不必再绕行", "十多公里。桥长两百多米，",
    "“等了十年，今天终于等到了。”村民老齐说。", "图为新桥通车现场。", "1. 第一条", "- 一", "甲*乙_丙", "# 号",
    "石桥镇,青田乡;共3个", "（完）", "a b", "<b>", "&amp;", "\n", "\n\n", "\n\n", "\r\n", "\r", "\u3000\u3000", "  ",
    "\t", "\u200b", "\ufeff", "\x0c", "\u2028", "\x00", "\u2f00", "e\u0301", "𠀀", "，", "。", "“", "”", "(", ")", "图",
    " ", ".", "|", "\\",
)  # fmt: skip
PAGES = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=8), max_size=30).map("".join)
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]  # the second goes by the clock
LAWS = settings(max_examples=150, deadline=None, suppress_health_check=CHECKS)


@cache
def cleaner(to: str | None = None) -> Cleaner:
    return Cleaner(to=to)


def make_page(text: str, to: str | None = None) -> Page:
    return cleaner(to).clean_page(text, source="页.txt")


def write_log(path: Path, data: bytes, form: str, encoding: str | None = None) -> bytes:
    """Clean one input as the command does, return its output."""
    decoded = decode_bytes(data, "页.txt", encoding)
    page = make_page(decoded.text)
    made = render_page(page, form)
    size = made.data.count("\n") if form == "jsonl" else len(made.data)
    with LogWriter(str(path), cleaner().rules, {}) as log:
        log.add("页.txt", "-", form, data, decoded, page, made, (0, size))
    return made.data.encode()


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin, catch_exceptions=False)


@LAWS
@given(PAGES, st.sampled_from([None, "s2t", "s2twp"]))
def test_edits_replay(text: str, to: str | None) -> None:
    page = make_page(text, to)
    assert replay(page.raw, page.edits, len(page.text)) == page.text
    for form in FORMATS:
        made = render_page(page, form)
        assert replay(page.raw, made.edits, len(made.clean)) == made.clean


@pytest.mark.parametrize("form", FORMATS)
@LAWS
@given(text=PAGES, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_restore_is_exact(tmp_path: Path, form: str, text: str, encoding: str) -> None:
    data, log = text.encode(encoding), tmp_path / "log"
    output = write_log(log, data, form, encoding)
    (entry,) = read_log(log)
    assert restore_bytes(entry, Output(output), "out") == data


@LAWS
@given(st.binary(max_size=60), st.sampled_from(["cp950", "big5hkscs", "utf-16-le", "latin-1"]))
def test_restore_of_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes, encoding: str) -> None:
    log = tmp_path_factory.getbasetemp() / "any.log"
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return
    output = write_log(log, data, "jsonl", encoding)
    (entry,) = read_log(log)
    assert restore_bytes(entry, Output(output), "out") == data


@pytest.mark.parametrize("form", ["markdown", "jsonl"])
def test_output_of_many_inputs_is_read_once(tmp_path: Path, form: str) -> None:
    """Time grows with the pages in one output, not with their square."""

    class Counted(bytes):
        reads = 0

        def decode(self, *args: str) -> str:
            Counted.reads += 1
            return super().decode(*args)

    pages = [tmp_path / f"{number}.txt" for number in range(20)]
    for number, page in enumerate(pages):
        page.write_bytes(f"枫浦第{number}桥通车。\r\n".encode())
    out, log = str(tmp_path / {"markdown": "o.md", "jsonl": "o.jsonl"}[form]), str(tmp_path / "log")
    made = CliRunner().invoke(cli, ["clean", *map(str, pages), "--format", form, "-o", out, "--log", log])
    assert made.exit_code == 0, made.stderr
    output = Output(Counted(Path(out).read_bytes()))
    assert [restore_bytes(e, output, out) for e in read_log(log)] == [page.read_bytes() for page in pages]
    assert Counted.reads == 1


@pytest.mark.parametrize("form", FORMATS)
class TestCommand:
    RAW = "枫浦新桥通车\r\n\r\n本报讯（记者 乌小棠）11月3日，新桥通车，不必再绕\r\n\r\n十多公里。\r\n"

    def test_several_inputs_on_one_stream(self, tmp_path: Path, form: str) -> None:
        raws = {"a.txt": self.RAW.encode("gb18030"), "b.txt": b"", "c.txt": "完。".encode("utf-16"), "d.txt": b"x\n\n"}
        for name, data in raws.items():
            (tmp_path / name).write_bytes(data)
        log = tmp_path / "log"
        made = run("clean", tmp_path, "--format", form, "--log", log)
        out = tmp_path / "raw"
        assert run("restore", "-", "--log", log, "-o", out, stdin=made.stdout_bytes).exit_code == 0
        assert {path.name: path.read_bytes() for path in out.iterdir()} == raws
        assert run("restore", "-", "--log", log, stdin=made.stdout_bytes).exit_code == 2  # several need a folder

    def test_several_inputs_in_one_file(self, tmp_path: Path, form: str) -> None:
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_bytes(f"{name}\r\n{self.RAW}".encode())
        log, out = tmp_path / "log", tmp_path / f"all{ENDINGS[form]}"
        if form == "text":
            (tmp_path / "more").mkdir()
            out = tmp_path / "more" / "all.txt"
        assert run("clean", tmp_path, "--format", form, "--log", log, "-o", out).exit_code == 0
        assert run("restore", out, "--log", log, "-o", tmp_path / "raw").exit_code == 0
        for name in ("a.txt", "b.txt"):
            assert (tmp_path / "raw" / name).read_bytes() == (tmp_path / name).read_bytes()

    def test_folder(self, tmp_path: Path, form: str) -> None:
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_bytes(f"{name}\r\n{self.RAW}".encode())
        log, out = tmp_path / "log", tmp_path / "out"
        assert run("clean", tmp_path, "--format", form, "--log", log, "-o", out).exit_code == 0
        assert run("restore", out, "--log", log, "-o", tmp_path / "raw").exit_code == 0
        one = next(path for path in out.iterdir() if path.stem == "b")
        assert run("restore", one, "--log", log).stdout_bytes == (tmp_path / "b.txt").read_bytes()
        for name in ("a.txt", "b.txt"):
            assert (tmp_path / "raw" / name).read_bytes() == (tmp_path / name).read_bytes()

    def test_changed_output_is_refused(self, tmp_path: Path, form: str) -> None:
        page, out, log = tmp_path / "a.txt", tmp_path / "out", tmp_path / "log"
        page.write_bytes(self.RAW.encode())
        run("clean", page, "--format", form, "--log", log, "-o", out)
        for old, new in (("新桥", "旧桥"), ("多公里", "公里"), ("。", "")):
            changed = tmp_path / "changed"
            changed.write_text(out.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            result = run("restore", changed, "--log", log, "-o", tmp_path / "raw")
            assert result.exit_code == 2
            assert f"{changed}: cannot restore {page}: " in result.stderr
        assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst", "txt"])
def test_plain_bytes_under_any_name(tmp_path: Path, ending: str) -> None:
    """`clean` writes plain bytes, and `restore` goes by the bytes, not by the name; a text may begin as a mark does."""
    raw = "BZh石桥,通了。\r\n".encode()
    page, log, back = (tmp_path / f"{name}.{ending}" for name in ("a", "log", "raw"))
    page.write_bytes(raw)
    assert run("clean", page, "--in-place", "--log", log).exit_code == 0
    assert page.read_bytes() != raw
    assert run("restore", page, "--log", log, "-o", back).exit_code == 0
    assert back.read_bytes() == raw


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_bytes_under_any_name(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    page, out, log = (tmp_path / name for name in ("a.txt", "o.txt", "log"))
    page.write_bytes("石桥,通了。\r\n".encode())
    assert run("clean", page, "-o", out, "--log", log).exit_code == 0
    for path in (out, log):
        path.write_bytes(pack(path.read_bytes()))
    assert run("restore", out, "--log", log, "-o", tmp_path / "raw").exit_code == 0
    assert (tmp_path / "raw").read_bytes() == page.read_bytes()


class TestDamage:
    @pytest.fixture
    def made(self, tmp_path: Path) -> tuple[Path, Path]:
        page, out, log = tmp_path / "a.txt", tmp_path / "out", tmp_path / "log"
        page.write_bytes("甲。\r\n\r\n乙。\r\n".encode())
        assert run("clean", page, "--log", log, "-o", out).exit_code == 0
        return out, log

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ('"before": "\\r', '"before": "\\n', "are not those read"),
            ('{"rule"', '{"rule', "not JSON"),
            ('"log": 1', '"log": 2', "log format 2"),
            ('{"log": 1', '{"lag": 1', "not an edit log"),
            ('"at": [', '"at": [7, ', "not a line of an edit log"),
            ('"chars": 10', '"chars": 99', "the raw text had 99"),
        ],
    )
    def test_is_told(self, made: tuple[Path, Path], old: str, new: str, reason: str) -> None:
        out, log = made
        text = log.read_text(encoding="utf-8")
        assert old in text
        log.write_text(text.replace(old, new, 1), encoding="utf-8")
        result = run("restore", out, "--log", log)
        assert (result.exit_code, result.stdout_bytes) == (2, b"")
        assert reason in result.stderr

    def test_cut_log(self, made: tuple[Path, Path]) -> None:
        _, log = made
        log.write_text("\n".join(log.read_text(encoding="utf-8").split("\n")[:-2]), encoding="utf-8")
        with pytest.raises(LogError, match=r"the log of .*a\.txt is cut off"):
            read_log(log)

    def test_missing_output(self, made: tuple[Path, Path], tmp_path: Path) -> None:
        result = run("restore", tmp_path / "gone", "--log", made[1])
        assert result.exit_code == 2
        assert "gone: no such file" in result.stderr

    def test_clean_and_log_are_not_overwritten(self, made: tuple[Path, Path]) -> None:
        out, log = made
        assert run("restore", out, "--log", log, "-o", out).exit_code == 2
        assert run("restore", out, "--log", log, "-o", log).exit_code == 2


def test_lines_are_as_documented(tmp_path: Path) -> None:
    log = tmp_path / "log"
    write_log(log, "甲。\r\n\r\n乙。\r\n".encode(), "text")
    header, entry, *rest = [json.loads(line) for line in log.read_text(encoding="utf-8").split("\n")[:-1]]
    assert list(header) == ["log", "cleaner", "rules", "profile", "options"]
    assert (entry["input"], entry["encoding"], entry["chars"], entry["clean_chars"]) == ("页.txt", "utf-8", 10, 7)
    assert (entry["edits"], entry["flags"]) == (len(rest), 0)
    assert rest[0]["rule"] == "line-end"
    assert rest[0]["at"] == [2, 4]
    assert rest[0]["confidence"] == 1.0


def test_confidence() -> None:
    judge = Judge(cleaner().rules)
    name, other = sorted(judge.evidence_ids)[:2]

    def confidence(rule: str, note: str = "") -> float:
        return judge.confidence(Edit(rule, (0, 1), (0, 0), "\n", "", note))

    assert confidence("mend-wrap", f"{name}+5 {other}-3") == 0.88
    assert confidence("mend-wrap", f"{name}-3") == 0.05
    assert confidence("line-end") == 1.0
    assert confidence("line-end+no-such-rule") == 0.9
    assert confidence("line-end", "no-such-evidence+5") == 1.0
