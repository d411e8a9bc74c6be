"""The laws that every rule obeys, run by the tests, by `cleaner rules test` and when a user's rule file is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import Compiled, Context, compile_pattern
from cleaner.engine.deadline import deadline
from cleaner.engine.rule import Evidence, RoleRule
from cleaner.engine.run import find_changes
from cleaner.errors import RuleError
from cleaner.trace import layer_of, render

BOUNDARY = "\N{RETURN SYMBOL}"  # stands for the line break in examples of join evidence
Apply = Callable[[Compiled, str], str]


def clean_whole(text: str) -> str:
    """Clean a whole text with the newspaper profile, for the examples of rules that name what layout does."""
    from cleaner import clean

    return clean(text)


def check_rule(compiled: Compiled, make_context: Callable[[str], Context]) -> None:
    """Raise RuleError unless each fix gives its result and stays, no keep changes, and misses are still missed.

    Rules with `do = "layout"` name what layout does: their examples are cleaned as whole texts.
    """
    for error in find_failures(compiled, make_context):
        raise error


def apply_rule(compiled: Compiled, text: str, make_context: Callable[[str], Context]) -> str:
    """Return what one rule alone makes of an example's text."""
    rule = compiled.rule
    if rule.do == "layout":
        return clean_whole(text)
    context = make_context(text)
    context.style = rule.style or context.style
    if rule.action == "flag":
        context.bounds = []
    elif rule.roles:
        context.bounds = [(0, len(text), rule.roles[0], 0)]
    changes = find_changes(compiled, text, context)
    return render(layer_of(changes, len(text)), text)


def find_failures(compiled: Compiled, make_context: Callable[[str], Context]) -> Iterator[RuleError]:
    """Yield an error for each example that the rule breaks, with `wanted` and `got`."""
    rule = compiled.rule

    def apply(text: str) -> str:
        return apply_rule(compiled, text, make_context)

    def fail(kind: str, text: str, wanted: str, got: str) -> RuleError:
        problem = f"{kind} {text!r} should give {wanted!r}, gives {got!r}"
        return RuleError(rule.file, rule.id, problem, wanted=wanted, got=got)

    for text, wanted in rule.fixes:
        got = apply(text)
        if got != wanted or (text == wanted and rule.action == "replace"):
            yield fail("fixes", text, wanted, got)
        elif rule.action == "replace" and (again := apply(got)) != got:
            problem = f"fixes {text!r}: applied again it changes {got!r} to {again!r}"
            yield RuleError(rule.file, rule.id, problem, wanted=got, got=again)
    for kind, texts in (("keeps", rule.keeps), ("misses", rule.misses)):
        for text in texts:
            if (got := apply(text)) != text:
                yield fail(kind, text, text, got)


def check_role(rule: RoleRule, classes: dict[str, str]) -> None:
    """Raise RuleError unless a role rule's pattern fires on its `fires` and on none of its `silent`."""
    if rule.pattern is None:
        return
    pattern = compile_pattern(expand_pattern(rule.pattern, classes, rule.file, rule.id), rule, flags=0)
    for text in rule.fires:
        if not pattern.search(text):
            raise RuleError(rule.file, rule.id, f"fires {text!r}: the pattern does not match")
    for text in rule.silent:
        if pattern.search(text):
            raise RuleError(rule.file, rule.id, f"silent {text!r}: the pattern matches")


def check_evidence(rule: Evidence, classes: dict[str, str]) -> None:
    """Raise RuleError unless the evidence fires at the boundary of each `fires` and of no `silent`."""
    end = compile_pattern(expand_pattern(rule.end or "", classes, rule.file, rule.id), rule, flags=0)
    start = compile_pattern(expand_pattern(rule.start or "", classes, rule.file, rule.id), rule, flags=0)
    for kind, texts, wanted in (("fires", rule.fires, True), ("silent", rule.silent, False)):
        for text in texts:
            before, mark, after = text.partition(BOUNDARY)
            if not mark:
                raise RuleError(rule.file, rule.id, f"{kind} {text!r}: the boundary sign {BOUNDARY} is missing")
            if bool(end.search(before) and start.search(after)) is not wanted:
                raise RuleError(rule.file, rule.id, f"{kind} {text!r}: the patterns {'do not ' * wanted}match")


def check_user_layout(item: RoleRule | Evidence, classes: dict[str, str]) -> None:
    """Raise RuleError unless a user's role or evidence has examples that hold, within the deadline."""
    patterns = (item.pattern,) if isinstance(item, RoleRule) else (item.end, item.start)
    if any(patterns) and not (item.fires and item.silent):
        raise RuleError(item.file, item.id, "needs an example in `fires` and one in `silent`")
    with deadline(item.file, item.id):
        check_role(item, classes) if isinstance(item, RoleRule) else check_evidence(item, classes)


def check_user_rule(compiled: Compiled) -> None:
    """Raise RuleError unless a user's rule has examples that hold, within the deadline."""
    from cleaner.marks.style import is_chinese

    if not compiled.rule.fixes or not compiled.rule.keeps:
        raise RuleError(compiled.rule.file, compiled.rule.id, "needs an example in `fixes` and one in `keeps`")
    with deadline(compiled.rule.file, compiled.rule.id):
        check_rule(compiled, lambda text: Context(is_chinese=is_chinese))
