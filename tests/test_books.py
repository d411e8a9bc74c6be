"""Books and leaflets dumped line by line: invented texts (fixtures/books), set by tools/set_books.py in many ways.

The texts in `held` were not looked at while rules were changed.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from set_books import BOOK_STYLES, LEAFLET_STYLES, find_texts, make_dumps, measure_joins
from typeset import Style

import cleaner
from cleaner.edits import replay, restore

FIXTURES = Path(__file__).parents[1] / "fixtures" / "books"
MARK = 0.98
LEFT = 0.5  # part of the headers and page numbers of whole dumps that may stay


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "pages"])
@pytest.mark.parametrize("profile", ["newspaper", "book"])
@pytest.mark.parametrize("part", ["open", "held"])
def test_line_ends_are_joined(part: str, profile: str, whole: bool) -> None:
    joints = missed = false = lost = left = printed = 0
    for dump in chain.from_iterable(make_dumps(path, style) for path, style in find_texts(FIXTURES / part)):
        if (", page " not in dump.name) == whole:
            found = measure_joins(dump, clean(dump.text, profile))
            joints, missed, false = joints + dump.joints, missed + found.missed, false + found.false
            lost, left, printed = lost + found.lost, left + found.left, printed + len(dump.running)
    made = joints - missed
    assert joints > 700
    assert made / joints >= MARK
    assert made / (made + false) >= MARK
    assert lost == 0
    assert not whole or left <= LEFT * printed


@cache
def clean(text: str, profile: str) -> str:
    return cleaner.clean(text, profile)


def first_dump(text: str, style: Style) -> str:
    return next(make_dumps(next(FIXTURES.glob(f"*/{text}.txt")), style)).text


@pytest.mark.parametrize("style", [*BOOK_STYLES, *LEAFLET_STYLES], ids=Style.name)
def test_log_leads_both_ways(style: Style) -> None:
    raw = first_dump("history", style)
    page = cleaner.clean_page(raw, "book")
    assert cleaner.clean(page.text, "book") == page.text
    assert replay(page.raw, page.edits, len(page.text)) == page.text
    assert restore(page.text, page.edits, len(page.raw)) == raw


@pytest.mark.parametrize("profile", ["newspaper", "book"])
@pytest.mark.parametrize("running", ["line", "apart"])
def test_pages_of_a_book_become_one_text(running: str, profile: str) -> None:
    text = clean(first_dump("history", Style(28, depth=24, running=running)), profile)
    assert "\n37" not in text
    assert text.count("第二章　青屏盐道的兴衰") == 1
    for paragraph in ("骡帮的兴起比挑夫晚了近一百年。", "③ 录音带现存青屏县档案馆"):
        assert f"\n{paragraph}" in text


@pytest.mark.parametrize(
    "text", ["他走到渡口，看了看天，又走了回来。\n\n" * 5, "山高月小水落石出\n我从山中来带着兰花草\n" * 4]
)
def test_section_numbers_stay(text: str) -> None:
    sections = "\n".join(f"{number}\n\n{text}" for number in range(1, 6))
    assert cleaner.clean(sections, "book") == sections
    assert cleaner.clean(sections) == sections


SPEECH = "\u3000\u3000他摇了摇头。"
PROSE = """\
　　秤砣掉进井里那天，老万正在给驴钉掌，听见扑通一
声，以为是哪家的孩子又往井里扔石头，骂了两句，低头
接着钉。等他把四只蹄子都钉完，天已经擦黑，粮站的人
提着灯笼来问，他才知道秤没有了，往后几个村的粮都要
拿到镇上去过秤，来回四十里，驴也吃不消，人也吃不消。
"""


@pytest.mark.parametrize("profile", ["newspaper", "book"])
@pytest.mark.parametrize("speech", [SPEECH, "\u3000\u3000“掉了。”", "“掉了。”"])
@pytest.mark.parametrize("depth", [9, 11, 13])
def test_speech_beside_page_numbers_stays(speech: str, depth: int, profile: str) -> None:
    lines = f"{PROSE}{speech}\n".splitlines() * 12
    pages = [[*lines[at : at + depth], str(12 + at // depth)] for at in range(0, len(lines), depth)]
    text = clean("\n".join(chain.from_iterable(pages)), profile)
    assert text.count(speech.strip()) == 12
    assert text.count("来回四十里，驴也吃不消，人也吃不消。") == 12


def test_page_numbers_without_header_go() -> None:
    lines = f"{PROSE}{SPEECH}\n".splitlines() * 12
    pages = [[*lines[at : at + 11], str(12 + at // 11)] for at in range(0, len(lines), 11)]
    text = clean("\n".join(chain.from_iterable(pages)), "book")
    assert not any(line.isdigit() for line in text.split("\n"))
