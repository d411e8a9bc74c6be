"""Where outputs go: one stream (the standard output or a file), files in a folder, or the inputs themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from cleaner.errors import CleanerError
from cleaner.io.atomic import AtomicFile, write_atomically
from cleaner.io.formats import ENDINGS
from cleaner.io.lock import hold_lock
from cleaner.io.names import STDOUT, is_folder, name_outputs, refuse_overwriting
from cleaner.io.read import Source
from cleaner.io.stdout import write_stdout
from cleaner.model import Span


def goes_to_folder(output: str, form: str, many: bool) -> bool:
    """Say whether each page gets a file of its own in the folder `output`: several pages go into one file only when
    it has the format's ending."""
    return is_folder(output) or (many and not output.endswith(ENDINGS[form]))


class Stream:
    """The standard output, or one file: pages one after the other, texts parted by a blank line."""

    def __init__(self, form: str, name: str = STDOUT) -> None:
        self.form = form
        self.name = name
        self.file = None if name == STDOUT else AtomicFile(name)
        self.size = 0  # of what was written: code points, or records
        self.last = ""  # how the last text ended
        self.whole = True  # neither a page nor its log failed to be written

    def place(self, source: Source, data: str) -> tuple[str, Span]:
        """Return the output's name, and where in it the page will stand."""
        start = self.size + len(self._parting(data))
        return self.name, (start, start + (data.count("\n") if self.form == "jsonl" else len(data)))

    def hold(self, source: Source, raw: bytes, data: str) -> AbstractContextManager[None]:
        """Hold nothing: the run has the lock of the file, and no input is overwritten."""
        return nullcontext()

    def write(self, source: Source, data: str) -> bool:
        """Write the page."""
        out = self._parting(data) + data
        self._put(out.encode("utf-8"))
        self.size += data.count("\n") if self.form == "jsonl" else len(out)
        self.last = data[-2:] or self.last
        return True

    def _put(self, data: bytes) -> None:
        try:
            write_stdout(data) if self.file is None else self.file.write(data)
        except OSError:
            self.whole = False
            raise

    def names(self) -> list[str]:
        """Return the file that is written, if any."""
        return [] if self.file is None else [self.name]

    def keeps(self, done: bool) -> bool:
        """Say whether what was written stays, at the end of a run that is done or broken off."""
        return self.file is None or (done and self.whole)

    def close(self, done: bool) -> None:
        """Put a file in its place, or leave things as they were: also when the disk did not take all of it."""
        if self.file is not None:
            self.file.commit() if self.keeps(done) else self.file.discard()

    def _parting(self, data: str) -> str:
        if self.form == "jsonl" or not self.last or not data:
            return ""
        return "" if self.last == "\n\n" else "\n" if self.last.endswith("\n") else "\n\n"


class Files:
    """Files of their own: one file, files in a folder, or (in place) the inputs."""

    def __init__(self, form: str, targets: dict[str, str]) -> None:
        self.form = form
        self.targets = targets
        self.whole = True  # that one of them could not be written says nothing of the others

    def place(self, source: Source, data: str) -> tuple[str, Span]:
        """Return the output's name, and where in it the page will stand: all of it."""
        return self.targets[source.name], (0, data.count("\n") if self.form == "jsonl" else len(data))

    @contextmanager
    def hold(self, source: Source, raw: bytes, data: str) -> Iterator[None]:
        """Hold an input that is to be overwritten, for log and write: no other run may have it meanwhile.

        CleanerError where it was changed after it was read: what was changed would be lost.
        """
        target = self.targets[source.name]
        if target != source.name:
            yield
            return
        with nullcontext() if data.encode("utf-8") == raw else hold_lock(target):
            if Path(target).read_bytes() != raw:
                raise CleanerError(f"{target}: was changed while it was cleaned, and is left as it is")
            yield

    def write(self, source: Source, data: str) -> bool:
        """Write the page; return False when it stood there already and nothing was touched."""
        target = Path(self.targets[source.name])
        content = data.encode("utf-8")
        if target.is_file() and target.read_bytes() == content:
            return False
        write_atomically(target, content)
        return True

    def names(self) -> list[str]:
        """Return the files that may be written."""
        return list(self.targets.values())

    def keeps(self, done: bool) -> bool:
        """Say yes: each file is in its place."""
        return True

    def close(self, done: bool) -> None:
        """Do nothing."""


def open_outputs(
    sources: Sequence[Source], form: str, output: str | None, *, many: bool, in_place: bool, kept: Sequence[str] = ()
) -> Stream | Files:
    """Decide where the pages go; CleanerError for a clash, before anything is written.

    Several inputs go into one file when it has the format's ending, else into a folder. `kept` are files of the user
    that no output may replace.
    """
    if in_place:
        refuse_overwriting((source.name for source in sources), kept)
        return Files(form, {source.name: source.name for source in sources})
    if output is None or output == STDOUT:
        return Stream(form)
    paths: list[str | Path] = [*(source.path for source in sources if source.path), *kept]
    if goes_to_folder(output, form, many):
        targets = name_outputs(((source.name, source.stem + ENDINGS[form]) for source in sources), output)
        refuse_overwriting(targets.values(), paths)
        Path(output).mkdir(parents=True, exist_ok=True)
        return Files(form, targets)
    refuse_overwriting([output], paths)
    return Stream(form, output) if many else Files(form, {source.name: output for source in sources})
