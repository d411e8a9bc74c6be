"""Worker processes that clean chunks, in any order, and give them back in the order they came.

A worker that dies or takes too long costs the record that it was at, nothing else: the others of its chunk are cleaned
again, the record gets a second try alone, then it is put aside. (`multiprocessing.Pool` waits for the dead for ever;
`concurrent.futures` gives up the whole run.)
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from cleaner.dump.model import Chunk, Made, join_made
from cleaner.dump.reject import Reject
from cleaner.dump.setup import Setup
from cleaner.dump.worker import LATE, READY, reject_chunk, serve
from cleaner.errors import CleanerError

TICK = 0.5  # seconds between two looks at the clock
AHEAD = 4  # chunks that may wait, for each worker, until the one before them is done
BYTES_AHEAD = 32 << 20  # of chunks under way; one chunk may have more
TRIES = 2  # for a record at which a worker died
SAFE_PATH = "PYTHONSAFEPATH"
STARTS = 8  # workers that may die one after the other before one has loaded the rules


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk, or a part of it from `start` on. `number` is the chunk's, `deaths` how often a worker died at it."""

    number: int
    start: int
    chunk: Chunk
    deaths: int = 0


@dataclass(slots=True)
class Worker:
    """A process, the way to talk to it, and what it is at."""

    process: BaseProcess
    connection: Connection
    board: Any
    ready: bool = False
    piece: Piece | None = None

    def is_late(self) -> bool:
        """Say whether its record should have been done."""
        return bool(self.board[1]) and time.monotonic() > self.board[1]


@dataclass(slots=True)
class Waiting:
    """A chunk that is not given back yet, and the parts of it that are done, by their start."""

    chunk: Chunk
    done: dict[int, Made] = field(default_factory=dict)
    missing: int = 0


@contextmanager
def _away_from_here() -> Iterator[None]:
    """Let a new process find no modules in the current folder: it may be one that came with the dumps.

    Python would look there first, before the process is told the parent's path.
    """
    known = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if known is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = known


class Pool:
    """Worker processes; as a context manager it ends them."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        self.setup = setup
        self.context = multiprocessing.get_context("spawn")
        self.workers = [self._start() for _ in range(jobs)]
        self.failed_starts = 0
        self.pieces: deque[Piece] = deque()
        self.waiting: deque[Waiting] = deque()
        self.first = 0  # number of the first chunk in `waiting`

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            worker.process.kill()
            worker.process.join()
            worker.connection.close()

    def clean(self, chunks: Iterator[Chunk], tick: Callable[[], None]) -> Iterator[tuple[Chunk, Made]]:
        """Yield each chunk with what was made of it, in order. `tick` is called every now and then."""
        more = True
        while True:
            more = more and self._fill(chunks)
            self._hand_out()
            while self.waiting and not self.waiting[0].missing:
                item = self.waiting.popleft()
                self.first += 1
                yield item.chunk, join_made([item.done[start] for start in sorted(item.done)] or [Made()])
                more = more and self._fill(chunks)
                self._hand_out()
            if not self.waiting and not more:
                return
            self._listen()
            tick()

    def _fill(self, chunks: Iterator[Chunk]) -> bool:
        """Read chunks ahead; return whether there may be more."""
        size = sum(item.chunk.size for item in self.waiting)
        while len(self.waiting) < AHEAD * len(self.workers) and (not self.waiting or size < BYTES_AHEAD):
            chunk = next(chunks, None)
            if chunk is None:
                return False
            size += chunk.size
            self.waiting.append(Waiting(chunk, missing=len(chunk)))
            if len(chunk):
                self.pieces.append(Piece(self.first + len(self.waiting) - 1, 0, chunk))
        return True

    def _hand_out(self) -> None:
        for place, worker in enumerate(self.workers):
            if worker.piece is None and worker.ready and self.pieces:
                piece = self.pieces.popleft()
                try:
                    worker.connection.send(piece.chunk)
                    worker.piece = piece
                except OSError:
                    self.pieces.appendleft(piece)
                    self._replace(place)

    def _listen(self) -> None:
        """Wait for a worker to say something, to die or to be late."""
        wait([worker.connection for worker in self.workers], TICK)
        for place, worker in enumerate(self.workers):
            if worker.is_late() and not worker.connection.poll():
                worker.process.kill()
                self._bury(place, self._late())
            elif worker.connection.poll():
                try:
                    self._take(worker, worker.connection.recv())
                except (EOFError, OSError):
                    worker.process.join()
                    code = worker.process.exitcode
                    died = Reject("worker-died", f"the worker died (exit code {code}; -9: out of memory?)")
                    self._bury(place, self._late() if code is not None and code == LATE else died)

    def _late(self) -> Reject:
        return Reject("timeout", f"not done in time ({self.setup.seconds:g} s, --timeout)")

    def _take(self, worker: Worker, message: Any) -> None:
        if isinstance(message, CleanerError):
            raise message
        if message == READY:
            worker.ready, self.failed_starts = True, 0
        elif worker.piece is not None:
            self._finish(worker.piece, message)
            worker.piece = None

    def _finish(self, piece: Piece, made: Made) -> None:
        item = self.waiting[piece.number - self.first]
        item.done[piece.start] = made
        item.missing -= len(piece.chunk)

    def _bury(self, place: int, reject: Reject) -> None:
        """Start another worker, and give its chunk back in pieces: before the record it died at, that, and behind."""
        worker = self.workers[place]
        piece, at = worker.piece, int(worker.board[0])
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= STARTS:
                raise CleanerError(f"no worker comes up: {reject}")
        self._replace(place)
        if piece is None:
            return
        if len(piece.chunk) == 1 and piece.deaths + 1 >= TRIES:
            self._finish(piece, reject_chunk(piece.chunk, reject))
            return
        at = min(at, len(piece.chunk) - 1)
        cuts = [
            (0, at, 0),
            (at, at + 1, piece.deaths + 1 if len(piece.chunk) == 1 else 1),
            (at + 1, len(piece.chunk), 0),
        ]
        for start, end, deaths in reversed(cuts):
            if start < end:
                part = piece.chunk.part(start, end)
                self.pieces.appendleft(Piece(piece.number, piece.start + start, part, deaths))

    def _replace(self, place: int) -> None:
        worker = self.workers[place]
        worker.connection.close()
        worker.process.join()
        self.workers[place] = self._start()

    def _start(self) -> Worker:
        ours, theirs = self.context.Pipe()
        board = self.context.Array("d", 2, lock=False)
        process = self.context.Process(target=serve, args=(self.setup, theirs, board), daemon=True)
        with _away_from_here():
            process.start()
        theirs.close()
        return Worker(process, ours, board)
