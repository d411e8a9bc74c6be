"""The things that Cleaner speaks of: edits, flags, blocks, articles and pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from cleaner.trace import Piece

Kind = Literal["article", "photo", "notice"]
Span = tuple[int, int]
Bound = tuple[int, int, str, int]  # of a block: start, end, role, article's number
Bounds = list[Bound]


class Edit(NamedTuple):
    """One change on the way from the raw text to the clean one.

    `at` is the span in the raw text and `before` what stood there; `to` is the span in the clean text and `after`
    what stands there now; spans are in code points. `rule` is the id of the rule, several joined by `+` where one
    worked on the result of another. Rule `move` changes nothing: it says that the text that follows in the
    clean text goes on at `at` in the raw text. `note` holds what a reader needs to judge: evidence, candidate word.
    """

    rule: str
    at: Span
    to: Span
    before: str
    after: str
    note: str


class Flag(NamedTuple):
    """A place that a person should look at; nothing was changed there. `span` is in the raw text.

    `suggestion` is what a rule that is not applied would put there; None where none has an idea.
    """

    code: str
    message: str
    span: Span
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of text with its role; `spans` are the raw spans (code points) that it was made from.

    `start` is its place in the page's text, in code points.
    """

    role: str
    text: str
    spans: tuple[Span, ...] = ()
    start: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """One article, photo item or notice of a page, as README's "The article record" describes it."""

    id: str
    source: str | None
    page: str | None
    kind: Kind
    blocks: tuple[Block, ...]  # in reading order: what text mode prints
    dateline: str | None = None
    continued_from: str | None = None
    continued_on: str | None = None
    flags: tuple[Flag, ...] = ()

    def first(self, role: str) -> str | None:
        """Return the text of the blocks of one role, parted by a space, or None."""
        return " ".join(block.text for block in self.blocks if block.role == role) or None

    @property
    def title(self) -> str | None:
        """The headline."""
        return self.first("title")

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        """Paragraphs and headings in reading order."""
        return tuple(block for block in self.blocks if block.role in BODY_ROLES)

    @property
    def captions(self) -> tuple[str, ...]:
        """The captions of the photos that belong to the article."""
        return tuple(block.text for block in self.blocks if block.role == "caption")

    @property
    def text(self) -> str:
        """Title and paragraphs, parted by one blank line."""
        title = self.title
        return "\n\n".join([*([title] if title else []), *[block.text for block in self.paragraphs]])

    def to_dict(self) -> dict[str, object]:
        """Return the article record (README, "The article record") as plain data."""
        return {
            "id": self.id,
            "source": self.source,
            "page": self.page,
            "kind": self.kind,
            **{role: self.first(role) for role in ("kicker", "title", "subtitle", "byline")},
            "dateline": self.dateline,
            "label": self.first("label"),
            "paragraphs": [
                {
                    "role": "heading" if block.role == "heading" else "paragraph",
                    "text": block.text,
                    "spans": [list(span) for span in block.spans],
                }
                for block in self.paragraphs
            ],
            "captions": list(self.captions),
            "credit": self.first("credit"),
            "continued_from": self.continued_from,
            "continued_on": self.continued_on,
            "flags": [{"code": flag.code, "message": flag.message, "span": list(flag.span)} for flag in self.flags],
            "text": self.text,
        }

    def _repr_html_(self) -> str:
        """Show the article in a notebook."""
        from cleaner.report.notebook import show_article

        return show_article(self)


BODY_ROLES = ("paragraph", "heading", "verse", "list", "table", "code")


@dataclass(frozen=True, slots=True)
class Page:
    """A cleaned page: `text` is what text mode prints, `edits` lead from `raw` to it; so does `layer`, which other
    formats build on. `flags` has those of its articles too. `source` is where it came from, `furniture` the texts that
    belong to no article (folio lines)."""

    raw: str
    text: str
    articles: tuple[Article, ...]
    edits: Sequence[Edit]
    flags: tuple[Flag, ...] = field(default=())
    layer: Sequence[Piece] = field(default=(), repr=False)
    source: str | None = None
    furniture: tuple[str, ...] = ()

    def diff(self, name: str | None = None) -> str:
        """Return the unified diff from the raw text to the clean one; empty when they are equal."""
        from cleaner.report.diff import diff_texts

        return diff_texts(self.raw, self.text, name or self.source or "page")

    def _repr_html_(self) -> str:
        """Show the page in a notebook: its articles, with the changes marked."""
        from cleaner.report.notebook import show_page

        return show_page(self)


def merge_flags(flags: Iterable[Flag], articles: Iterable[Article]) -> tuple[Flag, ...]:
    """Return a page's flags and those of its articles, each once, by their places."""
    every = dict.fromkeys([*flags, *(flag for article in articles for flag in article.flags)])
    return tuple(sorted(every, key=lambda flag: flag.span))


def replace_articles(page: Page, articles: Sequence[Article]) -> Page:
    """Return the page with other articles; flags that stood on its articles alone go with them."""
    old = {flag for article in page.articles for flag in article.flags}
    rest = [flag for flag in page.flags if flag not in old]
    return replace(page, articles=tuple(articles), flags=merge_flags(rest, articles))
