"""Cleaner: from the raw text dumps of OCR engines to clean Chinese articles, every change logged and undoable.

>>> import cleaner
>>> cleaner.clean("今年以来,全区新建公园9个")
'今年以来，全区新建公园9个'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cleaner.errors import CleanerError, DecodeError, DumpError, LogError, RuleError

if TYPE_CHECKING:
    from cleaner.batch import Result
    from cleaner.engine.profile import RuleSet
    from cleaner.model import Article, Block, Edit, Flag, Page
    from cleaner.review.decisions import Decision

__all__ = [
    "Article", "Block", "Cleaner", "CleanerError", "DecodeError", "DumpError", "Edit", "Flag", "LogError", "Page",
    "Result", "RuleError", "clean", "clean_batch", "clean_many", "clean_page", "link_pages",
]  # fmt: skip

__version__ = "0.1.0"
_MODEL = ("Article", "Block", "Edit", "Flag", "Page")


def __getattr__(name: str) -> Any:
    """Load the model when it is asked for: importing the package stays cheap."""
    if name in _MODEL:
        from cleaner import model

        return getattr(model, name)
    if name == "Result":
        from cleaner import batch

        return batch.Result
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")


class Cleaner:
    """Cleans texts with one set of rules.

    `profile` is a bundled profile's name or the path of a TOML file; `rules` are the paths of the user's own rule
    files; `enable` and `disable` name rules; `tiers` says which tiers apply (default: what the profile says);
    `leaks` is `remove`, `restore` or `flag`; `to` converts the script at the end (an OpenCC configuration such as
    `s2t`); `decisions` is the path of a file that `cleaner review` wrote, which is obeyed. Raises RuleError when a
    profile or rule file is wrong.
    """

    def __init__(
        self, profile: str = "newspaper", *, rules: Sequence[str] = (), enable: Sequence[str] = (),
        disable: Sequence[str] = (), tiers: Sequence[str] | None = None, leaks: str | None = None,
        to: str | None = None, decisions: str | None = None,
    ) -> None:  # fmt: skip
        from cleaner.engine.profile import load_rules

        if any(isinstance(option, str) for option in (rules, enable, disable, tiers)):
            from cleaner.mistakes import check_are_lists

            check_are_lists(rules=rules, enable=enable, disable=disable, tiers=tiers)
        chosen = None if tiers is None else tuple(tiers)
        self.rules: RuleSet = load_rules(profile, tuple(rules), tuple(enable), tuple(disable), chosen, leaks)
        if disable:
            from cleaner.mistakes import check_are_no_steps

            check_are_no_steps(self.rules, disable)
        self.to = to
        self.decisions: dict[str, list[Decision]] = {}
        if decisions is not None:
            from cleaner.review.decisions import read_decisions

            for decision in read_decisions(decisions):
                self.decisions.setdefault(decision.sha256, []).append(decision)

    def clean(self, text: str) -> str:
        """Return the text as `cleaner clean` prints it."""
        return self.clean_page(text).text

    def clean_page(self, text: str, *, source: str | None = None, stem: str | None = None) -> Page:
        """Return the page: articles, edits, flags, and the text as `clean` gives it.

        Article ids begin with `stem`, else with the file name in `source`.
        """
        from cleaner.pipeline import clean_page

        if not isinstance(text, str):
            from cleaner.mistakes import check_is_text

            check_is_text(text)
        page = clean_page(text, self.rules, source=source, to=self.to, stem=stem)
        return self._obey(page) if self.decisions else page

    def clean_many(self, texts: Iterable[str], *, sources: Iterable[str | None] = ()) -> Iterator[Page]:
        """Yield the page of each text, in order, each made when it is asked for: `texts` may be endless.

        Pages are those that `clean_page` gives for each by itself. `sources` name the texts; where they are over, texts
        have no name. Raises TypeError for what is no text, naming its number.
        """
        from itertools import chain, repeat

        from cleaner.mistakes import check_are_texts

        check_are_texts(texts)
        names = chain(sources, repeat(None))
        for number, (text, source) in enumerate(zip(texts, names, strict=False)):
            if not isinstance(text, str):
                raise TypeError(f"text number {number} (from 0): text (str) is wanted, not {type(text).__name__}")
            yield self.clean_page(text, source=source)

    def _obey(self, page: Page) -> Page:
        from cleaner.review.decisions import digest_text
        from cleaner.review.obey import obey_decisions

        found = self.decisions.get(digest_text(page.raw))
        return obey_decisions(page, found) if found else page

    def link_pages(self, pages: Sequence[Page]) -> tuple[Page, ...]:
        """Link the articles of an issue's pages that go on from page to page, as `link_pages` describes."""
        from cleaner.issue.link import link_pages
        from cleaner.mistakes import take_pages

        return link_pages(take_pages(pages), self.rules)

    def clean_batch(
        self, texts: Iterable[str], *, sources: Sequence[str] | None = None, seconds: float | None = None
    ) -> list[Result]:
        """Clean many texts; none of them raises: each result holds a page, or the error that stopped this one text.

        `sources` name the texts in article ids. A text that takes longer than `seconds` of processor time is stopped.
        """
        from cleaner.batch import clean_texts
        from cleaner.mistakes import check_are_texts

        check_are_texts(texts)
        return clean_texts(texts, self, sources, seconds)


def clean(text: str, profile: str = "newspaper", **options: Any) -> str:
    """Clean a text; `options` as for `Cleaner`.

    >>> clean("赶集的人说:“路修好了,车也通了。”")
    '赶集的人说：“路修好了，车也通了。”'
    """
    return clean_page(text, profile, **options).text


def clean_page(text: str, profile: str = "newspaper", *, source: str | None = None, **options: Any) -> Page:
    """Clean a page's text and return all that was found; `options` as for `Cleaner`.

    Raises ValueError for a text that is a path: of what is there, or nothing but a name with an ending such as `.txt`.
    """
    from cleaner.mistakes import check_is_content, check_is_text

    check_is_text(text)
    check_is_content(text)
    return Cleaner(profile, **options).clean_page(text, source=source)


def link_pages(pages: Sequence[Page], profile: str = "newspaper", **options: Any) -> tuple[Page, ...]:
    """Return the pages with the halves of articles that jump from one page to another linked.

    An article marked 下转第2版 and the one on that page marked 上接第1版 get a flag each, `continued-on` and
    `continued-from`, whose message is the other's id; nothing else changes. Where it is not sure which belong together,
    flags say so. Article ids should differ from page to page (`Cleaner.clean_page` takes a `stem`); `options` as for
    `Cleaner`.
    """
    return Cleaner(profile, **options).link_pages(pages)


def clean_many(
    texts: Iterable[str], profile: str = "newspaper", *, sources: Iterable[str | None] = (), **options: Any
) -> Iterator[Page]:
    """Yield the page of each text, in order, as `Cleaner.clean_many`; `options` as for `Cleaner`.

    >>> [page.text for page in clean_many(["甲,乙", "丙,丁"])]
    ['甲，乙', '丙，丁']
    """
    return Cleaner(profile, **options).clean_many(texts, sources=sources)


def clean_batch(texts: Iterable[str], profile: str = "newspaper", **options: Any) -> list[Result]:
    """Clean many texts; never raises for a text, only for wrong rules. Rules are loaded once in a process.

    `sources` and `seconds` as for `Cleaner.clean_batch`, other `options` as for `Cleaner`.

    >>> [result.text for result in clean_batch(["甲,乙", "今年以来,全区新建公园9个"])]
    ['甲，乙', '今年以来，全区新建公园9个']
    """
    chosen = {name: options.pop(name) for name in ("sources", "seconds") if name in options}
    return Cleaner(profile, **options).clean_batch(texts, **chosen)
