"""Make the report: one HTML page that needs nothing else.

The texts are HTML that can be read without any script; the script adds filters, keys and the panel that explains. A
content security policy names the one style and the one script by their digests, so that nothing else can run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import takewhile
from pathlib import PurePath
from typing import Any

from cleaner import __version__
from cleaner.engine.profile import RuleSet
from cleaner.model import Page
from cleaner.report.changes import KINDS, Change, all_flags, walk_page
from cleaner.report.explain import Places
from cleaner.report.figures import PageFigures, count_rules, edit_of, tier_of, write_figures
from cleaner.report.judge import Judge
from cleaner.report.markup import PageMarkup, show_text
from cleaner.report.ribbons import draw_ribbons
from cleaner.report.rows import make_rows

LONGEST = 120  # characters of a changed text that the panel shows


def make_report(
    pages: Sequence[tuple[str, Page]], judge: Judge, about: str, review: dict[str, Any] | None = None
) -> str:
    """Return the document for named pages; `about` says how they were made.

    With `review` (the token, and the decisions so far) it is the page that `cleaner review` serves.
    """
    figures, sections, data = [], [], []
    names = shorten_names([name for name, _ in pages])
    for number, (name, (_, page)) in enumerate(zip(names, pages, strict=True)):
        walked, flags = walk_page(page), all_flags(page)
        rows = make_rows(page, walked, flags)
        figures.append(PageFigures(name, page, walked.changes, flags))
        sections.append(
            f'<section class="page" id="p{number}" aria-labelledby="p{number}h">'
            f'<h2 id="p{number}h">{show_text(name)}</h2><div class="sides">{draw_ribbons(number, page, rows)}'
            f'<div class="rows">{PageMarkup(number, page, rows, walked.changes, flags).write()}</div></div></section>\n'
        )
        places = Places(page.raw)
        data.append(
            {
                "name": name,
                "changes": [_change(change, judge, places) for change in walked.changes],
                "flags": [[f.code, f.message, *places.find(f.span[0]), f.suggestion] for f in flags],
            }
        )
    rules = sorted({*count_rules(c for p in figures for c in p.changes), *(f.code for p in figures for f in p.flags)})
    told = {"pages": data, "rules": _rules(rules, data, judge), "kinds": KINDS, "review": review}
    return _fill(about, write_figures(figures, judge), "".join(sections), told)


def shorten_names(names: Sequence[str]) -> list[str]:
    """Return the names of files without the folders that all of them are in.

    >>> shorten_names(["scans/0518/01.txt", "scans/0519/01.txt"])
    ['0518/01.txt', '0519/01.txt']
    """
    parts = [PurePath(name).parts for name in names]
    folders = zip(*(part[:-1] for part in parts), strict=False)
    shared = sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, folders))
    return [str(PurePath(*part[shared:])) if part else name for name, part in zip(names, parts, strict=True)]


def describe_run(rules: RuleSet) -> str:
    """Say how pages were made: version, profile, digest of the rules."""
    return f"Cleaner {__version__}, profile {rules.name}, rules {rules.digest}"


def _change(change: Change, judge: Judge, places: Places) -> list[Any]:
    """Return what the panel shows of a change, as the script expects it."""
    evidence = judge.evidence(change.note)
    return [
        change.kind, change.rule, tier_of(change.rule, judge), *places.find(change.at[0]), _cut(change.before),
        _cut(change.after), judge.confidence(edit_of(change)), evidence or change.note,
    ]  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "\N{HORIZONTAL ELLIPSIS}"


def _rules(names: Sequence[str], data: Sequence[dict[str, Any]], judge: Judge) -> dict[str, str]:
    """Return the reasons of all rules and of all evidence that the data name."""
    evidence = {name for p in data for c in p["changes"] if isinstance(c[-1], list) for name, _ in c[-1]}
    return {name: judge.reasons(name)[0] for name in sorted({*names, *evidence})}


def _fill(about: str, figures: str, pages: str, told: dict[str, Any]) -> str:
    style, script = read_asset("report.css"), read_asset("report.js")
    if told["review"] is not None:
        script += read_asset("review.js")
    holes = {
        "policy": policy(style, script),
        "style": style,
        "about": show_text(about),
        "figures": figures,
        "pages": pages,
        "data": json.dumps(told, separators=(",", ":")).replace("<", "\\u003c"),
        "script": script,
    }
    parts = read_asset("report.html").split("{{")
    return parts[0] + "".join(holes[name] + rest for name, rest in (part.split("}}", 1) for part in parts[1:]))


def policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script, requests to where the page came from."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def read_asset(name: str) -> str:
    """Return a file of `cleaner/report/assets/`."""
    return resources.files("cleaner.report").joinpath("assets", name).read_text(encoding="utf-8")
