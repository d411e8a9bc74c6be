"""Deal the records of files out to tasks: of a plain file each gets a range of bytes, compressed files go round."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.dump.files import identify, open_input
from cleaner.dump.lines import read_lines
from cleaner.dump.model import Limits, Place, Raw
from cleaner.dump.read import find_misnamed
from cleaner.dump.remote import strip_query
from cleaner.io.codec import codec_of, open_reader


def read_range(name: str, number: int, rank: int, tasks: int, limits: Limits) -> Iterator[Raw]:
    """Yield the records of a file that fall to task `rank` of `tasks`; `number` is the file's, from 0.

    Of a plain file these are the lines that begin in its range; their numbers count from the range's start, their
    offsets from the file's.
    """
    codec = codec_of(strip_query(name))
    if codec:
        if number % tasks == rank:
            size = identify(name)["size"]
            with open_input(name) as file, open_reader(file, codec, size, limits.ratio, limits.plain) as stream:
                yield from (record for record, _ in read_lines(stream, Place(), limits.record))
        return
    size = identify(name)["size"]
    start, end = size * rank // tasks, size * (rank + 1) // tasks
    with open_input(name) as file:
        if problem := find_misnamed(file):
            if rank == 0:
                yield Raw(1, 0, b"", problem=problem)
            return
        if start:
            file.seek(start - 1)
            start -= 1
            while piece := file.readline(1 << 20):
                start += len(piece)
                if piece.endswith(b"\n"):
                    break
        if start >= end:
            return
        for record, behind in read_lines(file, Place(0, start), limits.record):
            if record.offset >= end and record.number > 1:  # the first begins in the range, a byte order mark aside
                return
            yield record
            if behind >= end:
                return
