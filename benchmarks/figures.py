"""Put measured figures into a page of the docs, between two marks: `<!-- NAME -->` and `<!-- end of NAME -->`."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def read_figures(page: str, name: str) -> list[str]:
    """Return the lines of the table that stands between the marks."""
    text = (DOCS / page).read_text(encoding="utf-8")
    _, _, rest = text.partition(f"<!-- {name} -->\n")
    return [line for line in rest.partition(f"<!-- end of {name} -->")[0].split("\n") if line.startswith("| ")]


def write_figures(page: str, name: str, lines: list[str]) -> None:
    """Replace what stands between the marks; ValueError when they are not there."""
    path = DOCS / page
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->")
    if not begin or not end:
        raise ValueError(f"{path}: no marks for {name}")
    path.write_text(before + begin + "\n" + "\n".join(lines) + "\n\n" + end + after, encoding="utf-8")


def describe_machine() -> str:
    """Return on what the figures were measured, and how busy that was with other work."""
    chip = next((line.split(": ")[1] for line in _read("/proc/cpuinfo") if line.startswith("model name")), "")
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    day = time.strftime("%Y-%m-%d")
    return f"{day}, {cores} cores ({chip or platform.processor()}), CPython {platform.python_version()}{load}"


def _read(name: str) -> list[str]:
    path = Path(name)
    return path.read_text(encoding="utf-8").split("\n") if path.exists() else []
