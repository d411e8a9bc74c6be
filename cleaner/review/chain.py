"""Atoms in the order of the clean text, each tied to the next: found by raw place, put in, taken out and moved in time
that does not grow with their number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from cleaner.model import Span
from cleaner.review.atoms import Atom, Tag
from cleaner.trace import Piece

_PLACE = attrgetter("piece.start", "piece.end")


class Chain:
    """The atoms of a page. `end` is behind the last and before the first; it is no atom of the page."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self.end = Atom(Piece(0, 0, ""), None)
        self.end.before = self.end.behind = self.end
        self.placed = sorted(atoms, key=_PLACE)  # in the raw text's order
        self.articles: Counter[int] = Counter()  # how many atoms each has, and
        self.tagged = 0  # all of them
        self._tie(self.end, atoms)

    def __iter__(self) -> Iterator[Atom]:
        atom = self.end.behind
        while atom is not self.end:
            yield atom
            atom = atom.behind

    def between(self, first: Atom, last: Atom) -> list[Atom]:
        """Return the atoms behind `first` and before `last`."""
        found = []
        while (first := first.behind) is not last:
            found.append(first)
        return found

    def over(self, start: int, end: int) -> list[Atom]:
        """Return the atoms of which a part of a raw span was made, in the raw text's order."""
        found = []
        number = bisect_left(self.placed, (start, start), key=_PLACE)
        while number and self.placed[number - 1].is_empty():  # behind them may be one that begins before the span
            number -= 1
        number = max(number - 1, 0)
        while number < len(self.placed) and self.placed[number].piece.start < end:
            if self.placed[number].piece.end > start:
                found.append(self.placed[number])
            number += 1
        return found

    def changes_at(self, at: Span) -> list[Atom]:
        """Return the atoms that change exactly this raw span."""
        found = []
        number = bisect_left(self.placed, at, key=_PLACE)
        while number < len(self.placed) and _PLACE(self.placed[number]) == at:
            found.append(self.placed[number])
            number += 1
        return [atom for atom in found if atom.piece.text is not None]

    def seen_before(self, start: int, raw: str) -> Atom:
        """Return the atom of the last raw text before a place that can be seen; the end, where there is none."""
        number = bisect_left(self.placed, (start, -1), key=_PLACE)
        while number:
            number -= 1
            atom = self.placed[number]
            if atom.piece.end <= start and not atom.is_empty() and atom.text(raw):
                return atom
        return self.end

    def replace(self, old: Sequence[Atom], new: Sequence[Atom]) -> None:
        """Put atoms in the place of a run of others."""
        before = old[0].before
        self.take_out(old)
        for atom in old:
            del self.placed[self._number(atom)]
        for atom in reversed(new):  # those of one place in their order
            self.placed.insert(bisect_left(self.placed, _PLACE(atom), key=_PLACE), atom)
        self._tie(before, new)

    def put_behind(self, before: Atom, run: Iterable[Atom]) -> None:
        """Put a run that was taken out behind another atom."""
        self._tie(before, run)

    def take_out(self, run: Sequence[Atom]) -> None:
        """Take a run of neighbours out, to be put elsewhere."""
        run[0].before.behind, run[-1].behind.before = run[-1].behind, run[0].before
        for atom in run:
            self._count(atom.tag, -1)

    def retag(self, atom: Atom, tag: Tag | None) -> None:
        """Give an atom to another block, or to none."""
        self._count(atom.tag, -1)
        atom.tag = tag
        self._count(tag, 1)

    def _tie(self, before: Atom, run: Iterable[Atom]) -> None:
        behind = before.behind
        for atom in run:
            before.behind, atom.before = atom, before
            before = atom
            self._count(atom.tag, 1)
        before.behind, behind.before = behind, before

    def _count(self, tag: Tag | None, more: int) -> None:
        if tag is not None:
            self.articles[tag.article] += more
            self.tagged += more

    def _number(self, atom: Atom) -> int:
        number = bisect_left(self.placed, _PLACE(atom), key=_PLACE)
        while self.placed[number] is not atom:
            number += 1
        return number
