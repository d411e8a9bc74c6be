"""Ctrl-C at any moment: before and after a command runs, the program just ends; in between the command tidies up."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
PAUSE = 0.01  # seconds


def leave_at_once() -> None:
    """Let Ctrl-C end the program without a word, unless it is ignored: nothing is open yet that could be left half."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


@contextmanager
def raise_interrupts() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt while the body runs, where `leave_at_once` was called."""
    if signal.getsignal(signal.SIGINT) is not _leave:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hook, sys.unraisablehook = sys.unraisablehook, _try_again
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, _leave)
        sys.unraisablehook = hook


def _try_again(ignored: sys.UnraisableHookArgs) -> None:
    """Send Ctrl-C once more where it came while code ran that can raise nothing, as when an object is deleted."""
    if ignored.exc_type is KeyboardInterrupt:
        _thread.start_new_thread(_interrupt_later, ())
    else:
        sys.__unraisablehook__(ignored)


def _interrupt_later() -> None:
    time.sleep(PAUSE)
    os.kill(os.getpid(), signal.SIGINT)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)
