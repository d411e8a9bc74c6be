"""`cleaner dump`: every record comes out or is put aside, all but the text stays as it was written."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import lzma
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from dirty import DIRTY, PACK, RAW, good
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, clean
from cleaner.cli import cli
from cleaner.dump.members import other_members, replace_value, split_members
from cleaner.dump.reject import REASONS, Reject
from cleaner.io.codec import CODECS, load_zstd, read_plain
from cleaner.io.readlog import read_log
from cleaner.io.restore import Output, restore_bytes
from cleaner.review.decisions import Decision, format_decisions

CLEAN = clean(RAW, "minimal")
PAGE = (
    "枫浦新桥通车\n\n本报讯（记者 乌小棠）11月3日，枫浦新桥正式通车，两岸村民过河不必再绕行\n\n十多公里。\n\n"
    "石渡口镇修水渠\n\n本报讯（记者 岑小满）石渡口镇的水渠修好了，稻田不再缺水。\n"
)
VALUES = st.recursive(
    st.none() | st.text(max_size=5) | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
RECORDS = st.dictionaries(st.text(max_size=3), VALUES)


def run(*args: str | Path, stdin: bytes | None = None) -> Result:
    command = ["dump", *map(str, args), "--profile", "minimal", "-j", "1"]
    return CliRunner().invoke(cli, command, input=stdin, catch_exceptions=False)


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in read_plain(path).split(b"\n")[:-1]]


def write_lines(path: Path, *records: Any) -> Path:
    data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    path.write_bytes(PACK["." + path.name.split(".")[-1] if path.suffix in CODECS else ""](data))
    return path


def rejects_of(output: Path) -> list[Any]:
    path = Path(f"{output}.rejects.jsonl")
    return lines_of(path) if path.exists() else []


def counts_of(output: Path) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads(Path(f"{output}.manifest.json").read_bytes())["counts"]
    return counts


class TestFields:
    def test_all_but_the_text_stays_as_written(self, tmp_path: Path) -> None:
        before = (
            '{ "n":123456789012345678901234567890,"f" : 0.10000000000000000555, "e":"\\u4e2d\\/","big":%s, "text": '
        )
        before %= "9" * 5000
        behind = ', "nested": {"a":[1.0,{"text":"甲,乙"}],"a":2}, "nan":1e999}'
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        page.write_text(f"{before}{json.dumps(RAW)}{behind}\r\n", encoding="utf-8")
        assert run(page, "-o", out).exit_code == 0
        assert out.read_text(encoding="utf-8") == f"{before}{json.dumps(CLEAN, ensure_ascii=False)}{behind}\n"

    def test_clean_records_are_not_touched(self, tmp_path: Path) -> None:
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        page.write_bytes(b'{"text":"\\u7532\\u3002" ,"x": 1}\n\n{"text": ""}')
        assert run(page, "-o", out).exit_code == 0
        assert out.read_bytes() == b'{"text":"\\u7532\\u3002" ,"x": 1}\n{"text": ""}\n'

    def test_names_of_fields(self, tmp_path: Path) -> None:
        page, out = write_lines(tmp_path / "a.jsonl", {"key": 7, "content": RAW, "text": RAW}), tmp_path / "o.jsonl"
        assert run(page, "-o", out, "--text-field", "content", "--id-field", "key", "--log").exit_code == 0
        assert lines_of(out) == [{"key": 7, "content": CLEAN, "text": RAW}]
        assert lines_of(Path(f"{out}.log.jsonl"))[1]["id"] == "7"

    def test_articles_carry_the_fields(self, tmp_path: Path) -> None:
        page = tmp_path / "a.jsonl"
        page.write_text('{"id": "d.1", "n":1.50, "text": %s}\n' % json.dumps(PAGE), encoding="utf-8")  # noqa: UP031
        out = tmp_path / "out.jsonl"
        command = ["dump", str(page), "-o", str(out), "--emit", "articles", "-j", "1"]
        assert CliRunner().invoke(cli, command).exit_code == 0
        articles = lines_of(out)
        assert [article["id"] for article in articles] == ["d.1-01", "d.1-02"]
        assert [article["title"] for article in articles] == ["枫浦新桥通车", "石渡口镇修水渠"]
        assert out.read_bytes().count(b'"record": {"id": "d.1", "n":1.50}}\n') == 2

    def test_id_that_is_null(self, tmp_path: Path) -> None:
        """It names nothing: articles are called after file and number."""
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        write_lines(page, {"id": None, "text": RAW}, {"id": "", "text": RAW})
        assert run(page, "-o", out, "--emit", "articles").exit_code == 0
        assert [article["id"] for article in lines_of(out)] == [f"{page}#1-01", "-01"]

    @given(RECORDS, st.booleans(), st.sampled_from([None, 1]))
    def test_members(self, record: dict[str, Any], escape: bool, indent: int | None) -> None:
        line = json.dumps(record, ensure_ascii=escape, indent=indent)
        members = split_members(line)
        assert {name: json.loads(line[m.value : m.end]) for name, m in members.items()} == record
        assert [m.text for m in members.values()] == [v if isinstance(v, str) else None for v in record.values()]
        for name, member in members.items():
            others = {key: value for key, value in record.items() if key != name}
            assert json.loads(other_members(line, members, name)) == others
            assert json.loads(replace_value(line, member, "7")) == record | {name: 7}

    @given(st.text(st.sampled_from('{}[]",:\\ atrue0-1.\t\u4e2d'), max_size=12))
    def test_what_is_no_object_is_refused(self, line: str) -> None:
        try:
            wanted = isinstance(json.loads(line), dict)
        except ValueError:
            wanted = False
        reason = ""
        try:
            split_members(line)
        except Reject as reject:
            reason = reject.reason
        assert wanted == (reason in ("", "field-twice"))


class TestDirtyInput:
    @pytest.mark.parametrize("name", DIRTY)
    def test_lines(self, tmp_path: Path, name: str) -> None:
        lines, wanted, reasons = DIRTY[name]
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        page.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
        result = run(page, "-o", out)
        assert result.exit_code == (3 if reasons else 0)
        assert len(lines_of(out)) == wanted
        rejects = rejects_of(out)
        assert [reject["reason"] for reject in rejects] == reasons
        assert set(reasons) <= set(REASONS)
        counts = counts_of(out)
        assert counts["records"] == sum(bool(line.strip()) for line in lines) == wanted + len(reasons)
        raw = page.read_bytes()
        for reject in rejects:  # what was put aside is there, and the place is right
            data = reject["record"].encode() if "record" in reject else base64.b64decode(reject["record_base64"])
            assert raw[reject["offset"] :].startswith(data)
            assert lines[reject["number"] - 1] == data
        assert f"{counts['records']} records in = {wanted} cleaned + {len(reasons)} rejects" in result.stderr

    @pytest.mark.parametrize("codec", CODECS)
    def test_cut_files(self, tmp_path: Path, codec: str) -> None:
        lines = [json.dumps({"text": f"{number * 7919 % 10007}号"}).encode() for number in range(400)]
        page, out = tmp_path / f"a.jsonl{codec}", tmp_path / "out.jsonl"
        whole = PACK[codec](b"\n".join(lines[:200]) + b"\n") + PACK[codec](b"\n".join(lines[200:]))
        page.write_bytes(whole[: len(whole) * 3 // 4])
        assert run(page, "-o", out).exit_code == 3
        (reject,) = rejects_of(out)
        assert (reject["reason"], reject["number"]) == ("damaged-input", len(lines_of(out)) + 1)
        assert lines_of(out) == [json.loads(line) for line in lines[: len(lines_of(out))]]
        assert counts_of(out)["records"] == len(lines_of(out)) + 1
        assert len(lines_of(out)) >= 200 * (codec != ".bz2")  # its blocks are larger than this

    @pytest.mark.parametrize("codec", CODECS)
    @pytest.mark.parametrize("behind", [b"no member", b""])
    def test_what_stands_behind_a_member(self, tmp_path: Path, codec: str, behind: bytes) -> None:
        """A damaged second member is told; readers of .bz2 and .xz are wont to pass over it. Padding is none."""
        page, out = tmp_path / f"a.jsonl{codec}", tmp_path / "out.jsonl"
        padding = b"" if codec == ".zst" else bytes(512)
        page.write_bytes(PACK[codec](good(0) + b"\n") + padding + behind)
        assert run(page, "-o", out).exit_code == (3 if behind else 0)
        assert [record["id"] for record in lines_of(out)] == [0]
        assert [(r["reason"], r["number"]) for r in rejects_of(out)] == [("damaged-input", 2)] * bool(behind)

    @pytest.mark.parametrize("codec", CODECS)
    @pytest.mark.parametrize("kind", ["jsonl", "txt"])
    def test_empty_compressed_file(self, tmp_path: Path, codec: str, kind: str) -> None:
        page, out = tmp_path / f"a.{kind}{codec}", tmp_path / "out.jsonl"
        page.write_bytes(b"")
        assert run(page, "-o", out).exit_code == 3
        assert [reject["reason"] for reject in rejects_of(out)] == ["damaged-input"]

    @pytest.mark.parametrize("codec", CODECS)
    def test_bombs(self, tmp_path: Path, codec: str) -> None:
        """What stands before the bound comes out; the rest is one reject; the flags move the bound."""
        page, out = tmp_path / f"a.jsonl{codec}", tmp_path / "out.jsonl"
        page.write_bytes(PACK[codec](good(0) + b"\n" + bytes(80 << 20) + b"\n" + good(2)))
        few = ["--max-ratio", "10"]
        for flags, flag in ((few, "--max-ratio"), ([*few, "--max-plain", "50M", "--restart"], "--max-plain")):
            assert run(page, "-o", out, *flags).exit_code == 3
            assert [record["id"] for record in lines_of(out)] == [0]
            (reject,) = rejects_of(out)
            assert (reject["reason"], reject["number"], "record" in reject) == ("decompression-bomb", 2, False)
            assert flag in reject["message"]
        assert run(page, "-o", out, "--max-ratio", "10000000", "--restart").exit_code == 3
        assert [record["id"] for record in lines_of(out)] == [0, 2]
        assert [reject["reason"] for reject in rejects_of(out)] == ["too-large"]

    @pytest.mark.parametrize(("size", "reasons"), [(64 << 20, []), (1 << 30, ["damaged-input"])])
    def test_xz_that_asks_for_memory(self, tmp_path: Path, size: int, reasons: list[str]) -> None:
        page, out = tmp_path / "a.jsonl.xz", tmp_path / "out.jsonl"
        page.write_bytes(lzma.compress(good(0), filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": size}]))
        assert run(page, "-o", out).exit_code == (3 if reasons else 0)
        assert [reject["reason"] for reject in rejects_of(out)] == reasons

        assert ["more memory" in reject["message"] for reject in rejects_of(out)] == [True] * len(reasons)

    @pytest.mark.parametrize(("window", "reasons"), [(27, []), (28, ["damaged-input"])])
    def test_zstandard_that_asks_for_memory(self, tmp_path: Path, window: int, reasons: list[str]) -> None:
        """As `zstd --long=28` makes it: what is wrong is not that it were damaged, and the message says so."""
        page, out = tmp_path / "a.jsonl.zst", tmp_path / "out.jsonl"
        zstd = load_zstd()
        packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: window})
        page.write_bytes(packer.compress(good(0)) + packer.flush())
        assert run(page, "-o", out).exit_code == (3 if reasons else 0)
        assert [(r["reason"], "more memory" in r["message"]) for r in rejects_of(out)] == [(r, True) for r in reasons]

    @pytest.mark.parametrize("codec", [*CODECS, ""])
    def test_several_members(self, tmp_path: Path, codec: str) -> None:
        page, out = tmp_path / f"a.jsonl{codec}", tmp_path / f"out.jsonl{codec}"
        page.write_bytes(PACK[codec](good(0) + b"\n") + PACK[codec](good(1)))
        assert run(page, "-o", out).exit_code == 0
        assert [record["id"] for record in lines_of(out)] == [0, 1]
        assert page.read_bytes() != out.read_bytes()

    def test_zstandard_output_is_one_frame(self, tmp_path: Path) -> None:
        page, out = write_lines(tmp_path / "a.jsonl", *({"text": RAW} for _ in range(100))), tmp_path / "o.jsonl.zst"
        run(page, "-o", out)
        reader = load_zstd().ZstdDecompressor()
        assert reader.decompress(out.read_bytes()).count(b"\n") == 100
        assert (reader.eof, reader.unused_data) == (True, b"")

    def test_long_lines(self, tmp_path: Path) -> None:
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        long = b'{"text": "' + b"a" * 3_000_000 + b'"}'
        page.write_bytes(b"\n".join([good(0), long, good(2), long]))
        assert run(page, "-o", out, "--max-record", "1K").exit_code == 3
        assert [record["id"] for record in lines_of(out)] == [0, 2]
        assert [(r["reason"], r["number"], "record" in r) for r in rejects_of(out)] == [
            ("too-large", 2, False), ("too-large", 4, False),
        ]  # fmt: skip
        assert page.read_bytes()[rejects_of(out)[1]["offset"] :] == long

    def test_long_texts(self, tmp_path: Path) -> None:
        """A text over the limit is put aside; a record as long, of other fields, is not."""
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        write_lines(page, {"id": 0, "text": "甲" * 400_000}, {"id": 1, "text": "甲。", "html": "x" * 1_500_000})
        assert run(page, "-o", out).exit_code == 3
        assert [record["id"] for record in lines_of(out)] == [1]
        (reject,) = rejects_of(out)
        assert (reject["reason"], "(--max-text)" in reject["message"]) == ("too-large", True)
        assert json.loads(reject["record"])["id"] == 0
        assert run(page, "-o", out, "--max-text", "2M", "--restart").exit_code == 0

    @given(st.lists(st.binary(max_size=12) | st.sampled_from([good(1), b'{"text": ""}', b"[]", b"\xff{}"]), max_size=6))
    def test_any_bytes(self, lines: list[bytes]) -> None:
        from io import BytesIO

        from cleaner.dump.lines import read_lines
        from cleaner.dump.model import Place

        data = b"\n".join(lines)
        read = list(read_lines(BytesIO(data), Place(), 1000))
        for record, behind in read:
            assert data[record.offset : behind].strip(b"\r\n") == record.data.strip(b"\r\n")
        lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        assert len(read) == sum(bool(line.strip(b" \t\r\n")) for line in lines)


class TestFiles:
    def test_folder_into_folder(self, tmp_path: Path) -> None:
        source = tmp_path / "in"
        (source / "2024").mkdir(parents=True)
        write_lines(source / "a.jsonl.gz", {"text": RAW})
        write_lines(source / "2024/b.jsonl", {"text": RAW})
        (source / "notes.pdf").write_bytes(b"%PDF")
        (source / "2024/c.txt").write_text(RAW, encoding="gb18030")
        (source / ".hidden.jsonl").write_text("?")
        for _ in range(2):  # outputs within the input are no inputs of the next run
            result = run(source, "-o", f"{source}/out/")
            assert result.exit_code == 0
            assert "1 files of other kinds passed over" in result.stderr
        assert "files in the output folder passed over" in result.stderr
        names = sorted(str(path.relative_to(source / "out")) for path in (source / "out").rglob("*.jsonl*"))
        assert names == [
            "2024/b.jsonl", "2024/b.jsonl.manifest.json", "a.jsonl.gz", "a.jsonl.gz.manifest.json", "in.jsonl",
            "in.jsonl.manifest.json",
        ]  # fmt: skip
        assert lines_of(source / "out/in.jsonl") == [{"id": f"{source}/2024/c.txt", "text": CLEAN}]
        assert lines_of(source / "out/a.jsonl.gz") == [{"text": CLEAN}]

    def test_nothing_is_passed_over_in_silence(self, tmp_path: Path) -> None:
        """Names like those of our files, of other makers, are inputs; links are followed; the rest is told."""
        source, out = tmp_path / "in", tmp_path / "out.jsonl"
        names = ["a.work/a.jsonl", "b.log.jsonl", "c.rejects.jsonl.gz", ".git/d.jsonl"]
        for name in names:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            write_lines(source / name, {"text": name})
        (tmp_path / "elsewhere").mkdir()
        write_lines(tmp_path / "elsewhere/e.jsonl", {"text": "e"})
        (source / "link").symlink_to(tmp_path / "elsewhere")
        result = run(source, "-o", out)
        assert (result.exit_code, [record["text"] for record in lines_of(out)]) == (0, [*names[:3], "e"])
        assert "1 files hidden passed over" in result.stderr
        assert run(source / "b.log.jsonl", "-o", source / "made.jsonl", "--log").exit_code == 0
        result = run(source, "-o", out, "--restart")
        assert "2 files made by runs passed over" in result.stderr
        assert len(lines_of(out)) == 5
        (source / "link/round").symlink_to(source)
        result = run(source, "-o", out, "--restart")
        assert (result.exit_code, "round in a circle" in result.stderr) == (2, True)

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        """A pipe in a folder would be waited for without end; a folder that fits a pattern holds what is not read."""
        folder = tmp_path / "in"
        (folder / "b.jsonl").mkdir(parents=True)
        write_lines(folder / "a.jsonl", {"text": "a"})
        write_lines(folder / "b.jsonl/c.jsonl", {"text": "c"})
        os.mkfifo(folder / "d.jsonl")
        result = run(folder, "-o", tmp_path / "all.jsonl")
        assert ([line["text"] for line in lines_of(tmp_path / "all.jsonl")], result.exit_code) == (["a", "c"], 0)
        assert "1 files that are pipes, sockets or devices passed over" in result.stderr
        (folder / "e.jsonl").symlink_to(folder / "gone.jsonl")
        result = run(f"{folder}/*", "-o", tmp_path / "some.jsonl")
        assert f"1 files that are links to nothing passed over, {folder}/e.jsonl" in result.stderr
        assert [line["text"] for line in lines_of(tmp_path / "some.jsonl")] == ["a"]
        assert f"1 files that are folders (a pattern with ** goes into them) passed over, {folder}/b" in result.stderr
        result = run(f"{folder}/**", "-o", tmp_path / "deep.jsonl")
        assert [line["text"] for line in lines_of(tmp_path / "deep.jsonl")] == ["a", "c"]
        assert "folders" not in result.stderr

    def test_folder_that_cannot_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        scan = os.scandir

        def refuse(path: Any) -> Any:
            if str(path).endswith("shut"):
                raise PermissionError(13, "Permission denied", str(path))
            return scan(path)

        (tmp_path / "in/shut").mkdir(parents=True)
        write_lines(tmp_path / "in/a.jsonl", {"text": RAW})
        monkeypatch.setattr(os, "scandir", refuse)
        result = run(tmp_path / "in", "-o", tmp_path / "out.jsonl")
        assert (result.exit_code, "shut: Permission denied" in result.stderr) == (2, True), result.stderr

    def test_max_errors_of_a_finished_run(self, tmp_path: Path) -> None:
        page, out = write_lines(tmp_path / "a.jsonl", {"text": RAW}, {"text": 1}), tmp_path / "out.jsonl"
        for more, code in ((), 3), (("--max-errors", "0"), 2), (("--max-errors", "1"), 3):
            result = run(page, "-o", out, *more)
            assert result.exit_code == code, result.stderr
            assert (f"see {out}.rejects.jsonl" in result.stderr) == (code == 2)

    def test_names_that_look_like_patterns(self, tmp_path: Path) -> None:
        folder = tmp_path / "d[1]"
        folder.mkdir()
        write_lines(folder / "a[b].jsonl", {"text": "a"})
        for number, named in enumerate((folder, folder / "a[b].jsonl")):
            assert run(named, "-o", f"{tmp_path}/out{number}/").exit_code == 0
            assert lines_of(tmp_path / f"out{number}/a[b].jsonl") == [{"text": "a"}]

    def test_patterns_and_ending(self, tmp_path: Path) -> None:
        for name in ("x/a", "y/a"):
            (tmp_path / name).parent.mkdir()
            write_lines(tmp_path / f"{name}.jsonl", {"text": name})
        assert run(f"{tmp_path}/*/a.jsonl", "-o", tmp_path / "out/", "-o", f"{tmp_path}/out/", "--ending",
                   ".jsonl.xz").exit_code == 0  # fmt: skip
        assert [lines_of(tmp_path / f"out/{name}/a.jsonl.xz") for name in "xy"] == [
            [{"text": "x/a"}],
            [{"text": "y/a"}],
        ]
        result = run(tmp_path / "x/a.jsonl", tmp_path / "y/a.jsonl", "-o", f"{tmp_path}/two/")
        assert (result.exit_code, "would both be written" in result.stderr) == (2, True)

    def test_work_elsewhere(self, tmp_path: Path) -> None:
        for name in ("x", "y"):
            (tmp_path / "in" / name).mkdir(parents=True)
            write_lines(tmp_path / f"in/{name}/a.jsonl", *({"text": f"{name}{number}"} for number in range(40)))
        assert run(tmp_path / "in", "-o", f"{tmp_path}/out/", "--work", tmp_path / "work").exit_code == 0
        for name in ("x", "y"):
            assert [r["text"] for r in lines_of(tmp_path / f"out/{name}/a.jsonl")] == [f"{name}{n}" for n in range(40)]
        assert list((tmp_path / "work").iterdir()) == []

    def test_several_inputs_into_one_file(self, tmp_path: Path) -> None:
        inputs = [
            write_lines(tmp_path / f"{name}.jsonl", *({"text": f"{name}{n}"} for n in range(40))) for name in "ab"
        ]
        out = tmp_path / "all.jsonl"
        assert run(*inputs, inputs[0], "-o", out).exit_code == 0
        assert [record["text"] for record in lines_of(out)] == [f"{name}{n}" for name in "ab" for n in range(40)]

    def test_text_files(self, tmp_path: Path) -> None:
        folder, out = tmp_path / "texts", tmp_path / "out.jsonl"
        folder.mkdir()
        (folder / "a.txt").write_text(RAW, encoding="utf-16")
        (folder / "b.txt.gz").write_bytes(gzip.compress(RAW.encode()))
        (folder / "c.txt").write_bytes(b"\xff\xfe\xff")
        (folder / "d.txt").write_text("甲" * 1000, encoding="utf-8")
        (folder / "e.txt.gz").write_bytes(gzip.compress(RAW.encode())[:-9])
        assert run(folder, "-o", out, "--max-record", "1K").exit_code == 3
        assert [Path(record["id"]).name for record in lines_of(out)] == ["a.txt", "b.txt.gz"]
        assert [(Path(reject["input"]).name, reject["reason"]) for reject in rejects_of(out)] == [
            ("c.txt", "undecodable"), ("d.txt", "too-large"), ("e.txt.gz", "damaged-input"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (gzip.compress(good(0)), "gzip"),
            (PACK[".zst"](good(0)), "Zstandard"),
            (good(0).decode().encode("utf-16"), "UTF-16"),
            (b"PAR1" + bytes(20), "Parquet, without .parquet behind its name"),
            (b"%PDF-1.7\n" + good(0), "PDF"),
            (b"7z\xbc\xaf\x27\x1c" + bytes(20), "7z"),
            (json.dumps([{"text": RAW}] * 3, indent=2).encode(), "jq -c"),
            (json.dumps([{"text": RAW}] * 3).encode(), "jq -c"),
        ],
        # of their own: gzip writes the time into its bytes
        ids=["gzip", "zstd", "utf16", "parquet", "pdf", "7z", "array-lines", "array"],
    )
    def test_wrong_name(self, tmp_path: Path, data: bytes, problem: str) -> None:
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        page.write_bytes(data)
        assert run(page, "-o", out).exit_code == 3
        (reject,) = rejects_of(out)
        assert reject["reason"] == ("not-an-object" if data.startswith(b"[{") else "damaged-input")
        assert problem in reject["message"]

    def test_pipe(self, tmp_path: Path) -> None:
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        os.mkfifo(page)
        threading.Thread(target=page.write_bytes, args=(good(0),), daemon=True).start()
        assert run(page, "-o", out).exit_code == 0
        assert [record["text"] for record in lines_of(out)] == [CLEAN]

    def test_streams(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        result = run("-", stdin=good(0) + b"\n{\n")
        assert (result.exit_code, json.loads(result.stdout_bytes)["text"]) == (3, CLEAN)
        assert run("-", stdin=b"[]\n").exit_code == 3  # what the first run has put aside stays
        rejects = [lines_of(tmp_path / f"stdout{number}.rejects.jsonl") for number in ("", ".2")]
        assert [reject["reason"] for lines in rejects for reject in lines] == ["not-json", "not-an-object"]
        (tmp_path / "-").write_bytes(b"no input")
        assert run("-", "-o", tmp_path / "out.jsonl", stdin=good(0)).exit_code == 0
        (known,) = json.loads((tmp_path / "out.jsonl.manifest.json").read_bytes())["inputs"]
        assert (known["name"], known["sha256"]) == ("-", None)

    def test_what_is_read_once_is_not_taken_for_done(self, tmp_path: Path) -> None:
        """The second thing that comes through a pipe is not the first."""
        out, pipe = tmp_path / "out.jsonl", tmp_path / "a.jsonl"
        os.mkfifo(pipe)
        for name in ("-", pipe):
            for number, more in enumerate(((), (), ("--restart",))):
                if name == pipe:
                    threading.Thread(target=pipe.write_bytes, args=(good(number),), daemon=True).start()
                result = run(name, "-o", out, *more, *(["--restart"] * (not number)), stdin=good(number))
                wanted = 2 if number == 1 else 0
                assert (result.exit_code, "not to be read twice" in result.stderr) == (wanted, number == 1)
                assert [record["id"] for record in lines_of(out)] == [0 if number == 1 else number]
                if number == 1 and name == pipe:
                    pipe.read_bytes()  # let the writer go

    def test_begun_from_the_standard_input(self, tmp_path: Path) -> None:
        out = tmp_path / "out.jsonl"
        assert run("-", "-o", out, "--max-errors", "0", stdin=good(0) + b"\n{").exit_code == 2
        assert "not to be read twice" in run("-", "-o", out, stdin=good(1)).stderr
        assert not out.exists()

    @pytest.mark.parametrize("emit", ["documents", "articles"])
    def test_names_that_are_not_utf8(self, tmp_path: Path, emit: str) -> None:
        """File names in GBK, of text files and of JSON Lines."""
        folder = tmp_path / "in"
        folder.mkdir()
        name = os.fsdecode("石桥".encode("gbk"))
        try:
            (folder / f"{name}.txt").write_text(PAGE, encoding="utf-8")
        except OSError:
            pytest.skip("this file system takes names in UTF-8 alone")
        write_lines(folder / f"{name}.jsonl", {"text": RAW})
        for _ in range(2):
            assert run(folder, "-o", f"{tmp_path}/out/", "--emit", emit, "--log").exit_code == 0
        (record, *_) = lines_of(tmp_path / "out/in.jsonl")
        told = record["id"] if emit == "documents" else record["record"]["file"]
        assert told == str(folder / f"{name}.txt")
        manifest = json.loads((tmp_path / f"out/{name}.jsonl.manifest.json").read_bytes())
        assert manifest["inputs"][0]["name"] == str(folder / f"{name}.jsonl")

    def test_encoding(self, tmp_path: Path) -> None:
        page, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
        page.write_bytes(json.dumps({"text": RAW}, ensure_ascii=False).encode("gb18030"))
        assert run(page, "-o", out, "--encoding", "gb18030").exit_code == 0
        assert lines_of(out) == [{"text": CLEAN}]
        assert run(page, "-o", out, "--encoding", "utf-16").exit_code == 2

    @pytest.mark.parametrize(
        ("args", "problem"),
        [
            (("gone.jsonl", "-o", "x.jsonl"), "gone.jsonl: no such file"),
            (("a.pdf", "-o", "x.jsonl"), "what is it?"),
            (("*.pdf", "-o", "x.jsonl"), "nothing to clean: 1 files of other kinds passed over, a.pdf"),
            (("a.jsonl", "-o", "x.txt"), "the output's ending must be"),
            (("a.jsonl", "-o", "a.jsonl"), "never overwritten"),
            ((".", "-o", "./"), "nothing to clean: 2 files in the output folder passed over"),
            (("a.jsonl", "-o", "x/", "--ending", ".txt"), "--ending .txt"),
            (("a.jsonl", "-o", "x.jsonl", "--ending", ".parquet"), "x.jsonl is no folder"),
            (("a.jsonl", "-o", "x.jsonl", "--encoding", "undefined"), "--encoding undefined"),
            (("a.jsonl", "--log"), "--log needs an output"),
            (("a.jsonl", "-o", "x.jsonl", "--max-record", "many"), "is no size"),
            (("foo://a/b.jsonl", "-o", "x.jsonl"), "foo://a/b.jsonl"),
        ],
    )
    def test_usage(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], problem: str) -> None:
        monkeypatch.chdir(tmp_path)
        write_lines(tmp_path / "a.jsonl", {"text": RAW})
        (tmp_path / "a.pdf").write_bytes(b"%PDF")
        result = run(*args)
        assert (result.exit_code, problem in result.stderr) == (2, True), result.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.pdf"]


class TestNothingIsReplaced:
    """Neither an output nor what stands beside it may be a file that the run needs; `--restart` changes nothing."""

    BESIDE = ("", ".rejects.jsonl", ".log.jsonl", ".manifest.json")

    @pytest.mark.parametrize("beside", BESIDE)
    @pytest.mark.parametrize("option", ["input", "--rules", "--decisions", "--profile", "--config"])
    def test_what_a_run_needs(self, tmp_path: Path, option: str, beside: str) -> None:
        page, out = write_lines(tmp_path / "a.jsonl", {"text": RAW}), tmp_path / "out.jsonl"
        needed = tmp_path / ("needed.toml" if option in ("--rules", "--profile") else "needed.jsonl")
        texts = {"--rules": 'why = "A test."\n', "--profile": 'name = "mine"\n', "--config": ""}
        needed.write_text(texts.get(option, '{"text": ""}\n' if option == "input" else ""))
        before = needed.read_bytes()
        Path(f"{out}{beside}").symlink_to(needed)
        args = {"input": [str(needed)], "--config": []}.get(option, [option, str(needed)])
        settings = ["--config", str(needed)] if option == "--config" else []
        command = [*settings, "dump", str(page), "-o", str(out), "--log", "--restart", "-j", "1", *args]
        result = CliRunner().invoke(cli, command, catch_exceptions=False)
        assert (result.exit_code, "which is never overwritten" in result.stderr) == (2, True), result.stderr
        assert needed.read_bytes() == before
        assert not Path(f"{out}.work").exists()

    def test_what_stands_beside_another_output(self, tmp_path: Path) -> None:
        """The rejects of one input, and another input that is called so."""
        for name in ("a.jsonl", "a.jsonl.rejects.jsonl"):
            (tmp_path / "in").mkdir(exist_ok=True)
            write_lines(tmp_path / "in" / name, {"text": RAW}, {})
        result = run(tmp_path / "in", "-o", f"{tmp_path}/out/")
        assert (result.exit_code, "would both be written to" in result.stderr) == (2, True)
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("name", ["file://{}/a.jsonl", "memory://in/a.jsonl"])
    def test_addresses(self, tmp_path: Path, name: str) -> None:
        fsspec = pytest.importorskip("fsspec", reason="needs the extra [remote]")
        page, address = write_lines(tmp_path / "a.jsonl", {"text": RAW}), name.format(tmp_path)
        fsspec.filesystem("memory").pipe_file("/in/a.jsonl", page.read_bytes())
        source = page if name.startswith("file") else "memory:///in/a.jsonl"
        result = run(source, "-o", address, "--restart")
        assert (result.exit_code, "which is never overwritten" in result.stderr) == (2, True), result.stderr
        assert run(source, address, "-o", tmp_path / "out.jsonl").exit_code == 0
        assert len(lines_of(tmp_path / "out.jsonl")) == 1  # one file, named in two ways


def test_decisions_are_obeyed(tmp_path: Path) -> None:
    text = "赶集的人说,路修好了。"
    page, out, made = write_lines(tmp_path / "a.jsonl", {"text": text}), tmp_path / "out.jsonl", tmp_path / "d.jsonl"
    digest = hashlib.sha256(text.encode()).hexdigest()
    decision = Decision("a", digest, "change", "comma-between-chinese", (5, 6), ",", "，", "reject")
    made.write_text(format_decisions([decision]), encoding="utf-8")
    command = ["dump", str(page), "-o", str(out), "-j", "1", "--log"]
    assert CliRunner().invoke(cli, [*command, "--decisions", str(made)]).exit_code == 0
    assert lines_of(out) == [{"text": text}]
    assert Cleaner(decisions=str(made)).clean_batch([text])[0].text == text
    made.write_text(format_decisions([]), encoding="utf-8")  # other decisions make another output
    assert "an earlier run had other options" in CliRunner().invoke(cli, [*command, "--decisions", str(made)]).stderr
    assert CliRunner().invoke(cli, [*command, "--restart"]).exit_code == 0
    assert lines_of(out) == [{"text": text.replace(",", "，")}]


@pytest.mark.parametrize("emit", ["documents", "articles"])
def test_log_restores_the_texts(tmp_path: Path, emit: str) -> None:
    texts = [PAGE, RAW, "", "甲,乙\r\n\r\n丙"] * 10
    page, out = write_lines(tmp_path / "a.jsonl", *({"text": text} for text in texts)), tmp_path / "out.jsonl.gz"
    assert run(page, "-o", out, "--emit", emit, "--log").exit_code == 0
    entries = read_log(f"{out}.log.jsonl.gz")
    output = Output(read_plain(out))
    assert [restore_bytes(entry, output, "out").decode() for entry in entries] == texts
    command = ["restore", str(out), "--log", f"{out}.log.jsonl.gz", "-o", f"{tmp_path}/raw/"]
    assert CliRunner().invoke(cli, command).exit_code == 0
    assert (tmp_path / "raw/a.jsonl#1").read_bytes().decode() == PAGE
