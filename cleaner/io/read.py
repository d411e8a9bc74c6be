"""Find and read the inputs that a command line names."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.errors import CleanerError

STDIN = "-"
PATTERN = "*.txt"  # the pages in a folder


@dataclass(frozen=True, slots=True)
class Source:
    """An input: a file, or the standard input (`path` is None)."""

    name: str
    path: Path | None = None

    @property
    def stem(self) -> str:
        """The file's name without its ending, and without `.raw`, as in article ids."""
        return re.sub(r"(?<=.)(\.raw)?\.[^.]*$", "", self.file_name)

    @property
    def file_name(self) -> str:
        """The name of the file; `stdin` for the standard input."""
        return "stdin" if self.path is None else self.path.name

    def read(self) -> bytes:
        """Return the bytes; OSError when they cannot be read."""
        return read_stdin() if self.path is None else self.path.read_bytes()


def read_stdin() -> bytes:
    """Return all bytes of the standard input."""
    if sys.stdin is None:
        raise CleanerError("-: the standard input is closed")
    return sys.stdin.buffer.read()


def find_sources(names: Iterable[str]) -> tuple[list[Source], list[str]]:
    """Return the inputs, each once, in the order named, and a message for each folder without pages.

    A folder stands for the `*.txt` files in it, sorted by name. A file that is missing is found out by reading it.
    """
    sources: dict[str, Source] = {}
    problems: list[str] = []
    for name in names:
        found = list(_expand(name))
        if not found:
            problems.append(f"{name}: no {PATTERN} files in this folder")
        for source in found:
            key = STDIN if source.path is None else os.path.realpath(source.path)
            sources.setdefault(key, source)
    return list(sources.values()), problems


def _expand(name: str) -> Iterator[Source]:
    path = Path(name)
    if name == STDIN:
        yield Source(name)
    elif path.is_dir():
        files = (file for file in path.glob(PATTERN) if not file.name.startswith(".") and file.is_file())
        yield from (Source(str(file), file) for file in sorted(files))
    else:
        yield Source(name, path)
