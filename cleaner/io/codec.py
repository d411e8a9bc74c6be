"""Open streams by the ending of their name (.gz, .bz2, .xz, .zst, or plain), a log or an output by how it begins.

Reading goes over all members of a file, says where it is cut off, and ends where more comes out of it than may. Writing
makes one member: readers that stop behind the first are common. Zstandard is the standard library's from Python 3.14
on, before that its backport; the package `zstandard` would take a cut file for a whole one.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import IO, Any, cast

from cleaner.errors import CleanerError
from cleaner.io.decompress import BUFFER, Bomb, Bounded, Damaged, GzipDecoder, Members

CODECS = (".gz", ".bz2", ".xz", ".zst")
# How compressed files begin (RFC 1952, RFC 8878; the block's mark tells bzip2 from a text); no text in UTF-8 does so
STARTS = {
    ".gz": re.compile(rb"\x1f\x8b"),
    ".bz2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    ".xz": re.compile(rb"\xfd7zXZ\0"),
    ".zst": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
RATIO, PLAIN = 1000, 1 << 40  # what may come out of a file: times its size, and bytes
AT_ONCE = 1 << 30  # plain bytes of a log or an output, which are held in memory
FREE = 64 << 20  # plain bytes that may come out of the smallest file
XZ_MEMORY = 256 << 20  # for decompressing .xz; its highest level asks for 65 MB


def codec_of(name: str) -> str:
    """Return the ending that names a codec; empty for a plain file."""
    return next((ending for ending in CODECS if name.lower().endswith(ending)), "")


def codec_at(start: bytes) -> str:
    """Return the ending that names the codec of a file which begins so; empty for a plain file."""
    return next((ending for ending, mark in STARTS.items() if mark.match(start)), "")


def open_reader(
    stream: IO[bytes], codec: str, size: int | None = None, ratio: int = RATIO, plain: int = PLAIN
) -> IO[bytes]:
    """Return a stream of the plain bytes of a file of `size` bytes; None when that is not known.

    Reading raises Bomb when there are more than `plain`, or than `ratio` times `size` (and more than FREE).
    """
    if not codec:
        return stream
    most = plain if size is None else min(plain, max(FREE, size * ratio))
    flag = "--max-plain" if most == plain else "--max-ratio"
    members = _open_members(stream, codec)
    return io.BufferedReader(Bounded(members, most, f"more than {most} bytes come out of it ({flag})"), BUFFER)


def _open_members(stream: IO[bytes], codec: str) -> io.BufferedReader:
    makers: dict[str, Callable[[], Any]] = {
        ".gz": GzipDecoder,
        ".bz2": bz2.BZ2Decompressor,
        ".xz": lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY),
        ".zst": lambda: load_zstd().ZstdDecompressor(),
    }
    return io.BufferedReader(Members(stream, makers[codec]), BUFFER)


def open_writer(stream: IO[bytes], codec: str) -> IO[bytes]:
    """Return a stream that compresses; the same bytes in give the same bytes out. Closing it leaves `stream` open."""
    if codec == ".gz":
        return cast("IO[bytes]", gzip.GzipFile("", "wb", 6, stream, mtime=0))
    if codec == ".zst":
        return cast("IO[bytes]", load_zstd().ZstdFile(stream, "wb"))
    makers: dict[str, Any] = {".bz2": bz2.BZ2File, ".xz": lzma.LZMAFile}
    return cast("IO[bytes]", makers[codec](stream, "wb")) if codec else stream


@contextmanager
def open_plain(path: str | Path, most: int = AT_ONCE) -> Iterator[IO[bytes]]:
    """Open a file for its plain bytes; CleanerError, also while it is read, when it is cut off, damaged, or has more
    than `most`.

    It is compressed when it begins so, whatever its name: `cleaner clean` writes plain bytes under any name.
    """
    with Path(path).open("rb") as file:
        codec = codec_at(file.peek(16))
        try:
            if codec:
                yield open_reader(file, codec, plain=most)
            else:
                yield io.BufferedReader(Bounded(file, most, f"it has more than {most} bytes (--max-plain)"), BUFFER)
        except Bomb as error:
            raise CleanerError(f"{path}: too large: {error}") from error
        except damage() as error:
            raise CleanerError(f"{path}: cut off or damaged: {error}") from error


def read_plain(path: str | Path, most: int = AT_ONCE) -> bytes:
    """Return a file's plain bytes; CleanerError as of `open_plain`."""
    with open_plain(path, most) as stream:
        return stream.read()


def damage() -> tuple[type[Exception], ...]:
    """Return the errors that say that a compressed file is cut off, damaged or a bomb: none of a disk or a network."""
    errors: tuple[type[Exception], ...] = (Bomb, Damaged, EOFError, zlib.error, lzma.LZMAError)
    module = sys.modules.get("compression.zstd") or sys.modules.get("backports.zstd")
    return (*errors, module.ZstdError) if module else errors


def load_zstd() -> ModuleType:
    """Import Zstandard; CleanerError says what to install."""
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as error:
        raise CleanerError("files in .zst need a package: pip install 'ocr-cleaner[dump]'") from error
    return zstd
