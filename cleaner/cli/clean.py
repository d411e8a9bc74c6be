"""`cleaner clean`: clean pages and write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Unpack

import click

from cleaner.cli.job import Job, Read, compare_pages, encode
from cleaner.cli.options import OBEYING, Choices, make_cleaner, name_kept, read_size, with_options
from cleaner.cli.outcome import Outcome

if TYPE_CHECKING:
    from cleaner.cli.logfile import RunLog
    from cleaner.io.outputs import Files, Stream
    from cleaner.io.read import Source


@click.command("clean", short_help="Clean pages and write them.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(("text", "markdown", "jsonl")), default="text", show_default=True,
              help="What to write.")  # fmt: skip
@click.option("-o", "--output", metavar="PATH", help="File, or folder for several inputs; else standard output.")
@click.option("--in-place", is_flag=True, help="Overwrite the inputs (text only).")
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change; exit code 1 if any.")
@click.option("--diff", is_flag=True, help="Write nothing but the differences; exit code 1 if any.")
@click.option("--log", metavar="FILE", help="Write the edit log, from which `restore` makes the raw bytes again.")
@click.option("--no-log", is_flag=True, help="With --in-place: keep no way back to the raw bytes.")
@with_options(OBEYING)
@click.option("--max-page", callback=read_size, default="64M", show_default=True, metavar="SIZE",
              help="Refuse larger inputs.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No summary line.")
def command(
    paths: tuple[str, ...], form: str, output: str | None, in_place: bool, check: bool, diff: bool, log: str | None,
    no_log: bool, encoding: str | None, max_page: int, quiet: bool, **choices: Unpack[Choices],
) -> int:  # fmt: skip
    """Clean pages: files, the *.txt files of folders, or - for the standard input.

    Inputs may be in UTF-8, UTF-16, UTF-32, GB18030 (GBK, GB2312) or Big5; the output is UTF-8.
    """
    if form != "text" and (in_place or check or diff):
        raise click.UsageError("--in-place, --check and --diff work with text only, not with --format")
    if (in_place or check or diff) and output is not None:
        raise click.UsageError("--in-place, --check and --diff do not go with --output")
    if (check or diff) and (in_place or log):
        raise click.UsageError("--check and --diff write nothing: leave out --in-place and --log")
    if in_place and "-" in paths:
        raise click.UsageError("--in-place cannot overwrite the standard input")
    if no_log and (log or not in_place):
        raise click.UsageError("--no-log goes with --in-place, without --log")
    if in_place and not (log or no_log):
        raise click.UsageError(
            "--in-place overwrites the raw texts: name a file for the way back by --log, or type --no-log to keep none"
        )
    outcome = Outcome(check or diff, quiet)
    job = Job(make_cleaner(choices), encoding, form, outcome, max_page)
    if check or diff:
        compare_pages(job, paths, check, diff)
    else:
        _write(job, paths, output, in_place, log, choices)
    return outcome.code


def _write(
    job: Job, paths: tuple[str, ...], output: str | None, in_place: bool, log: str | None, choices: Choices
) -> None:
    from cleaner.io.lock import hold_lock
    from cleaner.io.outputs import goes_to_folder, open_outputs

    sources = job.find(paths)
    many = len(sources) > 1 or _names_folder(paths)
    with ExitStack() as stack:
        named = output if output != "-" else None
        folder = named if named is not None and goes_to_folder(named, job.form, many) else None
        for name in dict.fromkeys([named, log]):
            if name is not None and name != folder:
                stack.enter_context(hold_lock(name))
        kept = name_kept(choices)
        outputs = open_outputs(sources, job.form, output, many=many, in_place=in_place, kept=kept)
        if folder is not None:  # it is there now
            stack.enter_context(hold_lock(folder))
        stack.push(lambda kind, error, trace: outputs.close(kind is None))
        writer = None
        if log is not None:
            from cleaner.cli.logfile import RunLog

            writer = stack.enter_context(RunLog(job, log, sources, outputs, in_place, choices))
        for batch in _batches(sources, job):
            if outputs.whole:
                _write_batch(job, batch, outputs, writer)
        if not outputs.whole:
            job.outcome.break_off(len(sources), "" if outputs.keeps(True) else str(output))
    job.outcome.summarise("changed" if in_place else "")


def _names_folder(paths: tuple[str, ...]) -> bool:
    from pathlib import Path

    return any(Path(path).is_dir() for path in paths)


def _batches(sources: list[Source], job: Job) -> Iterator[list[Source]]:
    """Return the inputs in runs that are held in memory together: one by one where no records show links."""
    from cleaner.io.read import batch_sources

    return batch_sources(sources) if job.form == "jsonl" else ([source] for source in sources)


def _write_batch(job: Job, sources: list[Source], outputs: Stream | Files, writer: RunLog | None) -> None:
    """Clean, link and write some pages; what cannot be done is told, and the others are done.

    Where the one file for all of them, or the log, could not be written, nothing more is done.
    """
    done: list[Read] = []
    for source in sources:
        with job.outcome.telling():
            done.append(job.read(source))
    if len(done) > 1:
        pages = job.cleaner.link_pages([read.page for read in done])
        done = [read._replace(page=page) for read, page in zip(done, pages, strict=True)]
    for read in done:
        if outputs.whole:
            with job.outcome.telling():
                _write_one(job, read, outputs, writer)


def _write_one(job: Job, read: Read, outputs: Stream | Files, writer: RunLog | None) -> None:
    from cleaner.io.formats import render_page

    source, data, decoded, page = read
    made = render_page(page, job.form)
    encode(made.data, source)
    with outputs.hold(source, data, made.data):
        name, span = outputs.place(source, made.data)
        if writer is not None:
            writer.add(source.name, name, job.form, data, decoded, page, made, span)
        job.outcome.add(page, outputs.write(source, made.data))
