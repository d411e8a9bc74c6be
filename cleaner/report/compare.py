"""Compare what two rule sets make of the same pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.model import Page
from cleaner.report.changes import walk_page
from cleaner.report.figures import count_rules
from cleaner.score.table import align_columns
from cleaner.toml import parse_foreign_toml, read_start

if TYPE_CHECKING:
    from cleaner import Cleaner

NONE = "-"


def make_sides(names: tuple[str, str], options: dict[str, Any]) -> tuple[Cleaner, Cleaner]:
    """Return the cleaners that the sides of a comparison name: a rule file of one's own, a profile (bundled, or its
    file), or `-` for neither.

    `options` (of `Cleaner`) hold for both, but for rule files that are compared: each stands on its side alone.
    """
    from cleaner import Cleaner

    compared = {Path(name).resolve() for name in names}
    rules = [file for file in options.get("rules", ()) if Path(file).resolve() not in compared]
    made = []
    for name in names:
        own: dict[str, Any] = {"rules": rules}
        if name != NONE:
            own = {"rules": [*rules, name]} if _is_rule_file(name) else {"rules": rules, "profile": name}
        made.append(Cleaner(**{**options, **own}))
    return made[0], made[1]


def _is_rule_file(name: str) -> bool:
    if not name.endswith(".toml"):
        return False
    try:
        return "files" not in parse_foreign_toml(read_start(Path(name)))
    except ValueError:
        return True  # loading it as one says what is wrong


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
