"""`cleaner score`: compare cleaned pages with known ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from cleaner.score.boundaries import Tally
    from cleaner.score.files import Trio


@click.command("score", short_help="Compare cleaned pages with known ones.")
@click.argument("gold", metavar="GOLD")
@click.argument("pred", metavar="PRED")
@click.option("--dump", metavar="PATH", help="The raw text, or its folder: to tell what is lost from what never was.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--per-page", is_flag=True, help="Add the figures of each page.")
@click.option("--show", type=click.IntRange(min=0), default=0, metavar="N", help="Print N missed and N false joins.")
def command(gold: str, pred: str, dump: str | None, as_json: bool, per_page: bool, show: int) -> int:
    """Compare PRED with GOLD: .jsonl files of article records, or folders of them, matched by name.

    PRED is what `cleaner clean --format jsonl` wrote; GOLD has the same fields, put right by hand (docs/gold.md).
    """
    from cleaner.score.boundaries import Tally
    from cleaner.score.files import match_files

    outcome = Outcome(quiet=True)
    total, pages = Tally(), list[tuple[str, Tally]]()
    for trio in match_files(gold, pred, dump):
        try:
            tally = _measure(trio, dump is not None)
        except (CleanerError, OSError) as error:
            outcome.fail(error)
            continue
        total.add(tally)
        pages.append((trio.name, tally))
    if pages:
        _print(total, pages if per_page else [], as_json, show)
    return outcome.code


def _measure(trio: Trio, wants_dump: bool) -> Tally:
    from cleaner.decode import decode_bytes
    from cleaner.score.measure import measure_page
    from cleaner.score.records import read_records

    if trio.made is None:
        raise CleanerError(f"{trio.gold}: no prediction for this page")
    if wants_dump and trio.dump is None:
        raise CleanerError(f"{trio.gold}: no dump for this page")
    text = None if trio.dump is None else decode_bytes(trio.dump.read_bytes(), str(trio.dump)).text
    return measure_page(read_records(trio.gold), read_records(trio.made), text)


def _print(total: Tally, pages: list[tuple[str, Tally]], as_json: bool, show: int) -> None:
    from cleaner.io.jsonlines import json_line
    from cleaner.io.stdout import write_stdout
    from cleaner.score.figures import make_figures
    from cleaner.score.table import format_pages, format_table

    figures = make_figures(total.counts)
    each = [(name, make_figures(tally.counts)) for name, tally in pages]
    examples = {"missed": total.missed[:show], "false": total.false[:show]}
    if as_json:
        extra = ({"per_page": dict(each)} if each else {}) | ({"examples": examples} if show else {})
        write_stdout(json_line({**figures, **extra}))
        return
    write_stdout(format_table(figures))
    if each:
        write_stdout("\n" + format_pages(each))
    for kind, texts in examples.items():
        for text in texts:
            write_stdout(f"{kind} join: {text}\n")
