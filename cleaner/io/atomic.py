"""Write files so that a reader sees the old content or the new, never half: beside the target, then renamed."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from types import TracebackType


class AtomicFile:
    """A file that appears under its name when it is committed.

    Its bytes go to a hidden file in the same folder (`.NAME….tmp`), or in another `folder` on the same disk, which is
    forced to disk and renamed. A symbolic link is followed; the permissions of an existing file are kept. What is not
    a regular file (a pipe, a device) is written directly. As a context manager it commits at the end, unless there was
    an error.
    """

    def __init__(self, path: str | Path, folder: Path | None = None) -> None:
        self.name, self.target = str(path), Path(os.path.realpath(path))
        self.temporary: Path | None = None
        self.file: FileIO  # without a buffer: a write that fails can be taken back
        if self.target.is_dir():
            raise IsADirectoryError(21, "Is a directory", self.name)
        if self.target.exists() and not self.target.is_file():
            self.file = FileIO(self.target, "wb")
            return
        import tempfile  # its own imports take as long as cleaning a line

        self.target.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{os.fsdecode(os.fsencode(self.target.name)[:60])}."
        try:
            with holding_signals():
                handle, name = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=folder or self.target.parent)
                self.temporary, self.file = Path(name), FileIO(handle, "wb")
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.name) from error
        except BaseException:  # Ctrl-C, which was held
            if self.temporary is not None:
                self.discard()
            raise

    def write(self, data: bytes) -> None:
        """Add bytes: all of them, or none where the disk is full (OSError)."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self.file.write(rest) :]
        except OSError as error:
            if self.temporary is not None:
                self.file.truncate(self.file.seek(len(rest) - len(data), os.SEEK_CUR))
            raise OSError(error.errno, error.strerror, self.name) from error

    def sync(self) -> None:
        """Force what was written to disk; pipes and devices cannot do so."""
        if self.temporary is not None:
            os.fsync(self.file.fileno())

    def commit(self) -> None:
        """Put the file in the target's place."""
        try:
            self.sync()
            self.file.close()
            if self.temporary is not None:
                _copy_permissions(self.target, self.temporary)
                self.temporary.replace(self.target)
                self.temporary = None
                _sync_folder(self.target.parent)
        finally:
            self.discard()

    def discard(self) -> None:
        """Close, and remove what was not committed."""
        with suppress(OSError):
            self.file.close()
        if self.temporary is not None:
            self.temporary.unlink(missing_ok=True)
            self.temporary = None

    def __enter__(self) -> AtomicFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()


@contextmanager
def holding_signals() -> Iterator[None]:
    """Let signals that end the program wait, where the system can: what is made must be known before they come."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def write_atomically(path: str | Path, data: bytes, folder: Path | None = None) -> None:
    """Replace a file's content by `data`; OSError leaves the file as it was. `folder` as for AtomicFile."""
    with AtomicFile(path, folder) as file:
        file.write(data)


def _copy_permissions(target: Path, temporary: Path) -> None:
    if not target.exists():
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        return
    old = target.stat()
    if (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with suppress(OSError):  # only the superuser may give files away
            os.chown(temporary, old.st_uid, old.st_gid)
    temporary.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
