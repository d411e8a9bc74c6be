"""Script conversion: replacements give OpenCC's output, touch no more than it changes, and rest when all is done."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import opencc
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaner import convert
from cleaner.convert import CONFIGS, convert_text
from cleaner.errors import CleanerError

ROOT = Path(__file__).resolve().parent.parent
# Characters and phrases whose conversion depends on neighbours or changes the length, and marks between them.
PIECES = list("头发展台里后干面乾隆麵著着只隻體軟件硬碟颱為，。“”「」\n\r\t aB1é\u2028\ufe0e𠀀")
PIECES += ["U盘", "打印机", "出租车", "隨身碟", "計程車", "数据库", "鼠标", "滑鼠", "皇后", "以后", "里面", "公里"]


def apply_replacements(text: str, replacements: list[tuple[int, int, str]]) -> str:
    pieces, place = [], 0
    for start, end, new in replacements:
        assert place <= start <= end <= len(text)
        assert text[start:end] != new
        pieces += [text[place:start], new]
        place = end
    return "".join(pieces) + text[place:]


def convert_all(text: str, config: str) -> str:
    return apply_replacements(text, convert_text(text, config))


@pytest.mark.parametrize("config", CONFIGS)
def test_texts_give_the_output_of_opencc(config: str) -> None:
    paths = sorted((ROOT / "fixtures" / "clean").rglob("*.txt"))
    assert len(paths) > 15
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert convert_all(text, config) == opencc.OpenCC(config).convert(text), path


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=200)
def test_text_of_one_script_gives_the_output_of_opencc(text: str) -> None:
    """As far as OpenCC has it so: what it makes of its own output is not asked for."""
    text = opencc.OpenCC("t2s").convert(text)
    assume(opencc.OpenCC("t2s").convert(text) == text)
    made = opencc.OpenCC("s2t").convert(text)
    assume(opencc.OpenCC("t2s").convert(made) == text)
    assert convert_all(text, "s2t") == made


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(CONFIGS))
@settings(max_examples=400)
def test_twice_is_once(text: str, config: str) -> None:
    once = convert_all(text, config)
    assert convert_all(once, config) == once


@given(st.text(), st.sampled_from(CONFIGS))
def test_twice_is_once_for_any_text(text: str, config: str) -> None:
    once = convert_all(text, config)
    assert convert_all(once, config) == once


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("综合家", "綜合家"),  # OpenCC makes 綜閤家 of what it made
        ("綜合家", "綜合家"),
        ("數千只候鳥掠過水面", "數千只候鳥掠過水面"),
        ("两只候鸟，兩隻候鳥", "兩隻候鳥，兩隻候鳥"),
    ],
)
def test_words_that_opencc_finds_in_its_own_output(text: str, made: str) -> None:
    assert convert_all(text, "s2t") == made


def test_a_piece_that_never_rests_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others of its text are converted."""
    turns = {"甲": "乙", "乙": "甲", "发": "發"}
    turn = lambda text: "".join(turns.get(letter, letter) for letter in text)  # noqa: E731
    monkeypatch.setattr(convert, "_load_converter", lambda config: turn if config == "s2t" else str)
    assert convert_all("甲，发。", "s2t") == "甲，發。"
    assert convert_all("甲，發。", "s2t") == "甲，發。"


@pytest.mark.parametrize(
    ("text", "config", "replacements"),
    [
        ("", "s2t", []),
        ("plain 123，无", "t2s", []),
        ("皇后和以后\n头发", "s2t", [(4, 5, "後"), (6, 8, "頭髮")]),
        ("博客在内存中，程序员说", "s2twp", [(0, 2, "部落格"), (3, 5, "記憶體"), (8, 11, "式設計師說")]),
        ("這裡\r\n台灣", "t2s", [(0, 2, "这里"), (5, 6, "湾")]),
    ],
)
def test_replacements_are_minimal(text: str, config: str, replacements: list[tuple[int, int, str]]) -> None:
    assert convert_text(text, config) == replacements


def test_a_lone_surrogate_stays() -> None:
    assert convert_text("发\ud800展?", "s2t") == [(0, 1, "發")]


def test_every_configuration_is_there() -> None:
    assert {f"{config}.json" for config in CONFIGS} <= set(opencc.CONFIGS)


@pytest.mark.parametrize("config", ["", "s2x", "s2t.json", "../s2t", "t2jp"])
def test_an_unknown_configuration_is_refused_with_the_list(config: str) -> None:
    with pytest.raises(CleanerError, match=r"choose one of hk2s, .*tw2t"):
        convert_text("", config)


def test_opencc_is_loaded_only_when_needed() -> None:
    code = "import sys, cleaner.convert; sys.exit('opencc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_examples() -> None:
    results = doctest.testmod(convert)
    assert results.attempted
    assert not results.failed
