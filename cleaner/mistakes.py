"""Tell users of the library about mistakes that would otherwise give an odd result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import RuleError

if TYPE_CHECKING:
    from cleaner.engine.profile import RuleSet
    from cleaner.model import Page

ONE_LINE = re.compile(r"[^\n\r\0]{1,1000}")
LONE_NAME = re.compile(r"(?:[~.]?[/\\]|[a-z]:[/\\])?[\w.~-]+(?:[/\\][\w.~-]+)*[/\\]?", re.ASCII | re.IGNORECASE)
ENDING = re.compile(r"\.(?:txt|md|jsonl?|html?|xml|csv|tsv|parquet)(?:\.(?:gz|bz2|xz|zst))?", re.IGNORECASE)
BYTES_LITERAL = re.compile(r"""b(['"])[^\n]*\\x[0-9a-f]{2}[^\n]*\1""")


def check_is_text(text: Any) -> None:
    """Raise TypeError for what is no text, and say how to come by it."""
    if isinstance(text, str):
        return
    hint = ""
    if isinstance(text, bytes | bytearray | memoryview):
        hint = ": decode bytes first; `cleaner.decode.decode_bytes(data, name).text` finds the encoding out"
    elif isinstance(text, Path):
        hint = f": read the file first; `cleaner.decode.decode_bytes(path.read_bytes(), {text.name!r}).text`"
    elif isinstance(text, list | tuple):
        hint = ": join the lines with line feeds, or clean one text after the other"
    raise TypeError(f"clean wants text (str), not {type(text).__name__}{hint}")


def check_is_content(text: str) -> None:
    """Raise ValueError for a text that is a path (one that is there, or that cannot be a line of Chinese), or bytes
    made a string by `str()`.
    """
    if ONE_LINE.fullmatch(text):
        kind = _kind_of_path(text)
        if kind:
            raise ValueError(f"{text!r} is the name of a {kind}: clean wants the text that is in it")
    if BYTES_LITERAL.fullmatch(text):
        raise ValueError("this text is what str() makes of bytes: decode them instead, data.decode('utf-8')")


def _kind_of_path(text: str) -> str:
    """Return what a line names: `file` or `folder` that is there, `file` with an ending that tells; else nothing."""
    try:
        path = Path(text)
        if path.is_file():
            return "file"
        if path.is_dir() and ("/" in text or "\\" in text):
            return "folder"
    except OSError:  # longer than a name may be
        return ""
    return "file (which is not there)" if LONE_NAME.fullmatch(text) and ENDING.search(text) else ""


def check_are_texts(texts: Any) -> None:
    """Raise TypeError for one text where many are wanted: its letters would be taken for the texts."""
    if isinstance(texts, str):
        raise TypeError("many texts are wanted, not one: pass a list, [text], or call clean_page")
    if isinstance(texts, bytes | bytearray | memoryview):
        raise TypeError("many texts are wanted, not bytes: decode them first, and pass a list of texts")


def take_pages(pages: Any) -> tuple[Page, ...]:
    """Return the pages of an issue; TypeError for what is not several pages."""
    from cleaner.model import Page

    if isinstance(pages, Page):
        raise TypeError("the pages of an issue are wanted, not one: pass a list, [page, …]")
    found = tuple(pages)
    for number, page in enumerate(found):
        if not isinstance(page, Page):
            hint = ": make it one with clean_page(text)" if isinstance(page, str) else ""
            raise TypeError(f"page number {number} (from 0): a Page is wanted, not {type(page).__name__}{hint}")
    return found


def check_are_lists(**options: Any) -> None:
    """Raise TypeError for a string where a list of strings is wanted: its letters would be taken for the items."""
    for name, value in options.items():
        if isinstance(value, str):
            raise TypeError(f"{name} wants a list of strings, not a string: {name}=[{value!r}]")


def check_are_no_steps(rules: RuleSet, ids: Sequence[str]) -> None:
    """Raise RuleError for ids that name steps of layout: these are not left out one by one."""
    steps = {rule.id for file in rules.files if file.stage == "layout" for rule in file.rules}
    for name in ids:
        if name in steps:
            problem = (
                "is a step of layout, which cannot be left out; leave out the evidence for it (`cleaner explain` and "
                "`cleaner rules list` name it), or reject the change (`cleaner review`)"
            )
            raise RuleError("--disable", name, problem)
