"""Find in which encoding bytes read most like Chinese, by how common the characters are."""

from __future__ import annotations

import codecs
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cleaner.paths import rules_dir

CONVINCING = 0.8  # a guess below this confidence is not to be used
HEAD = 1 << 14  # bytes looked at: more make nothing surer
# Encodings that share most codes are a family, told apart by what they can decode. cp950 goes first, since it reads
# Big5's marks as Chinese text has them (A1E3 is U+FF5E, A145 is U+2027); big5hkscs has 4,650 codes more.
FAMILIES = (("utf-8",), ("gb18030",), ("cp950", "big5hkscs"), ("utf-16-le",), ("utf-16-be",))
_OTHERS = (("cp932", "Japanese"), ("euc_jp", "Japanese"), ("cp949", "Korean"))
_LANGUAGES = ("Chinese", "Japanese", "Korean")  # the order of the columns in blocks.tsv
_ANY_BYTE = 4.8  # cost of a byte that follows no code, and
_ANY_CHARACTER = 20.0  # of a character in no listed block; see blocks.tsv
_PRIOR = 5.0  # nats that speak for Chinese beforehand, since Chinese text is what Cleaner is given
# How files begin that are no text, by the registrations of their formats (media types, RFC 1952, RFC 8878)
_FORMATS = {
    b"\x1f\x8b": "gzip",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"PK\x03\x04": "ZIP (also of Word, Excel and EPUB)",
    b"%PDF-": "PDF",
    b"\xd0\xcf\x11\xe0": "old Word or Excel",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"PAR1": "Parquet",
    b"PK\x05\x06": "ZIP",
    b"Rar!": "RAR",
    b"{\\rtf": "RTF",
}
_TAR = slice(257, 262)  # where a tar archive says that it is one
_TEMPER = 3.0  # neighbours depend on each other, so a nat of evidence counts for a third


class Guess(NamedTuple):
    """The likeliest family of encodings, best first, and how sure that is (0 to 1).

    `other` says what the bytes are likelier to be than Chinese; it is empty where nothing is.
    """

    encodings: tuple[str, ...]
    confidence: float
    other: str


def guess_encoding(data: bytes) -> Guess:
    """Compare the readings of `data` as Chinese, as Japanese or Korean, and as bytes that follow no code.

    The reading of least cost wins, where a cost is the sum of the characters' -ln(share of running text). All readings
    are of the same bytes, so this is Bayes' rule. Only the start is read, but not a long start that is all ASCII (an
    even number of bytes is passed over, for UTF-16's sake); a character cut off at its end costs what its bytes do.
    Beyond this are a file whose start was cut off in mid-character, and some 32 bytes or less of Thai or KOI8-R,
    which can pass for GB18030.

    >>> guess_encoding("新華社電，記者昨日獲悉".encode("big5")).encodings
    ('cp950', 'big5hkscs')
    """
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - HEAD // 2) & ~1 if first else 0
    head = data[start : start + HEAD]
    readings: list[tuple[float, tuple[str, ...], str]] = []
    for family in FAMILIES:
        costs = {name: _cost_reading(head, name, "Chinese") for name in family}
        names = tuple(sorted(family, key=lambda name: costs[name]))
        readings.append((costs[names[0]], names, ""))
    for name, language in _OTHERS:
        readings.append((_PRIOR + _cost_reading(head, name, language), (), f"{language} in {name}"))
    readings.append((_PRIOR + _ANY_BYTE * len(head), (), "text of another language, or no text"))
    readings.sort(key=lambda reading: reading[0])
    best, encodings, _ = next(reading for reading in readings if reading[1])
    least, _, other = readings[0]
    weights = sum(math.exp((least - cost) / _TEMPER) for cost, _, _ in readings)
    return Guess(encodings, math.exp((least - best) / _TEMPER) / weights, other)


def name_format(data: bytes) -> str:
    """Return the name of the format of a file that is no text, by how it begins; empty where it is none of the known.

    >>> name_format(b"%PDF-1.7")
    'PDF'
    """
    if data[_TAR] == b"ustar":
        return "tar"
    return next((name for start, name in _FORMATS.items() if data.startswith(start)), "")


def _cost_reading(head: bytes, encoding: str, language: str) -> float:
    """Add up the costs of the characters, each undecodable place counting as one, and of the bytes left at the end."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    counts = Counter(decoder.decode(head))
    costs = _load_costs(language)
    left = len(decoder.getstate()[0])
    return _ANY_BYTE * left + sum(costs[character] * count for character, count in counts.items())


class _Costs(dict[str, float]):
    """The cost of each character, filled in from its block when first asked for."""

    def __init__(self, blocks: list[tuple[int, int, float]]) -> None:
        super().__init__()
        self.blocks, self.starts = blocks, [first for first, _, _ in blocks]

    def __missing__(self, character: str) -> float:
        code = ord(character)
        _, last, cost = self.blocks[bisect_right(self.starts, code) - 1]
        self[character] = cost if code <= last else _ANY_CHARACTER
        return self[character]


def _read_rows(file: Path) -> Iterator[list[str]]:
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def _load_costs(language: str) -> _Costs:
    """Load what characters cost in a language, in nats; the commonness of single characters is known for Chinese."""
    folder = rules_dir() / "decode"
    column = 2 + _LANGUAGES.index(language)
    blocks = _read_rows(folder / "blocks.tsv")
    costs = _Costs([(int(row[0], 16), int(row[1], 16), float(row[column])) for row in blocks])
    if language == "Chinese":
        costs.update((character, float(cost)) for character, _, cost in _read_rows(folder / "common-han.tsv"))
    return costs
