"""Find the inputs of a run: which files there are, of which kind."""

from __future__ import annotations

import glob
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from cleaner.dump.files import expand, locate, spell
from cleaner.dump.leftout import why_left_out
from cleaner.dump.model import Kind, Shard
from cleaner.dump.remote import as_path, is_remote, strip_query
from cleaner.errors import CleanerError
from cleaner.io.codec import codec_of
from cleaner.io.names import STDIN

KINDS: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".pq": "parquet", ".txt": "text",
}  # fmt: skip


def split_ending(name: str) -> tuple[str, str]:
    """Return a name without its ending, and the ending, a codec's included; that is empty when it says no kind."""
    name = strip_query(name)
    codec = codec_of(name)
    plain = name[: len(name) - len(codec)]
    ending = next((ending for ending in KINDS if plain.lower().endswith(ending)), "")
    return (plain[: -len(ending)], ending + codec) if ending else (name, "")


def find_shards(inputs: Sequence[str], output: str) -> tuple[list[Shard], dict[str, list[str]]]:
    """Return the shards that the inputs name, each file once, and what in folders was left out, by what it is.

    All text files of one input are one shard.
    """
    output = as_path(output)
    shards: list[Shard] = []
    others: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for name in map(as_path, inputs):
        named = [name] == (files := expand(name))
        texts = []
        for file in files:
            key = locate(file)
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
    if is_remote(name):
        is_pattern = glob.has_magic(strip_query(name))
    else:
        is_pattern = glob.has_magic(name) and not Path(name).exists()  # as `expand` takes it
    if not is_pattern:
        return name if is_remote(name) or Path(name).is_dir() else os.path.split(name)[0]
    return os.path.split(re.split(r"[*?\[]", name, maxsplit=1)[0])[0]


def _relative(file: str, name: str) -> str:
    if is_remote(file):
        file = strip_query(file)
        base = spell(_base(name)).rstrip("/") + "/"
        return file[len(base) :] if file.startswith(base) else file.rsplit("/", 1)[-1]
    return Path(os.path.relpath(file, _base(name) or ".")).as_posix()
