"""The manifest beside an output: what it was made of, by which rules, and how many records went where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cleaner.dump.leftout import MANIFEST, REJECTS
from cleaner.dump.model import Counts
from cleaner.dump.plan import Task
from cleaner.dump.publish import Published, hash_file, same_disk
from cleaner.dump.remote import connect, is_remote, reaching
from cleaner.dump.state import State
from cleaner.errors import CleanerError
from cleaner.io.atomic import write_atomically
from cleaner.io.jsonlines import json_line
from cleaner.io.names import STDOUT

VERSION = 1


def write_manifest(task: Task, state: State, done: dict[str, Published], work: Path) -> None:
    """Write `OUTPUT.manifest.json`; its presence says that the output is whole."""
    identity = state.identity
    inputs = [
        known | {"sha256": hash_file(shard.names[0]) if shard.kind != "text" else state.contents.get(str(number))}
        for number, (shard, known) in enumerate(zip(task.shards, identity["inputs"], strict=True))
    ]
    data = {
        "manifest": VERSION, **identity, "inputs": inputs,
        **{key: done[key].to_dict() if key in done else None for key in ("output", "rejects", "log")},
        "counts": state.counts.to_dict(),
    }  # fmt: skip
    content = json_line(data, indent=1).encode("utf-8")
    name = task.output + MANIFEST
    if is_remote(name):
        system, path = connect(name)
        with reaching(name):
            system.pipe_file(path, content)
    else:
        write_atomically(name, content, same_disk(work, Path(name)))


def find_manifest(task: Task, log: bool) -> tuple[Counts | None, dict[str, Any]]:
    """Return the counts and the identity of a run that has made this output; no counts when it is to be made again.

    That is when there was no run, or files that it has put in place are gone. CleanerError when the output is there,
    its rejects or (where one is wanted) its log, but no manifest that fits, or when they are not what the run has made.
    """
    if task.output == STDOUT:
        return None, {}
    content = _read(task.output + MANIFEST)
    hint = "--restart overwrites it"
    if content is None:
        beside = (task.output, task.output + REJECTS, *([task.log] if log else []))
        if foreign := next((name for name in beside if _size(name) is not None), None):
            raise CleanerError(f"{foreign}: there is a file of that name, not made by a run of `cleaner dump`: {hint}")
        return None, {}
    try:
        data = json.loads(content)
        counts: Counts | None = Counts.from_dict(data["counts"])
        identity = data | {"inputs": [{k: v for k, v in item.items() if k != "sha256"} for item in data["inputs"]]}
        names = {"output": task.output, "rejects": task.output + REJECTS, "log": task.log}
        files = [(name, data[key]["size"]) for key, name in names.items() if data[key]]
    except (ValueError, KeyError, TypeError) as error:
        raise CleanerError(f"{task.output}{MANIFEST}: not a manifest ({error!r}): {hint}") from error
    if _size(task.output) is None:
        return None, {}
    for name, wanted in files:
        found = _size(name)
        if found is None:
            counts = None
        elif found != wanted:
            raise CleanerError(f"{name}: changed since it was made ({found} bytes, not {wanted}): {hint}")
    return counts, identity


def has_log(task: Task) -> bool:
    """Say whether the run that has made this output has left an edit log beside it."""
    try:
        return json.loads(_read(task.output + MANIFEST) or b"{}").get("log") is not None
    except (ValueError, AttributeError):
        return False


def _read(name: str) -> bytes | None:
    if not is_remote(name):
        return Path(name).read_bytes() if Path(name).is_file() else None
    system, path = connect(name)
    with reaching(name):
        return bytes(system.cat_file(path)) if system.exists(path) else None


def _size(name: str) -> int | None:
    if not is_remote(name):
        return Path(name).stat().st_size if Path(name).exists() else None
    system, path = connect(name)
    with reaching(name):
        return int(system.size(path)) if system.exists(path) else None
