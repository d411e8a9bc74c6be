"""Many texts in one call: the pages are those of each text by itself."""

from __future__ import annotations

from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, clean_many

TEXTS = ["今年以来,全县新修了三条水渠.", "", "石桥镇", '（记者 岳筠）他说:"好,"', "今年以来,全县新修了三条水渠."]
texts = st.lists(st.text(alphabet='石桥镇今年,，.。“"( a1\n', max_size=40), max_size=6)


@given(texts=texts)
def test_pages_are_those_of_each_text_by_itself(texts: list[str]) -> None:
    cleaner = Cleaner()
    assert list(cleaner.clean_many(texts)) == [cleaner.clean_page(text) for text in texts]


def test_sources_name_the_texts_as_far_as_they_go() -> None:
    pages = list(clean_many(TEXTS, sources=iter(["甲.txt", None, "丙.txt"])))
    assert [page.source for page in pages] == ["甲.txt", None, "丙.txt", None, None]
    assert [page.raw for page in pages] == TEXTS


def test_endless_texts_are_cleaned_as_they_are_asked_for() -> None:
    pages = clean_many(chain(["甲,乙"], repeat("丙,丁")))
    assert [next(pages).text for _ in range(3)] == ["甲，乙", "丙，丁", "丙，丁"]


def test_what_is_no_text_is_named() -> None:
    pages = clean_many(["甲,乙", b"bytes"])  # type: ignore[list-item]
    assert next(pages).text == "甲，乙"
    with pytest.raises(TypeError, match="text number 1"):
        next(pages)
