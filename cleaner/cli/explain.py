"""`cleaner explain`: say what was changed on a page, and why."""

from __future__ import annotations

from typing import Unpack

import click

from cleaner.cli.messages import tell
from cleaner.cli.options import OBEYING, Choices, make_cleaner, with_options
from cleaner.errors import CleanerError


@click.command("explain", short_help="Say what would be changed on a page, and why.")
@click.argument("page", metavar="PAGE")
@click.option("--format", "form", type=click.Choice(("text", "json", "sarif")), default="text", show_default=True,
              help="How to print it.")  # fmt: skip
@click.option("--rule", metavar="ID", help="Only the changes and flags of one rule.")
@with_options(OBEYING)
def command(page: str, form: str, rule: str | None, encoding: str | None, **choices: Unpack[Choices]) -> None:
    """Say what would be changed on PAGE (a file, or - for the standard input): where, by which rule, and why.

    Joined lines come with the evidence for the join and its weights (log-odds). Flags mark places for a person to see.
    """
    from pathlib import Path

    from cleaner.decode import decode_bytes
    from cleaner.io.jsonlines import json_line
    from cleaner.io.read import Source
    from cleaner.io.stdout import write_stdout
    from cleaner.report.explain import explain_page, format_explanation
    from cleaner.report.judge import Judge

    source = Source(page, None if page == "-" else Path(page))
    cleaner = make_cleaner(choices)
    judge = Judge(cleaner.rules)
    cleaned = cleaner.clean_page(decode_bytes(source.read(), page, encoding).text)
    if rule is not None and rule not in judge.whys and not any(rule in e.rule.split("+") for e in cleaned.edits):
        raise CleanerError(f"no such rule: {rule!r} (see `cleaner rules list`)")
    explained = explain_page(cleaned, judge, rule)
    if form == "sarif":
        from cleaner.report.sarif import make_sarif

        write_stdout(json_line(make_sarif(explained, cleaned.raw, page, judge, cleaner.rules.digest)))
        return
    if form == "json":
        write_stdout(json_line({"input": page, **explained}))
        return
    write_stdout(format_explanation(explained, page))
    tell(f"{len(explained['edits'])} edits, {len(explained['flags'])} flags")
