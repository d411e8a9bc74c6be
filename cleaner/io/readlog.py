"""Read the edit log that cleaner/io/log.py writes, and say where it is damaged."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cleaner.decode import Patch
from cleaner.errors import LogError
from cleaner.io.codec import AT_ONCE, open_plain
from cleaner.io.log import VERSION
from cleaner.io.records import Gap, Place
from cleaner.model import Edit, Flag, Span

MOST_VALUES = 1 << 21  # of one line: each may take a hundred times its bytes
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log says of one input. `span` is its place in the output: code points, for JSON Lines records.

    `field` holds the clean text in records of format `documents`. `expected` says how many edits and flags there must
    be: the last entry of a killed run's log may have fewer.
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
    expected: Span
    edits: list[Edit] = dataclasses.field(default_factory=list)
    flags: list[Flag] = dataclasses.field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether all that was logged of the input is there."""
        return (len(self.edits), len(self.flags)) == self.expected


def read_log(path: str | Path, *, cut: bool = False, most: int = AT_ONCE) -> list[Entry]:
    """Return what the log in a file, of at most so many plain bytes, says of each input; LogError and `cut` as for
    `parse_log`."""
    with open_plain(path, most) as stream:
        return parse_log(stream, path, cut=cut)


def parse_log(stream: IO[bytes], path: str | Path, *, cut: bool = False) -> list[Entry]:
    """Return what a log says of each input; LogError names the line that is damaged, and `path`.

    With `cut` the log may end in the middle of a line or an entry, as a killed run leaves it: the inputs before can
    still be restored, and the last entry says whether it is `complete`.
    """
    entries: list[Entry] = []
    number = 0
    try:
        for number, value in _lines(stream, path, cut):
            if "input" in value:
                _check_complete(path, number, entries)
                entries.append(_entry(value))
            elif "rule" in value:
                entries[-1].edits.append(_edit(value))
            else:
                flag = Flag(_text(value["flag"]), value["message"], _span(value["span"]), value.get("suggestion"))
                entries[-1].flags.append(flag)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise LogError(f"{path}: line {number}: not a line of an edit log ({error!r})") from error
    if not cut:
        _check_complete(path, number + 1, entries)
    return entries


def _lines(stream: IO[bytes], path: str | Path, cut: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered lines behind the header."""
    for number, line in enumerate(stream, 1):
        if line == b"\n" or (cut and number > 1 and not line.endswith(b"\n")):  # the half of a line
            continue
        if _count_values(line) > MOST_VALUES:
            raise LogError(f"{path}: line {number}: more than {MOST_VALUES} values: this is no line of an edit log")
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


def _count_values(line: bytes) -> int:
    """Return about how many values a line of JSON holds, without reading it."""
    if len(line) <= MOST_VALUES:
        return 0
    bare = STRING.sub(b"", line)
    return sum(map(bare.count, (b"[", b"{", b",")))


def _check_complete(path: str | Path, number: int, entries: list[Entry]) -> None:
    if entries and not entries[-1].complete:
        raise LogError(f"{path}: line {number}: the log of {entries[-1].input} is cut off")


def _entry(value: dict[str, Any]) -> Entry:
    if any("\0" in _text(value[key]) for key in ("input", "output")):
        raise ValueError(f"no names: {value['input']!r}, {value['output']!r}")
    return Entry(
        value["input"], value["output"], _text(value["format"]), _text(value["encoding"]), _text(value["bom"]),
        [(_number(start), _number(end), _text(hexa)) for start, end, hexa in value["patches"]],
        _number(value["chars"]), _number(value["clean_chars"]), _text(value["sha256"]), _text(value["clean_sha256"]),
        _span(value["span"]),
        [(_number(n), _text(name), _number(start), _number(end)) for n, name, start, end in value.get("blocks", [])],
        [(_number(start), _text(text)) for start, text in value.get("gaps", [])], _text(value.get("field", "")),
        _span((value["edits"], value["flags"])),
    )  # fmt: skip


def _edit(value: dict[str, Any]) -> Edit:
    rule, before, after, note = (_text(value.get(key, "")) for key in ("rule", "before", "after", "note"))
    return Edit(rule, _span(value["at"]), _span(value["to"]), before, after, note)


def _span(value: Any) -> Span:
    start, end = value
    return _number(start), _number(end)


def _number(value: Any) -> int:
    """Return a place or a size; ValueError for what is none."""
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"no place: {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no text: {value!r}")
    return value
