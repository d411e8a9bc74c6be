"""Make of one record the records that are written, and what the log says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cleaner.dump.model import Counts, Raw
from cleaner.dump.reject import Reject
from cleaner.dump.setup import Setup
from cleaner.errors import RuleError
from cleaner.io.log import log_lines, sha256_text
from cleaner.io.records import map_records
from cleaner.model import Page
from cleaner.report.judge import Judge


@dataclass(slots=True)
class Cleaned:
    """A cleaned record: the clean text, or its articles as plain data, and the log's entry and lines."""

    text: str
    articles: list[dict[str, Any]] = field(default_factory=list)
    log: tuple[dict[str, Any], bytes] | None = None


class RecordCleaner:
    """Cleans the texts of records, and counts."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.cleaner = setup.make_cleaner()
        self.judge = Judge(self.cleaner.rules)

    def clean(self, text: str, shard: str, number: int, name: str | None, counts: Counts) -> Cleaned:
        """Clean the text of one record, which is called `name` if it has an id or a path; Reject when that fails."""
        self._check_size(text)
        place = f"{shard}#{number}"
        source = name if name is not None else place
        try:
            page = self.cleaner.clean_page(text, source=source)
        except RuleError as error:
            raise Reject("rule-timeout", str(error)) from error
        except Exception as error:  # one bad record must not cost the others
            raise Reject("failed", f"{type(error).__name__}: {error}") from error
        cleaned = Cleaned(page.text)
        if self.setup.emit == "articles":
            cleaned.articles = [
                article.to_dict() | {"id": f"{source}-{order:02d}", "source": source}
                for order, article in enumerate(page.articles, 1)
            ]
        _count(page, len(cleaned.articles) if self.setup.emit == "articles" else 1, counts)
        if self.setup.log:
            cleaned.log = self._log(page, place, name, len(cleaned.articles))
        return cleaned

    def _check_size(self, text: str) -> None:
        most = self.setup.limits.text
        if len(text) * 4 > most and (size := len(text.encode("utf-8", "surrogatepass"))) > most:
            raise Reject("too-large", f"a text of {size} bytes, at most {most} are cleaned (--max-text)")

    def _log(self, page: Page, place: str, name: str | None, articles: int) -> tuple[dict[str, Any], bytes]:
        """Return the record's entry (docs/edit-log.md), its span beginning at 0, and its lines."""
        form = "jsonl" if self.setup.emit == "articles" else "documents"
        entry: dict[str, Any] = {
            "input": place, "id": name, "output": "", "format": form, "field": self.setup.text_field,
            "encoding": "utf-8", "encoding_confidence": 1.0, "bom": "", "patches": [],
            "chars": len(page.raw), "clean_chars": len(page.text),
            "sha256": sha256_text(page.raw), "clean_sha256": sha256_text(page.text),
            "span": (0, articles if form == "jsonl" else 1), "edits": len(page.edits), "flags": len(page.flags),
        }  # fmt: skip
        if form == "jsonl":
            entry["blocks"], entry["gaps"] = map_records(page)
        return entry, log_lines(page.edits, page.flags, self.judge)


def _count(page: Page, written: int, counts: Counts) -> None:
    counts.documents += 1
    counts.written += written
    counts.changed += page.text != page.raw
    counts.chars_in += len(page.raw)
    counts.chars_out += len(page.text)
    counts.flags += len(page.flags)
    counts.edits += len(page.edits)
    counts.rules.update(rule for edit in page.edits for rule in edit.rule.split("+"))


def check_readable(record: Raw) -> None:
    """Raise Reject when reading found a problem."""
    if record.problem is not None:
        raise Reject(*record.problem)
