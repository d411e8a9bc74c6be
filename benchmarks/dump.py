"""Measure `cleaner dump`: speed of one job and of several, and the most memory of all its processes together.

    python benchmarks/dump.py --mb 2 --rounds 3
    python benchmarks/dump.py --mb 2000 --carried 100000 --jobs 2 --rounds 1

The dump is made of the pages in fixtures/. `--carried` adds a field of so many bytes to each record, that goes
through untouched: so a large dump is read and written in little time. Times of one run are compared as ratios; memory
is the sum of the resident sets, which counts shared pages in each process that has them.
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
from pathlib import Path

from cleaner.io.codec import load_zstd

FIXTURES = Path(__file__).parent.parent / "fixtures"


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


def measure(dump: Path, jobs: int, options: list[str]) -> tuple[float, float]:
    """Return the seconds that a run takes, and the most memory of its processes in MB."""
    with tempfile.TemporaryDirectory(dir=dump.parent) as folder:
        command = [sys.executable, "-m", "cleaner", "dump", str(dump), "-o", f"{folder}/out.jsonl.zst", "-q"]
        begun = time.monotonic()
        process = subprocess.Popen([*command, "-j", str(jobs), *options])
        most = 0.0
        while process.poll() is None:
            most = max(most, memory(process.pid))
            time.sleep(0.1)
        if process.returncode:
            sys.exit(f"the run failed: exit code {process.returncode}")
        return time.monotonic() - begun, most


def memory(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0.0
    return resident + sum(memory(int(child)) for child in children)


def main() -> None:
    """Make the dump, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=2.0, help="size of the dump before compression, in MB")
    parser.add_argument("--carried", type=int, default=0, help="bytes in a further field of each record")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default=None, help="where the dump and the outputs go")
    arguments, options = parser.parse_known_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        dump = Path(folder, "dump.jsonl.zst")
        size = int(arguments.mb * 1e6)
        records = make_dump(dump, size, arguments.carried)
        print(f"{records} records, {size / 1e6:.0f} MB, {dump.stat().st_size / 1e6:.1f} MB compressed", flush=True)
        seconds: dict[int, list[float]] = {jobs: [] for jobs in arguments.jobs}
        for _ in range(arguments.rounds):
            for jobs in arguments.jobs:
                took, most = measure(dump, jobs, options)
                seconds[jobs].append(took)
                rate = f"{size / 1e6 / took:.3f} MB/s, {records / took:.1f} records/s"
                print(f"{jobs} jobs: {took:.1f} s, {rate}, {most:.0f} MB of memory", flush=True)
        first = arguments.jobs[0]
        for jobs in arguments.jobs[1:]:
            ratios = [one / many for one, many in zip(seconds[first], seconds[jobs], strict=True)]
            print(f"{jobs} jobs are {statistics.median(ratios):.2f} times as fast as {first}")


if __name__ == "__main__":
    main()
