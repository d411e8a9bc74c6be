"""datatrove: a reader that loses nothing, a step that cleans, a step that splits pages into articles.

datatrove's own reader gives up a whole file at one line that cannot be decoded, and says so in a warning; it takes a
cut .zst file for a whole one; and when `tasks` is changed between two launches, documents are missing. `DumpReader`
puts bad lines aside in files of their own, and refuses such a launch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from cleaner import Cleaner, __version__
from cleaner.adapters.launch import check_launch
from cleaner.adapters.ranges import read_range
from cleaner.adapters.spans import find_spans
from cleaner.adapters.values import read_value
from cleaner.dump.model import LIMITS, Limits, Raw, Shard
from cleaner.dump.reject import Reject, reject_line
from cleaner.dump.shards import find_shards
from cleaner.dump.state import identify_shards
from cleaner.dump.work import name_record, parse_line, refuse_surrogates
from cleaner.errors import DefectError
from cleaner.io.atomic import AtomicFile, write_atomically
from cleaner.io.jsonlines import json_line
from cleaner.io.names import spell_utf8

SECONDS = 120.0
ERROR = "clean_error"  # the metadata field that says why a document is as it was


class DumpReader(PipelineStep):  # type: ignore[misc]
    """Reads JSON Lines: each task a range of every plain file, or whole compressed files, the n-th task every n-th.

    `inputs` as for `cleaner dump`. Lines that cannot be read go to `quarantine/RANK.jsonl`, with reason and place;
    there are also the counts of each task (`RANK.counts.json`: records in = documents + rejects) and the manifest,
    which refuses to go on with other inputs or another number of tasks. Other fields go to the metadata. `limits` are
    those of `cleaner dump`.
    """

    type = "📖 - READER"
    name = "🧹 Cleaner dump"

    def __init__(
        self, inputs: list[str], quarantine: str, text_field: str = "text", id_field: str = "id",
        limits: Limits = LIMITS,
    ) -> None:  # fmt: skip
        super().__init__()
        self.inputs, self.quarantine = inputs, Path(quarantine)
        self.text_field, self.id_field, self.limits = text_field, id_field, limits

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Yield the documents of one task."""
        if data:
            yield from data
        shards, _ = find_shards(self.inputs, str(self.quarantine) + os.sep)
        if any(shard.kind != "jsonl" for shard in shards):
            raise ValueError("DumpReader reads JSON Lines alone")
        self._check_launch(self.identity(shards, world_size))
        records = documents = rejects = 0
        with AtomicFile(self.quarantine / f"{rank:05d}.jsonl") as file:
            for number, shard in enumerate(shards):
                for record in read_range(shard.names[0], number, rank, world_size, self.limits):
                    records += 1
                    try:
                        document = self._document(record, shard.name)
                    except Reject as reject:
                        rejects += 1
                        self.stat_update("rejects", reject.reason)
                        record_data = record.data or None
                        file.write(reject_line(shard.name, record.number, record.offset, reject, record_data))
                        continue
                    documents += 1
                    self.stat_update("documents")
                    yield document
        if records != documents + rejects:
            raise DefectError(f"task {rank}: {records} records in, {documents} documents, {rejects} rejects: a defect")
        counts = {"records": records, "documents": documents, "rejects": rejects}
        write_atomically(self.quarantine / f"{rank:05d}.counts.json", json_line(counts).encode("utf-8"))

    def identity(self, shards: list[Shard], tasks: int) -> dict[str, Any]:
        """Return what decides which documents a task gets, and what they are."""
        fields = {"text_field": self.text_field, "id_field": self.id_field, **self.limits._asdict()}
        return {"cleaner": __version__, "inputs": identify_shards(shards), "options": fields, "tasks": tasks}

    def _document(self, record: Raw, name: str) -> Document:
        line, members, text = parse_line(record, self.text_field)
        metadata = {
            member.name: read_value(line[member.value : member.end])
            for member in members.values()
            if member.name not in (self.text_field, self.id_field)
        }
        name = spell_utf8(name)
        written = name_record(line, members, self.id_field)
        written = f"{name}#{record.offset}" if written is None else written
        refuse_surrogates([text, written, json.dumps(metadata, ensure_ascii=False)])
        return Document(text=text, id=written, metadata={"file_path": name, "file_offset": record.offset} | metadata)

    def _check_launch(self, identity: dict[str, Any]) -> None:
        check_launch(self.quarantine / "reader.manifest.json", identity)


class CleanStep(PipelineStep):  # type: ignore[misc]
    """Cleans the text of each document. Its metadata tell how many edits and flags there were, or what went wrong.

    `options` are those of `cleaner.Cleaner`. A document that takes longer than `seconds` stays as it was, with
    `clean_error` in its metadata. With `spans`, the metadata hold `clean_spans`, [start, end, raw start, raw end] in
    code points, for each piece of the clean text that was copied from the raw one: offsets of pages can be carried
    along. With `manifest`, a path, a launch with other rules than the first is refused.
    """

    type = "🧹 - CLEANER"
    name = "🧹 Clean"

    def __init__(
        self, manifest: str | None = None, seconds: float = SECONDS, spans: bool = False, **options: Any
    ) -> None:
        super().__init__()
        self.manifest, self.seconds, self.spans, self.options = manifest, seconds, spans, options

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Yield the documents, each one."""
        cleaner = Cleaner(**self.options)  # rules are loaded once in a process
        if self.manifest is not None:
            check_launch(Path(self.manifest), step_identity(cleaner, self.options))
        for document in data:
            yield from self._clean(document, cleaner)

    def _clean(self, document: Document, cleaner: Cleaner) -> Iterator[Document]:
        with self.track_time():
            (result,) = cleaner.clean_batch([document.text], sources=[str(document.id)], seconds=self.seconds)
        if result.page is None:
            document.metadata[ERROR] = result.error
            self.stat_update("errors")
            yield document
            return
        self.stat_update("edits", value=len(result.page.edits), unit="doc")
        self.stat_update("changed" if result.page.text != result.page.raw else "unchanged")
        yield from self._make(document, result.page)

    def _make(self, document: Document, page: Any) -> Iterator[Document]:
        document.metadata |= {"clean_edits": len(page.edits), "clean_flags": len(page.flags)}
        if self.spans:
            document.metadata["clean_spans"] = find_spans(page)
        document.text = page.text
        yield document


class ArticleStep(CleanStep):
    """Cleans each document, a page, and yields its articles; a document that cannot be cleaned comes as it was.

    An article's metadata are the page's, and the fields of the article record (README) but `text` under `article`.
    """

    name = "🧹 Articles"

    def _make(self, document: Document, page: Any) -> Iterator[Document]:
        for number, article in enumerate(page.articles, 1):
            record = article.to_dict()
            text = record.pop("text")
            self.stat_update("articles")
            yield Document(
                text=text, id=f"{document.id}-{number:02d}", metadata=document.metadata | {"article": record}
            )


def step_identity(cleaner: Cleaner, options: dict[str, Any]) -> dict[str, Any]:
    """Return what decides how texts are cleaned."""
    return {"cleaner": __version__, "rules": cleaner.rules.digest, "options": options}
