"""Messages go to the standard error."""

from __future__ import annotations

from cleaner.io.stderr import show_controls, write_stderr


def tell(message: str) -> None:
    """Print a message, controls in it by their numbers; that nobody can read it does not end a run."""
    write_stderr(show_controls(message) + "\n")
