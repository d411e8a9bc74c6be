"""Newspaper pages with articles put together by hand, beside the checkout in `shared/pages`; else skipped.

Everything here is deterministic: the floors are what is reached, less a little for honest changes elsewhere.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cleaner
from cleaner.decode import decode_bytes
from cleaner.edits import replay, restore
from cleaner.model import Page

SHARED = Path(__file__).parents[2] / "shared"
PAGES = SHARED / "pages"
pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason=f"no pages with known articles in {PAGES}")

SEEDS = sorted(path.name.removesuffix(".raw.txt") for path in PAGES.glob("seeds/*.raw.txt"))
DUMPS = sorted(str(path.relative_to(PAGES)) for path in PAGES.glob("dev/dumps/*/*.txt"))
GOLD = sorted(str(path.relative_to(PAGES)) for path in PAGES.glob("**/*.jsonl"))
TORN = 16  # paragraphs that the seeds' dumps tear
PADDED = "padded-name"  # some known articles keep a name as it was printed, padded with a blank
Counts = Counter[str]


@cache
def load_scorer() -> ModuleType:
    pytest.importorskip("rapidfuzz")
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def clean_file(name: str) -> Page:
    return cleaner.clean_page(decode_bytes((PAGES / name).read_bytes(), name).text, source=Path(name).name)


def score(name: str, gold: str) -> Counts:
    """Count what the scorer counts for one page."""
    scorer = load_scorer()
    page = clean_file(name)
    truth = load_records(gold)
    made = [article.to_dict() for article in page.articles]
    sides = scorer.gold_side(truth), scorer.pred_side(made)
    counts, _ = scorer.score_page(truth, *sides, False, made, scorer.plain_side(page.raw))
    return Counter(counts)


def load_records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (PAGES / name).read_text(encoding="utf-8").split("\n") if line]


def score_many(names: list[tuple[str, str]]) -> dict[str, Any]:
    total: Counts = Counter()
    for name, gold in names:
        total.update(score(name, gold))
    report: dict[str, Any] = load_scorer().report(total, False, True)
    return report


class TestSeeds:
    """Three real pages."""

    def report(self) -> dict[str, Any]:
        return score_many([(f"seeds/{seed}.raw.txt", f"seeds/{seed}.gold.jsonl") for seed in SEEDS])

    def test_torn_paragraphs_are_joined(self) -> None:
        report = self.report()
        joined = sum(
            edit.rule.split("+").count("join-torn-paragraph")
            for seed in SEEDS
            for edit in clean_file(f"seeds/{seed}.raw.txt").edits
        )
        assert report["joins"]["missed_joins"] == 0
        assert report["joins"]["false_joins"] <= 1
        assert joined >= TORN

    def test_marks(self) -> None:
        assert self.report()["punct"]["exact"] >= 0.995

    @pytest.mark.parametrize("seed", SEEDS)
    def test_no_half_width_comma_beside_chinese(self, seed: str) -> None:
        for article in clean_file(f"seeds/{seed}.raw.txt").articles:
            for block in article.blocks:
                assert re.findall("[\u4e00-\u9fff”》）],|,[\u4e00-\u9fff“《（]", block.text) == []

    def test_nothing_is_lost(self) -> None:
        assert self.report()["dump"]["lost_by_product"] == 0

    def test_every_article_is_found(self) -> None:
        articles = self.report()["articles"]
        assert (articles["right"], articles["pred"], articles["gold"]) == (20, 20, 20)


def gold_text(records: list[dict[str, Any]]) -> str:
    """Print known articles as text mode prints them."""
    blocks: list[str] = []
    for record in records:
        if record.get("kind") == "furniture":
            continue
        absent = record.get("absent", [])
        head = [record.get(role) for role in ("kicker", "title", "subtitle", "byline") if role not in absent]
        credit = [record.get("credit")] if "credit" not in absent else []
        captions = record.get("captions", []) if "caption" not in absent else []
        blocks += [part for part in (*head, *record["paragraphs"], *credit, *captions) if part]
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("name", GOLD)
def test_known_articles_stay(name: str) -> None:
    page = cleaner.clean_page(gold_text(load_records(name)))
    changes = [(edit.rule, edit.before, edit.after) for edit in page.edits if edit.rule != PADDED]
    assert changes == []


ALL = [f"seeds/{seed}.raw.txt" for seed in SEEDS] + DUMPS


@pytest.mark.parametrize("name", ALL)
def test_log_leads_both_ways(name: str) -> None:
    page = clean_file(name)
    assert replay(page.raw, page.edits, len(page.text)) == page.text
    assert restore(page.text, page.edits, len(page.raw)) == page.raw


@pytest.mark.parametrize("name", ALL)
def test_cleaning_twice_is_cleaning_once(name: str) -> None:
    text = clean_file(name).text
    assert cleaner.clean(text) == text


def test_vision_model_dumps() -> None:
    names = [name for name in DUMPS if re.search(r"/vlm/dev_", name)]
    report = score_many([(name, f"dev/gold_vlm/{Path(name).stem}.jsonl") for name in names])
    assert report["boundary_body"]["F1"] >= 0.985
    assert report["articles"]["F1"] >= 0.90
