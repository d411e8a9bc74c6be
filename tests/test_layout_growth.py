"""Layout's work grows with the text, not with its square; counted in calls, as times differ from run to run."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from cleaner.engine.patterns import LazyPattern
from cleaner.engine.profile import load_rules
from cleaner.layout.edges import Edges
from cleaner.layout.page import lay_out

SENTENCE = "罗汀市望棠区今年新建了九个口袋公园，都在居民家门口，最近的只要走三分钟"


def make_articles(count: int) -> str:
    return "\n\n".join(
        f"罗汀新开{n}条公交线\n\n本报讯（记者 夏侯宁）{SENTENCE}{n}。\n\n（麦小穗）" for n in range(count)
    )


def make_headings(count: int) -> str:
    return "本报讯（记者 夏侯宁）好。\n\n" + "\n\n".join(f"第{n}道坎\n\n{SENTENCE}{n}。" for n in range(count))


def make_torn(count: int) -> str:
    return "本报讯（记者 夏侯宁）\n\n" + "\n\n".join(f"{n}月{SENTENCE}的" for n in range(count))


def make_wrapped(count: int) -> str:
    return "\n".join(f"{SENTENCE[n % 9 : n % 9 + 22]}" for n in range(count))


def make_rows(count: int) -> str:
    lines = [SENTENCE[n % 9 : n % 9 + 16] for n in range(count)]
    return "本报讯（记者 夏侯宁）\n\n" + "\n".join(f"{line}  {lines[-n]}" for n, line in enumerate(lines))


def count_calls(text: str) -> int:
    """Return how many functions layout calls, those of C and of rule patterns included."""
    calls = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    rules = load_rules()
    sys.setprofile(note)
    try:
        lay_out(text, rules)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("make", [make_articles, make_headings, make_torn, make_wrapped, make_rows])
def test_work_grows_with_the_text(make: Callable[[int], str]) -> None:
    lay_out(make(40), load_rules())  # patterns are compiled
    small, large = make(100).replace("罗汀", "石桥"), make(400).replace("罗汀", "墨岭")  # nothing of them is remembered
    assert count_calls(large) / count_calls(small) < 1.5 * len(large) / len(small)


@pytest.mark.parametrize(
    ("source", "holds", "silent"),
    [
        ("^[一二]、", "一、甲", "三、甲"),
        ("[。！]$", "好。", "好，"),
        ("^(甲|乙?丙)丁?$", "丙丁", "丁"),
        (r"^\d*$", "", "甲"),
    ],
)
def test_edges_leave_what_matches(source: str, holds: str, silent: str) -> None:
    edges = Edges([LazyPattern(source)])
    assert edges(holds) == 1
    assert edges(silent) == 0


@pytest.mark.parametrize("source", ["甲", "甲$|乙", r"(?i:a)$|^b", "(?=甲)"])
def test_edges_rule_out_no_pattern_that_may_stand_inside(source: str) -> None:
    assert Edges([LazyPattern(source)])("丙甲乙a丙") == 1
