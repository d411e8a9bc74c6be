"""Fit join evidence on gold pages: collect the boundaries, fit, say what came of it, write the weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cleaner.decode import decode_bytes
from cleaner.engine.compile import Context
from cleaner.engine.profile import RuleSet
from cleaner.engine.run import Trail, run_rules
from cleaner.errors import CleanerError
from cleaner.io.atomic import write_atomically
from cleaner.layout.fit import Verdicts, fit_weights, judge_samples, write_weights
from cleaner.layout.samples import GoldText, Sample, collect_samples
from cleaner.score.files import DUMP, RECORDS, list_files, merge_files
from cleaner.score.records import read_records
from cleaner.score.side import flatten
from cleaner.score.table import align_columns


class GoldPage(NamedTuple):
    """A page: its name, what is known of its text, and its dumps."""

    name: str
    gold: Path
    dumps: tuple[Path, ...]


@dataclass(slots=True)
class Fit:
    """What fitting one step gave: weights before and after, and the boundaries they were fitted and checked on."""

    step: str
    before: dict[str, float]
    after: dict[str, float] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    held: list[Sample] = field(default_factory=list)

    def changes(self) -> dict[str, float]:
        """Return the weights that are others than before."""
        return {name: weight for name, weight in self.after.items() if weight != self.before[name]}


def find_pages(gold: Sequence[str], dumps: Sequence[str]) -> list[GoldPage]:
    """Return the gold pages, by name, each with its dump from every folder that has one."""
    folders = [list_files(folder, DUMP) for folder in dumps]
    pages: list[GoldPage] = []
    for name, path in sorted(merge_files(gold, RECORDS).items()):
        found = tuple(folder[name] for folder in folders if name in folder)
        if not found:
            raise CleanerError(f"{path}: no dump for this page in {', '.join(dumps)}")
        pages.append(GoldPage(name, path, found))
    return pages


def fit_steps(pages: Sequence[GoldPage], rules: RuleSet, steps: Sequence[str], hold: float) -> list[Fit]:
    """Fit the evidence for each step; every n-th page, `hold` of all, is held back to check the weights on."""
    every = round(1 / hold) if hold else 0
    if every > len(pages):
        raise CleanerError(f"{len(pages)} pages are too few to hold every {every}th back")
    fits = [Fit(step, {e.rule.id: e.rule.weight for e in rules.evidence if e.rule.step == step}) for step in steps]
    for number, page in enumerate(pages, 1):
        texts = [text for record in read_records(page.gold) for _, text in flatten(record)]
        gold = GoldText.of(texts)
        for dump in page.dumps:
            raw = decode_bytes(dump.read_bytes(), str(dump)).text
            text = run_rules(rules.characters, raw, Context(options=rules.options), rules.tiers, Trail())
            for fit in fits:
                samples = collect_samples(text, rules, fit.step, gold)
                (fit.held if every and number % every == 0 else fit.samples).extend(samples)
    for fit in fits:
        fit.after = fit_weights(fit.samples, fit.before)
    return fits


def write_fits(fits: Sequence[Fit], rules: RuleSet) -> list[str]:
    """Write changed weights into the rule files that hold them; return the files that were changed."""
    files: dict[str, dict[str, float]] = {}
    changes: Mapping[str, float] = {name: weight for fit in fits for name, weight in fit.changes().items()}
    for item in rules.evidence:
        if item.rule.id in changes:
            files.setdefault(item.rule.file, {})[item.rule.id] = changes[item.rule.id]
    texts = {file: write_weights(Path(file).read_bytes().decode("utf-8"), w, file) for file, w in files.items()}
    for file, text in texts.items():
        write_atomically(file, text.encode("utf-8"))
    return list(texts)


def format_fit(fit: Fit) -> str:
    """Return weights and counts of one step as lines of text."""
    if not fit.samples:
        return f"{fit.step}: no boundary that the gold text tells about\n"
    times = Counter(name for sample in fit.samples for name in sample.fired)
    joins = Counter(name for sample in fit.samples if sample.joins for name in sample.fired)
    rows = [("evidence", "before", "after", "fired", "joins")]
    for name, weight in fit.before.items():
        rows.append((name, f"{weight:+.1f}", f"{fit.after[name]:+.1f}", str(times[name]), str(joins[name])))
    lines = [f"{fit.step}: {len(fit.samples)} boundaries, {sum(s.joins for s in fit.samples)} of them joins"]
    lines += ["", *align_columns(rows), ""]
    counted = [("", "right", "false joins", "missed joins")]
    for title, samples in (("fitted pages", fit.samples), ("held-back pages", fit.held)):
        if samples:
            counted.append(_count(f"{title}, before", judge_samples(samples, fit.before)))
            counted.append(_count(f"{title}, after", judge_samples(samples, fit.after)))
    return "\n".join([*lines, *align_columns(counted)]) + "\n"


def _count(title: str, found: Verdicts) -> tuple[str, str, str, str]:
    return title, str(found.right), str(found.false), str(found.missed)
