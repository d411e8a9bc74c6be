"""Make a page obey decisions: what was rejected is raw text again, what was accepted or written stands in its place.

This works on the finished page, over its layer from raw to clean: so the edit log stays true, and nothing depends on
what other rules would have made of a rejected change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from cleaner.edits import MOVE
from cleaner.model import Flag, Page, Span
from cleaner.review.atoms import RULE, Atom, put_together, take_apart
from cleaner.review.blocks import part_blocks, part_lines, put_elsewhere, settle
from cleaner.review.chain import Chain
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
    chain = Chain(take_apart(page))
    stale: list[Flag] = []
    answered: list[Decision] = []
    ordered = sorted(decisions, key=lambda decision: decision.at)
    for decision in ordered:  # first of all text goes back to where it was: the rest is judged there
        if decision.rule == MOVE and decision.verdict == "reject" and not _put_back(chain, decision, page.raw):
            stale.append(_stale(decision))
    for decision in ordered:
        if decision.what == "flag":
            fits = _answer(chain, decision, page.raw)
            answered += [decision] if fits else []
        elif decision.verdict == "accept" or decision.rule == MOVE:
            continue
        else:
            fits = _overrule(chain, decision, page.raw)
        if not fits:
            stale.append(_stale(decision))
    part_blocks(chain, page.raw)
    stale += [Flag(STALE, BARRED_CAME, (a.piece.start, a.piece.end)) for a in form_copies(chain, page.raw)]
    made = put_together(page, chain)
    if not is_in_form(made.text):
        return replace(page, flags=(*page.flags, *map(_stale, ordered)))
    answers = Answers(answered)
    articles = tuple(replace(a, flags=answers.leave(a.flags)) for a in made.articles)
    return replace(made, articles=articles, flags=(*answers.leave(made.flags), *stale))


def _stale(decision: Decision) -> Flag:
    message = f"a decision ({decision.verdict} {decision.rule}) no longer fits what is done here: review it again"
    return Flag(STALE, message, decision.at)


class Answers:
    """Tells which flags decisions have answered: a rejection its own, other text all in the place that it took."""

    def __init__(self, answered: Sequence[Decision]) -> None:
        """`answered` is in the order of the raw text."""
        taken = [decision for decision in answered if decision.verdict != "reject"]
        self.rejected = {(decision.rule, decision.at) for decision in answered if decision.verdict == "reject"}
        self.starts = [decision.at[0] for decision in taken]
        self.ends = list(accumulate((decision.at[1] for decision in taken), max))  # the farthest so far

    def leave(self, flags: Sequence[Flag]) -> tuple[Flag, ...]:
        """Return the flags that are not answered."""
        return tuple(flag for flag in flags if not self._has(flag))

    def _has(self, flag: Flag) -> bool:
        number = bisect_right(self.starts, flag.span[0])
        return (flag.code, flag.span) in self.rejected or (number > 0 and self.ends[number - 1] >= flag.span[1])


def _overrule(chain: Chain, decision: Decision, raw: str) -> bool:
    """Put the raw text, or the person's own, in the place of a change; False when another change is made there."""
    start, end = decision.at
    if raw[start:end] != decision.before or (decision.verdict == "edit" and not _is_fit(decision.text)):
        return False
    here = chain.changes_at(decision.at)
    exact = [atom for atom in here if atom.piece.text == decision.after]
    if exact or (here and start < end):
        _change(chain, (exact or here)[0], decision, raw)
        return True
    touched = any(atom.piece.text is not None for atom in chain.over(start, end))
    if decision.verdict == "reject":
        return not touched  # the raw text stands already
    return not touched and start < end and _replace(chain, decision.at, decision.text, RULE)


def _change(chain: Chain, atom: Atom, decision: Decision, raw: str) -> None:
    start, end = decision.at
    if decision.before.strip() and not atom.piece.text:  # it was taken out, and stands where nobody minded
        chain.take_out([atom])
        chain.put_behind(_place_behind(chain, start, raw), [atom])
    if decision.verdict == "edit":
        atom.piece = Piece(start, end, decision.text, f"{atom.piece.rule}+{RULE}")
        settle(chain, atom, decision.text)
    else:
        was = atom.piece.text or ""
        atom.piece = Piece(start, end) if start < end else Piece(start, end, "")
        if "\n" in decision.before and "\n" not in was:
            part_lines(chain, atom, raw)
        else:
            settle(chain, atom, decision.before)


def _answer(chain: Chain, decision: Decision, raw: str) -> bool:
    """Do what a flag suggests, or what the person wrote; a rejected flag changes nothing."""
    if decision.verdict == "reject":
        return True
    if raw[slice(*decision.at)] != decision.before:
        return False
    text = decision.text if decision.verdict == "edit" else decision.after
    return _is_fit(text) and _replace(chain, decision.at, text, f"{decision.rule}+{RULE}")


def _is_fit(text: str) -> bool:
    """Say whether a text may be put into clean text as it is."""
    try:
        return form_text(text) == text
    except ValueError:
        return False


def _replace(chain: Chain, at: Span, text: str, rule: str) -> bool:
    """Put a text in the place of a raw span; False when what was made of it does not stand in one place."""
    start, end = at
    for place in at:
        _cut_copy(chain, place)
    run = _find_run(chain, chain.over(start, end), at)
    if not run:
        return False
    made = Atom(Piece(start, end, text, rule), next((atom.tag for atom in run if atom.tag is not None), None))
    chain.replace(run, [made])
    settle(chain, made, text)
    return True


def _find_run(chain: Chain, wanted: Sequence[Atom], at: Span) -> list[Atom]:
    """Return the neighbours that are made of a raw span: those wanted, in the clean text's order, and what was put in
    between them. None where other text stands among them, or they begin or end elsewhere than the span.
    """
    atom = next((atom for atom in wanted if atom.piece.start == at[0] and not atom.is_empty()), chain.end)
    left = set(map(id, wanted))
    run: list[Atom] = []
    while left:
        if atom is chain.end or not (id(atom) in left or atom.is_empty()):
            return []
        left.discard(id(atom))
        run.append(atom)
        atom = atom.behind
    return run if run and run[-1].piece.end == at[1] else []


def _cut_copy(chain: Chain, place: int) -> None:
    """Cut the copy that a raw place lies in."""
    for atom in chain.over(place, place + 1):
        start, end = atom.piece[:2]
        if atom.piece.text is None and start < place < end:
            chain.replace([atom], [Atom(Piece(start, place), atom.tag), Atom(Piece(place, end), atom.tag)])


def _put_back(chain: Chain, decision: Decision, raw: str) -> bool:
    """Move a stretch back to behind what it follows in the raw text; False when it is not one stretch any more."""
    start, end = decision.at
    inside = [atom for atom in chain.over(start, end) if start <= atom.piece.start and atom.piece.end <= end]
    run = _find_run(chain, [atom for atom in inside if not atom.is_empty()], decision.at)
    if raw[start:end] != decision.before or not run:
        return False
    if any(atom.piece.start < start or atom.piece.end > end for atom in run):
        return False
    chain.take_out(run)
    put_elsewhere(chain, run, _place_behind(chain, start, raw))
    if _is_seam(run[0], raw):
        run[0].piece = Piece(*run[0].piece[:2])
        part_lines(chain, run[0], raw)
    return True


def _place_behind(chain: Chain, start: int, raw: str) -> Atom:
    """Return the atom that can be seen next before a raw place, or the last that was taken out there."""
    atom = chain.seen_before(start, raw)
    while (then := atom.behind) is not chain.end and then.piece.start == atom.piece.end and then.piece.end <= start:
        atom = then
    return atom


def _is_seam(atom: Atom, raw: str) -> bool:
    """Say whether an atom is a line break that was taken out to join what stands around it."""
    was = atom.raw(raw)
    return "\n" in was and len(was.strip()) <= 1 and "\n" not in atom.text(raw)
