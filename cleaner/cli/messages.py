"""Messages go to the standard error; what is shown on a terminal must not steer it."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress

import click

_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"


def show_controls(text: str) -> str:
    """Return a text for a terminal: controls but line feed and tab, and those of writing direction, by their numbers.

    >>> show_controls("a\x1b[31m")
    'a<U+001B>[31m'
    """
    return re.sub(_CONTROLS, lambda match: f"<U+{ord(match[0]):04X}>", text)


def tell(message: str) -> None:
    """Print a message; that nobody can read it (a closed stream, a full disk) does not end a run.

    Controls in it, as file names and texts may have them, are shown by their numbers: they must not steer a terminal.
    """
    try:
        click.echo(show_controls(message), err=True)
    except OSError:
        with suppress(OSError, ValueError):  # what is still buffered goes nowhere: Python flushes at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
