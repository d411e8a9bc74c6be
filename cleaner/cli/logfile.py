"""The edit log of a run of `cleaner clean`: when it may take another's place, and that it stays with its outputs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cleaner.cli.messages import tell
from cleaner.cli.options import name_kept
from cleaner.errors import CleanerError
from cleaner.io.log import LogWriter
from cleaner.io.names import STDOUT, name_files, refuse_overwriting
from cleaner.io.readlog import read_log

if TYPE_CHECKING:
    from cleaner.cli.job import Job
    from cleaner.cli.options import Choices
    from cleaner.io.outputs import Files, Stream
    from cleaner.io.read import Source


class RunLog:
    """Writes a run's log; as a context manager it puts it in its place at the end, if the outputs are kept.

    It takes the place of no input and no output, and of no log that may be the only way back from an earlier run.
    """

    def __init__(
        self, job: Job, log: str, sources: list[Source], outputs: Stream | Files, in_place: bool, choices: Choices
    ) -> None:
        refuse_overwriting([log], [*(source.path for source in sources if source.path), *name_kept(choices)])
        if Path(log).resolve() in {Path(name).resolve() for name in outputs.names()}:
            raise CleanerError(f"{log}: the log and an output have the same name")
        owed = _check_old_log(log, in_place, outputs) if Path(log).is_file() else set()
        self.outputs = outputs
        self.open = partial(LogWriter, log, job.cleaner.rules, dict(choices), owed)

    def add(self, *page: Any) -> None:
        """Write one input's part, as `LogWriter.add`; where it cannot be written, nothing more is."""
        try:
            self.writer.add(*page)
        except OSError:
            self.outputs.whole = False
            raise

    def __enter__(self) -> RunLog:
        self.writer = self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        done = kind is None
        beside = self.writer.close(done, self.outputs.keeps(done))
        if beside is not None:
            tell(
                f"cleaner: {self.writer.path} stays, for not all its outputs were written anew; the new log is {beside}"
            )


def _check_old_log(log: str, in_place: bool, outputs: Stream | Files) -> set[str]:
    """Refuse a log that is there, unless it is this run's own from before: all its outputs are written once more.

    Return these outputs.
    """
    try:
        entries = read_log(log)
    except CleanerError as error:
        raise CleanerError(f"{log}: there is a file already, which is no whole log: give another name") from error
    written = name_files(entry.output for entry in entries)
    overwritten = written & name_files(entry.input for entry in entries) - {STDOUT}
    if in_place or overwritten or written - name_files([*outputs.names(), STDOUT]):
        raise CleanerError(f"{log}: there is a log already, perhaps the only way back to raw texts: give another name")
    return written - {STDOUT}
