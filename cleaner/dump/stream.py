"""Write to the standard output: as it comes, without a way to go on later."""

from __future__ import annotations

from cleaner.dump.model import Chunk, Counts, Made
from cleaner.dump.plan import REJECTS, Task
from cleaner.dump.state import State
from cleaner.errors import CleanerError
from cleaner.io.atomic import AtomicFile
from cleaner.io.stdout import write_stdout

STREAM_REJECTS = "stdout" + REJECTS


class StreamWriter:
    """Takes what is made of chunks, in order. Rejects go to `stdout.rejects.jsonl` in the present folder."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.state = State({})
        self.finished: Counts | None = None
        self.rejects: AtomicFile | None = None

    def add(self, chunk: Chunk, made: Made) -> None:
        """Take what was made of the next chunk."""
        write_stdout(made.out)
        if made.rejects:
            self.rejects = self.rejects or AtomicFile(STREAM_REJECTS)
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
            raise CleanerError(f"standard output: {sums}: a defect of Cleaner")

    def close(self) -> None:
        """Put the rejects in place."""
        if self.rejects is not None:
            self.rejects.commit()
            self.rejects = None
