"""Adapters, each in the engine that it is for: the same records as a local run. Missing engines are skipped."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import regex
from click.testing import CliRunner
from dirty import DIRTY, PACK
from processes import PATIENCE
from sample_rules import EXPLODES

from cleaner import Cleaner, clean_batch
from cleaner.cli import cli
from cleaner.engine.deadline import GuardedPattern, deadline
from cleaner.engine.limit import time_limit
from cleaner.errors import CleanerError
from cleaner.io.codec import CODECS

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*/raw.txt"))
TEXTS = [
    "新桥通车。\r\n\r\n不必再绕行。",
    "甲乙丙。",
    "",
    "石桥镇今年新修了两条路，村民出行方便多了。\r\n\r\n完。",
    "\x00\u2028甲,乙\U00020bb7",
    *(path.read_bytes().decode("utf-8", "replace") for path in FIXTURES),
]
TEXTS += TEXTS[:5] * 15
# engines and what they stand on warn of their own affairs
ENGINE = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What `cleaner dump` makes of the texts on this machine, without any engine."""
    folder = tmp_path_factory.mktemp("local")
    page, out = write_lines(folder / "a.jsonl", good_lines()), folder / "out.jsonl"
    assert CliRunner().invoke(cli, ["dump", str(page), "-o", str(out), "-q", "-j", "1"]).exit_code == 0
    texts = [json.loads(line)["text"] for line in out.read_bytes().split(b"\n")[:-1]]
    assert len(texts) == len(TEXTS)
    assert texts != TEXTS
    return texts


def write_lines(path: Path, lines: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(lines))
    return path


def good_lines() -> list[bytes]:
    return [json.dumps({"id": f"d{n}", "text": text, "n": n}).encode() for n, text in enumerate(TEXTS)]


class TestBatch:
    def test_same_as_the_dump_command(self, wanted: list[str]) -> None:
        results = clean_batch(TEXTS)
        assert [result.text for result in results] == wanted
        assert all(result.error is None and result.page is not None for result in results)

    @pytest.mark.parametrize("place", ["main", "thread", "main, with a timer of another"])
    def test_errors_are_values(self, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
        clean_page = Cleaner.clean_page

        def fail(cleaner: Cleaner, text: str, **more: Any) -> Any:
            if text == "bad":
                raise RecursionError("too deep")
            while text == "slow":
                pass
            return clean_page(cleaner, text, **more)

        monkeypatch.setattr(Cleaner, "clean_page", fail)
        texts: list[Any] = ["a", "bad", None, 5, "slow", "b"]
        results: list[Any] = []

        def clean_all() -> None:
            results.extend(clean_batch(texts, "minimal", seconds=2))

        if place == "thread":
            thread = threading.Thread(target=clean_all, daemon=True)
            thread.start()
            thread.join(PATIENCE)
        else:
            if place != "main":
                monkeypatch.setattr("signal.getsignal", lambda number: signal.SIG_IGN)
            clean_all()
        assert [result.text for result in results] == ["a", "bad", None, None, "slow", "b"]
        assert [(result.error or "").split(":")[0] for result in results] == [
            "", "RecursionError", "TypeError", "TypeError", "TimeoutError", "",
        ]  # fmt: skip

    def test_what_comes_behind_is_not_late(self) -> None:
        """The clock that another thread watches stops with the text, also at the last moment."""
        ends: list[str] = []

        def try_often() -> None:
            size = 1  # of the work, which becomes as large as what is just in time on this machine
            for _ in range(600):
                end = "in time"
                try:
                    with time_limit(0.0005):
                        sum(range(size))
                except TimeoutError:
                    end = "late"
                ends.append(end)
                size = size * 3 // 2 + 1 if end == "in time" else size // 2
                sum(range(2000))

        thread = threading.Thread(target=try_often, daemon=True)
        thread.start()
        thread.join(PATIENCE)
        assert len(ends) == 600
        assert set(ends) == {"in time", "late"}

    @pytest.mark.parametrize("place", ["main", "thread"])
    def test_whose_time_is_over(self, place: str) -> None:
        """When it is that of the text, no rule is blamed; and the error is raised again where Python drops it."""
        pattern = GuardedPattern(regex.compile("(a|aa|a.a)+[c]"), "ours.toml", "explodes")

        class Drops:
            def __del__(self) -> None:
                while True:
                    pass

        def search() -> None:
            pattern.search("a" * 60 + "b")

        def compute() -> None:
            with deadline("ours.toml", "innocent"):
                while True:
                    pass

        def drop() -> None:
            Drops()
            while True:
                pass

        found: list[tuple[type[BaseException], str]] = []

        def try_all() -> None:
            for body in (search, compute, drop):
                try:
                    with time_limit(0.3):
                        body()
                except Exception as error:  # noqa: BLE001 - any other is the failure
                    found.append((type(error).__mro__[2], str(error)))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.unraisablehook", lambda report: None)
            if place == "main":
                try_all()
            else:
                thread = threading.Thread(target=try_all, daemon=True)
                thread.start()
                thread.join(60)
        assert found == [(TimeoutError, "took longer than 0.3 s")] * 3

    def test_wrong_rules_are_told_at_once(self) -> None:
        with pytest.raises(CleanerError):
            clean_batch([], "no-such-profile")


def test_arrow(wanted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    table = arrow.table({"text": arrow.array([*TEXTS, None], arrow.large_string()), "n": range(len(TEXTS) + 1)})
    clean = ArrowCleaner()
    made = clean(table)
    assert made.column("text").to_pylist() == [*wanted, None]
    assert made.select(["n"]).equals(table.select(["n"]))
    assert made.column("clean_error").null_count == len(TEXTS) + 1
    with pytest.raises(ValueError, match="there is a column 'clean_error' already"):
        clean(made)
    again = ArrowCleaner(error_field="second_error")(made)
    assert again.schema.names == ["text", "n", "clean_error", "second_error"]
    with pytest.raises(KeyError, match="no column 'content'"):
        ArrowCleaner("content")(table)

    def fail(cleaner: Cleaner, text: str, **more: Any) -> Any:
        raise MemoryError("too much")

    monkeypatch.setattr(Cleaner, "clean_page", fail)
    made = clean(table.slice(0, 2))  # all rows are there, as they were
    assert made.column("text").to_pylist() == TEXTS[:2]
    assert made.column("clean_error").to_pylist() == ["MemoryError: too much"] * 2


@pytest.mark.parametrize("shape", ["table", "batch"])
def test_columns_that_are_no_text(shape: str) -> None:
    """Each row says so, and is as it was; also where Python has no such values."""
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    columns = [
        arrow.array([1, None], arrow.duration("ns")), arrow.array([10**18 + 1, None], arrow.timestamp("ns")),
        arrow.array([10**14, None], arrow.timestamp("s")),
        arrow.array([[("a", 1)], None], arrow.map_(arrow.string(), arrow.int8())),
        arrow.array([5, None]), arrow.array([b"a", None]),
    ]  # fmt: skip
    for column in columns:
        table = arrow.table({"text": column}) if shape == "table" else arrow.record_batch({"text": column})
        made = ArrowCleaner(profile="minimal")(table)
        assert made.select(["text"]).equals(table)
        first, second = made.column("clean_error").to_pylist()
        assert (first.startswith("TypeError: text (str) is wanted, not "), second) == (True, None)


def test_dictionaries_of_several_chunks() -> None:
    """Together they have more words than one dictionary of small numbers can hold."""
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    numbers = arrow.array(range(100), arrow.int8())
    words = [[f"第{start + number}行" for number in range(100)] for start in (0, 100)]
    chunks = [arrow.DictionaryArray.from_arrays(numbers, arrow.array(some)) for some in words]
    table = arrow.table({"text": arrow.chunked_array(chunks)})
    made = ArrowCleaner(profile="minimal")(table)
    assert made.column("text").type == table.column("text").type
    assert made.column("text").to_pylist() == words[0] + words[1]
    assert set(made.column("clean_error").to_pylist()) == {None}


def test_text_that_fails(tmp_path: Path) -> None:
    """What no stand-in makes fail: a rule of one's own that takes for ever at one text."""
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    rules = tmp_path / "r.toml"
    rules.write_text(EXPLODES, encoding="utf-8")
    bad = "a" * 60 + "b"
    table = arrow.table({"text": [TEXTS[0], bad, "甲。"]})
    made = ArrowCleaner(profile="minimal", rules=[str(rules)], seconds=4)(table)
    assert made.column("text").to_pylist()[1:] == [bad, "甲。"]
    told = made.column("clean_error").to_pylist()
    assert (told[0], bool(told[1]), told[2]) == (None, True, None)


# What fails in engines, and what Arrow holds of it afterwards: the text as it was.
FAILING = {"raise": "RecursionError: too deep", "hang": "TimeoutError: took longer than 2 s"}
BYTES = b"\xc4\xe3"
UNDECODABLE = "UnicodeDecodeError: byte 0: invalid continuation byte"


def make_failing() -> type[Any]:
    """Return an ArrowCleaner that fails at some texts, as no text should; a local class is sent by its code."""
    from cleaner.adapters.arrow import ArrowCleaner

    class FailingCleaner(ArrowCleaner):
        @property
        def cleaner(self) -> Any:
            from cleaner import Cleaner

            class Failing(Cleaner):
                def clean_page(self, text: str, **more: Any) -> Any:
                    if text == "raise":
                        raise RecursionError("too deep")
                    while text == "hang":
                        pass
                    return super().clean_page(text, **more)

            if self._cleaner is None:
                self._cleaner = Failing("minimal")
            return self._cleaner

    return FailingCleaner


def failing_table() -> Any:
    """Return texts that fail, and one that is no UTF-8, among such that do not, and a null."""
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    data = [b"\xe7\x94\xb2\r\n", *(text.encode() for text in FAILING), BYTES, None, b"\xe4\xb9\x99"]
    texts = arrow.array(data, arrow.binary()).view(arrow.string())
    return arrow.table({"id": range(len(data)), "text": texts})


# of each row: its bytes, and what went wrong
FAILED = [
    ("甲\n".encode(), None),
    *((text.encode(), error) for text, error in FAILING.items()),
    (BYTES, UNDECODABLE),
    (None, None),
    ("乙".encode(), None),
]


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_texts_that_fail(kind: str) -> None:
    """Each costs itself alone, and stays as it was, to the byte; the column keeps its type."""
    table = failing_table()
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    if not hasattr(arrow, kind):
        pytest.skip(f"this pyarrow has no {kind}")
    column = table.column("text")
    column = column.dictionary_encode() if kind == "dictionary" else column.cast(getattr(arrow, kind)())
    made = make_failing()(seconds=2)(table.set_column(1, "text", column))
    assert made.column("text").type == column.type
    assert (made.column("id"), rows_of(made)) == (table.column("id"), FAILED)


def rows_of(table: Any) -> list[tuple[bytes | None, str | None]]:
    arrow = pytest.importorskip("pyarrow")
    data = table.column("text").cast(arrow.large_string()).cast(arrow.large_binary()).to_pylist()
    return list(zip(data, table.column("clean_error").to_pylist(), strict=True))


class TestRanges:
    @pytest.mark.parametrize("tasks", [1, 2, 3, 7, 50, 5000])
    def test_each_record_falls_to_one_task(self, tmp_path: Path, tasks: int) -> None:
        from cleaner.adapters.ranges import read_range
        from cleaner.dump.model import Limits

        longest = max(map(len, good_lines()))
        large = b"y" * (longest + 1)
        path = write_lines(tmp_path / "a.jsonl", [b"\xef\xbb\xbf" + b"x" * 3, *good_lines(), b"", b" ", large, b"z"])
        read = [record for rank in range(tasks) for record in read_range(str(path), 0, rank, tasks, Limits(longest))]
        assert [record.data for record in read] == [b"x" * 3, *good_lines(), b"", b"z"]
        assert [record.problem[0] for record in read if record.problem] == ["too-large"]


@ENGINE
class TestDatatrove:
    @pytest.fixture(autouse=True)
    def engine(self) -> None:
        pytest.importorskip("datatrove", reason="needs the extra [datatrove]")

    def launch(self, folder: Path, tasks: int, articles: bool = False, **options: Any) -> Any:
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.writers import JsonlWriter

        from cleaner.adapters.datatrove import ArticleStep, CleanStep, DumpReader

        step = ArticleStep if articles else CleanStep
        pipeline = [
            DumpReader([str(folder / "in")], str(folder / "quarantine")),
            step(manifest=str(folder / "clean.manifest.json"), **options),
            JsonlWriter(str(folder / "out"), "${rank}.jsonl", compression=None),
        ]
        executor = LocalPipelineExecutor(pipeline, tasks=tasks, logging_dir=str(folder / "logs"))
        return executor.run()

    def records(self, folder: Path) -> list[Any]:
        lines = [line for path in sorted((folder / "out").iterdir()) for line in path.read_bytes().split(b"\n")[:-1]]
        return [json.loads(line) for line in lines]

    def test_same_records_and_nothing_lost(self, tmp_path: Path, wanted: list[str]) -> None:
        bad = [b'{"text": "cut', b'{"text": "\xc4\xe3\xba\xc3"}', b'["a"]', b'{"id": 1}', b'{"text": "\\ud800"}']
        lines = good_lines()
        write_lines(tmp_path / "in/a.jsonl", [*lines[:50], *bad, *lines[50:]])
        (tmp_path / "in/b.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines))[:-10])
        self.launch(tmp_path, 3, spans=True)
        records = self.records(tmp_path)
        plain = {record["id"]: record for record in records if record["metadata"]["file_path"].endswith("a.jsonl")}
        # datatrove's writer leaves empty fields out
        assert [plain[f"d{n}"].get("text", "") for n in range(len(TEXTS))] == wanted
        assert [plain[f"d{n}"]["metadata"]["n"] for n in range(len(TEXTS))] == list(range(len(TEXTS)))
        for n, text in enumerate(TEXTS):
            for start, end, raw_start, raw_end in plain[f"d{n}"]["metadata"]["clean_spans"]:
                assert plain[f"d{n}"].get("text", "")[start:end] == text[raw_start:raw_end]
        quarantine = tmp_path / "quarantine"
        rejects = [
            json.loads(line) for path in quarantine.glob("0*.jsonl") for line in path.read_bytes().split(b"\n")[:-1]
        ]
        counts = [json.loads(path.read_bytes()) for path in quarantine.glob("*.counts.json")]
        assert sum(count["records"] for count in counts) == len(records) + len(rejects)
        assert sorted(reject["reason"] for reject in rejects) == sorted(
            ["not-json", "undecodable", "not-an-object", "no-text", "undecodable", "damaged-input"]
        )

    def test_launch_with_other_tasks_or_rules_is_refused(self, tmp_path: Path) -> None:
        write_lines(tmp_path / "in/a.jsonl", good_lines())
        self.launch(tmp_path, 2)
        self.launch(tmp_path, 2)  # all done: nothing to do
        assert len(self.records(tmp_path)) == len(TEXTS)
        for tasks, options in ((3, {}), (2, {"disable": ["line-end"]})):
            for path in (tmp_path / "logs/completions").iterdir():
                path.unlink()
            with pytest.raises(CleanerError, match="an earlier run had other"):
                self.launch(tmp_path, tasks, **options)

    def test_launch_with_other_options_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Other fields, other limits, another version of Cleaner: other documents."""
        from cleaner.adapters import datatrove
        from cleaner.dump.model import Limits

        write_lines(tmp_path / "in/a.jsonl", good_lines())
        inputs, quarantine = [str(tmp_path / "in")], str(tmp_path / "quarantine")
        list(datatrove.DumpReader(inputs, quarantine).run())
        for options in ({"text_field": "n"}, {"id_field": "n"}, {"limits": Limits(500)}):
            with pytest.raises(CleanerError, match="an earlier run had other options"):
                list(datatrove.DumpReader(inputs, quarantine, **options).run())
        step = datatrove.CleanStep(str(tmp_path / "step.json"), profile="minimal")
        list(step.run(iter(())))
        monkeypatch.setattr(datatrove, "__version__", "0.0")
        with pytest.raises(CleanerError, match="an earlier run had other cleaner"):
            list(step.run(iter(())))

    def test_example(self, tmp_path: Path, wanted: list[str]) -> None:
        """The pipeline in examples/ runs as it is, in two processes."""
        write_lines(tmp_path / "in/a.jsonl", [*good_lines(), b"{"])
        example = Path(__file__).parent.parent / "examples/datatrove_pipeline.py"
        command = [sys.executable, str(example), f"{tmp_path}/in", f"{tmp_path}/made", "--workers", "2"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        files = sorted((tmp_path / "made/documents").iterdir())
        lines = [json.loads(line) for path in files for line in gzip.decompress(path.read_bytes()).split(b"\n")[:-1]]
        assert [line.get("text", "") for line in lines] == wanted
        assert len(list((tmp_path / "made/quarantine").glob("0*.jsonl"))) == 2

    @pytest.mark.parametrize("name", DIRTY)
    def test_dirty_lines(self, tmp_path: Path, name: str) -> None:
        """Each line is a document or in quarantine, with the reason that `cleaner dump` gives."""
        from datatrove.pipeline.writers import JsonlWriter

        from cleaner.adapters.datatrove import DumpReader

        lines, _, reasons = DIRTY[name]
        if name == "lone surrogate":  # JSON Lines may hold it, datatrove's writers cannot
            reasons = ["undecodable"]
        write_lines(tmp_path / "in/a.jsonl", lines)
        documents, rejects = [], []
        for rank in range(3):
            reader = DumpReader([str(tmp_path / "in")], str(tmp_path / "quarantine"))
            documents += list(reader.run(rank=rank, world_size=3))
            rejects += (tmp_path / f"quarantine/{rank:05d}.jsonl").read_bytes().split(b"\n")[:-1]
        assert [json.loads(line)["reason"] for line in rejects] == reasons
        assert len(documents) + len(rejects) == sum(bool(line.strip()) for line in lines)
        list(JsonlWriter(str(tmp_path / "out"), compression=None).run(documents))  # and each can be written
        assert len((tmp_path / "out/00000.jsonl").read_bytes().split(b"\n")) == len(documents) + 1

    def test_what_the_writer_cannot_write(self, tmp_path: Path) -> None:
        """A poison record would end its task, at every launch; changed numbers nobody would notice."""
        values = ["[" * 300 + "]" * 300, '{"a":' * 250 + "1" + "}" * 250, "NaN", "1e400", "0.10000000000000000555", "7"]
        lines = [f'{{"id": "", "text": "甲。", "x": {value}}}'.encode() for value in values]
        write_lines(tmp_path / "in" / os.fsdecode("石桥.jsonl".encode("gbk")), lines)
        self.launch(tmp_path, 1)
        written = [record["metadata"]["x"] for record in self.records(tmp_path)]
        assert written == ["NaN", "1e400", "0.10000000000000000555", 7]
        (*rejects, end) = (tmp_path / "quarantine/00000.jsonl").read_bytes().split(b"\n")
        assert [json.loads(line)["reason"] for line in rejects] == ["not-json"] * 2
        assert end.decode() == ""

    @pytest.mark.parametrize("codec", CODECS)
    def test_cut_files(self, tmp_path: Path, codec: str) -> None:
        from cleaner.adapters.datatrove import DumpReader

        whole = PACK[codec](b"\n".join(good_lines()))
        (tmp_path / f"a.jsonl{codec}").write_bytes(whole[: len(whole) * 3 // 4])
        reader = DumpReader([str(tmp_path / f"a.jsonl{codec}")], str(tmp_path / "quarantine"))
        documents = list(reader.run())
        (reject,) = (tmp_path / "quarantine/00000.jsonl").read_bytes().split(b"\n")[:-1]
        assert json.loads(reject)["reason"] == "damaged-input"
        assert [document.text for document in documents] == TEXTS[: len(documents)]
        counts = json.loads((tmp_path / "quarantine/00000.counts.json").read_bytes())
        assert counts == {"records": len(documents) + 1, "documents": len(documents), "rejects": 1}

    def test_articles(self, tmp_path: Path) -> None:
        page = "枫浦新桥通车\n\n本报讯（记者 乌小棠）新桥通车。\n\n石渡口镇修水渠\n\n本报讯（记者 岑小满）水渠通了。\n"
        write_lines(tmp_path / "in/a.jsonl", [json.dumps({"id": "p", "text": page, "x": 1}).encode()])
        self.launch(tmp_path, 1, articles=True)
        records = self.records(tmp_path)
        wanted = Cleaner().clean_page(page, source="p").articles
        assert [record["text"] for record in records] == [article.text for article in wanted]
        assert [record["id"] for record in records] == ["p-01", "p-02"]
        assert records[0]["metadata"]["article"]["title"] == "枫浦新桥通车"
        assert records[0]["metadata"]["x"] == 1


@ENGINE
def test_spark(wanted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="needs the extra [spark]")
    from pyspark.sql import SparkSession

    from cleaner.adapters.spark import clean_frame

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        frame = session.createDataFrame(list(enumerate([*TEXTS, None])), "id long, text string").repartition(4)
        rows = clean_frame(frame).collect()
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(failing_table(), tmp_path / "failing.parquet")
        monkeypatch.setattr("cleaner.adapters.spark.ArrowCleaner", make_failing())
        failed = clean_frame(session.read.parquet(str(tmp_path / "failing.parquet")), seconds=2)
        failed = sorted(failed.selectExpr("id", "hex(text)", "clean_error").collect())
    finally:
        session.stop()
    assert sorted(row.id for row in rows) == list(range(len(TEXTS) + 1))
    texts = {row.id: row.text for row in rows}
    assert [texts[n] for n in range(len(TEXTS) + 1)] == [*wanted, None]
    assert all(row.clean_error is None for row in rows)
    assert [(None if data is None else bytes.fromhex(data), error) for _, data, error in failed] == FAILED


@ENGINE
def test_ray(wanted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    ray = pytest.importorskip("ray", reason="needs the extra [ray]")
    data_module = pytest.importorskip("ray.data")
    from cleaner.adapters.arrow import ArrowCleaner

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        data = data_module.from_items([{"id": n, "text": text} for n, text in enumerate(TEXTS)])
        rows = data.map_batches(ArrowCleaner, batch_format="pyarrow", concurrency=1, num_cpus=0.5).take_all()
        failing = data_module.from_arrow(failing_table()).map_batches(
            make_failing(), fn_constructor_kwargs={"seconds": 2}, batch_format="pyarrow", concurrency=1, num_cpus=0.5
        )
        failed = [row for table in failing.iter_batches(batch_format="pyarrow") for row in rows_of(table)]
    finally:
        ray.shutdown()
    assert sorted(row["id"] for row in rows) == list(range(len(TEXTS)))
    texts = {row["id"]: row["text"] for row in rows}
    assert [texts[n] for n in range(len(TEXTS))] == wanted
    assert all(row["clean_error"] is None for row in rows)
    assert failed == FAILED


@ENGINE
def test_datasets(wanted: list[str]) -> None:
    datasets = pytest.importorskip("datasets", reason="needs the extra [datasets]")
    from cleaner.adapters.arrow import ArrowCleaner

    data = datasets.Dataset.from_dict({"id": list(range(len(TEXTS))), "text": TEXTS}).with_format("arrow")
    made = data.map(ArrowCleaner(), batched=True, batch_size=30, num_proc=2).with_format(None)
    assert (made["text"][:], made["id"][:]) == (wanted, list(range(len(TEXTS))))
    assert made["clean_error"][:] == [None] * len(TEXTS)
    data = datasets.Dataset(datasets.table.InMemoryTable(failing_table())).with_format("arrow")
    made = data.map(make_failing()(seconds=2), batched=True, batch_size=2, num_proc=2)
    assert rows_of(made.data.table if hasattr(made.data, "table") else made.data) == FAILED


@ENGINE
def test_polars(wanted: list[str]) -> None:
    polars = pytest.importorskip("polars", reason="needs polars")
    pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    frame = polars.DataFrame({"text": TEXTS, "n": range(len(TEXTS))})
    made = polars.from_arrow(ArrowCleaner()(frame.to_arrow()))
    assert made["text"].to_list() == wanted
    assert made["n"].to_list() == list(range(len(TEXTS)))
    assert made["clean_error"].null_count() == len(TEXTS)


@ENGINE
def test_daft(wanted: list[str]) -> None:
    daft = pytest.importorskip("daft", reason="needs daft")
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    clean = ArrowCleaner()
    fields = {"text": daft.DataType.string(), "clean_error": daft.DataType.string()}

    @daft.func.batch(return_dtype=daft.DataType.struct(fields), unnest=True, batch_size=30)
    def clean_text(text: Any) -> Any:
        return clean(arrow.record_batch([text.to_arrow()], ["text"])).to_struct_array()

    frame = daft.from_pydict({"n": list(range(len(TEXTS))), "text": TEXTS})
    made = frame.select("n", clean_text(frame["text"])).sort("n").to_pydict()
    assert made == {"n": list(range(len(TEXTS))), "text": wanted, "clean_error": [None] * len(TEXTS)}
