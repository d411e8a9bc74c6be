"""Texts that mean harm, or look like it, each with the size at which tools/trust.py tries it; tests take less."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

LONG_LINE = 1 << 30  # bytes of a page in one line
MEMORY, SECONDS = (
    1 << 30,
    60,
)  # of address space, in bytes, and processor time, in which commands refuse what is too large


class Hostile(NamedTuple):
    """A text of about `size` characters, made by `make`."""

    make: Callable[[int], str]
    size: int = 1_000_000


TEXTS: dict[str, Hostile] = {
    "one line of prose": Hostile(lambda n: "石桥镇今年新修了两条路,村民出行方便多了。" * (n // 21), 4_000_000),
    "one line without a mark": Hostile(lambda n: "石桥镇今年新修了两条路" * (n // 11), 4_000_000),
    "empty lines": Hostile(lambda n: "\n" * n),
    "empty lines of CR LF": Hostile(lambda n: "\r\n" * (n // 2)),
    "blanks": Hostile(lambda n: " " * n),
    "blanks and line feeds": Hostile(lambda n: " \n\u3000" * (n // 3)),
    "straight quotes": Hostile(lambda n: '"' * n),
    "quotes between characters": Hostile(lambda n: '石"' * (n // 2)),
    "opening quotes": Hostile(lambda n: "“" * n),
    "closing quotes after colons": Hostile(lambda n: "：”" * (n // 2)),
    "nested brackets": Hostile(lambda n: "（" * (n // 2) + "石" + "）" * (n // 2), 200_000),
    "nested brackets and quotes": Hostile(lambda n: "《“" * (n // 4) + "”》" * (n // 4), 200_000),
    "square brackets": Hostile(lambda n: "[" * n, 200_000),
    "tags": Hostile(lambda n: "<b>" * (n // 3), 300_000),
    "open tags": Hostile(lambda n: "<" * n, 200_000),
    "ampersands": Hostile(lambda n: "&" * n, 200_000),
    "dollars": Hostile(lambda n: "$" * n, 200_000),
    "images": Hostile(lambda n: "![a](" * (n // 5), 200_000),
    "full stops": Hostile(lambda n: "." * n, 200_000),
    "dashes": Hostile(lambda n: "-" * n, 200_000),
    "one digit": Hostile(lambda n: "1" * n, 200_000),
    "one letter": Hostile(lambda n: "a" * n, 200_000),
    "bidi overrides": Hostile(lambda n: "石\u202e" * (n // 2), 200_000),
    "NUL characters": Hostile(lambda n: "石\0" * (n // 2), 200_000),
    "lone surrogates": Hostile(lambda n: "\ud800" * n, 200_000),
    "marks on one letter": Hostile(lambda n: "a" + "\u0301\u0327" * (n // 2), 200_000),
    "zero-width characters": Hostile(lambda n: "石\u200b" * (n // 2), 200_000),
}
