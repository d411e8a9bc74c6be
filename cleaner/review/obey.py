"""Make a page obey decisions: what was rejected is raw text again, what was accepted or written stands in its place.

This works on the finished page, over its layer from raw to clean: so the edit log stays true, and nothing depends on
what other rules would have made of a rejected change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cleaner.edits import MOVE
from cleaner.model import Flag, Page, Span
from cleaner.review.atoms import RULE, Atom, part_blocks, put_together, take_apart
from cleaner.review.blocks import part_lines, retag, settle
from cleaner.review.decisions import Decision
from cleaner.review.form import form_copies, form_text, is_in_form
from cleaner.trace import Piece

STALE = "stale-decision"
BARRED_CAME = "a decision would bring back characters that clean text must not hold: they stay out"


def obey_decisions(page: Page, decisions: Iterable[Decision]) -> Page:
    """Return the page as the decisions about its text want it; those that no longer fit become flags.

    The text made is in the form of clean text: of raw text that comes back, what clean text may not hold stays out,
    which a flag says; where decisions leave letter and combining mark side by side, none of them is obeyed.
    """
    atoms = take_apart(page)
    stale: list[Flag] = []
    answered: list[Decision] = []
    ordered = sorted(decisions, key=lambda decision: decision.at)
    for decision in ordered:  # first of all text goes back to where it was: the rest is judged there
        if decision.rule == MOVE and decision.verdict == "reject" and not _put_back(atoms, decision, page.raw):
            stale.append(_stale(decision))
    places = Places(atoms)
    for decision in ordered:
        if decision.what == "flag":
            fits = _answer(atoms, decision, page.raw)
            answered += [decision] if fits else []
        elif decision.verdict == "accept" or decision.rule == MOVE:
            continue
        else:
            fits = _overrule(atoms, decision, page.raw, places)
        if not fits:
            stale.append(_stale(decision))
    part_blocks(atoms, page.raw)
    stale += [Flag(STALE, BARRED_CAME, (a.piece.start, a.piece.end)) for a in form_copies(atoms, page.raw)]
    made = put_together(page, atoms)
    if not is_in_form(made.text):
        return replace(page, flags=(*page.flags, *map(_stale, ordered)))
    articles = tuple(replace(a, flags=_unanswered(a.flags, answered)) for a in made.articles)
    return replace(made, articles=articles, flags=(*_unanswered(made.flags, answered), *stale))


class Places:
    """Where changes stand among the atoms: decisions come in the order of the text, so each is sought from the last on,
    and time grows with their number, not with its square.
    """

    def __init__(self, atoms: list[Atom]) -> None:
        self.atoms, self.last = atoms, 0
        self.known: dict[Span, list[Atom]] = {}
        for atom in atoms:
            if atom.piece.text is not None:
                self.known.setdefault(_span(atom), []).append(atom)

    def find(self, at: Span) -> list[int]:
        """Return the numbers of the atoms that change a raw span; all are looked at where the known are others now."""
        known = self.known.get(at, [])
        if known and at[0] < at[1] and all(a.piece.text is not None and _span(a) == at for a in known):
            try:
                found = [self._seek(atom) for atom in known]
            except ValueError:  # it was replaced
                pass
            else:
                self.last = max(found[0] - 64, 0)
                return found
        return [n for n, atom in enumerate(self.atoms) if atom.piece.text is not None and _span(atom) == at]

    def _seek(self, atom: Atom) -> int:
        try:
            return self.atoms.index(atom, self.last)
        except ValueError:
            return self.atoms.index(atom)


def _stale(decision: Decision) -> Flag:
    message = f"a decision ({decision.verdict} {decision.rule}) no longer fits what is done here: review it again"
    return Flag(STALE, message, decision.at)


def _unanswered(flags: Sequence[Flag], answered: Sequence[Decision]) -> tuple[Flag, ...]:
    return tuple(flag for flag in flags if not any(_answers(decision, flag) for decision in answered))


def _answers(decision: Decision, flag: Flag) -> bool:
    """Say whether a decision is about a flag, or put other text in the place that it marks."""
    if decision.verdict == "reject":
        return (flag.code, flag.span) == (decision.rule, decision.at)
    return decision.at[0] <= flag.span[0] and flag.span[1] <= decision.at[1]


def _overrule(atoms: list[Atom], decision: Decision, raw: str, places: Places) -> bool:
    """Put the raw text, or the person's own, in the place of a change; False when another change is made there."""
    start, end = decision.at
    if raw[start:end] != decision.before or (decision.verdict == "edit" and not _is_fit(decision.text)):
        return False
    here = places.find(decision.at)
    exact = [n for n in here if atoms[n].piece.text == decision.after]
    if exact or (here and start < end):
        _change(atoms, (exact or here)[0], decision, raw)
        return True
    touched = any(a.piece.text is not None and a.piece.start < end and start < a.piece.end for a in atoms)
    if decision.verdict == "reject":
        return not touched  # the raw text stands already
    return not touched and start < end and _replace(atoms, decision.at, decision.text, RULE)


def _span(atom: Atom) -> Span:
    return atom.piece.start, atom.piece.end


def _change(atoms: list[Atom], number: int, decision: Decision, raw: str) -> None:
    atom = atoms[number]
    start, end = decision.at
    if decision.before.strip() and not atom.piece.text:  # it was taken out, and stands where nobody minded
        atoms.remove(atom)
        number = _place_behind(atoms, start, raw)
        atoms.insert(number, atom)
    if decision.verdict == "edit":
        atom.piece = Piece(start, end, decision.text, f"{atom.piece.rule}+{RULE}")
        settle(atoms, number, decision.text)
    else:
        was = atom.piece.text or ""
        atom.piece = Piece(start, end) if start < end else Piece(start, end, "")
        if "\n" in decision.before and "\n" not in was:
            part_lines(atoms, number, raw)
        else:
            settle(atoms, number, decision.before)


def _answer(atoms: list[Atom], decision: Decision, raw: str) -> bool:
    """Do what a flag suggests, or what the person wrote; a rejected flag changes nothing."""
    if decision.verdict == "reject":
        return True
    if raw[slice(*decision.at)] != decision.before:
        return False
    text = decision.text if decision.verdict == "edit" else decision.after
    return _is_fit(text) and _replace(atoms, decision.at, text, f"{decision.rule}+{RULE}")


def _is_fit(text: str) -> bool:
    """Say whether a text may be put into clean text as it is."""
    try:
        return form_text(text) == text
    except ValueError:
        return False


def _replace(atoms: list[Atom], at: Span, text: str, rule: str) -> bool:
    """Put a text in the place of a raw span; False when what was made of it does not stand in one place."""
    start, end = at
    for place in at:
        _cut_copy(atoms, place)
    found = [n for n, a in enumerate(atoms) if a.piece.start < end and start < a.piece.end]
    if not found or found[-1] - found[0] + 1 > len(found) + sum(_is_empty(a) for a in atoms[found[0] : found[-1]]):
        return False
    first, last = found[0], found[-1]
    if atoms[first].piece.start != start or atoms[last].piece.end != end:
        return False
    tag = next((atom.tag for atom in atoms[first : last + 1] if atom.tag is not None), None)
    atoms[first : last + 1] = [Atom(Piece(start, end, text, rule), tag)]
    settle(atoms, first, text)
    return True


def _is_empty(atom: Atom) -> bool:
    return atom.piece.start == atom.piece.end


def _cut_copy(atoms: list[Atom], place: int) -> None:
    """Cut the copy that a raw place lies in."""
    for number, atom in enumerate(atoms):
        start, end = _span(atom)
        if atom.piece.text is None and start < place < end:
            atoms[number : number + 1] = [Atom(Piece(start, place), atom.tag), Atom(Piece(place, end), atom.tag)]
            return


def _put_back(atoms: list[Atom], decision: Decision, raw: str) -> bool:
    """Move a stretch back to behind what it follows in the raw text; False when it is not one stretch any more."""
    start, end = decision.at
    inside = [n for n, a in enumerate(atoms) if start <= a.piece.start and a.piece.end <= end and not _is_empty(a)]
    if raw[start:end] != decision.before or not inside:
        return False
    run = atoms[inside[0] : inside[-1] + 1]
    if any(a.piece.start < start or a.piece.end > end for a in run) or run[-1].piece.end != end:
        return False
    if run[0].piece.start != start:
        return False
    del atoms[inside[0] : inside[-1] + 1]
    place = _place_behind(atoms, start, raw)
    retag(run, atoms, place)
    atoms[place:place] = run
    if _is_seam(run[0], raw):
        run[0].piece = Piece(*_span(run[0]))
        part_lines(atoms, place, raw)
    return True


def _place_behind(atoms: Sequence[Atom], start: int, raw: str) -> int:
    """Return the index behind what can be seen next before a raw place, and behind what was taken out there."""
    before = [
        (a.piece.end, n) for n, a in enumerate(atoms) if a.piece.end <= start and a.text(raw) and not _is_empty(a)
    ]
    end, number = max(before, default=(0, -1))
    number += 1
    while number < len(atoms) and atoms[number].piece.start == end and atoms[number].piece.end <= start:
        end = atoms[number].piece.end
        number += 1
    return number


def _is_seam(atom: Atom, raw: str) -> bool:
    """Say whether an atom is a line break that was taken out to join what stands around it."""
    was = atom.raw(raw)
    return "\n" in was and len(was.strip()) <= 1 and "\n" not in atom.text(raw)
