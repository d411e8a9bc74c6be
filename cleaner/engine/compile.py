"""Compile a rule to something that finds its changes in a text, and say what a text must hold for it to find any."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cleaner.engine.classes import expand_pattern
from cleaner.engine.gate import Gate, both, gate_of, gate_of_chars
from cleaner.engine.load import load_table
from cleaner.engine.locality import stays_in_line
from cleaner.engine.names import BY_BLOCK, BY_MATCH
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.repeats import LONGEST, count_items
from cleaner.engine.rule import Evidence, RoleRule, Rule
from cleaner.engine.sources import outline, source_of
from cleaner.errors import RuleError
from cleaner.model import Bound, Span
from cleaner.trace import Change

if TYPE_CHECKING:
    from cleaner.engine.lines import Lines
    from cleaner.engine.shields import Shield

MOST_WRITTEN = 1 << 24  # characters that a user's rule may write into a page, beyond the page's own number


@dataclass(slots=True)
class Context:
    """What a rule may ask about the document: its punctuation style, where which role stands, the profile's options."""

    style: str = "wide"
    options: dict[str, str] = field(default_factory=dict)
    protected: tuple[Shield, ...] = ()  # text in which marks stay as they are
    is_chinese: Callable[[str, int, int], bool] | None = None
    bounds: Sequence[Bound] = field(default_factory=list)
    roles: frozenset[str] = frozenset()  # of the blocks
    flags: list[tuple[str, str, int, int]] = field(default_factory=list)  # code, message, span in the current text
    timeout: float | None = None  # seconds, for a user's pattern where no timer can be set
    lines: Lines | None = None  # the text's lines, and which rules can fire on them
    where: Sequence[Span] | None = None  # the stretches, of whole lines, that the rule is to look at; None: all


T = TypeVar("T")
Finder = Callable[[str, Context], list[Change]]
Procedure = Callable[[Rule, dict[str, str]], Finder]
Gates = tuple[Gate, Gate | None]  # of a text; of a line, None for rules that cannot be run line by line


class Compiled(NamedTuple):
    """A rule, the function that finds its changes, and what a text, or a line, must hold for it to find any."""

    rule: Rule
    find: Finder
    gates: Callable[[], Gates]  # read off the pattern when they are asked for


def compile_rule(rule: Rule, classes: dict[str, str], procedures: dict[str, Procedure]) -> Compiled:
    """Compile one rule; RuleError when its keys do not fit together or its pattern is wrong."""
    ways = [key for key in ("find", "pattern", "table", "do") if getattr(rule, key) is not None]
    if len(ways) != 1 and ways != ["pattern", "table"]:
        raise RuleError(rule.file, rule.id, "needs exactly one of find, pattern, table, do (or pattern with table)")
    if rule.do is not None:
        if rule.do not in procedures:
            raise RuleError(rule.file, rule.id, f"unknown procedure {rule.do!r}; known: {', '.join(procedures)}")
        make = procedures[rule.do]
        return Compiled(rule, _later(rule, lambda: make(rule, classes)), lambda: _gates_of_procedure(rule, classes))
    if rule.table is None and rule.replace is None and rule.action == "replace" and rule.group is None:
        raise RuleError(rule.file, rule.id, 'needs `replace` (or `action = "flag"`)')
    if rule.find is not None and not rule.find.split():
        raise RuleError(rule.file, rule.id, "`find` is empty")
    read = _once(lambda: _read_source(rule, classes))
    find = _later(rule, lambda: _make_finder(rule, classes, *read()))
    return Compiled(rule, find, lambda: _gates_of_rule(rule, *read()))


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """Return a function that makes something when it is first called; hundreds of them are made at each start."""
    made: list[T] = []

    def get() -> T:
        if not made:
            made.append(make())
        return made[0]

    return get


def _read_source(rule: Rule, classes: dict[str, str]) -> tuple[str, dict[str, str] | None]:
    """Return the pattern of a rule, written out, and its table."""
    table = dict(load_table(Path(rule.file).parent / rule.table, rule.file, rule.id)) if rule.table else None
    return source_of(rule, classes, table), table


def _gates_of_rule(rule: Rule, source: str, table: dict[str, str] | None) -> Gates:
    gate = gate_of_chars(_needs(rule, table))
    if rule.user:  # the `regex` package reads patterns otherwise
        return gate, None
    gate, line = _gates_of_pattern(source, gate)
    return gate, line if rule.unless_text is None and rule.script is None else None  # these ask the whole text


def _later(rule: Rule, make: Callable[[], Finder]) -> Finder:
    """Make a bundled rule's finder when it is first called: most texts need few of them. A user's rule is made now."""
    if rule.user:
        return make()
    made = _once(make)

    def find(text: str, context: Context) -> list[Change]:
        return made()(text, context)

    return find


def _make_finder(rule: Rule, classes: dict[str, str], source: str, table: dict[str, str] | None) -> Finder:
    pattern = compile_pattern(source, rule)
    _check_groups(rule, pattern)
    rest = expand_pattern(rule.unless_text, classes, rule.file, rule.id) if rule.unless_text else None
    return _finder(rule, pattern, _needs(rule, table), table, None if rest is None else compile_pattern(rest, rule))


def _gates_of_procedure(rule: Rule, classes: dict[str, str]) -> Gates:
    """Return what a text, and what a line, must hold: what `needs` says and what the pattern `find` needs."""
    gate = gate_of_chars(rule.needs or "")
    find, table = rule.options.get("find"), rule.options.get("table")
    if rule.user or rule.script is not None:
        return gate, None
    if not isinstance(find, str):
        return gate, gate if rule.do in BY_BLOCK else None
    source = expand_pattern(find, classes, rule.file, rule.id)
    if isinstance(table, str):
        source = source.replace("{TABLE}", outline(load_table(Path(rule.file).parent / table, rule.file, rule.id)))
    whole, line = _gates_of_pattern(source, gate)
    return whole, line if rule.do in BY_MATCH else None


def _gates_of_pattern(source: str, needs: Gate) -> Gates:
    """Return what a text, and what a line, must hold for a bundled rule's pattern to match."""
    gate = gate_of(source, re.MULTILINE)
    return both(needs, gate), gate if stays_in_line(source, re.MULTILINE) else None


def _check_groups(rule: Rule, pattern: Any) -> None:
    """Refuse a replacement that speaks of a group which the pattern has not."""
    for number, name in re.findall(r"\\(\d+)|\\g<(\w+)>", rule.replace or ""):
        if (number and int(number) > pattern.groups) or (name and name != "0" and name not in pattern.groupindex):
            raise RuleError(rule.file, rule.id, f"`replace` speaks of group {number or name}, the pattern has no such")


def compile_pattern(source: str, rule: Rule | RoleRule | Evidence, flags: int = re.MULTILINE) -> Any:
    """Compile on `re`, or for a user's rule on the `regex` package, which bears a deadline better."""
    if not rule.user:
        return LazyPattern(source, flags, rule.file, rule.id)
    import regex

    if (size := count_items(source)) > LONGEST:
        problem = f"the pattern is too large: {size} items with its repeats written out, at most {LONGEST} are taken"
        raise RuleError(rule.file, rule.id, problem)
    try:
        return regex.compile(source, regex.MULTILINE if flags else 0)
    except (regex.error, OverflowError, RecursionError) as error:
        raise RuleError(rule.file, rule.id, f"the pattern is wrong: {error}") from error


def _needs(rule: Rule, table: dict[str, str] | None) -> str:
    """Return characters of which one must be in the text; empty when nothing is known."""
    if rule.needs is not None:
        return rule.needs
    if rule.find is not None and "{" not in rule.find:
        return "".join(dict.fromkeys(item[0] for item in rule.find.split()))
    if table is not None and rule.pattern is None and len({key[0] for key in table}) <= 8:
        return "".join(dict.fromkeys(key[0] for key in table))
    return ""


def holds_any(text: str, chars: str) -> bool:
    """Tell whether a text holds one of some characters."""
    return any(map(text.__contains__, chars))


def find_matches(pattern: Any, text: str, context: Context, **limit: float) -> Iterator[Any]:
    """Return the matches of a pattern in the stretches that a rule is to look at."""
    if context.where is None:
        return iter(pattern.finditer(text, **limit))
    return chain.from_iterable([pattern.finditer(text, start, end) for start, end in context.where])


def _finder(rule: Rule, pattern: Any, needs: str, table: dict[str, str] | None, rest: Any) -> Finder:
    name, replace = rule.id, rule.replace
    expand = replace is not None and "\\" in replace

    def find(text: str, context: Context) -> list[Change]:
        if needs and not holds_any(text, needs):
            return []
        if rest is not None and rest.search(text):
            return []
        changes: list[Change] = []
        written = 0
        limit = {} if context.timeout is None or not rule.user else {"timeout": context.timeout}
        for match in find_matches(pattern, text, context, **limit):
            start, end = match.span()
            note = ""
            if table is not None and rule.pattern is None:
                new = table[match[0]]
            elif table is not None:
                word = match["word"]
                note = table.get(word, table.get(word.lower(), ""))
                new = (replace or "") if rule.group or replace is not None else note
            else:
                if expand and rule.user:
                    _check_size(rule, text, written + _most_expanded(match, replace or ""))
                new = match.expand(replace) if expand else (replace or "")
            if rule.user:
                written += len(new)
                _check_size(rule, text, written)
            if new != match[0] or rule.action == "flag":
                changes.append(Change(start, end, new, name, note))
        return changes

    return find


def _most_expanded(match: Any, replace: str) -> int:
    """Return how many characters a replacement makes of a match at most: each reference may be to the longest group."""
    spans: list[Span] = [match.span(number) for number in range(match.re.groups + 1)]
    return len(replace) + replace.count("\\") * max(end - start for start, end in spans)


def _check_size(rule: Rule, text: str, written: int) -> None:
    """RuleError when a user's rule writes more into a page than one can mean."""
    if written > len(text) + MOST_WRITTEN:
        problem = f"it writes more than {MOST_WRITTEN} characters beyond the page's own into one page"
        raise RuleError(rule.file, rule.id, problem)
