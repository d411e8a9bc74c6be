"""Kill a run of `cleaner dump` at random moments, go on each time, and compare what comes out with an undisturbed run.

    python tools/kill_dump.py --kills 20 --records 20000 --write

With `--write` the figures go to docs/dumps.md. The tests do the same with fewer records.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TEXT = "石桥镇今年新修了两条路，村民出行方便多了。\r\n\r\n水渠也通了水，稻田不再缺水。\r\n"
COMMAND = [sys.executable, "-m", "cleaner", "dump"]
REJECTED = 3  # the exit code: some records are bad


class Killed(NamedTuple):
    """What came of it: how often the run was killed, at what, and which files were not as those of the whole run."""

    kills: int
    begun_anew: int  # it was done before the next kill, and had to begin from nothing
    while_publishing: int  # kills that found an output in its place, but no manifest yet
    different: list[str]


def make_dump(path: Path, records: int) -> Path:
    """Write records, every fiftieth without a text."""
    lines = [json.dumps({"id": n, "text": TEXT * (n % 7)} if n % 50 else {"id": n}) for n in range(records)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, but locks: what a killed run has left of them is taken over."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def kill_runs(
    args: list[str], folder: Path, kills: int, seed: int = 5, share: float = 0.5,
    look: Callable[[int], None] = lambda pid: None,
) -> Killed:  # fmt: skip
    """Run to the end in `whole`; run in `torn`, killed by SIGKILL within a `share` of that time, again and again.

    `look` is told the process before each kill.
    """
    whole, torn = folder / "whole", folder / "torn"
    whole.mkdir()
    torn.mkdir()
    begun = time.monotonic()
    if subprocess.run(args, cwd=whole, check=False).returncode != REJECTED:
        raise ValueError("the undisturbed run failed")
    seconds = (time.monotonic() - begun) * share
    wanted = contents(whole)
    moments = random.Random(seed)
    killed = begun_anew = publishing = 0
    different: set[str] = set()
    while killed < kills:
        process = subprocess.Popen(args, cwd=torn)
        time.sleep(moments.uniform(0, seconds))
        look(process.pid)
        process.kill()
        if process.wait() == REJECTED:  # it was done before: make it work again
            different |= compare(contents(torn), wanted)
            for path in torn.iterdir():
                path.unlink()
            begun_anew += 1
            continue
        killed += 1
        there = {name: data for name, data in contents(torn).items() if name in wanted}
        different |= compare(there, {name: wanted[name] for name in there})  # whole, or not there
        publishing += 0 < len(there) < len(wanted)
    if subprocess.run(args, cwd=torn, check=False).returncode != REJECTED:
        raise ValueError("the last run failed")
    return Killed(killed, begun_anew, publishing, sorted(different | compare(contents(torn), wanted)))


def compare(made: dict[str, bytes], wanted: dict[str, bytes]) -> set[str]:
    """Return the names of the files that are not the same."""
    return {name for name in made.keys() | wanted.keys() if made.get(name) != wanted.get(name)}


def main() -> int:
    """Kill, compare, print; 1 when anything was different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1000))
    parser.add_argument("--share", type=float, default=0.6, help="of the whole run's time, within which it is killed")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/dumps.md")
    options = parser.parse_args()
    rows = []
    for ending, emit in ((".jsonl.zst", "documents"), (".parquet", "articles")):
        with tempfile.TemporaryDirectory() as name:
            page = make_dump(Path(name, "a.jsonl"), options.records)
            args = [*COMMAND, str(page), "-o", f"out{ending}", "--log", "--emit", emit, "-j", "2", "-q"]
            done = kill_runs([*args, "--profile", "minimal"], Path(name), options.kills, options.seed, options.share)
        row = [ending, emit, options.records, done.kills, done.while_publishing, done.begun_anew, len(done.different)]
        rows.append("| " + " | ".join(map(str, row)) + " |")
        print(rows[-1], *done.different, flush=True)
        if done.different:
            return 1
    if options.write:
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        from benchmarks.figures import describe_machine, write_figures

        head = ["| output | `--emit` | records | kills | of them, while files were put in place | outputs done before "
                "the next kill | files that differ |", "|---|---|--:|--:|--:|--:|--:|"]  # fmt: skip
        told = f"Measured on {describe_machine()}; seed {options.seed}, two jobs, with the edit log."
        write_figures("dumps.md", "kills", [told, "", *head, *rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
