"""A page taken apart into atoms, which decisions can change and move, and put together again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cleaner.edits import edits_of
from cleaner.model import Block, Page
from cleaner.trace import Origins, Piece, compose, layer_of, render

RULE = "review"


@dataclass(slots=True)
class Tag:
    """A block: its role, and the number of its article. `into` is the block that it has become one with."""

    role: str
    article: int
    into: Tag | None = None

    def whole(self) -> Tag:
        """Return the block that it is, or is a part of."""
        tag = self
        while tag.into is not None:
            tag = tag.into
        return tag


@dataclass(slots=True, eq=False)
class Atom:
    """A piece of the layer from raw to clean, none of which reaches over a block's bounds; `tag` is its block.

    `before` and `behind` are its neighbours in the clean text (chain.py).
    """

    piece: Piece
    tag: Tag | None
    before: Atom = field(init=False, repr=False)
    behind: Atom = field(init=False, repr=False)

    def is_empty(self) -> bool:
        """Say whether it is made of no raw text."""
        return self.piece.start == self.piece.end

    def text(self, raw: str) -> str:
        """What stands there in the clean text."""
        return raw[self.piece.start : self.piece.end] if self.piece.text is None else self.piece.text

    def raw(self, raw: str) -> str:
        """What stood there in the raw text."""
        return raw[self.piece.start : self.piece.end]


def take_apart(page: Page) -> list[Atom]:
    """Return the atoms of a page in the clean text's order."""
    blocks = sorted(
        ((b.start, b.start + len(b.text), Tag(b.role, n)) for n, a in enumerate(page.articles) for b in a.blocks),
        key=lambda block: block[0],
    )
    starts = [start for start, _, _ in blocks]
    bounds = sorted({place for start, end, _ in blocks for place in (start, end)})
    atoms: list[Atom] = []
    at = 0
    for piece in page.layer:
        size = piece.end - piece.start if piece.text is None else len(piece.text)
        inner = bounds[bisect_right(bounds, at) : bisect_left(bounds, at + size)]
        for low, high in zip([at, *inner], [*inner, at + size], strict=True):
            index = bisect_right(starts, low) - 1
            start, end, tag = blocks[index] if index >= 0 else (0, 0, None)
            inside = start <= low < end if low < high else start < low < end
            atoms.append(Atom(part_piece(piece, low - at, high - at), tag if inside else None))
        at += size
    return atoms


def part_piece(piece: Piece, low: int, high: int) -> Piece:
    """Return a part of a piece's output; the first part of a replacement keeps the raw span."""
    if piece.text is None:
        return Piece(piece.start + low, piece.start + high)
    return piece._replace(start=piece.end if low else piece.start, text=piece.text[low:high])


def put_together(page: Page, atoms: Iterable[Atom]) -> Page:
    """Return the page that the atoms make, their blocks parted: text, edits, articles with their blocks."""
    atoms = list(atoms)
    layer = [atom.piece for atom in atoms if atom.piece.text != "" or atom.piece.start < atom.piece.end]
    text = render(layer, page.raw)
    layer = compose(layer, layer_of([], len(text)))  # copies side by side become one
    origins = Origins(layer, page.raw)
    found: list[list[Block]] = [[] for _ in page.articles]
    for start, end, tag in _runs(atoms, page.raw):
        if text[start:end].strip():
            found[tag.article].append(Block(tag.role, text[start:end], tuple(origins.spans(start, end)), start))
    articles = [replace(a, blocks=tuple(blocks)) for a, blocks in zip(page.articles, found, strict=True) if blocks]
    edits = edits_of(layer, page.raw)
    return replace(page, text=text, articles=tuple(articles), edits=edits, layer=tuple(layer))


def _runs(atoms: Sequence[Atom], raw: str) -> list[tuple[int, int, Tag]]:
    """Return start, end (in the clean text) and tag of each block: atoms of one tag with no line break between."""
    runs: list[tuple[int, int, Tag]] = []
    at = 0
    broken = True
    for atom in atoms:
        text = atom.text(raw)
        end = at + len(text)
        if atom.tag is None:
            broken = broken or "\n" in text
        elif text:
            tag = atom.tag.whole()
            if runs and not broken and runs[-1][2] is tag:
                runs[-1] = (runs[-1][0], end, tag)
            else:
                runs.append((at, end, tag))
            broken = False
        at = end
    return runs
