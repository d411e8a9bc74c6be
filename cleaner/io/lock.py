"""Keep two runs from writing one file at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleaner.errors import CleanerError

try:
    import fcntl
except ImportError:  # a system without; there the later of two runs wins, its file whole
    fcntl = None  # type: ignore[assignment]


@contextmanager
def hold_lock(path: str) -> Iterator[None]:
    """Hold the lock of an output while the body runs; CleanerError when another run has it.

    It is a lock on a hidden file beside the output (`.NAME.lock`; `.lock` inside of a folder that is there), which goes
    with it. The system frees it however the run ends; a file that a killed run has left is taken over. Pipes and
    devices have none.
    """
    target = Path(os.path.realpath(path))
    if fcntl is None or (target.exists() and not target.is_file() and not target.is_dir()):
        yield
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    name = f".{os.fsdecode(os.fsencode(target.name)[:200])}.lock"
    beside = target / ".lock" if target.is_dir() else target.with_name(name)
    handle = _take(beside, path)
    try:
        yield
    finally:
        beside.unlink(missing_ok=True)  # while it is still held: nobody else may take it for theirs
        os.close(handle)


def _take(beside: Path, path: str) -> int:
    """Open and lock the file; once more, where its holder removed it between the two."""
    while True:
        try:
            handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise OSError(error.errno, error.strerror, path) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if beside.exists() and os.path.samestat(os.fstat(handle), beside.stat()):
                return handle
        except BlockingIOError as error:
            os.close(handle)
            raise CleanerError(f"{path}: another run is writing it") from error
        except OSError:
            os.close(handle)
            raise
        os.close(handle)
