"""Draw a page's map: the raw order on the left, the clean order on the right, a ribbon for each stretch of text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cleaner.model import Page
from cleaner.report.explain import Places
from cleaner.report.markup import row_title, shorten, show_text
from cleaner.report.rows import Row, Stretch

WIDTH, HEIGHT, EDGE = 100, 1000, 14  # of the drawing's own units
COLOURS = 8  # classes c0 to c7 in report.css
THIN = 4  # no ribbon is thinner: one must be able to hit it


def draw_ribbons(number: int, page: Page, rows: Sequence[Row]) -> str:
    """Return an SVG; ribbons of moved stretches can be reached by keyboard, all of them lead to their text."""
    places = Places(page.raw)
    drawn: list[tuple[bool, str]] = []
    for n, row in enumerate(rows):
        title = shorten(row_title(row, n))
        for s, stretch in enumerate(row.stretches):
            moved = stretch.moved is not None
            line, _ = places.find(stretch.raw[0])
            label = f"{'Moved: l' if moved else 'L'}ine {line} is in {title}"
            drawn.append((moved, _ribbon(f"p{number}r{n}s{s}", n, stretch, page, show_text(label), moved)))
    drawn.sort(key=lambda item: item[0])  # moved ones lie on top
    return (
        f'<svg class="ribbons" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="group" '
        f'aria-label="Map: where the parts of the raw page (left) stand in the clean one (right)">'
        f"{''.join(ribbon for _, ribbon in drawn)}</svg>"
    )


def _ribbon(target: str, row: int, stretch: Stretch, page: Page, label: str, moved: bool) -> str:
    top, bottom = _scale(stretch.raw, len(page.raw))
    cleans = [place for cut in stretch.cuts for place in cut.clean]
    right_top, right_bottom = _scale((min(cleans), max(cleans)), len(page.text))
    middle = WIDTH / 2
    path = (
        f"M0 {top}H{EDGE}C{middle} {top} {middle} {right_top} {WIDTH - EDGE} {right_top}H{WIDTH}V{right_bottom}"
        f"H{WIDTH - EDGE}C{middle} {right_bottom} {middle} {bottom} {EDGE} {bottom}H0Z"
    )
    kind = f"c{row % COLOURS}{' moved' if moved else ''}"
    key = "" if moved else ' tabindex="-1"'
    chosen = f' data-ribbon="e{stretch.moved}"' if moved else ""
    return (
        f'<a{chosen} href="#{target}" aria-label="{escape(label)}"{key}><path class="{kind}" d="{path}">'
        f"<title>{label}</title></path></a>"
    )


def _scale(span: tuple[int, int], length: int) -> tuple[int, int]:
    low, high = (round(place * HEIGHT / max(length, 1)) for place in span)
    return (low, high) if high - low >= THIN else (min(low, HEIGHT - THIN), min(low, HEIGHT - THIN) + THIN)
