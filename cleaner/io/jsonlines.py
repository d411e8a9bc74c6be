"""Write values as JSON Lines in UTF-8, readable as they are."""

from __future__ import annotations

import json


def json_line(value: object) -> str:
    """Return a value as one line of JSON, Chinese unescaped; lone surrogates, which UTF-8 cannot hold, are escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        line = json.dumps(value)
    return line + "\n"
