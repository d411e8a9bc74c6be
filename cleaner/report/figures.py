"""Count what was changed, and write the counts as tables with bars that a screen reader passes over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.model import Edit, Flag, Page
from cleaner.report.changes import Change
from cleaner.report.judge import Judge
from cleaner.report.markup import show_text

BINS = 10  # of the plot of confidence
PER = 10_000  # characters
NUMBERS = ("characters", "changes", "flags", "joins", "per 10,000")  # columns


@dataclass(frozen=True, slots=True)
class PageFigures:
    """A page's name, its length in code points, and what was found on it."""

    name: str
    page: Page
    changes: Sequence[Change]
    flags: Sequence[Flag]

    @property
    def rate(self) -> float:
        """Changes per 10,000 characters of raw text."""
        return len(self.changes) * PER / max(len(self.page.raw), 1)


def write_figures(pages: Sequence[PageFigures], judge: Judge) -> str:
    """Return the overview: the sums, changes by rule and by page, and how sure the joins are."""
    return (
        _sums(pages)
        + '<div class="plots">'
        + _by_rule(pages, judge)
        + _by_page(pages)
        + _by_confidence(pages, judge)
        + "</div>"
    )


def _sums(pages: Sequence[PageFigures]) -> str:
    chars = sum(len(p.page.raw) for p in pages)
    changes = sum(len(p.changes) for p in pages)
    sums = [
        (f"{len(pages):,}", "pages"),
        (f"{chars:,}", "characters"),
        (f"{sum(len(p.page.articles) for p in pages):,}", "articles"),
        (f"{changes:,}", "changes"),
        (f"{changes * PER / max(chars, 1):.0f}", "changes per 10,000 characters"),
        (f"{sum(len(p.flags) for p in pages):,}", "flags"),
    ]
    return '<dl class="sums">' + "".join(f"<div><dt>{name}</dt><dd>{n}</dd></div>" for n, name in sums) + "</dl>"


def _by_rule(pages: Sequence[PageFigures], judge: Judge) -> str:
    counts = count_rules(change for page in pages for change in page.changes)
    chars = max(sum(len(p.page.raw) for p in pages), 1)
    most = max(counts.values(), default=1)
    rows = [
        f'<tr><th scope="row"><button type="button" data-rule="{show_text(rule)}">{show_text(rule)}</button></th>'
        f"<td>{tier_of(rule, judge)}</td>{_numbers(f'{n:,}', f'{n * PER / chars:.1f}')}<td>{_bar(n, most)}</td></tr>"
        for rule, n in counts.most_common()
    ]
    return _table("Changes by rule", ("rule", "tier", "changes", "per 10,000", ""), rows)


def _by_page(pages: Sequence[PageFigures]) -> str:
    most = max((page.rate for page in pages), default=1)
    rows = [
        f'<tr><th scope="row"><button type="button" data-page="{n}">{show_text(p.name)}</button></th>'
        f"{_numbers(f'{len(p.page.raw):,}', f'{len(p.changes):,}', f'{len(p.flags):,}', f'{p.rate:.1f}')}"
        f"<td>{_bar(p.rate, most)}</td></tr>"
        for n, p in enumerate(pages)
    ]
    return _table("Pages", ("page", "characters", "changes", "flags", "per 10,000", ""), rows)


def _by_confidence(pages: Sequence[PageFigures], judge: Judge) -> str:
    """Return the joins by confidence; below 0.5 nothing is joined, so the bins begin there."""
    verdicts = [
        judge.confidence(edit_of(c)) for page in pages for c in page.changes if c.note and judge.evidence(c.note)
    ]
    if not verdicts:
        return ""
    counts = Counter(min(max(int((sure - 0.5) * 2 * BINS), 0), BINS - 1) for sure in verdicts)
    most = max(counts.values())
    step = 0.5 / BINS
    rows = [
        f'<tr><th scope="row">{0.5 + b * step:.2f} to {0.5 + (b + 1) * step:.2f}</th>{_numbers(f"{counts[b]:,}")}'
        f"<td>{_bar(counts[b], most)}</td></tr>"
        for b in range(BINS)
    ]
    return _table("Joins by confidence", ("confidence", "joins", ""), rows)


def count_rules(changes: Iterable[Change]) -> Counter[str]:
    """Count changes by rule; one that several rules worked on counts for each."""
    return Counter(name for change in changes for name in change.rule.split("+"))


def tier_of(rule: str, judge: Judge) -> str:
    """Return the tier of a rule (of the last of several), `layout` for steps of layout."""
    return judge.tiers.get(rule.split("+")[-1], "layout")


def edit_of(change: Change) -> Edit:
    """Return a change as the edit that it was."""
    return Edit(*change[1:])


def _table(caption: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    cells = "".join(_head(head) for head in heads)
    # A wide table scrolls in its own region, which the keyboard must reach.
    return (
        f'<div class="table" role="region" aria-label="{caption}" tabindex="0"><table><caption>{caption}</caption>'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _head(name: str) -> str:
    number = ' class="num"' if name in NUMBERS else ""
    return f'<th scope="col"{number}>{name}</th>' if name else '<td aria-hidden="true"></td>'


def _numbers(*numbers: str) -> str:
    return "".join(f'<td class="num">{number}</td>' for number in numbers)


def _bar(value: float, most: float) -> str:
    width = round(100 * value / most, 1) if most else 0
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{width}" height="10"/></svg>'
    )
