"""Keep two runs from writing one file at the same time."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleaner.errors import CleanerError
from cleaner.io.stderr import show_controls, write_stderr

try:
    import fcntl
except ImportError:  # a system without; there the later of two runs wins, its file whole
    fcntl = None  # type: ignore[assignment]

# What a file system says that has no locks: NFS without its lock service, Lustre mounted without them, some FUSE.
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOTTY)
TRIES = 100  # to lock a file that is there under its name; some file systems give it another number each time
_told = False


@contextmanager
def hold_lock(path: str) -> Iterator[None]:
    """Hold the lock of an output while the body runs; CleanerError when another run has it.

    It is a lock on a hidden file beside the output (`.NAME.lock`; `.lock` inside of a folder that is there), which goes
    with it. The system frees it however the run ends; a file that a killed run has left is taken over. Pipes and
    devices have none. Where the file system has no locks, the run goes on without: one line says so, once.
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
    for left in reversed(range(TRIES)):
        try:
            handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            if beside.is_symlink():
                raise CleanerError(f"{beside}: a link where the lock of {path} should be: move it") from error
            raise OSError(error.errno, error.strerror, path) from error
        try:
            if os.fstat(handle).st_size:
                raise CleanerError(f"{beside}: not made by Cleaner, and the lock of {path} has that name: move it")
            if not _lock(handle, path) or _is_at(handle, beside):
                return handle
            if not left:
                _tell_once(path, "files have no lasting numbers")
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
    raise AssertionError("the last try returns")


def _lock(handle: int, path: str) -> bool:
    """Lock an open file; return whether the file system can."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CleanerError(f"{path}: another run is writing it") from error
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise OSError(error.errno, error.strerror, path) from error
        _tell_once(path, str(error.strerror))
        return False
    return True


def _is_at(handle: int, path: Path) -> bool:
    """Say whether an open file is still the one at its path."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _tell_once(path: str, reason: str) -> None:
    global _told
    if _told:
        return
    _told = True
    problem = f"no locks on this file system ({reason}): see to it that no other run writes the same output"
    write_stderr(f"cleaner: {show_controls(path)}: {problem}\n")
