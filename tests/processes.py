"""Wait for other processes. No test may fail because a machine is slow or busy: the bound here only ends a hang."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

PATIENCE = 300  # seconds, within which whatever a test waits for is done on any machine


def wait_until(condition: Callable[[], bool], process: Popen[bytes] | None = None) -> None:
    """Wait until it is so; AssertionError when the process that should bring it about has ended before."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert process is None or process.poll() is None or condition(), f"ended with {process.returncode}"
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Say whether a process is there (Linux); one that has ended may stay in the list until its parent asks for it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False
