"""Compare what two rule sets make of the same pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.model import Page
from cleaner.report.changes import walk_page
from cleaner.report.figures import count_rules
from cleaner.score.table import align_columns

if TYPE_CHECKING:
    from cleaner import Cleaner

NONE = "-"


def make_side(name: str) -> Cleaner:
    """Return the cleaner that one side of a comparison names: a rule file of one's own, a profile (bundled, or its
    file), or `-` for the bundled rules alone.
    """
    import tomllib
    from pathlib import Path

    from cleaner import Cleaner

    if name == NONE:
        return Cleaner()
    if name.endswith(".toml"):
        try:
            data = tomllib.loads(Path(name).read_bytes().decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            data = {}  # loading it as a rule file says what is wrong
        return Cleaner(name) if "files" in data else Cleaner(rules=[name])
    return Cleaner(name)


def count_page(page: Page) -> Counter[str]:
    """Count a page's changes by rule, and its flags."""
    counts = count_rules(walk_page(page).changes)
    counts.update(f"flag {flag.code}" for flag in page.flags)
    return counts


def show_roles(page: Page) -> str:
    """Return a page's articles, each block with its role before it: what two rule sets may name differently."""
    if not page.articles:
        return page.text
    return "\n".join(
        f"== {article.kind} {number}\n" + "".join(f"[{block.role}] {block.text}\n" for block in article.blocks)
        for number, article in enumerate(page.articles, 1)
    )


def format_counts(old: Counter[str], new: Counter[str]) -> str:
    """Return the rules that change more or less often than before, as a table; empty when there are none."""
    names = sorted(name for name in old | new if old[name] != new[name])
    rows: list[Sequence[str]] = [("rule", "old", "new", "")]
    rows += [(name, str(old[name]), str(new[name]), f"{new[name] - old[name]:+}") for name in names]
    return "\n".join(align_columns(rows)) + "\n" if names else ""
