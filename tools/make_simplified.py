"""Make rules/words/simplified.tsv: traditional characters and the simplified ones that layout's patterns know.

Source: OpenCC (t2s), character by character. Only layout reads through this table; it changes no character of a text.

    python tools/make_simplified.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import opencc

HAN = range(0x4E00, 0xA000)
HEADER = """\
# Traditional characters and their simplified forms, for layout to read pages in either script with one set of patterns.
# Made by tools/make_simplified.py with OpenCC's t2s, character by character; {count} rows.
"""


def make_table() -> str:
    """Return the table's text."""
    converter = opencc.OpenCC("t2s")
    rows = [
        f"{chr(code)}\t{new}\n" for code in HAN if (new := converter.convert(chr(code))) != chr(code) and len(new) == 1
    ]
    return HEADER.format(count=len(rows)) + "".join(rows)


def main() -> None:
    """Write the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "rules" / "words"
    (folder / "simplified.tsv").write_text(make_table(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
