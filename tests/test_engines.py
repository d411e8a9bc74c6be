"""Adapters, each in the engine that it is for: the same records as a local run. Missing engines are skipped."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, clean_batch
from cleaner.errors import CleanerError

TEXTS = [
    "新桥通车。\r\n\r\n不必再绕行。",
    "甲乙丙。",
    "",
    "石桥镇今年新修了两条路，村民出行方便多了。\r\n\r\n完。",
] * 25
WANTED = [Cleaner("minimal").clean(text) for text in TEXTS]


def write_lines(path: Path, lines: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(lines))
    return path


def good_lines() -> list[bytes]:
    return [json.dumps({"id": f"d{n}", "text": text, "n": n}).encode() for n, text in enumerate(TEXTS)]


class TestBatch:
    def test_same_as_one_by_one(self) -> None:
        results = clean_batch(TEXTS, "minimal")
        assert [result.text for result in results] == WANTED
        assert all(result.error is None and result.page is not None for result in results)

    def test_errors_are_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clean_page = Cleaner.clean_page

        def fail(cleaner: Cleaner, text: str, **more: Any) -> Any:
            if text == "bad":
                raise RecursionError("too deep")
            while text == "slow":
                pass
            return clean_page(cleaner, text, **more)

        monkeypatch.setattr(Cleaner, "clean_page", fail)
        texts: list[Any] = ["a", "bad", None, 5, "slow", "b"]
        results = clean_batch(texts, "minimal", seconds=0.2)
        assert [result.text for result in results] == ["a", "bad", None, None, "slow", "b"]
        assert [(result.error or "").split(":")[0] for result in results] == [
            "", "RecursionError", "TypeError", "TypeError", "TimeoutError", "",
        ]  # fmt: skip

    def test_wrong_rules_are_told_at_once(self) -> None:
        with pytest.raises(CleanerError):
            clean_batch([], "no-such-profile")


def test_arrow() -> None:
    arrow = pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    table = arrow.table({"text": arrow.array([*TEXTS, None], arrow.large_string()), "n": range(len(TEXTS) + 1)})
    made = ArrowCleaner(profile="minimal")(table)
    assert made.column("text").to_pylist() == [*WANTED, None]
    assert made.select(["n"]).equals(table.select(["n"]))
    assert made.column("clean_error").null_count == len(TEXTS) + 1
    with pytest.raises(KeyError, match="no column 'content'"):
        ArrowCleaner("content")(table)


class TestRanges:
    @pytest.mark.parametrize("tasks", [1, 2, 3, 7, 50, 5000])
    def test_each_record_falls_to_one_task(self, tmp_path: Path, tasks: int) -> None:
        from cleaner.adapters.ranges import read_range
        from cleaner.dump.model import Limits

        path = write_lines(
            tmp_path / "a.jsonl", [b"\xef\xbb\xbf" + b"x" * 3, *good_lines(), b"", b" ", b"y" * 900, b"z"]
        )
        read = [record for rank in range(tasks) for record in read_range(str(path), 0, rank, tasks, Limits(500))]
        assert [record.data for record in read] == [b"x" * 3, *good_lines(), b"", b"z"]
        assert [record.problem[0] for record in read if record.problem] == ["too-large"]


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
            step(manifest=str(folder / "clean.manifest.json"), **({"profile": "minimal"} | options)),
            JsonlWriter(str(folder / "out"), "${rank}.jsonl", compression=None),
        ]
        executor = LocalPipelineExecutor(pipeline, tasks=tasks, logging_dir=str(folder / "logs"))
        return executor.run()

    def records(self, folder: Path) -> list[Any]:
        lines = [line for path in sorted((folder / "out").iterdir()) for line in path.read_bytes().split(b"\n")[:-1]]
        return [json.loads(line) for line in lines]

    def test_same_records_and_nothing_lost(self, tmp_path: Path) -> None:
        import gzip

        bad = [b'{"text": "cut', b'{"text": "\xc4\xe3\xba\xc3"}', b'["a"]', b'{"id": 1}', b'{"text": "\\ud800"}']
        lines = good_lines()
        write_lines(tmp_path / "in/a.jsonl", [*lines[:50], *bad, *lines[50:]])
        (tmp_path / "in/b.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines))[:-10])
        self.launch(tmp_path, 3, spans=True)
        records = self.records(tmp_path)
        plain = {record["id"]: record for record in records if record["metadata"]["file_path"].endswith("a.jsonl")}
        # datatrove's writer leaves empty fields out
        assert [plain[f"d{n}"].get("text", "") for n in range(len(TEXTS))] == WANTED
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

    def test_articles(self, tmp_path: Path) -> None:
        page = "枫浦新桥通车\n\n本报讯（记者 乌小棠）新桥通车。\n\n石渡口镇修水渠\n\n本报讯（记者 岑小满）水渠通了。\n"
        write_lines(tmp_path / "in/a.jsonl", [json.dumps({"id": "p", "text": page, "x": 1}).encode()])
        self.launch(tmp_path, 1, articles=True, profile="newspaper")
        records = self.records(tmp_path)
        wanted = Cleaner().clean_page(page, source="p").articles
        assert [record["text"] for record in records] == [article.text for article in wanted]
        assert [record["id"] for record in records] == ["p-01", "p-02"]
        assert records[0]["metadata"]["article"]["title"] == "枫浦新桥通车"
        assert records[0]["metadata"]["x"] == 1


def test_spark() -> None:
    pytest.importorskip("pyspark", reason="needs the extra [spark]")
    from pyspark.sql import SparkSession

    from cleaner.adapters.spark import clean_frame

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        frame = session.createDataFrame(list(enumerate([*TEXTS, None])), "id long, text string").repartition(4)
        rows = {row.id: row for row in clean_frame(frame, profile="minimal").collect()}
    finally:
        session.stop()
    assert [rows[n].text for n in range(len(TEXTS) + 1)] == [*WANTED, None]
    assert all(row.clean_error is None for row in rows.values())


def test_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    ray = pytest.importorskip("ray", reason="needs the extra [ray]")
    data_module = pytest.importorskip("ray.data")
    from cleaner.adapters.arrow import ArrowCleaner

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        data = data_module.from_items([{"id": n, "text": text} for n, text in enumerate(TEXTS)])
        made = data.map_batches(
            ArrowCleaner,
            fn_constructor_kwargs={"profile": "minimal"},
            batch_format="pyarrow",
            concurrency=1,
            num_cpus=0.5,
        )
        rows = {row["id"]: row for row in made.take_all()}
    finally:
        ray.shutdown()
    assert [rows[n]["text"] for n in range(len(TEXTS))] == WANTED


def test_datasets() -> None:
    datasets = pytest.importorskip("datasets", reason="needs the extra [datasets]")
    from cleaner.adapters.arrow import ArrowCleaner

    data = datasets.Dataset.from_dict({"id": list(range(len(TEXTS))), "text": TEXTS}).with_format("arrow")
    made = data.map(ArrowCleaner(profile="minimal"), batched=True, batch_size=30, num_proc=2).with_format(None)
    assert (made["text"][:], made["id"][:]) == (WANTED, list(range(len(TEXTS))))


def test_polars() -> None:
    polars = pytest.importorskip("polars", reason="needs polars")
    pytest.importorskip("pyarrow", reason="needs the extra [dump]")
    from cleaner.adapters.arrow import ArrowCleaner

    frame = polars.DataFrame({"text": TEXTS})
    assert polars.from_arrow(ArrowCleaner(profile="minimal")(frame.to_arrow()))["text"].to_list() == WANTED
