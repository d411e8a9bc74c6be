"""The tools that are measured: parts of Cleaner, other programs, and what no program can beat."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from cleaner import Cleaner
from cleaner.engine.compile import Context
from cleaner.engine.profile import RuleSet, load_rules
from cleaner.engine.run import Trail, run_rules
from cleaner.layout.page import lay_out

Tool = Callable[[Sequence[str]], object]
TEXT_RULES = str(Path(__file__).parent / "text-rules.toml")
OURS = ("characters", "layout", "text rules", "whole pipeline")
PEERS = ("decode+encode", "list of re.sub", "opencc t2s", "autocorrect", "ftfy", "zhlint")
SUBSTITUTIONS = [  # what people write who clean such text with a dozen lines
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=[\u4e00-\u9fff]),(?=[\u4e00-\u9fff])", "，"), (r"(?<=[\u4e00-\u9fff]);(?=[\u4e00-\u9fff])", "；"),
        (r"(?<=[\u4e00-\u9fff]):(?=[\u4e00-\u9fff“])", "："), (r"(?<=[\u4e00-\u9fff])\?", "？"),
        (r"(?<=[\u4e00-\u9fff])!", "！"), (r"(?<=[\u4e00-\u9fff])\(", "（"), (r"(?<=[\u4e00-\u9fff])\)", "）"),
        (r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])", ""), (r"\.{3,}|。{3,}", "……"), (r"--+", "——"),
        (r"[\u200b\ufeff]", ""), (r"\r\n?", "\n"),
    )
]  # fmt: skip


def find_tool(name: str) -> Tool | None:
    """Return a tool that takes pages; None for a peer that is not installed."""
    if name in OURS:
        return _find_ours(name)
    if name == "decode+encode":
        return lambda pages: [page.encode().decode() for page in pages]
    if name == "list of re.sub":
        return lambda pages: [_substitute(page) for page in pages]
    if name == "zhlint":
        return _start_zhlint()
    try:
        return _find_peer(name)
    except ImportError:
        return None


def _find_ours(name: str) -> Tool:
    if name == "characters":
        rules = load_rules("minimal")
        return lambda pages: [run_rules(rules.characters, page, Context(), rules.tiers, Trail()) for page in pages]
    if name == "layout":
        return partial(_lay_out, load_rules())
    cleaner = Cleaner(TEXT_RULES if name == "text rules" else "newspaper")
    return lambda pages: list(cleaner.clean_many(pages))


def _find_peer(name: str) -> Tool:
    module = import_module({"autocorrect": "autocorrect_py", "opencc t2s": "opencc", "ftfy": "ftfy"}[name])
    clean = {
        "autocorrect": lambda: module.format,
        "opencc t2s": lambda: module.OpenCC("t2s").convert,
        "ftfy": lambda: module.fix_text,
    }[name]()
    return lambda pages: [clean(page) for page in pages]


@cache
def _start_zhlint() -> Tool | None:
    """Start Node with zhlint, where `npm install --prefix FOLDER zhlint` put it and ZHLINT names FOLDER."""
    module = Path(os.environ.get("ZHLINT", ".")) / "node_modules" / "zhlint"
    if shutil.which("node") is None or not module.is_dir():
        return None
    command = ["node", str(Path(__file__).parent / "zhlint.js"), str(module.resolve())]
    node = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    atexit.register(node.__exit__, None, None, None)  # closes its input, which ends it

    def clean(pages: Sequence[str]) -> int:
        assert node.stdin is not None
        assert node.stdout is not None
        node.stdin.write(json.dumps(list(pages)) + "\n")
        node.stdin.flush()
        return int(node.stdout.readline())

    return clean


def _lay_out(rules: RuleSet, pages: Sequence[str]) -> None:
    for page in pages:
        lay_out(page, rules)


def _substitute(page: str) -> str:
    for pattern, new in SUBSTITUTIONS:
        page = pattern.sub(new, page)
    return page
