"""Measure what docs/trust.md states, and write it: long property runs, hostile texts in full size, and the page itself.

python tools/trust.py properties --examples 100000   # property tests, examples in all
python tools/trust.py hostile                        # each text of tests/hostile.py in full size, each in a process
python tools/trust.py write                          # docs/trust.md from docs/trust.json (tools/fuzz.py adds to it)
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(HERE)]
PROPERTIES = ("test_trust.py", "test_properties.py", "test_trace.py", "test_log.py")
NOTES, PAGE = HERE / "trust-notes.md", ROOT / "docs" / "trust.md"
SECONDS, MEMORY = 120, 2 << 30  # bounds of one run on a hostile text: processor time, bytes
USAGE = "usage = resource.getrusage(resource.RUSAGE_SELF)\nprint(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)\n"
BY_COMMAND = (
    "import resource, sys\n"
    "from cleaner.__main__ import main\n"
    "try:\n"
    "    main()\n"
    "except SystemExit as ended:\n"
    "    if ended.code:\n"
    "        raise\n"
) + USAGE
BY_PYTHON = (
    "import sys, resource, cleaner\n"
    "text = open(sys.argv[1], encoding='utf-8', errors='surrogatepass', newline='').read()\n"
    "page = cleaner.clean_page(text)\n"
    "from cleaner.edits import restore\n"
    "assert restore(page.text, page.edits, len(text)) == text\n"
) + USAGE


def main() -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("properties", "hostile", "write"))
    parser.add_argument("--examples", type=int, default=100_000, help="of all properties together")
    parser.add_argument("--only", default="", help="hostile texts whose name holds this")
    options = parser.parse_args()
    if options.what == "properties":
        return run_properties(options.examples)
    return run_hostile(options.only) if options.what == "hostile" else write_page()


def run_properties(examples: int) -> int:
    """Run the property tests with fresh examples until there were enough; 1 when a law was broken."""
    from tally import add_tally

    done = 0
    while done < examples:
        start = time.monotonic()
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "fresh", "HYPOTHESIS_EXAMPLES": "1000"}
        tests = [str(ROOT / "tests" / name) for name in PROPERTIES]
        command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "--hypothesis-show-statistics", *tests]
        run = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        made = sum(map(int, re.findall(r"- (\d+) passing,", run.stdout)))
        seconds = round(time.monotonic() - start)
        add_tally("properties", "examples", executions=made, seconds=seconds, breaks=int(run.returncode != 0))
        done += made
        print(f"{done} of {examples} examples", file=sys.stderr, flush=True)
        if run.returncode or not made:
            print(run.stdout, file=sys.stderr)
            return 1
    return 0


def run_hostile(only: str) -> int:
    """Clean each hostile text under bounds of time and memory, and put the figures down; 1 when one went over."""
    from hostile import TEXTS
    from tally import digest_code, put_tally, read_tally

    rows: dict[str, Any] = read_tally().get("hostile", {})
    wrong = 0
    for name, text in TEXTS.items():
        if only in name:
            rows[name] = measure_text(text.make(text.size)) | {"state": digest_code()}
            wrong += rows[name]["code"] != 0
            print(name, rows[name], file=sys.stderr, flush=True)
            put_tally("hostile", rows)
    return int(wrong > 0)


def measure_text(text: str) -> dict[str, Any]:
    """Return exit code, processor time in seconds and peak memory in MB of `cleaner clean` and `restore` on a text.

    Lone surrogates go in as they may in JSON: by Python, not in a file.
    """
    row: dict[str, Any] = {"code": 0, "characters": len(text), "seconds": 0.0, "megabytes": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page, out, log, raw = (folder / name for name in ("page.txt", "out.txt", "log.jsonl", "raw.txt"))
        page.write_bytes(text.encode("utf-8", "surrogatepass"))
        if re.search("[\ud800-\udfff]", text):
            runs = [[sys.executable, "-c", BY_PYTHON, str(page)]]
        else:
            command = [sys.executable, "-c", BY_COMMAND]
            runs = [[*command, "clean", str(page), "-o", str(out), "--log", str(log)],
                    [*command, "restore", str(out), "--log", str(log), "-o", str(raw)]]  # fmt: skip
        for run in runs:
            done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, preexec_fn=bound_run, check=False)
            if done.returncode:
                return {"code": done.returncode, "characters": len(text)}
            seconds, kilobytes = done.stdout.split()[-2:]
            row["seconds"] = round(row["seconds"] + float(seconds), 1)
            row["megabytes"] = max(row["megabytes"], round(int(kilobytes) / 1024))
        if raw.exists() and raw.read_bytes() != page.read_bytes():
            row["code"] = 1
    return row


def bound_run() -> None:
    """Bound the time and the memory of this process."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def write_page() -> int:
    """Write docs/trust.md."""
    PAGE.write_text(make_page(), encoding="utf-8")
    return 0


def make_page() -> str:
    """Fill the tables into the notes."""
    from tally import read_tally
    from trust_figures import read_figures

    tally = read_tally()
    tables = {
        "LAWS": laws_table(tally),
        "HOSTILE": hostile_table(tally.get("hostile", {})),
        "SOAK": soak_table(tally.get("soak", {})),
        "CASES": cases_table(),
    }
    page = NOTES.read_text(encoding="utf-8")
    for name, text in (read_figures() | {name: "\n".join(lines) for name, lines in tables.items()}).items():
        page = page.replace(f"{{{name}}}", text)
    return page


RUNS = {
    ("fuzz", "guided"): ("fuzzing, led by coverage", "`python tools/fuzz.py --runs N --keep`"),
    ("fuzz", "plain"): ("fuzzing, by chance", "`python tools/fuzz.py --runs N --keep --plain`"),
    ("properties", "examples"): ("property tests", "`python tools/trust.py properties`"),
}


def laws_table(tally: dict[str, Any]) -> list[str]:
    """Return the rows of fuzzing and properties."""
    from tally import sum_states

    lines = [
        "| run | tried, in all states | refused by decoding | breaks in former states"
        " | most in one state without a break | in the last state | breaks in it | command |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for (group, name), (what, command) in RUNS.items():
        row = tally.get(group, {}).get(name)
        if row is None:
            continue
        tried, refused, breaks = (sum_states(row, key) for key in ("executions", "refused", "breaks"))
        last = row["states"][row["last"]]
        cells = [what, f"{tried:,}", f"{refused:,}" if group == "fuzz" else "–", breaks - last["breaks"]]
        whole = {name: state["executions"] for name, state in row["states"].items() if not state["breaks"]}
        best = max(whole, key=whole.__getitem__, default=None)
        cells.append("–" if best is None else f"{whole[best]:,} (`{best}`)")
        cells += [f"{last['executions']:,} (`{row['last']}`)", last["breaks"], command]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    kept = len(list((ROOT / "tests" / "corpus").glob("*.bin")))
    lines.append(f"| kept corpus, in the test suite | {kept} | – | – | – | – | – | `pytest tests/test_trust.py` |")
    return lines


def hostile_table(rows: dict[str, Any]) -> list[str]:
    """Return the rows of hostile texts."""
    lines = ["| text | characters | seconds | MB | state |", "|---|--:|--:|--:|---|"]
    for name, row in rows.items():
        made = (row.get("seconds", f"stopped ({row['code']})"), row.get("megabytes", "–"))
        lines.append(f"| {name} | {row['characters']:,} | {made[0]} | {made[1]} | {name_state(row)} |")
    return lines


def name_state(row: dict[str, Any]) -> str:
    """Return the state of the code that a row was measured in."""
    return f"`{row['state']}`" if "state" in row else "not noted"


def soak_table(rows: dict[str, Any]) -> list[str]:
    """Return the rows of the soak runs."""
    heads = (
        "minutes",
        "what was done",
        "processes",
        "MB at first, at last",
        "largest rise, MB",
        "open files",
        "threads",
    )
    lines = [f"| run | {' | '.join(heads)} | what grew | state |", f"|---{'|--:' * len(heads)}|---|---|"]
    for name, row in rows.items():
        done = f"{row['records']:,} records" if name == "dump" else f"{row['answers'] + row['refused']:,} requests"
        cells = [round(row["seconds"] / 60), done, row["processes"], "{}, {}".format(*row["megabytes"]), row["rise"]]
        cells += ["{} to {}".format(*row["files"]), "{} to {}".format(*row["threads"])]
        cells.append("; ".join(row["problems"]) or "nothing")
        cells.append(name_state(row))
        lines.append(f"| `python tools/soak.py {name}` | {' | '.join(map(str, cells))} |")
    return lines


def cases_table() -> list[str]:
    """Return how many tests stand for each promise, counted in their files."""
    files = {
        "test_faults.py": "files: full disk, permissions, links, killed runs, two runs",
        "test_hostile.py": "hostile texts, rule files and logs",
        "test_repeatable.py": "repeatable runs, no network",
        "test_surroundings.py": "file names, home and folder, modules that lie in wait, terminals",
        "test_attacks_browser.py": "attacks on the report and the review page, in a browser",
        "test_soak.py": "short soak runs, and leaks that they must find",
        "test_dump_faults.py": "dumps: killed runs, dead and hanging workers",
        "test_log.py": "edit log: replay, restore, damage",
    }
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *(str(ROOT / "tests" / name) for name in files)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    lines = ["| tests | cases |", "|---|--:|"]
    for name, what in files.items():
        lines.append(f"| {what} (`tests/{name}`) | {len(re.findall(rf'^tests/{re.escape(name)}::', found, re.M))} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
