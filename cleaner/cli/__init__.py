"""The command line. Commands are imported when they are called: `cleaner --version` loads nothing else."""

from __future__ import annotations

import signal
from importlib import import_module
from types import FrameType
from typing import Any

import click

from cleaner import __version__
from cleaner.errors import CleanerError

COMMANDS = ("clean", "explain", "report", "restore", "review", "rules", "score")
FAILED, INTERRUPTED, CLOSED_PIPE, TERMINATED = 2, 130, 141, 143


class Shell(click.Group):
    """Finds commands in the module of their name, and turns failures into messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cleaner.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it returns is the exit code."""
        try:
            code = super().invoke(ctx)
        except BrokenPipeError:
            code = CLOSED_PIPE
        except KeyboardInterrupt:
            code = INTERRUPTED
        except (CleanerError, OSError) as error:
            click.echo(f"cleaner: {describe(error)}", err=True)
            code = FAILED
        ctx.exit(code or 0)


def describe(error: CleanerError | OSError) -> str:
    """Return a message that names the file."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    return str(error)


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cleaner")
def cli() -> None:
    """Turn raw OCR text of Chinese pages into clean articles; every change is logged and can be undone."""


def main() -> None:
    """Run the command line as a program."""
    signal.signal(signal.SIGTERM, _terminate)
    cli(prog_name="cleaner")


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)
