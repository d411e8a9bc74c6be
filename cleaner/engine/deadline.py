"""Stop a user's pattern that explodes.

One interval timer per call costs nothing, while the `timeout=` of the `regex` package is looked at in
each step of a match (docs/architecture.md, "Deadlines"). The timer counts the process's own processor time: a machine
that is busy with other work must not make a result differ. It needs the main thread and a free SIGVTALRM; elsewhere the
patterns run with `timeout=`, and another thread watches the clock.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import FrameType
from typing import Any, Protocol

from cleaner.errors import RuleError

SECONDS = 5.0  # of processor time, for one rule on one document; a rule that needs longer would stop a dump
TICK = 0.005  # between two looks at a thread that waits for its turn


class Searcher(Protocol):
    """A compiled pattern, as layout uses it."""

    def search(self, string: str, /) -> Any:
        """Return the first match or None."""

    def finditer(self, string: str, /) -> Any:
        """Return an iterator over the matches."""


class GuardedPattern:
    """A user's pattern of the `regex` package that is searched under a deadline."""

    def __init__(self, pattern: Any, file: str, rule: str) -> None:
        self.pattern, self.file, self.rule = pattern, file, rule

    def search(self, string: str, /) -> Any:
        """Return the first match or None; RuleError that names the rule when it takes too long."""
        with deadline(self.file, self.rule) as timeout:
            return self.pattern.search(string, timeout=timeout)

    def finditer(self, string: str, /) -> Any:
        """Return the matches; RuleError that names the rule when it takes too long."""
        with deadline(self.file, self.rule) as timeout:
            return list(self.pattern.finditer(string, timeout=timeout))


@contextmanager
def deadline(file: str, rule: str, seconds: float = SECONDS) -> Iterator[float | None]:
    """Raise RuleError that names the rule when the body computes longer; yield the `timeout=` to use, if any."""
    problem = f"took longer than {seconds:g} s on one text: simplify the pattern (nested repeats explode)"
    if not _timer_is_free():
        try:
            yield seconds
        except TimeoutError:
            raise RuleError(file, rule, problem) from None
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise RuleError(file, rule, problem)

    previous = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise TimeoutError when the body computes longer."""
    if seconds is None:
        yield
        return
    if not _timer_is_free():
        with _limit_thread(seconds):
            yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"took longer than {seconds:g} s")

    previous = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


@contextmanager
def _limit_thread(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in a thread that has no timer of its own: another thread watches the clock for it.

    It comes between two steps of Python's, also of those that end the `with`, not within a pattern: those that may
    explode have `timeout=` there.
    """
    lock, ended = threading.Lock(), threading.Event()
    thread, late, clock = ctypes.c_ulong(threading.get_ident()), False, _find_clock()
    end = clock() + seconds

    def watch() -> None:
        nonlocal late
        while (left := end - clock()) > 0:
            if ended.wait(max(left, TICK)):
                return
        with lock:
            if not ended.is_set():
                late = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_make_late(seconds)))

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except GeneratorExit:  # it came when the body had ended, and is on its way
        late = False
        raise
    finally:
        with lock:
            ended.set()
            if late:  # and perhaps not raised yet: what comes behind the body is not late
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)


def _find_clock() -> Callable[[], float]:
    """Return a clock of this thread's processor time, for other threads to read; of the time of day where none is."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    return partial(time.clock_gettime, time.pthread_getcpuclockid(threading.get_ident()))


@cache
def _make_late(seconds: float) -> type[TimeoutError]:
    """Return the error of a thread whose time is over: another thread can name its class alone, so that says all."""
    return type("TimeoutError", (TimeoutError,), {"__str__": lambda error: f"took longer than {seconds:g} s"})


def _timer_is_free() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
        and signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL
    )
