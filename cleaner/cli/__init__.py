"""The command line. Commands are imported when they are called: `cleaner --version` loads nothing else."""

from __future__ import annotations

import re
import signal
from importlib import import_module
from itertools import pairwise
from types import FrameType
from typing import Any

import click

from cleaner import __version__
from cleaner.cli.messages import tell
from cleaner.errors import CleanerError, DefectError
from cleaner.interrupt import INTERRUPTED, raise_interrupts

COMMANDS = ("clean", "completion", "dump", "explain", "report", "restore", "review", "rules", "score")
FAILED, DEFECT, CLOSED_PIPE = 2, 70, 141  # 70 is EX_SOFTWARE of sysexits.h
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP
_MAY_BE_EMPTY = {"--replace"}  # options
_EMPTY = re.compile("(--[a-z-]+)=")
SETTINGS = "cleaner.settings"  # where the context keeps the name of the file with the settings


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
        if ctx.resilient_parsing:  # a shell asks what may come next
            from cleaner.cli.completion import complete_values

            complete_values(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and give it the defaults that the project's settings have for it."""
        name, command, rest = super().resolve_command(ctx, args)
        empty = {before for before, arg in pairwise(["", *rest]) if arg == ""}
        empty |= {found[1] for found in map(_EMPTY.fullmatch, rest) if found}
        if empty - _MAY_BE_EMPTY and not ctx.resilient_parsing:
            raise click.UsageError("an argument is empty: is a variable of the shell not set?")
        if command is not None and name is not None and not ctx.resilient_parsing:
            ctx.default_map = {name: _find_defaults(ctx, command)}
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it returns is the exit code."""
        try:
            with raise_interrupts():
                code = super().invoke(ctx)
        except KeyboardInterrupt:
            code = INTERRUPTED
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, a program ends with a code that says so
            code = _tell_failure(error)
        ctx.exit(code or 0)


def _tell_failure(error: Exception) -> int:
    """Say what has ended a command; return the exit code."""
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, KeyboardInterrupt):
        return INTERRUPTED  # wrapped where a class was being made
    if isinstance(error, MemoryError):
        tell("cleaner: the memory is full; what was done before is whole")
        return FAILED
    if isinstance(error, CleanerError | OSError):
        tell(f"cleaner: {describe(error)}")
        return DEFECT if isinstance(error, DefectError) else FAILED
    from traceback import format_exception

    tell("".join(format_exception(error)).rstrip("\n"))
    tell("cleaner: a defect of Cleaner: please report what stands above. What was done before is whole")
    return DEFECT


def describe(error: CleanerError | OSError) -> str:
    """Return a message that names the file."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    return str(error)


def _find_defaults(ctx: click.Context, command: click.Command) -> dict[str, Any]:
    from pathlib import Path

    from cleaner.cli.config import find_config, make_defaults, read_config

    if ctx.params["isolated"]:
        return {}
    try:
        path = Path(ctx.params["config"]) if ctx.params["config"] else find_config(Path.cwd())
    except FileNotFoundError:  # the current folder was removed
        return {}
    if path is None:
        return {}
    ctx.meta[SETTINGS] = str(path)
    return make_defaults(read_config(path), path, list(COMMANDS), command)


EPILOG = """\b
Examples:
  cleaner clean page.txt                        clean text to the standard output
  cleaner clean pages/ -o clean/ --log run.log  a folder, with the way back
  cleaner report pages/ -o report.html          what changes and why, in the browser
  cleaner restore clean/ --log run.log -o raw/  the raw bytes again
\b
Settings of a project stand in cleaner.toml or in [tool.cleaner] of pyproject.toml.
Exit codes: 0 done; 1 changes or failures were found where they were asked for;
2 wrong usage, or a file that could not be done; 3 records were put aside (dump);
70 a defect of Cleaner.
NO_COLOR=1 turns colours off.
"""


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    help="Settings to use, instead of those found from this folder upwards.",
)
@click.option("--isolated", is_flag=True, help="Use no settings but those typed.")
@click.version_option(__version__, prog_name="cleaner")
def cli(config: str | None, isolated: bool) -> None:
    """Turn raw OCR text of Chinese pages into clean articles; every change is logged and can be undone."""


def main() -> None:
    """Run the command line as a program."""
    for number in _ENDING:  # nohup has SIGHUP ignored, and that stays
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _terminate)
    try:
        cli(prog_name="cleaner")
    except OSError as error:  # of `--help` and `--version`, which run no command
        tell(f"cleaner: {describe(error)}")
        raise SystemExit(FAILED) from error


def _terminate(number: int, frame: FrameType | None) -> None:
    for other in _ENDING:  # some senders send twice: what tidies up must not be broken off
        if signal.getsignal(other) is _terminate:
            signal.signal(other, _ignore)
    raise SystemExit(128 + number)


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing; unlike SIG_IGN this is not inherited."""
