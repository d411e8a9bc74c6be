"""Give each unit its role: title, byline, paragraph …

A role is decided by the sum of what role rules say of the unit and its neighbours, and by which roles follow one
another; the best sequence over the page is found by dynamic programming (Viterbi).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from cleaner.engine.names import DECIDED_ROLES
from cleaner.engine.profile import CompiledRole, RuleSet
from cleaner.layout.evidence import within
from cleaner.layout.units import Unit, seam_count
from cleaner.layout.words import cuts_word

DEFAULT = "paragraph"
ANY = "*"


def assign_roles(units: Sequence[Unit], rules: RuleSet, pairs: Counter[str]) -> None:
    """Set `role` of every unit."""
    if not units:
        return
    by_role = _group(rules.roles)
    widest = max((rule.rule.longest or 0.0 for rule in rules.roles), default=0.0)
    scores = [_score(units, i, by_role, widest, rules, pairs) for i in range(len(units))]
    path = _best_path(scores, _transitions(rules))
    for unit, role, score in zip(units, path, scores, strict=True):
        unit.role, unit.scores = role, score


def _group(roles: Sequence[CompiledRole]) -> dict[str, list[CompiledRole]]:
    by_role: dict[str, list[CompiledRole]] = {DEFAULT: []}
    for item in roles:
        if item.rule.role in DECIDED_ROLES:
            by_role.setdefault(item.rule.role, []).append(item)
    return by_role


def _score(
    units: Sequence[Unit],
    i: int,
    by_role: Mapping[str, Sequence[CompiledRole]],
    widest: float,
    rules: RuleSet,
    pairs: Counter[str],
) -> dict[str, float]:
    """Return the sum of evidence for each role that is worth thinking of."""
    unit = units[i]
    measures = measure_unit(units, i, rules, pairs)
    scores: dict[str, float] = {}
    for role, items in by_role.items():
        total = sum(item.rule.weight for item in items if _fires(item, units, i, measures))
        if total > -6.0 or role == DEFAULT:
            scores[role] = total
    if unit.width > widest:
        scores = {role: score for role, score in scores.items() if role in (DEFAULT, "caption")}
    return scores


def _fires(item: CompiledRole, units: Sequence[Unit], i: int, measures: Mapping[str, float]) -> bool:
    rule = item.rule
    unit = units[i]
    if not within(unit.width, rule.shortest, rule.longest):
        return False
    if rule.measure is not None and not within(measures.get(rule.measure), rule.at_least, rule.at_most):
        return False
    if item.pattern is not None and not item.pattern.search(unit.text):
        return False
    if item.previous is not None and not item.previous.search(units[i - 1].text if i else ""):
        return False
    return item.next is None or bool(item.next.search(units[i + 1].text if i + 1 < len(units) else ""))


def measure_unit(units: Sequence[Unit], i: int, rules: RuleSet, pairs: Counter[str]) -> dict[str, float]:
    """Measure what patterns cannot say: place, neighbours' sizes, like-shaped units near by."""
    body = rules.settings["body_width"]
    unit = units[i]
    measures = {
        "first": float(i == 0),
        "last": float(i == len(units) - 1),
        "edge": float(min(i, len(units) - 1 - i)),
        "before": float(unit.before),
        "previous_width": units[i - 1].width if i else 0.0,
        "next_width": units[i + 1].width if i + 1 < len(units) else 0.0,
        "parts": float(len(unit.parts)),
        "open_marks": float(_open_marks(unit.text, rules)),
    }
    if unit.short is not None:
        measures["short"] = unit.short
    if i:
        measures["ratio_previous"] = unit.width / units[i - 1].width
    if i + 1 < len(units):
        measures["seam"] = seam_count(pairs, unit.text, units[i + 1].text)
        measures["word"] = float(cuts_word(unit.text, units[i + 1].text))
        measures["ratio_next"] = units[i + 1].width / unit.width
    if unit.width <= rules.settings["short_width"]:
        reach = int(rules.settings["parallel_reach"])
        shape = shape_of(unit, rules)
        near = [u for u in units[max(0, i - reach) : i + reach + 1] if u is not unit and u.width < body]
        alike = sum(1 for u in near if is_parallel(shape_of(u, rules), shape))
        measures["parallel"] = float(alike - (len(shape) < 2))  # one clause of the same length is often chance
    return measures


def _open_marks(text: str, rules: RuleSet) -> int:
    """Return how many opening marks have no closing one."""
    opening, closing = rules.classes["opening"], rules.classes["closing"]
    return len(re.findall(f"[{opening}]", text)) - len(re.findall(f"[{closing}]", text))


def shape_of(unit: Unit, rules: RuleSet) -> tuple[int, ...]:
    """Return the lengths of a headline's clauses: section headings of one article are often alike.

    Blanks and clause marks part clauses; quotation marks do not count.
    """
    if unit.shape is None:
        text = re.sub(f"[{rules.classes['quote']}{rules.classes['corner']}]", "", unit.text)
        clauses = re.split(rf"[\s{rules.classes['clause']},;:]+", text)
        unit.shape = tuple(len(clause) for clause in clauses if clause)
    return unit.shape


def is_parallel(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Say whether two headlines are built alike: as many clauses, each as long (of several, give or take one)."""
    if len(first) != len(second):
        return False
    slack = 1 if len(first) > 1 else 0
    return all(abs(a - b) <= slack for a, b in zip(first, second, strict=True))


def _transitions(rules: RuleSet) -> dict[tuple[str, str], float]:
    table: Counter[tuple[str, str]] = Counter()
    for item in rules.sequences:
        table[item.first, item.then] += item.weight  # type: ignore[assignment]
    return dict(table)


def _best_path(scores: Sequence[Mapping[str, float]], transitions: Mapping[tuple[str, str], float]) -> list[str]:
    """Return the best role sequence; the first unit follows the pseudo-role `start`."""

    def step(first: str, then: str) -> float:
        if (first, then) in transitions:
            return transitions[first, then]
        return transitions.get((first, ANY), 0.0) + transitions.get((ANY, then), 0.0)

    best: dict[str, float] = {"start": 0.0}
    back: list[dict[str, str]] = []
    for local in scores:
        now: dict[str, float] = {}
        source: dict[str, str] = {}
        for role, score in local.items():
            total, first = max((value + step(before, role), before) for before, value in best.items())
            now[role], source[role] = total + score, first
        best = now
        back.append(source)
    role = max(best, key=lambda name: best[name] + step(name, "end"))
    path: list[str] = []
    for source in reversed(back):
        path.append(role)
        role = source[role]
    return path[::-1]
