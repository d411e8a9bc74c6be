"""Make rules/words/pairs.tsv: pairs of characters that stand side by side inside Chinese words.

Source: the word list `dict.txt` of the jieba package (MIT licence, Sun Junyi): word, frequency, part of speech. A
pair's count is the summed frequency of the words that hold it. Traditional forms are added through OpenCC (s2t),
word by word.

    pip download --no-deps --no-binary :all: jieba && tar xf jieba-*.tar.gz
    python tools/make_word_pairs.py jieba-0.42.1/jieba/dict.txt [FOLDER]
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import opencc

LEAST = 200  # summed frequency: of 38 headings none gave a false hit at this bound, at 50 three did
HAN = range(0x4E00, 0xA000)
HEADER = """\
# Pairs of characters that stand side by side inside Chinese words: first character, all second ones.
# Made by tools/make_word_pairs.py from the word list of jieba 0.42.1 (MIT licence, Copyright 2013 Sun Junyi),
# words with a summed frequency of {least} or more; traditional forms added with OpenCC.
"""


def count_pairs(lines: list[str]) -> Counter[str]:
    """Count the pairs inside words, in simplified and traditional script."""
    converter = opencc.OpenCC("s2t")
    counts: Counter[str] = Counter()
    for line in lines:
        word, frequency, *_ = line.split(" ")
        if len(word) < 2:
            continue
        for form in {word, converter.convert(word)}:
            for first, second in pairwise(form):
                if ord(first) in HAN and ord(second) in HAN:
                    counts[first + second] += int(frequency)
    return counts


def make_table(lines: list[str]) -> str:
    """Return the table's text."""
    seconds: dict[str, list[str]] = {}
    for pair, count in sorted(count_pairs(lines).items()):
        if count >= LEAST:
            seconds.setdefault(pair[0], []).append(pair[1])
    rows = [f"{first}\t{''.join(rest)}\n" for first, rest in sorted(seconds.items())]
    return HEADER.format(least=LEAST) + "".join(rows)


def main() -> None:
    """Write the table."""
    source = Path(sys.argv[1]).read_text(encoding="utf-8").strip().split("\n")
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parent.parent / "rules" / "words"
    (folder / "pairs.tsv").write_text(make_table(source), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
