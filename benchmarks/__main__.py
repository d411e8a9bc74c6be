"""Run the benchmarks and write docs/speed.md: `python -m benchmarks [--smoke] [--out FILE] [pytest options]`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import pytest

from benchmarks.report import write_report

HERE = Path(__file__).parent
SMOKE = ["--pages=1", "--sizes=1k", "--rounds=1"]


def main() -> int:
    """Measure, and write the table only when every benchmark ran."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: only whether all of it runs")
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs" / "speed.md", help="where to write the table")
    options, rest = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        settings = ["-o", "python_files=bench_*.py", "-o", "python_functions=bench_*", "-p", "no:xdist", "-q"]
        code = pytest.main(
            [str(HERE), *settings, f"--benchmark-json={figures}", *(SMOKE if options.smoke else []), *rest]
        )
        if code == 0:
            options.out.write_text(write_report(json.loads(figures.read_text(encoding="utf-8"))), encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
