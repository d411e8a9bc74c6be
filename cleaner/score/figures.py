"""Turn counts into figures: precision, recall, F1, rates. A figure with nothing to measure is None."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cleaner.score.articles import ROLES

Figures = dict[str, Any]


def make_figures(counts: Counter[str]) -> Figures:
    """Return all figures of pages together (micro-averaged), as plain data for JSON and tables."""
    right, missing, spurious = counts["boundary right"], counts["boundary missing"], counts["missed joins"]
    body, marks = counts["body gold"], counts["marks found"]
    kinds = {key.removeprefix("false join "): n for key, n in sorted(counts.items()) if key.startswith("false join ")}
    figures: Figures = {
        "pages": counts["pages"],
        "boundaries": rates(right, right + spurious, right + missing),
        "joins": {"missed": counts["missed joins"], "false": counts["false joins"], "false_kinds": kinds},
        "articles": rates(counts["articles right"], counts["articles made"], counts["articles gold"]),
        "roles": {role: _role(counts, role) for role in (*ROLES, "caption")},
        "punctuation": {"exact": share(counts["marks right"], marks), "found": marks, "gold": counts["marks gold"]},
        "characters": {
            "error_rate": share(counts["body wrong"] + counts["body inserted"], body),
            "gold": counts["characters gold"],
            "lost": counts["characters lost"],
            "lost_rate": share(counts["characters lost"], counts["characters gold"]),
        },
    }
    if "dump held" in counts:
        held, lost = counts["dump held"], counts["dump lost"]
        figures["dump"] = {"held": held, "lost": lost, "lost_rate": share(lost, held)}
    return figures


def _role(counts: Counter[str], role: str) -> Figures:
    return rates(counts[f"{role} right"], counts[f"{role} made"], counts[f"{role} gold"])


def rates(right: int, made: int, gold: int) -> Figures:
    """Return precision, recall and F1 with the counts they are made of.

    >>> rates(3, 4, 3)["f1"]
    0.8571
    """
    f1 = share(2 * right, made + gold)
    return {"precision": share(right, made), "recall": share(right, gold), "f1": f1, "right": right, "made": made,
            "gold": gold}  # fmt: skip


def share(part: int, whole: int) -> float | None:
    """Return a share, rounded to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None
