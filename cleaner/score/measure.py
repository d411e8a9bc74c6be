"""Measure a page: pair its characters with the gold page's, then count all that is compared."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.score.align import align
from cleaner.score.articles import count_articles
from cleaner.score.boundaries import Tally, count_boundaries, count_false_joins, meet
from cleaner.score.characters import count_characters, count_dump
from cleaner.score.records import Record
from cleaner.score.side import Side, fold_text, strip_blanks


def measure_page(gold_records: Sequence[Record], made_records: Sequence[Record], dump: str | None = None) -> Tally:
    """Compare a page's predicted records with the gold ones; `dump` is the raw text they were made from."""
    gold, made = Side(gold_records), Side(made_records)
    bounds = [unit.start for unit in gold.units]
    found = align(gold.folded, made.folded, bounds)
    tally = Tally()
    tally.counts["pages"] = 1
    meeting = meet(gold, made, found)
    count_boundaries(gold, made, found, meeting, tally)
    count_false_joins(gold, meeting, tally)
    count_articles(gold, made, found, tally)
    count_characters(gold, made, found, tally)
    if dump is not None:
        count_dump(gold, fold_text(strip_blanks(dump)), bounds, found, tally)
    return tally
