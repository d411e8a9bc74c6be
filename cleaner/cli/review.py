"""`cleaner review`: decide in a browser about what was changed."""

from __future__ import annotations

from typing import Unpack

import click

from cleaner.cli.job import Job
from cleaner.cli.messages import tell
from cleaner.cli.options import CLEANING, Choices, make_cleaner, with_options
from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError


@click.command("review", short_help="Decide in a browser about changes and suggestions.")
@click.argument("paths", nargs=-1, required=True, metavar="PAGE...")
@click.option("-o", "--output", default="review", show_default=True, metavar="FOLDER",
              help="Where decisions.jsonl and examples.toml are kept.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; 0 is any free one.")
@click.option("--open", "browse", is_flag=True, help="Open the page in the browser.")
@with_options(CLEANING)
def command(
    paths: tuple[str, ...], output: str, port: int, browse: bool, encoding: str | None, **choices: Unpack[Choices]
) -> int:  # fmt: skip
    """Serve the report with buttons: accept, reject or edit each change and each suggestion.

    The page is served on this machine only, at the address that is printed, until Ctrl-C. Each decision is saved at
    once; `cleaner clean --decisions FOLDER/decisions.jsonl` obeys them. PAGEs are as for `clean`.
    """
    from pathlib import Path

    from cleaner.io.lock import hold_lock
    from cleaner.report.html import describe_run, make_report
    from cleaner.report.judge import Judge
    from cleaner.review.server import ReviewServer
    from cleaner.review.session import DECISIONS, Session, inside_folder

    outcome = Outcome()
    job = Job(make_cleaner(choices), encoding, "text", outcome)
    rules = job.cleaner.rules
    pages = [(read.source.name, read.page) for read in job.clean_all(job.find(paths))]
    if not pages:
        raise CleanerError("nothing to review")
    with hold_lock(str(inside_folder(Path(output), DECISIONS))):
        session = Session(pages, output, rules, choices["rules"])
        judge, about = Judge(rules), describe_run(rules)
        with ReviewServer(session, lambda review: make_report(pages, judge, about, review), port) as server:
            outcome.summarise()
            tell(f"Review at {server.address}\nCtrl-C ends it.")
            if browse:
                click.launch(server.address)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                tell(f"\n{len(session.decisions)} decisions in {session.files[DECISIONS]}")
    return outcome.code
