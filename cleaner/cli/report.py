"""`cleaner report`: show what was changed, as one HTML page."""

from __future__ import annotations

from typing import Unpack

import click

from cleaner.cli.job import Job
from cleaner.cli.options import OBEYING, Choices, make_cleaner, name_kept, with_options
from cleaner.cli.outcome import Outcome


@click.command("report", short_help="Show what would be changed, as one HTML page.")
@click.argument("paths", nargs=-1, required=True, metavar="PAGE...")
@click.option("-o", "--output", required=True, metavar="FILE", help="The HTML file; - for the standard output.")
@with_options(OBEYING)
@click.option("-q", "--quiet", is_flag=True, help="No summary line.")
def command(
    paths: tuple[str, ...], output: str, encoding: str | None, quiet: bool, **choices: Unpack[Choices]
) -> int:  # fmt: skip
    """Show raw and clean text side by side, with each change, its rule, reason and evidence.

    PAGEs are files, the *.txt files of folders, or - for the standard input. The report is one HTML file that needs
    no network and no other file. Pages that cannot be read are left out of it and named.
    """
    from cleaner.io.atomic import write_atomically
    from cleaner.io.names import refuse_overwriting
    from cleaner.io.stdout import write_stdout
    from cleaner.report.html import describe_run, make_report
    from cleaner.report.judge import Judge

    outcome = Outcome(quiet=quiet)
    job = Job(make_cleaner(choices), encoding, "text", outcome)
    sources = job.find(paths)
    inputs = [source.path for source in sources if source.path]
    refuse_overwriting([] if output == "-" else [output], [*inputs, *name_kept(choices)])
    pages = job.clean_all(sources)
    rules = job.cleaner.rules
    named = [(read.source.name, read.page) for read in pages]
    document = make_report(named, Judge(rules), describe_run(rules)).encode("utf-8")
    if output == "-":
        write_stdout(document)
    else:
        write_atomically(output, document)
    outcome.summarise()
    return outcome.code
