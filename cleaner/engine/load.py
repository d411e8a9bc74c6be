"""Read rule files: TOML with `[[rule]]`, `[[role]]`, `[[evidence]]`, `[[sequence]]`, and TSV tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from cleaner.engine.names import DECIDED_ROLES, INNER_ROLES, MEASURES
from cleaner.engine.patterns import STORE, hash_bytes
from cleaner.engine.rule import Evidence, Examples, RoleRule, Rule, RuleFile, Sequence
from cleaner.engine.values import convert_value, take_list, take_number, take_string, take_table
from cleaner.errors import RuleError
from cleaner.toml import LARGEST, parse_foreign_toml, read_start

T = TypeVar("T", Rule, RoleRule, Evidence, Sequence)
KINDS: dict[str, type[Any]] = {"rule": Rule, "role": RoleRule, "evidence": Evidence, "sequence": Sequence}
SET_BY_LOADER = {"file", "user"}
STAGES = ("characters", "marks", "layout")
LARGEST_TABLE = 1 << 24
FILES = 64  # bundled ones whose content is kept between runs
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load_rule_file(path: Path, *, user: bool = False) -> RuleFile:
    """Read one rule file; RuleError names the file, the rule and the key that is wrong."""
    try:
        content = read_start(path)
    except (OSError, ValueError) as error:  # a NUL character is in no file's name
        raise RuleError(str(path), None, f"cannot be read: {getattr(error, 'strerror', error)}") from error
    return read_rules(content, path, user) if user else _recall(content, path)


def read_rules(content: bytes, path: Path, user: bool) -> RuleFile:
    """Parse and check the content of a rule file."""
    if len(content) > LARGEST:
        raise RuleError(str(path), None, f"is larger than {LARGEST} bytes: keep words in a table (`table`)")
    try:
        data = parse_foreign_toml(content)
    except ValueError as error:
        raise RuleError(str(path), None, str(error)) from error
    unknown = set(data) - set(KINDS) - {"stage", "settings", "classes", "why"} - ({"example"} if user else set())
    if unknown:
        raise RuleError(str(path), None, f"unknown table {sorted(unknown)[0]!r}")
    stage = data.get("stage", "marks")
    if stage not in STAGES:
        raise RuleError(str(path), None, f"stage must be one of {', '.join(STAGES)}, not {stage!r}")
    return RuleFile(
        str(path),
        stage,
        _load_all(Rule, data.get("rule", []), path, user),
        _load_all(RoleRule, data.get("role", []), path, user),
        _load_all(Evidence, data.get("evidence", []), path, user),
        _load_all(Sequence, data.get("sequence", []), path, user),
        {key: take_number(value, key, path) for key, value in take_table(data, "settings", path).items()},
        {key: take_string(value, key, path) for key, value in take_table(data, "classes", path).items()},
        user,
        tuple(_load_examples(item, path) for item in take_list(data.get("example", []), path)),
    )


def _recall(content: bytes, path: Path) -> RuleFile:
    """Return a bundled file as it was parsed and checked before; parse it where it is new."""

    def read() -> list[Any]:
        file = read_rules(content, path, False)
        return [file.stage, *(_plain(items) for items in _lists(file)), file.settings, file.classes]

    kept = STORE.find("rules:" + hash_bytes(content), read, FILES)
    stage, rules, roles, evidence, sequences, settings, classes = kept

    def make(kind: type[T], items: list[dict[str, Any]]) -> tuple[T, ...]:
        return tuple(kind(**_frozen(item), file=str(path)) for item in items)

    return RuleFile(
        str(path), stage, make(Rule, rules), make(RoleRule, roles), make(Evidence, evidence),
        make(Sequence, sequences), settings, classes,
    )  # fmt: skip


def _lists(file: RuleFile) -> tuple[tuple[Any, ...], ...]:
    return file.rules, file.roles, file.evidence, file.sequences


def _plain(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what rules say beyond the defaults, as JSON can hold it."""
    rows: list[dict[str, Any]] = []
    for item in items:
        said, default = item._asdict().items(), item._field_defaults
        rows.append({k: v for k, v in said if k not in SET_BY_LOADER and not (k in default and v == default[k])})
    return rows


def _frozen(item: dict[str, Any]) -> dict[str, Any]:
    """Make the lists of a rule tuples again, and the lists in them."""
    frozen = dict(item)
    for key, value in item.items():
        if type(value) is list:
            frozen[key] = tuple([tuple(part) if type(part) is list else part for part in value])
    return frozen


def load_table(path: Path, file: str, rule: str) -> list[tuple[str, str]]:
    """Read a TSV table: two columns, `#` comments; RuleError for a malformed or doubled line."""
    try:
        content = read_start(path, LARGEST_TABLE + 1)
        if len(content) > LARGEST_TABLE:
            raise RuleError(file, rule, f"table {path.name} is larger than {LARGEST_TABLE} bytes")
        lines = content.decode("utf-8").split("\n")
    except (OSError, ValueError) as error:  # not UTF-8, or no name of a file
        raise RuleError(file, rule, f"table {path.name} cannot be read: {error}") from error
    pairs: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        key, tab, value = line.partition("\t")
        if not key or not tab or "\t" in value or key in pairs:
            raise RuleError(file, rule, f"table {path.name}, line {number}: needs one new key, a tab and one value")
        pairs[key] = value
    return list(pairs.items())


def _load_all(kind: type[T], items: object, path: Path, user: bool) -> tuple[T, ...]:
    return tuple(_load_one(kind, item, path, user) for item in take_list(items, path))


def _load_examples(item: object, path: Path) -> Examples:
    """Read examples of a rule of another file."""
    if not isinstance(item, dict) or not isinstance(item.get("rule"), str):
        raise RuleError(str(path), None, "an [[example]] needs `rule`, the id of the rule that it is of")
    hints = get_type_hints(Examples)
    for key in item:
        if key not in hints:
            raise RuleError(str(path), item["rule"], f"unknown key {key!r}; known: {', '.join(hints)}")
    values = {key: convert_value(value, hints[key], f"key {key!r}", path, item["rule"]) for key, value in item.items()}
    return Examples(**values)


def _load_one(kind: type[T], item: object, path: Path, user: bool) -> T:
    if not isinstance(item, dict):
        raise RuleError(str(path), None, "a rule is a table of keys")
    name = item.get("id")
    if not isinstance(name, str) or not KEBAB.fullmatch(name):
        raise RuleError(str(path), str(name), "needs an id in kebab-case")
    hints = _hints(kind.__name__)
    known = [key for key in kind._fields if key not in SET_BY_LOADER]
    for key in item:
        if key not in known:
            raise RuleError(str(path), name, f"unknown key {key!r}; known: {', '.join(known)}")
    for key in known:
        if key not in item and key not in kind._field_defaults:
            raise RuleError(str(path), name, f"key {key!r} is missing")
    _check_names(kind, item, path, name)
    values = {key: convert_value(value, hints[key], f"key {key!r}", path, name) for key, value in item.items()}
    return kind(**values, file=str(path), user=user)


@cache
def _hints(kind: str) -> dict[str, Any]:
    return get_type_hints(next(known for known in KINDS.values() if known.__name__ == kind))


def _check_names(kind: type[Any], item: dict[str, Any], path: Path, name: str) -> None:
    """Refuse roles and measures that nothing knows: a misspelt one would never fire."""
    if kind is RoleRule and item["role"] not in (*DECIDED_ROLES, *INNER_ROLES):
        raise RuleError(str(path), name, f"unknown role {item['role']!r}; known: {', '.join(DECIDED_ROLES)}")
    step = "role" if kind is RoleRule else item.get("step", "")
    known = MEASURES.get(step if isinstance(step, str) else "", ())
    if kind in (RoleRule, Evidence) and item.get("measure") is not None and item["measure"] not in known:
        raise RuleError(str(path), name, f"unknown measure {item['measure']!r}; known: {', '.join(sorted(known))}")


def check_unique(files: Iterable[RuleFile]) -> None:
    """Refuse an id that stands twice."""
    seen: dict[str, str] = {}
    for file in files:
        for item in file.items():
            if item.id in seen:
                raise RuleError(file.path, item.id, f"this id is already used in {seen[item.id]}")
            seen[item.id] = file.path
