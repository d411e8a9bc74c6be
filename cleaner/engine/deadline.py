"""Stop a user's pattern that explodes.

One interval timer per call costs nothing, while the `timeout=` of the `regex` package is looked at in
each step of a match (docs/architecture.md, "Deadlines"). The timer counts the process's own processor time: a machine
that is busy with other work must not make a result differ. It needs the main thread and a free SIGVTALRM; elsewhere the
patterns run with `timeout=`.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol

from cleaner.errors import RuleError

SECONDS = 5.0  # of processor time, for one rule on one document; a rule that needs longer would stop a dump


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
    """Raise TimeoutError when the body computes longer, where a timer is free (see above); elsewhere it may run on."""
    if seconds is None or not _timer_is_free():
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


def _timer_is_free() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
        and signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL
    )
