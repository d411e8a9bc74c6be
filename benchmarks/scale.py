"""Work out a large run from the speed of one core, measured here: `python -m benchmarks.scale [--tb 100]`.

Prints what docs/scale.md explains: core-hours, hours, shards, memory, as plain multiples of the measured figures. The
pages are those in fixtures/, so give pages of your own (`--pages FOLDER`, *.txt in UTF-8) before you order machines.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from cleaner import Cleaner

FIXTURES = Path(__file__).parent.parent / "fixtures"


def read_pages(folder: Path | None) -> list[str]:
    """Return the pages to measure on."""
    files = sorted(folder.glob("*.txt")) if folder else sorted(FIXTURES.glob("*/raw.txt"))
    pages = []
    for file in files:
        try:
            pages.append(file.read_bytes().decode("utf-8"))
        except UnicodeDecodeError:
            continue
    return pages


def measure(pages: list[str], rounds: int) -> tuple[float, float]:
    """Return bytes a second of processor time (best of the rounds), and the memory of the process in MB."""
    cleaner = Cleaner()
    cleaner.clean_batch(pages)
    size = sum(len(page.encode()) for page in pages)
    best = 0.0
    for _ in range(rounds):
        begun = time.process_time()
        cleaner.clean_batch(pages)
        best = max(best, size / (time.process_time() - begun))
    return best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tb", type=float, default=100.0, help="text to clean, in TB (10^12 bytes of UTF-8)")
    parser.add_argument("--shard-mb", type=float, default=500.0, help="text in a shard, in MB")
    parser.add_argument("--cores", type=int, nargs="+", default=[64, 1000, 10_000])
    parser.add_argument("--price", type=float, default=0.03, help="price of a core-hour")
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    speed, memory = measure(read_pages(arguments.pages), arguments.rounds)
    hours = arguments.tb * 1e12 / speed / 3600
    shards = arguments.tb * 1e6 / arguments.shard_mb
    print(f"one core: {speed / 1e6:.3f} MB/s of processor time; a worker: {memory:.0f} MB of memory")
    print(f"{arguments.tb:g} TB: {hours:,.0f} core-hours, at {arguments.price:g} each {hours * arguments.price:,.0f}")
    print(f"{shards:,.0f} shards of {arguments.shard_mb:g} MB, {hours / shards:.1f} core-hours each")
    for cores in arguments.cores:
        print(f"{cores:,} cores: {hours / cores:,.0f} hours, {cores * memory / 1e3:,.0f} GB of memory over all workers")


if __name__ == "__main__":
    main()
