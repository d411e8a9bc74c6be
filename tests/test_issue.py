"""Pages of one issue: jump marks, links between the halves of articles, article ids that differ."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import cli
from cleaner.io.read import BATCH, Source, batch_sources, name_stems
from cleaner.model import Page

ISSUE = Path(__file__).parents[1] / "fixtures" / "issue"
WORKER = cleaner.Cleaner()
LINKS = {
    "0518-01-01": ("continued-on", "0518-02-03"),
    "0518-02-03": ("continued-from", "0518-01-01"),
    "0518-01-02": ("continued-on", "0518-02-01"),
    "0518-02-01": ("continued-from", "0518-01-02"),
}


def load_pages(change: dict[str, str] | None = None, names: Iterable[str] = ()) -> list[Page]:
    """Clean the fixture's pages, texts in them changed."""
    pages = []
    for path, name in zip(sorted(ISSUE.glob("*.txt")), names or ("0518-01", "0518-02", "0518-03"), strict=True):
        text = path.read_text(encoding="utf-8")
        for old, new in (change or {}).items():
            text = text.replace(old, new)
        pages.append(WORKER.clean_page(text, source=f"{name}.txt"))
    return pages


def links(pages: Iterable[Page]) -> dict[str, tuple[str, str]]:
    found = [article for page in WORKER.link_pages(list(pages)) for article in page.articles]
    flags = [(article.id, flag) for article in found for flag in article.flags]
    return {name: (flag.code, flag.message) for name, flag in flags if flag.code.startswith("continued-")}


class TestLinks:
    def test_halves_find_each_other(self) -> None:
        assert links(load_pages()) == LINKS

    def test_order_of_the_pages_does_not_matter(self) -> None:
        assert links(load_pages()[::-1]) == LINKS

    def test_linking_twice_is_linking_once(self) -> None:
        once = WORKER.link_pages(load_pages())
        assert WORKER.link_pages(once) == once
        assert cleaner.link_pages(once) == once

    def test_nothing_but_flags_changes(self) -> None:
        pages = load_pages()
        for before, after in zip(pages, WORKER.link_pages(pages), strict=True):
            assert (after.text, after.edits) == (before.text, before.edits)
            for old, new in zip(before.articles, after.articles, strict=True):
                assert {**new.to_dict(), "flags": []} == {**old.to_dict(), "flags": []}

    def test_a_linked_end_does_not_dangle(self) -> None:
        pages = load_pages()
        assert [flag.code for flag in pages[0].articles[0].flags] == ["dangling"]
        assert [flag.code for flag in WORKER.link_pages(pages)[0].articles[0].flags] == ["continued-on"]

    def test_flags_stand_at_the_seam(self) -> None:
        [flag] = WORKER.link_pages(load_pages())[0].articles[0].flags
        assert load_pages()[0].raw[slice(*flag.span)].endswith("走了一整")

    def test_a_page_that_is_not_here_is_no_fault(self) -> None:
        article = WORKER.link_pages(load_pages())[0].articles[2]
        assert (article.continued_on, article.flags) == ("下转第4版", ())

    def test_a_missing_half_is_told(self) -> None:
        [flag] = WORKER.link_pages(load_pages())[0].articles[3].flags
        assert (flag.code, flag.message) == ("missing-half", "no article of 0518-02.txt fits")

    def test_two_that_fit_alike_are_not_linked(self) -> None:
        pages = WORKER.link_pages(load_pages())
        [flag] = pages[0].articles[4].flags
        assert flag.code == "ambiguous-jump"
        assert "0518-03-01 or 0518-03-02" in flag.message
        assert [flag.code for article in pages[2].articles for flag in article.flags] == ["ambiguous-jump"] * 2

    def test_pages_alone_are_left_alone(self) -> None:
        [page, *_] = pages = load_pages()
        assert WORKER.link_pages([page]) == (page,)
        assert WORKER.link_pages([]) == ()
        plain = WORKER.clean_page("今年以来，全区新建公园9个。")
        assert WORKER.link_pages([plain, pages[1]]) == (plain, pages[1])


class TestWhatSpeaksAgainst:
    def test_another_page_number(self) -> None:
        assert links(load_pages({"第2版 综合": "第5版 综合"})) == {}

    def test_another_issue(self) -> None:
        names = ("20250518-01", "20250519-02", "20250518-03")
        assert len(links(load_pages({"2025年5月18日 星期日 ": ""}))) == 4
        assert links(load_pages({"2025年5月18日 星期日 ": ""}, names)) == {}

    def test_another_headline_named(self) -> None:
        made = links(load_pages({"夜班图书馆\n\n（": "河边的钟表铺\n\n（"}))
        assert "0518-01-02" not in made
        assert made["0518-01-01"] == LINKS["0518-01-01"]

    def test_no_number_and_no_words_in_common(self) -> None:
        change = {"2025年5月18日 星期日 第1版 要闻": "", "第2版 综合": "", "夜班图书馆": "三本账", "《三本账》": ""}
        assert "0518-01-04" not in links(load_pages(change, ("a", "b", "c")))


def test_words_link_where_page_numbers_are_unknown() -> None:
    change = {"2025年5月18日 星期日 第1版 要闻": "", "第2版 综合": ""}
    made = links(load_pages(change, ("a", "b", "c")))
    assert made["a-02"] == ("continued-on", "b-01")


def run(*args: object) -> Any:
    result = CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_command_links_and_each_page_comes_back(tmp_path: Path) -> None:
    made, log = tmp_path / "all.jsonl", tmp_path / "log"
    run("clean", ISSUE, "--format", "jsonl", "-o", made, "--log", log)
    records = [json.loads(line) for line in made.read_text(encoding="utf-8").split("\n") if line]
    flags = {record["id"]: (flag["code"], flag["message"]) for record in records for flag in record["flags"]}
    assert {name: flag for name, flag in flags.items() if flag[0].startswith("continued-")} == LINKS
    assert records[0]["continued_on"] == "下转2版"
    run("restore", made, "--log", log, "-o", tmp_path / "back/")
    for path in ISSUE.glob("*.txt"):
        assert (tmp_path / "back" / path.name).read_bytes() == path.read_bytes()


def test_ids_differ_where_names_are_alike(tmp_path: Path) -> None:
    for name in ("a/page.txt", "b/page.txt", "b/other.txt", "b/page.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("他笑了。\n", encoding="utf-8")
    files = [tmp_path / name for name in ("a/page.txt", "b/page.txt", "b/other.txt", "b/page.md")]
    made = run("clean", *files, "--format", "jsonl", "-q").stdout
    ids = [json.loads(line)["id"] for line in made.split("\n") if line]
    assert ids == ["a/page-01", f"{tmp_path}/b/page.txt-01", "other-01", f"{tmp_path}/b/page.md-01"]
    [alone] = run("clean", files[0], "--format", "jsonl", "-q").stdout.split("\n")[:-1]
    assert json.loads(alone)["id"] == "page-01"


def test_standard_input_has_an_id_of_its_own() -> None:
    sources = [Source("-"), Source("page.txt", Path("page.txt"))]
    stems = name_stems(sources)
    assert len(set(stems.values())) == 2
    assert name_stems(sources[:1]) == {"-": "page"}


def test_batches_keep_issues_whole() -> None:
    def source(name: str) -> Source:
        return Source(name, Path(name))

    names = [f"{day:04d}-{page:02d}.txt" for day in range(101, 131) for page in range(1, 9)]
    batches = [[s.name for s in batch] for batch in batch_sources([source(name) for name in names])]
    assert [name for batch in batches for name in batch] == names
    assert all(len(batch) <= BATCH for batch in batches)
    assert all(batch[0].endswith("-01.txt") for batch in batches)
    many = [source(f"{number}.txt") for number in range(3 * BATCH)]
    assert [len(batch) for batch in batch_sources(many)] == [BATCH] * 3


def test_teasers_are_furniture() -> None:
    article = "碧桐路换新管\n\n本报讯（记者 冉星河）苇川市碧桐路的供水管道夜间更换。\n"
    page = WORKER.clean_page(f"石渡口水碾坊重新开转 >>2版\n\n青屏县古桥搬家……第三版\n\n{article}")
    assert page.text == article
    assert page.articles[0].continued_on is None


BODY = "石渡口镇的水碾坊停了四十年，今年春天又转了起来。碾坊主人修好了木轮，装上新做的轴，一天能碾稻谷六百"
REST = "斤。“机器碾的米快，水碾的米香。”碾坊主人说，订单已经排到十一月，他还想再收两个徒弟，把手艺传下去。"
TITLE, OTHER = "石渡口水碾坊重新开转", "本报讯（记者 冉星河）苇川市碧桐路的供水管道夜间更换。"
ON = {
    "own line": f"{TITLE}\n\n本报讯（记者 岳筠）{BODY}\n\n%s\n\n碧桐路换新管\n\n{OTHER}\n",
    "paragraph's end": f"{TITLE}\n\n本报讯（记者 岳筠）{BODY}%s\n\n碧桐路换新管\n\n{OTHER}\n",
}
FROM = {
    "paragraph's start": f"{OTHER}\n\n%s{REST}\n\n（麦小穗）\n",
    "own line": f"{OTHER}\n\n%s\n\n{REST}\n\n（麦小穗）\n",
    "before the headline": f"{OTHER}\n\n%s\n\n{TITLE}\n\n{REST}\n\n（麦小穗）\n",
    "after the headline": f"{OTHER}\n\n{TITLE}\n\n%s\n\n{REST}\n\n（麦小穗）\n",
}
MARKS_ON = (
    "（下转第2版）", "(下转02版)", "（下转 2 版）", "［下转A4版］", "【下转第四版】",
    "▲下转4版", "▲（下转第四版）", "转第三版", "（转第三版）", "（下轉第二版）",
    "下转第五版 ①", "（下转A02版·要闻）", "（下转2、3版）", "（文转第三版）", "（下转第2版）▶",
    "（下接第三版）", "→下转2版", "(下转第2版", "（下 转 第 2 版）", "《下转第四版》",
    "（下转第2页）",
)  # fmt: skip
MARKS_FROM = (
    "（上接第3版）", "〔紧接第一版〕", "上接1版", "（上接A1版）", "【上接A1版】",
    "上接1版 ▶", "▶上接1版", "（接第1版）", "（上接要闻1版）", "（上接第一版《石渡口水碾坊重新开转》）",
    "（上接头版）", "（上接第1、2版）",
)  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "place", "text", "kind"),
    [
        *((mark, place, text, "continued_on") for mark in MARKS_ON for place, text in ON.items()),
        *((mark, place, text, "continued_from") for mark in MARKS_FROM for place, text in FROM.items()),
    ],
)
def test_jump_marks(mark: str, place: str, text: str, kind: str) -> None:
    page = WORKER.clean_page(text % mark)
    assert len(page.articles) == 2
    [article] = [article for article in page.articles if getattr(article, kind)]
    assert getattr(article, kind) in mark
    assert "碾" in article.text
    assert not any(sign in page.text for sign in "版页▲▶")
