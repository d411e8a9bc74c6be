"""Clean texts of many kinds: nothing in them changes, under any bundled profile.

`fixtures/clean` holds longer ones of ten kinds, each in simplified and traditional script.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import cleaner

TEXTS = {
    "news": """\
石渡口镇建成三座新桥

本报讯（记者 岑小满）近日，石渡口镇三座新桥通车。据了解，新桥总投资1,280万元，全长3.5公里，可使周边12个村的村民出行时间缩短20—30分钟。

“从前过河要绕十里路，现在五分钟就到了。”村民老周说。
""",
    "modernverse": """\
致远方

我把一枚叶子
夹进
昨天的书里
等你，
等一场雪
落在
没有名字的山岗
""",
    "dialogue": """\
甲：你吃了吗？
乙：吃了。你呢？
甲：还没……
乙：那走吧！
""",
    "dialogue2": """\
“你去哪儿？”他问。

“不去哪儿。”

“那——”

“别说了！”她打断他，“我都知道。”
""",
    "code": """\
def 求和(a, b):
    \"\"\"返回两数之和, 不检查类型.\"\"\"
    return a + b  # 结果,可能溢出

print("你好,世界!")
if x != y: print('不等')
""",
    "json": """\
{"姓名": "岑小满", "年龄": 32, "标签": ["记者", "摄影,编辑"], "简介": "喜欢山,喜欢水"}
{"姓名": "万一鸣", "年龄": 41, "标签": [], "简介": ""}
""",
    "srt": """\
1
00:00:01,000 --> 00:00:03,500
你好，世界

2
00:00:04,000 --> 00:00:06,200
我们走吧
去哪里

3
00:00:07,100 --> 00:00:09,000
随便
""",
    "chat": """\
岑小满 10:32
在吗

万一鸣 10:33
在的

岑小满 10:33
晚上一起吃饭？
万一鸣 10:35
好呀[微笑]
""",
    "recipe": """\
红烧肉

用料：
五花肉 500克
冰糖 30克
生抽 2勺
八角 3个

做法：
1. 五花肉切块，冷水下锅焯水。
2. 锅中放少许油，下冰糖炒至焦糖色。
3. 放入肉块翻炒，加生抽、八角和热水。
4. 小火炖1小时，大火收汁即可。
""",
    "english": """\
The Old Granary

It was, she said, "the best of times"; he wasn't so sure... Prices rose 3.5% -- a record.

1) First point: see https://example.com/a?b=c,d.
2) Second point (see p. 12).
""",
    "mixed": """\
用Python写一个爬虫

先用pip安装requests和lxml，再运行python main.py --url "https://example.com"。如果报错“ModuleNotFoundError: No module named 'lxml'”，说明没有装好。iPhone 15 Pro Max的屏幕是6.7英寸，Wi-Fi 6E、Type-C和5G都支持。
""",
    "trad": """\
石渡口鎮的老糧倉

本報訊（記者岑小滿）青屏縣石渡口鎮的老糧倉空置了二十多年，最近重新熱鬧起來。「從前這裡裝的是人吃的糧，」設計師說，「今後裝的是『心裡的糧』。」
""",
    "list": """\
采购清单

苹果 3斤
鸡蛋 2板
牛奶 1箱
面粉 5公斤
""",
    "names2": """\
获奖名单

一等奖：岑小满、万一鸣
二等奖：卢鸿、张辉、欧阳明
三等奖：李歆、王丹、诸葛晴、林溪
""",
    "phone": """\
常用电话

县医院 0799-1234567
派出所 0799-1234568
自来水公司 13800001234
供电所 95598
""",
    "classical_nopunct": """\
子曰學而時習之不亦說乎有朋自遠方來不亦樂乎人不知而不慍不亦君子乎
""",
    "chem": """\
水的化学式是H₂O，二氧化碳是CO₂，PM2.5的浓度为35μg/m³，面积120㎡，乙醇含量≥99.5%。
""",
    "sports": """\
战报

青屏队 3:2 石渡口队
白水队 1∶1 云岭队

积分榜
名次 球队 胜 平 负 积分
1 青屏队 5 2 1 17
2 白水队 4 3 1 15
""",
    "surname": """\
𬭎先生与㐂女士、䶮教授、堃、喆、〇年、二〇二四年，①②③，㈠，Ⅳ级，№5，℃，½杯，甲骨文“𠂤”。
""",
    "quotes_multi": """\
他回忆道：

“那年冬天，雪下得很大，路都封了。

“我们一家人围着火炉，谁也不说话。

“直到春天来了。”
""",
    "couplet": """\
上联：石渡春风千里绿
下联：青屏秋月万家明
横批：国泰民安
""",
    "slogans": """\
不忘初心 牢记使命
绿水青山就是金山银山
""",
    "riddle": """\
谜语：麻屋子，红帐子，里面住着白胖子。（打一食物）
谜底：花生
""",
    "obit": """\
讣告

石渡口镇原镇长周大山同志因病医治无效，于2024年3月5日9时12分在青屏逝世，享年87岁。

周大山同志治丧委员会
2024年3月6日
""",
    "weather": """\
今日天气

多云转小雨，偏南风3到4级，最高气温18℃，最低气温11℃，降水概率60%。
""",
    "kana": """\
“カラオケ”是日语词，“の”的意思相当于“的”。鲜の每日，優の良品。俄语“спасибо”是“谢谢”的意思，希腊字母α、β。
""",
    "pinyin": """\
“石渡口”读作shí dù kǒu，“岑”读作cén。他叫Иван Петров，来自Москва。
""",
    "ratio": """\
比例尺1:50000，配比为1:2.5:3，比分21:15，时间12:30:45，IP地址192.168.1.1，版本v2.0.1-beta，第3:16节。
""",
    "ellipsis": """\
“我……我不知道……”他低下头，“也许——也许明天吧！！！”“真的吗？？？”她问。
""",
    "essaylist": """\
一、指导思想

坚持以人民为中心，统筹推进各项工作。

二、主要任务

（一）加强组织领导。各村要成立专班。

（二）落实资金保障。县财政安排500万元。
""",
    "hundredsur": """\
赵钱孙李，周吴郑王。
冯陈褚卫，蒋沈韩杨。
朱秦尤许，何吕施张。
""",
    "dup": """\
盼望着，盼望着，东风来了。

好好好，好好好！

来吧来吧

来吧来吧

一起跳舞
""",
    "song": """\
副歌

啊，石渡口
啊，石渡口
我的故乡
啊，石渡口
""",
    "tw": """\
他說：「這本書，叫做『老糧倉』。」我問：「多少錢？」「三百元。」
""",
}


@pytest.mark.parametrize("profile", ["newspaper", "book"])
@pytest.mark.parametrize("name", TEXTS)
def test_clean_text_stays(name: str, profile: str) -> None:
    assert cleaner.clean(TEXTS[name], profile) == TEXTS[name]


KINDS = ("news", "verse", "dialogue", "lists", "tables", "letters", "law", "qa", "mixed", "markdown")
CLEAN = Path(__file__).parents[1] / "fixtures" / "clean"


@pytest.mark.parametrize("profile", ["newspaper", "book", "minimal"])
@pytest.mark.parametrize("script", ["hans", "hant"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_ten_kinds_stay(kind: str, script: str, profile: str) -> None:
    text = (CLEAN / f"{kind}.{script}.txt").read_text(encoding="utf-8")
    assert cleaner.clean(text, profile) == text
