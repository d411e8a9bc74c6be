"""Read which punctuation a text uses and whether a sentence is Chinese."""

from __future__ import annotations

from functools import cache
from typing import Literal

from cleaner.engine.classes import load_classes
from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.marks.data import is_data

REACH = 120  # characters on either side that are looked at for a sentence's language
_LATIN, _WORDS = LazyPattern("[A-Za-z]"), LazyPattern("[A-Za-z]+")


def infer_style(text: str, classes: dict[str, str]) -> Literal["wide", "narrow"]:
    """Tell whether a text sets half-width marks in Chinese throughout ("narrow") or only here and there ("wide").

    Counted are commas and semicolons beside Chinese, or full stops where there are none; one bad comma among
    full-width ones does not make a style.

    >>> infer_style("今年以来,全区", load_classes()), infer_style("今年以来,全区，三月，", load_classes())
    ('narrow', 'wide')
    """
    if "," not in text and ";" not in text:
        if "." not in text or any(mark in text for mark in classes["mark"]):
            return "wide"
        stops = rf"(?<![.])[.](?<=[{classes['han']}]{{3}}.)(?=[{classes['han']}]{{2}}|[{classes['wide_closing']}]|$)"
        return "narrow" if len(find_pattern(f"(?m:{stops})").findall(text)) > 1 else "wide"
    narrow = len(find_pattern(f"[,;](?:(?<=[{classes['zh_before']}].)|(?=[{classes['zh_after']}]))").findall(text))
    return "narrow" if narrow > text.count("，") + text.count("；") else "wide"


def is_chinese(text: str, start: int, end: int) -> bool:
    """Tell whether the sentence around a place has more Chinese characters than foreign words (or two of each).

    Code and data are not Chinese, whatever stands in them.

    >>> is_chinese("他用APP,PPT演示", 5, 6), is_chinese("print('你好', end, sep)", 11, 12)
    (True, False)
    """
    if is_data(text, start, end):
        return False
    stop, letters = _sentence_patterns()
    no_words = not _LATIN.search(text, max(start - REACH, 0), end + REACH)  # then one Chinese character is enough
    if no_words and letters.search(text[start - 1 : start] + text[end : end + 1]):
        return True
    left = text[max(start - REACH, 0) : start]
    sentence = _last_part(stop, left) + " " + _first_part(stop, text[end : end + REACH])
    words = len(_WORDS.findall(sentence))
    han = len(letters.findall(sentence))
    return han > words or han == words >= 2


@cache
def _sentence_patterns() -> tuple[LazyPattern, LazyPattern]:
    """Return what ends a sentence, and a Chinese character."""
    classes = load_classes()
    return LazyPattern(f"[{classes['terminal']}\n]|[.] "), LazyPattern(f"[{classes['han']}]")


def _last_part(stop: LazyPattern, text: str) -> str:
    cut = 0
    for match in stop.finditer(text):
        cut = match.end()
    return text[cut:]


def _first_part(stop: LazyPattern, text: str) -> str:
    match = stop.search(text)
    return text[: match.start()] if match else text
