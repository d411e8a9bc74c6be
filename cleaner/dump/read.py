"""Read shards as chunks of records: JSON Lines, text files; Parquet in cleaner/dump/parquet.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BufferedReader
from itertools import islice
from typing import IO, Any

from cleaner.detect import name_format
from cleaner.dump.files import identify, open_input
from cleaner.dump.lines import BLOCK, read_lines, tell_damage
from cleaner.dump.model import Chunk, Limits, Place, Raw, Shard, Target
from cleaner.dump.reject import Reject
from cleaner.dump.remote import strip_query
from cleaner.io.codec import codec_of, damage, open_reader

RECORDS = 16  # in a chunk, at most: small enough that a killed run has little to do again
BYTES = 1 << 17  # in a chunk, unless one record has more
ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "Zstandard": ".zst", "Parquet": ".parquet"}  # that are read
UTF16 = {  # byte order marks; what no text is begins in other ways: cleaner/detect.py
    b"\xff\xfe": "UTF-16 or UTF-32 (convert it to UTF-8)",
    b"\xfe\xff": "UTF-16 (convert it to UTF-8)",
}
ARRAY = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]*\[[ \t]*\r?\n")  # how one begins that is printed for people
FILE_ENDS = ("damaged-input", "decompression-bomb")  # problems behind which a file is not read


def read_chunks(task: int, shards: tuple[Shard, ...], target: Target, place: Place, limits: Limits) -> Iterator[Chunk]:
    """Yield the records of shards in order, from a place on, in chunks; at the end one chunk more, the task's last.

    What goes over the limits comes as a problem.
    """
    for number in range(place.shard, len(shards)):
        start = place if number == place.shard else Place(number)
        for chunk in _chunks(shards[number], start, limits):
            yield replace(chunk, task=task, target=target)
    yield Chunk(task, shards[-1].name, shards[-1].kind, target, Place(len(shards)), last=True)


def _chunks(shard: Shard, place: Place, limits: Limits) -> Iterator[Chunk]:
    if shard.kind == "parquet":
        yield from _rows(shard, place, limits)
    elif shard.kind == "text":
        yield from _gather(shard, _files(shard, place, limits.record))
    else:
        yield from _gather(shard, _lines(shard, place, limits))


def _chunk(shard: Shard, end: Place, records: tuple[Raw, ...] = (), **more: Any) -> Chunk:
    return Chunk(0, shard.name, shard.kind, "jsonl", end, records, **more)


def _rows(shard: Shard, place: Place, limits: Limits) -> Iterator[Chunk]:
    from cleaner.dump.parquet import Refused, cut_batch, read_batches

    done = place.number
    try:
        for batch, read in read_batches(shard.names[0], done, RECORDS, limits):
            if isinstance(batch, Refused):
                first, done = done + 1, done + batch.num_rows
                yield from _gather(shard, _refuse(range(first, done + 1), batch.problem, place.shard, read))
                continue
            for piece in cut_batch(batch, BYTES):
                first, done = done + 1, done + piece.num_rows
                rows: dict[str, Any] = {"batch": piece}
                if piece.num_rows == 1 and piece.nbytes > limits.record:
                    problem = f"a row of {piece.nbytes} bytes, at most {limits.record} are read (--max-record)"
                    rows = {"records": (Raw(first, 0, b"", problem=("too-large", problem)),)}
                end = Place(place.shard, 0, done)
                yield _chunk(shard, end, first=first, size=min(piece.nbytes, limits.record), read=read, **rows)
    except Reject as damage:
        record = Raw(done + 1, 0, b"", problem=(damage.reason, str(damage)))
        yield _chunk(shard, Place(place.shard + 1), (record,))


def _refuse(numbers: range, problem: str, shard: int, read: int) -> Iterator[tuple[Raw, Place, int]]:
    for number in numbers:
        yield Raw(number, 0, b"", problem=("too-large", problem)), Place(shard, 0, number), read


def _gather(shard: Shard, records: Iterator[tuple[Raw, Place, int]]) -> Iterator[Chunk]:
    """Put records together to chunks. With a record come the place behind it, and how far the file is read."""
    kept: list[Raw] = []
    size = 0
    for record, place, read in records:
        kept.append(record)
        size += len(record.data)
        if len(kept) == RECORDS or size >= BYTES:
            yield _chunk(shard, place, tuple(kept), size=size, read=read)
            kept, size = [], 0
    if kept:
        yield _chunk(shard, place, tuple(kept), size=size, read=read)


def _lines(shard: Shard, place: Place, limits: Limits) -> Iterator[tuple[Raw, Place, int]]:
    (name,) = shard.names
    codec = codec_of(strip_query(name))
    with ExitStack() as stack:
        file = stack.enter_context(open_input(name))
        size = identify(name)["size"] if codec else None
        stream = stack.enter_context(open_reader(file, codec, size, limits.ratio, limits.plain)) if codec else file
        if not codec and not place.offset and (problem := find_misnamed(file)):
            yield Raw(1, 0, b"", problem=problem), Place(place.shard + 1), 0
            return
        _skip(stream, place.offset, plain=not codec)
        for record, offset in read_lines(stream, place, limits.record):
            ended = record.problem is not None and record.problem[0] in FILE_ENDS
            behind = Place(place.shard + 1) if ended else Place(place.shard, offset, record.number)
            yield record, behind, file.tell() if codec else offset


def find_misnamed(file: IO[bytes]) -> tuple[str, str] | None:
    """Say what a file is that its name calls plain JSON Lines: a problem, or None."""
    head = file.peek(8) if isinstance(file, BufferedReader) else b""
    if ARRAY.match(head):
        problem = "no JSON Lines, but an array over several lines (jq -c '.[]' makes lines of it): the file is not read"
        return "damaged-input", problem
    kind = next((kind for mark, kind in UTF16.items() if head.startswith(mark)), name_format(head))
    if not kind:
        return None
    ending = f", without {ENDINGS[kind]} behind its name" if kind in ENDINGS else ""
    return "damaged-input", f"no JSON Lines, but {kind}{ending}: the file is not read"


def _skip(stream: IO[bytes], size: int, plain: bool) -> None:
    """Go to a place that an earlier run has read up to."""
    if plain and stream.seekable():
        stream.seek(size)
        return
    while size and (piece := stream.read(min(size, BLOCK))):
        size -= len(piece)


def _files(shard: Shard, place: Place, limit: int) -> Iterator[tuple[Raw, Place, int]]:
    for record in read_files(shard, place.number, None, limit):
        yield record, Place(place.shard, 0, record.number), record.number


def read_files(shard: Shard, first: int, end: int | None, limit: int) -> Iterator[Raw]:
    """Yield a shard's text files from `first` on, to before `end`, each as a record of `limit` bytes at most."""
    for number, name in enumerate(islice(shard.names, first, end), first + 1):
        yield _read_file(Raw(number, 0, b"", name), limit)


def _read_file(record: Raw, limit: int) -> Raw:
    codec = codec_of(strip_query(record.name))
    try:
        size = identify(record.name)["size"] if codec else None
        with open_input(record.name) as file, open_reader(file, codec, size) as stream:
            data = stream.read(limit + 1)
    except damage() as error:
        return record._replace(problem=tell_damage(error))
    if len(data) > limit:
        return record._replace(problem=("too-large", f"the file has more than {limit} bytes (--max-record)"))
    return record._replace(data=data)
