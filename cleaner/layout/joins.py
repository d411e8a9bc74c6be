"""Mend torn paragraphs: units that a column's or page's end has cut in two.

Each boundary between two stretches of running text gets a verdict: *join*, *keep* or *dangling* (the end is missing
and what follows is not it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import scales_for
from cleaner.layout.marks import marks_in
from cleaner.layout.units import PairCounts, Unit, seam_count
from cleaner.layout.words import cuts_word
from cleaner.layout.wraps import glue_between

ASIDE = ("caption", "credit", "furniture", "jump")  # what may stand between the halves of a torn paragraph
JOIN_RULE = "join-torn-paragraph"
FALSE_STOP = "tear-false-stop"  # evidence with an id that begins so says that the full stop before it is none


class TearJudge:
    """Weighs the evidence at the boundary between two units of running text.

    With `page`, the units as they stand on the page, it also measures what that page shows of its breaks. Without, as
    pieces are compared that stand apart, evidence must not rest on where they stand.
    """

    def __init__(
        self, rules: RuleSet, pairs: PairCounts, page: Sequence[Unit] | None = None, *, plain: bool = False
    ) -> None:
        self.rules, self.pairs, self.plain = rules, pairs, plain
        self.scales = scales_for(rules, "tear")
        self.cut_end = rules.once("cut end", _make_cut_end)
        self.torn = None if page is None else self._weigh_page(page)

    def weigh(self, before: Unit, after: Unit) -> tuple[float, str]:
        """Return the log-odds that `after` goes on where `before` stops, and the evidence."""
        return self.scales.weigh(before.text, after.text, self.measure(before, after))

    def is_cut(self, unit: Unit) -> bool:
        """Say whether a unit stops in mid-sentence."""
        return self.cut_end.match(unit.text[-1:]) is not None

    def _weigh_page(self, page: Sequence[Unit]) -> float:
        """Return the log-odds that the page's open ends are torn paragraphs: about half of those are cut inside a
        word, or between two characters that stand side by side elsewhere on the page."""
        places = [
            (before.text, after.text)
            for before, after in pairwise([unit for unit in page if unit.role not in ASIDE])
            if before.role == after.role == "paragraph" and self.is_cut(before)
        ]
        settings = self.rules.settings
        inside, chance = settings["torn_inside"], settings["torn_chance"]
        words = sum(1 for before, after in places if cuts_word(before, after) or seam_count(self.pairs, before, after))
        yes, no = math.log(inside / chance), math.log((1 - inside) / (1 - chance))
        return words * yes + (len(places) - words) * no

    def measure(self, before: Unit, after: Unit) -> dict[str, float | None]:
        """Measure what patterns cannot say of a boundary: widths, open marks, the seam."""
        left, right = marks_in(before.text, self.rules), marks_in(after.text, self.rules)
        hanging = left.hanging
        closes = max(-right.hanging, 0)
        return {
            "before_width": before.width,
            "after_width": after.width,
            "widest": max(before.width, after.width),
            "stops": float(left.stops),
            "open_marks": float(max(hanging, 0)),
            "balance": float(min(max(hanging, 0), closes)),
            "unclosed": float(hanging > 0 and closes == 0),
            "blanks": float(after.before),
            "lead": after.lead,
            "trail": None if self.torn is None else before.trail,
            "torn": self.torn,
            "indent": after.indent - before.indent if self.plain else 0.0,
            "plain_row": float(self.plain and after.before == 0),
            "same_shape": float(left.skeleton == right.skeleton != ""),
            "seam": seam_count(self.pairs, before.text, after.text),
            "word": float(cuts_word(before.text, after.text)),
            "word_over_stop": float(len(before.text) > 1 and cuts_word(before.text[-2:-1], after.text)),
        }


def _make_cut_end(rules: RuleSet) -> LazyPattern:
    classes = rules.classes
    return find_pattern(f"[^{classes['terminal']}{classes['closing']}{classes['announcing']}]")


def mend_tears(units: Sequence[Unit], judge: TearJudge) -> list[Unit]:
    """Join torn paragraphs with their next halves on the page; set `verdict` and `evidence` of running text."""
    out: list[Unit] = []
    last: Unit | None = None  # the paragraph that what comes may continue
    longest = judge.rules.settings["paragraph_longest"]
    for unit in units:
        if unit.role != "paragraph":
            out.append(unit)
            if unit.role not in ASIDE:
                close(last, judge)
                last = None
            continue
        if last is not None:
            score, note = judge.weigh(last, unit) if len(last.text) <= longest else (0.0, "")
            if score > 0:
                if any(word.startswith(FALSE_STOP) for word in note.split()):
                    drop_last(last)
                last.absorb([unit], glue_between(last.text, unit.text), note, JOIN_RULE)
                last.verdict = "join"
                continue
            last.evidence = note
            close(last, judge)
        out.append(unit)
        last = unit
    close(last, judge)
    return out


def drop_last(unit: Unit) -> None:
    """Take the last character off a unit: a full stop that the recogniser put where the column ends."""
    unit.parts[-1] = unit.parts[-1]._replace(end=unit.parts[-1].end - 1)
    unit.text = unit.text[:-1]


def close(unit: Unit | None, judge: TearJudge) -> None:
    """Set the verdict of a boundary over which nothing was joined."""
    if unit is not None:
        unit.verdict = "dangling" if judge.is_cut(unit) else "keep"
