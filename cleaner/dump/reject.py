"""Records that are put aside: why, where they stood, and what they were."""

from __future__ import annotations

import base64
from typing import Any

from cleaner.io.jsonlines import json_line

# Why a record is put aside, as docs/dumps.md lists it.
REASONS = (
    "undecodable", "not-json", "not-an-object", "field-twice", "no-text", "text-not-a-string", "too-large",
    "damaged-input", "decompression-bomb", "rule-timeout", "timeout", "worker-died", "failed",
)  # fmt: skip


class Reject(Exception):
    """A record that cannot be cleaned: `reason` is one of REASONS, the message says more."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def reject_line(shard: str, number: int, offset: int, reject: Reject, record: Any) -> bytes:
    """Return the line of the rejects file. `record` is what was read, bytes or plain data; None where that is left out.

    Bytes that are not UTF-8 are written in base64.
    """
    line: dict[str, Any] = {
        "input": shard, "number": number, "offset": offset, "reason": reject.reason, "message": str(reject),
    }  # fmt: skip
    if isinstance(record, bytes):
        try:
            line["record"] = record.decode("utf-8")
        except UnicodeDecodeError:
            line["record_base64"] = base64.b64encode(record).decode("ascii")
    elif record is not None:
        line["record"] = record
    return json_line(line).encode("utf-8")
