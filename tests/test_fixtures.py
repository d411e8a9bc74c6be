"""Whole pages: each fixture gives the records that an editor wants, and the laws of the edit log hold on all of them.

A fixture is a folder with `raw.txt` (bytes as an engine wrote them), `why.md`, and one of

- `clean.jsonl`: the records that must come out;
- `wish.jsonl`: records that should come out and do not yet (a known failure, strictly so);
- neither, where the folder's name begins with `keep-`: nothing may change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import cli
from cleaner.decode import decode_bytes
from cleaner.edits import replay, restore
from cleaner.model import Page

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/raw.txt"))
KEEP = [name for name in CASES if name.startswith("keep-")]
CLEAN = [name for name in CASES if (FIXTURES / name / "clean.jsonl").exists()]
WISH = [name for name in CASES if (FIXTURES / name / "wish.jsonl").exists()]
KNOWN: dict[str, str] = {}  # keep fixtures that do not stay, and what is changed
COMPARED = (
    "kind", "kicker", "title", "subtitle", "byline", "dateline", "label", "paragraphs", "captions", "credit",
    "continued_from", "continued_on", "text",
)  # fmt: skip


@cache
def load_page(name: str) -> Page:
    raw = (FIXTURES / name / "raw.txt").read_bytes()
    return cleaner.clean_page(decode_bytes(raw, name).text, source=name)


def read_records(name: str, file: str) -> list[dict[str, Any]]:
    lines = (FIXTURES / name / file).read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def made_records(name: str) -> list[dict[str, Any]]:
    records = []
    for article in load_page(name).articles:
        record: dict[str, Any] = {key: value for key, value in article.to_dict().items() if key in COMPARED}
        record["paragraphs"] = [{"role": p["role"], "text": p["text"]} for p in record["paragraphs"]]
        records.append(record)
    return records


def test_every_fixture_says_what_it_is() -> None:
    assert len(CASES) >= 15
    assert len(KEEP) >= 5
    for name in CASES:
        folder = FIXTURES / name
        assert (folder / "why.md").read_text(encoding="utf-8").strip(), name
        assert [name in CLEAN, name in WISH, name in KEEP].count(True) == 1, name


@pytest.mark.parametrize("name", CLEAN)
def test_records(name: str) -> None:
    assert made_records(name) == read_records(name, "clean.jsonl")


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xfail(strict=True)) for name in WISH])
def test_known_failures(name: str) -> None:
    assert made_records(name) == read_records(name, "wish.jsonl")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=KNOWN[name]) if name in KNOWN else ())
        for name in KEEP
    ],
)
def test_clean_text_stays(name: str) -> None:
    raw = (FIXTURES / name / "raw.txt").read_bytes()
    page = load_page(name)
    assert [(edit.rule, edit.before, edit.after) for edit in page.edits] == []
    assert cleaner.clean(raw.decode("utf-8")).encode() == raw


@pytest.mark.parametrize("name", CLEAN)
def test_records_as_text_stay(name: str) -> None:
    """The records that an editor wants, printed as text mode prints them, are clean already."""
    text = page_text(read_records(name, "clean.jsonl"))
    page = cleaner.clean_page(text)
    assert [(edit.rule, edit.before, edit.after) for edit in page.edits] == []


def page_text(records: Iterable[dict[str, Any]]) -> str:
    blocks: list[str] = []
    for record in records:
        head = [record[role] for role in ("kicker", "title", "subtitle", "byline")]
        blocks += [part for part in head if part]
        blocks += [paragraph["text"] for paragraph in record["paragraphs"]]
        blocks += [record["credit"]] if record["credit"] else []
        blocks += record["captions"]
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_cleaning_twice_is_cleaning_once(name: str) -> None:
    text = load_page(name).text
    assert cleaner.clean(text) == text


@pytest.mark.parametrize("name", CASES)
def test_replay_and_restore(name: str) -> None:
    page = load_page(name)
    assert replay(page.raw, page.edits, len(page.text)) == page.text
    assert restore(page.text, page.edits, len(page.raw)) == page.raw


@pytest.mark.parametrize("form", ["text", "markdown", "jsonl"])
@pytest.mark.parametrize("name", CASES)
def test_bytes_come_back(name: str, form: str, tmp_path: Path) -> None:
    raw, made, log, back = FIXTURES / name / "raw.txt", tmp_path / "made", tmp_path / "log", tmp_path / "back"
    for args in (
        ["clean", raw, "--format", form, "-o", made, "--log", log],
        ["restore", made, "--log", log, "-o", back],
    ):
        result = CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    assert back.read_bytes() == raw.read_bytes()


@pytest.mark.parametrize("name", CASES)
def test_spans_point_at_the_raw_text(name: str) -> None:
    """What no edit has touched in a block stands, in order, in the raw text at the block's spans."""
    page = load_page(name)
    edited = {place for edit in page.edits for place in range(*edit.to)}
    for article in page.articles:
        for block in article.blocks:
            assert page.text[block.start : block.start + len(block.text)] == block.text
            assert all(0 <= start < end <= len(page.raw) for start, end in block.spans), block
            copied = "".join(char for at, char in enumerate(block.text, block.start) if at not in edited)
            source = iter("".join(page.raw[start:end] for start, end in block.spans))
            assert all(char in source for char in copied), block


@pytest.mark.parametrize("name", CASES)
def test_edits_name_their_rules(name: str) -> None:
    rules = {item.id for file in cleaner.Cleaner().rules.files for item in file.items()}
    for edit in load_page(name).edits:
        assert set(edit.rule.split("+")) <= rules, edit
