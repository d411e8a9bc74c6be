"""How far a run has come: what is on disk when it is killed, and whether another run may go on from there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner import __version__
from cleaner.dump.files import identify
from cleaner.dump.model import Counts, Place, Raw, Shard
from cleaner.dump.read import read_files
from cleaner.dump.setup import Setup
from cleaner.engine.profile import RuleSet
from cleaner.errors import CleanerError
from cleaner.io.atomic import write_atomically
from cleaner.io.jsonlines import json_line

VERSION = 1
START = Place()
ADVICE = "Begin anew with --restart, or name another output"


@dataclass(slots=True)
class State:
    """A task's progress: the place behind the last record that is done, the sizes of the spools, counts.

    `read` counts the records that reading has found; it is kept apart from what workers count, to prove one by the
    other. `contents` is a digest of the text files read so far, for each shard of such, by its number.
    """

    identity: dict[str, Any]
    place: Place = START
    sizes: dict[str, int] = field(default_factory=dict)
    read: int = 0
    counts: Counts = field(default_factory=Counts)
    contents: dict[str, str] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it, such that the file is whole at any moment."""
        data = {
            "state": VERSION, "identity": self.identity, "place": self.place, "sizes": self.sizes, "read": self.read,
            "counts": self.counts.to_dict(), "contents": self.contents,
        }  # fmt: skip
        write_atomically(path, json_line(data).encode("utf-8"))


def load_state(path: Path) -> State | None:
    """Return the state that an earlier run has left, or None."""
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_bytes())
        counts = Counts.from_dict(data["counts"])
        return State(data["identity"], Place(*data["place"]), data["sizes"], data["read"], counts, data["contents"])
    except (ValueError, KeyError, TypeError) as error:
        raise CleanerError(f"{path}: not the state of a run ({error!r}): begin anew with --restart") from error


def describe_run(setup: Setup, rules: RuleSet, shards: Sequence[Shard]) -> dict[str, Any]:
    """Return what decides the output: version, rules, options, inputs. Two equal ones give equal outputs."""
    return {
        "cleaner": __version__, "rules": rules.digest, "profile": rules.name,
        "options": setup.identity(), "inputs": identify_shards(shards),
    }  # fmt: skip


def identify_shards(shards: Sequence[Shard]) -> list[dict[str, Any]]:
    """Return what tells inputs from changed ones, as plain data."""
    return [_describe(shard) for shard in shards]


def _describe(shard: Shard) -> dict[str, Any]:
    """Return what tells an input from a changed one; of many text files a digest."""
    if shard.kind != "text":
        return identify(shard.names[0])
    found = [identify(name) for name in shard.names]
    digest = hashlib.sha256(json_line(found).encode("utf-8")).hexdigest()
    return {"name": shard.name, "files": len(found), "size": sum(item["size"] or 0 for item in found), "digest": digest}


def digest_files(digest: str, files: Iterable[Raw]) -> str:
    """Return the digest of text files: of what was read of them, or why it was not; `digest` is of those before."""
    for file in files:
        content = hashlib.sha256(file.data).hexdigest() if file.problem is None else json_line(file.problem)
        digest = hashlib.sha256(f"{digest} {content}".encode()).hexdigest()
    return digest


def check_same(earlier: dict[str, Any], now: dict[str, Any], name: str) -> None:
    """Raise CleanerError when another run began the output: its records would not go together with this one's."""
    plain = json.loads(json_line(now))
    different = [key for key in plain if earlier.get(key) != plain[key]]
    if different:
        key = different[0]
        was, is_now = (json.dumps(value.get(key), ensure_ascii=False)[:300] for value in (earlier, plain))
        problem = f"an earlier run had other {key}: {was}, not {is_now}"
        raise CleanerError(f"{name}: {problem}. {ADVICE}")


def check_contents(earlier: State, shards: Sequence[Shard], limit: int, name: str) -> None:
    """Raise CleanerError when text files that are done have other contents now, though their sizes and times stayed.

    They are read once more, which takes little time beside cleaning them.
    """
    for key, known in earlier.contents.items():
        shard = shards[int(key)]
        done = earlier.place.number if int(key) == earlier.place.shard else len(shard.names)
        if known != digest_files("", read_files(shard, 0, done, limit)):
            problem = f"files of {shard.name} have other contents than when an earlier run read them"
            raise CleanerError(f"{name}: {problem}. {ADVICE}")
