"""Collect the boundaries of pages whose text is known, to fit the weights of join evidence on.

A boundary is labelled by looking for the characters around it in the gold text: found running on inside one paragraph
it is a join, found at the ends of two it is none, else it says nothing. Marks and blanks are left out of the
comparison, so that the recogniser's habits with them do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cleaner.engine.profile import RuleSet
from cleaner.layout.evidence import Scales
from cleaner.layout.joins import ASIDE, JOIN_RULE, TearJudge
from cleaner.layout.lines import split_lines
from cleaner.layout.page import find_units
from cleaner.layout.units import Unit
from cleaner.layout.wraps import WrapJudge, glue_between

CONTEXT = 6  # characters on either side of a boundary that must be found in the gold text
LEAST = 3  # characters on either side from which a boundary may be labelled as no join
BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Sample:
    """One boundary: the ids of the evidence that fires there, and whether the text goes on."""

    fired: tuple[str, ...]
    joins: bool


@dataclass(frozen=True, slots=True)
class GoldText:
    """Paragraphs and headings of a page, reduced to letters and digits, a line each."""

    lines: str

    @classmethod
    def of(cls, texts: Iterable[str]) -> GoldText:
        """Make it of the page's texts, one for each paragraph, title, caption …"""
        return cls(BREAK.join(["", *(reduced for text in texts if (reduced := reduce_text(text))), ""]))

    def label(self, before: str, after: str) -> bool | None:
        """Say whether the text goes on from `before` to `after`; None when the gold text does not tell.

        >>> gold = GoldText.of(["今年以来，全区新建公园。", "明年还要建。"])
        >>> gold.label("今年以来，全区", "新建公园。"), gold.label("新建公园", "明年还要建。"), gold.label("甲", "乙")
        (True, False, None)
        """
        left, right = reduce_text(before)[-CONTEXT:], reduce_text(after)[:CONTEXT]
        if not left or not right:
            return None
        if len(left + right) > CONTEXT and left + right in self.lines:
            return True
        apart = left + BREAK in self.lines or BREAK + right in self.lines
        return False if apart and min(len(left), len(right)) >= LEAST else None


def reduce_text(text: str) -> str:
    """Return letters and digits only.

    >>> reduce_text("“好，” 他说：3.5吨。")
    '好他说35吨'
    """
    return re.sub(r"[\W_]+", "", text)


def make_sample(scales: Scales, before: str, after: str, measures: Mapping[str, float | None], joins: bool) -> Sample:
    """Return the sample at a boundary."""
    return Sample(tuple(rule.id for rule in scales.fired(before, after, measures)), joins)


def collect_samples(text: str, rules: RuleSet, step: str, gold: GoldText) -> list[Sample]:
    """Return the labelled boundaries of one step on a page, whose text has been through the character rules."""
    return list((_collect_wraps if step == "wrap" else _collect_tears)(text, rules, gold))


def _collect_wraps(text: str, rules: RuleSet, gold: GoldText) -> Iterator[Sample]:
    """Go over the printed lines. Where the gold text does not tell, the present weights say where paragraphs begin."""
    lines = split_lines(text)
    judge = WrapJudge(lines, rules)
    opens = True
    for i in range(1, len(lines)):
        before, after = lines[i - 1].text, lines[i].text
        joins = gold.label(before, after)
        measures = judge.measure(i, opens)
        if joins is not None and measures is not None:
            yield make_sample(judge.scales, before, after, measures, joins)
        opens = not (judge.weigh(i, opens)[0] > 0 if joins is None else joins)


def _collect_tears(text: str, rules: RuleSet, gold: GoldText) -> Iterator[Sample]:
    """Go over the stretches of running text, as `mend_tears` does, but join where the gold text says so."""
    found = find_units(text, rules)
    judge = TearJudge(rules, found.pairs, found.units)
    last: Unit | None = None
    for unit in found.units:
        if unit.role != "paragraph":
            last = last if unit.role in ASIDE else None
            continue
        joins: bool | None = False
        if last is not None:
            joins = gold.label(last.text, unit.text)
            if joins is not None:
                measures = judge.measure(last, unit)
                yield make_sample(judge.scales, last.text, unit.text, measures, joins)
            elif judge.weigh(last, unit)[0] > 0:
                joins = True
        if last is not None and joins:
            last.absorb([unit], glue_between(last.text, unit.text), "", JOIN_RULE)
        else:
            last = unit
