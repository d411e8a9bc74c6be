"""Every bundled text rule obeys its laws, and the stages as wholes do no harm."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.engine.check import check_rule
from cleaner.engine.classes import expand_classes, load_classes
from cleaner.engine.compile import Compiled, Context, compile_rule
from cleaner.engine.load import load_rule_file, load_table
from cleaner.engine.run import Trail, run_rules
from cleaner.marks import PROCEDURES
from cleaner.marks.style import infer_style, is_chinese
from cleaner.paths import rules_dir

PROFILE = tomllib.loads((rules_dir() / "profiles" / "newspaper.toml").read_text(encoding="utf-8"))
STAGE_OF = {name: load_rule_file(rules_dir() / name).stage for name in PROFILE["files"]}
CHARACTERS = tuple(name for name, stage in STAGE_OF.items() if stage == "characters")
MARKS = tuple(name for name, stage in STAGE_OF.items() if stage == "marks")
TIERS = ("safe", "contextual")


@cache
def load_files(names: tuple[str, ...]) -> tuple[Compiled, ...]:
    classes = dict(load_classes())
    compiled: list[Compiled] = []
    for name in names:
        file = load_rule_file(rules_dir() / name)
        classes = expand_classes(file.classes, file.path, classes)
        compiled += [compile_rule(rule, classes, PROCEDURES) for rule in file.rules]
    return tuple(compiled)


def run(names: tuple[str, ...], text: str, style: str | None = None, role: str | None = None) -> tuple[str, Trail]:
    context = Context(style=style or infer_style(text, load_classes()), is_chinese=is_chinese)
    if role is not None:
        context.bounds = [(0, len(text), role, 0)]
    trail = Trail()
    return run_rules(load_files(names), text, context, TIERS, trail), trail


ALL = load_files(CHARACTERS + MARKS)


@pytest.mark.parametrize("compiled", ALL, ids=lambda compiled: compiled.rule.id)
def test_rule_obeys_its_laws(compiled: Compiled) -> None:
    check_rule(compiled, lambda text: Context(is_chinese=is_chinese))


@pytest.mark.parametrize("compiled", ALL, ids=lambda compiled: compiled.rule.id)
def test_rule_carries_enough_examples(compiled: Compiled) -> None:
    rule = compiled.rule
    assert len(rule.fixes) >= 3
    assert len(rule.keeps) >= 3
    assert len(set(rule.fixes)) == len(rule.fixes)


@pytest.mark.parametrize("compiled", load_files(MARKS), ids=lambda compiled: compiled.rule.id)
def test_result_of_a_fix_survives_the_whole_stage_twice(compiled: Compiled) -> None:
    for _, wanted in compiled.rule.fixes:
        once, _ = run(MARKS, wanted, compiled.rule.style)
        assert run(MARKS, once, compiled.rule.style)[0] == once


def test_ids_are_unique() -> None:
    ids = [compiled.rule.id for compiled in ALL]
    assert len(ids) == len(set(ids))


def test_compatibility_ranges_are_the_table() -> None:
    table = dict(load_table(rules_dir() / "characters/compatibility.tsv", "", ""))
    rule = next(compiled.rule for compiled in ALL if compiled.rule.id == "compatibility-form")
    assert rule.pattern is not None
    found = re.findall(rule.pattern, "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)])))
    assert sorted(found) == sorted(table)


HAN = ["石", "桥", "今年以来", "全县", "他说", "的", "了", "一", "一一", "问", "王", "丛山", "记者", "村里已经通了路"]
WORDS = ["12", "3.14", "1,200", "10:30", "5G", "APP", "PPT", "DeepSeek", "Why", "km", "a", "x", "20%", "31℃", "don't"]
ODD = ["www.example.com/a?b=1", "through", "ourselves", "they", "<<", "&lt;", "CO₂", "①", "3∶2", "V7-E", "*", "**"]
WIDE = [*"，。、；：？！“”‘’（）《》〈〉【】…—·～「」", "……", "——", "。。", "，，", "？！"]
NARROW = [*",.;:?!()\"'~-<>[]", "...", "--", ", ", "; ", ": ", "? ", '""', "()"]
BLANK = [" ", "  ", "\u3000", "\n", "\n\n", "\t"]
LINES = ["－－", "―", "──", "–", "⸺", "⋯", "•", "・", "％", "．", "− −", "— —", "一—"]
MARK = st.sampled_from(WIDE + NARROW + LINES)
MET = ["，,", ",,", "？?", "”，", ",”", "）。", ")。", "：“", ':"', "。”", ")、"]  # marks that meet in the wild
MARK_RUN = st.one_of(st.just(""), MARK, MARK, st.sampled_from(MET))
GAP = st.sampled_from(["", "", "", *BLANK])
UNIT = st.tuples(st.sampled_from(HAN * 3 + WORDS + ODD), GAP, MARK_RUN, GAP).map("".join)
DIRTY = st.lists(UNIT, max_size=14).map("".join)
ROLES = ("title", "subtitle", "byline", "paragraph", "caption", "verse")


@settings(max_examples=1000, deadline=None)
@given(DIRTY, st.sampled_from(["wide", "narrow", None]), st.sampled_from([None, *ROLES]))
def test_marks_stage_twice_is_once(text: str, style: str | None, role: str | None) -> None:
    once, _ = run(MARKS, text, style, role)
    assert run(MARKS, once, style, role)[0] == once


@settings(max_examples=500, deadline=None)
@given(DIRTY, st.sampled_from(["wide", "narrow"]))
def test_only_logged_changes_touch_letters_and_digits(text: str, style: str) -> None:
    clean, trail = run(MARKS, text, style)
    touched = {piece.rule for layer in trail.layers for piece in layer if piece.text is not None}
    allowed = {compiled.rule.id for compiled in ALL if compiled.rule.file.endswith(("confusions.toml", "leaks.toml"))}
    if not touched & allowed:
        assert [c for c in clean if c.isascii() and c.isalnum()] == [c for c in text if c.isascii() and c.isalnum()]


ANY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "石桥，aé1\u0301\u3099か\uac00\u1161\u11a8\u200d\u200c\ufe0f\ufe00\ufeff\u00ad\r\n\u2028\x0c\x00\ud800\uffff&;<>*#"
        ),
    ),
    max_size=40,
)


@settings(max_examples=1000, deadline=None)
@given(ANY)
def test_character_stage_leaves_plain_normalised_text(text: str) -> None:
    clean, _ = run(CHARACTERS[:1], text)
    assert clean == unicodedata.normalize("NFC", clean)
    assert run(CHARACTERS[:1], clean)[0] == clean
    assert not [c for c in clean if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    clean.encode("utf-8")


@pytest.mark.parametrize("text", ["䶮㛃", "℃㎡№①〇Ⅱ", "👨\u200d👩\u200d👧", "می\u200cخواهم", "　　今年，全县。"])
def test_character_stage_keeps(text: str) -> None:
    assert run(CHARACTERS, text)[0] == text


def test_lone_surrogate_becomes_replacement_character() -> None:
    clean, trail = run(CHARACTERS, "石\ud800桥")
    assert clean == "石\ufffd桥"
    assert len(trail.layers) == 1
