"""Cut a row into bands, one for each block of the clean text: what a paragraph was made of stands beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaner.model import Block
from cleaner.report.rows import Cut, Row


@dataclass(slots=True)
class Piece:
    """Cuts of one stretch of a row, by its number; `first` and `last` say whether the stretch begins and ends here."""

    stretch: int
    first: bool
    cuts: list[Cut] = field(default_factory=list)
    last: bool = True


@dataclass(slots=True)
class Band:
    """A block (None where there is none), and all cuts from it to the next block, by their stretches."""

    block: Block | None
    pieces: list[Piece] = field(default_factory=list)

    def cuts(self) -> list[Cut]:
        """Return the cuts in the clean text's order."""
        return [cut for piece in self.pieces for cut in piece.cuts]


def cut_bands(row: Row) -> list[Band]:
    """Return the bands of a row; together they hold its cuts, each once. What stands before the first block is its."""
    blocks = sorted(row.article.blocks, key=lambda block: block.start) if row.article else []
    bands = [Band(None)]
    for number, stretch in enumerate(row.stretches):
        piece = None
        for cut in stretch.cuts:
            block = block_of(cut, blocks)
            if block is not None and block is not bands[-1].block:
                if bands[-1].block is not None:
                    bands.append(Band(block))
                    if piece is not None:
                        piece.last = False
                        piece = Piece(number, first=False)
                        bands[-1].pieces.append(piece)
                bands[-1].block = block
            if piece is None:
                piece = Piece(number, first=True)
                bands[-1].pieces.append(piece)
            piece.cuts.append(cut)
    return bands


def block_of(cut: Cut, blocks: Sequence[Block]) -> Block | None:
    """Return which of some blocks in order a cut belongs to; what was taken out at a block's edge belongs to it."""
    start, end = cut.clean
    behind = bisect_right(blocks, start, key=lambda block: block.start)
    for block in blocks[max(behind - 2, 0) : behind]:
        stop = block.start + len(block.text)
        if (block.start <= start < stop) or (start == end and block.start <= start <= stop):
            return block
    return None
