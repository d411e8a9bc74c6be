"""Write rules/characters/radicals.tsv from Unicode's EquivalentUnifiedIdeograph.txt.

    python tools/make_radicals.py [FOLDER]

The file comes from Debian's package unicode-data. FOLDER is where the table goes, rules/characters by default.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SOURCE = Path("/usr/share/unicode/EquivalentUnifiedIdeograph.txt")
RULES = Path(__file__).resolve().parents[1] / "rules" / "characters"
BLOCKS = (range(0x2E80, 0x2EF4), range(0x2F00, 0x2FD6))  # CJK Radicals Supplement, Kangxi Radicals
LINE = re.compile(r"^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([0-9A-F]+)", re.MULTILINE)

HEADER = """\
# Radicals that stand for characters, to the characters: CJK Radicals Supplement (U+2E80-2EF3) and Kangxi Radicals
# (U+2F00-2FD5). Fonts and recognisers confuse them because they look the same; no writer means the radical.
# Made by tools/make_radicals.py from {version}; no deviation from it.
# U+2E80 has no equivalent there. The CJK strokes (U+31C0-31E3), which that file also maps, are left out: their
# equivalents are parts of characters. U+2F3E is kept as U+6236, the older form of U+6237, as the standard has it:
# which of the two was meant depends on the text around it, and this table does not look around.
# Copyright of the source: Unicode, Inc.; terms at https://www.unicode.org/terms_of_use.html
"""


def make_radicals(source: str) -> str:
    """Return the table for the text of EquivalentUnifiedIdeograph.txt."""
    version = source.split("\n", 1)[0].removeprefix("# ")
    rows = []
    for first, last, target in LINE.findall(source):
        for code in range(int(first, 16), int(last or first, 16) + 1):
            if any(code in block for block in BLOCKS):
                rows.append(f"{chr(code)}\t{chr(int(target, 16))}\n")
    return HEADER.format(version=version) + "".join(sorted(rows))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RULES
    table = make_radicals(SOURCE.read_text(encoding="utf-8"))
    (folder / "radicals.tsv").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
