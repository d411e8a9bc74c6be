"""Starter rule files, for `cleaner rules new`: each passes `cleaner rules test` as it is."""

from __future__ import annotations

from cleaner.paths import rules_dir

SCHEMA = "cleaner-rules.schema.json"
KINDS = ("text", "pattern", "flag", "role", "join")

HEAD = """\
#:schema ./{schema}
# A rule file for Cleaner. Put your own case in the place of the sample, then
#   cleaner rules test {name}
#   cleaner rules diff - {name} --on pages/
# The guide: docs/writing-rules.md. Shortest examples are best; a good `keeps` is what a careless rule would break.
why = "Rules of our archive."
"""


def write_starter(kind: str, name: str) -> str:
    """Return the content of a new rule file called `name`, with a sample of a kind of rule.

    The samples are files in `rules/starters/`.
    """
    sample = (rules_dir() / "starters" / f"{kind}.toml").read_text(encoding="utf-8")
    return HEAD.format(schema=SCHEMA, name=name) + "\n" + sample
