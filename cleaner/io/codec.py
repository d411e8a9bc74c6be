"""Open streams by the ending of their name: .gz, .bz2, .xz and .zst, or plain.

Reading goes over all members of a file and says where it is cut off. Writing makes one member: readers that stop
behind the first are common. Zstandard is the standard library's from Python 3.14 on, before that its backport; the
package `zstandard` would take a cut file for a whole one.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import IO, Any, cast

from cleaner.errors import CleanerError

CODECS = (".gz", ".bz2", ".xz", ".zst")


def codec_of(name: str) -> str:
    """Return the ending that names a codec; empty for a plain file."""
    return next((ending for ending in CODECS if name.lower().endswith(ending)), "")


def open_reader(stream: IO[bytes], codec: str) -> IO[bytes]:
    """Return a stream of the plain bytes."""
    if codec == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb"))
    return _openers(codec)(stream, "rb") if codec else stream


def open_writer(stream: IO[bytes], codec: str) -> IO[bytes]:
    """Return a stream that compresses; the same bytes in give the same bytes out. Closing it leaves `stream` open."""
    if codec == ".gz":
        return cast("IO[bytes]", gzip.GzipFile("", "wb", 6, stream, mtime=0))
    return _openers(codec)(stream, "wb") if codec else stream


def read_plain(path: str | Path) -> bytes:
    """Return a file's plain bytes; CleanerError when it is cut off or damaged."""
    with Path(path).open("rb") as file:
        try:
            return open_reader(file, codec_of(str(path))).read()
        except damage() as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise CleanerError(f"{path}: cut off or damaged: {error}") from error


def damage() -> tuple[type[Exception], ...]:
    """Return the errors that say that a compressed file is cut off or damaged.

    OSError is among what bz2 and gzip raise; where it has an error number the disk or the network is at fault.
    """
    errors: tuple[type[Exception], ...] = (EOFError, zlib.error, lzma.LZMAError, OSError)
    module = sys.modules.get("compression.zstd") or sys.modules.get("backports.zstd")
    return (*errors, module.ZstdError) if module else errors


def _openers(codec: str) -> Callable[[IO[bytes], str], IO[bytes]]:
    def open_zstd(stream: IO[bytes], mode: str) -> IO[bytes]:
        return cast("IO[bytes]", load_zstd().ZstdFile(stream, mode))

    openers: dict[str, Any] = {".bz2": bz2.BZ2File, ".xz": lzma.LZMAFile, ".zst": open_zstd}
    return cast("Callable[[IO[bytes], str], IO[bytes]]", openers[codec])


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
