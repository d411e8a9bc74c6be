"""The rule file in which review keeps examples: a section for each page, written anew; all else in it is the user's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

HEAD = """\
why = "What review found: examples of rules, each from a page."

# `cleaner review` writes the section of a page under review anew after each decision. All else stays as it is: copy
# what you want to keep out of the sections. A rule that breaks a `keeps` wants a narrower context.
"""
TEST = re.compile(r"^# Which the rules obey already: [^\n]*\n", re.MULTILINE)
SECTION = re.compile(r"(?:\A|\n)# >> page (\w{16})\b[^\n]*\n.*?\n# << page \1\r?(?:\n|\Z)", re.DOTALL)


class Example(NamedTuple):
    """A text, what shall come of it, and the rule that it tells of."""

    rule: str
    text: str
    wanted: str


def merge_sections(old: str, sections: Mapping[str, str], test: str) -> str:
    """Return the file with the sections of pages (by their digests) put in the place of the old ones.

    An empty section is taken out. `test` is the command that tests the file.
    """
    left = {name_section(digest): text for digest, text in sections.items()}
    line = f"# Which the rules obey already: {test}\n"
    text = TEST.sub(lambda _: line, old) if old.strip() else HEAD + line
    text = SECTION.sub(lambda match: left.pop(match[1]) if match[1] in left else match[0], text)
    return text + ("" if text.endswith("\n") else "\n") + "".join(left.values())


def name_section(digest: str) -> str:
    """Return the name of a page's section."""
    return digest[:16]


def format_section(digest: str, source: str, examples: Sequence[Example], without: Sequence[str]) -> str:
    """Return a page's section; `without` says which decisions gave no example. Empty when there is nothing to say."""
    if not examples and not without:
        return ""
    name = name_section(digest)
    rules = "".join(_format(rule, examples) for rule in sorted({example.rule for example in examples}))
    notes = "".join(f"\n# No short piece of the page shows: {note}\n" for note in without)
    return f"\n# >> page {name} {json.dumps(source)}\n{rules}{notes}\n# << page {name}\n"


def _format(rule: str, examples: Sequence[Example]) -> str:
    fixes = [e for e in examples if e.rule == rule and e.text != e.wanted]
    keeps = [e for e in examples if e.rule == rule and e.text == e.wanted]
    lines = ["\n[[example]]", f"rule = {_string(rule)}"]
    if fixes:
        lines += ["fixes = [", *(f"  [{_string(e.text)}, {_string(e.wanted)}]," for e in fixes), "]"]
    if keeps:
        lines += ["keeps = [", *(f"  {_string(e.text)}," for e in keeps), "]"]
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """Return a TOML string; JSON writes the same but for U+007F, and U+FFFD stands for lone surrogates, which TOML
    cannot hold.
    """
    plain = "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= char <= "\udfff" else char for char in text)
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
