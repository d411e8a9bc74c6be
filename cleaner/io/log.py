"""Write the edit log: JSON Lines, format version 1, described in docs/edit-log.md."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence, Set
from itertools import count
from pathlib import Path
from types import TracebackType

from cleaner import __version__
from cleaner.decode import Decoded
from cleaner.engine.profile import RuleSet
from cleaner.io.atomic import AtomicFile
from cleaner.io.formats import Rendered
from cleaner.io.jsonlines import json_line
from cleaner.io.names import name_files
from cleaner.model import Edit, Flag, Page, Span
from cleaner.report.judge import Judge

VERSION = 1


def sha256(data: bytes) -> str:
    """Return the digest that the log holds."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return the digest of a text in UTF-8; JSON can hold lone surrogates, too."""
    return sha256(text.encode("utf-8", "surrogatepass"))


def log_header(rules: RuleSet, options: dict[str, object]) -> bytes:
    """Return the first line."""
    header = {"log": VERSION, "cleaner": __version__, "rules": rules.digest, "profile": rules.name, "options": options}
    return json_line(header).encode("utf-8")


def describe_input(
    name: str, output: str, form: str, data: bytes, decoded: Decoded, page: Page, made: Rendered, span: Span
) -> dict[str, object]:
    """Return an input's line; `data` are its bytes, `span` is its place in the output."""
    entry: dict[str, object] = {
        "input": name, "output": output, "format": form,
        "encoding": decoded.encoding, "encoding_confidence": round(decoded.confidence, 2),
        "bom": decoded.bom.hex(), "patches": decoded.patches,
        "chars": len(page.raw), "clean_chars": len(made.clean),
        "sha256": sha256(data), "clean_sha256": sha256_text(made.clean),
        "span": span, "edits": len(made.edits), "flags": len(page.flags),
    }  # fmt: skip
    return entry | {"blocks": made.blocks, "gaps": made.gaps} if form == "jsonl" else entry


def log_lines(edits: Sequence[Edit], flags: Sequence[Flag], judge: Judge) -> bytes:
    """Return the lines that follow an input's line: its edits and flags."""
    lines = [_edit_line(edit, judge) for edit in edits]
    lines += [_flag_line(flag) for flag in flags]
    return "".join(map(json_line, lines)).encode("utf-8")


def _edit_line(edit: Edit, judge: Judge) -> dict[str, object]:
    line: dict[str, object] = {
        "rule": edit.rule, "at": edit.at, "to": edit.to, "before": edit.before, "after": edit.after,
    }  # fmt: skip
    if edit.note:
        line["note"] = edit.note
    line["confidence"] = judge.confidence(edit)
    return line


def _flag_line(flag: Flag) -> dict[str, object]:
    line: dict[str, object] = {"flag": flag.code, "message": flag.message, "span": flag.span}
    return line if flag.suggestion is None else line | {"suggestion": flag.suggestion}


class LogWriter:
    """Writes the log beside its target and puts it in place at the end, also after an error: what is in it was done.

    Each input's part is on disk before its output is, so that no output exists that cannot be undone. `owed` are the
    outputs of which the log that is there knows the way back: it is replaced only when all of them were written anew.
    """

    def __init__(self, path: str, rules: RuleSet, options: dict[str, object], owed: Set[str] = frozenset()) -> None:
        self.judge = Judge(rules)
        self.path = path
        self.outputs: set[str] = set()
        self.owed = owed
        header = log_header(rules, options)
        self.file = AtomicFile(path)
        try:
            self.file.write(header)
        except BaseException:
            self.file.discard()
            raise

    def add(
        self, name: str, output: str, form: str, data: bytes, decoded: Decoded, page: Page, made: Rendered, span: Span
    ) -> None:
        """Write one input's part."""
        entry = describe_input(name, output, form, data, decoded, page, made, span)
        self.file.write(json_line(entry).encode("utf-8") + log_lines(made.edits, page.flags, self.judge))
        self.file.sync()
        self.outputs.add(output)

    def close(self, done: bool, kept: bool = True) -> str | None:
        """Put the log in its place, if the outputs are kept; return its name where the old log has to stay."""
        beside = None
        if not kept or not (self.outputs or (done and not self.owed)):
            self.file.discard()
            return None
        if self.owed - name_files(self.outputs):
            beside = next(name for name in (f"{self.path}.{n}" for n in count(2)) if not os.path.lexists(name))
            self.file.target = Path(os.path.realpath(beside))
        self.file.commit()
        return beside

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(kind is None)
