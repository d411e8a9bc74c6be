"""Write messages to the standard error: a run goes on when nobody can read them, and they steer no terminal."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress

_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"  # compiled when first used


def show_controls(text: str) -> str:
    """Return a text for a terminal: controls but line feed and tab, and those of writing direction, by their numbers.

    File names and texts may have them.

    >>> show_controls("a\x1b[31m")
    'a<U+001B>[31m'
    """
    return re.sub(_CONTROLS, lambda match: f"<U+{ord(match[0]):04X}>", text)


def write_stderr(text: str) -> None:
    """Write text as it is; that the stream is closed, or its disk full, does not end a run."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        with suppress(OSError, ValueError):  # what is still buffered goes nowhere: Python flushes at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
