"""Write an explanation as SARIF 2.1.0 (OASIS), which code-review tools show beside the lines."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from cleaner import __version__
from cleaner.report.explain import Places
from cleaner.report.judge import Judge

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def make_sarif(explained: dict[str, Any], raw: str, name: str, judge: Judge, digest: str) -> dict[str, Any]:
    """Return the log: a result for each change, with its fix, and for each flag. Columns count code points."""
    places = Places(raw)
    uri = quote(os.fsencode(name.replace("\\", "/")))
    results = [_change(edit, places, uri) for edit in explained["edits"]]
    results += [_flag(flag, places, uri) for flag in explained["flags"]]
    names = sorted({result["ruleId"] for result in results})
    driver = {
        "name": "cleaner",
        "version": __version__,
        "rules": [_rule(rule, judge) for rule in names],
        "properties": {"rules": digest},
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, judge: Judge) -> dict[str, Any]:
    return {"id": rule, "shortDescription": {"text": " ".join(judge.reasons(rule))}}


def _change(edit: dict[str, Any], places: Places, uri: str) -> dict[str, Any]:
    region = _region(edit["at"], places)
    what = f"{edit['before']!r} becomes {edit['after']!r}" if edit["before"] or edit["after"] else "moved"
    result: dict[str, Any] = {
        "ruleId": edit["rule"],
        "level": "note",
        "message": {"text": f"{what}: {' '.join(edit['why'])}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "properties": {"confidence": edit["confidence"]},
    }
    if edit["before"] or edit["after"]:
        replacement = {"deletedRegion": region, "insertedContent": {"text": edit["after"]}}
        change = {"artifactLocation": {"uri": uri}, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": what}, "artifactChanges": [change]}]
    return result


def _flag(flag: dict[str, Any], places: Places, uri: str) -> dict[str, Any]:
    return {
        "ruleId": flag["code"],
        "level": "warning",
        "message": {"text": flag["message"]},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": _region(flag["at"], places)}}],
    }


def _region(at: list[int], places: Places) -> dict[str, int]:
    """Return a region; its end column is the one behind the last character (SARIF 3.30.8)."""
    (line, column), (end_line, end_column) = places.find(at[0]), places.find(at[1])
    return {
        "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        "charOffset": at[0], "charLength": at[1] - at[0],
    }  # fmt: skip
