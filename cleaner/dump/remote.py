"""Whatever has an address (`s3://…`, `http://…`), through fsspec; what fails there is no damage of the data."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from cleaner.errors import CleanerError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)")  # two letters at least: C:\ is a path
PIECE = 1 << 20
AGAIN = "the same command goes on from here"


def is_remote(name: str) -> bool:
    """Say whether a name is an address."""
    return _ADDRESS.match(name) is not None


def as_path(name: str) -> str:
    """Return the path that an address of a local file stands for; any other name as it is."""
    return name.removeprefix("file://").removeprefix("local://")


def strip_query(name: str) -> str:
    """Return an address of HTTP without what stands behind its path (`?X-Sig=…`), any other name as it is.

    >>> strip_query("https://a.example/b.jsonl.gz?X-Sig=c/d.e")
    'https://a.example/b.jsonl.gz'
    """
    return re.split("[?#]", name, maxsplit=1)[0] if name.startswith(("http://", "https://")) else name


def connect(name: str) -> tuple[Any, str]:
    """Return the file system of an address and the path there; CleanerError says what to install."""
    try:
        import fsspec
    except ImportError as error:
        raise CleanerError(f"{name}: addresses need a package: pip install 'ocr-cleaner[remote]'") from error
    try:
        return cast("tuple[Any, str]", fsspec.core.url_to_fs(name))
    except (ImportError, ValueError) as error:
        raise CleanerError(f"{name}: {error}") from error


@contextmanager
def reaching(name: str) -> Iterator[None]:
    """Turn whatever a file system raises into CleanerError: each has exceptions of its own, timeouts among them.

    None may pass for damage of what is read, which ends a file, and the run goes on.
    """
    try:
        yield
    except CleanerError:
        raise
    except Exception as error:
        problem = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise CleanerError(f"{name}: not to be reached ({problem}): {AGAIN}") from error


def open_address(name: str, buffer: int) -> IO[bytes]:
    """Open an address for reading, through a buffer of so many bytes: fsspec's own files read lines without a limit."""
    system, path = connect(name)

    def stream() -> Any:
        return system.open(path, "rb", block_size=0)

    with reaching(name):
        return io.BufferedReader(_Remote(name, system.open(path, "rb"), stream), buffer)


class _Remote(io.RawIOBase):
    """A file of fsspec; CleanerError when it fails, or ends before the size that was told.

    A server of HTTP may know no ranges. It is then read from its beginning on, by what `stream` opens, and what was
    read before is passed over.
    """

    def __init__(self, name: str, file: Any, stream: Callable[[], Any]) -> None:
        self.name, self.file, self.stream = name, file, stream
        self.size = getattr(file, "size", None)
        self.streams = False

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say whether the file can."""
        return bool(self.file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        if self.streams:
            raise CleanerError(f"{self.name}: the server gives no parts of a file (HTTP ranges): copy it here first")
        with reaching(self.name):
            return int(self.file.seek(offset, whence))

    def tell(self) -> int:
        """Return the place."""
        return int(self.file.tell())

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one step goes; 0 at the end."""
        with reaching(self.name):
            data = self._read(len(buffer))
        if not data and isinstance(self.size, int) and self.tell() < self.size:
            raise CleanerError(f"{self.name}: ended at byte {self.tell()} of {self.size}: {AGAIN}")
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            return bytes(self.file.read(size))
        except ValueError as error:
            if self.streams or "range requests" not in str(error):
                raise
        place = self.tell()
        self.file.close()
        self.file, self.streams = self.stream(), True
        while (left := place - self.tell()) and self.file.read(min(left, PIECE)):
            pass
        return bytes(self.file.read(size))

    def close(self) -> None:
        """Close the file."""
        self.file.close()
        super().close()
