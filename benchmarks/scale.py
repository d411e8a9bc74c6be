"""Work out a large run from the speed of one core, measured here: `python -m benchmarks.scale [--tb 100]`.

Prints core-hours, hours, cost, shards and memory, as plain multiples of the measured figures; with `--write` into
docs/scale.md. The pages are those in fixtures/, so give pages of your own (`--pages FOLDER`, *.txt in UTF-8) before you
order machines.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from benchmarks.figures import describe_machine, write_figures
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


def measure(pages: list[str], rounds: int, profile: str) -> tuple[float, float]:
    """Return bytes a second of processor time (best of the rounds), and the memory of the process in MB."""
    cleaner = Cleaner(profile)
    cleaner.clean_batch(pages)
    size = sum(len(page.encode()) for page in pages)
    best = 0.0
    for _ in range(rounds):
        begun = time.process_time()
        cleaner.clean_batch(pages)
        best = max(best, size / (time.process_time() - begun))
    return best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measure_largest(pages: list[str], size: int, profile: str) -> str:
    """Return what a text of `size` bytes takes of memory."""
    cleaner = Cleaner(profile)
    cleaner.clean_page(pages[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole = "\n\n".join(pages).encode()
    cleaner.clean_page((whole * (size // len(whole) + 1))[:size].decode("utf-8", "replace"))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    each = (after - before) * 1e3 / size
    return f"a text of {size} bytes: {after / 1e3:.0f} MB of memory, {each:.0f} bytes for each byte of it"


def work_out(speed: float, memory: float, options: argparse.Namespace) -> list[str]:
    """Return the table of a plan; `speed` in bytes a second, `memory` of a worker in MB."""
    hours = options.tb * 1e12 / speed / 3600
    shards = options.tb * 1e6 / options.shard_mb
    rows = [
        ("one core", f"{speed / 1e6:.3f} MB/s of processor time"),
        ("one worker", f"{memory:.0f} MB of memory"),
        (f"{options.tb:g} TB of text", f"{hours:,.0f} core-hours"),
        (f"cost, at {options.price:g} for a core-hour", f"{hours * options.price:,.0f}"),
        (f"shards of {options.shard_mb:g} MB", f"{shards:,.0f}, of {hours / shards:.1f} core-hours each"),
    ]
    for cores in options.cores:
        days = hours / cores / 24
        rows.append((f"on {cores:,} cores", f"{days:,.1f} days, {cores * memory / 1e3:,.0f} GB over all workers"))
    return ["| | |", "|---|--:|", *(f"| {what} | {figure} |" for what, figure in rows)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tb", type=float, default=100.0, help="text to clean, in TB (10^12 bytes of UTF-8)")
    parser.add_argument("--shard-mb", type=float, default=500.0, help="text in a shard, in MB")
    parser.add_argument("--cores", type=int, nargs="+", default=[64, 1000, 10_000])
    parser.add_argument("--price", type=float, default=0.03, help="price of a core-hour")
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--profile", default="newspaper")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into docs/scale.md")
    parser.add_argument("--largest", type=int, metavar="BYTES", help="only the memory that a text so large takes")
    options = parser.parse_args()
    if options.largest:
        print(measure_largest(read_pages(options.pages), options.largest, options.profile))
        return
    table = work_out(*measure(read_pages(options.pages), options.rounds, options.profile), options)
    told = f"Measured on {describe_machine()}; best of {options.rounds} rounds, profile `{options.profile}`."
    print("\n".join([told, "", *table]))
    if options.write:
        write_figures("scale.md", "plan", [told, "", *table])


if __name__ == "__main__":
    main()
