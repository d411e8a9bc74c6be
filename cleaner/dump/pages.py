"""Walk over the pages of a Parquet file without reading them: how large are they, before pyarrow holds one as a whole?

What the file's footer says of sizes is not enough: a row group is large, and each of its pages may be small, or one of
them all of it. Each page begins with a header that tells its sizes (https://parquet.apache.org/docs/file-format/), in
Thrift's compact protocol.
"""

from __future__ import annotations

from typing import IO, Any, NamedTuple

HEAD = 1 << 12  # bytes that are read to begin with; headers with statistics may be longer
LONGEST = 16 << 20  # bytes of a header, as pyarrow has it
DEPTH = 16  # of structs in structs; headers have two
DICTIONARY = 2  # a page's type
PLAIN, PACKED, TYPE = 2, 3, 1  # fields of a header
HEADERS = (5, 7, 8)  # of data pages, dictionary pages, data pages of version 2; their first field counts values
BOOLS, BYTE, INTS, DOUBLE, BINARY, LISTS, MAP, STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 11, 12


class Sizes(NamedTuple):
    """Bytes of pages: `held` at a time to read a row, `plain` and `packed` of all of them."""

    held: int = 0
    plain: int = 0
    packed: int = 0

    def __add__(self, other: Any) -> Sizes:
        return Sizes(*(mine + its for mine, its in zip(self, other, strict=True)))


def measure_group(file: IO[bytes], group: Any) -> Sizes:
    """Return the sizes of a row group (pyarrow's metadata of it); ValueError where a page's header is none."""
    return sum((_measure_column(file, group.column(number)) for number in range(group.num_columns)), Sizes())


def _measure_column(file: IO[bytes], column: Any) -> Sizes:
    """Return the sizes of a column: at a time its dictionary is held, and the largest of its pages."""
    first, start = column.dictionary_page_offset, column.data_page_offset
    at = start = first if first is not None and 0 < first < start else start
    words = largest = plain = values = 0
    while values < column.num_values:
        header, length = _read_header(file, at)
        if header[PACKED] < 0 or header[PLAIN] < 0:
            raise ValueError(f"the page at byte {at} has a size below 0")
        plain += header[PLAIN]
        at += length + header[PACKED]
        if header[TYPE] == DICTIONARY:
            words = max(words, header[PLAIN])
        else:
            largest = max(largest, header[PLAIN])
            values += max(header.get("values", 0), 0)
    return Sizes(words + largest, plain, at - start)


def _read_header(file: IO[bytes], at: int) -> tuple[dict[Any, int], int]:
    """Return the numbers of the page header at a place, and its length in bytes."""
    size = HEAD
    while True:
        file.seek(at)
        data = file.read(size)
        try:
            reader = _Compact(data)
            header = reader.struct()
            if not header.keys() >= {PLAIN, PACKED, TYPE}:
                raise ValueError(f"no page header at byte {at}")
            return header, reader.at
        except IndexError as error:
            if len(data) < size or size >= LONGEST:
                raise ValueError(f"a page header at byte {at} has no end") from error
            size *= 8


class _Compact:
    """Reads Thrift's compact protocol: of a header its numbers, and passes over the rest. IndexError at the end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self, depth: int = 0) -> dict[Any, int]:
        """Return the numbers of a struct by field; under `values` the count of a page's values."""
        if depth > DEPTH:
            raise ValueError("a page header is nested too deep")
        found: dict[Any, int] = {}
        field = 0
        while kind := self.byte():
            field = field + (kind >> 4) if kind >> 4 else self.signed()
            kind &= 15
            if kind in INTS:
                found[field] = self.signed()
            elif kind == STRUCT:
                inner = self.struct(depth + 1)
                if field in HEADERS and not depth:
                    found["values"] = inner.get(1, 0)
            elif kind not in BOOLS:  # a field holds those in its kind
                self.skip(kind, depth)
        return found

    def skip(self, kind: int, depth: int) -> None:
        """Pass over a value; one in a list or a map may be of any kind."""
        if kind in (*BOOLS, BYTE):
            self.pass_over(1)
        elif kind in INTS:
            self.number()
        elif kind == DOUBLE:
            self.pass_over(8)
        elif kind == BINARY:
            self.pass_over(self.number())
        elif kind == STRUCT:
            self.struct(depth + 1)
        elif kind in LISTS:
            head = self.byte()
            self.skip_all([head & 15], head >> 4 if head >> 4 < 15 else self.number(), depth)
        elif kind == MAP:
            if count := self.number():
                kinds = self.byte()
                self.skip_all([kinds >> 4, kinds & 15], count, depth)
        else:
            raise ValueError("a page header has a field of no kind")

    def skip_all(self, kinds: list[int], count: int, depth: int) -> None:
        """Pass over what a list or map holds."""
        if depth > DEPTH:
            raise ValueError("a page header is nested too deep")
        for _ in range(count):
            for kind in kinds:
                self.skip(kind, depth + 1)

    def pass_over(self, size: int) -> None:
        """Go on behind so many bytes."""
        self.at += size
        if self.at > len(self.data):
            raise IndexError

    def byte(self) -> int:
        """Return the next byte."""
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """Return a number of seven bits a byte, the lowest first."""
        value = shift = 0
        while (byte := self.byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
            if shift > 70:
                raise ValueError("a page header has a number of too many bytes")
        return value | byte << shift

    def signed(self) -> int:
        """Return a signed number: 0, -1, 1, -2 … are 0, 1, 2, 3 …."""
        value = self.number()
        return value >> 1 ^ -(value & 1)
