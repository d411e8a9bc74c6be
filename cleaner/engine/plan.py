"""The plan: which rules can fire on a text, told by one look at its characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cleaner.engine.compile import Compiled
from cleaner.engine.gate import HAN, Ranges

Masks = tuple[tuple[int, ...], ...]  # a gate: of one term all masks must meet what was seen


class Eyes(dict[str, int]):
    """Sees which of some sets a text has characters of; each set is a bit.

    As a dictionary it holds the sets of each character, filled in when a character is first asked for.
    """

    def __init__(self, sets: Iterable[Ranges]) -> None:
        super().__init__()
        self.sets = tuple(sets)
        codes = {
            code
            for ranges in self.sets
            for low, high in ranges
            for code in range(max(low, HAN[0]), min(high, HAN[1]) + 1)
        }
        others = f"\x00-{chr(HAN[0] - 1)}{chr(HAN[1] + 1)}-\U0010ffff"
        self.telling = re.compile(f"[{others}{''.join(map(chr, sorted(codes)))}]")

    def __missing__(self, char: str) -> int:
        code = ord(char)
        self[char] = mask = sum(
            1 << i for i, ranges in enumerate(self.sets) if any(low <= code <= high for low, high in ranges)
        )
        return mask

    def look(self, text: str) -> int:
        """Return the sets, as bits, of which a text has a character."""
        seen = 0
        for char in set(self.telling.findall(text)):
            seen |= self[char]
        return seen


class Plan(tuple[Compiled, ...]):
    """The rules of a stage in order; `gates` are their gates as bits, `eyes` looks at a text for all of them."""

    gates: tuple[Masks, ...]
    eyes: Eyes


def plan_stages(*stages: Sequence[Compiled]) -> tuple[Plan, ...]:
    """Return a plan for each stage; what one look at a text tells holds for all of them."""
    sets = dict.fromkeys(ranges for rules in stages for c in rules for term in c.gate for ranges in term)
    bits = {ranges: 1 << number for number, ranges in enumerate(sets)}
    eyes = Eyes(sets)
    plans: list[Plan] = []
    for rules in stages:
        plan = Plan(rules)
        plan.eyes = eyes
        plan.gates = tuple(tuple(tuple(bits[ranges] for ranges in term) for term in c.gate) for c in rules)
        plans.append(plan)
    return tuple(plans)


def is_open(gate: Masks, seen: int) -> bool:
    """Tell whether what was seen opens a gate."""
    for term in gate:
        for mask in term:
            if not seen & mask:
                break
        else:
            return True
    return False
