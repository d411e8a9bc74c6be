"""`cleaner dump` with Parquet, and with addresses instead of paths."""

from __future__ import annotations

import datetime
import decimal
import functools
import gzip
import http.server
import json
import math
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from processes import PATIENCE

from cleaner import clean
from cleaner.cli import cli

pa = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
pq = pytest.importorskip("pyarrow.parquet")
RAW = "新桥通车。\r\n\r\n不必再绕行。"
CLEAN = clean(RAW, "minimal")


def run(*args: str | Path) -> Result:
    command = ["dump", *map(str, args), "--profile", "minimal", "-j", "1"]
    return CliRunner().invoke(cli, command, catch_exceptions=False)


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def rich_table(rows: int) -> Any:
    return pa.table(
        {
            "id": pa.array([f"d{n}" for n in range(rows)], pa.large_string()),
            "text": pa.array([None if n == 3 else RAW for n in range(rows)]),
            "big": pa.array([decimal.Decimal("12345678901234567890.12")] * rows, pa.decimal128(38, 2)),
            "time": pa.array([datetime.datetime(2024, 5, 18, 1, 2, 3, 4)] * rows, pa.timestamp("us")),
            "bytes": pa.array([b"\xff\x00"] * rows),
            "nested": pa.array([{"a": [1, None], "b": "甲,乙"}] * rows),
            "single": pa.array([0.1] * rows, pa.float32()),
        }
    )


def test_columns_stay_as_they_were(tmp_path: Path) -> None:
    page, out, table = tmp_path / "a.parquet", tmp_path / "out.parquet", rich_table(50)
    pq.write_table(table, page, row_group_size=20)
    assert run(page, "-o", out, "--log").exit_code == 3
    kept = [n for n in range(50) if n != 3]
    wanted = table.take(kept).set_column(1, "text", pa.array([CLEAN] * 49))
    assert pq.read_table(out).equals(wanted)
    (reject,) = lines_of(Path(f"{out}.rejects.jsonl"))
    assert (reject["number"], reject["reason"], reject["record"]["id"]) == (4, "text-not-a-string", "d3")
    assert sum("input" in line for line in lines_of(Path(f"{out}.log.jsonl"))) == 49


def test_large_rows(tmp_path: Path) -> None:
    """A row over the limit is put aside, its neighbours are not; many large ones go to workers a few at a time."""
    page, out = tmp_path / "a.parquet", tmp_path / "out.parquet"
    texts = ["甲" * size for size in (10, 200_000, 90_000, 90_000, 90_000, 10)]
    pq.write_table(pa.table({"text": texts, "n": range(6)}), page)
    assert run(page, "-o", out, "--max-record", "400K").exit_code == 3
    assert pq.read_table(out).column("n").to_pylist() == [0, 2, 3, 4, 5]
    assert [(r["number"], r["reason"]) for r in lines_of(Path(f"{out}.rejects.jsonl"))] == [(2, "too-large")]


HUGE = 200 << 20
# Reads a file as the command does, and tells by how many bytes the most memory that was ever held has risen.
READ = """
import resource, sys
import pyarrow.parquet
from cleaner.dump.model import Limits, Place, Shard
from cleaner.dump.read import read_chunks

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
shard = Shard(sys.argv[1], "parquet", (sys.argv[1],), "a", ".parquet")
rows = sum(len(chunk) for chunk in read_chunks(0, (shard,), "jsonl", Place(), Limits(1 << 20, 10**9)))
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)
"""


def write_groups(path: Path, groups: list[list[str]]) -> None:
    schema = pa.schema([("text", pa.string()), ("more", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for more in groups:
            writer.write_table(pa.table({"text": ["甲。"] * len(more), "more": more}, schema))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts memory as Linux does")
def test_rows_too_large_for_the_memory(tmp_path: Path) -> None:
    """They are put aside unread, with those that their pages hold; the others come out."""
    page, out = tmp_path / "a.parquet", tmp_path / "out.jsonl"
    some = [f"{n}{chr(0x4E00 + n) * 300_000}" for n in range(20)]  # a page of 18 MB, of rows that may be read
    write_groups(page, [["x" * HUGE], some, ["x", "x" * HUGE, "x"], ["x"]])
    done = subprocess.run([sys.executable, "-c", READ, str(page)], capture_output=True, text=True, check=True)
    rows, peak = map(int, done.stdout.split())
    assert rows == 1 + 20 + 3 + 1
    assert peak < HUGE // 2
    few = ["--max-record", "1M", "--max-ratio", "1000000000"]
    assert run(page, "-o", out, *few).exit_code == 3
    assert [line["more"][:1] for line in lines_of(out)] == [*(text[:1] for text in some), "x"]
    rejects = lines_of(Path(f"{out}.rejects.jsonl"))
    assert [(reject["number"], reject["reason"]) for reject in rejects] == [(n, "too-large") for n in (1, 22, 23, 24)]
    told = [reject["message"] for reject in rejects]
    assert "a row of about 2097" in told[0]
    assert all("row group 2 has pages of 2097" in message for message in told[1:])
    again = tmp_path / "again.jsonl"
    assert run(page, "-o", again, *few, "--max-errors", "2").exit_code == 2
    assert run(page, "-o", again, *few).exit_code == 3  # goes on among rows that are not read
    for ending in ("", ".rejects.jsonl"):
        assert Path(f"{again}{ending}").read_bytes() == Path(f"{out}{ending}").read_bytes()


@pytest.mark.parametrize("damage", [b"\x00", b"\xff" * 40, b"\x15\x01\x15\x02", b"\x1d" * 40])
def test_pages_without_a_header(tmp_path: Path, damage: bytes) -> None:
    page, out = tmp_path / "a.parquet", tmp_path / "out.jsonl"
    write_groups(page, [["x"], ["y"]])
    data = bytearray(page.read_bytes())
    at = pq.ParquetFile(page).metadata.row_group(1).column(1).dictionary_page_offset
    data[at : at + len(damage)] = damage
    page.write_bytes(data)
    assert run(page, "-o", out).exit_code == 3
    assert [line["more"] for line in lines_of(out)] == ["x"]
    (reject,) = lines_of(Path(f"{out}.rejects.jsonl"))
    assert (reject["number"], reject["reason"]) == (2, "damaged-input")


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_pages_are_measured(tmp_path: Path, version: str, compression: str, dictionary: bool) -> None:
    """All of a column's bytes are those of its pages."""
    from cleaner.dump.pages import measure_group

    page, kinds = tmp_path / "a.parquet", {"data_page_version": version, "use_dictionary": dictionary}
    columns = {
        "text": [f"第{n}行" * (n % 90) for n in range(3000)], "list": [["a"] * (n % 5) for n in range(3000)],
        "flag": [n % 3 == 0 for n in range(3000)], "struct": [{"a": n, "b": None} for n in range(3000)],
    }  # fmt: skip
    pq.write_table(pa.table(columns), page, compression=compression, data_page_size=4000, row_group_size=2000, **kinds)
    meta = pq.ParquetFile(page).metadata
    for number in range(meta.num_row_groups):
        group = meta.row_group(number)
        with page.open("rb") as file:
            sizes = measure_group(file, group)
        assert sizes.packed == sum(group.column(n).total_compressed_size for n in range(group.num_columns))
        assert (
            sizes.held <= sizes.plain <= sum(group.column(n).total_uncompressed_size for n in range(group.num_columns))
        )


def test_to_lines(tmp_path: Path) -> None:
    page, out = tmp_path / "a.parquet", tmp_path / "out.jsonl"
    pq.write_table(rich_table(2), page)
    assert run(page, "-o", out).exit_code == 0
    assert lines_of(out)[1] == {
        "id": "d1", "text": CLEAN, "big": "12345678901234567890.12", "time": "2024-05-18T01:02:03.000004",
        "bytes": "/wA=", "nested": {"a": [1, None], "b": "甲,乙"}, "single": pytest.approx(0.1),
    }  # fmt: skip


def odd_columns() -> dict[str, Any]:
    """Values that Python's types, or JSON, cannot hold."""
    one = 10**18 + 1  # nanoseconds
    return {
        "ns": (pa.array([one, 10**18], pa.timestamp("ns")), "2001-09-09T01:46:40.000000001"),
        "zone": (pa.array([one, None], pa.timestamp("ns", "+08:00")), "2001-09-09T09:46:40.000000001+08:00"),
        "clock": (pa.array([1, 2], pa.time64("ns")), "00:00:00.000000001"),
        "span": (pa.array([1, 2], pa.duration("ns")), "1 duration[ns]"),
        "late": (pa.array([10**17, 0], pa.timestamp("ms")), "100000000000000000 timestamp[ms]"),
        "day": (pa.array([10**9, 0], pa.date32()), "1000000000 date32[day]"),
        "float": (pa.array([math.inf, 1.5]), "Infinity"),
        "floats": (pa.array([[math.nan, -math.inf, 0.5], None]), ["NaN", "-Infinity", 0.5]),
        "struct": (pa.array([{"t": one}, None], pa.struct([("t", pa.timestamp("ns"))])),
                   {"t": "2001-09-09T01:46:40.000000001"}),
        "map": (pa.array([[("a", b"\xff")], []], pa.map_(pa.string(), pa.binary())), [["a", "/w=="]]),
        "list": (pa.array([[datetime.date(2024, 5, 18)], []]), ["2024-05-18"]),
        "words": (pa.array(["甲", "乙"]).dictionary_encode(), "甲"),
    }  # fmt: skip


@pytest.mark.parametrize("name", odd_columns())
def test_odd_values_to_lines(tmp_path: Path, name: str) -> None:
    page, out = tmp_path / "a.parquet", tmp_path / "out.jsonl"
    column, wanted = odd_columns()[name]
    if name == "zone":
        try:
            column.cast(pa.string())
        except pa.ArrowInvalid as error:  # such rows are rejected, with this reason
            pytest.skip(f"this pyarrow knows no zones that are offsets: {error}")
    pq.write_table(pa.table({"text": [RAW, None], name: column}), page, store_schema=True)
    assert run(page, "-o", out).exit_code == 3
    assert lines_of(out) == [{"text": CLEAN, name: wanted}]
    assert b"NaN," not in out.read_bytes().replace(b'"NaN",', b"")
    (reject,) = lines_of(Path(f"{out}.rejects.jsonl"))
    assert (reject["reason"], list(reject["record"])) == ("text-not-a-string", ["text", name])


def view_columns() -> dict[str, Any]:
    """Types out of which Arrow picks no rows, or of which a row is as large as the whole column."""
    if not hasattr(pa, "string_view"):
        return {}
    text, data = pa.string_view(), pa.binary_view()
    return {
        "text": pa.array([RAW] * 40, text),
        "string": pa.array(["甲" * 20, None] * 20, text),
        "binary": pa.array([b"\xff"] * 40, data),
        "list": pa.array([["甲", None], None] * 20, pa.list_(text)),
        "struct": pa.array([{"a": "甲", "b": [b"x"]}, None] * 20, pa.struct([("a", text), ("b", pa.list_(data))])),
        "map": pa.array([[("a", "b")]] * 40, pa.map_(text, text)),
        "words": pa.array(["甲", "乙"] * 20).dictionary_encode(),
    }


@pytest.mark.parametrize("emit", ["documents", "articles"])
@pytest.mark.parametrize("name", view_columns())
def test_views(tmp_path: Path, name: str, emit: str) -> None:
    page, out, column = tmp_path / "a.parquet", tmp_path / "out.parquet", view_columns()[name]
    try:
        pq.write_table(pa.table({"text": [RAW] * 40} | {name: column}), page)
    except pa.ArrowNotImplementedError:
        pytest.skip(f"pyarrow {pa.__version__} writes no such column, so no file holds one")
    assert run(page, "-o", out, "--emit", emit).exit_code == 0
    made, raw = pq.read_table(out), pq.read_table(page)
    if emit == "documents":
        assert made.schema.equals(raw.schema)
        wanted = [CLEAN] * 40 if name == "text" else column.to_pylist()
        assert made.column(name).to_pylist() == wanted
    elif name != "text":
        assert made.column("record").type == pa.struct([raw.schema.field(name)])
        assert [record[name] for record in made.column("record").to_pylist()] == column.to_pylist()


def test_large_dictionaries(tmp_path: Path) -> None:
    """The row itself is measured, not the dictionary that it shares with others."""
    page, out = tmp_path / "a.parquet", tmp_path / "out.parquet"
    words = pa.array([chr(0x4E00 + n) * 20_000 for n in range(20)] + ["甲" * 200_000]).dictionary_encode()
    pq.write_table(pa.table({"text": [RAW] * 21, "words": words, "n": range(21)}), page)
    assert run(page, "-o", out, "--max-record", "400K").exit_code == 3
    assert pq.read_table(out).column("words").combine_chunks().to_pylist() == words.to_pylist()[:20]
    assert pq.read_table(out).schema.equals(pq.read_table(page).schema)
    assert [(r["number"], r["reason"]) for r in lines_of(Path(f"{out}.rejects.jsonl"))] == [(21, "too-large")]


def test_rows_that_cannot_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are put aside, and the column is named."""
    from cleaner.dump import rows
    from cleaner.dump.model import Chunk, Place
    from cleaner.dump.records import RecordCleaner
    from cleaner.dump.reject import Reject
    from cleaner.dump.setup import Setup

    def refuse(batch: Any, picked: Any) -> Any:
        raise Reject("failed", "rows of the column 'odd' cannot be copied")

    monkeypatch.setattr(rows, "pick_rows", refuse)
    batch = pa.record_batch({"text": [RAW] * 3})
    chunk = Chunk(0, "a.parquet", "parquet", "parquet", Place(1), batch=batch)
    made = rows.RowWorker(RecordCleaner(Setup({"profile": "minimal"}))).make(chunk, lambda number, size: None)
    assert (made.counts.records, made.counts.documents, made.out) == (3, 0, b"")
    assert made.rejects.count(b"the column 'odd'") == 3


@pytest.mark.parametrize("emit", ["documents", "articles"])
@pytest.mark.parametrize("ending", ["jsonl", "txt", "parquet"])
def test_names_that_are_not_utf8(tmp_path: Path, ending: str, emit: str) -> None:
    page, out = tmp_path / os.fsdecode(b"\xb5." + ending.encode()), tmp_path / "out.parquet"
    try:
        page.write_bytes(json.dumps({"text": RAW}).encode() if ending == "jsonl" else RAW.encode())
    except OSError as error:
        pytest.skip(f"this file system has no such names: {error}")
    if ending == "parquet":
        with page.open("wb") as file:
            pq.write_table(pa.table({"text": [RAW]}), file)
    assert run(page, "-o", out, "--emit", emit).exit_code == 0
    if emit == "articles":
        (source,) = set(pq.read_table(out).column("source").to_pylist())
        assert source.startswith(f"{tmp_path}/\\xb5.{ending}")
    elif ending == "txt":
        assert pq.read_table(out).column("id").to_pylist() == [f"{tmp_path}/\\xb5.txt"]


def bad_strings(rows: int) -> Any:
    """A column of strings that are not UTF-8."""
    offsets = pa.array(range(0, 2 * rows + 1, 2), pa.int32()).buffers()[1]
    return pa.Array.from_buffers(pa.string(), rows, [None, offsets, pa.py_buffer(b"\xff\xfe" * rows)])


@pytest.mark.parametrize(("column", "reason"), [("text", "undecodable"), ("more", "failed")])
def test_strings_that_are_not_utf8(tmp_path: Path, column: str, reason: str) -> None:
    """They cost their row alone; on the way to Parquet other columns stay as they are."""
    page, out = tmp_path / "a.parquet", tmp_path / "out.jsonl"
    columns = {"text": pa.array([RAW] * 3), "more": pa.array(["x"] * 3), "n": pa.array([1, 2, 3])}
    columns[column] = pa.concat_arrays([columns[column].slice(0, 2), bad_strings(1)])
    pq.write_table(pa.table(columns), page)
    assert run(page, "-o", out).exit_code == 3
    assert [line["n"] for line in lines_of(out)] == [1, 2]
    (reject,) = lines_of(Path(f"{out}.rejects.jsonl"))
    assert (reject["number"], reject["reason"], reject["record"]["n"], column in reject["record"]) == (
        3, reason, 3, False,
    )  # fmt: skip
    assert run(page, "-o", tmp_path / "out.parquet").exit_code == (3 if column == "text" else 0)


def test_columns_of_one_name(tmp_path: Path) -> None:
    page, out = tmp_path / "a.parquet", tmp_path / "out.jsonl"
    pq.write_table(pa.Table.from_arrays([pa.array([RAW]), pa.array([1]), pa.array([2])], ["text", "n", "n"]), page)
    assert run(page, "-o", out).exit_code == 3
    (reject,) = lines_of(Path(f"{out}.rejects.jsonl"))
    assert (reject["reason"], "'n'" in reject["message"], out.read_bytes()) == ("field-twice", True, b"")


def test_from_lines(tmp_path: Path) -> None:
    page, out = tmp_path / "a.jsonl", tmp_path / "out.parquet"
    lines = [{"text": RAW, "n": 10**30, "s": "x"}, {"text": "", "more": [1.50]}, {"text": RAW, "s": None, "n": "7"}]
    page.write_text("\n".join(map(json.dumps, lines)) + '\n{"text": "\\ud800"}', encoding="utf-8")
    assert run(page, "-o", out).exit_code == 3
    assert pq.read_table(out).to_pylist() == [
        {"text": CLEAN, "n": str(10**30), "s": "x", "more": None},
        {"text": "", "n": None, "s": None, "more": "[1.5]"},
        {"text": CLEAN, "n": '"7"', "s": None, "more": None},
    ]
    assert lines_of(Path(f"{out}.rejects.jsonl"))[0]["reason"] == "undecodable"


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_articles(tmp_path: Path, ending: str) -> None:
    page, out, plain = tmp_path / f"a{ending}", tmp_path / "out.parquet", tmp_path / "out.jsonl"
    if ending == ".parquet":
        pq.write_table(rich_table(3), page)
    else:
        page.write_text("\n".join(json.dumps({"id": f"d{n}", "text": RAW, "x": n}) for n in range(3)))
    for output in (out, plain):
        assert run(page, "-o", output, "--emit", "articles").exit_code == 0
    rows, records = pq.read_table(out).to_pylist(), lines_of(plain)
    assert [row["id"] for row in rows] == [record["id"] for record in records]
    for row, record in zip(rows, records, strict=True):
        carried, other = row.pop("record"), record.pop("record")
        assert row == record
        assert (json.loads(carried) if ending == ".jsonl" else carried)["id"] == other["id"] == row["source"]


def test_articles_of_texts_alone(tmp_path: Path) -> None:
    """Without other columns there is nothing for a column `record`; Parquet has no struct without fields."""
    page, out = tmp_path / "a.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"text": [RAW] * 2}), page)
    assert run(page, "-o", out, "--emit", "articles").exit_code == 0
    made = pq.read_table(out)
    assert (made.column("text").to_pylist(), "record" in made.schema.names) == ([CLEAN.strip()] * 2, False)


def test_field_that_is_called_record(tmp_path: Path) -> None:
    page, out = tmp_path / "a.jsonl", tmp_path / "out.parquet"
    page.write_text("".join(json.dumps({"text": "", "record": value}) + "\n" for value in ("x", None, "y")))
    assert run(page, "-o", out).exit_code == 0
    assert pq.read_table(out).column("record").to_pylist() == ["x", None, "y"]


def test_damaged_files(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    pq.write_table(rich_table(3), folder / "a.parquet")
    data = (folder / "a.parquet").read_bytes()
    (folder / "b.parquet").write_bytes(data[:-200])
    (folder / "c.parquet").write_bytes(b"PAR1" + bytes(60) + data[64:])
    assert run(folder, "-o", f"{out}/").exit_code == 3
    assert pq.read_table(out / "a.parquet").num_rows == 3
    for name in "bc":
        assert pq.read_table(out / f"{name}.parquet").num_rows == 0
        assert [r["reason"] for r in lines_of(out / f"{name}.parquet.rejects.jsonl")] == ["damaged-input"]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    pq.write_table(rich_table(1), tmp_path / "a.parquet")
    pq.write_table(rich_table(1).select(["id", "text"]), tmp_path / "b.parquet")
    result = run(tmp_path / "a.parquet", tmp_path / "b.parquet", "-o", tmp_path / "out.parquet")
    assert (result.exit_code, "other columns" in result.stderr) == (2, True)
    result = run(tmp_path / "b.parquet", "-o", tmp_path / "out.parquet", "--text-field", "content")
    assert result.exit_code == 3
    assert lines_of(tmp_path / "out.parquet.rejects.jsonl")[0]["reason"] == "no-text"


class TestAddresses:
    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[str]:
        pytest.importorskip("aiohttp", reason="needs the extra [remote]")
        (tmp_path / "site").mkdir()
        (tmp_path / "site/a.jsonl").write_text(json.dumps({"text": RAW}))
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path / "site")
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
            threading.Thread(target=site.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{site.server_port}"
            site.shutdown()

    def test_http(self, server: str, tmp_path: Path) -> None:
        assert run(f"{server}/a.jsonl", "-o", tmp_path / "out.jsonl").exit_code == 0
        assert lines_of(tmp_path / "out.jsonl") == [{"text": CLEAN}]
        assert run(f"{server}/gone.jsonl", "-o", tmp_path / "gone.jsonl").exit_code == 2

    def test_http_with_a_query(self, server: str, tmp_path: Path) -> None:
        """What stands behind the path, a signature mostly, is no part of the ending, and no pattern."""
        (tmp_path / "site/b.jsonl.gz").write_bytes(gzip.compress((tmp_path / "site/a.jsonl").read_bytes()))
        for name in ("a.jsonl", "b.jsonl.gz"):
            result = run(f"{server}/{name}?X-Sig=c/d*.e", "-o", f"{tmp_path}/out/", "--ending", ".jsonl")
            assert result.exit_code == 0, result.stderr
            assert lines_of(tmp_path / f"out/{name.removesuffix('.gz')}") == [{"text": CLEAN}]

    def test_address_of_a_local_file(self, tmp_path: Path) -> None:
        """It is a path: what is written there is put in place whole, and beside it is what is beside any output."""
        page = tmp_path / "in/a.jsonl"
        page.parent.mkdir()
        page.write_text(json.dumps({"text": RAW}) + "\n{", encoding="utf-8")
        for _ in range(2):
            assert run(f"file://{page.parent}", "-o", f"file://{tmp_path}/out/").exit_code == 3
        assert lines_of(tmp_path / "out/a.jsonl") == [{"text": CLEAN}]
        manifest = json.loads((tmp_path / "out/a.jsonl.manifest.json").read_bytes())
        assert manifest["inputs"][0]["sha256"]

    def test_other_places(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fsspec = pytest.importorskip("fsspec", reason="needs the extra [remote]")
        monkeypatch.chdir(tmp_path)
        memory = fsspec.filesystem("memory")
        memory.pipe_file("/in/a.jsonl", json.dumps({"text": RAW}).encode() + b"\n{")
        memory.pipe_file("/in/b/c.jsonl", json.dumps({"text": RAW}).encode())
        for _ in range(2):
            assert run("memory://in", "-o", "memory://out/").exit_code == 3
        assert json.loads(memory.cat_file("/out/a.jsonl"))["text"] == CLEAN
        assert json.loads(memory.cat_file("/out/a.jsonl.manifest.json"))["counts"]["records"] == 2
        assert json.loads(memory.cat_file("/out/b/c.jsonl"))["text"] == CLEAN
        assert json.loads(memory.cat_file("/out/a.jsonl.rejects.jsonl"))["reason"] == "not-json"
        assert list(tmp_path.iterdir()) == []
        assert run("memory://in/a.jsonl", "memory://in/b/*.jsonl", "-o", "all.jsonl").exit_code == 3
        assert len(lines_of(tmp_path / "all.jsonl")) == 2


class Failing(http.server.BaseHTTPRequestHandler):
    """Serves ranges; behind the first 6 MB it fails in one of several ways, until it is mended."""

    data = b"".join(b'{"id": %d, "text": "", "more": "%s"}\n' % (n, b"x" * 1_000_000) for n in range(9))
    way = ""
    mended = threading.Event()

    def do_HEAD(self) -> None:
        self._answer(200, len(self.data))

    def do_GET(self) -> None:
        if "Range" not in self.headers:  # is it there?
            self._answer(200, 0)
            return
        first, last = (int(part) for part in self.headers["Range"].removeprefix("bytes=").split("-"))
        body = self.data[first : last + 1]
        late = last >= 6_000_000
        if late and self.way.isdigit():
            self.send_error(int(self.way))
            return
        if late and self.way == "hang":
            self.mended.wait(PATIENCE)
        self._answer(206, len(body), ("Content-Range", f"bytes {first}-{first + len(body) - 1}/{len(self.data)}"))
        self.wfile.write(body[:1000] if late and self.way == "cut" else body)

    def _answer(self, code: int, size: int, *more: tuple[str, str]) -> None:
        self.send_response(code)
        for name, value in (("Content-Length", str(size)), ("Accept-Ranges", "bytes"), *more):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize("way", ["404", "503", "cut", "hang"])
def test_network_that_fails_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """The run stops with exit code 2, puts nothing in place, and goes on when the server is well again."""
    aiohttp = pytest.importorskip("aiohttp", reason="needs the extra [remote]")
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setattr(Failing, "way", way)
    monkeypatch.setattr(Failing, "mended", threading.Event())
    out = tmp_path / "out.jsonl"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{site.server_port}/a.jsonl"
        with monkeypatch.context() as patch:  # where it hangs, nobody waits for long
            if way == "hang":
                few = {"client_kwargs": {"timeout": aiohttp.ClientTimeout(total=2)}}
                patch.setitem(fsspec.config.conf, "http", few)
            result = run(address, "-o", out)
        assert (result.exit_code, "not to be reached" in result.stderr, out.exists()) == (2, True, False), result.stderr
        Failing.way = ""
        Failing.mended.set()
        assert run(address, "-o", out).exit_code == 0
        site.shutdown()
    assert out.read_bytes() == Failing.data


class Plain(http.server.SimpleHTTPRequestHandler):
    """Knows no ranges, as many simple servers."""

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with suppress(ConnectionError):  # the reader goes when it knows
            super().copyfile(source, outputfile)


@pytest.mark.parametrize("packed", [False, True])
def test_server_without_ranges(tmp_path: Path, packed: bool) -> None:
    """A file of more than one block is read from its beginning on, by a run that goes on too; Parquet is refused."""
    pytest.importorskip("aiohttp", reason="needs the extra [remote]")
    (tmp_path / "site").mkdir()
    lines = [b'{"id": %d, "text": "", "more": "%s"}\n' % (n, random.Random(n).randbytes(400_000).hex().encode())
             for n in range(16)]  # fmt: skip
    lines[12:12] = [b"{\n"] * 2
    data = b"".join(lines)
    (tmp_path / "site/a.jsonl.gz").write_bytes(gzip.compress(data, 1))
    (tmp_path / "site/a.jsonl").write_bytes(data)
    pq.write_table(pa.table({"text": [""] * 9, "more": [str(n) * 1_000_000 for n in range(9)]}),
                   tmp_path / "site/a.parquet", compression="none", use_dictionary=False)  # fmt: skip
    out = tmp_path / "out.jsonl"
    handler = functools.partial(Plain, directory=tmp_path / "site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{site.server_port}/a."
        assert run(f"{address}jsonl{'.gz' * packed}", "-o", out, "--max-errors", "1").exit_code == 2
        result = run(f"{address}jsonl{'.gz' * packed}", "-o", out)
        assert (result.exit_code, "going on behind" in result.stderr) == (3, True), result.stderr
        refused = run(f"{address}parquet", "-o", tmp_path / "p.jsonl")
        site.shutdown()
    assert out.read_bytes() == b"".join(line for line in lines if line != b"{\n")
    assert (refused.exit_code, "copy it here first" in refused.stderr) == (2, True), refused.stderr


def test_file_that_ends_before_its_size(tmp_path: Path) -> None:
    """A store that gives fewer bytes than it has told is no end of the file."""
    fsspec = pytest.importorskip("fsspec", reason="needs the extra [remote]")
    from cleaner.dump.remote import _Remote
    from cleaner.errors import CleanerError

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/short/a.jsonl", b"{}\n" * 10)
    file = memory.open("/short/a.jsonl", "rb")
    file.read()

    class Short:
        size = 40
        read, tell, close = file.read, file.tell, file.close

    with pytest.raises(CleanerError, match="ended at byte 30 of 40"):
        _Remote("memory://short/a.jsonl", Short(), Short).read(5)
