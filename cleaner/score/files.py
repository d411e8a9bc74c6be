"""Match gold, predicted and dump files by their stems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import CleanerError

RECORDS, DUMP = ".jsonl", ".txt"


class Trio(NamedTuple):
    """The files of a page: gold, predicted (None when missing), and the dump if there is one."""

    name: str
    gold: Path
    made: Path | None
    dump: Path | None


def stem(path: Path) -> str:
    """Return a file's name without its ending, and without `.gold`, `.clean` or `.raw`.

    >>> stem(Path("gold/002.gold.jsonl")), stem(Path("2024.05.01.txt"))
    ('002', '2024.05.01')
    """
    return re.sub(r"(?<=.)(\.(gold|clean|raw))?\.[^.]*$", "", path.name)


def list_files(name: str | Path, ending: str) -> dict[str, Path]:
    """Return the files of a folder (or the one file) by stem; CleanerError when there are none, or two of a name."""
    path = Path(name)
    files = sorted(file for file in path.glob(f"*{ending}") if file.name[0] != ".") if path.is_dir() else [path]
    if not files:
        raise CleanerError(f"{name}: no *{ending} files in this folder")
    found: dict[str, Path] = {}
    for file in files:
        if found.setdefault(stem(file), file) != file:
            raise CleanerError(f"{file}: a page of this name is also in {found[stem(file)]}")
    return found


def match_files(gold: str, made: str, dump: str | None) -> list[Trio]:
    """Return the pages of `gold`, each with its prediction and its dump; two single files belong together anyhow."""
    ours, theirs = list_files(gold, RECORDS), list_files(made, RECORDS)
    raw = {} if dump is None else list_files(dump, DUMP)
    if not Path(gold).is_dir():
        name, path = next(iter(ours.items()))
        single = None if Path(made).is_dir() else Path(made)
        text = raw.get(name) if dump is None or Path(dump).is_dir() else Path(dump)
        return [Trio(name, path, single or theirs.get(name), text)]
    return [Trio(name, path, theirs.get(name), raw.get(name)) for name, path in ours.items()]


def merge_files(names: Iterable[str], ending: str) -> dict[str, Path]:
    """Return the files of several folders or files by stem."""
    merged: dict[str, Path] = {}
    for name in names:
        for key, path in list_files(name, ending).items():
            if merged.setdefault(key, path) != path:
                raise CleanerError(f"{path}: a page of this name is also in {merged[key]}")
    return merged
