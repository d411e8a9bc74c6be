"""The laws on any text: restore, replay, normalisation form C, no control characters; on texts built like pages
also that cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

import cleaner
from cleaner.trace import replay, restore

CLEANER = cleaner.Cleaner()
SENTENCES = (
    "今年以来,全县新修了十二条路", "石渡口镇的老粮仓改成了书房。", "“路修好了，”老人说，“车也通了。",
    "共有1,200户居民受益", "比赛于9月6日19:30开始，3∶2险胜！", '他说:"走吧!"大家起身;没有人回头.',
    "村里 through 土地流转建起大棚，", "通过ＡＰＰ下单２０２４年", "⼀株银杏站了九百年--树下的茶摊也在……",
    "一一记青屏县的水渠", "本报讯(记者 岑小满)青屏县通车。", "（麦一禾）", "(下转第3版)", "（上接第1版）",
    "责任编辑：岳筠 美编：宁小夏", "第2版 综合", "本报记者 岳\u3000筠", "□濮阳山 卜小麦", "走进苇川·乡村夜校",
    "白天摘茶忙\u3000晚上上课去", "课表学员定", "一、加强领导", "1. 先看机油", "- 先把莲子泡软",
    "| 芷溪 | 312 |", "山高月小，", "<|im_end|>", "&nbsp;", "**要点**", "本报记者 楼一鹤 摄",
    "图为村民在包扎。", "def f(x): return x, 1", "https://example.com/a?b=1,2", "答:可以。", "问：怎么办?", "…",
    "。。。", "”", "“", "『挑燈夜戰』", "葦川市的燈籠", "The ferry, at 9:15...", "\ufeff", "\u200b",
    "\u3000\u3000", "\u0007", "\ue000", "\ufffd", "cafe\u0301",
)  # fmt: skip
GAPS = ("\n\n", "\n", "", " ", "　　", "\n　　", "\r\n", "\n\n\n")
pages = st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(GAPS)), max_size=14).map(
    lambda parts: "".join(sentence + gap for sentence, gap in parts)
)
anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
marks = st.text("石桥镇，。、；：？！“”‘’\"'（）()《》「」—-–―…。.·•,;:?! 　\n\r\t0123Aa%一己已了说", max_size=60)


def check_laws(text: str) -> str:
    """Check what holds for every text; return the clean one."""
    page = CLEANER.clean_page(text)
    assert replay(page.raw, page.edits, len(page.text)) == page.text
    assert restore(page.text, page.edits, len(page.raw)) == text
    assert unicodedata.is_normalized("NFC", page.text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page.text)
    page.text.encode("utf-8")
    return page.text


@given(anything)
@example("\r")
@example("\x85\u2028")
@example("e\u0301\n\u0301")
@example("\u1100\n\n\u1161")
def test_any_text(text: str) -> None:
    check_laws(text)


@given(marks)
def test_any_marks(text: str) -> None:
    check_laws(text)


@given(pages)
@example("")
@example("“路修好了，”老人说\n\n车也通了。")
def test_pages(text: str) -> None:
    clean = check_laws(text)
    assert CLEANER.clean(clean) == clean


@given(pages)
def test_flags_and_spans_lie_in_the_raw_text(text: str) -> None:
    page = CLEANER.clean_page(text)
    for flag in (*page.flags, *(flag for article in page.articles for flag in article.flags)):
        assert 0 <= flag.span[0] <= flag.span[1] <= len(text)
    for article in page.articles:
        for block in article.blocks:
            assert all(0 <= start < end <= len(text) for start, end in block.spans)


@given(pages)
def test_letters_and_digits_are_kept(text: str) -> None:
    """Every Latin letter and digit of the raw text is in the clean one or in an edit that names its rule."""
    page = CLEANER.clean_page(text)
    gone = "".join(edit.before for edit in page.edits)
    for char in re.sub(r"[^A-Za-z0-9]", "", text):
        assert char in page.text or char in gone
