"""Plan a run: which inputs there are, and which output is made of which."""

from __future__ import annotations

import glob
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cleaner.dump.files import STDIN, STDOUT, expand, spell
from cleaner.dump.leftout import LOG, is_folder, why_left_out
from cleaner.dump.model import Kind, Shard, Target
from cleaner.dump.parquet import read_schema
from cleaner.dump.reject import Reject
from cleaner.dump.remote import is_remote
from cleaner.errors import CleanerError
from cleaner.io.codec import codec_of

KINDS: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".pq": "parquet", ".txt": "text",
}  # fmt: skip


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


def split_ending(name: str) -> tuple[str, str]:
    """Return a name without its ending, and the ending, a codec's included; that is empty when it says no kind."""
    codec = codec_of(name)
    plain = name[: len(name) - len(codec)]
    ending = next((ending for ending in KINDS if plain.lower().endswith(ending)), "")
    return (plain[: -len(ending)], ending + codec) if ending else (name, "")


def find_shards(inputs: Sequence[str], output: str) -> tuple[list[Shard], dict[str, list[str]]]:
    """Return the shards that the inputs name, each file once, and what in folders was left out, by what it is.

    All text files of one input are one shard.
    """
    shards: list[Shard] = []
    others: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for name in inputs:
        named = [name] == (files := expand(name))
        texts = []
        for file in files:
            key = file if is_remote(file) else os.path.realpath(file)
            if key in seen:
                continue
            seen.add(key)
            if not named and (reason := why_left_out(_relative(file, name), file, output)):
                others[reason].append(file)
                continue
            kind = "jsonl" if file == STDIN else _kind(file)
            if kind is None and named:
                raise CleanerError(
                    f"{file}: what is it? Known endings: {', '.join(KINDS)}, and .gz .bz2 .xz .zst behind"
                )
            if kind == "text":
                texts.append(file)
            elif kind is None:
                others["of other kinds"].append(file)
            else:
                stem, ending = split_ending(_relative(file, name))
                shards.append(Shard(file, kind, (file,), "stdin" if file == STDIN else stem, ending or ".jsonl"))
        if texts:
            stem = split_ending(_relative(name, name))[0] if named else (PurePosixPath(_base(name)).name or "texts")
            shards.append(Shard(name, "text", tuple(texts), stem, ".jsonl"))
    return shards, others


def _kind(file: str) -> Kind | None:
    ending = split_ending(file)[1]
    return KINDS["." + ending.split(".")[1]] if ending else None


def _base(name: str) -> str:
    """Return the folder from which the names of outputs are counted: the one named, or that before a pattern."""
    if not glob.has_magic(name):
        return name if is_remote(name) or Path(name).is_dir() else os.path.split(name)[0]
    return os.path.split(re.split(r"[*?\[]", name, maxsplit=1)[0])[0]


def _relative(file: str, name: str) -> str:
    if is_remote(file):
        base = spell(_base(name)).rstrip("/") + "/"
        return file[len(base) :] if file.startswith(base) else file.rsplit("/", 1)[-1]
    return Path(os.path.relpath(file, _base(name) or ".")).as_posix()


def plan_tasks(shards: Sequence[Shard], output: str, ending: str | None) -> list[Task]:
    """Return the outputs to make: one for each shard in a folder, else one for all; CleanerError for a clash.

    Files in a folder have the input's name and ending, or the `ending` that is asked for.
    """
    if ending is not None and not _fits(ending):
        raise CleanerError(
            f"--ending {ending}: not one of .jsonl and .parquet, with .gz, .bz2, .xz or .zst behind .jsonl"
        )
    if ending is not None and not is_folder(output):
        raise CleanerError(f"--ending {ending}: {output} is no folder, whose files might have it; a folder ends with /")
    if is_folder(output):
        named = [(shard, os.path.join(output, shard.stem + (ending or shard.ending))) for shard in shards]  # noqa: PTH118
        _refuse_twins(named)
        tasks = [Task((shard,), file) for shard, file in named]
    else:
        if output != STDOUT and not _fits(split_ending(output)[1]):
            known = ".jsonl or .parquet, with .gz, .bz2, .xz or .zst behind .jsonl; a folder ends with /"
            raise CleanerError(f"{output}: the output's ending must be {known}")
        tasks = [Task(tuple(shards), output)]
    inputs = {
        os.path.realpath(name): name
        for shard in shards
        for name in shard.names
        if name != STDIN and not is_remote(name)
    }
    for task in tasks:
        if os.path.realpath(task.output) in inputs:
            raise CleanerError(f"{task.output}: this is an input, which is never overwritten")
        if task.target == "parquet":
            _check_schemas(task)
    return tasks


def _fits(ending: str) -> bool:
    return re.fullmatch(r"\.parquet|\.pq|(\.jsonl|\.ndjson|\.json)(\.gz|\.bz2|\.xz|\.zst)?", ending) is not None


def _refuse_twins(named: list[tuple[Shard, str]]) -> None:
    taken: dict[str, str] = {}
    for shard, file in named:
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
