"""Remember what was worked out of a text or a number: the same ones are met again, as neighbours, in later steps and in
the next walk."""

from __future__ import annotations

from typing import TypeVar

MOST = 2048  # keys remembered
LONGEST = 1000  # characters of a text that is remembered

K = TypeVar("K")
V = TypeVar("V")


class Memory(dict[K, V]):
    """What was worked out, by what from; when it is full, it is begun anew."""

    def remember(self, key: K, value: V) -> V:
        """Keep a value and return it."""
        if len(self) >= MOST:
            self.clear()
        self[key] = value
        return value


class TextMemory(Memory[str, V]):
    """What was worked out of texts; very long ones are worked out each time."""

    def remember(self, key: str, value: V) -> V:
        """Keep a value if its text is not very long, and return it."""
        return super().remember(key, value) if len(key) <= LONGEST else value
