"""Write to the standard output: as it comes, without a way to go on later."""

from __future__ import annotations

import itertools
from contextlib import suppress
from pathlib import Path

from cleaner.dump.leftout import REJECTS
from cleaner.dump.model import Chunk, Counts, Made
from cleaner.dump.plan import Task
from cleaner.dump.state import State
from cleaner.errors import DefectError
from cleaner.io.atomic import AtomicFile
from cleaner.io.stdout import write_stdout


class StreamWriter:
    """Takes what is made of chunks, in order.

    Rejects go to `stdout.rejects.jsonl` in the present folder, or to `stdout.2.rejects.jsonl` and so on: what came from
    the standard input may be nowhere else, so those of an earlier run stay.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.state = State({})
        self.finished: Counts | None = None
        self.rejects: AtomicFile | None = None
        self.rejects_name = ""

    def add(self, chunk: Chunk, made: Made) -> None:
        """Take what was made of the next chunk."""
        write_stdout(made.out)
        if made.rejects:
            if self.rejects is None:
                self.rejects_name = _find_name()
                self.rejects = AtomicFile(self.rejects_name)
            self.rejects.write(made.rejects)
        self.state.counts.add(made.counts)
        self.state.read += len(chunk)

    def save(self) -> None:
        """Do nothing: there is no state."""

    def finish(self) -> None:
        """Prove the counts."""
        counts = self.state.counts
        rejects = sum(counts.rejects.values())
        self.close()
        if not self.state.read == counts.records == counts.documents + rejects:
            sums = f"{self.state.read} records in, {counts.documents} cleaned, {rejects} rejects"
            raise DefectError(f"standard output: {sums}: a defect of Cleaner")

    def close(self) -> None:
        """Put the rejects in place."""
        if self.rejects is not None:
            self.rejects.commit()
            self.rejects = None


def _find_name() -> str:
    """Return a name that no other run has, and take it."""
    for number in itertools.count(1):
        name = f"stdout{REJECTS}" if number == 1 else f"stdout.{number}{REJECTS}"
        with suppress(FileExistsError), Path(name).open("xb"):
            return name
    raise AssertionError("numbers have no end")
