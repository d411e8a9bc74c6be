"""Write bytes to the standard output, whatever the locale says."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from cleaner.errors import CleanerError


def write_stdout(data: str | bytes) -> None:
    """Write text as UTF-8, or bytes, and flush; OSError when the reader is gone or the disk is full.

    What UTF-8 cannot hold, as in file names of other encodings, is written as a backslash and its number.
    With PYTHONUNBUFFERED set, the stream is the bare file, which may take only a part at a time.
    """
    if sys.stdout is None:
        raise CleanerError("-: the standard output is closed")
    rest = memoryview(data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data)
    try:
        while rest:
            rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except OSError as error:
        _drop_stdout()
        raise OSError(error.errno, error.strerror, "standard output") from error


def _drop_stdout() -> None:
    """Send what is still buffered to nowhere, that Python's own flush at exit does not fail again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_terminal() -> bool:
    """Say whether somebody looks at the standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour() -> bool:
    """Say whether the standard output is a terminal that shows colours, and NO_COLOR (no-color.org) is not set."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal()
