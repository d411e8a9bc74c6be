"""The procedures behind `do`, and the reading of a text's style."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.engine.classes import load_classes
from cleaner.engine.compile import Compiled, Context, compile_rule
from cleaner.engine.load import load_rule_file
from cleaner.engine.run import find_changes
from cleaner.marks import PROCEDURES
from cleaner.marks.data import is_data
from cleaner.marks.style import infer_style, is_chinese
from cleaner.paths import rules_dir
from cleaner.trace import layer_of, render

Blocks = list[tuple[str, str, int]]  # text, role, article


def find_rule(file: str, name: str) -> Compiled:
    rules = load_rule_file(rules_dir() / file).rules
    return compile_rule(next(rule for rule in rules if rule.id == name), load_classes(), PROCEDURES)


def apply_to_blocks(compiled: Compiled, blocks: Blocks, style: str = "wide") -> tuple[list[str], list[str]]:
    """Return the blocks after the rule and the codes of its flags."""
    bounds, at = [], 0
    for text, role, article in blocks:
        bounds.append((at, at + len(text), role, article))
        at += len(text) + 2
    whole = "\n\n".join(text for text, _, _ in blocks)
    context = Context(style=style, is_chinese=is_chinese, bounds=bounds)
    changes = find_changes(compiled, whole, context)
    clean = render(layer_of(changes, len(whole)), whole)
    return clean.split("\n\n"), [code for code, *_ in context.flags]


QUOTES = find_rule("quotes.toml", "pair-quotes")
PARENTHESES = find_rule("quotes.toml", "parenthesis-width")
BETWEEN = find_rule("spaces.toml", "blank-between-han")
AFTER = find_rule("spaces.toml", "blank-after-mark")


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("今年以来,全县推进", "narrow"),
        ("今年以来，全县推进,办结率", "wide"),
        ("增长9.5%,高于全省;第二", "narrow"),
        ("a, b, c", "wide"),
        ("1,200元", "wide"),
        ("", "wide"),
    ],
)
def test_style_is_read_from_marks_beside_chinese(text: str, style: str) -> None:
    assert infer_style(text, load_classes()) == style


@pytest.mark.parametrize(
    ("text", "place", "chinese"),
    [
        ("他打开APP,PPT也在里面", 6, True),
        ("He likes tea, 茶, and rice", 12, False),
        ("山里下雪。Hello, dear friends of ours", 10, False),
        ("Hello.\n山里下雪,路滑", 11, True),
    ],
)
def test_language_is_read_from_the_sentence(text: str, place: int, chinese: bool) -> None:
    assert is_chinese(text, place, place + 1) is chinese


def test_quotation_over_paragraphs_is_right_as_it_is() -> None:
    blocks = [("“父亲守了二十年。", "paragraph", 0), ("“我守了三十年。”他说。", "paragraph", 0)]
    clean, flags = apply_to_blocks(QUOTES, blocks)
    assert clean == [text for text, _, _ in blocks]
    assert flags == []


def test_quotation_that_the_next_article_does_not_take_up_is_flagged() -> None:
    blocks = [("“父亲守了二十年。", "paragraph", 0), ("“走吧。”他说。", "paragraph", 1)]
    clean, flags = apply_to_blocks(QUOTES, blocks)
    assert clean == [text for text, _, _ in blocks]
    assert flags == ["quote-open"]


@pytest.mark.parametrize(
    "text",
    [
        "打紧，”他望着山林说，“它们要是",  # torn between columns: what is left looks reversed
        "“老师，您说外婆“从来没有揭",
        "“廉”结青田·亲清有我”行动",
        "他说“走吧，大家起身",
        "“听说“红链”品牌”很好",
    ],
)
def test_uncertain_quotes_are_flagged_and_kept(text: str) -> None:
    clean, flags = apply_to_blocks(QUOTES, [(text, "paragraph", 0)])
    assert clean == [text]
    assert flags == ["quote-unpaired"]


def test_quotation_over_paragraphs_opens_each() -> None:
    blocks = [("“父亲守了二十年。", "paragraph", 0), ("我守了三十年。", "paragraph", 0), ("雪停了。”", "paragraph", 0)]
    clean, flags = apply_to_blocks(QUOTES, blocks)
    assert clean == ["“父亲守了二十年。", "“我守了三十年。", "“雪停了。”"]
    assert flags == []
    again = [(text, "paragraph", 0) for text in clean]
    assert apply_to_blocks(QUOTES, again) == (clean, [])


@pytest.mark.parametrize(
    "between", [("“好。”他说。", "paragraph", 0), ("三月", "heading", 0), ("雪停了。", "paragraph", 1)]
)
def test_quotation_over_paragraphs_is_flagged_where_it_is_not_certain(between: tuple[str, str, int]) -> None:
    blocks = [("“父亲守了二十年。", "paragraph", 0), between, ("雪停了。”", "paragraph", 0)]
    clean, flags = apply_to_blocks(QUOTES, blocks)
    assert clean == [text for text, _, _ in blocks]
    assert flags


@pytest.mark.parametrize(
    ("text", "place", "data"),
    [
        ('print("你好,世界")', 9, True),
        ('调用print("你好,世界")即可,再见', 11, True),
        ('调用print("你好,世界")即可,再见', 17, False),
        ('{"姓名": "岑小满"}', 5, True),
        ("name: 石渡口", 4, True),
        ("PPT: 石渡口", 3, False),
        ("石渡口,12,好", 3, True),
        ("姓名,年龄,住处\n岑小满,32,石渡口", 2, True),
        ("学党史,办实事,开新局", 3, False),
        ("投资1,200万元,受益3,000人,好", 9, False),
    ],
)
def test_code_and_data_are_known(text: str, place: int, data: bool) -> None:
    assert is_data(text, place, place + 1) is data


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<p>石桥镇<b>新年</b></p>", "石桥镇新年"),
        ("<div><p>石桥镇", "石桥镇"),
        ("用<b>加粗，用<i>倾斜", "用<b>加粗，用<i>倾斜"),
        ("青田乡</p> </div>\n石桥", "青田乡 \n石桥"),
        ("<p>标签分段</p>", "<p>标签分段</p>"),
    ],
)
def test_tags_go_in_pairs_and_at_edges(text: str, wanted: str) -> None:
    assert apply_to_blocks(find_rule("markup.toml", "html-tag"), [(text, "paragraph", 0)])[0] == [wanted]


@given(st.lists(st.sampled_from([*"“”‘’\"'", "石", "他说", "，", "：", "。", " ", "5", "a"]), max_size=30).map("".join))
@settings(max_examples=800, deadline=None)
def test_quotes_are_mended_once_and_only_quotes(text: str) -> None:
    once, _ = apply_to_blocks(QUOTES, [(text, "paragraph", 0)])
    assert apply_to_blocks(QUOTES, [(once[0], "paragraph", 0)])[0] == once
    table = str.maketrans(dict.fromkeys("“”‘’\"'", "Q"))
    assert once[0].translate(table) == text.translate(table)


@given(st.lists(st.sampled_from([*"()（）〈〉《》", "石", "他说", "APP", "1", "，", " "]), max_size=24).map("".join))
@settings(max_examples=800, deadline=None)
def test_parentheses_are_widened_once(text: str) -> None:
    for style in ("wide", "narrow"):
        once, _ = apply_to_blocks(PARENTHESES, [(text, "paragraph", 0)], style)
        assert apply_to_blocks(PARENTHESES, [(once[0], "paragraph", 0)], style)[0] == once
        assert len(once[0]) == len(text)


def test_parentheses_do_not_pair_across_blocks() -> None:
    blocks = [("村里(含", "paragraph", 0), ("组)都来", "paragraph", 0)]
    assert apply_to_blocks(PARENTHESES, blocks)[0] == ["村里(含", "组)都来"]


@pytest.mark.parametrize(
    ("text", "style", "wanted"),
    [
        ("(1)报名", "narrow", "（1）报名"),
        ("(1)报名", "wide", "(1)报名"),
        ("世界气象组织(World Meteorological Organization, WMO)在石桥", "wide", None),
        ("缴费基数(每年七月调整", "narrow", "缴费基数（每年七月调整"),
        ("缴费基数(每年七月调整", "wide", "缴费基数(每年七月调整"),
        ("一)报名", "narrow", "一)报名"),
    ],
)
def test_parentheses_by_page_style(text: str, style: str, wanted: str | None) -> None:
    clean, _ = apply_to_blocks(PARENTHESES, [(text, "paragraph", 0)], style)
    assert clean[0] == (wanted or clean[0])
    assert ("(" in clean[0]) == (")" in clean[0]) or wanted is not None


def test_blanks_stay_in_headlines() -> None:
    blocks = [
        ("收官！ 强引领聚合力新局面 促发展", "title", 0),
        ("全县收官。 强引领的新 局面全都开了头。", "paragraph", 0),
    ]
    assert apply_to_blocks(AFTER, blocks)[0] == [blocks[0][0], "全县收官。强引领的新 局面全都开了头。"]
    assert apply_to_blocks(BETWEEN, blocks)[0] == [blocks[0][0], "全县收官。 强引领的新局面全都开了头。"]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x3FFFF, exclude_categories=["Cs"]), max_size=30))
@settings(max_examples=500)
def test_nfc_equals_normalisation(text: str) -> None:
    compiled = find_rule("characters.toml", "nfc")
    changes = find_changes(compiled, text, Context())
    assert render(layer_of(changes, len(text)), text) == unicodedata.normalize("NFC", text)


def test_nfc_changes_only_what_it_must() -> None:
    changes = find_changes(find_rule("characters.toml", "nfc"), "石桥cafe\u0301青田", Context())
    assert [(change.start, change.end) for change in changes] == [(5, 7)]
