"""Read the edit log that cleaner/io/log.py writes, and say where it is damaged."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.decode import Patch
from cleaner.errors import LogError
from cleaner.io.codec import read_plain
from cleaner.io.log import VERSION
from cleaner.io.records import Gap, Place
from cleaner.model import Edit, Flag, Span


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log says of one input. `span` is its place in the output: code points, for JSON Lines records.

    `field` holds the clean text in records of format `documents`.
    """

    input: str
    output: str
    format: str
    encoding: str
    bom: str
    patches: list[Patch]
    chars: int
    clean_chars: int
    sha256: str
    clean_sha256: str
    span: Span
    blocks: list[Place]
    gaps: list[Gap]
    field: str
    edits: list[Edit] = dataclasses.field(default_factory=list)
    flags: list[Flag] = dataclasses.field(default_factory=list)


def read_log(path: str | Path) -> list[Entry]:
    """Return what the log says of each input; LogError names the line that is damaged."""
    entries: list[Entry] = []
    wanted = (0, 0)  # edits and flags that the last entry must have
    number = 0
    try:
        for number, value in _lines(path):
            if "input" in value:
                _check_complete(path, number, entries, wanted)
                wanted = (value["edits"], value["flags"])
                entries.append(_entry(value))
            elif "rule" in value:
                entries[-1].edits.append(_edit(value))
            else:
                flag = Flag(value["flag"], value["message"], _span(value["span"]), value.get("suggestion"))
                entries[-1].flags.append(flag)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise LogError(f"{path}: line {number}: not a line of an edit log ({error!r})") from error
    _check_complete(path, number + 1, entries, wanted)
    return entries


def _lines(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered lines behind the header."""
    for number, line in enumerate(read_plain(path).split(b"\n"), 1):
        if not line:
            continue
        try:
            value = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise LogError(f"{path}: line {number}: not JSON: the log is damaged ({error})") from error
        if not isinstance(value, dict) or (number == 1 and "log" not in value):
            raise LogError(f"{path}: line {number}: not an edit log")
        if number > 1:
            yield number, value
        elif value["log"] != VERSION:
            raise LogError(f"{path}: log format {value['log']!r}; this version of Cleaner reads {VERSION}")


def _check_complete(path: str | Path, number: int, entries: list[Entry], wanted: Span) -> None:
    if entries and (len(entries[-1].edits), len(entries[-1].flags)) != wanted:
        raise LogError(f"{path}: line {number}: the log of {entries[-1].input} is cut off")


def _entry(value: dict[str, Any]) -> Entry:
    return Entry(
        value["input"], value["output"], value["format"], value["encoding"], value["bom"],
        [(int(start), int(end), str(hexa)) for start, end, hexa in value["patches"]],
        value["chars"], value["clean_chars"], value["sha256"], value["clean_sha256"], _span(value["span"]),
        [(int(number), str(name), int(start), int(end)) for number, name, start, end in value.get("blocks", [])],
        [(int(start), str(text)) for start, text in value.get("gaps", [])], str(value.get("field", "")),
    )  # fmt: skip


def _edit(value: dict[str, Any]) -> Edit:
    return Edit(
        value["rule"], _span(value["at"]), _span(value["to"]), value["before"], value["after"], value.get("note", "")
    )


def _span(value: Any) -> Span:
    start, end = value
    return int(start), int(end)
