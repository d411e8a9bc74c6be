"""A hook of mkdocs: what the docs link to outside their folder becomes pages of the site.

The docs are read in the repository too, where links lead to rule files, the licence or the change log. In the site a
Markdown file is a page of its own, any other file a page that shows it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
DOCS = "docs"
AT_TOP = ("README.zh.md", "CHANGELOG.md")  # pages of the site's own, under their names
LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]+)((?:#[^)\s]*)?)\)")
CODE = re.compile(r"(^```.*?^```|^~~~.*?^~~~|(`+).*?\2)", re.DOTALL | re.MULTILINE)
LANGUAGES = {".toml": "toml", ".json": "json", ".py": "python", ".tsv": "text", ".yml": "yaml", "": "text"}


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that stand outside the folder of the docs: those at the top, and all that is linked."""
    waiting = [*AT_TOP, *(f"{DOCS}/{file.src_uri}" for file in files if file.is_documentation_page())]
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        text = (ROOT / name).read_text(encoding="utf-8")
        if not name.startswith(f"{DOCS}/"):
            files.append(File.generated(config, page_of(name), content=show_file(name, text)))
        if name.endswith(".md"):
            linked = {path for path in linked_files(name, text) if not path.startswith(f"{DOCS}/")} - seen
            waiting += sorted(linked)
            seen |= linked
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead the links of a page to where their files stand in the site."""
    source = next((name for name in AT_TOP if page.file.src_uri == name), f"{DOCS}/{page.file.src_uri}")
    if page.file.src_uri.startswith("source/"):
        source = page.file.src_uri.removeprefix("source/")
    return map_prose(markdown, lambda text: LINK.sub(lambda link: _lead(link, source, page.file.src_uri), text))


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Name the dialogue of the search, for screen readers."""
    return output.replace(
        'data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"'
    )


def _lead(link: re.Match[str], source: str, page: str) -> str:
    path = find_path(source, link[2])
    if path is None:
        return link[0]
    if (ROOT / path).is_dir():
        return link[1]
    return f"[{link[1]}]({posixpath.relpath(page_of(path), posixpath.dirname(page) or '.')}{link[3]})"


def page_of(name: str) -> str:
    """Return the page of the site that shows a file of the repository."""
    if name.startswith(f"{DOCS}/"):
        return name.removeprefix(f"{DOCS}/")
    if name in AT_TOP:
        return name
    return f"source/{name}" if name.endswith(".md") else f"source/{name}.md"


def show_file(name: str, text: str) -> str:
    """Return a page that shows a file."""
    if name.endswith(".md"):
        return text
    fence = "~~~~" if "```" in text else "````"
    return f"# {name}\n\n{fence}{LANGUAGES.get(Path(name).suffix, 'text')}\n{text.rstrip()}\n{fence}\n"


def linked_files(name: str, text: str) -> set[str]:
    """Return the files of the repository that a Markdown file links to; a folder is none.

    >>> sorted(linked_files("docs/rules/README.md", "[a](../../LICENSE) [b](https://a.example) `[c](../cli.md)`"))
    ['LICENSE']
    """
    links = LINK.finditer(CODE.sub("", text))
    return {path for link in links if (path := find_path(name, link[2])) is not None and (ROOT / path).is_file()}


def find_path(name: str, link: str) -> str | None:
    """Return what a link in a file leads to, from the repository's top; None for addresses."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
    return path if "://" not in link and (ROOT / path).exists() else None


def map_prose(text: str, change: Callable[[str], str]) -> str:
    """Return a text with its parts outside code changed."""
    parts, at = [], 0
    for code in CODE.finditer(text):
        parts += [change(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, change(text[at:])])
