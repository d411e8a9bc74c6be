"""Show pages and articles in a notebook: their text with what was changed marked, and why on hover."""

from __future__ import annotations

from cleaner.model import Article, Block, Flag, Page
from cleaner.report.bands import block_of
from cleaner.report.changes import Change, all_flags, walk_page
from cleaner.report.explain import show_plain
from cleaner.report.markup import shorten, show_text
from cleaner.report.rows import Cut, Row, make_rows

STYLES = {"title": "font-size: 1.2em; font-weight: bold"}
ITALIC = ("byline", "credit", "caption")
BOLD = ("kicker", "subtitle", "heading", "label")
LONGEST = 60  # characters of a changed text in a hint


def show_page(page: Page) -> str:
    """Return a page's articles as HTML, changes marked."""
    walked, flags = walk_page(page), all_flags(page)
    found = {"article": page.articles, "change": walked.changes, "flag": flags}
    counts = ", ".join(f"{len(items)} {name}{'s' * (len(items) != 1)}" for name, items in found.items())
    rows = "".join(_show_row(page, row, walked.changes) for row in make_rows(page, walked, []))
    return f"<div><p><small>{counts}</small></p>{rows}{_show_flags(flags)}</div>"


def show_article(article: Article) -> str:
    """Return an article as HTML."""
    blocks = "".join(_show_block(block, show_text(block.text)) for block in article.blocks)
    head = f"<p><small>{show_text(article.id)}, {article.kind}</small></p>"
    return f"<article>{head}{blocks}{_show_flags(article.flags)}</article>"


def _show_row(page: Page, row: Row, changes: list[Change]) -> str:
    blocks = row.article.blocks if row.article else (Block("paragraph", page.text, (), 0),)
    shown = []
    for block in blocks:
        body = "".join(_show_cut(page, cut, changes) for cut in row.cuts() if block_of(cut, [block]))
        shown.append(_show_block(block, body))
    return f"<article>{''.join(shown)}</article><hr>"


def _show_cut(page: Page, cut: Cut, changes: list[Change]) -> str:
    if cut.change is None:
        return show_text(page.text[slice(*cut.clean)])
    change = changes[cut.change]
    before = change.before if len(change.before) <= LONGEST else shorten(change.before, LONGEST)
    hint = show_text(f"{change.rule}: {show_plain(before) or 'nothing'}")
    return f'<mark title="{hint}">{show_text(change.after) or "&#8248;"}</mark>'


def _show_block(block: Block, body: str) -> str:
    plain = "font-weight: bold" if block.role in BOLD else "font-style: italic" if block.role in ITALIC else ""
    style = STYLES.get(block.role, plain)
    return f'<p lang="zh" title="{block.role}" style="white-space: pre-wrap; {style}">{body}</p>'


def _show_flags(flags: tuple[Flag, ...] | list[Flag]) -> str:
    items = "".join(f"<li><code>{show_text(flag.code)}</code> {show_text(flag.message)}</li>" for flag in flags)
    return f"<ul>{items}</ul>" if items else ""
