"""Forms of head lines, photos and furniture that papers differ in, and what only looks like them."""

from __future__ import annotations

import pytest

import cleaner

OTHER = "渡船停航\n本报讯（记者 乌棠）昨天，渡船因水位上涨停航。\n"


def read_blocks(text: str) -> list[list[tuple[str, str]]]:
    return [[(block.role, block.text) for block in article.blocks] for article in cleaner.clean_page(text).articles]


def test_printed_lines_beside_whole_paragraphs() -> None:
    """Three lines of one width that end in mid-sentence are a column, whatever stands around them."""
    text = (
        "渡船停航\n本报讯（记者 乌棠）因水位上涨，\n石渡口渡船从今天起停航三天，过\n河的居民可以绕行石渡口大桥，也\n"
        "可以坐免费的公交车，每半小时一\n班，末班车晚上九点。\n"
        "石渡口镇的老粮仓建于上世纪五十年代，墙厚半米，冬暖夏凉，里面最多时存过三百万斤稻谷，后来粮仓空了下来，一空就是二十多年。\n"
        "镇上的孩子都不敢往里走，说是里面住着一只很大的猫头鹰，夜里会叫，叫得整条街的人都睡不着，后来有人进去看过，什么也没有。\n"
    )
    texts = [text for article in read_blocks(text) for _, text in article]
    assert any("过河的居民可以绕行石渡口大桥，也可以坐免费的公交车，每半小时一班，末班车" in text for text in texts)


def test_column_name_of_a_photo() -> None:
    photo, article = read_blocks(f"走基层\n老粮仓里书香浓\n5月18日，孩子们在老粮仓书房看书。\n岑小满 摄\n{OTHER}")
    assert photo == [
        ("kicker", "走基层"), ("title", "老粮仓里书香浓"), ("credit", "岑小满 摄"),
        ("caption", "5月18日，孩子们在老粮仓书房看书。"),
    ]  # fmt: skip
    assert article[0] == ("title", "渡船停航")


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("新华社记者 林溪 卢鸿", "byline"), ("文/岑小满 图/万一鸣", "byline"),
        ("经济日报·中国经济网记者 岑小满", "byline"),
        ("[美]海明威", "byline"), ("青屏中学 高二（3）班 岑小满", "byline"),
        ("本报评论员", "byline"), ("（本报记者 岑小满）", "byline"), ("[记者 岑小满]", "byline"),
        ("【记者岑小满】", "byline"), ("〔记者岑小满〕", "byline"), ("（岑小满）", "byline"),
        ("（文／岑小满）", "byline"),
        ("记者/岑小满 编辑/乌棠", "byline"), ("本报综合报道", "byline"), ("来源：青屏发布", "byline"),
        ("（外一首）", "subtitle"),
        ("——老粮仓的新生", "subtitle"),
    ],
)  # fmt: skip
def test_line_under_the_title(line: str, role: str) -> None:
    body = "青屏县石渡口镇的老粮仓空置了二十多年，最近重新热闹起来，每天都有人来看书。"
    blocks = read_blocks(f"{OTHER}老粮仓变书房\n{line}\n{body}\n")[-1]
    assert blocks == [("title", "老粮仓变书房"), (role, line), ("paragraph", body)]


@pytest.mark.parametrize(
    "text",
    [
        f"{OTHER}安全\n燃气管道下月换新\n本报讯（记者 卢鸿）昨天，镇里开始更换燃气管道。\n",
        "父亲的晚报\n□岑小满\n父亲每天下班都要买一份晚报，坐在门槛上慢慢看。\n",
        "渡口\n□岑小满\n桥头的灯亮了一夜，照着水面一小块地方。\n如果你见过他，请告诉我。\n",
        "镇空气指数\n本报讯（记者 岑小满）县环保局昨天公布各镇空气指数。\n石渡口 | 35\n芦潭 | 42\n枫浦 | 28\n",
        f"{OTHER}喜报 5月18日\n岑小满在省运会上获得女子铅球第一名。\n",
        "影评\n本报记者 岑小满\n《渡船》\n★★★★☆\n影片讲一个老渡工的故事，节奏很慢，画面很美。\n",
        f"{OTHER}征文\n本报向读者征文，来稿请发到下面的网址。\nwww.qingping.example/zw\n",
        "驻村日记\n□岑小满\n5月18日 星期六\n早上下雨，走了三户人家。\n5月19日 星期日\n雨停了，他请我吃了一碗面。\n",
    ],
)
def test_no_furniture(text: str) -> None:
    """Labels, headlines with a paper's word in them, last sentences, rows, ratings and dates of a diary stay."""
    page = cleaner.clean_page(text)
    assert page.furniture == ()
    kept = "".join(block.text for article in page.articles for block in article.blocks)
    assert sorted("".join(text.split())) == sorted("".join(kept.split()))


@pytest.mark.parametrize("line", ["本报致电县住建局，对方表示正在核实。", "（记者点头）他说，歌是唱给船听的。"])
def test_prose_is_no_dateline(line: str) -> None:
    first = "石渡口镇居民反映，补偿款拖了三年没有发。"
    (article,) = read_blocks(f"补偿款去哪了\n本报记者 岑小满\n{first}\n{line}\n")
    assert article[-2:] == [("paragraph", first), ("paragraph", line)]


BRIDGE = (
    "本报讯（记者 卢鸿）昨天上午十点，枫浦大桥正式通车。大桥全长八百米，双向四车道，两侧各有一条两米宽的人行道。\n"
    "通车以后，城关到开发区的车程由四十分钟缩短到八分钟。\n"
    "家住桥头的万大爷起了个大早，他说，自己等这座桥等了三十年，今天要来回走上两趟。\n"
)
MEETING = (
    "本报讯（记者 卢鸿）罗汀区委经济工作会议昨天召开。会议总结今年经济工作，分析当前形势，部署明年重点任务。\n"
    "会议指出，要坚持稳中求进，把扩大内需放在优先位置，扎实推进新型工业化，抓好工作落实，确保目标完成。\n"
)
RACE = (
    "本报讯（记者 卢鸿）端午节，二十四条龙舟在砚江枫浦段一字排开，石渡口队以二分十六秒夺得冠军，"
    "龙舟赛女子组冠军由松垣乡代表队获得。\n"
)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    ("head", "roles", "body"),
    [
        ("三十年期盼 一朝梦圆/枫浦大桥昨日通车/城关到开发区车程缩短到八分钟", "kicker/title/subtitle", BRIDGE),
        ("罗汀区委经济工作会议召开/坚持稳中求进 抓好工作落实/岑小满讲话 卢鸿主持", "kicker/title/subtitle", MEETING),
        ("岑小满在区委经济工作会议上强调/坚持稳中求进 推进新型工业化/卢鸿主持", "kicker/title/subtitle", MEETING),
        ("区委经济工作会议召开/岑小满主持并讲话", "title/subtitle", MEETING),
        ("石渡口队夺得龙舟赛冠军/二十四条龙舟砚江竞渡/女子组松垣乡队获胜", "title/subtitle/subtitle", RACE),
    ],
)  # fmt: skip
def test_lines_of_a_headline(head: str, roles: str, body: str, gap: str) -> None:
    """Each line is named, none is taken from its text or moved."""
    lines = head.split("/")
    text = OTHER + "\n".join(lines) + "\n" + body
    _, blocks = read_blocks(text.replace("\n", gap))
    assert blocks[: len(lines)] == list(zip(roles.split("/"), lines, strict=True))


def test_headlines_of_one_length_are_no_column() -> None:
    """Three headline lines of one length join nothing: neither each other nor whole paragraphs."""
    text = (
        "青屏县盘活闲置资产\n石渡口老粮仓变书房\n凭身份证能借五本书\n"
        "本报讯（记者 卢鸿）青屏县石渡口镇的老粮仓空置了二十多年，最近重新热闹起来。书房凭一张身份证就能借走五本书。\n"
        "粮仓建于一九五八年，能存三百吨稻谷。镇里去年把它改成书房，墙没有动，窗加大了一倍，屋顶换了新瓦。\n"
        "孩子们放学没有地方去，现在都往粮仓跑，书房开放半年，借出图书三千多册。\n渡船停航三天\n"
        "本报讯（记者 乌棠）昨天，渡船因水位上涨停航。\n"
    )
    texts = [text for article in read_blocks(text) for _, text in article]
    assert texts == text.split("\n")[:-1]


@pytest.mark.parametrize(
    "line",
    [
        "■本报记者 岑小满", "文/岑小满", "作者：岑小满", "[记者 岑小满]", "〔记者岑小满〕", "（据新华社）",
        "据新华社", "来源：青屏发布", "本报综合报道",
    ],
)  # fmt: skip
def test_line_behind_the_text(line: str) -> None:
    """Who wrote it, or where it comes from, stays with the text above, and is no part of the next head."""
    body = "青屏县石渡口镇的老粮仓空置了二十多年，最近重新热闹起来，每天都有人来看书。"
    first, second = read_blocks(f"老粮仓变书房\n{body}\n{line}\n{OTHER}")
    assert first == [("title", "老粮仓变书房"), ("paragraph", body), ("credit", line)]
    assert second[0] == ("title", "渡船停航")
    assert read_blocks(f"{OTHER}老粮仓变书房\n{body}\n{line}\n")[-1] == first


def test_line_over_a_heading() -> None:
    """A byline behind the lead paragraph, over a section heading, ends no article."""
    (article,) = read_blocks(
        "老粮仓变书房\n青屏县石渡口镇的老粮仓空置了二十多年，最近重新热闹起来，每天都有人来看书。\n本报记者 岑小满\n"
        "一、墙没有动\n镇里去年把它改成书房，墙没有动，窗加大了一倍，屋顶换了新瓦，灯也亮了。\n"
        "二、人来了\n孩子们放学没有地方去，现在都往粮仓跑，书房开放半年，借出图书三千多册。\n"
    )
    roles = [role for role, _ in article]
    assert roles == ["title", "byline", "paragraph", "heading", "paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(
    "folio",
    [
        "要闻 3", "3 要闻", "要闻3", "A03 要闻", "副刊·百花 7", "05 国内·国际", "要闻\n3", "3\n要闻", "A3\n要闻",
        "03\n综合新闻\n责编：岑小满\n2019年3月12日 星期二", "青屏日报\n2019年3月12日\n星期二\n第3版\n要闻",
        "责编/岑小满\n美编/卢鸿\n校对/乌棠", "2019.03.12 星期二 责编/岑小满 美编/卢鸿 校对/乌棠",
        "本版编辑 岑小满 电话 8123456",
    ],
)  # fmt: skip
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_folio_at_the_edge(folio: str, gap: str) -> None:
    text = f"{OTHER}老粮仓变书房\n本报记者 岑小满\n石渡口镇的老粮仓空置了二十多年，最近重新热闹起来，每天都有人来看书。"
    inside = read_blocks(text.replace("\n", gap))
    assert read_blocks(f"{folio}\n{text}\n".replace("\n", gap)) == inside
    if not folio.startswith("青屏日报"):  # a date over the foot's folio may be a notice's
        assert read_blocks(f"{text}\n{folio}\n".replace("\n", gap)) == inside


@pytest.mark.parametrize(
    "text",
    [
        f"要闻3条\n本报讯（记者 卢鸿）镇里昨天开会。\n{OTHER}",
        f"{OTHER}借书最多的几类\n本报讯（记者 卢鸿）书房统计了各类书的借阅次数。\n文化 12\n体育 7\n教育 5\n",
        "文化 12\n体育 7\n借书最多的两类\n本报讯（记者 卢鸿）书房统计了各类书的借阅次数，一共五百次。\n",
        f"{OTHER}停水通知\n因管道检修，明天停水。\n青屏县自来水公司\n2024年5月17日\n",
        f"{OTHER}致读者\n从下月起，本报增加副刊，欢迎来信。\n青屏日报\n2024年5月18日\n",
    ],
)
def test_no_folio(text: str) -> None:
    assert cleaner.clean_page(text).furniture == ()


GRANARY = [
    ("title", "老粮仓变书房"), ("byline", "本报记者 岑小满"),
    ("paragraph", "石渡口镇的老粮仓空置了二十多年，最近重新热闹起来，书房凭一张身份证就能借走五本书。"),
]  # fmt: skip
FERRY = [
    ("title", "渡船停航"),
    ("paragraph", "本报讯（记者 乌棠）昨天，渡船因水位上涨停航，过河的居民可以绕行下游三公里的大桥。"),
]


@pytest.mark.parametrize(
    ("before", "between", "behind"),
    [
        (("# ", "**", ""), ("", "**", ""), "\n\n"),
        (("标题：", "作者：", "正文：\n"), ("", "", ""), "\n"),
        (("**标题：** ", "**作者：** ", "**正文：**\n\n"), ("", "", ""), "\n\n"),
        (("【标题】", "【作者】", "【正文】"), ("", "", ""), "\n"),
        (("<h1>", "<p>", "<p>"), ("</h1>", "</p>", "</p>"), "\n"),
        (("<h1>", "<p>", "<p>"), ("</h1>", "</p>", "</p>"), ""),
        (("<h2>", "<b>", '<img src="1.jpg"/>\n<p>'), ("</h2>", "</b>", "</p>"), "\n"),
        (("# ", "", "![照片](1.jpg)\n\n"), ("", "", ""), "\n\n"),
    ],
)
def test_marks_of_vision_models(before: tuple[str, ...], between: tuple[str, ...], behind: str) -> None:
    """Labels, Markdown, tags and images that vision models write around the parts of an article."""
    marks = dict(zip(("title", "byline", "paragraph"), zip(before, between, strict=True), strict=True))
    parts = [f"{marks[role][0]}{text}{marks[role][1]}" for role, text in GRANARY + FERRY]
    assert read_blocks(behind.join(parts) + "\n") == [GRANARY, FERRY]


def test_photo_between_title_and_text() -> None:
    """The title over a photo is the text's that stands under the photo and speaks of the same."""
    first, photo = read_blocks(
        "# 老粮仓变书房\n\n![](1.jpg)\n\n图为书架一角。 万一鸣 摄\n\n"
        "本报讯（记者 岑小满）石渡口镇的老粮仓空置了二十多年，最近变成书房，重新热闹起来。\n"
    )
    assert [role for role, _ in first] == ["title", "paragraph"]
    assert photo == [("credit", "万一鸣 摄"), ("caption", "图为书架一角。")]


@pytest.mark.parametrize(
    "byline", ["（本报记者 岑小满）", "[记者 岑小满]", "□岑小满 万一鸣", "作者：岑小满", "采写：本报记者 岑小满"]
)
def test_headlines_among_printed_lines(byline: str) -> None:
    """A headline behind a full last line, and a byline under it, are no part of the paragraph above."""
    text = (
        f"石渡口老粮仓变书房\n{byline}\n　　石渡口镇的老粮仓空置了二十多年，最近重新\n"
        "热闹起来。书房凭一张身份证就能借走五本书，\n还书到门口的木箱，不收押金，也不用办卡，看完再还。\n"
        "　　粮仓建于一九五八年，能存三百吨稻谷。镇里\n去年把它改成书房，墙没有动，窗加大了一倍。\n"
        "青屏中学新操场启用\n　　本报讯（记者 乌棠）青屏中学的新操场昨天\n启用。操场铺了四百米跑道，中间是人造草坪，\n"
        "学生下课后都去跑两圈，老师也跟着跑，很热闹。\n"
    )
    first, second = read_blocks(text)
    assert first[:2] == [("title", "石渡口老粮仓变书房"), ("byline", byline)]
    assert [role for role, _ in first[2:]] == ["paragraph", "paragraph"]
    assert [role for role, _ in second] == ["title", "paragraph"]


POEM = "渡口\n\n□ 岑小满\n\n船停了三天\n桐油刷了三遍\n老船工坐在石阶上\n看水\n\n"
ESSAY = "镇上的面馆照样在早上五点开门，老板娘说，来吃面的多是赶早市的菜农，也有读书的孩子。"


def test_last_stanza_of_a_poem() -> None:
    """Two lines of verse between blank ones, over another title, belong to the poem above."""
    poem, essay = read_blocks(f"第3版 副刊\n\n{POEM}水也看他\n像看一只旧船\n\n桥头面馆\n\n万一鸣\n\n{ESSAY}\n")
    assert poem[-1] == ("verse", "水也看他\n像看一只旧船")
    assert essay == [("title", "桥头面馆"), ("byline", "万一鸣"), ("paragraph", ESSAY)]


def test_headline_behind_a_poem() -> None:
    """Two lines between blank ones over a name are the next headline."""
    poem, essay = read_blocks(f"第3版 副刊\n\n{POEM}桥头面馆\n老板娘的早晨\n\n万一鸣\n\n{ESSAY}\n")
    assert [role for role, _ in poem] == ["title", "byline", "verse"]
    assert essay[0] == ("title", "桥头面馆")


def test_section_name_over_a_title() -> None:
    brief = "石渡口镇的书房昨天开放，每天都有人来看书，凭身份证就能借走五本。（乌棠）"
    first, _ = read_blocks(f"综合新闻\n书房开放\n{brief}\n{OTHER}")
    assert [role for role, _ in first] == ["label", "title", "paragraph", "credit"]


def test_names_under_prizes() -> None:
    """Names in a list of winners are no bylines, and the text behind them is no article of its own."""
    (article,) = read_blocks(
        "作文比赛揭晓\n本报讯（记者 卢鸿）全县中小学生作文比赛昨天揭晓，二十名学生获奖，名单如下。\n"
        "一等奖\n岑小满 万一鸣\n"
        "二等奖\n欧阳明 张辉云 林溪\n获奖作品将在县图书馆展出一个月，欢迎家长和老师带着孩子前去参观，不收门票。\n"
    )
    assert [role for role, _ in article[2:]] == ["heading", "paragraph", "heading", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("把小事办成大事\n（社论）\n", "title/subtitle/paragraph"),
        ("岑小满讲话\n", "title/paragraph"),
        ("■本报记者 岑小满\n一盏路灯亮了\n", "title/byline/paragraph"),
    ],
)
def test_forms_that_stand_alone(text: str, roles: str) -> None:
    """What is said of a line under a title does not hold where there is none above it."""
    body = "一盏路灯、一个井盖，看似小事，却连着千家万户的安全，群众看治理水平，往往就从这些小事看起。\n"
    article = read_blocks(f"{OTHER}{text}{body}")[-1]
    assert [role for role, _ in article] == roles.split("/")


@pytest.mark.parametrize("folio", ["07 副刊", "副刊 7", "评论 A02"])
def test_section_and_number_show_a_page(folio: str) -> None:
    """A supplement has neither datelines nor reporters; its folio says that it is a newspaper's page."""
    body = "母亲的菜园在屋后，不大，三分地，种着葱、蒜、白菜，角落里还有一棵石榴树，是她嫁过来那年栽的。"
    first, second = read_blocks(f"{folio}\n母亲的菜园\n●岑小满\n{body}\n看龙舟\n●卢鸿\n{body[::-1]}\n")
    assert first == [("title", "母亲的菜园"), ("byline", "●岑小满"), ("paragraph", body)]
    assert [role for role, _ in second] == ["title", "byline", "paragraph"]


def test_markdown_that_is_no_newspaper() -> None:
    """Where nothing is of a newspaper, images and headings of Markdown are a document's."""
    text = "# 相机使用手册\n\n## 装电池\n\n![电池仓](a.png)\n\n打开底盖，装入电池。\n\n## 开机\n\n按住电源键三秒。\n"
    assert cleaner.clean(text) == text


ROWING = (
    "枫浦县龙舟赛昨天开赛\n\n本报讯（记者 岑小满）枫浦县龙舟赛昨天在石渡口开赛，十二支队伍下水。{0}\n\n"
    "两岸的树荫下坐满了乡亲，有人带来自家的甜瓜。{1}\n\n鼓手都是各村的中学生，他们练了整整一个夏天。{2}\n\n"
    "青禾乡队划出了三分零八秒，领先对手两个船身。{3}\n\n老船工齐向南坐在岸边，给孙子讲他年轻时的比赛。\n"
)


def test_open_ends_that_part_no_word() -> None:
    ends = ("裁判席设在码头", "卖凉茶的摊子排到桥头", "午饭由村里的食堂供应", "奖品是一只铜鼓")
    paragraphs = [text for role, text in read_blocks(ROWING.format(*ends))[0] if role == "paragraph"]
    assert len(paragraphs) == 5
    assert all(paragraph.endswith(end) for paragraph, end in zip(paragraphs, ends, strict=False))


def test_open_end_that_parts_a_word() -> None:
    text = ROWING.replace("{1}\n\n", "第二天上午的比\n\n赛照常举行，").format("", "", "", "")
    paragraphs = [text for role, text in read_blocks(text)[0] if role == "paragraph"]
    assert len(paragraphs) == 4
    assert "第二天上午的比赛照常举行，鼓手" in paragraphs[1]


def test_lone_open_end() -> None:
    torn = ROWING.replace("两岸的树荫", "老船工担任，两岸的树荫")
    text = torn.format("裁判席设在码头的石阶上，由三位退休的", "", "", "")
    paragraphs = [text for role, text in read_blocks(text)[0] if role == "paragraph"]
    assert "由三位退休的老船工担任" in paragraphs[0]


HEAD, BODY = "老粮仓变书房", "本报讯（记者 岑小满）石渡口镇的老粮仓空置了二十多年，最近变成书房，重新热闹起来。"
ITEM = [[("title", HEAD), ("paragraph", BODY)]]


@pytest.mark.parametrize(
    "text",
    [
        f"<|ref|>title<|/ref|><|det|>[[70, 66, 610, 120]]<|/det|>\n# {HEAD}\n\n"
        f"<|ref|>text<|/ref|><|det|>[[70, 160, 330, 420]]<|/det|>\n{BODY}\n",
        f"---\nprimary_language: zh\nis_rotation_valid: True\nis_table: False\n---\n{HEAD}\n\n{BODY}\n",
        f"## {HEAD}\n\n{BODY}\n\n<!-- image -->\n",
        f"根据您提供的图片，以下是识别出的文字：\n\n# {HEAD}\n\n{BODY}\n\n如果您需要进一步的帮助，请随时告诉我！\n",
        f"Here is the text extracted from the image:\n\n# {HEAD}\n\n{BODY}\n",
        f"# {HEAD}\n\n{BODY}\n\n以上内容根据图片识别，如有不清晰之处请对照原图核对。\n",
        f'# {HEAD}\n\n<div style="text-align: center;"><img src="1.jpg" alt="Image" /></div>\n\n{BODY}\n',
        " ".join(HEAD) + "\n\n" + " ".join(BODY.replace(" ", "")) + "\n",
    ],
)
def test_marks_of_engines(text: str) -> None:
    """What engines write around the page's text is no part of it."""
    found = read_blocks(text)
    assert [[(role, line.replace("记者岑", "记者 岑")) for role, line in article] for article in found] == ITEM


@pytest.mark.parametrize(
    ("rows", "role"),
    [
        ("| 品种 | 均价 |\n| --- | --- |\n| 青菜 | 3.20 |\n| 黄瓜 | 4.10 |", "table"),
        ("石渡口 3∶1 芦潭\n枫浦 0∶0 松垣\n梨亭 2∶4 栗坞", "table"),
        ("名次 球队 胜 负 积分\n1 石渡口 6 1 13\n2 芦潭 5 2 12\n3 枫浦 4 3 11", "table"),
        ("城区：多云转小雨 14℃～21℃ 东北风3级\n石渡口：小雨 13℃～19℃\n芦潭：阴 14℃～20℃", "table"),
        ("7:00 新闻早班车\n8:30 电视剧：渡口人家（12、13）\n12:00 午间新闻", "table"),
        ("日期 时间 项目\n6月10日 8:30 男子预赛\n6月12日 9:00 决赛", "table"),
        ("21-18\n17-22\n20-19", "table"),
        ("岑小满 万一鸣 卢鸿飞 乌棠生\n林溪水 宣宁远 尚可风 邝野平\n楼一鹤 丛山青", "table"),
        ("- 周三：老粮仓书房读书会\n- 周五：渡口露天电影", "list"),
    ],
)
def test_rows_inside_an_article(rows: str, role: str) -> None:
    """Rows keep their line breaks, are no headlines, and part no article in two; `#` goes beside them, too."""
    last = "书房说，今后每周都会在这里公布，欢迎市民前来查看，也欢迎提出意见。"
    (article,) = read_blocks(f"# {HEAD}\n\n{BODY}\n\n{rows}\n\n{last}\n")
    assert article == [*ITEM[0], (role, rows), ("paragraph", last)]


@pytest.mark.parametrize("name", ["现状", "成效", "记者手记"])
def test_heading_in_square_brackets(name: str) -> None:
    """What stands in square brackets over a text, and names nobody, closes no article."""
    last = "半年下来，书房借出图书三千多册，孩子们放学都往这里跑，老人也来看报。"
    (article,) = read_blocks(f"{HEAD}\n{BODY}\n【{name}】\n{last}\n")
    assert article == [*ITEM[0], ("heading", f"【{name}】"), ("paragraph", last)]


def test_column_name_in_square_brackets() -> None:
    _, second = read_blocks(
        f"{HEAD}\n{BODY}\n【健康问答】\n秋天干咳怎么办\n本报记者 乌棠\n秋天空气干燥，可以多喝水，屋里放一盆水。\n"
    )
    assert second[:2] == [("kicker", "【健康问答】"), ("title", "秋天干咳怎么办")]


def test_photographer_at_the_end_of_a_caption() -> None:
    """The name was cut off the caption before it, and makes none of the text behind it."""
    last = "粮仓建于一九五八年，能存三百吨稻谷，镇里去年把它改成书房，墙没有动，窗加大了一倍。"
    first, photo = read_blocks(f"# {HEAD}\n\n{BODY}\n\n![](1.jpg)\n\n孩子们在书房看书。万一鸣 摄\n\n{last}\n")
    assert first == [*ITEM[0], ("paragraph", last)]
    assert photo == [("credit", "万一鸣 摄"), ("caption", "孩子们在书房看书。")]


def test_photo_between_title_and_byline() -> None:
    first, photo = read_blocks(f"# {HEAD}\n\n![孩子们在看书](2.png)\n\n本报记者 乌棠\n\n{BODY[11:]}\n")
    assert [role for role, _ in first] == ["title", "byline", "paragraph"]
    assert [role for role, _ in photo] == ["caption"]


def test_letters_to_the_editor() -> None:
    """Each letter has its title, and its writer behind the last full stop."""
    letter = "我们碧桐路北段的路灯坏了两个月，晚上黑漆漆的，老人出门都要打手电，希望有关部门尽快修好。"
    articles = read_blocks(
        f"第4版 读者之声\n路灯为啥不亮\n编辑同志：\n{letter}\n碧桐路居民 卢大爷\n"
        f"站牌看不清了\n编辑同志：\n{letter[::-1][1:]}。\n读者 宣小宁\n"
    )
    assert [[role for role, _ in article] for article in articles] == [
        ["title", "paragraph", "paragraph", "credit"]
    ] * 2


@pytest.mark.parametrize("folio", ["36 | 人物", "A16 分类广告", "青屏一中校报 第86期 第二版"])
def test_folio_of_a_magazine(folio: str) -> None:
    text = "郎师傅修了四十年二胡，手上的茧子一层叠着一层，铺子在江边，门口没有招牌，挂着一把断了弦的琴。"
    (article,) = read_blocks(f"{folio}\n修琴人\n撰文 林溪 摄影 万一鸣\n{text}\n")
    assert article == [("title", "修琴人"), ("byline", "撰文 林溪 摄影 万一鸣"), ("paragraph", text)]


@pytest.mark.parametrize(
    "text",
    [
        "# 手册\n\n| 项 | 值 |\n| --- | --- |\n| 记者 | 3 |\n\n**注意**事项。\n",
        "若 $x = 2$，求 $3$ 的倍数。\n",
        "模型的token里，<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>表示位置。\n",
        "如果您有其他问题，请随时联系我。\n",
        "7:00 天还没亮，老船工已经在擦船板。\n12:00 太阳正毒，候船的人挤在亭子里。\n19:00 末班船靠岸。\n",
    ],
)
def test_what_only_looks_like_an_engines_mark(text: str) -> None:
    assert cleaner.clean(text) == text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("最低 $2^{\\circ}\\mathrm{C}$ ，湿度 $40\\%$ 。", "最低2℃，湿度40%。"),
        ("*本报记者 丛山*", "本报记者 丛山"),
        ("{1}------------------------------------------------\n\n河水退了。", "河水退了。"),
        ('<!-- PageFooter="责任编辑：宣宁" -->\n', ""),
    ],
)
def test_lines_of_engines(raw: str, clean: str) -> None:
    assert cleaner.clean(f"{HEAD}\n\n{BODY}\n\n{raw}\n").strip() == f"{HEAD}\n\n{BODY}\n\n{clean}".strip()


def test_people_and_what_they_say() -> None:
    """A name over what its bearer says is no writer of a letter, and closes no article."""
    says = "等这座桥等了三十年，今天要来回走上两趟，给孙子也拍张照，寄给在外地的女儿。"
    (article,) = read_blocks(f"{HEAD}\n{BODY}\n居民 卢大爷\n{says}\n居民 宣女士\n{says[::-1][1:]}。\n")
    assert [role for role, _ in article[2:]] == ["heading", "paragraph"] * 2
