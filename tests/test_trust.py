"""The laws of `laws.py` on any bytes and texts, and on the corpus that the fuzzer has kept."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import laws
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from laws import (
    ENCODINGS,
    FORMATS,
    OPTIONS,
    WORDS,
    check_bytes,
    check_decided,
    check_form,
    check_input,
    check_letters,
    check_page,
    check_steps,
    check_text,
    make_cleaner,
    rules_of_letters,
)
from processes import PATIENCE

from cleaner import Edit, LogError
from cleaner.io import log
from cleaner.io.jsonlines import json_line
from cleaner.report.changes import walk_page
from cleaner.review.decisions import Decision, Verdict
from cleaner.trace import Piece

ROOT = Path(__file__).resolve().parent.parent
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.bin"))
SURROGATES = st.characters(categories=("Cs",))  # which st.text() leaves out
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=6) | SURROGATES, max_size=25).map("".join)
VERDICTS: tuple[Verdict, ...] = ("accept", "reject", "edit")
DIGITS = re.compile(r"[0-9A-Za-z]+")


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_kept_corpus(path: Path) -> None:
    check_input(path.read_bytes())


def test_corpus_is_kept() -> None:
    """The corpus reads as text and is refused, in every format: a corpus that says nothing would pass unseen."""
    inputs = [path.read_bytes() for path in CORPUS]
    assert len(inputs) >= 30
    assert sum(len(data) for data in inputs) < 200_000
    assert {data[0] // len(ENCODINGS) % len(FORMATS) for data in inputs if data} == {0, 1, 2}
    results = [check_input(data) for data in inputs]
    assert {data[-1] % (2 * len(OPTIONS)) for data in inputs if data} >= set(range(len(OPTIONS)))
    assert sum(page is not None for page in results) >= 20


@given(st.binary(max_size=120), st.sampled_from(ENCODINGS), st.sampled_from(FORMATS), st.integers(0, len(OPTIONS) - 1))
@example(b"\xff\xfe", None, "text", 0)
@example("石桥".encode()[:-1], None, "text", 0)
@example("石桥镇今年,新修了 through 村里。".encode(), None, "jsonl", 4)
def test_any_bytes(data: bytes, encoding: str | None, form: str, options: int) -> None:
    check_bytes(data, encoding, form, options)


@given(texts, st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-32", "big5hkscs"]), st.sampled_from(FORMATS))
def test_any_text_in_any_encoding(text: str, encoding: str, form: str) -> None:
    check_bytes(text.encode(encoding, "replace"), encoding, form)


@given(texts, st.sampled_from(FORMATS))
@example("石\ud800桥", "jsonl")
@example("\udfff", "markdown")
def test_any_text(text: str, form: str) -> None:
    page = make_cleaner().clean_page(text)
    check_page(page, text)
    check_form(page, form)


@given(texts, st.data())
@example("石桥e\u0301镇,今年\r\n修\x00了\u202e路,好。", None)
def test_any_decisions(text: str, data: st.DataObject | None) -> None:
    """About changes and flags of the page, and about spans that nothing was said of."""
    page = make_cleaner().clean_page(text)
    changes = walk_page(page).changes
    if data is None:
        decided = [(c.rule, c.at, c.before, c.after, verdict, "\u0301\x00") for c in changes for verdict in VERDICTS]
        for one in decided:
            check_decided(page, [Decision("a", "", "change", *one)])
        return
    made: list[Decision] = []
    for change in data.draw(st.lists(st.sampled_from(changes), max_size=4)) if changes else []:
        verdict, own = data.draw(st.sampled_from(VERDICTS)), data.draw(texts)
        made.append(Decision("a", "", "change", change.rule, change.at, change.before, change.after, verdict, own))
    for start, size in data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 3)), max_size=3)):
        at = start, min(start + size, len(text))
        verdict, own = data.draw(st.sampled_from(VERDICTS)), data.draw(texts)
        made.append(Decision("a", "", "flag", "odd", at, text[slice(*at)], own, verdict, own))
    check_decided(page, made)


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("lost", (0, 1), (0, 0), "1", "", ""), Edit("english-word", (5, 9), (4, 4), "road", "", "")],
        [Edit("lost", (0, 2), (0, 1), "11", "1", "")],
    ],
)
def test_the_law_of_letters_can_be_broken(edits: list[Edit]) -> None:
    """A digit that one rule loses is seen, also on a page on which another rule may take letters out."""
    assert "english-word" in rules_of_letters()
    with pytest.raises(AssertionError, match="letters or digits gone"):
        check_letters(edits)


def test_the_law_of_steps_can_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that a rule changes is seen also where it worked together with a rule that may take letters out."""
    with pytest.raises(AssertionError, match="spaces makes '，' of 'A,'"):
        check_steps("路 through A,桥", [[Piece(0, 10), Piece(10, 12, "，", "spaces"), Piece(12, 13)]])
    check_text("他买了U盘。", "text", 9)
    text = "本报讯（记者 岑小满）石桥镇 through 今年新修了路，村民都说好。"
    check_text(text, "text", 3)
    monkeypatch.setattr(laws, "rules_of_letters", frozenset)
    monkeypatch.setattr(laws, "check_page", lambda *args: None)
    with pytest.raises(AssertionError, match="english-word makes ''"):
        check_text(text, "text", 3)


@pytest.mark.parametrize("wrong", ['"at": [1,', '"before": "。"', '"sha256": "0'])
def test_the_law_of_the_log_can_be_broken(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """A log that is written otherwise than it must be is seen."""
    text = "石桥镇今年,新修了路。".encode()
    check_bytes(text)
    key = wrong.split(":")[0]

    def write(line: object) -> str:
        return re.sub(re.escape(key) + r': (\[\d+,|"."|"[0-9a-f])', wrong, json_line(line))

    monkeypatch.setattr(log, "json_line", write)
    monkeypatch.setattr(laws, "json_line", write)
    with pytest.raises((AssertionError, LogError)):
        check_bytes(text)


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="this system has no timers")
@pytest.mark.parametrize(("check", "code"), [("os._exit(3)", 3), ("time.sleep(99)", -14)])
def test_plain_fuzzing_keeps_an_input_that_ends_the_process(tmp_path: Path, check: str, code: int) -> None:
    run = (
        "import os, sys, time; from argparse import Namespace; from pathlib import Path\n"
        f"sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}, {str(ROOT / 'tools')!r}]\n"
        f"import fuzz, laws; laws.check_input = lambda data: {check}\n"
        "fuzz.STALLED = 1\n"
        "fuzz.run_plain(Namespace(runs=9, seed=1, keep=False, found=Path()))\n"
    )
    done = subprocess.run([sys.executable, "-c", run], cwd=tmp_path, check=False, timeout=PATIENCE)
    assert done.returncode == code
    assert (tmp_path / "current").read_bytes()
