"""Say of an edit why it was made and how sure it is."""

from __future__ import annotations

import math
import re

from cleaner.engine.profile import RuleSet
from cleaner.engine.rule import Evidence, Rule
from cleaner.model import Edit

TIER_CONFIDENCE = {"safe": 1.0, "contextual": 0.9, "suggest": 0.5}
LAYOUT_CONFIDENCE = 0.9  # a layout step whose rule file has no entry for it
CERTAIN = {
    "markdown": "Markdown marks, escapes and blank lines, added by the output format.",
    "convert-script": "The script conversion that was asked for, applied last.",
    "review": "A person decided so in review.",
    "move": "What follows stood elsewhere on the page.",
}
LAYOUT_WHY = "Layout: the lines of the page are put together as paragraphs and articles."
WEIGHT = re.compile(r"(\S+?)([+-]\d+(?:\.\d+)?(?:e-?\d+)?)")


class Judge:
    """Knows a rule set's reasons, tiers and weights."""

    def __init__(self, rules: RuleSet) -> None:
        items = [item for file in rules.files for item in file.items()]
        self.whys = {item.id: item.why for item in items}
        self.tiers = {item.id: item.tier for item in items if isinstance(item, Rule)}
        self.evidence_ids = {item.id for item in items if isinstance(item, Evidence)}

    def reasons(self, rule: str) -> list[str]:
        """Return the reason of a rule, or of each rule where one worked on the result of another."""
        return list(dict.fromkeys(self.whys.get(name) or CERTAIN.get(name, LAYOUT_WHY) for name in rule.split("+")))

    def evidence(self, note: str) -> list[tuple[str, float]]:
        """Return the evidence for a join with its log-odds; empty when the note is something else."""
        found = [WEIGHT.fullmatch(word) for word in note.split()]
        pairs = [(match[1], float(match[2])) for match in found if match]
        known = len(pairs) == len(found) and all(name in self.evidence_ids for name, _ in pairs)
        return pairs if known else []

    def confidence(self, edit: Edit) -> float:
        """Return how sure an edit is, 0 to 1: for a join what its evidence adds up to, else by its last rule's tier."""
        if evidence := self.evidence(edit.note):
            odds = max(-50.0, min(50.0, sum(weight for _, weight in evidence)))
            return round(1 / (1 + math.exp(-odds)), 2)
        last = edit.rule.split("+")[-1]
        if last in self.tiers:
            return TIER_CONFIDENCE[self.tiers[last]]
        return 1.0 if last in CERTAIN else LAYOUT_CONFIDENCE
