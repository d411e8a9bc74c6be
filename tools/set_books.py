"""Make dumps of the invented books and leaflets of fixtures/books, with the truth about each line end; measure them.

A text is a file of blocks, a line each: `# ` and `## ` headings, `- ` items of a list, `> ` verse and `= ` rows, `^ `
notes (printed at the foot of the page), everything else paragraphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from typeset import Printed, Style, set_units

from cleaner.score.measure import measure_page
from cleaner.score.records import Record

KINDS = {"#": "heading", "-": "item", ">": "row", "=": "row", "^": "note"}
LEAFLETS = ("clinic", "museum-hant", "library", "trail-hant")

BOOK_STYLES = (
    Style(32, "wide", depth=26, running="line"),
    Style(28, "lost", depth=24, running="apart"),
    Style(24, "spaces", depth=22, running="apart", habit="narrow"),
    Style(38, "lost", depth=28, running="line", habit="drops"),
    Style(45, "lost", depth=30, running="line"),
    Style(26, "lost", depth=20, running="line", habit="narrow"),
    Style(20, "wide", gaps=True, depth=18, running="apart"),
    Style(35, "none", depth=24, running="apart"),
    Style(30, "wide"),
    Style(22, "lost", habit="drops"),
    Style(29, "lost", depth=25, running="line", habit="noisy"),
    Style(25, "wide", habit="noisy"),
)
LEAFLET_STYLES = (
    Style(15, "wide"),
    Style(18, "lost"),
    Style(15, "lost", habit="narrow"),
    Style(22, "none", gaps=True),
    Style(16, "none"),
    Style(20, "spaces", habit="drops"),
    Style(25, "none", habit="narrow"),
    Style(30, "lost"),
    Style(17, "lost", habit="noisy"),
)


class Dump(NamedTuple):
    """A dump: its text, its units as the truth has them, how many line ends lie inside units, and those of its units
    that are running headers and page numbers."""

    name: str
    text: str
    units: list[str]
    joints: int
    running: list[str]


class Joins(NamedTuple):
    """How many line ends inside units were left open, how many units were run together; how many letters and digits of
    the text were lost, and how many running headers and page numbers are left in."""

    missed: int
    false: int
    lost: int
    left: int


def find_texts(folder: Path) -> Iterator[tuple[Path, Style]]:
    """Yield each text of a folder with each style that its kind is set in."""
    for path in sorted(folder.glob("*.txt")):
        for style in LEAFLET_STYLES if path.stem in LEAFLETS else BOOK_STYLES:
            yield path, style


def measure_joins(dump: Dump, text: str) -> Joins:
    """Compare a cleaned text, each line of it a paragraph, with the units of its dump; headers and page numbers are
    units too."""
    made = [line for line in text.split("\n") if line.strip()]
    gold, found = ([Record(body=tuple(("paragraph", unit) for unit in units))] for units in (dump.units, made))
    counts = measure_page(gold, found).counts
    lost, left = _count_kept(dump, made)
    return Joins(counts["missed joins"], counts["false joins"], lost, left)


def _count_kept(dump: Dump, made: Sequence[str]) -> tuple[int, int]:
    """Return how many letters and digits of the text are gone, and how many headers and numbers stand on lines of their
    own; a header may be a heading of the text as well."""
    units, running, lines = (Counter(map(_reduce, texts)) for texts in (dump.units, dump.running, made))
    body = units - running
    left = {text: min(count, max(0, lines[text] - body[text])) for text, count in running.items()}
    wanted = Counter("".join([*body.elements(), *Counter(left).elements()]))
    return (wanted - Counter("".join(lines.elements()))).total(), sum(left.values())


def _reduce(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def read_blocks(path: Path) -> list[tuple[str, str]]:
    """Return kind and text of a file's blocks."""
    blocks: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        mark, blank, rest = line.partition(" ")
        known = blank and KINDS.get(mark[:1])
        if line:
            blocks.append((known, rest) if known else ("paragraph", line))
    return blocks


def make_dumps(path: Path, style: Style) -> Iterator[Dump]:
    """Yield a text's dump in one style, and each of its pages as a dump of its own."""
    random = Random(f"{path.name} {style}")
    blocks = read_blocks(path)
    units = set_units(blocks, style, random)
    texts = [text for _, text in blocks]
    if not style.depth:
        yield _dump(f"{path.stem}, {style.name()}", [line for unit in units for line in unit], len(blocks))
        return
    pages = list(_paginate(blocks, units, style, texts))
    yield _dump(f"{path.stem}, {style.name()}", [line for page in pages for line in page], len(blocks))
    for number, page in enumerate(pages, 1):
        yield _dump(f"{path.stem}, page {number}, {style.name()}", page, len(blocks))


def _paginate(
    blocks: Sequence[tuple[str, str]], units: Sequence[Sequence[Printed]], style: Style, texts: list[str]
) -> Iterator[list[Printed]]:
    """Yield pages with notes at the foot, and running header and page number, whose texts are added to `texts`."""
    body = [line for kind, unit in zip(blocks, units, strict=True) if kind[0] != "note" for line in unit]
    notes = [unit for kind, unit in zip(blocks, units, strict=True) if kind[0] == "note"]
    book = next(text for kind, text in blocks if kind == "heading")
    number = 37
    while body:
        page, body = body[: style.depth], body[style.depth :]
        shown = "".join(line.text for line in page)
        while notes and notes[0][0].text.split()[0][:3] in shown:
            page += notes.pop(0)
        if not body:
            page += [line for unit in notes for line in unit]
        if style.running:
            head = f"{number}\u3000{book}" if style.running == "line" else book
            page = [Printed(head, len(texts)), *page]
            texts.append(head)
        if style.running == "apart":
            page.append(Printed(f"— {number} —" if style.width % 4 else str(number), len(texts)))
            texts.append(page[-1].text)
        yield page
        number += 1


def _dump(name: str, lines: Sequence[Printed], blocks: int) -> Dump:
    """Make a dump of lines; units from the number `blocks` on are headers and page numbers."""
    text = "".join("\n" * line.blanks + line.text + "\n" for line in lines)
    order = list(dict.fromkeys(line.unit for line in lines))
    parts = {unit: "".join(line.text.strip() for line in lines if line.unit == unit) for unit in order}
    joints = len(lines) - len(order)
    return Dump(name, text, list(parts.values()), joints, [text for unit, text in parts.items() if unit >= blocks])
