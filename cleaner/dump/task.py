"""Write one output: into spools in a work folder first, so that a killed run can go on, then in its place at once."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack
from typing import IO

from cleaner.dump.columns import parquet_writer
from cleaner.dump.files import is_read_once
from cleaner.dump.leftout import REJECTS
from cleaner.dump.manifest import find_manifest, has_log, write_manifest
from cleaner.dump.model import Chunk, Counts, Made, shift_span
from cleaner.dump.plan import Task
from cleaner.dump.publish import Published, line_writer, publish, remove
from cleaner.dump.remote import is_remote
from cleaner.dump.setup import Setup
from cleaner.dump.spools import SPOOLS, open_spool, refuse_foreign, work_folder, writing
from cleaner.dump.state import (
    State,
    check_contents,
    check_same,
    describe_run,
    digest_files,
    identify_shards,
    load_state,
)
from cleaner.engine.profile import RuleSet
from cleaner.errors import CleanerError, DefectError
from cleaner.io.jsonlines import json_line
from cleaner.io.lock import hold_lock
from cleaner.io.log import log_header

EVERY = 1.0  # seconds between two states; what was done since then is done again


class TaskWriter:
    """Takes what is made of a task's chunks, in order.

    Opening it goes on where an earlier run was killed, or was done; CleanerError when that run was another one.
    """

    def __init__(self, task: Task, setup: Setup, rules: RuleSet, folder: str | None, restart: bool) -> None:
        self.task, self.setup = task, setup
        self.work = work_folder(task, folder)
        self.state = State(describe_run(setup, rules, task.shards))
        self.finished: Counts | None = None  # of a run that is done
        self.rejects_name = ""
        self.files: dict[str, IO[bytes]] = {}
        self.torn = False  # a chunk is taken in part
        self.saved = time.monotonic()
        refuse_foreign(self.work)
        self.lock = ExitStack()
        # an address has no locks: runs of one work folder are kept apart
        self.lock.enter_context(hold_lock(str(self.work / "output") if is_remote(task.output) else task.output))
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            self._find_earlier(restart)
        except BaseException:
            self.close()
            raise
        if self.finished is not None:
            return
        for name in SPOOLS:
            self.files[name] = open_spool(self.work / name, self.state.sizes.get(name, 0))
        if setup.log and not self.state.sizes.get("log"):
            self.files["log"].write(log_header(rules, setup.identity()))

    def _find_earlier(self, restart: bool) -> None:
        if restart:
            (self.work / "state.json").unlink(missing_ok=True)
            return
        self._refuse_pipes()
        if earlier := load_state(self.work / "state.json"):
            check_same(earlier.identity, self.state.identity, self.task.output)
            check_contents(earlier, self.task.shards, self.setup.limits.record, self.task.output)
            self.state = earlier
            return
        counts, identity = find_manifest(self.task, self.setup.log)
        if identity:
            check_same(identity, self.state.identity, self.task.output)
            self.finished = counts

    def _refuse_pipes(self) -> None:
        """Refuse to go on, or to take an output for done, where an input is other data each time."""
        pipe = next((known["name"] for known in self.state.identity["inputs"] if is_read_once(known)), None)
        if pipe is not None and ((self.work / "state.json").exists() or find_manifest(self.task, self.setup.log)[1]):
            problem = f"there is one of an earlier run, and {pipe} is not to be read twice: nothing was read from it"
            raise CleanerError(f"{self.task.output}: {problem}. Begin anew with --restart, or name another output")

    def add(self, chunk: Chunk, made: Made) -> None:
        """Take what was made of the next chunk."""
        self.torn = True
        start = self.state.counts.written
        with writing(self.work):
            self.files["records"].write(made.out)
            self.files["rejects"].write(made.rejects)
            for entry, lines in made.log:
                entry = shift_span(entry, start) | {"output": self.task.output}
                self.files["log"].write(json_line(entry).encode("utf-8") + lines)
        self.state.counts.add(made.counts)
        self.state.read += len(chunk)
        if chunk.kind == "text" and len(chunk):
            key = str(chunk.end.shard)
            self.state.contents[key] = digest_files(self.state.contents.get(key, ""), chunk.records)
        self.state.place = chunk.end
        self.torn = False
        if time.monotonic() - self.saved > EVERY:
            self.save()

    def save(self) -> None:
        """Force what was taken to disk, then the state that says so.

        Do nothing while a chunk is taken in part, where that was interrupted or failed: the last state holds. Nor when
        all is in its place, and the spools are gone.
        """
        if self.torn or not self.files:
            return
        with writing(self.work):
            for name, file in self.files.items():
                file.flush()
                os.fsync(file.fileno())
                self.state.sizes[name] = file.tell()
        self.state.save(self.work / "state.json")
        self.saved = time.monotonic()

    def finish(self) -> None:
        """Prove the counts, put the files in place, the manifest last, and take the work folder away."""
        self.save()
        self._prove()
        counts, task = self.state.counts, self.task
        plain = task.target == "jsonl"
        write = (
            line_writer(task.output) if plain else parquet_writer(task.shards, self.setup.emit, self.setup.text_field)
        )
        done: dict[str, Published] = {}
        try:
            if rejects := sum(counts.rejects.values()):
                self.rejects_name = name = task.output + REJECTS
                done["rejects"] = publish(self.work / "rejects", name, line_writer(name), rejects)
            else:
                remove(task.output + REJECTS)
            if self.setup.log:
                lines = 1 + counts.documents + counts.edits + counts.flags
                done["log"] = publish(self.work / "log", task.log, line_writer(task.log), lines)
            elif has_log(task):  # of another run, which this one replaces
                remove(task.log)
            done["output"] = publish(self.work / "records", task.output, write, counts.written)
        except ValueError as error:
            raise DefectError(f"{task.output}: not published: {error}: a defect of Cleaner") from error
        write_manifest(task, self.state, done, self.work)
        (self.work / "state.json").unlink()
        self.close()

    def _prove(self) -> None:
        counts, state = self.state.counts, self.state
        if not state.read == counts.records == counts.documents + sum(counts.rejects.values()):
            sums = f"{state.read} records in, {counts.documents} cleaned, {sum(counts.rejects.values())} rejects"
            raise DefectError(f"{self.task.output}: not published: {sums}: a defect of Cleaner")
        now = identify_shards(self.task.shards)
        for shard, known, is_now in zip(self.task.shards, state.identity["inputs"], now, strict=True):
            if is_now != known:
                raise CleanerError(f"{shard.name}: changed while it was read: begin anew with --restart")

    def close(self) -> None:
        """Close the files; the work folder stays if another run can go on from it."""
        files, self.files = self.files, {}
        with writing(self.work):
            for file in files.values():
                file.close()
        if self.work.exists() and not (self.work / "state.json").exists():
            shutil.rmtree(self.work)
        self.lock.close()
