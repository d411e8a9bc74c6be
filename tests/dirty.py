"""Dirty lines of JSON, which engines of other makers lose, stop at or change, and what should come of them."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable

from cleaner.io.codec import load_zstd

RAW = "新桥通车。\r\n\r\n不必再绕行。"
PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: bytes(load_zstd().compress(data)),
}


def good(number: int) -> bytes:
    return json.dumps({"id": number, "text": RAW}, ensure_ascii=False).encode()


# Lines in, how many come out, why the others do not.
DIRTY = {
    "cut off": ([*map(good, range(19)), good(19)[:-2]], 19, ["not-json"]),
    "other encoding": ([*map(good, range(99)), json.dumps({"text": RAW}, ensure_ascii=False).encode("gb18030")], 99,
                       ["undecodable"]),
    "lone surrogate": ([good(0), b'{"text": "\\ud83d\xe7\x94\xb2"}', good(2)], 3, []),
    "empty text": ([good(0), b'{"text": ""}', good(2)], 3, []),
    "no string": ([good(0), b'{"text": 5}', b'{"text": null}', b'{"text": ["x"]}'], 1, ["text-not-a-string"] * 3),
    "no text": ([good(0), b'{"id": 1}', b"{}"], 1, ["no-text"] * 2),
    "array": ([good(0), b'["text"]', good(2)], 2, ["not-an-object"]),
    "twice": ([good(0), b'{"text": "a", "text": "b"}'], 1, ["field-twice"]),
    "deep": ([good(0), b'{"text": "a", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"], 1, ["not-json"]),
    "no json": ([b"{", b'{"text"', b'{"text": "a",}', b'{"text": "a"} x', b"{'text': 1}", b"nul", good(0)], 1,
                ["not-json"] * 6),
    "odd line ends": ([good(0) + b"\r", '{"text": "\u2028\x85\u2029甲"}'.encode(), b" ", b"", good(1)], 3, []),
    "NUL": ([b'{"text": "\\u0000a"}', b"\x00\x00", good(1)], 2, ["not-json"]),
}  # fmt: skip
