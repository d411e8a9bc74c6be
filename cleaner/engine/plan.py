"""The plan: which rules can fire on a text, told by one look at its characters."""

from __future__ import annotations

import re
from itertools import islice
from collections.abc import Iterable, Sequence

from cleaner.engine.compile import Compiled
from cleaner.engine.gate import HAN, Gate, Ranges

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


def plan_stages(*stages: Sequence[Compiled], others: Sequence[Gate] = ()) -> tuple[tuple[Plan, ...], tuple[Masks, ...]]:
    """Return a plan for each stage, and other gates as bits: what one look at a text tells holds for all of them."""
    gates = [*(c.gate for rules in stages for c in rules), *others]
    sets = dict.fromkeys(ranges for gate in gates for term in gate for ranges in term)
    bits = {ranges: 1 << number for number, ranges in enumerate(sets)}
    eyes = Eyes(sets)
    masks = iter([tuple(tuple(bits[ranges] for ranges in term) for term in gate) for gate in gates])
    plans: list[Plan] = []
    for rules in stages:
        plans.append(Plan(rules))
        plans[-1].eyes = eyes
        plans[-1].gates = tuple(islice(masks, len(rules)))
    return tuple(plans), tuple(masks)


def is_open(gate: Masks, seen: int) -> bool:
    """Tell whether what was seen opens a gate."""
    for term in gate:
        for mask in term:
            if not seen & mask:
                break
        else:
            return True
    return False
