"""Find, open and identify inputs: local files, and what has an address (cleaner/dump/remote.py)."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from cleaner.dump.remote import connect, is_remote, open_address, reaching, strip_query
from cleaner.errors import CleanerError
from cleaner.io.names import STDIN

BUFFER = 1 << 20


def open_input(name: str) -> IO[bytes]:
    """Open for reading; OSError, or of an address CleanerError, when that is not possible."""
    if name == STDIN:
        if sys.stdin is None:
            raise CleanerError("-: the standard input is closed")
        return sys.stdin.buffer
    return open_address(name, BUFFER) if is_remote(name) else Path(name).open("rb")


def identify(name: str) -> dict[str, Any]:
    """Return what tells a file from a changed one: size and time of the last change; for an address, what it says."""
    if name == STDIN:
        return {"name": name, "size": None, "changed": None}
    if is_remote(name):
        system, path = connect(name)
        with reaching(name):
            return {"name": name, "size": system.size(path), "changed": str(system.ukey(path))}
    found = Path(name).stat()
    if not stat.S_ISREG(found.st_mode):  # a pipe: it has neither, and is read once
        return {"name": name, "size": None, "changed": None}
    return {"name": name, "size": found.st_size, "changed": found.st_mtime_ns}


def is_read_once(identity: dict[str, Any]) -> bool:
    """Say whether an input is the standard input or a pipe: nobody can read it again, nor tell it from others."""
    return identity.get("changed", "") is None


def expand(name: str) -> list[str]:
    """Return the files that a name stands for, sorted: of a folder all below it, of a pattern all that fit, or itself.

    Of a pattern folders may be among them. Links are followed. CleanerError when there are none, or no file of the
    name, or links lead round in a circle; OSError for a folder that cannot be read.
    """
    if name == STDIN:
        return [name]
    found = _expand_address(name) if is_remote(name) else _expand_path(name)
    if not found:
        raise CleanerError(f"{name}: no such file, or nothing in it")
    return sorted(found)


def _expand_path(name: str) -> list[str]:
    if Path(name).is_dir():
        return list(_walk(name, ()))
    if Path(name).exists():
        return [name]
    paths = glob.glob(name, recursive=True) if glob.has_magic(name) else []  # noqa: PTH207 - a pattern may be absolute
    goes_below = "**" in name  # else what is in a folder that fits is not among them
    return [path for path in paths if not (goes_below and Path(path).is_dir())]


def _walk(folder: str, above: tuple[str, ...]) -> Iterator[str]:
    real = os.path.realpath(folder)
    if real in above:
        raise CleanerError(f"{folder}: a link to a folder that it lies in: links lead round in a circle")
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _walk(entry.path, (*above, real))
            else:
                yield entry.path


def _expand_address(name: str) -> list[str]:
    system, path = connect(name)
    with reaching(name):
        if glob.has_magic(strip_query(name)):
            paths = system.glob(path)
        elif not name.startswith("http") and system.isdir(path):
            paths = system.find(path)
        else:
            return [name] if system.exists(path) else []
        return [system.unstrip_protocol(path) for path in paths]


def spell(address: str) -> str:
    """Return an address as `expand` spells it."""
    system, path = connect(address)
    return str(system.unstrip_protocol(path))


def locate(name: str) -> str:
    """Return what is the same however a file is named: its real path, or its address as `expand` spells it."""
    if name == STDIN:
        return name
    if not is_remote(name):
        return os.path.realpath(name)
    if "::" in name:  # what is inside an archive has no other name
        return name
    return spell(name)
