"""Say which block text belongs to that came back, was written by a person, or was put elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.review.atoms import Atom, Tag, part_piece
from cleaner.trace import Piece

LINES = re.compile(r"\n+|[^\n]+")


def settle(atoms: list[Atom], number: int, text: str) -> None:
    """Give text that stands between blocks now to the block that it touches; lines that touch none are paragraphs."""
    if atoms[number].tag is not None or not text.strip():
        return
    before, after = _tag_at(atoms, number - 1), _tag_at(atoms, number + 1)
    parts: list[Atom] = []
    for line in LINES.finditer(text):
        tag = None
        if line[0].strip():
            first, last = line.start() == 0, line.end() == len(text)
            tag = (before if first else None) or (after if last else None) or _new_tag(atoms, number)
        parts.append(Atom(part_piece(atoms[number].piece, *line.span()), tag))
    atoms[number : number + 1] = parts


def _tag_at(atoms: Sequence[Atom], number: int) -> Tag | None:
    return atoms[number].tag if 0 <= number < len(atoms) else None


def _new_tag(atoms: Sequence[Atom], number: int) -> Tag | None:
    """Return a paragraph of its own in the article before (else behind) it; None on a page without articles."""
    near = [*reversed(atoms[:number]), *atoms[number:]]
    tag = next((atom.tag for atom in near if atom.tag is not None), None)
    return None if tag is None else Tag("paragraph", tag.article)


def part_lines(atoms: list[Atom], number: int, raw: str) -> None:
    """Cut raw text that came back into line breaks, which part blocks, and what stands between them."""
    start, end = atoms[number].piece[:2]
    text = raw[start:end]
    core = text.strip()
    low = start + len(text) - len(text.lstrip())
    high = low + len(core)
    if not core:
        atoms[number].tag = None
        return
    before = _tag_at(atoms, number - 1) if "\n" not in raw[start:low] else None
    after = _tag_at(atoms, number + 1) if "\n" not in raw[high:end] else None
    parts = [Atom(Piece(start, low), None), Atom(Piece(low, high), before or after or _new_tag(atoms, number))]
    parts.append(Atom(Piece(high, end), None))
    atoms[number : number + 1] = [part for part in parts if part.piece.start < part.piece.end]


def retag(run: Sequence[Atom], rest: Sequence[Atom], place: int) -> None:
    """Give the blocks of a stretch that leaves its article to the one where it stands now."""
    staying = {atom.tag.article for atom in rest if atom.tag is not None}
    near = _new_tag(rest, place)
    fresh: dict[int, Tag] = {}
    for atom in run:
        if atom.tag is not None and near is not None and atom.tag.article in staying:
            atom.tag = fresh.setdefault(id(atom.tag), Tag(atom.tag.role, near.article))
