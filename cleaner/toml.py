"""Read TOML that somebody else may have written: rules, profiles and settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

LARGEST = 1 << 22  # bytes of a file
_BASIC = rb'"(?:[^"\\\n]|\\.)*+'
_PART = rb"(?:[\w-]++|" + _BASIC + rb"\"|'[^'\n]*+')"
# What stands in a file, so that dots in comments and strings are told from those of a key
TOKENS = re.compile(
    rb"#[^\n]*+"
    rb"|\"{3}(?:[^\"\\]|\\[\s\S]|\"(?!\"\"))*+\"*+"
    rb"|'{3}(?:[^']|'(?!''))*+'*+"
    rb"|(?P<deep>(?:" + _PART + rb"[ \t]*+\.[ \t]*+){32})"
    rb"|" + _BASIC + rb"\"?+|'[^'\n]*+'?+|[\w-]++"
)


def read_start(path: Path, size: int = LARGEST + 1) -> bytes:
    """Return at most so many bytes of a file: what is larger than it may be is not read into memory.

    OSError as of `open`; ValueError for what is no name of a file.
    """
    with path.open("rb") as file:
        return file.read(size)


def parse_foreign_toml(content: bytes) -> dict[str, Any]:
    """Return the content of a TOML file; ValueError says what is wrong with it, be it only its size or depth."""
    import tomllib

    if len(content) > LARGEST:
        raise ValueError(f"is larger than {LARGEST} bytes")
    if line := _find_deep_key(content):  # tomllib takes the square of their length
        raise ValueError(f"has a key of more than 32 parts in line {line}")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are ValueErrors, too
        raise ValueError(f"is not TOML: {error}") from error


def _find_deep_key(content: bytes) -> int:
    """Return the line of the first key of too many parts, counted from 1; 0 when there is none."""
    found = next((token for token in TOKENS.finditer(content) if token["deep"]), None)
    return content.count(b"\n", 0, found.start()) + 1 if found else 0
