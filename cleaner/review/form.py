"""The form of text that decisions bring into the output: what holds for clean text holds for a person's words, too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cleaner.review.atoms import RULE, Atom

LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Control characters other than tab and line feed, surrogates, noncharacters: clean text holds none of them.
BARRED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Controls of the direction of text (Unicode Bidirectional Algorithm, 2), which make text look like another
DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def form_text(text: str) -> str:
    r"""Return a text in normalisation form C, its lines parted by \n; ValueError names a character it must not hold.

    >>> form_text("石桥\r\n通了")
    '石桥\n通了'
    """
    made = unicodedata.normalize("NFC", LINE_BREAKS.sub("\n", text))
    if found := BARRED.search(made) or DIRECTIONS.search(made):
        raise ValueError(f"U+{ord(found[0]):04X} cannot stand in clean text")
    return made


def is_in_form(text: str) -> bool:
    """Say whether clean text may be so."""
    return BARRED.search(text) is None and unicodedata.is_normalized("NFC", text)


def form_copies(atoms: Iterable[Atom], raw: str) -> list[Atom]:
    """Put raw text that came back into the form of clean text; return the atoms that lost characters by it."""
    poorer: list[Atom] = []
    for atom in atoms:
        was = atom.text(raw)
        if is_in_form(was):
            continue
        cut = was[:-1] if was.endswith("\r") and raw.startswith("\n", atom.piece.end) else was  # half a line break
        broken = LINE_BREAKS.sub("\n", cut)
        made = unicodedata.normalize("NFC", BARRED.sub("", broken))
        atom.piece = atom.piece._replace(text=made, rule=atom.piece.rule or RULE)
        poorer += [atom] if BARRED.search(broken) else []
    return poorer
