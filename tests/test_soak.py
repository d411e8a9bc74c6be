"""The soak run (tools/soak.py) in short, and that it finds what grows."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
import soak
from soak import Sample, judge, judge_all, judge_rest, watch

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes in /proc")
LEAK = """
import sys, threading, time
held, what = [], sys.argv[1]
for line in sys.stdin:
    if what == "memory":
        held.append(bytearray(2_000_000))
    elif what == "files":
        held.append(open("/dev/null"))
    elif what == "threads":
        held.append(threading.Thread(target=time.sleep, args=(999,), daemon=True))
        held[-1].start()
    print(flush=True)
"""


def sample(seconds: int, megabytes: float = 50.0, files: int = 9, threads: int = 3) -> Sample:
    return Sample(seconds, megabytes, files, threads)


@pytest.mark.parametrize("what", ["memory", "files", "threads", "nothing"])
def test_leaks_are_found(what: str) -> None:
    """Between two looks there is a step of the process's, whatever time that takes."""
    pipe, steps = subprocess.PIPE, count()
    with subprocess.Popen([sys.executable, "-c", LEAK, what], stdin=pipe, stdout=pipe) as process:

        def step() -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"\n")
            process.stdin.flush()
            process.stdout.readline()
            return next(steps)

        problems = judge_all(watch(process.pid, 40, step))
        process.kill()
    if what == "nothing":
        assert problems == []
    else:
        assert any(what in problem for problem in problems)


def test_a_clock_that_leaps() -> None:
    """Where a machine is so fast that all is done between two looks, there are as many samples nonetheless."""
    leaps = count(0, 100)
    samples = watch(os.getpid(), 300, lambda: next(leaps))
    assert len(samples[os.getpid()]) == 40
    assert judge_all({os.getpid(): samples[os.getpid()]}) == []


def test_what_is_flat() -> None:
    assert judge([sample(n, 50 + n % 3, 9 + n % 2, 3 + n % 3) for n in range(60)]) == []
    assert judge([sample(n, 20 + min(n, 10) * 9) for n in range(60)]) == []  # it fills up, then it stays
    assert judge([sample(n, 50 + n * 0.3) for n in range(60)]) == ["memory rose by 11.7 MB of 62"]
    assert judge([sample(0)]) == ["too few samples"]
    assert judge_rest(sample(0), sample(9, files=10)) == ["open files at rest: 9, then 10"]
    assert judge_rest(sample(0), None) == ["the process is gone"]


def test_dump() -> None:
    """So many records, in whatever time."""
    row = soak.soak_dump(records=300)
    assert row["problems"] == []
    assert row["records"] >= 300


def test_review() -> None:
    row = soak.soak_review(answers=150)
    assert row["problems"] == []
    assert row["answers"] >= 150
    assert row["refused"] > 10
