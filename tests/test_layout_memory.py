"""What layout remembers changes nothing: the short ways are compared with the plain ones, cold and warm."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_rules import make_rule

from cleaner import Cleaner, pipeline
from cleaner.decode import decode_bytes
from cleaner.engine.profile import RuleSet, load_rules
from cleaner.layout.arrange import Layout
from cleaner.layout.ballot import Ballot, Scores
from cleaner.layout.evidence import within
from cleaner.layout.lines import Line, split_lines
from cleaner.layout.matcher import matches
from cleaner.layout.memory import LONGEST, MOST, Memory, TextMemory
from cleaner.layout.page import lay_out
from cleaner.layout.roles import _best_path, _Steps
from cleaner.layout.units import count_pairs, line_unit, seam_count
from cleaner.pipeline import Walk

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("*/raw.txt"))


def read(path: Path) -> str:
    return decode_bytes(path.read_bytes()).text


def make_rules() -> RuleSet:
    """Return rules that remember no text yet."""
    return replace(load_rules(), made={})


def test_of_walks_that_others_follow_no_layout_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that takes one character out in each walk makes as many walks; what layout made of them must go."""
    path = tmp_path / "one-by-one.toml"
    path.write_text(make_rule("one-by-one", find="石石桥", replace="石桥", fixes=[["石石桥", "石桥"]], keeps=["石桥"]))
    cleaner, alive = Cleaner(rules=[str(path)]), list[int]()

    def walk_once(*args: Any) -> Walk:
        gc.collect()
        alive.append(sum(isinstance(thing, Layout) for thing in gc.get_objects()))
        return walk(*args)

    walk = pipeline.walk_once
    monkeypatch.setattr(pipeline, "walk_once", walk_once)
    page = cleaner.clean_page("第3版 综合\n\n石石石石石石石桥通车\n\n本报讯（记者 岑小满）桥通了。（下转第4版）\n")
    assert page.text.startswith("石桥通车\n")
    assert [number - alive[0] for number in alive] == [0, *[1] * 6]
    assert (page.articles[0].continued_on, page.furniture) == ("下转第4版", ("第3版 综合",))


def test_layout_is_the_same_with_cold_and_warm_memory() -> None:
    warm = make_rules()
    texts = [read(path) for path in FIXTURES]
    cold = [lay_out(text, make_rules()) for text in texts]
    for number in [*range(len(texts)), *reversed(range(len(texts)))]:
        again = lay_out(texts[number], warm)
        assert (again.layer, again.bounds) == (cold[number].layer, cold[number].bounds)


def test_memory_is_bounded() -> None:
    memory: Memory[int, int] = Memory()
    for number in range(3 * MOST):
        assert memory.remember(number, -number) == -number
        assert memory[number] == -number
    assert len(memory) <= MOST


def test_very_long_texts_are_not_remembered() -> None:
    memory: TextMemory[int] = TextMemory()
    assert memory.remember("好" * (LONGEST + 1), 1) == 1
    assert memory.remember("好", 2) == 2
    assert list(memory) == ["好"]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_matchers_find_what_patterns_find(path: Path) -> None:
    rules = load_rules()
    for line in split_lines(read(path)):
        for role, items in rules.by_role.items():
            plain = any(item.pattern is not None and item.pattern.search(line.text) for item in items)
            assert matches(rules, role, line.text) == plain, (role, line.text)


def test_trials_hold_what_conditions_hold() -> None:
    rules = make_rules()
    ballot = Ballot(rules)
    items = [item for item in rules.roles if item.rule.role in ballot.roles]
    units = [line_unit(line) for path in FIXTURES for line in split_lines(read(path))]
    for before, unit, after in zip(units, units[1:], units[2:], strict=False):
        measures = {"seam": float(len(before.text) % 4), "short": None, "edge": 3.0}
        texts = (unit.text, before.text, after.text)
        held = ballot.trials.choose(ballot.trials.hold(texts, measures, ballot.widths[unit.width]))
        plain = [
            item.rule
            for item in items
            if within(unit.width, item.rule.shortest, item.rule.longest)
            and (
                item.rule.measure is None
                or within(measures.get(item.rule.measure), item.rule.at_least, item.rule.at_most)
            )
            and all(
                pattern is None or pattern.search(text)
                for pattern, text in zip((item.pattern, item.previous, item.next), texts, strict=True)
            )
        ]
        assert held == plain


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1), max_size=5))
def test_pairs_are_counted_as_they_stand_in_the_texts(texts: list[str]) -> None:
    plain = Counter(pair for text in texts for pair in pairwise(text))
    pairs = count_pairs([Line(0, len(text), text, 0.0, 0.0, 0) for text in texts])
    assert all(seam_count(pairs, first, after) == count for (first, after), count in plain.items())
    assert all(seam_count(pairs, a, b) == plain[a[-1], b[0]] for a in texts for b in texts)


@given(st.lists(st.dictionaries(st.sampled_from(["paragraph", "title", "byline"]), st.integers(-2, 2)), max_size=4))
def test_best_path_is_the_best_of_all(sums: list[dict[str, int]]) -> None:
    scores = [{"paragraph": 0.0, **{role: float(value) for role, value in row.items()}} for row in sums]
    if not scores:
        return
    steps = _Steps(load_rules())
    names = [tuple(sorted(row, reverse=True)) for row in scores]
    found = _best_path(
        [Scores(row, order, [row[role] for role in order]) for row, order in zip(scores, names, strict=True)], steps
    )

    def weigh(path: tuple[str, ...]) -> float:
        way = ("start", *path, "end")
        return sum(map(dict.__getitem__, scores, path)) + sum(steps[(a,), (b,)][0][0] for a, b in pairwise(way))

    paths: list[tuple[str, ...]] = [()]
    for order in names:
        paths = [(*path, role) for path in paths for role in order]
    assert weigh(tuple(found)) == pytest.approx(max(map(weigh, paths)))
