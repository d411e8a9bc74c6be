"""Show rules: in a list, one in full, and whether they keep their laws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

from cleaner.engine.check import check_evidence, check_role, find_failures
from cleaner.engine.classes import expand_classes, load_classes
from cleaner.engine.compile import Context, compile_rule
from cleaner.engine.deadline import deadline
from cleaner.engine.load import check_unique, load_rule_file
from cleaner.engine.rule import Evidence, Item, RoleRule, Rule, RuleFile
from cleaner.errors import RuleError
from cleaner.marks import PROCEDURES
from cleaner.marks.style import is_chinese
from cleaner.paths import rules_dir
from cleaner.report.diff import mark_difference

INTERNAL = ("file", "user")
COSTS = ("always", "every line", "text", "line")  # from dear to cheap


def list_rules(files: Sequence[RuleFile]) -> list[tuple[str, str, str, str, str]]:
    """Return id, tier (or kind), stage, file name and the first sentence of the reason of every rule."""
    return [
        (item.id, _tier(item), file.stage, Path(file.path).name, first_sentence(item.why))
        for file in files
        for item in file.items()
    ]


def read_costs(files: Sequence[RuleFile]) -> dict[str, str]:
    """Return by id what a text rule costs: the lines that open its gate, any line, the whole text, or it always.

    `line`: it runs on the lines that hold what its pattern needs; `every line`: nothing is known that a line must hold;
    `text`: it runs on a whole text that holds what it needs; `always`: on every text.
    """
    costs: dict[str, str] = {}
    classes = dict(load_classes())
    for file in files:
        classes = expand_classes(file.classes, file.path, classes)
        for rule in (rule for rule in file.rules if rule.do != "layout"):  # names of what layout does
            compiled = compile_rule(rule, classes, PROCEDURES)
            if compiled.line_gate is not None:
                costs[rule.id] = "line" if compiled.line_gate else "every line"
            else:
                costs[rule.id] = "text" if compiled.gate else "always"
    return costs


def _tier(item: Item) -> str:
    return item.tier if isinstance(item, Rule) else _kind(item)


def _kind(item: Item) -> str:
    return "role" if isinstance(item, RoleRule) else type(item).__name__.lower()


def first_sentence(text: str) -> str:
    """Return a text up to its first full stop before a blank.

    >>> first_sentence("A comma, e.g.: this. Not this.")
    'A comma, e.g.: this.'
    """
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def describe_rule(files: Sequence[RuleFile], name: str) -> str:
    """Return all that a rule says, a key a line, lists an item a line; RuleError for an unknown id."""
    for file in files:
        for item in file.items():
            if item.id == name:
                head = [f"{_kind(item)} {item.id}", f"  file: {item.file}", f"  stage: {file.stage}"]
                return "\n".join([*head, *_keys(item)]) + "\n"
    raise RuleError("rules show", name, "no such rule in this profile (see `cleaner rules list`)")


def _keys(item: Item) -> Iterator[str]:
    for spec in fields(item):
        value: Any = getattr(item, spec.name)
        default = spec.default_factory() if spec.default_factory is not MISSING else spec.default
        if spec.name in ("id", *INTERNAL) or value == default:
            continue
        if not isinstance(value, tuple):
            plain = not isinstance(value, str) or (value.isprintable() and value.strip())
            yield f"  {spec.name}: {value if plain else repr(value)}"
            continue
        yield f"  {spec.name}:"
        for part in value:
            yield f"    {part[0]!r} becomes {part[1]!r}" if isinstance(part, tuple) else f"    {part!r}"


def check_files(paths: Sequence[str]) -> tuple[int, list[RuleError]]:
    """Check the laws of all rules in the files (or all bundled ones): return how many rules, and what fails."""
    bundled = sorted(path for path in rules_dir().glob("*.toml") if path.name != "classes.toml")
    files = [load_rule_file(Path(path), user=True) for path in paths] or [load_rule_file(path) for path in bundled]
    failures: list[RuleError] = []
    try:
        check_unique(files)
    except RuleError as error:
        failures.append(error)
    classes = dict(load_classes())
    for file in files:
        classes = expand_classes(file.classes, file.path, classes)
        for item in file.items():
            failures += _check(item, classes)
    number = sum(len(file.items()) for file in files) + sum(len(file.examples) for file in files)
    return number, failures + [failure for file in files for failure in _check_examples(file, files)]


def _check_examples(file: RuleFile, files: Sequence[RuleFile]) -> Iterator[RuleError]:
    """Yield what fails of a file's examples of rules that stand in other files."""
    if not file.examples:
        return
    bundled = [load_rule_file(path) for path in sorted(rules_dir().glob("*.toml")) if path.name != "classes.toml"]
    rules = {rule.id: rule for f in (*bundled, *files) for rule in f.rules}
    for examples in file.examples:
        if examples.rule not in rules:
            yield RuleError(file.path, examples.rule, "no such text rule, bundled or in these files")
            continue
        rule = replace(rules[examples.rule], fixes=examples.fixes, keeps=examples.keeps, misses=())
        classes = expand_classes(file.classes, file.path, dict(load_classes()))
        for error in find_failures(compile_rule(rule, classes, PROCEDURES), _make_context):
            yield RuleError(file.path, examples.rule, error.problem, wanted=error.wanted, got=error.got)


def _make_context(text: str) -> Context:
    return Context(is_chinese=is_chinese)


def _check(item: Item, classes: dict[str, str]) -> list[RuleError]:
    """Return what fails of one rule, as the tests find it: each example of a text rule, the first of the others."""
    try:
        if isinstance(item, RoleRule):
            check_role(item, classes)
        elif isinstance(item, Evidence):
            check_evidence(item, classes)
        elif isinstance(item, Rule):
            if item.user and not (item.fixes and item.keeps):
                raise RuleError(item.file, item.id, "needs at least one example in `fixes` and one in `keeps`")
            with deadline(item.file, item.id):
                return list(find_failures(compile_rule(item, classes, PROCEDURES), _make_context))
    except RuleError as error:
        return [error]
    return []


def format_difference(failure: RuleError) -> str:
    """Return a line that shows what a failing example lacks and what it has too much; empty where that is not known."""
    if failure.wanted is None or failure.got is None:
        return ""
    return f"    {mark_difference(failure.wanted, failure.got)}\n"
