"""Plan a run: which output is made of which inputs (cleaner/dump/shards.py)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.dump.files import locate
from cleaner.dump.leftout import LOG, MANIFEST, REJECTS
from cleaner.dump.model import Shard, Target
from cleaner.dump.parquet import read_schema
from cleaner.dump.reject import Reject
from cleaner.dump.remote import as_path, is_remote
from cleaner.dump.shards import split_ending
from cleaner.errors import CleanerError
from cleaner.io.codec import codec_of
from cleaner.io.names import STDIN, STDOUT, is_folder, refuse_overwriting


@dataclass(frozen=True, slots=True)
class Task:
    """An output and the shards that it is made of. Files beside it have its name and an ending more."""

    shards: tuple[Shard, ...]
    output: str

    @property
    def target(self) -> Target:
        """What the output is."""
        return "parquet" if split_ending(self.output)[1].startswith((".parquet", ".pq")) else "jsonl"

    @property
    def log(self) -> str:
        """The edit log, compressed as the output is."""
        return self.output + LOG + codec_of(self.output)

    @property
    def files(self) -> tuple[str, ...]:
        """What a run puts in place, or takes away: the output and the files beside it; none for a stream."""
        beside = (self.output, self.output + REJECTS, self.log, self.output + MANIFEST)
        return () if self.output == STDOUT else beside


def plan_tasks(shards: Sequence[Shard], output: str, ending: str | None, kept: Sequence[str] = ()) -> list[Task]:
    """Return the outputs to make: one for each shard in a folder, else one for all; CleanerError for a clash.

    Files in a folder have the input's name and ending, or the `ending` that is asked for. `kept` are files of the user
    that neither an output nor what stands beside it may replace.
    """
    output = as_path(output)
    if ending is not None and not _fits(ending):
        raise CleanerError(
            f"--ending {ending}: not one of .jsonl and .parquet, with .gz, .bz2, .xz or .zst behind .jsonl"
        )
    if ending is not None and not is_folder(output):
        raise CleanerError(f"--ending {ending}: {output} is no folder, whose files might have it; a folder ends with /")
    if is_folder(output):
        tasks = [
            Task((shard,), os.path.join(output, shard.stem + (ending or shard.ending)))  # noqa: PTH118
            for shard in shards
        ]
        _refuse_twins(tasks)
    else:
        if output != STDOUT and not _fits(split_ending(output)[1]):
            known = ".jsonl or .parquet, with .gz, .bz2, .xz or .zst behind .jsonl; a folder ends with /"
            raise CleanerError(f"{output}: the output's ending must be {known}")
        tasks = [Task(tuple(shards), output)]
    inputs = [name for shard in shards for name in shard.names if name != STDIN]
    files = (file for task in tasks for file in task.files)  # only what is there can be one that is needed
    refuse_overwriting((file for file in files if is_remote(file) or os.path.lexists(file)), [*inputs, *kept], locate)
    for task in tasks:
        if task.target == "parquet":
            _check_schemas(task)
    return tasks


def _fits(ending: str) -> bool:
    return re.fullmatch(r"\.parquet|\.pq|(\.jsonl|\.ndjson|\.json)(\.gz|\.bz2|\.xz|\.zst)?", ending) is not None


def _refuse_twins(tasks: Sequence[Task]) -> None:
    taken: dict[str, str] = {}
    for task in tasks:
        (shard,) = task.shards
        for file in task.files:
            if file in taken:
                raise CleanerError(f"{taken[file]} and {shard.name} would both be written to {file}")
            taken[file] = shard.name


def _check_schemas(task: Task) -> None:
    """Refuse to put into one Parquet file what does not go together."""
    kinds = {shard.kind == "parquet" for shard in task.shards}
    if len(kinds) > 1:
        raise CleanerError(f"{task.output}: Parquet and other inputs do not go into one Parquet file: name a folder")
    schemas = list(_schemas(task)) if kinds == {True} and len(task.shards) > 1 else []
    for shard, schema in schemas[1:]:
        if not schema.equals(schemas[0][1]):
            raise CleanerError(f"{shard.name}: other columns than {schemas[0][0].name}: name a folder for the outputs")


def _schemas(task: Task) -> Iterator[tuple[Shard, Any]]:
    for shard in task.shards:
        try:
            yield shard, read_schema(shard.names[0])
        except Reject:  # a damaged file; reading says so
            continue
