"""Write the tables of one-for-one character repairs that Python's own Unicode data gives.

    python tools/make_character_tables.py [FOLDER]

Makes compatibility.tsv, fullwidth.tsv and halfwidth-katakana.tsv; FOLDER is rules/characters by default. The
mappings are under Unicode's stability policy, so every Python from 3.11 on gives the same tables.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

RULES = Path(__file__).resolve().parents[1] / "rules" / "characters"

HEADERS = {
    "compatibility.tsv": """\
# CJK compatibility ideographs (U+F900-FAFF, U+2F800-2FA1F) to the unified ideographs they are canonically equal to.
# Old code sets and fonts bring them in; NFC replaces them anyway, and here the edit log sees it.
# Made by tools/make_character_tables.py from the canonical decompositions of the Unicode Character Database
# (field 5 of UnicodeData.txt). The twelve characters of the first block that are unified ideographs themselves
# (U+FA0E, FA0F, FA11, FA13, FA14, FA1F, FA21, FA23, FA24, FA27, FA28, FA29) have none and are not listed.
""",
    "fullwidth.tsv": """\
# Full-width letters and digits of ASCII (U+FF10-FF19, U+FF21-FF3A, U+FF41-FF5A) to half-width.
# GB/T 15834 wants full-width marks in Chinese, so the full-width punctuation of the same block is not listed.
# Made by tools/make_character_tables.py from the <wide> decompositions of the Unicode Character Database.
""",
    "halfwidth-katakana.tsv": """\
# Half-width katakana and its marks (U+FF61-FF9D) to full-width; a letter and its voicing mark (U+FF9E, U+FF9F) are
# one letter, so try a two-character key before the one-character key it begins with.
# Made by tools/make_character_tables.py from the <narrow> decompositions of the Unicode Character Database and
# canonical composition. A voicing mark that stands alone is left as it is: which letter it belongs to is not known.
""",
}


def list_compatibility() -> Iterator[tuple[str, str]]:
    for code in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        unified = unicodedata.normalize("NFC", chr(code))
        if unified != chr(code):
            yield chr(code), unified


def list_fullwidth() -> Iterator[tuple[str, str]]:
    for code in range(0xFF01, 0xFF5F):
        narrow = chr(code - 0xFEE0)  # the block repeats ASCII from U+0021 on
        if narrow.isalnum():
            yield chr(code), narrow


def list_katakana() -> Iterator[tuple[str, str]]:
    for code in range(0xFF61, 0xFF9E):
        for mark in ("", chr(0xFF9E), chr(0xFF9F)):  # none, voiced, semi-voiced
            wide = unicodedata.normalize("NFKC", chr(code) + mark)
            if len(wide) == 1:
                yield chr(code) + mark, wide


def make_tables() -> dict[str, str]:
    """Return each table's text by its file name."""
    rows = dict(zip(HEADERS, (list_compatibility(), list_fullwidth(), list_katakana()), strict=True))
    return {name: HEADERS[name] + "".join(f"{old}\t{new}\n" for old, new in sorted(rows[name])) for name in HEADERS}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RULES
    for name, table in make_tables().items():
        (folder / name).write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
