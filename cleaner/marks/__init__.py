"""Procedures: rules whose finding needs an algorithm. Each is named by a rule file's `do` and has a module of its name."""

from __future__ import annotations

from cleaner.engine.compile import Procedure
from cleaner.marks.nfc import make_nfc

PROCEDURES: dict[str, Procedure] = {
    "nfc": make_nfc,
}
