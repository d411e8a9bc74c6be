"""The figures in the words of docs/trust.md: limits and settings, each read where it is set."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read_figures() -> dict[str, str]:
    """Return what stands for `{NAME}` in the notes."""
    import hostile
    import laws
    import soak
    import trust

    from cleaner import toml
    from cleaner.engine import deadline, load
    from cleaner.io import codec, read
    from cleaner.review import decisions

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = [re.split(r"[^\w-]", name)[0] for name in project["dependencies"]]
    return {
        "LARGEST_PAGE": show_bytes(read.LARGEST),
        "LARGEST_RULES": show_bytes(toml.LARGEST),
        "LARGEST_TABLE": show_bytes(load.LARGEST_TABLE),
        "LARGEST_DECISIONS": show_bytes(decisions.LARGEST),
        "LARGEST_LOG": show_bytes(codec.AT_ONCE),
        "RULE_SECONDS": f"{deadline.SECONDS:g} s",
        "TEXT_SECONDS": f"{trust.SECONDS} s",
        "TEXT_MEMORY": show_bytes(trust.MEMORY),
        "LONG_LINE": show_bytes(hostile.LONG_LINE),
        "LINE_MEMORY": show_bytes(hostile.MEMORY),
        "LINE_SECONDS": f"{hostile.SECONDS} s",
        "ENCODINGS": ", ".join(sorted({name.upper() for name in laws.ENCODINGS if name is not None})),
        "BAD_EVERY": str(soak.BAD_EVERY),
        "CLIENTS": str(soak.CLIENTS),
        "HANGING": str(soak.HANGING),
        "PACKAGES": ", ".join(f"`{name}`" for name in packages),
    }


def show_bytes(size: int) -> str:
    """Return a size in GB or MB.

    >>> show_bytes(64 << 20), show_bytes(1 << 30)
    ('64 MB', '1 GB')
    """
    return f"{size >> 30} GB" if size >= 1 << 30 else f"{size >> 20} MB"
