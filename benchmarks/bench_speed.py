"""Measure each tool on natural and dirty pages, and how time and memory grow with one text's size."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.corpus import KINDS, PAGE, make_notes, make_pages
from benchmarks.tools import OURS, PEERS, find_tool

BATCH = 64  # short documents
LEAST = 100_000  # characters that growth is measured on, in one text or in several
UNITS = {"k": 1_000, "M": 1_000_000}


def count(size: str) -> int:
    """Read a size such as 10k or 1M."""
    return int(size[:-1]) * UNITS[size[-1]] if size[-1] in UNITS else int(size)


@pytest.mark.parametrize("name", PEERS + OURS)
@pytest.mark.parametrize("kind", KINDS)
def bench_pages(benchmark: BenchmarkFixture, kind: str, name: str, rounds: int, request: pytest.FixtureRequest) -> None:
    benchmark.group = f"pages, {kind}"
    benchmark.extra_info.update(name=name, kind=kind)
    measure_pages(benchmark, name, kind, int(request.config.getoption("--pages")), PAGE, rounds)


def measure_pages(benchmark: BenchmarkFixture, name: str, kind: str, number: int, size: int, rounds: int) -> None:
    """Measure a tool on so many pages of a size, other ones for each round: what is remembered would cost less."""
    tool = find_tool(name)
    if tool is None:
        pytest.skip(f"{name} is not installed")
    draws = iter(range(rounds + 1))
    characters: list[int] = []

    def draw_pages() -> tuple[tuple[list[str]], dict[str, object]]:
        pages = make_pages(kind, number, size, next(draws))
        characters.append(sum(map(len, pages)))
        return (pages,), {}

    benchmark.pedantic(tool, setup=draw_pages, rounds=rounds, warmup_rounds=1)
    benchmark.extra_info.update(characters=sum(characters) / len(characters))


@pytest.mark.parametrize("name", ["autocorrect", "ftfy", "text rules", "whole pipeline"])
def bench_notes(benchmark: BenchmarkFixture, name: str, rounds: int) -> None:
    """Short documents in batches: what each costs beside its characters."""
    tool = find_tool(name)
    if tool is None:
        pytest.skip(f"{name} is not installed")
    notes = make_notes(BATCH)
    benchmark.group = "short documents"
    benchmark.extra_info.update(name=name, documents=len(notes), characters=sum(map(len, notes)))
    benchmark.pedantic(tool, (notes,), rounds=rounds, warmup_rounds=1)


@pytest.mark.parametrize("name", ["layout", "text rules", "whole pipeline"])
def bench_growth(benchmark: BenchmarkFixture, name: str, size: str, rounds: int) -> None:
    """Of small texts so many that all rows measure about the same number of characters, at least."""
    characters = count(size)
    benchmark.group = f"growth, {name}"
    benchmark.extra_info.update(name=name, size=size, peak=measure_peak(name, characters))
    measure_pages(benchmark, name, "natural", max(LEAST // characters, 1), characters, max(rounds // 2, 1))


def measure_peak(name: str, characters: int) -> float:
    """Return the peak memory of a process of its own, less that of a process with an empty text, per input byte."""
    code = (
        "import re, sys\n"
        "from benchmarks.corpus import make_pages\n"
        "from benchmarks.tools import find_tool\n"
        "def peak():\n"  # of this process; what `getrusage` tells is at least the parent's
        "    return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "pages = make_pages('natural', 1, int(sys.argv[2]))\n"
        "tool = find_tool(sys.argv[1])\n"
        "tool(['\\u77f3\\u6865'])\n"
        "idle = peak()\n"
        "tool(pages)\n"
        "print((peak() - idle) * 1024 / len(pages[0].encode()))\n"
    )
    if not Path("/proc/self/status").is_file():
        return float("nan")
    done = subprocess.run(
        [sys.executable, "-c", code, name, str(characters)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
