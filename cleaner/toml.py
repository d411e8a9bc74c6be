"""Read TOML that somebody else may have written: rules, profiles and settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

LARGEST = 1 << 22  # bytes of a file
_PART = rb"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
DEEP_KEY = re.compile(rb"(?<![\w\-\"'])(?:" + _PART + rb"){32}")


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
    if DEEP_KEY.search(content):  # tomllib takes the square of their length
        raise ValueError("has a key of more than 32 parts")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are ValueErrors, too
        raise ValueError(f"is not TOML: {error}") from error
