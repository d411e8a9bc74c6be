"""Find and read the inputs that a command line names."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import CleanerError
from cleaner.io.names import STDIN

PATTERN = "*.txt"  # the pages in a folder
LARGEST = 64 << 20  # bytes of a page, where a command has no --max-page
BATCH = 128  # pages that are in memory together, to be linked


class Source(NamedTuple):
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

    def read(self, limit: int = LARGEST) -> bytes:
        """Return the bytes; OSError when they cannot be read, CleanerError when there are more than `limit`."""
        if self.path is None:
            data = read_stdin(limit + 1)
        else:
            with self.path.open("rb") as file:
                data = file.read(limit + 1)
        if len(data) > limit:
            advice = "clean a dump with `cleaner dump`, cut the file into pages, or raise --max-page of `clean`"
            raise CleanerError(f"{self.name}: too large for a page, more than {limit} bytes: {advice}")
        return data


def name_stems(sources: Iterable[Source]) -> dict[str, str]:
    """Return what each input's article ids begin with: its stem; where stems are equal, folders tell them apart.

    >>> names = ["a/p.txt", "b/p.txt", "q.txt"]
    >>> name_stems([Source(name, Path(name)) for name in names])
    {'a/p.txt': 'a/p', 'b/p.txt': 'b/p', 'q.txt': 'q'}
    """
    choices = {source.name: _stem_choices(source) for source in sources}
    stems = dict.fromkeys(choices, 0)
    while True:
        taken: dict[str, list[str]] = {}
        for name, level in stems.items():
            taken.setdefault(choices[name][level], []).append(name)
        clashing = [n for names in taken.values() if len(names) > 1 for n in names if stems[n] + 1 < len(choices[n])]
        if not clashing:
            return {name: choices[name][level] for name, level in stems.items()}
        for name in clashing:
            stems[name] += 1


def _stem_choices(source: Source) -> list[str]:
    """Return names from the shortest to the one that no other input has, the real path with its ending."""
    if source.path is None:
        return ["page", "stdin", STDIN]
    folders = Path(os.path.realpath(source.path)).parent.parts
    below = range(len(folders) + 1)
    stems = ["/".join((*folders[len(folders) - level :], source.stem)) for level in below]
    return [*stems, source.name, os.path.realpath(source.path)]


def batch_sources(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """Yield the inputs in runs of at most `BATCH`, cut where folder or name show that another issue begins.

    A name shows it by what stands before its last number: `0518-04` and `0518-05`, but `0519-01`.
    """
    runs: list[list[Source]] = []
    for source in sources:
        same = bool(runs) and _issue(runs[-1][-1]) == _issue(source)
        runs[-1].append(source) if same else runs.append([source])
    batch: list[Source] = []
    for run in runs:
        if batch and len(batch) + len(run) > BATCH:
            yield batch
            batch = []
        batch = [*batch, *run]
        while len(batch) > BATCH:
            yield batch[:BATCH]
            batch = batch[BATCH:]
    if batch:
        yield batch


def _issue(source: Source) -> tuple[str, str]:
    folder = "" if source.path is None else str(source.path.parent)
    return folder, re.sub(r"[A-Za-z]?\d+\D*$", "", source.stem)


def read_stdin(size: int = -1) -> bytes:
    """Return the bytes of the standard input, at most `size` of them if that is not negative."""
    if sys.stdin is None:
        raise CleanerError("-: the standard input is closed")
    return sys.stdin.buffer.read(size)


def find_sources(names: Iterable[str]) -> tuple[list[Source], list[str]]:
    """Return the inputs, each once, in the order named, and messages on what cannot be read.

    A folder stands for the `*.txt` files in it, sorted by name; one without any has a message, and so has what is no
    file but has the name of one: a pipe, a link to nothing. A file that is missing is found out by reading it.
    """
    sources: dict[str, Source] = {}
    problems: list[str] = []
    for name in names:
        found = list(_expand(name))
        if not found:
            problems.append(f"{name}: no {PATTERN} files in this folder")
        problems += [f"{path}: no file that can be read" for path in _find_others(name)]
        for source in found:
            key = STDIN if source.path is None else os.path.realpath(source.path)
            sources.setdefault(key, source)
    return list(sources.values()), problems


def _find_others(name: str) -> list[Path]:
    """Return what lies in a folder under the name of a page and is no file."""
    if name == STDIN or not Path(name).is_dir():
        return []
    paths = (path for path in Path(name).glob(PATTERN) if not path.name.startswith("."))
    return sorted(path for path in paths if not (path.is_dir() or path.is_file()))


def _expand(name: str) -> Iterator[Source]:
    path = Path(name)
    if name == STDIN:
        yield Source(name)
    elif path.is_dir():
        files = (file for file in path.glob(PATTERN) if not file.name.startswith(".") and file.is_file())
        yield from (Source(str(file), file) for file in sorted(files))
    else:
        yield Source(name, path)
