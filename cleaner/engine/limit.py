"""Stop what computes too long: by the process's interval timer, or in other threads by a thread that watches."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from types import FrameType

TICK = 0.005  # between two looks at a thread that waits for its turn
AGAIN = 0.25  # of computing, until the error is raised once more: in a `__del__` Python drops it


class OutOfTime(TimeoutError):
    """The time of a whole text is over, whichever rule it was at."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit that holds in this thread: its seconds, and how many are left."""

    seconds: float
    left: Callable[[], float]


_here = threading.local()


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise TimeoutError when the body computes longer."""
    if seconds is None:
        yield
        return
    outer = getattr(_here, "limit", None)
    try:
        if timer_is_free():
            _here.limit = _Limit(seconds, lambda: signal.getitimer(signal.ITIMER_VIRTUAL)[0])
            with alarm(seconds, _make_late(seconds)):
                yield
        else:
            clock = _find_clock()
            end = clock() + seconds
            _here.limit = _Limit(seconds, lambda: end - clock())
            with _limit_thread(seconds, clock, end):
                yield
    finally:
        _here.limit = outer


def find_limit() -> tuple[float, type[OutOfTime]]:
    """Return how many seconds this thread's text may still take (more than 0), and the error when they are over."""
    limit: _Limit | None = getattr(_here, "limit", None)
    if limit is None:
        return math.inf, OutOfTime
    return max(limit.left(), TICK), _make_late(limit.seconds)


@contextmanager
def alarm(seconds: float, error: Callable[[], Exception]) -> Iterator[None]:
    """Raise an error when the body computes longer, by the timer, which is free; again and again until it ends."""
    over = False

    def ring(number: int, frame: FrameType | None) -> None:
        if not over:
            raise error()

    previous = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        try:
            yield
        finally:
            over = True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


@contextmanager
def _limit_thread(seconds: float, clock: Callable[[], float], end: float) -> Iterator[None]:
    """Raise TimeoutError in a thread that has no timer of its own: another thread watches the clock for it.

    It comes between two steps of Python's, also of those that end the `with`, not within a pattern: those that may
    explode have `timeout=` there.
    """
    import ctypes  # not at the start: few programs come here

    lock, ended = threading.Lock(), threading.Event()
    thread, late = ctypes.c_ulong(threading.get_ident()), False

    def watch() -> None:
        nonlocal late
        at = end
        with suppress(OSError):  # the thread has ended, and its clock with it
            while not ended.wait(max(at - clock(), TICK)):
                if at > clock():
                    continue
                with lock:
                    if not ended.is_set():
                        late = True
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_make_late(seconds)))
                at = clock() + AGAIN

    threading.Thread(target=watch, daemon=True).start()
    try:
        try:
            yield
        except GeneratorExit:  # it came when the body had ended, and is on its way
            late = False
            raise
        finally:
            ended.set()
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
def _make_late(seconds: float) -> type[OutOfTime]:
    """Return the error of a text whose time is over: another thread can name its class alone, so that says all."""
    return type("TimeoutError", (OutOfTime,), {"__str__": lambda error: f"took longer than {seconds:g} s"})


def timer_is_free() -> bool:
    """Say whether this thread may set the process's timer: it is the main one, and nobody else has set it."""
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
        and signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL
    )
