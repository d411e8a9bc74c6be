"""Put a page into one of the output formats, with all that the log needs to find the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.edits import edits_of
from cleaner.io.jsonlines import json_line
from cleaner.io.markdown import markdown_layer
from cleaner.io.records import Gap, Place, map_records
from cleaner.model import Edit, Page
from cleaner.trace import compose, render

ENDINGS = {"text": ".txt", "markdown": ".md", "jsonl": ".jsonl"}


class Rendered(NamedTuple):
    """A page in one format: `data` is what is written, `clean` the text that the edits lead to.

    They differ in JSON Lines alone, where `blocks` and `gaps` say how to make `clean` from the records again.
    """

    data: str
    clean: str
    edits: Sequence[Edit]
    blocks: tuple[Place, ...] = ()
    gaps: tuple[Gap, ...] = ()


def render_page(page: Page, form: str) -> Rendered:
    """Return the page as `text`, `markdown` or `jsonl`."""
    if form == "jsonl":
        data = "".join(json_line(article.to_dict()) for article in page.articles)
        return Rendered(data, page.text, page.edits, *map_records(page))
    if form == "markdown":
        layer = markdown_layer(page)
        clean = render(layer, page.text)
        return Rendered(clean, clean, edits_of(compose(list(page.layer), layer), page.raw))
    return Rendered(page.text, page.text, page.edits)
