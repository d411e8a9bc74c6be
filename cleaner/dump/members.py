"""Take a line of JSON apart such that all but one field stays as it was written, character for character.

Parsing and writing again would change what other fields hold: big integers and long fractions in some readers,
escapes and spacing in all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import NamedTuple

from cleaner.dump.reject import Reject

# Numbers are not converted: Python refuses integers of more than 4,300 digits.
_VALUES = json.JSONDecoder(parse_int=str, parse_float=str)
_BLANKS = re.compile(r"[ \t\r\n]*")


class Member(NamedTuple):
    """A field of an object: its name, what it holds if that is a string (else None), and its places in the line."""

    name: str
    text: str | None
    start: int  # of the name
    value: int
    end: int


def split_members(line: str) -> dict[str, Member]:
    """Return the fields of the JSON object in `line`, in order; Reject when it is none, or names a field twice."""
    members: dict[str, Member] = {}
    try:
        for member in _walk(line):
            if member.name in members:
                raise Reject("field-twice", f"the field {member.name!r} is there twice")
            members[member.name] = member
    except IndexError as error:
        raise Reject("not-json", "not JSON: it ends within the object") from error
    except ValueError as error:
        raise Reject("not-json", f"not JSON: {error}") from error
    except RecursionError as error:
        raise Reject("not-json", "nested too deep") from error
    return members


def _walk(line: str) -> Iterator[Member]:
    at = _skip(line, 0)
    if line[at : at + 1] != "{":
        _VALUES.decode(line)
        hint = "a line is a record (jq -c '.[]' makes lines of an array)"
        raise Reject("not-an-object", f"JSON, but no object of fields: {hint}")
    at = _skip(line, at + 1)
    while line[at] != "}":
        if line[at] != '"':
            raise ValueError(f"a field's name in double quotes is wanted at character {at}")
        start = at
        name, at = scanstring(line, at + 1, True)
        at = _expect(line, at, ":")
        value, end = _VALUES.raw_decode(line, at)
        yield Member(name, value if line[at] == '"' else None, start, at, end)
        at = _skip(line, end)
        if line[at] != "}":
            at = _expect(line, at, ",")
            if line[at] == "}":
                raise ValueError(f"a field is wanted at character {at}")
    if _skip(line, at + 1) != len(line):
        raise ValueError(f"more behind the object, at character {at + 1}")


def _expect(line: str, at: int, mark: str) -> int:
    at = _skip(line, at)
    if line[at] != mark:
        raise ValueError(f"{mark!r} is wanted at character {at}")
    return _skip(line, at + 1)


def _skip(line: str, at: int) -> int:
    found = _BLANKS.match(line, at)
    return found.end() if found else at


def replace_value(line: str, member: Member, value: str) -> str:
    """Return the line with other JSON in the place of one field's value."""
    return line[: member.value] + value + line[member.end :]


def other_members(line: str, members: dict[str, Member], name: str) -> str:
    """Return the object without one field, the others as they were written."""
    others = (line[member.start : member.end] for member in members.values() if member.name != name)
    return "{" + ", ".join(others) + "}"
