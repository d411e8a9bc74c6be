"""Procedures: rules whose finding needs an algorithm. A rule file names one by `do`; its module has the same name."""

from __future__ import annotations

from cleaner.engine.compile import Procedure
from cleaner.layout.named import make_layout
from cleaner.marks.close_blanks import make_close_blanks
from cleaner.marks.close_names import make_close_names
from cleaner.marks.mend_words import make_mend_words
from cleaner.marks.nfc import make_nfc
from cleaner.marks.pair_parentheses import make_pair_parentheses
from cleaner.marks.pair_quotes import make_pair_quotes
from cleaner.marks.strip_tags import make_strip_tags
from cleaner.marks.widen import make_widen

PROCEDURES: dict[str, Procedure] = {
    "layout": make_layout,
    "close-blanks": make_close_blanks,
    "close-names": make_close_names,
    "mend-words": make_mend_words,
    "nfc": make_nfc,
    "pair-parentheses": make_pair_parentheses,
    "pair-quotes": make_pair_quotes,
    "strip-tags": make_strip_tags,
    "widen": make_widen,
}
