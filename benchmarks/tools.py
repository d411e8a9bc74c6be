"""The tools that are measured: parts of Cleaner, other programs, and what no program can beat."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
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
PEERS = ("decode+encode", "list of re.sub", "opencc t2s", "autocorrect", "ftfy")
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
    return lambda pages: [cleaner.clean_page(page) for page in pages]


def _find_peer(name: str) -> Tool:
    module = import_module({"autocorrect": "autocorrect_py", "opencc t2s": "opencc", "ftfy": "ftfy"}[name])
    clean = {
        "autocorrect": lambda: module.format,
        "opencc t2s": lambda: module.OpenCC("t2s").convert,
        "ftfy": lambda: module.fix_text,
    }[name]()
    return lambda pages: [clean(page) for page in pages]


def _lay_out(rules: RuleSet, pages: Sequence[str]) -> None:
    for page in pages:
        lay_out(page, rules)


def _substitute(page: str) -> str:
    for pattern, new in SUBSTITUTIONS:
        page = pattern.sub(new, page)
    return page
