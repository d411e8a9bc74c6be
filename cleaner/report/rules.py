"""Show rules: in a list, one in full, and whether they keep their laws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cleaner.engine.classes import expand_classes, load_classes
from cleaner.engine.compile import compile_rule
from cleaner.engine.rule import Item, RoleRule, Rule, RuleFile
from cleaner.errors import RuleError
from cleaner.marks import PROCEDURES

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
            gate, line = compiled.gates()
            if line is not None:
                costs[rule.id] = "line" if line else "every line"
            else:
                costs[rule.id] = "text" if gate else "always"
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
    said: dict[str, Any] = item._asdict()
    for name, value in said.items():
        if name in ("id", *INTERNAL) or (name in item._field_defaults and value == item._field_defaults[name]):
            continue
        if not isinstance(value, tuple):
            plain = not isinstance(value, str) or (value.isprintable() and value.strip())
            yield f"  {name}: {value if plain else repr(value)}"
            continue
        yield f"  {name}:"
        for part in value:
            yield f"    {part[0]!r} becomes {part[1]!r}" if isinstance(part, tuple) else f"    {part!r}"
