"""Layers of random texts: what is composed does what its parts do, and the edit log leads both ways."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cleaner
from cleaner.edits import edits_of, replay, restore
from cleaner.errors import LogError
from cleaner.trace import Change, Layer, Origins, Piece, compose, layer_of, render

ALPHABET = "石桥镇今年，。“”\n 　aB1"
texts = st.text(ALPHABET, max_size=24)
news = st.one_of(st.none(), st.text(ALPHABET, max_size=4))  # None: a copy; the empty text: taken out


@st.composite
def layers(draw: st.DrawFn, text: str) -> Layer:
    """Make any layer of a text: copies, replacements, deletions and insertions, in any order."""
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=8))
    places = sorted({0, len(text), *cuts})
    spans = list(pairwise(places))
    if draw(st.booleans()):
        spans = draw(st.permutations(spans))
    layer: Layer = []
    for start, end in spans:
        if draw(st.integers(0, 4)) == 0:
            layer.append(Piece(start, start, draw(st.text(ALPHABET, min_size=1, max_size=3)), "insert"))
        new = draw(news)
        layer.append(Piece(start, end, new, "" if new is None else draw(st.sampled_from(["one", "two"]))))
    return layer


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, list[Layer]]:
    """Make a text and up to four layers, each over what the one before gives."""
    raw = text = draw(texts)
    chain: list[Layer] = []
    for _ in range(draw(st.integers(1, 4))):
        chain.append(draw(layers(text)))
        text = render(chain[-1], text)
    return raw, chain


def fold(raw: str, chain: list[Layer]) -> tuple[Layer, str]:
    whole, text = chain[0], render(chain[0], raw)
    for layer in chain[1:]:
        whole, text = compose(whole, layer), render(layer, text)
    return whole, text


@given(chains())
def test_composed_layers_do_what_their_parts_do(case: tuple[str, list[Layer]]) -> None:
    raw, chain = case
    whole, text = fold(raw, chain)
    assert render(whole, raw) == text


@given(chains())
def test_composed_layers_cover_the_text_once(case: tuple[str, list[Layer]]) -> None:
    raw, chain = case
    whole, _ = fold(raw, chain)
    covered = sorted(place for piece in whole for place in range(piece.start, piece.end))
    assert covered == list(range(len(raw)))


@given(chains())
@example(
    (
        "一二",
        [
            [Piece(0, 1, "甲乙丙丁", "one"), Piece(1, 2)],
            [Piece(1, 1, "戊", "insert"), Piece(1, 5), Piece(0, 1)],
            [Piece(0, 4, "", "one"), Piece(4, 6)],
        ],
    )
)
def test_log_leads_both_ways(case: tuple[str, list[Layer]]) -> None:
    raw, chain = case
    whole, text = fold(raw, chain)
    edits = edits_of(whole, raw)
    assert replay(raw, edits, len(text)) == text
    assert restore(text, edits, len(raw)) == raw


@given(chains())
def test_compose_is_associative_in_what_it_renders(case: tuple[str, list[Layer]]) -> None:
    raw, chain = case
    last = chain[-1]
    for layer in reversed(chain[:-1]):
        last = compose(layer, last)
    assert render(last, raw) == fold(raw, chain)[1]


@given(chains(), st.data())
def test_origins_of_copies(case: tuple[str, list[Layer]], data: st.DataObject) -> None:
    """What was only copied is found at its origin."""
    raw, chain = case
    whole, text = fold(raw, chain)
    at = 0
    origins = Origins(whole, raw)
    for start, end, new, _, _ in whole:
        size = end - start if new is None else len(new)
        if new is None and size:
            low = data.draw(st.integers(0, size - 1))
            assert origins.spans(at + low, at + size) == [(start + low, end)] or raw[start + low : end] in "".join(
                raw[s:e] for s, e in origins.spans(at + low, at + size)
            )
        at += size
    assert at == len(text)


@given(texts, st.data())
def test_changes_in_order(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8)))
    changes = [
        Change(start, end, data.draw(st.text(ALPHABET, max_size=3)), "one")
        for start, end in zip(places[::2], places[1::2], strict=False)
    ]
    want, at = "", 0
    for start, end, new, _, _ in changes:
        want, at = want + text[at:start] + new, end
    assert render(layer_of(changes, len(text)), text) == want + text[at:]


def test_foreign_log_is_refused() -> None:
    edits = edits_of(layer_of([Change(2, 3, "，", "comma-width")], 5), "今年,全区")
    with pytest.raises(LogError):
        replay("今年。全区", edits, 5)
    with pytest.raises(LogError):
        restore("今年。全区", edits, 5)
    with pytest.raises(LogError):
        restore("今年，全区", edits, 9)
    with pytest.raises(LogError):
        restore("今年，全区很好", edits, 5)


def test_who_takes_out_what_another_put_there_is_named() -> None:
    """At the edit that has the raw span, wherever what was taken out stands by then."""
    first = [Piece(0, 6, "桥（下转）", "bold"), Piece(6, 8)]
    jump = Piece(1, 5, "", "jump")
    for second in (
        [Piece(0, 1), jump, Piece(5, 7)],
        [Piece(0, 1), Piece(5, 6, "", "join"), jump, Piece(6, 7)],
        [jump, Piece(0, 1), Piece(5, 7)],
    ):
        (owner,) = (piece for piece in compose(first, second) if piece.start == 0)
        assert owner == Piece(0, 6, "桥", "bold+jump")


def test_only_those_who_had_a_part_are_named_and_each_once() -> None:
    first = [Piece(0, 1, "x", "a"), Piece(1, 1, "ins", "b"), Piece(1, 2)]
    assert compose(first, [Piece(0, 1), Piece(1, 4, "", "c"), Piece(4, 5)])[0] == Piece(0, 1, "x", "a")
    first = [Piece(0, 2), Piece(2, 2, "，，", "insert"), Piece(2, 4)]
    assert compose(first, [Piece(0, 3), Piece(3, 4, "", "remove"), Piece(4, 6)])[1] == Piece(
        2, 2, "，", "insert+remove"
    )
    layer: Layer = [Piece(0, 2)]
    for rule in "abba":
        layer = compose(layer, [Piece(0, 2, "石桥", rule)])
    assert layer == [Piece(0, 2, "石桥", "a+b")]


MODULES = [module.name for module in pkgutil.walk_packages(cleaner.__path__, "cleaner.")]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_doctests(name: str) -> None:
    if name == "cleaner.adapters.datatrove":
        pytest.importorskip("datatrove", reason="datatrove is not installed; tools/test_engines.sh tests it")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
