"""Test rules on their own examples, and say what fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaner.engine.check import check_evidence, check_role, find_failures
from cleaner.engine.classes import expand_classes, load_classes
from cleaner.engine.compile import Context, compile_rule
from cleaner.engine.deadline import deadline
from cleaner.engine.load import check_unique, load_rule_file
from cleaner.engine.rule import Evidence, Item, RoleRule, Rule, RuleFile
from cleaner.errors import RuleError
from cleaner.layout.evidence import within
from cleaner.layout.lines import measure_width
from cleaner.marks import PROCEDURES
from cleaner.marks.style import is_chinese
from cleaner.paths import rules_dir
from cleaner.report.diff import mark_difference


def check_files(paths: Sequence[str], known: Sequence[str] = ()) -> tuple[int, list[RuleError]]:
    """Check the laws of all rules in the files (or all bundled ones): return how many rules, and what fails.

    `known` are rule files, not checked themselves, of whose rules the files may hold examples.
    """
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
    return number, failures + [failure for file in files for failure in _check_examples(file, files, known)]


def _check_examples(file: RuleFile, files: Sequence[RuleFile], known: Sequence[str]) -> Iterator[RuleError]:
    """Yield what fails of a file's examples of rules that stand in other files."""
    if not file.examples:
        return
    bundled = [load_rule_file(path) for path in sorted(rules_dir().glob("*.toml")) if path.name != "classes.toml"]
    others = [load_rule_file(Path(path), user=True) for path in known]
    rules = {rule.id: (rule, f) for f in (*bundled, *others, *files) for rule in f.rules}
    for examples in file.examples:
        if examples.rule not in rules:
            yield RuleError(
                file.path, examples.rule, "no such text rule, bundled, in these files or in those of --rules"
            )
            continue
        found, home = rules[examples.rule]
        rule = found._replace(fixes=examples.fixes, keeps=examples.keeps, misses=())
        classes = expand_classes(home.classes, home.path, dict(load_classes()))
        for error in find_failures(compile_rule(rule, classes, PROCEDURES), _make_context):
            yield RuleError(file.path, examples.rule, error.problem, wanted=error.wanted, got=error.got)


def _make_context(text: str) -> Context:
    return Context(is_chinese=is_chinese)


def _check(item: Item, classes: dict[str, str]) -> list[RuleError]:
    """Return what fails of one rule, each example by itself."""
    if isinstance(item, RoleRule | Evidence):
        return [error for single in _singles(item) if (error := _try(single, classes)) is not None]
    try:
        if isinstance(item, Rule):
            if item.user and not (item.fixes and item.keeps):
                raise RuleError(item.file, item.id, "needs at least one example in `fixes` and one in `keeps`")
            with deadline(item.file, item.id):
                return list(find_failures(compile_rule(item, classes, PROCEDURES), _make_context))
    except RuleError as error:
        return [error]
    return []


def _singles(item: RoleRule | Evidence) -> Iterator[RoleRule | Evidence]:
    """Yield a rule once for each of its examples."""
    for text in item.fires:
        yield item._replace(fires=(text,), silent=())
    for text in item.silent:
        yield item._replace(fires=(), silent=(text,))
    if not (item.fires or item.silent):
        yield item


def _try(item: RoleRule | Evidence, classes: dict[str, str]) -> RuleError | None:
    try:
        if isinstance(item, Evidence):
            check_evidence(item, classes)
        else:
            check_role(item, classes)
            _check_width(item)
    except RuleError as error:
        return error
    return None


def _check_width(rule: RoleRule) -> None:
    """Raise RuleError for a text in `fires` that `shortest` or `longest` rules out."""
    for text in rule.fires:
        if not within(width := measure_width(text), rule.shortest, rule.longest):
            limits = f"shortest = {rule.shortest}, longest = {rule.longest}"
            raise RuleError(rule.file, rule.id, f"fires {text!r}: is {width:g} cells wide, which {limits} rules out")


def format_difference(failure: RuleError) -> str:
    """Return a line that shows what a failing example lacks and what it has too much; empty where that is not known."""
    if failure.wanted is None or failure.got is None:
        return ""
    return f"    {mark_difference(failure.wanted, failure.got)}\n"
