"""What a dump run speaks of: shards, records as they are read, chunks of them, and what is made of a chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

from cleaner.io.codec import PLAIN, RATIO
from cleaner.io.names import spell_utf8

Kind = Literal["jsonl", "parquet", "text"]
Target = Literal["jsonl", "parquet"]
Emit = Literal["documents", "articles"]


@dataclass(frozen=True, slots=True)
class Shard:
    """One input: a file of records, or text files, each of which is a record. `names` are paths or addresses.

    `name` is how people call it; `stem` is what its output is called, without an ending; `ending` is its own.
    """

    name: str
    kind: Kind
    names: tuple[str, ...]
    stem: str
    ending: str


class Limits(NamedTuple):
    """The most bytes of a record, what may come out of a compressed file (times its size, and bytes), and of a text.

    `text` counts bytes in UTF-8; cleaning takes some 240 times as much memory (`python -m benchmarks.scale --largest`).
    """

    record: int = 16 << 20
    ratio: int = RATIO
    plain: int = PLAIN
    text: int = 1 << 20


LIMITS = Limits()


class Place(NamedTuple):
    """Where reading may go on: behind the record `number` of a shard; `offset` counts bytes, for Parquet rows."""

    shard: int = 0
    offset: int = 0
    number: int = 0


class Raw(NamedTuple):
    """A record as it was read: its number in the shard (the line, the row, the file; from 1), its place and bytes.

    `name` is the path of a text file. A record that could not be read has a problem instead: (reason, message).
    """

    number: int
    offset: int
    data: bytes
    name: str = ""
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one shard, in order, and what to make of them: `target`.

    Parquet's are rows of a record batch, `batch`; `first` is the first one's number.

    `end` is the place behind the chunk, `size` its bytes, `read` how far into the shard's file that is (bytes as
    they lie there). The chunk with `last` set ends a task; it may be empty.
    """

    task: int
    shard: str
    kind: Kind
    target: Target
    end: Place
    records: tuple[Raw, ...] = ()
    batch: Any = None
    first: int = 1
    size: int = 0
    read: int = 0
    last: bool = False

    def __len__(self) -> int:
        return len(self.records) if self.batch is None else int(self.batch.num_rows)

    def spell(self, name: str) -> str:
        """Return a file's name as the output can hold it: Parquet holds nothing but UTF-8."""
        return spell_utf8(name) if self.target == "parquet" else name

    def part(self, start: int, end: int) -> Chunk:
        """Return the records from `start` to `end` as a chunk of their own."""
        batch = None if self.batch is None else self.batch.slice(start, end - start)
        return Chunk(
            self.task, self.shard, self.kind, self.target, self.end, self.records[start:end], batch, self.first + start,
            self.size, self.read, self.last,
        )  # fmt: skip


@dataclass(slots=True)
class Counts:
    """What a run has done: `records` came in, `documents` of them came out, as `written` records; the rest are rejects.

    `rules` counts edits by rule (one that two rules made counts for both), `rejects` by reason.
    """

    records: int = 0
    documents: int = 0
    written: int = 0
    changed: int = 0
    chars_in: int = 0
    chars_out: int = 0
    flags: int = 0
    edits: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    rejects: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        for name in self._numbers():
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.rules.update(other.rules)
        self.rejects.update(other.rejects)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, rules and reasons in order, so that equal runs write equal files."""
        plain = {name: getattr(self, name) for name in self._numbers()}
        return plain | {"rules": dict(sorted(self.rules.items())), "rejects": dict(sorted(self.rejects.items()))}

    def _numbers(self) -> list[str]:
        return [item.name for item in fields(self) if item.name not in ("rules", "rejects")]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Counts:
        """Make counts of what `to_dict` returned."""
        return cls(**data | {"rules": Counter(data["rules"]), "rejects": Counter(data["rejects"])})


@dataclass(slots=True)
class Made:
    """What is made of a chunk: bytes for the output, the rejects file and the log, and counts.

    `log` holds for each record its entry, whose `span` counts from this chunk's first output record, and its lines.
    """

    out: bytes = b""
    rejects: bytes = b""
    log: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


def join_made(parts: Sequence[Made]) -> Made:
    """Put the parts of one chunk together, in order."""
    if len(parts) == 1:
        return parts[0]
    whole = Made(b"".join(part.out for part in parts), b"".join(part.rejects for part in parts))
    for part in parts:
        start = whole.counts.written
        whole.log += [(shift_span(entry, start), lines) for entry, lines in part.log]
        whole.counts.add(part.counts)
    return whole


def shift_span(entry: dict[str, Any], start: int) -> dict[str, Any]:
    """Return a log entry whose span of output records begins `start` records later."""
    first, end = entry["span"]
    return entry | {"span": [first + start, end + start]}
