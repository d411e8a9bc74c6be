"""Keep parsed rule files and compiled patterns of the bundled rules between runs, in the user's cache folder.

The file holds numbers and JSON only, so reading it runs no code; `re` checks code words before it takes them. Entries
are found by a hash of what they were made from, the file by the versions of Cleaner and Python and by a digest of the
code that makes the entries. A file that is damaged or odd, or that others may write, is not read and is made anew; so
is a fact that does not look as this code makes them.
CLEANER_CACHE names another folder; set to nothing it switches this off.
"""

from __future__ import annotations

import atexit
import json
import os
import stat
import sys
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cleaner import __version__
from cleaner.engine.patterns import STORE, hash_bytes
from cleaner.io.shapes import check_code, check_fact, check_span

MAGIC = b"ocr-cleaner cache 2\n"
LARGEST = 1 << 25  # bytes; a larger file is begun anew with what this run has asked for
CODE = ("engine/*.py", "layout/edge*.py", "layout/gates.py", "io/cache.py")  # what makes the entries, below the package
_opened = False


def open_cache() -> None:
    """Read the kept store, once in a process, and write it at the end if it has grown."""
    global _opened
    folder = cache_folder()
    if _opened or folder is None:
        return
    _opened = True
    path = folder / f"{_name()}.cache"
    read_store(path)
    atexit.register(write_store, path)


def cache_folder() -> Path | None:
    """Return the folder for the cache; None where there shall be none."""
    named = os.environ.get("CLEANER_CACHE")
    if named is not None:
        return Path(named) if named else None
    try:
        home = Path("~").expanduser()
    except RuntimeError:  # a user without a home, as in containers
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "ocr-cleaner"


def read_store(path: Path) -> None:
    """Fill the store from a file; a file that is missing, damaged or not the user's own is passed over."""
    try:
        codes, packed = _parse(_read_own(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError):
        STORE.grown = STORE.grown or path.is_file()  # so that it is made anew
        return
    STORE.codes.update(codes)
    STORE.packed.update(packed)
    STORE.unpack = unpack_fact


def _read_own(path: Path) -> bytes:
    """Return the content of a file of the user's own; ValueError when it is another's, none, or too large."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe's end is not waited for
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
            raise ValueError("not the user's own")
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST + len(MAGIC) + 64:
            raise ValueError("no cache")
        return file.read(status.st_size)


def unpack_fact(key: str, data: bytes) -> Any:
    """Return a fact as it was kept; None for an odd one, which is made anew."""
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError):
        fact = json.loads(data)
        check_fact(key, fact)
        return fact
    return None


def _parse(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what a file holds, facts as they are written; ValueError when it is damaged."""
    head = len(MAGIC) + 64
    body = memoryview(data)[head:]
    if not data.startswith(MAGIC) or _digest(body) != data[len(MAGIC) : head]:
        raise ValueError("damaged")
    length = int.from_bytes(body[:8], "big")
    index = json.loads(bytes(body[8 : 8 + length]))
    rest = bytes(body[8 + length :])
    codes, facts = index["codes"], index["facts"]
    for row in codes.values():
        check_code(row, len(rest))
    for span in facts.values():
        check_span(span, len(rest))
    words = memoryview(rest)
    return (
        {key: (*row[:3], words[row[3] : row[4]]) for key, row in codes.items()},
        {key: rest[start:end] for key, (start, end) in facts.items()},
    )


def _digest(body: bytes | memoryview) -> bytes:
    return blake2b(body, digest_size=32).hexdigest().encode()


def write_store(path: Path) -> None:
    """Write the store, if it has grown; a folder that cannot be written to is passed over."""
    if not STORE.grown:
        return
    body = _pack_store(STORE.packed)
    if len(body) > LARGEST:
        body = _pack_store({})
    if len(body) > LARGEST:
        return
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{time.time_ns()}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # follows no link that lies there
        try:
            with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
                file.write(MAGIC + _digest(body) + body)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _pack_store(packed: dict[str, bytes]) -> bytes:
    """Return what is kept: codes, this run's facts, and those of former runs that it has not asked for."""
    codes: dict[str, list[Any]] = {}
    spans: dict[str, list[int]] = {}
    parts: list[bytes] = []
    at = 0
    facts = STORE.facts.copy()  # other threads may still add some
    for key, (flags, groups, names, code) in STORE.codes.copy().items():
        codes[key] = [flags, groups, names, at, at + len(code)]
        parts.append(bytes(code))
        at += len(code)
    for key in dict.fromkeys([*packed, *facts]):
        parts.append(_pack(facts[key]) if key in facts else packed[key])
        spans[key] = [at, at + len(parts[-1])]
        at += len(parts[-1])
    index = _pack({"codes": codes, "facts": spans})
    return len(index).to_bytes(8, "big") + index + b"".join(parts)


def _pack(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _name() -> str:
    """Return a name that changes with the versions of Cleaner, of Python and of its patterns' code."""
    versions = (__version__, _digest_code(), sys.implementation.cache_tag, sys.version, sys.byteorder)
    return hash_bytes(repr(versions).encode())


def _digest_code(package: Path = Path(__file__).parent.parent) -> str:
    """Return a digest of the code that makes the entries."""
    paths = sorted(path for pattern in CODE for path in package.glob(pattern))
    return hash_bytes(b"".join(path.read_bytes() for path in paths))
