"""Read compressed files member by member, with a bound to what comes out of them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import IO, Any, cast

PIECE = 1 << 16  # compressed bytes that are read at a time
BUFFER = 1 << 17  # plain bytes that are held


class Bomb(Exception):
    """A compressed file holds more plain bytes than it may; the message says what the bound is."""


class Damaged(Exception):
    """What stands in a compressed file is no member of it."""


class Members(io.RawIOBase):
    """The plain bytes of a file's members, one behind the other; `make` makes a decompressor.

    EOFError when the last one is cut off. Zero bytes may stand between and behind; anything else that is no member is
    an error of the decompressor, where the standard library's files for .bz2 and .xz pass over it and all behind.
    """

    def __init__(self, stream: IO[bytes], make: Callable[[], Any]) -> None:
        self.stream, self.make = stream, make
        self.decoder = make()
        self.ended = False

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one step goes; 0 at the end."""
        data = b""
        while not data and not self.ended:
            data = self._next_member(len(buffer)) if self.decoder.eof else self._go_on(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _go_on(self, size: int) -> bytes:
        piece = self.stream.read(PIECE) if self.decoder.needs_input else b""
        if self.decoder.needs_input and not piece:
            raise EOFError("it ends before its end mark")
        return self._decompress(piece, size)

    def _next_member(self, size: int) -> bytes:
        rest = self.decoder.unused_data.lstrip(b"\0")
        while not rest and (piece := self.stream.read(PIECE)):
            rest = piece.lstrip(b"\0")
        if not rest:
            self.ended = True
            return b""
        self.decoder = self.make()
        return self._decompress(rest, size)

    def _decompress(self, piece: bytes, size: int) -> bytes:
        try:
            return cast("bytes", self.decoder.decompress(piece, size))
        except OSError as error:  # bz2 raises what a disk or a network might
            raise Damaged(str(error)) from error


class GzipDecoder:
    """Decompress one member of a .gz file in steps, as `bz2.BZ2Decompressor` does; zlib.error where it is damaged.

    What stands before damage comes out first: zlib checks a member at its end, and would keep all of the step back.
    """

    def __init__(self) -> None:
        self.stream = zlib.decompressobj(wbits=31)
        self.full = False  # zlib had more to give than it was asked for
        self.error: zlib.error | None = None

    @property
    def eof(self) -> bool:
        """Whether the member's end was reached."""
        return self.stream.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out without more compressed bytes."""
        return not (self.eof or self.full or self.stream.unconsumed_tail or self.error)

    @property
    def unused_data(self) -> bytes:
        """What was given and stands behind the member."""
        return self.stream.unused_data

    def decompress(self, data: bytes, size: int) -> bytes:
        """Return at most `size` plain bytes."""
        if self.error is not None:
            raise self.error
        before, data = self.stream.copy(), self.stream.unconsumed_tail + data
        try:
            out = self.stream.decompress(data, size)
        except zlib.error as error:
            self.error = error
            out = _decompress_until_damage(before, data)
            if not out:
                raise
        self.full = len(out) == size
        return out


def _decompress_until_damage(stream: Any, data: bytes) -> bytes:
    """Return what comes out of data before zlib finds that it is damaged."""
    out: list[bytes] = []
    try:
        for at in range(len(data)):
            out.append(stream.decompress(data[at : at + 1]))
    except zlib.error:
        pass
    return b"".join(out)


class Bounded(io.RawIOBase):
    """The first `limit` bytes of a stream; Bomb when there are more."""

    def __init__(self, stream: io.BufferedReader, limit: int, reason: str) -> None:
        self.stream, self.left, self.reason = stream, limit, reason

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        data = self.stream.read1(min(len(buffer), self.left) or 1)  # `read` would lose what stands before damage
        if data and not self.left:
            raise Bomb(self.reason)
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)
