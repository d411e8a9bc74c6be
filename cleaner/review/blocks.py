"""Say which block text belongs to that came back, was written by a person, or was put elsewhere; part the blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.review.atoms import RULE, Atom, Tag, part_piece
from cleaner.review.chain import Chain
from cleaner.trace import Piece

LINES = re.compile(r"\n+|[^\n]+")
GAP = "\n\n"


def settle(chain: Chain, atom: Atom, text: str) -> None:
    """Give text that stands between blocks now to the block that it touches; lines that touch none are paragraphs."""
    if atom.tag is not None or not text.strip():
        return
    before, after = atom.before.tag, atom.behind.tag
    parts: list[Atom] = []
    for line in LINES.finditer(text):
        tag = None
        if line[0].strip():
            first, last = line.start() == 0, line.end() == len(text)
            tag = (before if first else None) or (after if last else None) or _new_tag(chain, atom.before)
        parts.append(Atom(part_piece(atom.piece, *line.span()), tag))
    chain.replace([atom], parts)


def _new_tag(chain: Chain, before: Atom) -> Tag | None:
    """Return a paragraph of its own in the article at `before`, or before that, else behind; None without articles."""
    tag = _find_tag(chain, before)
    return None if tag is None else Tag("paragraph", tag.article)


def _find_tag(chain: Chain, before: Atom) -> Tag | None:
    if not chain.tagged:
        return None
    atom = before
    while atom is not chain.end:
        if atom.tag is not None:
            return atom.tag
        atom = atom.before
    atom = before.behind
    while atom is not chain.end and atom.tag is None:
        atom = atom.behind
    return atom.tag


def part_lines(chain: Chain, atom: Atom, raw: str) -> None:
    """Cut raw text that came back into line breaks, which part blocks, and what stands between them."""
    start, end = atom.piece[:2]
    text = raw[start:end]
    core = text.strip()
    low = start + len(text) - len(text.lstrip())
    high = low + len(core)
    if not core:
        chain.retag(atom, None)
        return
    before = atom.before.tag if "\n" not in raw[start:low] else None
    after = atom.behind.tag if "\n" not in raw[high:end] else None
    tag = before or after or _new_tag(chain, atom.before)
    parts = [Atom(Piece(start, low), None), Atom(Piece(low, high), tag), Atom(Piece(high, end), None)]
    chain.replace([atom], [part for part in parts if not part.is_empty()])


def put_elsewhere(chain: Chain, run: Sequence[Atom], before: Atom) -> None:
    """Put a run that was taken out behind `before`; blocks that leave their article belong to the one there now."""
    near = _new_tag(chain, before)
    fresh: dict[int, Tag] = {}
    for atom in run:
        if atom.tag is not None and near is not None and chain.articles[atom.tag.article]:
            atom.tag = fresh.setdefault(id(atom.tag), Tag(atom.tag.role, near.article))
    chain.put_behind(before, run)


def part_blocks(chain: Chain, raw: str) -> None:
    """See to it that neighbouring blocks stand on lines of their own, or, where the raw text has no line break
    between them, are one.
    """
    last: Atom | None = None  # of a block that can be seen
    for atom in chain:
        if atom.tag is None or not atom.text(raw):
            continue
        if last is not None and last.tag is not None and last.tag.whole() is not atom.tag.whole():
            between = chain.between(last, atom)
            if not any("\n" in item.text(raw) for item in between):
                _part_or_merge(chain, last, between, atom, raw)
        last = atom


def _part_or_merge(chain: Chain, first: Atom, between: Sequence[Atom], then: Atom, raw: str) -> None:
    """Part two blocks that touch, or make them one."""
    for item in between:
        if "\n" in item.raw(raw) and not item.raw(raw).strip():
            item.piece, item.tag = Piece(item.piece.start, item.piece.end), None
            return
    end, start = first.piece.end, then.piece.start
    if end > start or "\n" in raw[end:start]:
        chain.put_behind(then.before, [Atom(Piece(end, end, GAP, RULE), None)])
    elif first.tag is not None and then.tag is not None:
        then.tag.whole().into = first.tag.whole()
