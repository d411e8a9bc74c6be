"""Make the output of what was spooled: compressed or as Parquet, counted once more, hashed, and put in place whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from cleaner.dump.lines import BLOCK
from cleaner.dump.remote import connect, is_remote, reaching
from cleaner.io.atomic import AtomicFile
from cleaner.io.codec import codec_of, open_writer
from cleaner.io.names import STDIN


@dataclass(slots=True)
class Published:
    """A file that was put in place: its size in bytes, its digest, how many lines or rows it has."""

    name: str
    size: int = 0
    sha256: str = ""
    records: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256, "records": self.records}


class _Hashed:
    """A stream that is written to a file, hashed and measured."""

    def __init__(self, file: AtomicFile) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: committing does."""

    def close(self) -> None:
        """Do nothing: committing does."""

    @property
    def closed(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self.size


def publish(spool: Path, name: str, write: Any, expected: int) -> Published:
    """Write the output `name` from a spool by `write` (spool, stream → records), and put it in place.

    Nothing is put there when it would hold other than `expected` records: ValueError.
    """
    local = spool.with_suffix(".whole") if is_remote(name) else Path(name)
    done = Published(name)
    with AtomicFile(local, same_disk(spool.parent, local)) as file:
        stream = _Hashed(file)
        with spool.open("rb") as source:
            done.records = write(source, cast("IO[bytes]", stream))
        if done.records != expected:
            raise ValueError(f"{done.records} records written, {expected} counted")
        done.size, done.sha256 = stream.size, stream.digest.hexdigest()
    if is_remote(name):
        system, path = connect(name)
        with reaching(name):
            system.put_file(str(local), path)
    return done


def same_disk(folder: Path, target: Path) -> Path | None:
    """Return the folder if a file can be renamed from there to the target, else None.

    A temporary file in the work folder goes away with it, also when it is a killed run's.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    return folder if folder.stat().st_dev == target.resolve().parent.stat().st_dev else None


def remove(name: str) -> None:
    """Remove a file if it is there."""
    if not is_remote(name):
        Path(name).unlink(missing_ok=True)
        return
    system, path = connect(name)
    with reaching(name):
        if system.exists(path):
            system.rm_file(path)


def line_writer(name: str) -> Any:
    """Return the function that writes lines, compressed by the ending of `name`."""

    def write(source: IO[bytes], stream: IO[bytes]) -> int:
        lines = 0
        codec = codec_of(name)
        out = open_writer(stream, codec)
        while piece := source.read(BLOCK):
            lines += piece.count(b"\n")
            out.write(piece)
        if codec:
            out.close()
        return lines

    return write


def hash_file(name: str) -> str | None:
    """Return a local file's digest; None for what cannot be read twice, or only over the network."""
    if name == STDIN or is_remote(name) or not Path(name).is_file():
        return None
    digest = hashlib.sha256()
    with Path(name).open("rb") as file:
        for piece in _pieces(file):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(BLOCK):
        yield piece
