"""The plan: which rules can fire on a text, told by one look at its characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cleaner.engine.compile import Compiled
from cleaner.engine.eyes import MOST, Eyes, draw_eyes
from cleaner.engine.gate import OPEN, Gate
from cleaner.engine.patterns import STORE

Masks = tuple[tuple[int, ...], ...]  # a gate: of one term all masks must meet what was seen
PLANS = 8  # kept between runs: those of other profiles and options
EVERY_LINE = -1  # instead of a rule's number: it runs line by line, and can fire on any


class Openings(dict[int, tuple[int, ...]]):
    """Which rules can fire on a line, by the sights that it offers; filled in when they are first met."""

    def __init__(self, gates: Sequence[Masks]) -> None:
        super().__init__()
        self.terms: dict[int, list[tuple[int, int]]] = {}  # by one sight of a term: all of its sights, the rule
        for number, gate in enumerate(gates):
            for term in gate:
                need = sum(term)
                self.terms.setdefault(term[0], []).append((need, number))

    def __missing__(self, seen: int) -> tuple[int, ...]:
        rules: set[int] = set()
        rest = seen
        while rest:
            sight = rest & -rest
            rest ^= sight
            for need, rule in self.terms.get(sight, ()):
                if seen & need == need:
                    rules.add(rule)
        if len(self) > MOST:
            self.clear()
        self[seen] = opened = tuple(rules)
        return opened


class Plan(tuple[Compiled, ...]):
    """The rules of a stage in order.

    `gates` are their gates as bits; `keys` are the numbers under which `opened` speaks of rules, over all stages, when
    it says which can fire on a line that offers what `eyes` saw; None for a rule that does not run line by line.
    """

    gates: tuple[Masks, ...]
    keys: tuple[int | None, ...]
    eyes: Eyes
    opened: Openings


def plan_stages(
    *stages: Sequence[Compiled], others: Callable[[], Sequence[Gate]] = tuple, key: str = ""
) -> tuple[tuple[Plan, ...], tuple[Masks, ...]]:
    """Return a plan for each stage, and other gates as bits: what one look at a text tells holds for all of them.

    Under a key, which must name all that the gates are read off, what was found is kept between runs.
    """
    rules = [compiled for stage in stages for compiled in stage]

    def draw() -> dict[str, Any]:
        return _draw([compiled.gates() for compiled in rules], others())

    drawn = STORE.find(f"plan:{key}", draw, PLANS) if key else draw()
    eyes = Eyes(drawn["eyes"])
    opened = Openings([_masks(gate or ()) for gate in drawn["lines"]])
    plans: list[Plan] = []
    first = 0
    for stage in stages:
        last = first + len(stage)
        plan = Plan(stage)
        plan.eyes, plan.opened = eyes, opened
        plan.gates = tuple(map(_masks, drawn["gates"][first:last]))
        plan.keys = tuple(
            None if gate is None else number if gate else EVERY_LINE
            for number, gate in enumerate(drawn["lines"][first:last], first)
        )
        plans.append(plan)
        first = last
    return tuple(plans), tuple(map(_masks, drawn["others"]))


def _draw(gates: Sequence[tuple[Gate, Gate | None]], others: Sequence[Gate]) -> dict[str, Any]:
    """Return what a plan needs, as JSON can hold it: sights are numbers, `lines` None for rules of a whole text."""
    every = [*(gate for gate, _ in gates), *(line or OPEN for _, line in gates), *others]
    sights = list(dict.fromkeys(sight for gate in every for term in gate for sight in term))
    numbers = {sight: number for number, sight in enumerate(sights)}

    def number(gate: Gate) -> list[list[int]]:
        return [[numbers[sight] for sight in term] for term in gate]

    return {
        "eyes": draw_eyes(sights),
        "gates": [number(gate) for gate, _ in gates],
        "lines": [None if line is None else number(line) for _, line in gates],
        "others": list(map(number, others)),
    }


def _masks(gate: Sequence[Sequence[int]]) -> Masks:
    """Return a gate as bits."""
    return tuple(tuple(1 << number for number in term) for term in gate)


def is_open(gate: Masks, seen: int) -> bool:
    """Tell whether what was seen opens a gate; one without terms is always open."""
    for term in gate:
        for mask in term:
            if not seen & mask:
                break
        else:
            return True
    return not gate
