"""Make the raw bytes again from a clean output and its log."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from cleaner import edits
from cleaner.decode import encode_text
from cleaner.errors import CleanerError, LogError
from cleaner.io.log import sha256, sha256_text
from cleaner.io.readlog import Entry
from cleaner.io.records import rebuild_text


class Output:
    """A clean output, read once for all the inputs whose text stands in it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def text(self) -> str:
        """The text; UnicodeDecodeError where it is not UTF-8 any more."""
        return self.data.decode("utf-8")

    @cached_property
    def lines(self) -> list[str]:
        """The lines, which are records."""
        return self.text.split("\n")


def restore_bytes(entry: Entry, output: Output, name: str) -> bytes:
    """Return the raw bytes of one input; `output` is the whole output that `name` names.

    LogError says what does not fit: the output was changed since, the log is damaged.
    """
    try:
        if not entry.complete:
            raise LogError("its log is cut off: the run that wrote it was stopped before it wrote the page")
        clean = _find_clean(entry, output)
        if sha256_text(clean) != entry.clean_sha256:
            raise LogError("it is not the text that was written: changed since, or another run's")
        raw = edits.restore(clean, entry.edits, entry.chars)
        data = encode_text(raw, entry.encoding, bytes.fromhex(entry.bom), entry.patches)
    except UnicodeDecodeError as error:
        raise LogError(f"{name}: not UTF-8 any more: byte {error.start}") from error
    except (CleanerError, ValueError, LookupError, RecursionError) as error:
        raise LogError(f"{name}: cannot restore {entry.input}: {error}") from error
    if sha256(data) != entry.sha256:
        raise LogError(f"{name}: cannot restore {entry.input}: the bytes made are not those read: the log was changed")
    return data


def _find_clean(entry: Entry, output: Output) -> str:
    """Return the part of the output that came from this input, as the text that the edits lead to."""
    start, end = entry.span
    if entry.format not in ("jsonl", "documents"):
        return output.text[start:end]
    lines = output.lines[start:end]
    if entry.format == "documents":  # other fields may hold any number of digits
        return _take_text([json.loads(line, parse_int=str) for line in lines], entry.field)
    records = [json.loads(line) for line in lines]
    return rebuild_text(records, entry.blocks, entry.gaps, entry.clean_chars)


def find_strangers(entries: Sequence[Entry], output: Output) -> str:
    """Say what stands in an output of pages that is of none of the inputs; empty where nothing does."""
    at, strange, lines = 0, 0, entries[0].format == "jsonl"
    whole: Sequence[str] = output.lines[: output.text.count("\n")] if lines else output.text
    for start, end in [*sorted(entry.span for entry in entries), (len(whole), len(whole))]:
        between = whole[at : max(start, at)]
        strange += len(between) if lines else len("".join(between).strip("\n"))
        at = max(at, end)
    return f"{strange} {'records' if lines else 'characters'}" if strange else ""


def _take_text(records: Sequence[Any], field: str) -> str:
    """Return the text of the one record that a document became."""
    text = records[0].get(field) if len(records) == 1 and isinstance(records[0], dict) else None
    if not isinstance(text, str):
        raise LogError(f"no record with a text in {field!r} where one was written")
    return text


def entries_for(entries: Sequence[Entry], clean: str, log: str) -> list[Entry]:
    """Return the inputs whose text stands in the file `clean`; LogError when the log knows none.

    A log of one output fits any file, which may have got another name; else the path decides, then the file's name.
    """
    if not entries:
        raise LogError(f"{log}: the log holds no input")
    if len({entry.output for entry in entries}) == 1:
        return list(entries)
    same = [e for e in entries if os.path.realpath(e.output) == os.path.realpath(clean)]
    same = same or [e for e in entries if Path(e.output).name == Path(clean).name]
    if not same or len({entry.output for entry in same}) > 1:
        raise LogError(f"{clean}: {log} holds {'several outputs' if same else 'no output'} of this name")
    return same


def refuse_overlaps(found: Sequence[tuple[Entry, Path]]) -> None:
    """Raise LogError when two inputs would stand in the same place of an output: a log that says so was changed, and
    may ask for any number of copies."""
    last: tuple[Path, Entry] | None = None
    for entry, path in sorted(found, key=lambda item: (str(item[1]), item[0].span)):
        if entry.span[0] == entry.span[1]:
            continue
        if last is not None and last[0] == path and entry.span[0] < last[1].span[1]:
            raise LogError(f"{path}: {last[1].input} and {entry.input} would both stand in one place of it")
        last = path, entry


def entries_in(entries: Sequence[Entry], folder: str) -> list[tuple[Entry, Path]]:
    """Return the inputs with the files in `folder` where their texts stand, by path below it, else by name."""
    root = Path(os.path.realpath(folder))
    found = []
    for entry in entries:
        path = Path(os.path.realpath(entry.output))
        found.append((entry, path if path.is_relative_to(root) else root / path.name))
    return found
