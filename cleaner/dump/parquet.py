"""Read and write Parquet in bounded memory, by pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any, NamedTuple, cast

from cleaner.dump.files import BUFFER, open_input
from cleaner.dump.kinds import join_batches, load_pyarrow, pick_rows, to_plain
from cleaner.dump.model import Limits
from cleaner.dump.pages import Sizes, measure_group
from cleaner.dump.reject import Reject
from cleaner.dump.remote import is_remote
from cleaner.io.codec import FREE

ROW_GROUP = 32 << 20  # bytes of a row group in memory, about
HELD = 32  # times the largest record: what the pages may have that are held to read a row
BATCH = 4  # times the largest record: what the rows of a batch may have
OVERHEAD = 1 << 14  # bytes of a page that are not its values, at most


class Refused(NamedTuple):
    """Rows that are not read, and why."""

    num_rows: int
    problem: str


def read_schema(name: str) -> Any:
    """Return the schema of a file; Reject when it is no Parquet."""
    with ExitStack() as stack:
        return _open(stack, name).schema_arrow


def _open(stack: ExitStack, name: str) -> Any:
    arrow, parquet = load_pyarrow()
    file = stack.enter_context(open_input(name))
    try:
        return parquet.ParquetFile(file, buffer_size=BUFFER)  # else a row group's columns are read as a whole
    except (arrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Reject("damaged-input", f"no Parquet file, or a damaged one: {error}") from error


def read_batches(name: str, done: int, rows: int, limits: Limits) -> Iterator[tuple[Any, int]]:
    """Yield record batches of `rows` rows at most, behind the first `done` rows, and how far the file is read.

    They have plain types (cleaner/dump/kinds.py). In the place of rows that would take too much memory comes Refused.
    Reject says what is damaged, or expands too much; nothing is read behind it.
    """
    arrow, _ = load_pyarrow()
    with ExitStack() as stack:
        file = _open(stack, name)
        names = file.schema_arrow.names
        if twice := next((column for place, column in enumerate(names) if column in names[:place]), None):
            raise Reject("field-twice", f"two columns are called {twice!r}: the file is not read")
        read, row = 0, 0
        for group in range(file.num_row_groups):
            meta = file.metadata.row_group(group)
            read += sum(meta.column(column).total_compressed_size for column in range(meta.num_columns))
            row += meta.num_rows
            if row <= done:
                continue
            skip = max(0, done - (row - meta.num_rows))
            sizes = _measure(name, group, meta)
            if sizes.plain > min(limits.plain, max(FREE, sizes.packed * limits.ratio)):
                problem = f"row group {group} becomes {sizes.plain} bytes, not read further (--max-ratio, --max-plain)"
                raise Reject("decompression-bomb", problem)
            if problem := _find_excess(group, meta, sizes, limits):
                yield Refused(meta.num_rows - skip, problem), read
                continue
            few = max(1, min(rows, BATCH * limits.record // max(sizes.held, 1)))
            try:
                for batch in file.iter_batches(few, [group], use_threads=False):
                    if batch.num_rows > skip:
                        yield to_plain(batch.slice(skip)), read
                    skip = max(0, skip - batch.num_rows)
            except (arrow.ArrowException, OSError) as error:
                if isinstance(error, OSError) and error.errno is not None:
                    raise
                raise Reject("damaged-input", f"row group {group} is damaged, not read further: {error}") from error


def _measure(name: str, group: int, meta: Any) -> Sizes:
    """Return the sizes of a row group's pages; of an address, whose pages would be fetched twice, by the footer."""
    columns = [meta.column(column) for column in range(meta.num_columns)]
    packed, plain = (sum(getattr(c, f"total_{kind}_size") for c in columns) for kind in ("compressed", "uncompressed"))
    if is_remote(name):
        return Sizes(plain // max(meta.num_rows, 1), plain, packed)
    try:
        with open_input(name) as file:
            found = measure_group(file, meta)
    except ValueError as error:
        raise Reject("damaged-input", f"row group {group} is damaged, not read further: {error}") from error
    return found._replace(plain=max(plain, found.plain))


def _find_excess(group: int, meta: Any, sizes: Sizes, limits: Limits) -> str:
    """Say why no row of a row group may be read; nothing when they may."""
    if meta.num_rows == 1 and sizes.plain > limits.record + OVERHEAD * meta.num_columns:
        return f"a row of about {sizes.plain} bytes, at most {limits.record} are read (--max-record)"
    if sizes.held > HELD * limits.record:
        most = f"at most {HELD * limits.record} are held, {HELD} times --max-record"
        return f"row group {group} has pages of {sizes.held} bytes, which are read as a whole, and {most}"
    return ""


def cut_batch(batch: Any, size: int) -> Iterator[Any]:
    """Yield the rows of a record batch in batches of about `size` bytes; a larger row comes alone.

    Pieces are copies: a slice, sent to a worker, would take all of the batch with it.
    """
    if batch.nbytes <= size:
        yield batch
        return
    sizes = [batch.slice(row, 1).nbytes for row in range(batch.num_rows)]
    start = held = 0
    for row, one in enumerate([*sizes, size + 1]):
        if row > start and held + one > size:
            yield pick_rows(batch, range(start, row))
            start, held = row, 0
        held += one


def write_batches(batches: Iterator[Any], stream: IO[bytes], schema: Any) -> int:
    """Write record batches as row groups of about ROW_GROUP bytes; return the number of rows."""
    _, parquet = load_pyarrow()
    rows = 0
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        kept: list[Any] = []
        for batch in batches:
            kept.append(batch)
            rows += batch.num_rows
            if sum(piece.nbytes for piece in kept) >= ROW_GROUP:
                writer.write_table(join_batches(kept, schema))
                kept = []
        if kept:
            writer.write_table(join_batches(kept, schema))
    return rows


def pack_batch(batch: Any) -> bytes:
    """Return a record batch as bytes that `read_frames` reads: their length, then an Arrow stream."""
    arrow, _ = load_pyarrow()
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    data = sink.getvalue().to_pybytes()
    return cast("bytes", len(data).to_bytes(8, "big") + data)


def read_frames(stream: IO[bytes]) -> Iterator[Any]:
    """Yield the record batches that `pack_batch` has packed, one behind the other."""
    arrow, _ = load_pyarrow()
    while head := stream.read(8):
        with arrow.ipc.open_stream(stream.read(int.from_bytes(head, "big"))) as reader:
            yield from reader
