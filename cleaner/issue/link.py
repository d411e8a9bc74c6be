"""Link the halves of articles that go on on another page of the issue (下转第2版, 上接第1版), one to one.

Both halves must bear a mark, and nothing that the pages say of themselves may speak against it. Which belong together
is weighed, with a margin over the next best; where it is not sure, flags say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaner.engine.profile import RuleSet
from cleaner.issue.halves import FROM, ON, Half, HalfJudge, find_halves
from cleaner.issue.places import Place, names_page, read_place
from cleaner.model import Article, Flag, Page, replace_articles

AMBIGUOUS, MISSING = "ambiguous-jump", "missing-half"
CODES = (ON, FROM, AMBIGUOUS, MISSING)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two halves that may belong together, and the log-odds that they do."""

    score: float
    on: Half
    start: Half

    def meets(self, other: Pair) -> bool:
        """Say whether both pairs want the same half."""
        return self.on is other.on or self.start is other.start

    def partner(self, half: Half) -> str | None:
        """Return the id of the other half's article; None for a half that is not in the pair."""
        return self.start.article.id if half is self.on else self.on.article.id if half is self.start else None


def link_pages(pages: Sequence[Page], rules: RuleSet) -> tuple[Page, ...]:
    """Return the pages with flags at the halves of articles that were linked, or that should have been."""
    pages = [_without_links(page) for page in pages]
    halves = [half for number, page in enumerate(pages) for half in find_halves(number, page, rules)]
    if not halves:
        return tuple(pages)
    places = [read_place(page, rules) for page in pages]
    _choose(sorted(_weigh_pairs(pages, places, halves, rules), key=lambda pair: -pair.score), rules)
    for half in halves:
        half.flag = half.flag or _miss(half, pages, places)
    return tuple(_flag_page(page, [h for h in halves if h.page == number]) for number, page in enumerate(pages))


def _without_links(page: Page) -> Page:
    """Take off the flags of an earlier call."""
    articles = [_keep_flags(a, [f for f in a.flags if f.code not in CODES]) for a in page.articles]
    return replace_articles(page, articles)


def _keep_flags(article: Article, flags: Sequence[Flag]) -> Article:
    return article if len(flags) == len(article.flags) else replace(article, flags=tuple(flags))


def _weigh_pairs(
    pages: Sequence[Page], places: Sequence[Place], halves: Sequence[Half], rules: RuleSet
) -> Iterator[Pair]:
    """Yield the pairs for which more speaks than against."""
    concerned = sorted({half.page for half in halves})
    judge = HalfJudge([article for number in concerned for article in pages[number].articles], rules)
    for on in (half for half in halves if half.kind == ON):
        for start in (half for half in halves if half.kind == FROM):
            numbers = _count_numbers(on, start, places)
            if numbers is not None and (score := judge.weigh(on, start, numbers)) > 0:
                yield Pair(score, on, start)


def _count_numbers(on: Half, start: Half, places: Sequence[Place]) -> int | None:
    """Return how many of the two marks name the other half's page; None where the pages speak against it."""
    here, there = places[on.page], places[start.page]
    names = names_page(on.numbers, there.number), names_page(start.numbers, here.number)
    if on.page == start.page or not here.may_share_issue(there) or False in names:
        return None
    return names.count(True)


def _choose(pairs: Sequence[Pair], rules: RuleSet) -> None:
    """Link the best pairs, each half once; where another pair is nearly as good, all of them stay open."""
    while pairs:
        best = pairs[0]
        near = [p for p in pairs if p.meets(best) and best.score - p.score < rules.settings["page_margin"]]
        done = {id(half): half for pair in near for half in (pair.on, pair.start)}
        for half in done.values():
            partners = [name for pair in near if (name := pair.partner(half))]
            if len(near) == 1:
                half.flag = Flag(half.kind, partners[0], half.seam())
            else:
                half.flag = Flag(AMBIGUOUS, f"may belong to {' or '.join(partners)}; not linked", half.seam())
        pairs = [pair for pair in pairs if id(pair.on) not in done and id(pair.start) not in done]


def _miss(half: Half, pages: Sequence[Page], places: Sequence[Place]) -> Flag | None:
    """Return a flag for a half whose mark names a page that is here."""
    here = places[half.page]
    for number, (page, place) in enumerate(zip(pages, places, strict=True)):
        if number != half.page and here.may_share_issue(place) and names_page(half.numbers, place.number):
            return Flag(MISSING, f"no article of {page.source or 'the page that the mark names'} fits", half.seam())
    return None


def _flag_page(page: Page, halves: Sequence[Half]) -> Page:
    return replace_articles(page, [_flag(a, [h for h in halves if h.article is a]) for a in page.articles])


def _flag(article: Article, halves: Sequence[Half]) -> Article:
    """Return the article with the flags of its halves; an end whose other half is known no longer dangles."""
    flags = list(article.flags)
    for half in halves:
        if half.flag is not None:
            seam = half.seam()
            if half.flag.code == ON:
                flags = [f for f in flags if f.code != "dangling" or f.span[1] <= seam[0] or f.span[0] >= seam[1]]
            flags.append(half.flag)
    return replace(article, flags=tuple(flags)) if halves else article
