"""Names that rules may use: what layout measures, and the roles that it knows."""

from __future__ import annotations

# For the key `measure` of role rules ("role") and of evidence, by its step.
MEASURES: dict[str, tuple[str, ...]] = {
    "role": (
        "first", "last", "edge", "before", "previous_width", "next_width", "parts", "open_marks", "short",
        "ratio_previous", "ratio_next", "seam", "word", "parallel",
    ),
    "wrap": (
        "first_short", "inner_short", "short", "indent", "open_marks", "seam", "word", "wider", "next_short",
        "column_change", "same_shape", "room", "flush", "lost_indent", "steady_indent", "steady_short",
    ),
    "tear": (
        "before_width", "after_width", "widest", "stops", "open_marks", "balance", "unclosed", "blanks", "lead",
        "trail", "torn", "seam", "word", "word_over_stop", "plain_row", "same_shape", "indent",
    ),
    "head": (
        "signed", "signed_ahead", "signed_twice", "closed", "headings", "torn_before", "odd_shape", "cohesion",
        "cohesion_title",
    ),
    "pair": ("ratio", "share_first", "share_second", "gap", "below"),
    "line": ("blanks", "alone", "difference", "word", "wider"),
    "page": ("numbers", "named", "title", "stands_out", "seam_odds"),
}  # fmt: skip
DECIDED_ROLES = (
    "paragraph", "title", "kicker", "subtitle", "byline", "heading", "caption", "credit", "label", "jump", "furniture",
)  # fmt: skip
INNER_ROLES = (  # found by one pattern, inside or beside the deciding of roles
    "tail-credit", "tail-jump", "tail-photo", "head-jump", "dateline", "signed-dateline", "signature", "signing",
    "notice", "photo", "row-list", "row-bullet", "row-table", "row-verse", "row-code", "jump-from", "jump-on",
    "page-number", "sure-head", "no-headline", "caption-form", "protected", "page-sign", "jump-title", "file-page",
    "issue-date", "running-folio", "note-start", "rule-line", "folio-part", "folio-mark", "folio-alone",
    "folio-row", "folio-date", "presided",
)  # fmt: skip
BY_MATCH = frozenset(("widen", "mend-words", "close-blanks"))  # procedures that judge each match of `find` by itself
BY_BLOCK = frozenset(("close-names", "pair-parentheses", "pair-quotes"))  # that leave a block without `needs` as it is
