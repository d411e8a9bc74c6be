"""The benchmarks run, on tiny sizes: what they measure is no test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_benchmarks_run_and_write_their_table(tmp_path: Path) -> None:
    out = tmp_path / "speed.md"
    command = [sys.executable, "-m", "benchmarks", "--smoke", "--out", str(out)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    folder = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    table = out.read_text(encoding="utf-8")
    for row in ("| decode+encode | natural | ", "| text rules | dirty | ", "| whole pipeline | 1k | 1.00 | "):
        assert row in table
