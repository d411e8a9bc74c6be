"""The plan: which rules can fire on a text, told by one look at its characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from operator import xor

from cleaner.engine.compile import Compiled
from cleaner.engine.gate import HAN, MOST_HAN, OPEN, Gate, Ranges, Sight, count_han
from cleaner.engine.patterns import LazyPattern

Masks = tuple[tuple[int, ...], ...]  # a gate: of one term all masks must meet what was seen


HAN_SIGN = chr(HAN[1])  # stands for a Han character that no set asks for
ANY: Ranges = ((0, 0x10FFFF),)
EVERY_LINE = -1  # instead of a rule's number: it runs line by line, and can fire on any
MOST = 1 << 15  # runs, openings, a text's lines remembered


class _Holders(dict[str, int]):
    """For each character the sets that hold it, as bits; for the sign of Han characters those that hold some."""

    def __init__(self, sets: Sequence[Ranges]) -> None:
        super().__init__()
        flips: dict[int, int] = {}  # code point → the sets that begin there, or are over
        for number, ranges in enumerate(sets):
            for low, high in ranges:
                flips[low] = flips.get(low, 0) ^ 1 << number
                flips[high + 1] = flips.get(high + 1, 0) ^ 1 << number
        self.edges = sorted(flips)
        self.held = list(accumulate((flips[edge] for edge in self.edges), xor))
        some = sum(1 << number for number, ranges in enumerate(sets) if count_han(ranges) > MOST_HAN)
        self[HAN_SIGN] = some | self[HAN_SIGN]

    def __missing__(self, char: str) -> int:
        number = bisect_right(self.edges, ord(char)) - 1
        self[char] = mask = self.held[number] if number >= 0 else 0
        return mask


class Eyes(dict[str, int]):
    """Sees which sights a text offers; each is a bit.

    A text is looked at run by run, a run being what stands between Han characters that no set asks for. As a dictionary
    this holds the sights of each run, filled in when the run is first met.
    """

    def __init__(self, sights: Iterable[Sight]) -> None:
        super().__init__()
        self.sights = tuple(sights)
        self.starts = _Holders([sight[0] for sight in self.sights])
        self.ends = _Holders([sight[1] if len(sight) > 1 else ANY for sight in self.sights])
        telling = {
            code
            for sight in self.sights
            for ranges in sight
            if count_han(ranges) <= MOST_HAN
            for low, high in ranges
            for code in range(max(low, HAN[0]), min(high, HAN[1]) + 1)
        }
        edges = [HAN[0] - 1, *sorted(telling), HAN[1] + 1]
        spans = [f"{chr(low + 1)}-{chr(high - 1)}" for low, high in pairwise(edges) if high - low > 1]
        self.runs = LazyPattern(f"[^{''.join(spans)}]+")

    def __missing__(self, run: str) -> int:
        mask = 0
        starts, ends = self.starts, self.ends
        for first, second in pairwise(f"{HAN_SIGN}{run}{HAN_SIGN}"):
            mask |= starts[first] & ends[second]
        if len(run) < 16:
            if len(self) > MOST:
                self.clear()
            self[run] = mask
        return mask

    def look(self, line: str) -> int:
        """Return the sights, as bits, that a line offers with the breaks before and after it."""
        seen = 0
        for run in self.runs.findall(f"\n{line}\n"):
            seen |= self[run]
        return seen


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


def plan_stages(*stages: Sequence[Compiled], others: Sequence[Gate] = ()) -> tuple[tuple[Plan, ...], tuple[Masks, ...]]:
    """Return a plan for each stage, and other gates as bits: what one look at a text tells holds for all of them."""
    rules = [compiled for stage in stages for compiled in stage]
    line_gates = [compiled.line_gate or OPEN for compiled in rules]
    gates = [*(compiled.gate for compiled in rules), *line_gates, *others]
    sights = dict.fromkeys(sight for gate in gates for term in gate for sight in term)
    bits = {sight: 1 << number for number, sight in enumerate(sights)}
    eyes = Eyes(sights)

    def masks(gate: Gate) -> Masks:
        return tuple(tuple(bits[sight] for sight in term) for term in gate)

    opened = Openings([masks(gate) for gate in line_gates])
    plans: list[Plan] = []
    first = 0
    for stage in stages:
        plan = Plan(stage)
        plan.eyes, plan.opened = eyes, opened
        plan.gates = tuple(masks(compiled.gate) for compiled in stage)
        plan.keys = tuple(_key(compiled.line_gate, number) for number, compiled in enumerate(stage, first))
        plans.append(plan)
        first += len(stage)
    return tuple(plans), tuple(masks(gate) for gate in others)


def _key(line_gate: Gate | None, number: int) -> int | None:
    return None if line_gate is None else number if line_gate else EVERY_LINE


def is_open(gate: Masks, seen: int) -> bool:
    """Tell whether what was seen opens a gate; one without terms is always open."""
    for term in gate:
        for mask in term:
            if not seen & mask:
                break
        else:
            return True
    return not gate
