"""The errors that Cleaner raises: one base, one class for each kind of thing a user can mend."""

from __future__ import annotations


class CleanerError(Exception):
    """Any failure that Cleaner foresees; its message names the file and the place."""


class DecodeError(CleanerError):
    """Bytes that are not text in any encoding tried.

    `source` names the input, `tried` the encodings in the order tried, `offset` is the place of the first
    undecodable byte (in bytes from the start of the file).
    """

    def __init__(self, source: str, tried: tuple[str, ...], offset: int, reason: str) -> None:
        self.source, self.tried, self.offset, self.reason = source, tried, offset, reason
        super().__init__(f"{source}: cannot decode as {', '.join(tried)}: byte {offset}: {reason}")


class RuleError(CleanerError):
    """A rule or rule file that cannot be used: names the file, the rule and what to do.

    Where an example fails, `wanted` is what it should give and `got` what it gives.
    """

    def __init__(
        self, file: str, rule: str | None, problem: str, *, wanted: str | None = None, got: str | None = None
    ) -> None:
        self.file, self.rule, self.problem = file, rule, problem
        self.wanted, self.got = wanted, got
        super().__init__(f"{file}: {f'rule {rule!r}: ' if rule else ''}{problem}")


class LogError(CleanerError):
    """An edit log that does not belong to the text it is used on, or is damaged."""


class DefectError(CleanerError):
    """A defect of Cleaner that it finds itself, as counts that do not come out even; nothing was put in place."""


class DumpError(CleanerError):
    """A record of a dump that cannot be read: names the file and the record's number."""

    def __init__(self, file: str, record: int, problem: str) -> None:
        self.file, self.record, self.problem = file, record, problem
        super().__init__(f"{file}: record {record}: {problem}")
