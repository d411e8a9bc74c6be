"""The whole run: read → clean in several processes → write in order, task after task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from cleaner.dump.leftout import REJECTS
from cleaner.dump.model import Chunk, Counts
from cleaner.dump.plan import Task
from cleaner.dump.pool import Pool
from cleaner.dump.progress import Progress
from cleaner.dump.read import read_chunks
from cleaner.dump.setup import Setup
from cleaner.dump.stream import StreamWriter
from cleaner.dump.task import TaskWriter
from cleaner.engine.profile import RuleSet
from cleaner.errors import CleanerError
from cleaner.io.names import STDOUT


@dataclass(slots=True)
class Run:
    """A run over tasks. `max_errors` is how many rejects end it; `folder` is where spools go, if not beside outputs."""

    tasks: Sequence[Task]
    setup: Setup
    rules: RuleSet
    jobs: int
    max_errors: int | None = None
    folder: str | None = None
    restart: bool = False

    def clean(self, progress: Progress) -> Counts:
        """Make all outputs; return what was done, by earlier runs too.

        CleanerError when there are too many rejects. What was done until then is kept, also on KeyboardInterrupt.
        """
        total = Counts()
        writers: dict[int, TaskWriter | StreamWriter] = {}
        with ExitStack() as stack:
            stack.callback(_keep, writers)
            pool = stack.enter_context(Pool(self.setup, self.jobs))
            for chunk, made in pool.clean(self._read(writers, total, progress), progress.tick):
                writer = writers[chunk.task]
                writer.add(chunk, made)
                total.add(made.counts)
                progress.add(chunk, made)
                self._check_errors(total, writer)
                if chunk.last:
                    writer.finish()
                    if writer.rejects_name:
                        progress.say(f"rejects: {writer.rejects_name}")
                    del writers[chunk.task]
        return total

    def _read(
        self, writers: dict[int, TaskWriter | StreamWriter], total: Counts, progress: Progress
    ) -> Iterator[Chunk]:
        """Yield the chunks of all tasks; a task's writer is opened when it is reached."""
        for number, task in enumerate(self.tasks):
            writer = self._open(task)
            total.add(writer.finished or writer.state.counts)
            if writer.finished is not None:
                progress.say(f"{task.output}: made by an earlier run")
                writer.close()
                self._check_errors(total, writer)
                continue
            if earlier := writer.state.counts.records:
                progress.say(f"{task.output}: going on behind {earlier} records of an earlier run")
            writers[number] = writer
            yield from read_chunks(number, task.shards, task.target, writer.state.place, self.setup.limits)

    def _open(self, task: Task) -> TaskWriter | StreamWriter:
        if task.output == STDOUT:
            return StreamWriter(task)
        return TaskWriter(task, self.setup, self.rules, self.folder, self.restart)

    def _check_errors(self, total: Counts, writer: TaskWriter | StreamWriter) -> None:
        rejects = sum(total.rejects.values())
        if self.max_errors is None or rejects <= self.max_errors:
            return
        name = writer.rejects_name if isinstance(writer, StreamWriter) else str(writer.work / "rejects")
        name = name if writer.finished is None else writer.task.output + REJECTS
        told = ", ".join(f"{number} {reason}" for reason, number in total.rejects.most_common())
        raise CleanerError(f"{rejects} rejects ({told}), more than --max-errors {self.max_errors}: see {name}")


def _keep(writers: dict[int, TaskWriter | StreamWriter]) -> None:
    for writer in writers.values():
        writer.save()
        writer.close()
