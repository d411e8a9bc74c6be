"""Write values as JSON Lines in UTF-8, readable as they are."""

from __future__ import annotations

import json


def json_line(value: object, indent: int | None = None) -> str:
    """Return a value as one line of JSON, Chinese unescaped; lone surrogates, which UTF-8 cannot hold, are escaped.

    With `indent` it is several lines, for people.
    """
    line = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        line = json.dumps(value, indent=indent)
    return line + "\n"
