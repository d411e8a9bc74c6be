"""Patterns that are compiled when they are first used.

Most rules never meet what triggers them, so most patterns are never needed. What was compiled can be kept between runs
(`cleaner/io/cache.py`): as the code words of the `re` module, which are numbers that `re` checks before it takes them.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from typing import Any

from cleaner.errors import RuleError

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "groups", "groupindex")
_sre: Any = import_module("_sre")


class PatternStore:
    """Compiled code of patterns and facts found by parsing them, by a hash of flags and source.

    `codes` holds flags, number of groups, group names and code words; `facts` any JSON value; `packed` facts that
    were kept before, as they were written: a run needs few of them. `grown` tells whether something was added that the
    kept store has not.
    """

    def __init__(self) -> None:
        self.codes: dict[str, tuple[int, int, dict[str, int], Any]] = {}
        self.facts: dict[str, Any] = {}
        self.packed: dict[str, bytes] = {}
        self.unpack: Callable[[str, bytes], Any] = lambda key, data: None
        self.grown = False

    def compile(self, source: str, flags: int) -> re.Pattern[str]:
        """Return the compiled pattern, from its kept code where there is some. Raises re.error."""
        key = hash_source(source, flags)
        kept = self.codes.get(key)
        if kept is None:
            return self._compile(source, flags, key)
        try:
            return self._revive(source, kept)
        except (RuntimeError, ValueError, TypeError, OverflowError, IndexError):  # no code that `re` takes
            return self._compile(source, flags, key)

    def _revive(self, source: str, kept: tuple[int, int, dict[str, int], Any]) -> re.Pattern[str]:
        """Make a pattern of its code words; `re` raises RuntimeError when they are none."""
        full, groups, names, words = kept
        code = array("I")
        code.frombytes(bytes(words))
        order: list[str | None] = [None] * (groups + 1)
        for name, number in names.items():
            order[number] = name
        pattern: re.Pattern[str] = _sre.compile(source, full, code.tolist(), groups, names, tuple(order))
        return pattern

    def find(self, key: str, make: Callable[[], Any], most: int = 0) -> Any:
        """Return a fact, made and kept where it is not known; None is no fact.

        Where `most` is given, the oldest of its kind (what stands before the colon) make room for a new one.
        """
        fact = self.facts.get(key)
        if fact is None:
            fact = self.unpack(key, self.packed[key]) if key in self.packed else None
            if fact is None:
                fact = make()
                self.grown = True
                if most:
                    self._make_room(key[: key.index(":") + 1], most)
            self.facts[key] = fact
        return fact

    def _make_room(self, kind: str, most: int) -> None:
        known = [key for key in dict.fromkeys([*self.packed, *self.facts]) if key.startswith(kind)]
        for old in known[: 1 - most or None]:
            self.facts.pop(old, None)
            self.packed.pop(old, None)

    def _compile(self, source: str, flags: int, key: str) -> re.Pattern[str]:
        """Compile with `re`, and keep the code words that it hands to its engine."""
        if not keeps_codes():
            return re.compile(source, flags)
        parser, compiler = import_module("re._parser"), import_module("re._compiler")
        parsed = parser.parse(source, flags)
        code = compiler._code(parsed, flags)
        full = flags | parsed.state.flags
        self.codes[key] = (full, parsed.state.groups - 1, dict(parsed.state.groupdict), array("I", code).tobytes())
        self.grown = True
        return self._revive(source, self.codes[key])


STORE = PatternStore()


def hash_source(source: str, flags: int = 0) -> str:
    """Return the key of a pattern in the store."""
    return hash_bytes(f"{flags}:{source}".encode("utf-8", "surrogatepass"))


def hash_bytes(data: bytes) -> str:
    """Return a short digest."""
    return blake2b(data, digest_size=12).hexdigest()


def keeps_codes() -> bool:
    """Tell whether this Python's `re` is known to take code words: CPython's of 3.11 to 3.14 is."""
    known = sys.implementation.name == "cpython" and (3, 11) <= sys.version_info[:2] <= (3, 14)
    return known and getattr(_sre, "CODESIZE", 0) == array("I").itemsize


def parse_toml(content: bytes) -> dict[str, Any]:
    """Return the content of a bundled TOML file, parsed before or now. Raises what `tomllib` and decoding raise."""

    def parse() -> Any:
        import tomllib

        return tomllib.loads(content.decode("utf-8"))

    fact: dict[str, Any] = STORE.find("toml:" + hash_bytes(content), parse)
    return fact


class LazyPattern:
    """Behaves as the compiled pattern, which it makes on first use; RuleError that names the rule if it is wrong."""

    def __init__(self, source: str, flags: int = 0, file: str = "", rule: str | None = None) -> None:
        self.pattern, self.flags, self.file, self.rule = source, flags, file, rule

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        try:
            compiled = STORE.compile(self.pattern, self.flags)
        except (re.error, OverflowError, RecursionError) as error:
            raise RuleError(self.file, self.rule, f"the pattern is wrong: {error}") from error
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


@lru_cache(maxsize=1024)
def find_pattern(source: str, flags: int = 0) -> LazyPattern:
    """Return the pattern of a source, the same for the same one, as `re.compile` does."""
    return LazyPattern(source, flags)
