"""How headlines are built: the lengths of their clauses. Section headings of one article are often alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import sub

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.units import Unit

Shape = tuple[int, ...]


def shape_of(unit: Unit, rules: RuleSet) -> Shape:
    """Return the lengths of a headline's clauses.

    Blanks and clause marks part clauses; quotation marks do not count.
    """
    if unit.shape is None:
        quotes, gaps = rules.once("shape patterns", _make_patterns)
        clauses = gaps.split(quotes.sub("", unit.text))
        unit.shape = tuple([len(clause) for clause in clauses if clause])
    return unit.shape


def _make_patterns(rules: RuleSet) -> tuple[LazyPattern, LazyPattern]:
    classes = rules.classes
    return find_pattern(f"[{classes['quote']}{classes['corner']}]"), find_pattern(rf"[\s{classes['clause']},;:]+")


def is_parallel(first: Shape, second: Shape) -> bool:
    """Say whether two headlines are built alike: as many clauses, each as long (of several, give or take one)."""
    if len(first) != len(second):
        return False
    return first == second or (len(first) > 1 and max(map(abs, map(sub, first, second))) <= 1)


def count_parallels(units: Sequence[Unit], rules: RuleSet) -> Iterator[int]:
    """Yield for each unit how many like-shaped short ones stand near by; 0 for one that is no headline by its width."""
    reach = int(rules.settings["parallel_reach"])
    widest, body = rules.settings["short_width"], rules.settings["body_width"]
    shapes = [shape_of(unit, rules) if unit.width <= widest or unit.width < body else None for unit in units]
    near: Counter[Shape] = Counter()  # shapes of the units around that are no body text
    offered = [shape if unit.width < body else None for unit, shape in zip(units, shapes, strict=True)]
    near.update(shape for shape in offered[:reach] if shape is not None)
    for i, unit in enumerate(units):
        if i + reach < len(units) and (come := offered[i + reach]) is not None:
            near[come] += 1
        shape, own = shapes[i], offered[i]
        if shape is None or unit.width > widest:
            yield 0
        else:
            alike = near[shape] if len(shape) < 2 else _count_alike(near, shape)
            yield alike - (own is not None)
        if i >= reach and (gone := offered[i - reach]) is not None:
            if near[gone] == 1:
                del near[gone]
            else:
                near[gone] -= 1


def _count_alike(near: Counter[Shape], shape: Shape) -> int:
    return sum([count for other, count in near.items() if is_parallel(other, shape)])
