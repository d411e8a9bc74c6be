"""The plan and its shortcuts change no outcome: text, log and flags are those of a plain engine."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_engine import clean_plainly

from cleaner.engine.compile import Compiled, Context
from cleaner.engine.gate import gate_of
from cleaner.engine.lines import Lines
from cleaner.engine.locality import leads_line, stays_in_line
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.plan import is_open, plan_stages
from cleaner.engine.profile import RuleSet, load_rules
from cleaner.engine.run import look_rules
from cleaner.engine.shields import Shield, keep_unshielded
from cleaner.engine.signs import sign_of_lines
from cleaner.layout.gates import Gates
from cleaner.pipeline import clean_page
from cleaner.trace import Change

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("*/raw.txt"))
TEXT_ONLY = """
tiers = ["safe", "contextual", "suggest"]
files = [
    "layout.toml", "characters.toml", "markup.toml", "confusions.toml", "leaks.toml", "runs.toml", "quotes.toml",
    "dashes.toml", "spaces.toml", "punctuation.toml",
]
[options]
layout = "off"
"""


@cache
def examples() -> tuple[str, ...]:
    rules = [rule for file in load_rules().files for rule in file.rules]
    return tuple(text for rule in rules for text in (*(part for fix in rule.fixes for part in fix), *rule.keeps))


@pytest.fixture(scope="module")
def text_only(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    path = tmp_path_factory.mktemp("profile") / "text.toml"
    path.write_text(TEXT_ONLY, encoding="utf-8")
    return load_rules(str(path))


# Pieces of the rules' own examples make every rule fire, also on what another has made.
pieces = st.sampled_from(range(len(examples()))).map(lambda number: examples()[number])
cuts = st.tuples(pieces, st.integers(0, 30), st.integers(1, 30)).map(lambda cut: cut[0][cut[1] : cut[1] + cut[2]])
texts = st.lists(st.one_of(pieces, cuts, st.sampled_from(list("，。,.“” \n—-一A1"))), max_size=8).map("".join)


@given(text=texts)
def test_text_rules_do_what_a_plain_engine_does(text: str, text_only: RuleSet) -> None:
    made, plain = clean_page(text, text_only), clean_plainly(text, text_only)
    assert (made.text, made.edits, made.flags) == (plain.text, plain.edits, plain.flags)
    assert made.articles == plain.articles


@pytest.mark.parametrize("profile", ["newspaper", "book", "minimal"])
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_fixtures_come_out_as_with_a_plain_engine(path: Path, profile: str) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    made, plain = clean_page(text, load_rules(profile)), clean_plainly(text, load_rules(profile))
    assert (made.text, made.edits, made.flags, made.articles) == (plain.text, plain.edits, plain.flags, plain.articles)


@pytest.mark.parametrize("number", range(len(load_rules().characters) + len(load_rules().marks)))
def test_rule_finds_where_it_is_let_look_what_it_finds_in_the_whole_text(number: int) -> None:
    rules = load_rules()
    compiled = (*rules.characters, *rules.marks)[number]
    (plan,), _ = plan_stages([compiled])
    found = 0
    for text in (*examples(), "\n".join(examples()), "\n".join(reversed(examples()))):
        where = [where for _, where in look_rules(plan, Lines(plan, text))]
        changes = compiled.find(text, Context())
        assert changes == (compiled.find(text, Context(where=where[0])) if where else [])
        found += len(changes)
    assert found, "an example of its own, at least"


@given(before=st.lists(pieces, max_size=4), after=st.lists(pieces, max_size=4))
def test_lines_after_a_change_are_those_of_the_new_text(before: list[str], after: list[str]) -> None:
    plan = load_rules().marks
    texts = before[: len(after)], after[: len(before)]
    old, new = ("。".join(parts) for parts in texts)
    changes, at = [], 0
    for one, other in zip(*texts, strict=True):
        changes.append(Change(at, at + len(one), other, "rule"))
        at += len(one) + 1
    lines = Lines(plan, old)
    lines.update(changes)
    fresh = Lines(plan, new)
    assert (lines.lines, lines.opened) == (fresh.lines, fresh.opened)
    keys = [key for key in plan.keys if key is not None]
    assert [lines.where(key) for key in keys] == [fresh.where(key) for key in keys]
    assert lines.seen | fresh.seen == lines.seen


@pytest.mark.parametrize(
    ("pattern", "stays"),
    [(",(?<=[^a],)b*$", True), (r"a\s", False), ("a(?![^b])", False), ("(?<!\n\n)a", True), (r"a|b\Z", False)],
)
def test_pattern_that_stays_in_its_line(pattern: str, stays: bool) -> None:
    assert stays_in_line(pattern, re.MULTILINE) is stays


@pytest.mark.parametrize(
    ("pattern", "leads"),
    [("(?m:^a|^(?:b|c))", True), ("(?m:^)?a", False), ("^", True), ("a|^b", False), ("", False), ("(?m:a$)", False)],
)
def test_pattern_that_matches_at_line_starts_only(pattern: str, leads: bool) -> None:
    assert leads_line(pattern) is leads


@pytest.mark.parametrize(
    ("pattern", "sign"),
    [
        ("(?m:^[^,\n]+,[^,\n]+(?:\n[^,\n]+,[^,\n]*){2,}$|^,$)", ","), ("a|a\na", "a"), ("(?:a\n)+b?a", "a"),
        ("(?:ab\nba)+", "a"), ("(?:,\n){2}[^,\n],", ","), ("a\n", ""), ("(?:ba?\n)+a", ""), ("(?:a\nb)+", ""),
        ("a|b", ""), ("a\n*a", ""), (r"a\s+a", ""), ("a(?=\n)", ""), ("(?i:a)", ""), ("(?s:a.)", ""), ("a$", ""),
    ],
)  # fmt: skip
def test_sign_of_all_lines_of_a_pattern(pattern: str, sign: str) -> None:
    assert sign_of_lines(pattern) == sign


SHIELDS = [
    "(?m:^甲.*$)", "(?m:^甲,乙(?:\n甲,丙){2,}$|^> .*)", "`[^`\n]+`", "(?m:^[甲石],.(?:\n[甲石],.)+$)", "丙\n甲",
]  # fmt: skip


@pytest.mark.parametrize("pattern", SHIELDS)
@given(
    lines=st.lists(st.sampled_from(["甲,乙", "甲,丙", "> 石,桥", "石`a,b`桥", "石,桥", ""]), max_size=8), data=st.data()
)
def test_changes_outside_of_what_is_protected_are_kept(pattern: str, lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    changes = [Change(at, at + 1, "，", "comma") for at in range(len(text)) if text[at] == ","]
    changes = [change for change in changes if data.draw(st.booleans())]
    shield = Shield(LazyPattern(pattern), (), stays_in_line(pattern, 0), leads_line(pattern), sign_of_lines(pattern))
    spans = [match.span() for match in re.finditer(pattern, text)]
    free = [change for change in changes if all(change.end <= a or b <= change.start for a, b in spans)]
    assert keep_unshielded([shield], text, None, changes) == free


@pytest.mark.parametrize(
    ("pattern", "shut", "opened"),
    [
        ("。(?:[ ]*。)+", ["石桥。镇", "。镇。"], ["。。", "。 。"]),
        (",(?<=[一-鿿],)[ ]*(?=[一-鿿])", ["石桥，镇", "a,b", "石,b"], ["石,镇", "石, 镇"]),
        ("(?:甲乙|丙丁)", ["甲丁", "乙甲"], ["甲乙", "丙丁"]),
        ("(?i:a)b?", [], ["A", "石"]),
        ("[^a]x", ["石桥"], ["石x"]),
    ],
)
def test_gate_of_a_pattern(pattern: str, shut: list[str], opened: list[str]) -> None:
    gate = gate_of(pattern, re.MULTILINE)
    (plan,), _ = plan_stages([Compiled(load_rules().marks[0].rule, lambda text, context: [], lambda: (gate, None))])
    assert not any(is_open(plan.gates[0], plan.eyes.look(text)) for text in shut)
    assert all(is_open(plan.gates[0], plan.eyes.look(text)) for text in opened)


def test_signs_of_a_pattern_tied_to_the_beginning_are_in_its_texts() -> None:
    """The line feed that seems to stand before a text is none of the characters that a unit must hold."""
    assert Gates([LazyPattern("^[甲乙]讯")])("甲讯") == 1
