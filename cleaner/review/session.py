"""A review: pages, what was decided about them, and the files that keep it, in one folder and nowhere else."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, get_args

from cleaner.engine.profile import RuleSet
from cleaner.errors import CleanerError
from cleaner.io.atomic import write_atomically
from cleaner.model import Flag, Page
from cleaner.report.changes import Change, all_flags, walk_page
from cleaner.review.decisions import Decision, Key, Verdict, digest_text, format_decisions, read_decisions
from cleaner.review.examples import ExampleFinder
from cleaner.review.form import form_text

DECISIONS, EXAMPLES = "decisions.jsonl", "examples.toml"
LONGEST = 10_000  # characters of a text that a person writes
CLEAR = "clear"
ITEM = re.compile(r"([ef])([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page under review, with all that can be decided."""

    name: str
    page: Page
    sha256: str
    changes: Sequence[Change]
    flags: Sequence[Flag]


class Session:
    """Takes decisions, writes them down at once, and undoes them."""

    def __init__(
        self, pages: Sequence[tuple[str, Page]], folder: str | Path, rules: RuleSet, files: Sequence[str] = ()
    ) -> None:
        """`files` are the user's own rule files, of which the command that tests the examples must know."""
        self.sheets = [
            Sheet(name, page, digest_text(page.raw), walk_page(page).changes, all_flags(page)) for name, page in pages
        ]
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.files = {name: inside_folder(self.folder, name) for name in (DECISIONS, EXAMPLES)}
        self.test = shlex.join(
            ["cleaner", "rules", "test", *(f"--rules={f}" for f in files), str(self.files[EXAMPLES])]
        )
        self.decisions: dict[Key, Decision] = {}
        self.written: bytes | None = None  # what stood in the file when it was last read or written
        self._read()
        self.history: list[tuple[Key, Decision | None]] = []
        self.finder = ExampleFinder({sheet.sha256: sheet.page.raw for sheet in self.sheets}, rules)
        self.lock = Lock()

    def decide(self, number: int, item: str, verdict: str, text: str = "") -> dict[str, Any]:
        """Take a decision about an item (`e12` a change, `f3` a flag) of a page; `clear` takes it back.

        Return the new state; CleanerError for what is not there or makes no sense.
        """
        decision = self._decision(number, item, verdict, text)
        with self.lock:
            old = self._set(decision.key, None if verdict == CLEAR else decision)
            self.history.append((decision.key, old))
            return self.state()

    def undo(self) -> dict[str, Any]:
        """Take the last decision back; return the new state."""
        with self.lock:
            if self.history:
                self._set(*self.history[-1])
                self.history.pop()
            return self.state()

    def state(self) -> dict[str, Any]:
        """Return what the page shows: verdict and text by page and item, and how much can be undone."""
        found: dict[str, dict[str, str]] = {}
        for number, sheet in enumerate(self.sheets):
            items = [(f"e{n}", self._about(sheet, change)) for n, change in enumerate(sheet.changes)]
            items += [(f"f{n}", self._about(sheet, flag)) for n, flag in enumerate(sheet.flags)]
            for item, about in items:
                if (decision := self.decisions.get(about.key)) is not None:
                    found[f"{number}:{item}"] = {"verdict": decision.verdict, "text": decision.text}
        return {"decisions": found, "undo": len(self.history)}

    def _decision(self, number: int, item: str, verdict: str, text: str) -> Decision:
        sheet, about = self._find(number, item)
        if verdict not in (*get_args(Verdict), CLEAR):
            raise CleanerError(f"unknown verdict {verdict!r}")
        if isinstance(about, Flag) and verdict == "accept" and about.suggestion is None:
            raise CleanerError(f"flag {about.code} suggests nothing that could be accepted")
        if isinstance(about, Change) and verdict == "edit" and about.kind == "move":
            raise CleanerError("moved text can be accepted or rejected, not edited")
        if len(text) > LONGEST:
            raise CleanerError(f"the text is longer than {LONGEST} characters")
        made = self._about(sheet, about)
        if verdict == CLEAR:
            return made
        try:
            text = form_text(text if verdict == "edit" else "")
            if isinstance(about, Flag) and verdict == "accept":
                form_text(made.after)
        except ValueError as error:
            raise CleanerError(str(error)) from error
        return replace(made, verdict=verdict, text=text)  # type: ignore[arg-type]

    def _find(self, number: int, item: str) -> tuple[Sheet, Change | Flag]:
        if 0 <= number < len(self.sheets) and (match := ITEM.fullmatch(item)):
            sheet = self.sheets[number]
            items: Sequence[Change | Flag] = sheet.changes if match[1] == "e" else sheet.flags
            if int(match[2]) < len(items):
                return sheet, items[int(match[2])]
        raise CleanerError(f"page {number} has no item {item!r}")

    def _about(self, sheet: Sheet, about: Change | Flag) -> Decision:
        """Return a decision about a change or flag, with the verdict still to come."""
        if isinstance(about, Change):
            key = about.rule, about.at, about.before, about.after
            return Decision(sheet.name, sheet.sha256, "change", *key, "accept")
        before = sheet.page.raw[slice(*about.span)]
        return Decision(
            sheet.name, sheet.sha256, "flag", about.code, about.span, before, about.suggestion or "", "accept"
        )

    def _read(self) -> None:
        """Take the decisions from the file when it is not as it was left: a person or a version control changed it."""
        path = self.files[DECISIONS]
        found = path.read_bytes() if path.exists() else self.written
        if found is not None and found != self.written:
            self.decisions = {decision.key: decision for decision in read_decisions(path)}
            self.written = found

    def _set(self, key: Key, decision: Decision | None) -> Decision | None:
        """Put a decision in its place, or take it out, and write the files; return what was decided before."""
        for name in (DECISIONS, EXAMPLES):
            inside_folder(self.folder, name)  # nobody may have put a link there meanwhile
        self._read()
        made = dict(self.decisions)
        old = made.pop(key, None)
        if decision is not None:
            made[key] = decision
        examples = self.finder.write(made.values(), read_text(self.files[EXAMPLES]), self.test)
        data = format_decisions(made.values()).encode("utf-8")
        write_atomically(self.files[DECISIONS], data)
        self.decisions, self.written = made, data
        write_atomically(self.files[EXAMPLES], examples.encode("utf-8"))
        return old


def read_text(path: Path) -> str:
    """Return what stands in a file, nothing where there is none; CleanerError where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise CleanerError(f"{path}: not UTF-8 at byte {error.start}") from error


def inside_folder(folder: Path, name: str) -> Path:
    """Return the file of that name in the folder; CleanerError where it is a link that leads out of it."""
    path = folder / name
    if Path(os.path.realpath(path)).parent != Path(os.path.realpath(folder)):
        raise CleanerError(f"{path}: leads out of the folder {folder}; review writes nowhere else")
    return path
