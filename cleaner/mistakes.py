"""Tell users of the library about mistakes that would otherwise give an odd result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import RuleError

if TYPE_CHECKING:
    from cleaner.engine.profile import RuleSet

FILE_NAME = re.compile(r"[^\n\r\0]{1,250}\.(txt|md|jsonl?|html?|xml|csv)")
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
    """Raise ValueError for a text that is the name of a file that is there, or bytes made a string by `str()`."""
    if FILE_NAME.fullmatch(text) and Path(text).is_file():
        raise ValueError(f"{text!r} is the name of a file: clean wants the text that is in it")
    if BYTES_LITERAL.fullmatch(text):
        raise ValueError("this text is what str() makes of bytes: decode them instead, data.decode('utf-8')")


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
