"""`cleaner report`: the page holds both texts whole, and nothing in them is ever read as markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import cli
from cleaner.model import Page
from cleaner.report.changes import all_flags, find_moved, list_steps, walk_page
from cleaner.report.html import make_report
from cleaner.report.judge import Judge
from cleaner.report.rows import make_rows

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*/raw.txt"))
NASTY = (
    "枫浦新桥通车\n\n本报讯（记者 乌小棠）新桥通车,<script>hacked=1</script><img src=x onerror=hacked=1>不必再绕\n\n"
    "十多公里。</script><!--{{data}}{{script}}\u202e\x01\"'><b>&lt;完。\n"
)


def clean_fixture(path: Path) -> Page:
    from cleaner.decode import decode_bytes

    return cleaner.clean_page(decode_bytes(path.read_bytes(), str(path)).text)


def report_of(*pages: Page) -> str:
    return make_report([(f"{n}.txt", page) for n, page in enumerate(pages)], Judge(cleaner.Cleaner().rules), "test")


def data_of(document: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', document, re.DOTALL)
    assert found
    made: dict[str, object] = json.loads(found[1])
    return made


class Tags(HTMLParser):
    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_rows_hold_both_texts_once(path: Path) -> None:
    page = clean_fixture(path)
    walked, flags = walk_page(page), all_flags(page)
    cuts = [cut for row in make_rows(page, walked, flags) for cut in row.cuts()]
    assert "".join(page.text[slice(*cut.clean)] for cut in cuts) == page.text
    spans = sorted(cut.raw for cut in cuts)
    assert "".join(page.raw[slice(*span)] for span in spans) == page.raw
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert {cut.change for cut in cuts} >= {n for n, c in enumerate(walked.changes) if c.kind != "move"}


def test_moved_halves_are_found() -> None:
    page = clean_fixture(next(path for path in FIXTURES if path.parent.name == "displaced-parts"))
    moves = [change for change in walk_page(page).changes if change.kind == "move"]
    assert [move.before.strip()[:10] for move in moves] == ["场。直到前年，市里决", "蓼洲湿地开放观鸟栈道"]
    assert all(page.raw[slice(*move.at)] == move.before for move in moves)


def test_order_kept_is_no_move() -> None:
    assert find_moved([]) == []
    assert walk_page(Page("甲乙", "甲乙", (), ())).moved == {}
    assert list_steps(Page("", "", (), ())) == []


def test_text_of_a_page_is_never_markup() -> None:
    page = cleaner.clean_page(NASTY, source='<i>"&.txt')
    document = report_of(page)
    tags = Tags(document).found
    assert [tag for tag, _ in tags if tag in ("img", "b", "i", "iframe", "object", "base", "form")] == ["form"]
    assert [attrs for tag, attrs in tags if tag == "script"] == [{"type": "application/json", "id": "data"}, {}]
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on") or name == "style"]
    assert all((attrs.get("href") or "#").startswith(("#", "data:,")) for _, attrs in tags)
    assert "\u202e" not in document  # would turn the text around that follows
    assert "\x01" not in document
    assert data_of(document)["review"] is None


def test_policy_lets_only_the_reports_own_script_run() -> None:
    document = report_of(cleaner.clean_page("甲,乙"))
    wanted = re.search(r"script-src '(sha256-[^']+)'", document)
    scripts = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    assert wanted
    assert [f"sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}" for s in scripts] == [wanted[1]]
    assert "default-src 'none'" in document
    assert not re.findall(r"https?://", document)


def test_panel_is_told_evidence_and_reasons() -> None:
    data = data_of(report_of(cleaner.clean_page(NASTY)))
    changes = data["pages"][0]["changes"]  # type: ignore[index]
    join = next(change for change in changes if change[1] == "join-torn-paragraph")
    assert join[0] == "join"
    names = [name for name, _ in join[-1]]
    assert names
    assert all(data["rules"][name] for name in [*names, join[1]])  # type: ignore[index]


def test_lone_surrogates_can_be_shown() -> None:
    page = cleaner.Cleaner(disable=["not-a-character"]).clean_page("甲,\ud800乙")
    assert "&lt;U+D800&gt;" in report_of(page).encode("utf-8").decode("utf-8")


def test_size_is_what_the_docs_say() -> None:
    docs = (Path(__file__).parent.parent / "docs" / "report.md").read_text(encoding="utf-8")
    told = re.search(r"about ([\d.]+) bytes and ([\d.]+) elements a change", docs)
    assert told
    text = next(path for path in FIXTURES if path.parent.name == "narrow-marks").read_text(encoding="utf-8")
    pages = [cleaner.clean_page((text + "\n\n") * times) for times in (2, 8)]
    sizes = [
        (len(walk_page(page).changes), len(made.encode()), len(re.findall("<[a-z]", made)))
        for page, made in zip(pages, map(report_of, pages), strict=True)
    ]
    changes, *grown = (more - less for less, more in zip(*sizes, strict=True))
    for growth, number in zip(grown, told.groups(), strict=True):
        assert growth / changes == pytest.approx(float(number), rel=0.05)


class TestCommand:
    def test_writes_one_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(NASTY, encoding="utf-8")
        (tmp_path / "b.txt").write_bytes(b"\xff\xff\xff")
        out = tmp_path / "deep" / "report.html"
        result = CliRunner().invoke(cli, ["report", str(tmp_path), "-o", str(out)])
        assert result.exit_code == 2
        assert "b.txt: cannot decode" in result.stderr
        assert "a.txt</h2>" in out.read_text(encoding="utf-8")

    def test_never_overwrites_a_page(self, tmp_path: Path) -> None:
        page = tmp_path / "a.txt"
        page.write_text(NASTY, encoding="utf-8")
        assert CliRunner().invoke(cli, ["report", str(page), "-o", str(page)]).exit_code == 2
        assert page.read_text(encoding="utf-8") == NASTY

    def test_standard_output(self) -> None:
        result = CliRunner().invoke(cli, ["report", "-", "-o", "-", "-q"], input=NASTY)
        assert result.stdout_bytes.startswith(b"<!DOCTYPE html>")
        assert result.stderr == ""
