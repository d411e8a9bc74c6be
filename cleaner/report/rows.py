"""Cut a page into rows, one for each article: its raw stretches on one side, its clean blocks on the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cleaner.model import Article, Flag, Page, Span
from cleaner.report.changes import Step, Walkthrough, span_of


@dataclass(frozen=True, slots=True)
class Cut:
    """A step, cut so that no boundary of a row, a block or a flag lies inside.

    `flags` are the numbers of its flags, `moved` is the change that put it where it is, if any did.
    """

    raw: Span
    clean: Span
    change: int | None
    flags: tuple[int, ...] = ()
    moved: int | None = None


@dataclass(slots=True)
class Stretch:
    """A stretch of the raw text in a row. `moved` is the change that put it here, if any did.

    `before` and `after` are the numbers of the rows in which the raw text before and after it stands now, where it is
    another place than just before or after; None at the page's ends and where nothing was parted.
    """

    cuts: list[Cut] = field(default_factory=list)
    moved: int | None = None
    before: int | None = None
    after: int | None = None

    @property
    def raw(self) -> Span:
        """Its span in the raw text."""
        return span_of([Step(cut.raw, cut.clean, cut.change) for cut in self.cuts], 0)


@dataclass(slots=True)
class Row:
    """An article (None where the page has none) with its span in the clean text and the stretches it was made of."""

    article: Article | None
    clean: Span
    stretches: list[Stretch] = field(default_factory=list)

    def cuts(self) -> Iterator[Cut]:
        """Yield all cuts in the clean text's order."""
        for stretch in self.stretches:
            yield from stretch.cuts


def make_rows(page: Page, walked: Walkthrough, flags: Sequence[Flag]) -> list[Row]:
    """Return the rows in the clean text's order; together they hold all of both texts."""
    rows = _name_rows(page)
    starts = [row.clean[0] for row in rows]
    stops = sorted({*starts, *(p for b in _blocks(page) for p in b)})
    flagged = FlaggedPlaces(flags)
    for number, stretch in enumerate(walked.stretches):
        last = -1
        for step in stretch:
            for cut in _cut(step, stops, flagged, walked.moved.get(number)):
                index = _row_at(starts, cut)
                if index != last:
                    rows[index].stretches.append(Stretch(moved=walked.moved.get(number)))
                    last = index
                rows[index].stretches[-1].cuts.append(cut)
    _connect(rows)
    return rows


def flag_span(flag: Flag) -> Span:
    """Return a flag's span, at least one character, so that it can be seen."""
    return flag.span[0], max(flag.span[1], flag.span[0] + 1)


class FlaggedPlaces:
    """Tells which flags lie over a span of the raw text; `ends` are the places where any begins or ends, ascending."""

    def __init__(self, flags: Sequence[Flag]) -> None:
        spans = [flag_span(flag) for flag in flags]
        self.ends = sorted({place for span in spans for place in span})
        index = {place: number for number, place in enumerate(self.ends)}
        self.there: list[list[int]] = [[] for _ in self.ends]  # from each end to the next one
        for number, (start, end) in enumerate(spans):
            for place in range(index[start], index[end]):
                self.there[place].append(number)

    def over(self, start: int, end: int) -> tuple[int, ...]:
        """Return the numbers of the flags that lie over a span, or over the character at its start."""
        first = max(bisect_right(self.ends, start) - 1, 0)
        last = bisect_left(self.ends, max(end, start + 1))
        return tuple(sorted({number for place in self.there[first:last] for number in place}))


def _name_rows(page: Page) -> list[Row]:
    """Return a row for each run of blocks of one article."""
    found = sorted((block.start, number) for number, a in enumerate(page.articles) for block in a.blocks)
    runs = [item for i, item in enumerate(found) if i == 0 or found[i - 1][1] != item[1]]
    if not runs:
        return [Row(None, (0, len(page.text)))]
    firsts = [start for start, _ in runs[1:]]
    stops = sorted(end for _, end in _blocks(page))
    ends = [stops[bisect_right(stops, first) - 1] for first in firsts]
    starts = [0, *ends, len(page.text)]
    return [Row(page.articles[n], (starts[i], starts[i + 1])) for i, (_, n) in enumerate(runs)]


def _row_at(starts: Sequence[int], cut: Cut) -> int:
    """Return the row of a cut: the blanks before an article are its own; what was taken out stays with what it
    stood behind.
    """
    find = bisect_right if cut.clean[0] < cut.clean[1] else bisect_left
    return max(find(starts, cut.clean[0]) - 1, 0)


def _blocks(page: Page) -> Iterator[Span]:
    for article in page.articles:
        for block in article.blocks:
            yield block.start, block.start + len(block.text)


def _cut(step: Step, stops: Sequence[int], flagged: FlaggedPlaces, moved: int | None) -> Iterator[Cut]:
    """Cut a copy at the places of the clean text (`stops`) and at ends of flags that lie inside it."""
    (start, end), clean = step.raw, step.clean[0]
    places = {start, end}
    if step.change is None:
        places |= {start + p - clean for p in stops[bisect_right(stops, clean) : bisect_left(stops, step.clean[1])]}
        places |= set(flagged.ends[bisect_right(flagged.ends, start) : bisect_left(flagged.ends, end)])
    ordered = sorted(places) if start < end else [start, end]
    for low, high in pairwise(ordered):
        to = step.clean if step.change is not None else (clean + low - start, clean + high - start)
        yield Cut((low, high), to, step.change, flagged.over(low, high), moved)


def _connect(rows: Sequence[Row]) -> None:
    """Say of each stretch where the raw text before and after it stands now, where that is elsewhere."""
    placed = [(stretch, n) for n, row in enumerate(rows) for stretch in row.stretches]
    follows = {id(b): a for (a, _), (b, _) in pairwise(placed)}
    in_raw = sorted(placed, key=lambda item: item[0].raw)
    for (first, here), (then, there) in pairwise(in_raw):
        if follows.get(id(then)) is not first:
            first.after, then.before = there, here
