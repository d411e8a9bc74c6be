"""Clean a chunk of JSON Lines or of text files."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cleaner.decode import decode_bytes
from cleaner.dump.members import Member, other_members, replace_value, split_members
from cleaner.dump.model import Chunk, Made, Raw, shift_span
from cleaner.dump.records import Cleaned, RecordCleaner, check_readable
from cleaner.dump.reject import Reject, reject_line
from cleaner.errors import DecodeError
from cleaner.io.jsonlines import json_line

Watch = Callable[[int, int], None]


class LineWorker:
    """Makes lines of JSON of records. `watch` is told before each record its number in the chunk and its size."""

    def __init__(self, cleaner: RecordCleaner) -> None:
        self.cleaner = cleaner
        self.setup = cleaner.setup

    def make(self, chunk: Chunk, watch: Watch) -> Made:
        """Clean the records, put the bad ones aside."""
        made = Made()
        lines: list[str] = []
        for number, record in enumerate(chunk.records):
            watch(number, len(record.data))
            made.counts.records += 1
            start = made.counts.written
            try:
                new, cleaned = self._record(record, chunk, made)
            except Reject as reject:
                made.counts.rejects[reject.reason] += 1
                shard = record.name or chunk.shard
                made.rejects += reject_line(shard, record.number, record.offset, reject, record.data or None)
                continue
            lines += new
            if cleaned.log is not None:
                entry, log = cleaned.log
                made.log.append((shift_span(entry, start), log))
        made.out = "".join(lines).encode("utf-8")
        return made

    def _record(self, record: Raw, chunk: Chunk, made: Made) -> tuple[list[str], Cleaned]:
        if chunk.kind == "text":
            return self._file(record, chunk, made)
        line, members, text = parse_line(record, self.setup.text_field, self.setup.encoding)
        if chunk.target == "parquet":
            refuse_surrogates([text for member in members.values() for text in (member.name, member.text or "")])
        name = name_record(line, members, self.setup.id_field)
        cleaned = self.cleaner.clean(text, chunk.spell(chunk.shard), record.number, name, made.counts)
        if self.setup.emit == "articles":
            others = other_members(line, members, self.setup.text_field)
            return [_join(article, others) for article in cleaned.articles], cleaned
        if cleaned.text == text:
            return [line.strip(" \t\r\n") + "\n"], cleaned
        new = replace_value(line, members[self.setup.text_field], json_line(cleaned.text)[:-1])
        return [new.strip(" \t\r\n") + "\n"], cleaned

    def _file(self, record: Raw, chunk: Chunk, made: Made) -> tuple[list[str], Cleaned]:
        check_readable(record)
        try:
            text = decode_bytes(record.data, record.name, self.setup.encoding).text
        except DecodeError as error:
            raise Reject("undecodable", str(error)) from error
        shard, name = chunk.spell(chunk.shard), chunk.spell(record.name)
        cleaned = self.cleaner.clean(text, shard, record.number, name, made.counts)
        if self.setup.emit == "articles":
            others = json_line({"file": name})[:-1]
            return [_join(article, others) for article in cleaned.articles], cleaned
        return [json_line({self.setup.id_field: name, self.setup.text_field: cleaned.text})], cleaned


def parse_line(record: Raw, text_field: str, encoding: str | None = None) -> tuple[str, dict[str, Member], str]:
    """Return a record's line, its fields, and what the text field holds; Reject when it is none."""
    check_readable(record)
    try:
        line = record.data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} of the record: {error.reason} ({error.encoding})"
        raise Reject("undecodable", reason) from error
    members = split_members(line)
    member = members.get(text_field)
    if member is None:
        there = ", ".join(list(members)[:8]) or "none"
        raise Reject("no-text", f"no field {text_field!r} (--text-field); there are: {there}")
    if member.text is None:
        raise Reject("text-not-a-string", f"the field {text_field!r} holds no string")
    return line, members, member.text


def name_record(line: str, members: dict[str, Member], id_field: str) -> str | None:
    """Return what a record's id says, as it is written if it is no string; None where there is none, or null."""
    member = members.get(id_field)
    if member is None or member.text is not None:
        return None if member is None else member.text
    written = line[member.value : member.end]
    return None if written == "null" else written


def _join(article: dict[str, object], others: str) -> str:
    """Return an article's line, with the fields of its document, as they were written, under `record`."""
    return f'{json_line(article)[:-2]}, "record": {others}}}\n'


def refuse_surrogates(texts: Iterable[str]) -> None:
    """Raise Reject when one of the texts is not to be written as UTF-8: Parquet and others can hold nothing else."""
    for text in texts:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Reject("undecodable", f"a lone surrogate: U+{ord(text[error.start]):04X}") from error
