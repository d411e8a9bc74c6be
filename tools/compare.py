"""Run other tools beside Cleaner on a few invented lines, and write what each makes of them into docs/compare.md.

    pip install -e . autocorrect-py ftfy pangu
    python tools/compare.py

Each tool runs with the settings that it has when none are given: what a user meets first, and no judgement of what
it can be set to.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "compare.md"
LINES = Path(__file__).parent / "compare.toml"
MARK = "<!-- written by tools/compare.py -->"
SAME = "="


def list_tools() -> dict[str, Callable[[str], str]]:
    """Return the tools by name and version."""
    import autocorrect_py
    import ftfy
    import opencc
    import pangu

    import cleaner

    return {
        f"Cleaner {cleaner.__version__}": cleaner.clean,
        f"autocorrect {version('autocorrect-py')}": autocorrect_py.format,
        f"pangu {version('pangu')}": pangu.space_text,
        f"ftfy {version('ftfy')}": ftfy.fix_text,
        f"OpenCC {version('opencc')}, `t2s`": opencc.OpenCC("t2s").convert,
        "NFKC": lambda text: unicodedata.normalize("NFKC", text),
    }


def write_table() -> str:
    """Return a part for each line: what it is, and what each tool makes of it."""
    tools, parts = list_tools(), []
    for case in tomllib.loads(LINES.read_text(encoding="utf-8"))["line"]:
        rows = "".join(f"| {name} | {_cell(tool(case['text']), case['text'])} |\n" for name, tool in tools.items())
        parts.append(f"**{case['about']}**\n\n| as it is | {_code(case['text'])} |\n|---|---|\n{rows}")
    return "\n".join(parts)


def _cell(made: str, text: str) -> str:
    return SAME if made == text else _code(made)


def _code(text: str) -> str:
    from cleaner.report.explain import show_plain

    return f"`{show_plain(text)}`"


def main() -> None:
    """Write the table between the marks."""
    head, _, tail = PAGE.read_text(encoding="utf-8").split(MARK)
    PAGE.write_text(f"{head}{MARK}\n\n{write_table()}\n{MARK}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
