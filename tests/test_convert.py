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

from cleaner import Cleaner, convert
from cleaner.convert import CONFIGS, convert_text
from cleaner.edits import restore
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


TEXTS = sorted((ROOT / "fixtures" / "clean").glob("*.txt"))


@pytest.mark.parametrize("config", CONFIGS)
def test_texts_give_the_output_of_opencc(config: str) -> None:
    """Those in the script that the configuration is for; between two scripts those of the other one stay."""
    paths = [path for path in TEXTS if path.stem.endswith("hans" if config.startswith("s") else "hant")]
    assert len(paths) > 8
    for path in paths:
        text = path.read_text(encoding="utf-8")
        made = convert_all(text, config)
        assert made == opencc.OpenCC(config).convert(text), path
        assert convert_all(made, config) == made


@pytest.mark.parametrize("config", [config for config in CONFIGS if "s" in config])
def test_text_in_the_script_asked_for_stays(config: str) -> None:
    paths = [path for path in TEXTS if path.stem.endswith("hant" if config.startswith("s") else "hans")]
    assert len(paths) > 8
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert convert_all(text, config) == text, path


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=200)
def test_text_of_one_script_gives_the_output_of_opencc(text: str) -> None:
    """A line that shows simplified script and no traditional one, in a text that shows that it was converted."""
    text = "这条路通了\n" + opencc.OpenCC("t2s").convert(text).replace("\n", "")
    lines = text.split("\n")
    assume(opencc.OpenCC("t2s").convert(lines[1]) == lines[1])
    made = convert_all(text, "s2t").split("\n")
    assert made[0] == "這條路通了"
    if lines[1] != opencc.OpenCC("s2t").convert(lines[1]):
        assert made[1] == opencc.OpenCC("s2t").convert(lines[1])


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
    ("config", "text", "made"),
    [
        ("s2t", "综合家", "綜合家"),  # OpenCC makes 綜閤家 of what it made
        ("s2t", "綜合家", "綜合家"),
        ("s2t", "数千只候鸟掠过水面", "數千只候鳥掠過水麪"),
        ("s2t", "數千只候鳥掠過水面", "數千只候鳥掠過水面"),
        ("s2t", "这两只候鸟飞了。\n這兩隻候鳥飛了。", "這兩隻候鳥飛了。\n這兩隻候鳥飛了。"),
        ("s2twp", "打开文档", "開啟文件"),  # 文件 would become 檔案
        ("tw2sp", "電腦程式", "电脑程序"),  # 程序 would become 进程
        ("tw2sp", "程式設計師", "程序员"),
        ("tw2sp", "資料夾", "文件夹"),
        ("tw2sp", "奈及利亞總統抵達北京訪問中國", "尼日利亚总统抵达北京访问中国"),
        ("t2s", "種植苧麻", "种植苎麻"),
        ("s2tw", "么样", "麼樣"),
        ("t2tw", "裏面很為難", "裡面很為難"),  # 為 is a form of both
        ("hk2s", "裏面", "里面"),
        ("tw2sp", "电脑程序", "电脑程序"),
        ("s2twp", "这条路通了。\n小程序的进程。", "這條路通了。\n小程式的程序。"),
    ],
)
def test_words(config: str, text: str, made: str) -> None:
    assert convert_all(text, config) == made
    assert convert_all(made, config) == made


def test_a_line_that_never_rests_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others of its text are converted."""
    turns = {"甲": "乙", "乙": "甲", "发": "發"}
    turn = lambda text: "".join(turns.get(letter, letter) for letter in text)  # noqa: E731
    monkeypatch.setattr(convert, "_load_converter", lambda config: turn if config == "t2tw" else str)
    assert convert_all("甲，\n发。", "t2tw") == "甲，\n發。"
    assert convert_all("甲，\n發。", "t2tw") == "甲，\n發。"


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


@pytest.mark.parametrize(
    ("text", "config", "clean"),
    [
        ("他們己經到了", "t2s", "他们已经到了"),
        ("補助12.5萬元.比去年多", "t2s", "补助12.5万元。比去年多"),
        ("記者 歐陽 明", "t2s", "记者 欧阳明"),
        ("标签<p>甲</p><p>乙</p>", "s2t", "標籤甲\n乙"),
        ("2024年9月6日.图为村民在包扎。", "s2t", "2024年9月6日.圖爲村民在包紮。"),
    ],
)
def test_rules_read_what_was_converted(text: str, config: str, clean: str) -> None:
    """What a rule finds in the converted text alone is mended at once, not only when the text is cleaned again."""
    cleaner = Cleaner(to=config)
    assert cleaner.clean(text) == clean
    assert cleaner.clean(clean) == clean
    page = cleaner.clean_page(text)
    assert restore(page.text, page.edits, len(text)) == text


@pytest.mark.parametrize(("config", "back"), [("s2t", "t2s"), ("t2s", "s2t")])
def test_what_rules_have_examples_of_is_clean_after_conversion(config: str, back: str) -> None:
    """The examples of all rules, in either script: cleaned twice is cleaned once."""
    cleaner, converter = Cleaner(to=config), opencc.OpenCC(back)
    shown = {text for file in cleaner.rules.files for rule in file.rules for pair in rule.fixes for text in pair}
    texts = sorted(shown | {text for file in cleaner.rules.files for rule in file.rules for text in rule.keeps})
    assert len(texts) > 1000
    clean = [cleaner.clean(converter.convert(text)) for text in texts]
    assert [text for text in clean if cleaner.clean(text) != text] == []


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
