"""Measure a user's pattern before it is compiled: counted repeats are written out, and may fill the memory."""

from __future__ import annotations

import re

LONGEST = 100_000  # items of a pattern with its repeats written out; compiling so many takes a tenth of a second
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]|\(|\)|\{(?P<least>\d{1,18})(?:,\d*)?\}|.", re.DOTALL)


def count_items(pattern: str) -> int:
    """Return about how many items a pattern has when each is written as often as it must occur.

    >>> count_items("甲{3}"), count_items("(甲乙{2}){10}")
    (3, 30)
    """
    sizes = [0]  # of the groups that are open
    last = 0  # the size of the item that a repeat would mean
    for match in _TOKEN.finditer(pattern):
        if match[0] == "(":
            sizes.append(0)
        elif match["least"]:
            sizes[-1] += last * (int(match["least"]) - 1)
            last *= int(match["least"])
        else:
            last = sizes.pop() if match[0] == ")" and len(sizes) > 1 else 1
            sizes[-1] += last
    return sum(sizes)
