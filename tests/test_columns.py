"""Lines in which an engine has read columns across: parted at gaps, or where the text goes down and not over."""

from __future__ import annotations

from itertools import pairwise, zip_longest
from typing import Any

import pytest

import cleaner
from cleaner.edits import restore

LEFT = [
    "苇川市火车站广场的东南角，有一间六平方米的书报亭，亭主人韦小满在这里守了二十二年，亭子的灯也亮了二十二年。",
    "最早的时候，亭子里卖的是报纸和地图。赶火车的人买一份报，既能看，也能垫着坐。后来人人低头看手机，报纸"
    "一天卖不出十份，左右的亭子一家接一家地关了。",
    "韦小满没有关。他把报架撤下一半，摆上充电线、创可贴、针线包和一次性雨衣，又在亭子外面钉了一块木板，上面写着：问路不要钱。",
    "今年车站改造，亭子本来要拆。消息传开，旅客写来四百多封信，最后设计图改了一笔，亭子向东挪了三米，留了下来。",
]
RIGHT = [
    "临湖市第一座候鸟补给站在蓼洲湿地启用。补给站占地三百亩，种着水稻、莲藕和荸荠，收获时留下两成不收，专门留给过冬的候鸟。",
    "据湿地保护站统计，去年在蓼洲越冬的候鸟有四十七种、三万一千多只，比五年前多了一倍。鸟多了，湖边的菜地"
    "常常被啄，农户有怨言；如今每亩补偿六百元，怨言变成了招呼。",
    "补给站的观鸟屋用旧渔船改成，窗口只有巴掌宽。管理员说，看鸟的人要学会等，等得久了，鸟就当你是一截木头。",
    "入冬以后，学校把自然课搬到了堤上，孩子们认得出的鸟从三种变成了二十种，回家再教给爷爷奶奶。",
]
THIRD = [
    "沙渚县的老码头修好了，石阶一共一百零八级，最下面的七级每年有半年泡在水里。",
    "从前运盐的船在这里靠岸，脚夫把盐包背上坡，一个来回换一根竹签，晚上凭竹签领工钱。",
    "如今竹签收在码头边的小展馆里，装了满满两大筐，讲解员让孩子们掂一掂，猜猜背过多少斤盐。",
    "修码头的石匠师傅姓仲，七十一岁，他说石头认得水，顺着纹路凿，它就不会裂。",
]
HEAD = "本报记者 冉星河\n\n"
WIDTH = 18


def print_column(paragraphs: list[str]) -> list[str]:
    """Set paragraphs in a column of WIDTH cells; the indent is lost, as engines lose it."""
    return [line for paragraph in paragraphs for line in wrap(paragraph, WIDTH, indent=2)]


def wrap(text: str, width: int, indent: int = 0) -> list[str]:
    """Cut a text into printed lines; a mark that would begin a line hangs at the end of the one before."""
    lines = [""]
    for char in text:
        full = len(lines[-1]) >= width - (indent if len(lines) == 1 else 0)
        if full and char not in "，。、；：":
            lines.append("")
        lines[-1] += char
    return lines


def put_across(left: list[str], right: list[str], gap: str) -> str:
    """Print two columns; a part of both is read across in the middle, as by an engine that misses the rule between."""
    column, other = print_column(left), print_column(right)
    low, high = 4, 10
    rows = [a + gap + b for a, b in zip_longest(column[low:high], other[low:high], fillvalue="")]
    return "\n".join([*column[:low], *rows, *column[high:], "", *other[:low]]) + "\n"


@pytest.mark.parametrize("gap", [" " * 6, "　" * 5], ids=["blanks", "ideographic"])
def test_rows_are_parted_at_wide_gaps(gap: str) -> None:
    raw = HEAD + put_across(LEFT, RIGHT, gap)
    page = cleaner.clean_page(raw)
    assert gap not in page.text
    column = "".join(print_column(LEFT)[4:10])
    assert column[:WIDTH] in page.text
    assert page.text.count(column[WIDTH : 2 * WIDTH]) == 1


def test_gaps_of_plain_text_stay() -> None:
    raw = "甲方：青屏县人民政府          乙方：芦潭公司\n" * 3
    assert cleaner.clean(raw) == raw


FOURTH = [
    "稻田边的观测站只有一间屋，屋顶的风向标转得很慢，值班员每天早晚各记一次水位和气温。",
    "记录本从一九八七年写到今天，最早的一页字迹已经淡了，可是数字还看得清楚。",
    "今年春天，观测站装上了自动雨量计，值班员仍旧每天走到堤边看一眼，他说机器也会打瞌睡。",
    "学生们来参观的时候，他让每个人都在本子上写下自己猜的水位，第二天早晨再来对答案。",
]
ROWS = 14


def full_rows() -> tuple[str, list[str], list[str]]:
    """Make a page whose engine has read many full lines of two columns across; return it and the lines of both."""
    left, right = wrap("".join(LEFT + THIRD), WIDTH), wrap("".join(RIGHT + FOURTH), WIDTH)
    rows = [a + b for a, b in zip(left[3 : 3 + ROWS], right[:ROWS], strict=True)]
    raw = "\n".join([*left[:3], *rows, *left[3 + ROWS :], *right[ROWS:], "", *print_column(LEFT + RIGHT)])
    return HEAD + raw + "\n", left[3 : 3 + ROWS], right[:ROWS]


def test_rows_without_a_gap_go_column_by_column() -> None:
    raw, left, right = full_rows()
    text = cleaner.clean_page(raw).text.replace("\n", "")
    for column in (left, right):  # a cut may miss its place by a character where nothing shows a word
        seams = [above[-5:] + below[:5] for above, below in pairwise(column)]
        assert sum(1 for seam in seams if seam in text) >= 0.75 * len(seams)


def test_a_wide_column_is_not_cut() -> None:
    narrow = print_column(LEFT)
    wide = "".join(RIGHT)
    lines = wrap(wide, 2 * WIDTH)
    raw = HEAD + "\n".join([*narrow, "", *lines]) + "\n"
    text = cleaner.clean_page(raw).text
    assert all(line in text.replace("\n", "") for line in lines)
    assert wide in text.replace("\n", "")


def test_restore_after_moves() -> None:
    raw, _, _ = full_rows()
    page = cleaner.clean_page(raw)
    assert page.text != raw
    assert restore(page.text, page.edits, len(raw)) == raw


def test_text_of_another_column_goes_to_its_article() -> None:
    left, right = print_column(LEFT), print_column(RIGHT)
    raw = "\n".join([
        "一间不打烊的书报亭", "", "本报记者 冉星河", "", *left[:4], "",
        "临湖候鸟补给站启用", "", "本报记者 尤半山", "", *right[:6], "", *left[4:], "", *right[6:],
    ])  # fmt: skip
    articles = cleaner.clean_page(raw + "\n").articles
    bodies = ["".join(block.text for block in article.paragraphs) for article in articles]
    assert bodies[0] == "".join(LEFT)
    assert bodies[1].endswith("".join(RIGHT))
    assert [[flag.code for flag in article.flags] for article in articles] == [["sorted-columns"], []]


def test_headline_inside_its_own_text() -> None:
    lines = print_column(LEFT)
    raw = "\n".join([*lines[:4], "", "一间不打烊的书报亭", "", "本报记者 冉星河", "", *lines[4:]]) + "\n"
    (article,) = cleaner.clean_page(raw).articles
    assert article.title == "一间不打烊的书报亭"
    assert [block.text for block in article.paragraphs] == LEFT


DOCTOR = [
    "从禾塘县城到最远的雀岭村，盘山公路有四十七公里，最后一段连摩托车也上不去。乡村医生每周背着药箱走一趟，雀岭村的老人就在村口的樟树下等。",
    "村医罗小禾今年三十三岁，药箱里装着血压计、听诊器和三十多种常用药。她说药箱不重，重的是老人们的叮嘱。上个月，药箱里又多了一台",
    "便携式心电图机，图像传到县医院，十分钟就有回音。雀岭村的老人第一次不用下山就做了检查，罗小禾也松了一口气。",
    "县医院的医生在屏幕那头看图，村医罗小禾在这头把结果念给老人听。药箱里的机器响一声，樟树下的人就笑一回。",
]
HARVEST = [
    "本报讯（记者 万一鸣）枫桥镇的稻田昨天开镰，今年种了三千亩早稻，每亩收九百多斤，比去年多收了四十斤。",
    "镇上的粮站把磅秤搬到了田头，农民当场就能拿到卖粮的钱。粮站站长说，这样少跑一趟路。",
]


def read_doctor(before: list[str], behind: str) -> list[tuple[Any, ...]]:
    """Read a page: the doctor's byline and first column, another article, then the head and the rest."""
    first = [wrap_paragraph(paragraph) for paragraph in before]
    other = [wrap_paragraph(paragraph) for paragraph in HARVEST]
    rest = ["药箱上山\n——雀岭村乡村医生见闻", behind, wrap_paragraph(DOCTOR[3])]
    page = cleaner.clean_page("\n\n".join(["本报记者 岑小满", *first, "枫桥早稻开镰", *other, *rest]) + "\n")
    records: list[dict[str, Any]] = [article.to_dict() for article in page.articles]
    return [(r["title"], r["subtitle"], r["byline"], [p["text"] for p in r["paragraphs"]]) for r in records]


def wrap_paragraph(paragraph: str) -> str:
    return "\n".join(wrap(paragraph, WIDTH, indent=2))


def test_a_beginning_before_its_own_head() -> None:
    """An engine that reads the first column before the headline over all of them: the sentence goes on behind it."""
    articles = read_doctor(DOCTOR[:2], "\n".join(wrap(DOCTOR[2], WIDTH)))
    whole = ("药箱上山", "——雀岭村乡村医生见闻", "本报记者 岑小满", [DOCTOR[0], DOCTOR[1] + DOCTOR[2], DOCTOR[3]])
    assert articles == [whole, ("枫桥早稻开镰", None, None, HARVEST)]


def test_a_whole_text_before_a_head_stays() -> None:
    articles = read_doctor([DOCTOR[0], DOCTOR[1] + "心电图机。"], wrap_paragraph("新的" + DOCTOR[2]))
    assert [(title, byline, len(paragraphs)) for title, _, byline, paragraphs in articles] == [
        (None, "本报记者 岑小满", 2), ("枫桥早稻开镰", None, 2), ("药箱上山", None, 2),
    ]  # fmt: skip


def test_a_signature_at_the_right_margin_is_no_row() -> None:
    lines = print_column(LEFT)
    raw = "\n".join([*lines, "　" * 25 + "芦潭市人民政府办公厅", " " * 60 + "二〇二四年五月"]) + "\n"
    assert "芦潭市人民政府办公厅" in cleaner.clean(raw)
