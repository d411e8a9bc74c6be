"""Count what was done, and decide the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cleaner.cli import describe
from cleaner.cli.messages import tell
from cleaner.errors import CleanerError, RuleError
from cleaner.model import Page


@dataclass(slots=True)
class Outcome:
    """What a run did. `check` says that changes are an exit code of their own, as `--check` and `--diff` want."""

    check: bool = False
    quiet: bool = False
    pages: int = 0
    articles: int = 0
    edits: int = 0
    flags: int = 0
    changed: int = 0
    failed: int = 0

    def add(self, page: Page, changed: bool) -> None:
        """Count a page that was done."""
        self.pages += 1
        self.articles += len(page.articles)
        self.edits += len(page.edits)
        self.flags += len(page.flags)
        self.changed += changed

    def fail(self, error: CleanerError | OSError | str) -> None:
        """Count an input that could not be done, and say why."""
        self.failed += 1
        tell(f"cleaner: {error if isinstance(error, str) else describe(error)}")

    def break_off(self, inputs: int, taken_back: str) -> None:
        """Say that a run has ended before its last input, and which output, if any, is as it was before."""
        if taken_back:
            self.pages = self.articles = self.edits = self.flags = self.changed = 0
        left = f"; {taken_back} is as it was" if taken_back else ""
        if inputs > 1:
            tell(f"cleaner: the run ends here: {inputs - self.pages} of {_count(inputs, 'page')} not written{left}")

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Count and tell what fails inside, and go on.

        A reader that is gone ends the run, and a rule that fails: it would take as long on each page.
        """
        try:
            yield
        except (BrokenPipeError, RuleError):
            raise
        except (CleanerError, OSError) as error:
            self.fail(error)

    @property
    def code(self) -> int:
        """The exit code: 0 fine, 1 changes were found where `check` asked for them, 2 something could not be done."""
        return 2 if self.failed else int(self.check and self.changed > 0)

    def summarise(self, changed: str = "") -> None:
        """Print the summary line; `changed` is the verb for pages that differ, where it matters."""
        counts = [_count(self.pages, "page"), _count(self.articles, "article"), _count(self.edits, "edit")]
        counts.append(_count(self.flags, "flag"))
        counts += [f"{self.changed} {changed}"] if changed else []
        counts += [f"{self.failed} failed"] if self.failed else []
        if not self.quiet:
            tell(", ".join(counts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
