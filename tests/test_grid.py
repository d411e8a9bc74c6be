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


SIGN = "本报讯（记者 万一鸣）枫桥镇的稻田昨天开镰，今年种了三千亩早稻。\n\n"
WARES = [
    ("优质大米，袋装", "十公斤，真空包装", "黑龙江省五常市"), ("精制面粉，袋装", "五公斤，纸袋包装", "河南省郑州市"),
    ("食用菜油，桶装", "五升，塑料桶包装", "湖北省荆州市"), ("白砂糖，散装货", "五十公斤编织袋装", "广西壮族自治区"),
    ("精制食盐，袋装", "五百克，塑料袋装", "江苏省淮安市"), ("优质红茶，罐装", "二百克，铁罐包装", "安徽省祁门县"),
]  # fmt: skip
LISTS = {
    "prices": [
        f"大米、面粉每公斤{rice}元    猪肉、牛肉每公斤{meat}元"
        for rice, meat in zip("一二三四五六", "七八九十百千", strict=True)
    ],
    "days": [
        f"三月{day}日星期{name}上午九时整    县委召开会议，研究工作{name}"
        for day, name in zip("四五六七八九十", "一二三四五六日", strict=True)
    ],
    "names": [f"姓名：王建国{number}    工作单位：县人民医院，内科" for number in range(8)],
    "wares": ["    ".join(row) for row in WARES * 2],
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_with_marks_stay(name: str) -> None:
    """Words that go on from row to row are the same ones again and again."""
    text = cleaner.clean_page(SIGN + "\n".join(LISTS[name]) + "\n").text
    assert [line.split() for line in text.split("\n") if line][1:] == [line.split() for line in LISTS[name]]


def test_rows_of_any_number_of_pieces() -> None:
    raw = "\n".join("  ".join(["青屏县人民医院内"] * number) for number in range(2, 8)) + "\n"
    assert cleaner.clean(raw).split() == raw.split()
    raw = SIGN + "稻 " * 4000 + "\n" + "稻田  开镰\n" * 6
    assert cleaner.clean_page(raw).text.count("开镰") == 7


MOUNTAIN = [
    "从禾塘县城到最远的雀岭村，盘山",
    "公路有四十七公里，最后一段连摩",
    "托车也上不去。乡村医生每周背着",
    "药箱走一趟，雀岭村的老人就在村",
]
SCHOOL = [
    "在过去的几年里，我们县的经济建",
    "设取得了很大的成绩，人民群众的",
    "生活水平有了明显的提高，道路交",
    "通条件得到了改善，许多村子都通",
]
FIELD = [
    "枫桥镇的稻田昨天开镰，今年种了",
    "三千亩早稻，每亩收九百多斤，比",
    "去年多收了四十斤。镇上的粮站把",
    "磅秤搬到了田头，农民当场就能拿",
]
STATION = [
    "到卖粮的钱。粮站站长说，这样少",
    "跑一趟路，也少耽误半天工。到昨",
    "天傍晚，粮站已经收了十二万斤稻",
    "谷，仓库的门口还排着长长的队。",
]


def test_a_headline_over_all_columns_between_articles() -> None:
    above = [*zip(MOUNTAIN, SCHOOL, strict=True), ("口的樟树下等。" + "　" * 8, "上了自来水和电话。")]
    rows = ["  ".join(row) for row in above], ["  ".join(row) for row in zip(FIELD, STATION, strict=True)]
    raw = "\n".join(
        [
            "药箱上山",
            "本报记者 岑小满",
            *rows[0],
            "",
            " " * 12 + "枫桥早稻开镰",
            " " * 12 + "本报记者 万一鸣",
            "",
            *rows[1],
        ]
    )
    found = [
        (article.title, "".join(block.text for block in article.paragraphs))
        for article in cleaner.clean_page(raw + "\n").articles
    ]
    assert found == [
        ("药箱上山", "".join([*MOUNTAIN, "口的樟树下等。", *SCHOOL, "上了自来水和电话。"])),
        ("枫桥早稻开镰", "".join([*FIELD, *STATION])),
    ]


def test_short_last_lines_side_by_side() -> None:
    rows = [*zip(MOUNTAIN, SCHOOL, strict=True), ("口的樟树下等着医生来，风雨不误", "上了自来水和电话，学校的教室也")]
    rows += [("她又去了村里的小学给孩子们看了", "翻修了一遍，医院添置了先进的设"), ("牙。" + "　" * 13, "备。")]
    text = cleaner.clean_page(SIGN + "\n".join("  ".join(row) for row in rows) + "\n").text
    assert "给孩子们看了牙。" in text
    assert "添置了先进的设备。" in text


def test_a_much_longer_column() -> None:
    short = [*MOUNTAIN, "口的樟树下等着医生来，风雨不误", "她又去了小学。"]
    long = [*FIELD, *STATION[:3], "谷，仓库的门口还排着长长的队伍", *SCHOOL, "上了自来水和电话。"]
    rows = zip_longest(long, short, fillvalue="")
    text = cleaner.clean_page(SIGN + "\n".join("  ".join(filter(None, row)) for row in rows) + "\n").text
    assert "".join(long) in text
    assert "".join(short) in text
