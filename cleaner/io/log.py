"""Write and read the edit log: JSON Lines, format version 1, described in docs/edit-log.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any

from cleaner.decode import Decoded, Patch
from cleaner.engine.profile import RuleSet
from cleaner.errors import LogError
from cleaner.io.atomic import AtomicFile
from cleaner.io.formats import Rendered
from cleaner.io.jsonlines import json_line
from cleaner.io.records import Gap, Place
from cleaner.model import Edit, Flag, Page, Span
from cleaner.report.judge import Judge

VERSION = 1


def sha256(data: bytes) -> str:
    """Return the digest that the log holds."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log says of one input. `span` is its place in the output: code points, for JSON Lines records."""

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
    edits: list[Edit] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


class LogWriter:
    """Writes the log beside its target and puts it in place at the end, also after an error: what is in it was done.

    Each input's part is on disk before its output is, so that no output exists that cannot be undone.
    """

    def __init__(self, path: str, rules: RuleSet, options: dict[str, object]) -> None:
        self.judge = Judge(rules)
        self.file = AtomicFile(path, keep=True)
        version = metadata.version("ocr-cleaner")
        header = {"log": VERSION, "cleaner": version, "rules": rules.digest, "profile": rules.name, "options": options}
        self._write(header)

    def add(self, name: str, output: str, form: str, data: bytes, decoded: Decoded, page: Page, made: Rendered, span: Span) -> None:  # noqa: E501
        """Write one input's part."""
        entry: dict[str, object] = {
            "input": name, "output": output, "format": form,
            "encoding": decoded.encoding, "encoding_confidence": round(decoded.confidence, 2),
            "bom": decoded.bom.hex(), "patches": decoded.patches,
            "chars": len(page.raw), "clean_chars": len(made.clean),
            "sha256": sha256(data), "clean_sha256": sha256(made.clean.encode("utf-8")),
            "span": span, "edits": len(made.edits), "flags": len(page.flags),
        }  # fmt: skip
        if form == "jsonl":
            entry |= {"blocks": made.blocks, "gaps": made.gaps}
        self._write(entry)
        for edit in made.edits:
            self._write(self._edit(edit))
        for flag in page.flags:
            self._write({"flag": flag.code, "message": flag.message, "span": flag.span})
        self.file.sync()

    def _edit(self, edit: Edit) -> dict[str, object]:
        line: dict[str, object] = {
            "rule": edit.rule, "at": edit.at, "to": edit.to, "before": edit.before, "after": edit.after,
        }  # fmt: skip
        if edit.note:
            line["note"] = edit.note
        line["confidence"] = self.judge.confidence(edit)
        return line

    def _write(self, value: object) -> None:
        self.file.write(json_line(value).encode("utf-8"))

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.file.__exit__(kind, error, trace)


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
                entries[-1].flags.append(Flag(value["flag"], value["message"], _span(value["span"])))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise LogError(f"{path}: line {number}: not a line of an edit log ({error!r})") from error
    _check_complete(path, number + 1, entries, wanted)
    return entries


def _lines(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered lines behind the header."""
    for number, line in enumerate(Path(path).read_bytes().split(b"\n"), 1):
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
        [(int(start), str(text)) for start, text in value.get("gaps", [])],
    )  # fmt: skip


def _edit(value: dict[str, Any]) -> Edit:
    return Edit(
        value["rule"], _span(value["at"]), _span(value["to"]), value["before"], value["after"], value.get("note", "")
    )


def _span(value: Any) -> Span:
    start, end = value
    return int(start), int(end)
