"""Write rules/decode/common-han.tsv: how common each Chinese character is, for encoding detection.

    python tools/make_common_han.py [FOLDER]

Reads the Unihan database of Debian's package unicode-data. FOLDER is where the table goes, rules/decode by default.
"""

from __future__ import annotations

import bz2
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path("/usr/share/unicode/Unihan_Readings.txt.bz2")
RULES = Path(__file__).resolve().parents[1] / "rules" / "decode"
UNCOUNTED = 12  # a character of a level-1 zone that the word counts lack: seldom, but ordinary

HEADER = """\
# Common Chinese characters: character, script (s simplified, t traditional, both), cost.
# The cost is -ln(share of running text), in whole nats: 3 is one character in twenty, 12 one in 160,000.
# Made by tools/make_common_han.py from Unihan's field kHanyuPinlu of Unicode {version} (the counts of a
# frequency dictionary of Beijing Mandarin, given for both scripts), summed over the readings. The characters of the
# level-1 zones of GB 2312 (B0A1-D7F9) and Big5 (A440-C67E), which those standards call the common ones, are added at
# cost {cost}.
# The script is s when only GB 2312 has the character, t when it has not.
# Copyright of the source: Unicode, Inc.; terms at https://www.unicode.org/terms_of_use.html
"""


def read_counts(source: str) -> dict[str, int]:
    """Return how often kHanyuPinlu counts each character; its values look like `le(24000) liǎo(600)`."""
    field = re.compile(r"^U\+([0-9A-F]+)\tkHanyuPinlu\t(.+)$", re.MULTILINE)
    rows = field.findall(source)
    return {chr(int(code, 16)): sum(map(int, re.findall(r"\((\d+)\)", value))) for code, value in rows}


def list_level_1() -> Iterator[str]:
    """List the level-1 characters of GB 2312 and of Big5, by their zones of codes."""
    for codec, first, last in (("gb2312", 0xB0A1, 0xD7F9), ("big5", 0xA440, 0xC67E)):
        for code in range(first, last + 1):
            try:
                yield code.to_bytes(2, "big").decode(codec)
            except UnicodeDecodeError:  # the gap between two rows
                continue


def name_script(character: str) -> str:
    def has(codec: str) -> bool:
        try:
            return bool(character.encode(codec))
        except UnicodeEncodeError:
            return False

    if has("gb2312"):
        return "both" if has("big5") else "s"
    return "t"


def make_common_han(source: str) -> str:
    """Return the table for the text of Unihan_Readings.txt."""
    counts = read_counts(source)
    version = re.findall(r"^# Unicode version: (\S+)", source, re.MULTILINE)[0]
    # Traditional forms repeat the counts of the simplified ones, so one script alone makes the whole text.
    total = sum(count for character, count in counts.items() if name_script(character) != "t")
    costs = dict.fromkeys((c for c in list_level_1() if len(c) == 1), UNCOUNTED)
    costs |= {character: min(UNCOUNTED, round(-math.log(count / total))) for character, count in counts.items()}
    rows = (f"{character}\t{name_script(character)}\t{cost}\n" for character, cost in sorted(costs.items()))
    return HEADER.format(cost=UNCOUNTED, version=version) + "".join(rows)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RULES
    table = make_common_han(bz2.decompress(SOURCE.read_bytes()).decode("utf-8"))
    (folder / "common-han.tsv").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
