"""A worker process: it loads the rules once, then cleans one chunk after the other until it is told to stop."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from cleaner.dump.model import Chunk, Made
from cleaner.dump.records import RecordCleaner
from cleaner.dump.reject import Reject, reject_line
from cleaner.dump.setup import Setup
from cleaner.dump.work import LineWorker
from cleaner.errors import CleanerError
from cleaner.garbage import collect_seldom

READY = "ready"
TIMED = hasattr(signal, "setitimer")  # else only the time of day is to be had
LONGEST = 1e8  # seconds, which the timers of all systems know
PATIENCE = 10 if TIMED else 1  # times the seconds of computing, by the time of day: the machine may be busy
LATE = -signal.SIGPROF if TIMED else None  # exit code of a worker whose timer has rung


def serve(setup: Setup, connection: Connection, board: Any) -> None:
    """Take chunks from the connection, send back what is made of them.

    `board` is shared with the run: the number of the record that is being cleaned, and the time (`time.monotonic`)
    by which it must be done at the latest; 0 while there is none. Before that a timer of the system's ends the process
    when the record has taken its time of computing, whatever it does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run decides; Ctrl-C reaches all processes of the terminal
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if TIMED:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    collect_seldom()
    with suppress(BrokenPipeError, ConnectionResetError):  # the run was killed: there is nobody to tell
        _work(setup, connection, board)


def _work(setup: Setup, connection: Connection, board: Any) -> None:
    try:
        cleaner = RecordCleaner(setup)
    except CleanerError as error:
        connection.send(error)
        return

    def watch(number: int, size: int) -> None:
        board[0] = number
        _set_timer(setup.time_for(size))
        board[1] = time.monotonic() + setup.time_for(size) * PATIENCE

    connection.send(READY)
    while (chunk := _receive(connection)) is not None:
        made = _worker_for(chunk, cleaner).make(chunk, watch)
        _set_timer(0)
        board[1] = 0.0
        connection.send(made)


def _set_timer(seconds: float) -> None:
    """Let the system end this process when it has computed so long; 0 for never."""
    if TIMED:
        signal.setitimer(signal.ITIMER_PROF, min(seconds, LONGEST))


def _worker_for(chunk: Chunk, cleaner: RecordCleaner) -> Any:
    if chunk.kind != "parquet":
        return LineWorker(cleaner)
    from cleaner.dump.rows import RowWorker

    return RowWorker(cleaner)


def _receive(connection: Connection) -> Chunk | None:
    try:
        chunk: Chunk | None = connection.recv()
    except (EOFError, ConnectionResetError):
        return None
    return chunk


def _die_with_parent() -> None:
    """End this process when the run was killed: a hanging record would keep it alive for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def reject_chunk(chunk: Chunk, reject: Reject) -> Made:
    """Put the one record of a chunk aside that no worker can clean."""
    made = Made()
    made.counts.records = 1
    made.counts.rejects[reject.reason] = 1
    if chunk.batch is not None:
        from cleaner.dump.plain import kept_values

        made.rejects = reject_line(chunk.shard, chunk.first, 0, reject, kept_values(chunk.batch, 0))
    else:
        (record,) = chunk.records
        made.rejects = reject_line(record.name or chunk.shard, record.number, record.offset, reject, record.data)
    return made
