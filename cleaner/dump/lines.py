"""Read the lines of a file of JSON Lines, whatever is the matter with them, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from cleaner.dump.model import Place, Raw
from cleaner.io.codec import damage
from cleaner.io.decompress import Bomb

BLOCK = 1 << 20
BLANK = b" \t\r\n"
BOM = b"\xef\xbb\xbf"


def read_lines(stream: IO[bytes], place: Place, limit: int) -> Iterator[tuple[Raw, int]]:
    """Yield each line that is not blank, and the place behind it, from `place` on; only a line feed ends a line.

    A line of more than `limit` bytes is passed over, in pieces, as a problem. So is the rest of a file that is cut off,
    damaged or a decompression bomb, together with the line that it breaks.
    """
    offset, number = place.offset, place.number
    for line, size, problem in _split(stream, limit):
        number += 1
        start, offset = offset, offset + size
        if start == 0 and line.startswith(BOM):
            line, start = line[len(BOM) :], len(BOM)
        if problem or line.strip(BLANK):
            yield Raw(number, start, line.rstrip(b"\r\n"), problem=problem), offset


def _split(stream: IO[bytes], limit: int) -> Iterator[tuple[bytes, int, tuple[str, str] | None]]:
    """Yield each line, how many bytes it takes, and a problem or None."""
    while True:
        line, size, problem = b"", 0, None
        try:
            line = stream.readline(limit + 2)
            size = len(line)
            if len(line.rstrip(b"\r\n")) > limit:
                line, size = b"", size + (0 if line.endswith(b"\n") else _pass_over(stream))
                problem = ("too-large", f"{size} bytes in one line, at most {limit} are read (--max-record)")
        except damage() as error:
            yield b"", size, tell_damage(error)
            return
        if not size:
            return
        yield line, size, problem


def tell_damage(error: Exception) -> tuple[str, str]:
    """Return why a file is not read further: reason, message."""
    if isinstance(error, Bomb):
        return "decompression-bomb", f"the file is not read further: {error}"
    if "emory" in str(error):  # of .xz and .zst, whose files say how much they want
        advice = "decompress it first, as by zstd -d --long=31"
        return "damaged-input", f"the file wants more memory to be decompressed than it is given: {advice} ({error})"
    return "damaged-input", f"the file is cut off or damaged here, and not read further: {error}"


def _pass_over(stream: IO[bytes]) -> int:
    """Read to the end of the line; return how many bytes that were."""
    size = 0
    while piece := stream.readline(BLOCK):
        size += len(piece)
        if piece.endswith(b"\n"):
            break
    return size
