"""`cleaner score`: a perfect prediction has full marks, and a doctored one loses exactly what was doctored."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.cli import cli
from cleaner.paths import rules_dir
from cleaner.score.align import align
from cleaner.score.articles import edit_distance, similarity
from cleaner.score.boundaries import Tally
from cleaner.score.figures import make_figures
from cleaner.score.files import match_files, stem
from cleaner.score.measure import measure_page
from cleaner.score.records import parse_record, read_records
from cleaner.score.side import FOLDS, Side, fold_text

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
CLEAN = sorted(path.parent.name for path in FIXTURES.glob("*/clean.jsonl"))
Data = list[dict[str, Any]]

PAGE: Data = [
    {
        "kicker": "走进枫浦", "title": "新桥通车路近了", "subtitle": "——枫浦镇修桥记", "byline": "本报记者 乌小棠",
        "paragraphs": [
            "昨日清晨，枫浦镇的新桥通了车，赶集的人不必再绕十多公里山路。",
            "百年渡口歇了业",
            "老船工凌山把竹篙靠在墙边，笑着说：“往后我也坐车去看戏，不用再等风停雨住。”",
            "镇里算过一笔账，桥通以后，一筐鲜笋到县城只要四十分钟，比从前快了两个钟头。",
        ],
        "heads": [1], "captions": ["图为通车当天，孩子们结伴走过枫浦新桥，两岸站满了人。"], "credit": "（凌霜）",
    },
    {
        "title": "夜校里的针线课", "paragraphs": [
            "每逢周三晚上，柳塘村的灯总比别处亮得久，三十位姐妹围着长桌学绣花。",
            "教课的邬婆婆今年七十八岁，她说手艺搁在箱底会生锈，传给年轻人才算活着。",
        ],
    },
    {"kind": "furniture", "paragraphs": ["第三版 县乡", "责任编辑 闻小荷"]},
]  # fmt: skip


def score(made: Data, gold: Data = PAGE, dump: str | None = None) -> Tally:
    return measure_page([parse_record(r) for r in gold], [parse_record(r) for r in made], dump)


def doctored() -> Data:
    return copy.deepcopy(PAGE)


def differences(made: Data, dump: str | None = None) -> dict[str, int]:
    """Return by how much the counts differ from those of a perfect prediction."""
    best, found = score(PAGE, dump=dump).counts, score(made, dump=dump).counts
    return {key: found[key] - best[key] for key in sorted({*best, *found}) if found[key] != best[key]}


def assert_perfect(tally: Tally) -> None:
    figures = make_figures(tally.counts)
    for found in (figures["boundaries"], figures["articles"], *figures["roles"].values()):
        assert found["right"] == found["made"] == found["gold"]
        assert found["f1"] in (1.0, None)
    assert (figures["joins"]["missed"], figures["joins"]["false"]) == (0, 0)
    assert figures["punctuation"]["exact"] in (1.0, None)
    assert figures["characters"]["error_rate"] in (0.0, None)
    assert figures["characters"]["lost"] == 0
    assert (tally.missed, tally.false) == ([], [])


@pytest.mark.parametrize("name", CLEAN)
def test_perfect_prediction(name: str) -> None:
    records = read_records(FIXTURES / name / "clean.jsonl")
    assert_perfect(measure_page(records, records))
    assert_perfect(measure_page(records, records[::-1]))


def test_perfect_prediction_counts_all() -> None:
    counts = score(PAGE).counts
    assert (counts["boundary right"], counts["articles right"], counts["title right"]) == (8, 2, 2)
    assert (counts["kicker right"], counts["caption right"], counts["credit right"]) == (1, 1, 1)


def test_furniture_may_go() -> None:
    assert differences(doctored()[:2]) == {}


@given(st.data())
@settings(max_examples=60)
def test_cuts_are_missed_joins(data: st.DataObject) -> None:
    made = doctored()
    cuts = 0
    for record in made[:2]:
        cut: list[str] = []
        for text in record["paragraphs"]:
            at = data.draw(st.one_of(st.none(), st.integers(4, len(text) - 4)) if len(text) > 8 else st.none())
            cut += [text] if at is None else [text[:at], text[at:]]
            cuts += at is not None
        record["paragraphs"] = cut
        record.pop("heads", None)
    assert differences(made) == ({"missed joins": cuts} if cuts else {})
    assert len(score(made).missed) == cuts


def test_missed_join_is_shown_where_it_is() -> None:
    made = doctored()
    text = made[1]["paragraphs"][0]
    made[1]["paragraphs"][0:1] = [text[:12], text[12:]]
    assert score(made).missed == [f"{text[2:12]} | {text[12:22]}"]
    assert make_figures(score(made).counts)["boundaries"]["precision"] == round(8 / 9, 4)


def test_false_join_counts_once() -> None:
    made = doctored()
    made[1]["paragraphs"] = ["".join(made[1]["paragraphs"])]
    assert differences(made) == {
        "boundary missing": 1, "boundary right": -1, "false join of two paragraphs": 1, "false joins": 1,
    }  # fmt: skip
    assert score(made).false[0].startswith("of two paragraphs: ")


def test_heading_run_into_its_paragraph() -> None:
    made = doctored()
    first, heading, *rest = made[0]["paragraphs"]
    made[0] |= {"paragraphs": [first, heading + rest[0], *rest[1:]], "heads": []}
    found = differences(made)
    assert (found["false joins"], found["false join with a headline or heading"], found["boundary right"]) == (1, 1, -1)


def test_caption_in_a_paragraph() -> None:
    made = doctored()
    made[0]["paragraphs"][3] += made[0]["captions"].pop()
    found = differences(made)
    assert (found["false join with a caption"], found["caption right"], found["caption made"]) == (1, -1, -1)
    assert found["articles right"] == -1


def test_paragraph_in_the_other_article() -> None:
    """Both articles are wrong: one lacks it, the other has it too much; no paragraph is joined or torn."""
    made = doctored()
    made[1]["paragraphs"].append(made[0]["paragraphs"].pop())
    assert differences(made) == {"articles right": -2}


def test_two_articles_in_one_record() -> None:
    made = doctored()
    made[0]["paragraphs"] += made.pop(1)["paragraphs"]
    found = differences(made)
    assert (found["articles right"], found["articles made"], found["title right"]) == (-2, -1, -1)


def test_order_of_articles_and_displaced_paragraph_do_not_matter_to_boundaries() -> None:
    made = doctored()[::-1]
    made[2]["paragraphs"] = made[2]["paragraphs"][::-1]
    made[2]["heads"] = [2]
    assert differences(made) == {}


def test_titles() -> None:
    made = doctored()
    made[0]["title"] = "新桥通車路近了"
    made[1]["title"] = None
    assert differences(made) == {"characters lost": 7, "title made": -1, "title right": -1}


def test_marks_are_exact_and_widths_are_no_errors() -> None:
    made = doctored()
    made[1]["paragraphs"][0] = made[1]["paragraphs"][0].replace("，", ",")
    assert differences(made) == {"marks right": -2}


def test_wrong_missing_and_added_characters() -> None:
    made = doctored()
    first, second = made[1]["paragraphs"]
    made[1]["paragraphs"] = [first.replace("柳塘", "柳唐").replace("长桌", "长"), second.replace("传给", "传给给")]
    assert differences(made) == {"body inserted": 1, "body wrong": 2, "characters lost": 1}


def test_lost_paragraph_and_the_dump() -> None:
    made = doctored()
    size = len(made[1]["paragraphs"].pop())
    dump = "\n".join(text for record in PAGE for text in record["paragraphs"])
    found = differences(made, dump)
    assert (found["characters lost"], found["dump lost"], found["articles right"]) == (size, size, -1)
    assert (found["boundary right"], found["boundary missing"], "missed joins" in found) == (-2, 2, False)
    assert differences(made, dump.replace(PAGE[1]["paragraphs"][1], ""))["characters lost"] == size
    assert score(made, dump=dump.replace(PAGE[1]["paragraphs"][1], "")).counts["dump lost"] == 0


def test_absent_title_is_not_asked_for() -> None:
    gold = doctored()
    gold[1]["absent"] = ["title"]
    made = doctored()
    made[1]["title"] = ""
    assert_perfect(score(made, gold))


def test_nothing_predicted() -> None:
    figures = make_figures(score([]).counts)
    assert (figures["boundaries"]["right"], figures["articles"]["recall"], figures["articles"]["f1"]) == (0, 0.0, 0.0)
    assert figures["characters"]["lost_rate"] == figures["characters"]["error_rate"] == 1.0


def test_another_page_gains_nothing() -> None:
    """A phrase of five characters stands on both pages by chance."""
    records = read_records(FIXTURES / "torn-columns" / "clean.jsonl")
    figures = make_figures(measure_page([parse_record(r) for r in PAGE], records).counts)
    assert (figures["articles"]["right"], figures["joins"]["false"]) == (0, 0)
    assert figures["boundaries"]["right"] <= 1
    assert figures["characters"]["lost_rate"] > 0.9


def test_paragraph_twice_in_the_prediction() -> None:
    made = doctored()
    made[1]["paragraphs"].append(made[1]["paragraphs"][1])
    assert differences(made) == {"articles right": -1}


CHARS = st.text("石桥水山云，。", max_size=60)


@given(CHARS, CHARS)
def test_alignment_is_one_to_one(gold: str, made: str) -> None:
    found = align(gold, made)
    for i, j in enumerate(found.there):
        assert j < 0 or found.back[j] == i
    assert sum(j >= 0 for j in found.there) == sum(i >= 0 for i in found.back)
    assert align(gold, gold).there == list(range(len(gold)))


@given(CHARS, CHARS)
def test_edit_distance(one: str, other: str) -> None:
    distance = edit_distance(one, other)
    assert distance == edit_distance(other, one)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))
    assert (distance == 0) == (one == other)
    fuzz = pytest.importorskip("rapidfuzz.distance")
    assert distance == fuzz.Levenshtein.distance(one, other)
    likeness = fuzz.Levenshtein.normalized_similarity(one, other)
    assert not one or not other or (similarity(one, other) >= 0.8) == (round(likeness, 9) >= 0.8)


def test_records_as_clean_writes_them() -> None:
    as_objects = parse_record({"paragraphs": [{"role": "heading", "text": "甲"}, {"role": "paragraph", "text": "乙"}]})
    assert as_objects == parse_record({"paragraphs": ["甲", "乙"], "heads": [0]})


def test_sides_hold_no_blanks() -> None:
    side = Side([parse_record({"title": "新 桥\u3000通车", "paragraphs": ["路\u200b近了"]})])
    assert (side.raw, [unit.role for unit in side.units]) == ("新桥通车路近了", ["title", "paragraph"])


def test_table_of_folds() -> None:
    lines = (rules_dir() / FOLDS).read_text(encoding="utf-8").split("\n")
    keys = [line.split("\t")[0] for line in lines if line and not line.startswith("#")]
    assert keys == sorted(keys)
    for line in lines:
        if line and not line.startswith("#"):
            key, value = line.split("\t")
            assert len(key) == len(value) == 1
            assert fold_text(value) == value


def write_page(folder: Path, name: str, data: Data) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in data), encoding="utf-8")
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, ["score", *map(str, args)])


def test_folders_are_matched_by_stem(tmp_path: Path) -> None:
    for name in ("一.gold.jsonl", "二.jsonl"):
        write_page(tmp_path / "gold", name, PAGE)
    for name in ("一.jsonl", "二.jsonl", "三.jsonl"):
        write_page(tmp_path / "made", name, PAGE)
    result = run(tmp_path / "gold", tmp_path / "made", "--json", "--per-page")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["pages"], sorted(figures["per_page"])) == (2, ["一", "二"])
    assert figures["boundaries"] == {
        "precision": 1.0, "recall": 1.0, "f1": 1.0, "right": 16, "made": 16, "gold": 16,
    }  # fmt: skip
    assert stem(match_files(str(tmp_path / "gold"), str(tmp_path / "made"), None)[0].gold) == "一"


def test_table_and_examples(tmp_path: Path) -> None:
    made = doctored()
    made[1]["paragraphs"] = ["".join(made[1]["paragraphs"])]
    gold, pred = write_page(tmp_path, "gold.jsonl", PAGE), write_page(tmp_path, "pred.jsonl", made)
    result = run(gold, pred, "--show", 3, "--per-page")
    assert result.exit_code == 0, result.output
    assert re.search(r"^paragraph boundaries +1\.0000 +0\.8750 +0\.9333 +7 +7 +8$", result.stdout, re.MULTILINE)
    assert re.search(r"^false joins +1 \(1 of two paragraphs\)$", result.stdout, re.MULTILINE)
    assert result.stdout.count("false join: of two paragraphs: ") == 1


def test_missing_prediction_fails_and_the_others_are_done(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        write_page(tmp_path / "gold", name, PAGE)
    write_page(tmp_path / "made", "a.jsonl", PAGE)
    result = run(tmp_path / "gold", tmp_path / "made")
    assert result.exit_code == 2
    assert "b.jsonl: no prediction" in result.stderr
    assert result.stdout.startswith("1 page\n")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not an article record"),
        ('{"title": 3}', "'title' must be a text"),
        ('{"paragraphs": [{"role": "heading", "text": 7}]}', "'paragraphs' must be a text"),
        ('{"captions": "x"}', "'captions' must be a list of texts"),
        ('{"heads": 1}', "must be lists"),
    ],
)
def test_bad_records_are_named(line: str, problem: str, tmp_path: Path) -> None:
    gold = write_page(tmp_path, "gold.jsonl", PAGE[:1])
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"paragraphs": []}\n' + line + "\n", encoding="utf-8")
    result = run(gold, bad)
    assert result.exit_code == 2
    assert f"{bad}: record 2: " in result.stderr
    assert problem in result.stderr


def test_bytes_that_are_no_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_bytes(b"{}\n\xff\n")
    assert "record 2: is not UTF-8" in run(tmp_path / "bad.jsonl", tmp_path / "bad.jsonl").stderr


def test_examples_in_the_docs_are_records() -> None:
    text = (ROOT / "docs" / "gold.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    records = [parse_record(json.loads(line)) for line in block.split("\n") if line]
    assert [record.kind for record in records] == ["article", "photo", "furniture"]
    assert_perfect(measure_page(records, records))
