"""Write a page as Markdown: one more layer of insertions over its text, so that the edit log covers it too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.model import Block, Page
from cleaner.trace import Change, Layer, layer_of

RULE = "markdown"
MARKS = {
    "title": ("# ", ""),
    "heading": ("## ", ""),
    "label": ("**", "**"),
    "kicker": ("**", "**"),
    "subtitle": ("**", "**"),
    "byline": ("*", "*"),
    "credit": ("*", "*"),
    "caption": ("*", "*"),
}
# CommonMark 0.31 (2.4 backslash escapes; 4 leaf blocks) and the pipes and tildes of GitHub's tables and strikes.
# The second group is what a backslash goes in front of.
SPECIAL = re.compile(
    r"""()([\\`*_\[\]<|]|~(?=~)|(?<=~)~|&(?=\#?\w+;))
    |^([ ]{0,3})(\#{1,6}(?=[ \t]|$)|[-+](?=[ \t]|$)|>|=+[ \t]*$|-{2,})
    |^([ ]{0,3}\d{1,9})([.)](?=[ \t]|$))
    |(?<=[ \t])()(\#+[ \t]*$)""",
    re.MULTILINE | re.VERBOSE,
)


def markdown_layer(page: Page) -> Layer:
    """Return the layer that makes Markdown of the page's text."""
    blocks = sorted((block for article in page.articles for block in article.blocks), key=lambda block: block.start)
    return layer_of(_changes(page.text, blocks), len(page.text))


def _changes(text: str, blocks: list[Block]) -> Iterator[Change]:
    """Yield the gaps between the blocks, their marks and their escapes, in order.

    A gap is one blank line, also where plain text has a line break alone, which Markdown would not show.
    """
    at = 0
    close = gap = ""
    for block in blocks:
        opening, closing = MARKS.get(block.role, ("", ""))
        lead = len(block.text) - len(block.text.lstrip())
        yield from _put(text, at, block.start + lead, close + gap + opening)
        for change in _escape(block):
            if change.start >= block.start + lead:
                yield change
        at, close, gap = block.start + len(block.text), closing, "\n\n"
    yield from _put(text, at, len(text), close + ("\n" if blocks else ""))


def _put(text: str, start: int, end: int, wanted: str) -> Iterator[Change]:
    """Yield the change of a gap; what is not blank there stays."""
    have = text[start:end]
    if have.strip():
        yield from [Change(start, start, wanted, RULE)] if wanted else []
    elif have != wanted:
        yield Change(start, end, wanted, RULE)


def _escape(block: Block) -> Iterator[Change]:
    """Yield the backslashes; a line break becomes a hard one, in a headline a space."""
    heading = block.role in ("title", "heading")
    places = {match.start(match.lastindex or 0) for match in SPECIAL.finditer(block.text)}
    for match in re.finditer("\n", block.text):
        places.add(match.start())
    for place in sorted(places):
        at = block.start + place
        if block.text[place] != "\n":
            yield Change(at, at, "\\", RULE)
        elif heading:
            yield Change(at, at + 1, " ", RULE)
        else:
            yield Change(at, at, "\\", RULE)
