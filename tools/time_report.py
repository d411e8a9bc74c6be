"""Measure how fast a report is in a browser: a page with about 2,000 changes is loaded, filtered and stepped through.

    python tools/time_report.py

Needs chromium and chromedriver (apt install chromium chromium-driver) and selenium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
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
    """Print milliseconds."""
    text = (ROOT / "fixtures" / "narrow-marks" / "raw.txt").read_text(encoding="utf-8")
    worker = cleaner.Cleaner()
    page = worker.clean_page(text)
    times = 2000 // len(walk_page(page).changes) + 1
    page = worker.clean_page((text + "\n\n") * times)
    document = make_report([("page.txt", page)], Judge(worker.rules), "measured")
    print(f"{len(walk_page(page).changes)} changes, {len(document.encode()) // 1000} kB")
    with tempfile.TemporaryDirectory() as folder, open_browser() as driver:
        file = Path(folder, "report.html")
        file.write_text(document, encoding="utf-8")
        driver.get(file.as_uri())
        for name, milliseconds in driver.execute_script(SCRIPT):
            print(f"{name:16} {milliseconds:7.0f} ms")


if __name__ == "__main__":
    main()
