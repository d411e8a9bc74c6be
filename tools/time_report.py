"""Measure how fast a report is in a browser: a page with about 2,000 changes is loaded, filtered and stepped through.

    python tools/time_report.py [--write]

`--write` puts the figures into docs/report.md.
Needs chromium and chromedriver (apt install chromium chromium-driver) and selenium.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "report.md"
TIMES = re.compile(r"(<!-- times -->\n).*?(<!-- end of times -->)", re.DOTALL)
sys.path.insert(0, str(ROOT / "tests"))

from browser import open_browser  # noqa: E402

import cleaner  # noqa: E402
from cleaner.report.changes import walk_page  # noqa: E402
from cleaner.report.html import make_report  # noqa: E402
from cleaner.report.judge import Judge  # noqa: E402

SCRIPT = """
const time = (deed) => {
  const start = performance.now();
  deed();
  document.body.offsetHeight;
  return performance.now() - start;
};
return [
  ["load", performance.getEntriesByType("navigation")[0].domComplete],
  ["filter by rule", time(() => { $("rule").value = "comma-between-chinese"; filter(); })],
  ["next change", time(() => step(1))],
  ["show all", time(() => { $("rule").value = ""; filter(); })],
];
"""


def main() -> None:
    """Print milliseconds, and write them down where that is asked for."""
    text = (ROOT / "fixtures" / "narrow-marks" / "raw.txt").read_text(encoding="utf-8")
    worker = cleaner.Cleaner()
    page = worker.clean_page(text)
    times = 2000 // len(walk_page(page).changes) + 1
    page = worker.clean_page((text + "\n\n") * times)
    document = make_report([("page.txt", page)], Judge(worker.rules), "measured")
    changes = len(walk_page(page).changes)
    print(f"{changes} changes, {len(document.encode()) // 1000} kB")
    with tempfile.TemporaryDirectory() as folder, open_browser() as driver:
        file = Path(folder, "report.html")
        file.write_text(document, encoding="utf-8")
        driver.get(file.as_uri())
        found = [(name, f"{milliseconds:.0f} ms") for name, milliseconds in driver.execute_script(SCRIPT)]
    for name, time in found:
        print(f"{name:16} {time:>10}")
    if "--write" in sys.argv[1:]:
        rows = "".join(f"| {name} | {time} |\n" for name, time in found)
        table = f"| {changes:,} changes, {os.cpu_count()} cores | |\n|---|---:|\n{rows}"
        text = DOCS.read_text(encoding="utf-8")
        DOCS.write_text(TIMES.sub(lambda match: f"{match[1]}\n{table}\n{match[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
