"""`cleaner dump`: clean dumps of many records, in several processes, resumable."""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING, Any, Unpack

import click

from cleaner.cli.messages import tell
from cleaner.cli.options import OBEYING, Choices, cleaner_options, name_kept, read_size, with_options
from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from cleaner.dump.model import Counts, Emit

REJECTED = 3


class Seconds(click.FloatRange):
    """A time; click takes nan, which no time is ever later than."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; `fail` where it is none."""
        seconds = float(super().convert(value, param, ctx))
        return self.fail(f"{value!r} is no time.", param, ctx) if math.isnan(seconds) else seconds


@click.command("dump", short_help="Clean dumps of many records, in several processes.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", default="-", metavar="OUT", help="File, or folder (ends with /); else standard output.")
@click.option("--ending", metavar="ENDING", help="Ending of the files in a folder, such as .jsonl.zst or .parquet.")
@click.option("--text-field", default="text", show_default=True, metavar="NAME", help="The field that holds the text.")
@click.option("--id-field", default="id", show_default=True, metavar="NAME", help="The field that names a record.")
@click.option("--emit", type=click.Choice(("documents", "articles")), default="documents", show_default=True,
              help="One record out for each one in, or one for each article.")  # fmt: skip
@click.option("--log", is_flag=True, help="Write the edit log beside each output: OUT.log.jsonl.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes that clean; default: one for a core."
)
@click.option("--resume/--restart", default=True, help="Go on where a run was killed (the default), or begin anew.")
@click.option("--max-errors", type=click.IntRange(0), metavar="N", help="Stop when more records are rejected.")
@click.option("--max-record", callback=read_size, default="16M", show_default=True, metavar="SIZE",
              help="Reject records of more bytes.")  # fmt: skip
@click.option("--max-text", callback=read_size, default="1M", show_default=True, metavar="SIZE",
              help="Reject texts of more bytes: cleaning takes some 240 times as much memory.")  # fmt: skip
@click.option("--max-ratio", type=click.IntRange(1), default=1000, show_default=True, metavar="N",
              help="Leave compressed files that become more than N times as large (and 64 MB).")  # fmt: skip
@click.option("--max-plain", callback=read_size, default="1T", show_default=True, metavar="SIZE",
              help="Leave compressed files that become larger.")  # fmt: skip
@click.option("--timeout", type=Seconds(0, min_open=True), default=120.0, show_default=True,
              metavar="SECONDS", help="Reject records that take longer, for each 100 kB begun.")  # fmt: skip
@click.option("--work", metavar="DIR", help="Folder for unfinished outputs; else beside them.")
@with_options(OBEYING)
@click.option("-q", "--quiet", is_flag=True, help="No progress, no summary.")
def command(
    inputs: tuple[str, ...], output: str, ending: str | None, text_field: str, id_field: str, emit: Emit, log: bool,
    jobs: int | None, resume: bool, max_errors: int | None, max_record: int, max_text: int, max_ratio: int,
    max_plain: int, timeout: float, work: str | None, encoding: str | None, quiet: bool, **choices: Unpack[Choices],
) -> int:  # fmt: skip
    """Clean the records of JSON Lines, Parquet and text files: INPUT is a file, a folder, a pattern, an address or -.

    Files may be compressed (.gz, .bz2, .xz, .zst). Records that cannot be cleaned go to OUT.rejects.jsonl; then the
    exit code is 3. A run that was killed goes on when the same command is given again.
    """
    from cleaner.dump.leftout import tell_left_out
    from cleaner.dump.model import Limits
    from cleaner.dump.plan import plan_tasks
    from cleaner.dump.progress import Progress
    from cleaner.dump.run import Run
    from cleaner.dump.setup import Setup
    from cleaner.dump.shards import find_shards
    from cleaner.io.names import STDOUT

    if output == STDOUT and log:
        raise click.UsageError("--log needs an output file or folder")
    setup = Setup(
        cleaner_options(choices), text_field, id_field, emit, check_encoding(encoding), log,
        Limits(max_record, max_ratio, max_plain, max_text), timeout,
    )  # fmt: skip
    shards, others = find_shards(inputs, output)
    if not shards:
        raise CleanerError(f"{' '.join(inputs)}: nothing to clean: {'; '.join(tell_left_out(others))}")
    tasks = plan_tasks(shards, output, ending, name_kept(choices))
    progress = Progress(tasks, quiet)
    for message in tell_left_out(others):
        progress.say(message)
    run = Run(tasks, setup, setup.make_cleaner().rules, jobs or count_cores(), max_errors, work, not resume)
    begun = time.monotonic()
    try:
        counts = run.clean(progress)
    finally:
        progress.clear()
    _tell(counts, time.monotonic() - begun, quiet)
    return REJECTED if counts.rejects else 0


def _tell(counts: Counts, seconds: float, quiet: bool) -> None:
    from cleaner.dump.progress import summarise

    if not quiet:
        tell(summarise(counts, seconds))


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_encoding(encoding: str | None) -> str | None:
    """Refuse encodings in which lines cannot be told apart; return the others."""
    if encoding is None:
        return None
    try:
        if "\n".encode(encoding) == b"\n":
            return encoding
    except (LookupError, UnicodeError):  # `undefined` can encode nothing
        pass
    raise click.UsageError(f"--encoding {encoding}: unknown, or one in which lines do not end with the byte 0A")
