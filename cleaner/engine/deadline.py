"""Stop a user's pattern that explodes.

One interval timer per call costs nothing, while the `timeout=` of the `regex` package is looked at in
each step of a match (docs/architecture.md, "Deadlines"). The timer counts the process's own processor time: a machine
that is busy with other work must not make a result differ. It needs the main thread and a free SIGVTALRM; elsewhere the
patterns run with `timeout=`, and another thread watches the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from cleaner.engine.limit import OutOfTime, alarm, find_limit, timer_is_free
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
    """Raise RuleError that names the rule when the body computes longer; yield the `timeout=` to use, if any.

    Where the whole text has less time left, and that is over, it is not the rule's fault: OutOfTime.
    """
    problem = f"took longer than {seconds:g} s on one text: simplify the pattern (nested repeats explode)"
    if timer_is_free():
        with alarm(seconds, partial(RuleError, file, rule, problem)):
            yield None
        return
    left, late = find_limit()
    try:
        yield min(left, seconds)
    except OutOfTime:
        raise
    except TimeoutError:
        raise (late() if left < seconds else RuleError(file, rule, problem)) from None
