"""What an engine writes in its own way must not change what is found: line ends, indents, script, width of marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import opencc
import pytest

import cleaner

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGES = ("torn-columns", "displaced-parts")
NARROW = str.maketrans("，。：；？！（）", ",.:;?!()")
LONG = 28  # characters; a longer line is a paragraph


@cache
def traditional(text: str) -> str:
    return str(opencc.OpenCC("s2t").convert(text))


def indented(text: str) -> str:
    return "\n".join("　　" + line if len(line) > LONG else line for line in text.split("\n"))


HABITS: dict[str, Callable[[str], str]] = {
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "indents": indented,
    "half-width marks": lambda text: text.translate(NARROW),
    "traditional script": traditional,
    "two blank lines": lambda text: re.sub(r"\n\n", "\n\n\n", text),
}


def outline(text: str) -> list[tuple[str, int]]:
    """Return each article's title, letters only, and how many paragraphs and headings it has."""
    return [
        (re.sub(r"[\W_]", "", article.title or ""), len(article.paragraphs))
        for article in cleaner.clean_page(text).articles
    ]


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("name", PAGES)
def test_articles_do_not_depend_on_an_engine_s_habits(name: str, habit: str) -> None:
    raw = (FIXTURES / name / "raw.txt").read_text(encoding="utf-8")
    expected = outline(raw)
    if habit == "traditional script":
        expected = [(traditional(title), count) for title, count in expected]
    assert outline(HABITS[habit](raw)) == expected
