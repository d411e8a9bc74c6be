"""What makes the library pleasant: notebooks, a page's diff, errors that say what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_report import FIXTURES, NASTY, clean_fixture

import cleaner


def test_page_shows_itself() -> None:
    page = cleaner.clean_page(NASTY)
    shown = page._repr_html_()
    assert "1 article, 4 changes" in shown
    assert '<mark title="comma-beside-chinese: ,">，</mark>' in shown
    assert "<script" not in shown
    assert "&lt;script&gt;hacked=1" in shown
    assert "join-torn-paragraph: ⏎⏎" in shown


def test_what_was_taken_out_at_a_blocks_end_is_shown() -> None:
    shown = cleaner.clean_page("石桥，青田。<|im_end|>\n")._repr_html_()
    assert 'title="template-token: &lt;|im_end|&gt;"' in shown


def test_article_shows_itself() -> None:
    shown = cleaner.clean_page(NASTY, source='<a"b>.txt').articles[0]._repr_html_()
    assert "&lt;a&quot;b&gt;-01, article" in shown
    assert "<script" not in shown
    assert "枫浦新桥通车</p>" in shown


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_all_fixtures_can_be_shown(path: Path) -> None:
    page = clean_fixture(path)
    shown = page._repr_html_()
    assert all(article._repr_html_() for article in page.articles)
    assert shown.count("<article>") == max(len(page.articles), 1)
    assert cleaner.clean_page("")._repr_html_()


def test_diff() -> None:
    assert cleaner.clean_page("石桥,青田。\n").diff("a.txt").endswith("-石桥,青田。\n+石桥，青田。\n")
    assert cleaner.clean_page("石桥，青田。\n").diff() == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"abc", "decode bytes first"),
        (Path("a.txt"), "read the file first"),
        (["a"], "join the lines"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_text(text: Any, told: str) -> None:
    for call in (cleaner.clean, cleaner.clean_page, cleaner.Cleaner().clean):
        with pytest.raises(TypeError, match=told):
            call(text)


def test_path_passed_as_text(tmp_path: Path) -> None:
    page = tmp_path / "页 1.txt"
    assert cleaner.clean(str(page)) == str(page)  # no such file: perhaps a text
    page.write_text("甲,乙", encoding="utf-8")
    with pytest.raises(ValueError, match="is the name of a file"):
        cleaner.clean(str(page))
    assert cleaner.Cleaner().clean(str(page)) == str(page)  # one text of many: whatever it says


@pytest.mark.parametrize("name", ["A.TXT", "pages/", "./pages", "README", "a.jsonl.gz"])
def test_paths_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    for file in ("A.TXT", "README", "a.jsonl.gz"):
        (tmp_path / file).touch()
    with pytest.raises(ValueError, match=r"is the name of a (file|folder): "):
        cleaner.clean(name)


@pytest.mark.parametrize("name", ["nofile.txt", "x.TXT", "scans/page-1.txt", r"C:\scans\page.txt", "a.parquet"])
def test_paths_that_are_not_there(name: str) -> None:
    with pytest.raises(ValueError, match="which is not there"):
        cleaner.clean(name)


@pytest.mark.parametrize(
    "text", ["石桥/青田", "1/2", "a/b", "README 和 a.txt", "见 a.txt", "版面.txt", ".", "桥" * 900]
)
def test_texts_like_paths_are_texts(text: str) -> None:
    assert cleaner.clean(text)


@pytest.mark.parametrize("worker", [cleaner, cleaner.Cleaner()])
def test_one_for_many(worker: Any) -> None:
    for call in (worker.clean_batch, lambda texts: list(worker.clean_many(texts))):
        with pytest.raises(TypeError, match=r"not one: pass a list, \[text\]"):
            call("甲乙")
        with pytest.raises(TypeError, match="not bytes: decode"):
            call(b"ab")
    with pytest.raises(TypeError, match=r"not one: pass a list, \[page"):
        worker.link_pages(cleaner.clean_page("甲"))
    assert len(worker.link_pages(iter([cleaner.clean_page("甲")]))) == 1
    with pytest.raises(TypeError, match=r"page number 1 .*a Page is wanted, not str: make it one"):
        worker.link_pages([cleaner.clean_page("甲"), "乙"])


def test_bytes_made_a_string() -> None:
    with pytest.raises(ValueError, match="decode them instead"):
        cleaner.clean(str("石桥".encode()))
    assert cleaner.clean("b'石桥'") == "b'石桥'"


@pytest.mark.parametrize("option", ["rules", "enable", "disable", "tiers"])
def test_string_for_a_list(option: str) -> None:
    with pytest.raises(TypeError, match=rf"{option} wants a list of strings.*\['safe'\]"):
        cleaner.Cleaner(**{option: "safe"})  # type: ignore[arg-type]


def test_step_of_layout_cannot_be_disabled() -> None:
    with pytest.raises(cleaner.RuleError, match=r"join-torn-paragraph.*is a step of layout"):
        cleaner.Cleaner(disable=["join-torn-paragraph"])
