"""Measure what an engine costs for each document, beside a plain loop over `clean_batch`.

    tools/test_engines.sh --bench ray             # an environment with the engine, its tests, and
    python -m benchmarks.engines ray --write

Engines read JSON Lines and write what they write best. What they add is measured without cleaning (texts go through),
for it would drown in the noise of cleaning: processor seconds of all processes together with many documents, less those
with one, for each document, less the same of a plain loop. The plain loop with cleaning says what share that is. With
`--write` the row of the engine in docs/engines.md is replaced; where rounds differ by more than is added, it says under
what that stays. More `--documents` make start-up count less.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.figures import describe_machine, read_figures, write_figures
from benchmarks.scale import read_pages
from cleaner import Cleaner
from cleaner.adapters.arrow import ArrowCleaner
from cleaner.batch import Result

ROOT = Path(__file__).parent.parent
CHARACTERS = 1500  # of a document
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what an engine leaves behind becomes a child of this process
HEAD = ["| engine | documents | start-up, processor seconds | added for a document, µs | plain loop over "
        "`clean_batch`, µs | share |",
        "|---|--:|--:|--:|--:|--:|"]  # fmt: skip


class Passing:
    """Does what `Cleaner` does, but cleaning."""

    rules = SimpleNamespace(digest="none")

    def __init__(self, **options: Any) -> None:
        pass

    def clean_batch(
        self, texts: Iterable[str], *, sources: Sequence[str] | None = None, seconds: float | None = None
    ) -> list[Result]:
        """Return the texts as they are."""
        return [Result(text, SimpleNamespace(text=text, raw=text, edits=(), flags=())) for text in texts]  # type: ignore[arg-type]


class PassingColumn(ArrowCleaner):
    """Does what ArrowCleaner does, but cleaning."""

    @property
    def cleaner(self) -> Any:
        """What cleans nothing."""
        return Passing()


def run_plain(source: Path, out: Path, cleaner: Any = None) -> None:
    """Read, clean and write in a loop."""
    cleaner = cleaner or Passing()
    with source.open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as file:
        for line in lines:
            record = json.loads(line)
            (result,) = cleaner.clean_batch([record["text"]])
            file.write(json.dumps(record | {"text": result.text}, ensure_ascii=False) + "\n")


def run_datatrove(source: Path, out: Path) -> None:
    """Run a pipeline of one task."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers import JsonlWriter

    import cleaner.adapters.datatrove as adapter

    adapter.Cleaner = Passing  # type: ignore[assignment,misc]
    steps = [
        adapter.DumpReader([str(source)], f"{out}/quarantine"), adapter.CleanStep(),
        JsonlWriter(f"{out}/out", compression=None),
    ]  # fmt: skip
    LocalPipelineExecutor(steps, tasks=1, logging_dir=f"{out}/logs").run()


def run_ray(source: Path, out: Path) -> None:
    """Run Ray Data with one actor."""
    import ray

    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    data = ray.data.read_json(str(source)).map_batches(
        PassingColumn, batch_format="pyarrow", concurrency=1, num_cpus=0.5
    )
    data.write_parquet(str(out))
    ray.shutdown()


def run_spark(source: Path, out: Path) -> None:
    """Run Spark with one local worker."""
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StringType

    from cleaner.adapters.spark import make_map

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    frame = session.read.json(str(source), schema="id string, text string")
    schema = frame.schema.add("clean_error", StringType())
    frame = session.read.json(str(source), schema="id string, text string")  # `add` has changed the other's
    frame.mapInArrow(make_map(PassingColumn()), schema).write.parquet(str(out))
    session.stop()


def run_datasets(source: Path, out: Path) -> None:
    """Run Hugging Face datasets in one process."""
    import datasets

    data = datasets.load_dataset("json", data_files=str(source), cache_dir=f"{out}.cache")["train"]
    data.with_format("arrow").map(PassingColumn(), batched=True).to_parquet(str(out))


def run_polars(source: Path, out: Path) -> None:
    """Run Polars."""
    import polars

    frame = polars.from_arrow(PassingColumn()(polars.read_ndjson(source).to_arrow()))
    frame.write_parquet(out)


def run_daft(source: Path, out: Path) -> None:
    """Run Daft."""
    import daft
    import pyarrow

    clean = PassingColumn()
    fields = {"text": daft.DataType.string(), "clean_error": daft.DataType.string()}

    @daft.func.batch(return_dtype=daft.DataType.struct(fields), unnest=True)
    def clean_text(text: Any) -> Any:
        return clean(pyarrow.record_batch([text.to_arrow()], ["text"])).to_struct_array()

    frame = daft.read_json(str(source))
    frame.select("id", clean_text(frame["text"])).write_parquet(str(out))


ENGINES: dict[str, Callable[[Path, Path], None]] = {
    "plain": run_plain, "datatrove": run_datatrove, "ray": run_ray, "spark": run_spark, "datasets": run_datasets,
    "polars": run_polars, "daft": run_daft,
}  # fmt: skip


def make_documents(count: int) -> list[str]:
    """Return documents cut from the pages of the fixtures."""
    whole = "\n\n".join(read_pages(None))
    starts = (n * 997 % (len(whole) - CHARACTERS) for n in range(count))
    return [whole[start : start + CHARACTERS] for start in starts]


def measure(engine: str, count: int) -> float:
    """Return the processor seconds of a run over `count` documents, of all its processes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "a.jsonl")
        records = [{"id": f"d{n}", "text": text} for n, text in enumerate(make_documents(count))]
        source.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
        before = os.times()
        command = [sys.executable, "-m", "benchmarks.engines", engine, "--run", str(source), f"{folder}/out"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": folder}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        end = time.monotonic() + 20
        with suppress(ChildProcessError):
            while time.monotonic() < end:  # daemons that the engine has started end, too
                os.waitpid(-1, os.WNOHANG)
                time.sleep(0.1)
        after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure_cleaning(count: int) -> float:
    """Return the processor seconds of the plain loop for one document, with cleaning."""
    with tempfile.TemporaryDirectory() as folder:
        source, cleaner = Path(folder, "a.jsonl"), Cleaner()
        records = [{"id": f"d{n}", "text": text} for n, text in enumerate(make_documents(count))]
        source.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
        run_plain(source, Path(folder, "warm"), cleaner)
        begun = time.process_time()
        run_plain(source, Path(folder, "out"), cleaner)
        return (time.process_time() - begun) / count


def main() -> None:
    """Measure an engine, or run it once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--documents", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the row into docs/engines.md")
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        ENGINES[options.engine](*options.run)
        return
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    rounds = {
        (name, count): [measure(name, count) for _ in range(options.rounds)]
        for name in ("plain", options.engine)
        for count in (1, options.documents)
    }
    seconds = {key: min(values) for key, values in rounds.items()}
    noise = sum(max(values) - min(values) for values in rounds.values()) / options.documents
    each = {
        name: (seconds[name, options.documents] - seconds[name, 1]) / (options.documents - 1)
        for name in ("plain", options.engine)
    }
    added, cleaning = each[options.engine] - each["plain"], measure_cleaning(30)
    bound, most, form = ("under ", noise, ".1%") if added < noise else ("", added, "+.1%")
    figures = f"{bound}{most * 1e6:.0f} | {cleaning * 1e6:.0f} | {bound}{most / cleaning:{form}}"
    row = f"| {options.engine} | {options.documents} | {seconds[options.engine, 1]:.1f} | {figures} |"
    print("\n".join([*HEAD, row, f"rounds of one run differ by {noise * 1e6:.0f} µs for a document"]))
    if options.write:
        rows = {line.split("|")[1].strip(): line for line in read_figures("engines.md", "overhead") if "µs" not in line}
        rows = {name: line for name, line in rows.items() if name in ENGINES} | {options.engine: row}
        told = f"The last row measured on {describe_machine()}; documents of {CHARACTERS} characters."
        write_figures("engines.md", "overhead", [told, "", *HEAD, *(rows[name] for name in ENGINES if name in rows)])


if __name__ == "__main__":
    main()
