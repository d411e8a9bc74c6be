"""Write docs/rules/: a page for each bundled rule, and a list of them all.

    python tools/make_rule_docs.py          # write
    python tools/make_rule_docs.py --check  # exit code 1 if a page is not what it would write; the tests do this

What a page says stands in the rule files; nothing is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "rules"
NOTE = "<!-- written by tools/make_rule_docs.py from rules/{name} -->"
KINDS = {
    "Rule": "text rule",
    "RoleRule": "evidence for a role",
    "Evidence": "evidence for a join",
    "Sequence": "sequence",
}
TIERS = {
    "safe": "safe: always applied",
    "contextual": "contextual: applied where the profile asks for it",
    "suggest": "suggest: only reported, as a flag",
}
PATTERNS = ("find", "pattern", "table", "do", "before", "after", "not_before", "not_after", "unless_text", "replace",
            "previous", "next", "end", "start")  # fmt: skip
APART = (
    *PATTERNS,
    "id",
    "why",
    "tier",
    "source",
    "file",
    "user",
    "fixes",
    "keeps",
    "misses",
    "fires",
    "silent",
    "options",
)


def make_pages() -> dict[str, str]:
    """Return the pages by their file names."""
    from cleaner.engine.load import load_rule_file
    from cleaner.paths import rules_dir

    files = [load_rule_file(path) for path in sorted(rules_dir().glob("*.toml")) if path.name != "classes.toml"]
    pages = {f"{item.id}.md": _page(item, file) for file in files for item in file.items()}
    pages["README.md"] = _index(files)
    return pages


def _index(files: list[Any]) -> str:
    from cleaner.report.rules import first_sentence

    lines = [
        NOTE.format(name=""),
        "",
        "# The rules",
        "",
        "Every bundled rule, by rule file. `cleaner rules list` prints the",
    ]
    lines += ["same list, `cleaner rules show ID` a rule."]
    for file in files:
        name = Path(file.path).name
        lines += ["", f"## [{name}](../../rules/{name})", "", "| rule | tier or weight | |", "|---|---|---|"]
        for item in file.items():
            told = getattr(item, "tier", None) or f"{item.weight:+g}"
            lines.append(f"| [{item.id}]({item.id}.md) | {told} | {_cell(first_sentence(item.why))} |")
    return "\n".join(lines) + "\n"


def _page(item: Any, file: Any) -> str:
    name = Path(file.path).name
    lines = [NOTE.format(name=name), "", f"# {item.id}", "", _prose(item.why), "", "| | |", "|---|---|"]
    lines.append(f"| kind | {KINDS[type(item).__name__]} |")
    if hasattr(item, "tier"):
        lines += [f"| tier | {TIERS[item.tier]} |", f"| stage | {file.stage} |"]
    lines += [f"| {key} | {_cell(_code(value))} |" for key, value in _settings(item)]
    lines.append(f"| file | [{name}](../../rules/{name}) |")
    if getattr(item, "source", None):
        lines.append(f"| source | {_cell(_prose(item.source))} |")
    found = [(key, getattr(item, key, None)) for key in PATTERNS]
    if any(value is not None for _, value in found):
        lines += ["", "## What it finds"]
    for key, value in found:
        if value is not None:
            lines += ["", f"`{key}`", "", *_block(str(value))]
    return "\n".join([*lines, *_examples(item)]) + "\n"


def _settings(item: Any) -> Iterator[tuple[str, str]]:
    """Yield the other keys that a rule sets."""
    for name, value in item._asdict().items():
        if name not in APART and not (name in item._field_defaults and value == item._field_defaults[name]):
            yield name, ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _examples(item: Any) -> Iterator[str]:
    for key, title in (("fixes", "It mends"), ("keeps", "It leaves"), ("misses", "It misses"),
                       ("fires", "It fires on"), ("silent", "It is silent on")):  # fmt: skip
        texts = getattr(item, key, ())
        if texts:
            yield from ("", f"## {title}", "")
        for text in texts:
            yield f"- {_code(text)}" if isinstance(text, str) else f"- {_code(text[0])} → {_code(text[1])}"


def _code(text: str) -> str:
    """Return a text as inline code, line breaks and unprintable characters shown."""
    from cleaner.report.explain import show_plain

    plain = show_plain(text)
    if not plain.strip():
        return f"<code>{plain.replace(' ', '&nbsp;')}</code>" if plain else "(nothing)"
    ticks = "`" * (max((len(run) for run in plain.split("`") if not run), default=0) + 1 + ("`" in plain))
    pad = " " if plain[0] in "` " or plain[-1] in "` " else ""
    return f"{ticks}{pad}{plain}{pad}{ticks}"


def _block(text: str) -> list[str]:
    from cleaner.report.explain import show_plain

    fence = "~~~" if "```" in text else "```"
    return [f"{fence}text", *(show_plain(line) or " " for line in text.split("\n")), fence]


def _prose(text: str) -> str:
    """Return a sentence in which nothing is read as markup."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|" else char for char in text)


def _cell(text: str) -> str:
    return text.replace("\n", " ") if "\\|" in text else text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the pages, or with --check say which are not up to date."""
    pages = make_pages()
    have = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    wrong = sorted(name for name in pages.keys() | have.keys() if pages.get(name) != have.get(name))
    if "--check" in sys.argv[1:]:
        print("\n".join(f"docs/rules/{name} is not up to date: python tools/make_rule_docs.py" for name in wrong))
        return int(bool(wrong))
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in wrong:
        if name in pages:
            (DOCS / name).write_text(pages[name], encoding="utf-8")
        else:
            (DOCS / name).unlink()
    print(f"{len(pages)} pages, {len(wrong)} of them written or removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
