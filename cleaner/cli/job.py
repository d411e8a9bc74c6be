"""Clean one input after the other; and only compare, for `--check` and `--diff`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cleaner.cli.messages import tell
from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from cleaner import Cleaner
    from cleaner.decode import Decoded
    from cleaner.io.read import Source
    from cleaner.model import Page


class Read(NamedTuple):
    """An input, its bytes, what they were decoded to, and the page that was made of it."""

    source: Source
    data: bytes
    decoded: Decoded
    page: Page


@dataclass(slots=True)
class Job:
    """How to clean one input after the other."""

    cleaner: Cleaner
    encoding: str | None
    form: str
    outcome: Outcome
    limit: int | None = None  # bytes of the largest input to read, where it is not that of all commands
    stems: dict[str, str] = field(default_factory=dict)  # what the article ids of each input begin with

    def find(self, paths: tuple[str, ...]) -> list[Source]:
        """Return the inputs; those that cannot be found count as failed."""
        from cleaner.io.read import find_sources, name_stems

        sources, problems = find_sources(paths)
        for problem in problems:
            self.outcome.fail(problem)
        self.stems = name_stems(sources)
        return sources

    def read(self, source: Source) -> Read:
        """Read, decode and clean one input."""
        from cleaner.decode import decode_bytes

        data = source.read() if self.limit is None else source.read(self.limit)
        decoded = decode_bytes(data, source.name, self.encoding)
        name = source.name if source.path else None
        try:
            page = self.cleaner.clean_page(decoded.text, source=name, stem=self.stems.get(source.name))
        except Exception as error:
            error.add_note(f"{source.name}: at this page")  # a defect's traceback would not say which
            raise
        return Read(source, data, decoded, page)

    def clean_all(self, sources: Sequence[Source]) -> list[Read]:
        """Clean all inputs; those that cannot be done count as failed and are left out."""
        done: list[Read] = []
        for source in sources:
            with self.outcome.telling():
                done.append(self.read(source))
                self.outcome.add(done[-1].page, False)
        return done


def compare_pages(job: Job, paths: tuple[str, ...], check: bool, diff: bool) -> None:
    """Say which inputs would change: their names for `check`, the differences for `diff`."""
    for source in job.find(paths):
        with job.outcome.telling():
            _compare_page(job, source, check, diff)
    job.outcome.summarise("would change")


def _compare_page(job: Job, source: Source, check: bool, diff: bool) -> None:
    from cleaner.io.stderr import show_controls
    from cleaner.io.stdout import is_terminal, wants_colour, write_stdout
    from cleaner.report.diff import colour_diff, diff_texts

    _, data, decoded, page = job.read(source)
    changed = encode(page.text, source) != data
    job.outcome.add(page, changed)
    if changed and check:
        tell(f"would change: {source.name}")
    if diff:
        difference = diff_texts(page.raw, page.text, source.name)
        difference = show_controls(difference) if is_terminal() else difference
        write_stdout(colour_diff(difference) if wants_colour() else difference)
    if changed and page.raw == page.text:
        was = decoded.encoding + (" with a byte order mark" if decoded.bom else "")
        tell(f"{source.name}: only the encoding would change: {was} to utf-8")


def encode(text: str, source: Source) -> bytes:
    """Return the text in UTF-8; CleanerError when that cannot hold it, before log or output are touched."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise CleanerError(f"{source.name}: U+{code:04X} cannot be written as UTF-8 (rule not-a-character)") from error
