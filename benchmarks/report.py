"""Write the figures of a run as the tables of docs/speed.md: ratios, since times differ from machine to machine."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpus import KINDS, PAGE
from benchmarks.tools import OURS, PEERS

NOTES = Path(__file__).parent / "notes.md"
START_UP = {
    "`cleaner --version`": ("-m", "cleaner", "--version"),
    "`cleaner clean`, one page": ("-m", "cleaner", "clean", "fixtures/torn-columns/raw.txt", "-q"),
}


def write_report(run: dict[str, Any]) -> str:
    """Return the page; `run` is what pytest-benchmark wrote as JSON."""
    machine, day = run["machine_info"], run["datetime"][:10]
    rows = [{**bench["extra_info"], "seconds": bench["stats"]["min"]} for bench in run["benchmarks"]]
    python, chip = machine["python_version"], machine["cpu"].get("brand_raw", machine["processor"])
    head = f"Measured on {day}: {chip}, {machine['system']}, CPython {python}; one core, edit log on."
    notes = NOTES.read_text(encoding="utf-8")
    return "\n".join([notes.replace("{MACHINE}", head), *_pages(rows), *_notes(rows), *_growth(rows), *_start()]) + "\n"


def _pages(rows: list[dict[str, Any]]) -> list[str]:
    lines = [f"\n## Pages of {PAGE} characters, one at a time\n", "| tool | text | characters/ms | of decode+encode |"
             " × autocorrect | × ftfy | × list of `re.sub` |", "|---|---|--:|--:|--:|--:|--:|"]  # fmt: skip
    for kind in KINDS:
        speed = {row["name"]: row["characters"] / row["seconds"] for row in rows if row.get("kind") == kind}
        for name in (name for name in PEERS + OURS if name in speed):
            ratios = [_ratio(speed[name], speed.get(peer)) for peer in (PEERS[0], "autocorrect", "ftfy", PEERS[1])]
            lines.append(f"| {name} | {kind} | {speed[name] / 1000:.0f} | {' | '.join(ratios)} |")
    return lines


def _notes(rows: list[dict[str, Any]]) -> list[str]:
    found = {row["name"]: row for row in rows if "documents" in row}
    if not found:
        return []
    size = round(median(row["characters"] / row["documents"] for row in found.values()))
    lines = [f"\n## Short documents, {size} characters each, `Cleaner.clean_many`\n",
             "| tool | microseconds a document | × autocorrect |", "|---|--:|--:|"]  # fmt: skip
    each = {name: row["seconds"] / row["documents"] for name, row in found.items()}
    for name, seconds in each.items():
        lines.append(f"| {name} | {seconds * 1e6:.0f} | {_ratio(1 / seconds, 1 / each.get('autocorrect', seconds))} |")
    return lines


def _growth(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["\n## One text of growing size\n", "| what | characters | time per character, the smallest text = 1 |"
             " peak memory, bytes per input byte |", "|---|--:|--:|--:|"]  # fmt: skip
    first: dict[str, float] = {}
    for row in rows:
        if "size" in row:
            each = row["seconds"] / row["characters"]
            first.setdefault(row["name"], each)
            lines.append(f"| {row['name']} | {row['size']} | {each / first[row['name']]:.2f} | {row['peak']:.0f} |")
    return lines


def _start() -> list[str]:
    """Measure whole processes, in turn, against one that imports click."""
    commands = {"click": ("-c", "import click"), **START_UP}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(6):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True, cwd=NOTES.parents[1])
            seconds[name].append(time.perf_counter() - start)
    base = median(seconds.pop("click")[1:])
    lines = ["\n## Start-up\n", "| process | × `python -c 'import click'` |", "|---|--:|"]
    return lines + [f"| {name} | {median(times[1:]) / base:.1f} |" for name, times in seconds.items()]


def _ratio(speed: float, peer: float | None) -> str:
    """Return how many times as fast, with two digits; a dash where the peer was not there."""
    if peer is None:
        return "–"
    return f"{speed / peer:.2g}" if speed / peer < 100 else f"{speed / peer:.0f}"
