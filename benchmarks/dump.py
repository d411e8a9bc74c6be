"""Measure `cleaner dump`: the speed of one job and of two, and the most memory of all its processes together.

    python -m benchmarks.dump --mb 2 --rounds 5 --quiet 0.1 --write
    python -m benchmarks.dump --mb 2000 --carried 100000 --jobs 2 --rounds 1 --no-bare --name carried

The dump is made of the pages in fixtures/. `--carried` adds a field of so many bytes to each record, that goes through
untouched: so a large dump is read and written in little time. The same rounds time plain loops over `clean_batch`, as
many processes as there are jobs: what they gain is what the machine has to give at that moment. A run is timed again
when other programs took more than the share `--quiet` of the machine from it. Memory is the sum of the resident sets,
which counts shared pages in each process that has them. With `--write` and `--name` figures go to docs/scale.md. Other
options are those of `cleaner dump`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.figures import describe_machine, write_figures
from cleaner.io.codec import load_zstd

FIXTURES = Path(__file__).parent.parent / "fixtures"
BARE = """
import json, sys
from cleaner import Cleaner
from cleaner.io.cache import open_cache
from cleaner.io.codec import load_zstd
open_cache()
name, part, parts, profile = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
cleaner = Cleaner(profile)
with load_zstd().open(name, "rb") as file:
    for number, line in enumerate(file):
        if number % parts == part:
            cleaner.clean_batch([json.loads(line)["text"]])
"""


@dataclass(slots=True)
class Measured:
    """What one run took: seconds by the clock, seconds of the processors, the memory in MB each tenth of a second."""

    seconds: float
    processor: float
    others: float = 0.0  # the share of the machine that other programs took meanwhile
    memory: list[float] = field(default_factory=list)


def make_dump(path: Path, size: int, carried: int, seed: int = 1) -> int:
    """Write a dump of about `size` bytes, before compression; return how many records it has."""
    chance = random.Random(seed)
    pages = [file.read_text(encoding="utf-8") for file in sorted(FIXTURES.glob("*/raw.txt")) if _is_utf8(file)]
    written = records = 0
    with load_zstd().open(path, "wb", level=1) as file:
        while written < size:
            record = {"id": f"d{records}", "text": chance.choice(pages) + f"\n\n第{records}号。"}
            if carried:
                record["html"] = chance.randbytes(carried // 2).hex()
            line = (json.dumps(record, ensure_ascii=False) + "\n").encode()
            file.write(line)
            written += len(line)
            records += 1
    return records


def _is_utf8(file: Path) -> bool:
    try:
        file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def measure(dump: Path, jobs: int, options: list[str]) -> Measured:
    """Run `cleaner dump`."""
    with tempfile.TemporaryDirectory(dir=dump.parent) as folder:
        command = [sys.executable, "-m", "cleaner", "dump", str(dump), "-o", f"{folder}/out.jsonl.zst", "-q"]
        return watch([[*command, "-j", str(jobs), *options]])


def measure_bare(dump: Path, jobs: int, profile: str) -> Measured:
    """Run plain loops over the dump, each of which cleans its share."""
    return watch([[sys.executable, "-c", BARE, str(dump), str(part), str(jobs), profile] for part in range(jobs)])


def watch(commands: list[list[str]]) -> Measured:
    """Run processes at the same time, until all are done."""
    before, busy, begun = os.times(), busy_seconds(), time.monotonic()
    processes = [subprocess.Popen(command) for command in commands]
    memory = []
    while any(process.poll() is None for process in processes):
        memory.append(sum(resident(process.pid) for process in processes))
        time.sleep(0.1)
    if codes := [process.returncode for process in processes if process.returncode]:
        sys.exit(f"the run failed: exit code {codes[0]}")
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    seconds = time.monotonic() - begun
    others = (busy_seconds() - busy - used) / seconds / (os.cpu_count() or 1)
    return Measured(seconds, used, max(0.0, others), memory)


def busy_seconds() -> float:
    """Return how long the processors of this machine have worked, for whomever, since it was started."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _, _, *rest = map(int, stat.read_text().split("\n")[0].split()[1:8])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0.0
    return own + sum(resident(int(child)) for child in children)


def run_quietly(run: Callable[[], Measured], quiet: float, tries: int) -> Measured:
    """Run until other programs took no more than the share `quiet` of the machine; give up when they always did."""
    made = []
    while len(made) < tries:
        made.append(run())
        if made[-1].others <= quiet:
            break
    return min(made, key=lambda one: one.others)


def tell_speed(runs: dict[str, dict[int, list[Measured]]], size: int) -> list[str]:
    """Return the table of speeds."""
    lines = ["| | processes | seconds, median | MB/s | times as fast as one | least to most | "
             "processor seconds, of one = 1 | taken by others |",
             "|---|--:|--:|--:|--:|--:|--:|--:|"]  # fmt: skip
    for kind, rows in runs.items():
        first = rows[min(rows)]
        for jobs, row in sorted(rows.items()):
            seconds = statistics.median(run.seconds for run in row)
            ratios = [a.seconds / b.seconds for a, b in zip(first, row, strict=True)]
            used = statistics.median(b.processor / a.processor for a, b in zip(first, row, strict=True))
            lines.append(
                f"| {kind} | {jobs} | {seconds:.1f} | {size / 1e6 / seconds:.3f} | {statistics.median(ratios):.2f} | "
                f"{min(ratios):.2f} to {max(ratios):.2f} | {used:.2f} | {max(run.others for run in row):.0%} |"
            )
    return lines


def tell_memory(run: Measured, size: int, records: int, jobs: int, what: str) -> list[str]:
    """Return the table of memory: the most in each tenth of the run."""
    parts = [run.memory[n * len(run.memory) // 10 : (n + 1) * len(run.memory) // 10] for n in range(10)]
    tenths = " ".join(f"{max(part, default=0):.0f}" for part in parts)
    return [
        "| what | MB | records | jobs | seconds | most MB of memory | in each tenth of the run |",
        "|---|--:|--:|--:|--:|--:|---|",
        f"| {what} | {size / 1e6:.0f} | {records} | {jobs} | {run.seconds:.0f} | {max(run.memory):.0f} | {tenths} |",
    ]


def main() -> None:
    """Make the dump, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=2.0, help="size of the dump before compression, in MB")
    parser.add_argument("--carried", type=int, default=0, help="bytes in a further field of each record")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", default="newspaper")
    parser.add_argument("--quiet", type=float, default=1.0, help="share of the machine that others may take")
    parser.add_argument("--tries", type=int, default=20, help="for a run that is to be quiet")
    parser.add_argument("--no-bare", action="store_true", help="run no plain loops")
    parser.add_argument("--folder", default=None, help="where the dump and the outputs go")
    parser.add_argument("--name", default="", help="what the memory figures are of; they go to docs/scale.md")
    parser.add_argument("--write", action="store_true", help="put the speeds into docs/scale.md")
    arguments, options = parser.parse_known_args()
    options += ["--profile", arguments.profile]
    kinds = ["`cleaner dump`"] if arguments.no_bare else ["`cleaner dump`", "plain loop"]
    runs: dict[str, dict[int, list[Measured]]] = {kind: {jobs: [] for jobs in arguments.jobs} for kind in kinds}
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        dump = Path(folder, "dump.jsonl.zst")
        size = int(arguments.mb * 1e6)
        records = make_dump(dump, size, arguments.carried)
        print(f"{records} records, {size / 1e6:.0f} MB, {dump.stat().st_size / 1e6:.1f} MB compressed", flush=True)
        for _ in range(arguments.rounds):
            for jobs in arguments.jobs:
                for kind in kinds:
                    bare = partial(measure_bare, dump, jobs, arguments.profile)
                    run = partial(measure, dump, jobs, options) if kind == kinds[0] else bare
                    done = run_quietly(run, arguments.quiet, arguments.tries)
                    runs[kind][jobs].append(done)
                    print(f"{kind}, {jobs}: {_tell(done)}", flush=True)
    machine = f"Measured on {describe_machine()}; {arguments.rounds} rounds, {size / 1e6:g} MB, {records} records, "
    speed = [machine + f"profile `{arguments.profile}`.", "", *tell_speed(runs, size)]
    print("\n".join(speed))
    last = max(arguments.jobs)
    table = tell_memory(runs[kinds[0]][last][-1], size, records, last, arguments.name or "this dump")
    print("\n".join(table))
    if arguments.write:
        write_figures("scale.md", "speed", speed)
    if arguments.name:
        write_figures("scale.md", arguments.name, [f"Measured on {describe_machine()}.", "", *table])


def _tell(run: Measured) -> str:
    used = f"{run.processor:.1f} s of the processors, {run.others:.0%} taken by others"
    return f"{run.seconds:.1f} s, {used}, {max(run.memory, default=0):.0f} MB"


if __name__ == "__main__":
    main()
