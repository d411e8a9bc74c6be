"""Messages go to the standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click


def tell(message: str) -> None:
    """Print a message; that nobody can read it (a closed stream, a full disk) does not end a run."""
    try:
        click.echo(message, err=True)
    except OSError:
        with suppress(OSError, ValueError):  # what is still buffered goes nowhere: Python flushes at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
