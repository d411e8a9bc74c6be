"""The laws on any text: restore, replay, normalisation form C, no control characters; on texts built like pages
also that cleaning twice is cleaning once.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st
from laws import GAPS, SENTENCES, check_letters, join_sides

import cleaner
from cleaner.edits import replay, restore

CLEANER = cleaner.Cleaner()
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
    check_letters(page.edits)
    gone, put = join_sides(page.edits)
    copied = Counter(page.text) - Counter(put)
    assert Counter(re.findall(r"[A-Za-z0-9]", text)) <= copied + Counter(gone)
