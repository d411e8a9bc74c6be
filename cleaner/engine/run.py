"""Run rules over a text: in file order, each once, each a pass from left to right."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.engine.blocks import Blocks, as_blocks
from cleaner.engine.classes import read_script
from cleaner.engine.compile import Compiled, Context
from cleaner.engine.deadline import deadline
from cleaner.engine.lines import Lines
from cleaner.engine.plan import EVERY_LINE, Plan, is_open, plan_stages
from cleaner.engine.rule import Rule
from cleaner.engine.shields import keep_unshielded
from cleaner.model import Span
from cleaner.trace import Change, Layer, layer_of, render


class Raised(NamedTuple):
    """A flag with its span in the text that the rule looked at; `suggestion` is what the rule would put there."""

    code: str
    message: str
    start: int
    end: int
    suggestion: str | None = None


@dataclass(slots=True)
class Trail:
    """What a run did: a layer for each rule that changed something, and flags with the number of layers before."""

    layers: list[Layer] = field(default_factory=list)
    flags: list[tuple[int, Raised]] = field(default_factory=list)


def run_rules(rules: Sequence[Compiled], text: str, context: Context, tiers: Sequence[str], trail: Trail) -> str:
    """Apply the rules to `text`; the changes go to `trail`, the blocks in `context` move along."""
    plan = rules if isinstance(rules, Plan) else plan_stages(rules)[0][0]
    if context.lines is None:
        context.lines = Lines(plan, text)
    lines = context.lines
    blocks = context.bounds = as_blocks(context.bounds)
    context.roles = frozenset(blocks.roles)
    for compiled, context.where in look_rules(plan, lines):
        told = len(trail.flags)
        changes = find_changes(compiled, text, context)
        trail.flags += [(len(trail.layers), Raised(*raised)) for raised in context.flags]
        context.flags.clear()
        changes = _settle(compiled, text, changes, context, tiers, trail)
        for _, raised in trail.flags[told:]:
            lines.touch(raised.start, raised.end)
        if changes:
            layer = layer_of(changes, len(text))
            text = render(layer, text)
            lines.update(changes)
            trail.layers.append(layer)
            blocks = context.bounds = blocks.move(changes)
    return text


def look_rules(plan: Plan, lines: Lines) -> Iterator[tuple[Compiled, Sequence[Span] | None]]:
    """Yield in order the rules that can find something in the text as it then is, and where; None for all of it."""
    for compiled, key, gate in zip(plan, plan.keys, plan.gates, strict=True):
        if key is None:
            if is_open(gate, lines.seen):
                yield compiled, None
        elif key == EVERY_LINE or lines.by_rule.get(key):
            where = lines.where(key)
            if where != ():
                yield compiled, where


def find_changes(compiled: Compiled, text: str, context: Context) -> list[Change]:
    """Find what one rule would change, its scope (style, role, sentence) obeyed."""
    rule = compiled.rule
    if rule.style is not None and rule.style != context.style:
        return []
    if rule.roles and context.roles and context.roles.isdisjoint(rule.roles) and not rule.user:
        return []
    if rule.user:
        with deadline(rule.file, rule.id) as timeout:
            context.timeout = timeout
            changes = compiled.find(text, context)
    else:
        changes = compiled.find(text, context)
    if changes and rule.script is not None and rule.script != read_script(text):
        return []
    if changes and context.bounds:
        changes = _in_scope(changes, rule, as_blocks(context.bounds))
    if changes and context.protected:
        seen = None if context.lines is None else context.lines.seen
        changes = keep_unshielded(context.protected, text, seen, changes)
    if changes and rule.sentence == "chinese" and context.is_chinese is not None:
        changes = [c for c in changes if context.is_chinese(text, c.start, c.end)]
    return changes


def _in_scope(changes: Sequence[Change], rule: Rule, blocks: Blocks) -> list[Change]:
    """Return the changes that stay within one block, of a role that the rule asks for."""
    kept: list[Change] = []
    starts, roles, not_roles = blocks.starts, rule.roles, rule.not_roles
    first, last = 0, -1  # span of the block looked at
    fits = False
    for change in changes:
        low, high = change[0], change[1]
        if not first <= low < last:
            number = max(bisect_right(starts, low) - 1, 0)
            first, end, role, _ = blocks[number]
            last = starts[number + 1] if number + 1 < len(starts) else end + 1
            fits = (not roles or role in roles) and role not in not_roles and (role != "code" or role in roles)
        if fits and first <= low and high <= end:
            kept.append(change)
    return kept


def _settle(
    compiled: Compiled, text: str, changes: list[Change], context: Context, tiers: Sequence[str], trail: Trail
) -> list[Change]:
    """Decide whether the changes are made, or only flagged, by action, tier and the profile's options."""
    rule = compiled.rule
    if not changes:
        return changes
    if rule.group == "leaks":
        choice = context.options.get("leaks", "remove")
        if choice == "restore":
            return [c._replace(text=c.note or c.text) for c in changes]
        if choice == "remove":
            return changes
    elif rule.action == "replace" and rule.tier in tiers:
        return changes
    if rule.action == "flag" or rule.group == "leaks" or rule.tier == "suggest":
        told = {(raised.start, raised.end) for layers, raised in trail.flags if layers == len(trail.layers)}
        for start, end, new, _, note in changes:
            if (start, end) in told:
                continue
            suggestion = (note or new) if rule.action == "replace" else None
            hint = f" (perhaps {suggestion!r})" if suggestion else ""
            trail.flags.append((len(trail.layers), Raised(rule.id, f"{rule.why}{hint}", start, end, suggestion)))
    return []
