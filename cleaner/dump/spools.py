"""The work folder of an output: what a run has made so far lies there in spools, until it is put in place."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cleaner.dump.leftout import WORK
from cleaner.dump.plan import Task
from cleaner.dump.remote import is_remote
from cleaner.errors import CleanerError

SPOOLS = ("records", "rejects", "log")
_OURS = re.compile(rf"({'|'.join(SPOOLS)})(\.whole)?|state\.json|\..*\.(tmp|lock)")


def work_folder(task: Task, folder: str | None) -> Path:
    """Return where a task's spools lie: beside the output, or in a folder named, where a hash keeps namesakes apart."""
    if folder is None and not is_remote(task.output):
        return Path(task.output + WORK)
    full = task.output if is_remote(task.output) else os.path.realpath(task.output)
    mark = hashlib.sha256(full.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return Path(folder or ".", f"{task.output.rsplit('/', 1)[-1]}.{mark}{WORK}")


def refuse_foreign(folder: Path) -> None:
    """Raise CleanerError when there is something of that name that no run has made: it would be taken away."""
    found = folder.iterdir() if folder.is_dir() else [folder] if folder.exists() else []
    if foreign := next((file for file in found if not _is_ours(file)), None):
        advice = "a run wants to work in a folder of that name: move it, or name another folder by --work"
        raise CleanerError(f"{foreign}: not made by a run, and {advice}")


def _is_ours(file: Path) -> bool:
    return file.is_file() and _OURS.fullmatch(file.name) is not None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Name the work folder in what the system says of a spool that it cannot write, as on a full disk."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        problem = f"{error.strerror}: once there is room, the same command goes on"
        raise OSError(error.errno, problem, str(folder)) from error


def open_spool(path: Path, size: int) -> IO[bytes]:
    """Open a spool for more, cut to what the state knows of; CleanerError when it is shorter than that."""
    path.touch()
    file = path.open("r+b")
    if file.seek(0, os.SEEK_END) < size:
        file.close()
        raise CleanerError(f"{path}: shorter than when the run was stopped: begin anew with --restart")
    file.truncate(size)
    file.seek(size)
    return file
