"""Pages on which every line goes over all columns, with blanks where the page is empty or only where columns meet."""

from __future__ import annotations

from itertools import zip_longest

import pytest
from test_columns import DOCTOR, HARVEST, LEFT, RIGHT, THIRD, print_column, wrap

import cleaner
from cleaner.edits import restore
from cleaner.layout.lines import measure_width

ARTICLES = [
    ("一间不打烊的书报亭", "本报记者 冉星河", LEFT),
    ("湿地边的候鸟补给站", "本报记者 尤半山", RIGHT),
    ("沙渚老码头修好以后", "本报通讯员 仲石川", THIRD),
]


def set_article(title: str, byline: str, paragraphs: list[str], width: int = 16) -> list[str]:
    """Return an article's lines in a column; paragraphs are indented by two half-width blanks."""
    lines = [wrap(paragraph, width, indent=2) for paragraph in paragraphs]
    return [title, byline, "", *(line if number else f"  {line}" for part in lines for number, line in enumerate(part))]


def pad(line: str, width: int, kind: str) -> str:
    """Fill a line up to a column's width: counted in characters, or in half cells of the page."""
    size = len(line) if kind == "characters" else int(2 * measure_width(line))
    return line + " " * (width - size)


def print_rows(columns: list[list[str]], kind: str, width: int) -> str:
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join("".join(pad(line, width, kind) for line in row).rstrip() for row in rows) + "\n"


@pytest.mark.parametrize(("kind", "width"), [("characters", 18), ("characters", 20), ("cells", 34), ("cells", 38)])
@pytest.mark.parametrize("count", [2, 3])
def test_columns_side_by_side(kind: str, width: int, count: int) -> None:
    raw = print_rows([set_article(*article) for article in ARTICLES[:count]], kind, width)
    page = cleaner.clean_page(raw)
    assert [(article.title, [block.text for block in article.paragraphs]) for article in page.articles] == [
        (title, paragraphs) for title, _, paragraphs in ARTICLES[:count]
    ]
    assert restore(page.text, page.edits, len(raw)) == raw
    assert cleaner.clean(page.text) == page.text


def test_a_longer_column_and_text_of_its_own_width_below() -> None:
    """What stands under a stretch, and in other columns, is not drawn into it."""
    first = set_article(*ARTICLES[0])
    second = set_article(*ARTICLES[1])[:16]
    doctor = [DOCTOR[0], DOCTOR[1] + DOCTOR[2], DOCTOR[3] + HARVEST[1]]
    below = set_article("药箱上山", "本报记者 岑小满", doctor, 20)
    half = (len(below) + 1) // 2
    raw = (
        print_rows([first, second], "characters", 19)
        + "\n"
        + print_rows([below[:half], below[half:]], "characters", 23)
    )
    articles = {
        article.title: [block.text for block in article.paragraphs] for article in cleaner.clean_page(raw).articles
    }
    assert articles["一间不打烊的书报亭"] == LEFT
    assert articles["药箱上山"] == doctor


def test_only_a_blank_between_columns() -> None:
    """Without places, the words that go on tell the columns of the lines that not all columns have."""
    columns = [print_column(LEFT), print_column(RIGHT)]
    rows = [" ".join(filter(None, row)) for row in zip_longest(*columns, fillvalue="")]
    raw = "本报讯（记者 万一鸣）" + "\n".join([HARVEST[1], *rows]) + "\n"
    text = cleaner.clean_page(raw).text
    assert all(paragraph in text for paragraph in (LEFT[0], LEFT[1], RIGHT[0], RIGHT[1]))


TABLE = [
    ("青屏县人民医院", "内科、外科、儿科全天接诊", "二〇二一年三月四日"),
    ("芦潭县中医院", "针灸科周一至周五上午", "二〇二一年三月五日"),
    ("沙渚镇卫生院", "预防接种门诊每周三", "二〇二一年三月六日"),
    ("苇川市妇幼保健院", "产科、儿科、乳腺外科", "二〇二一年三月七日"),
    ("枫桥镇卫生院", "全科门诊每天八点开诊", "二〇二一年三月八日"),
    ("雀岭村卫生室", "每月第一个星期二巡诊", "二〇二一年三月九日"),
    ("临湖市口腔医院", "牙周科、正畸科须预约", "二〇二一年三月十日"),
    ("禾塘县人民医院", "急诊科昼夜开放", "二〇二一年三月十一日"),
]
POEM = [
    "樟树影里药箱轻",
    "一路山花一路行",
    "问罢樵夫过石桥",
    "满溪云水送铃声",
    "雀岭人家灯未灭",
    "夜深犹有叩门情",
    "归来月在东墙上",
    "又听邻鸡第一声",
]


@pytest.mark.parametrize("gap", ["  ", "    ", "　　"])
@pytest.mark.parametrize(
    "sign", ["", "本报讯（记者 万一鸣）枫桥镇的稻田昨天开镰，今年种了三千亩早稻。\n\n"], ids=["text", "page"]
)
def test_tables_and_verses_stay(gap: str, sign: str) -> None:
    table = "\n".join(gap.join(row) for row in TABLE)
    verse = "\n".join(gap.join(pair) for pair in zip(POEM[::2], POEM[1::2], strict=True))
    for raw in (f"{sign}{table}\n", f"{sign}{verse}\n{verse}\n"):
        page = cleaner.clean_page(raw)
        assert [line.split() for line in page.text.split("\n") if line] == [
            line.split() for line in raw.split("\n") if line
        ]
