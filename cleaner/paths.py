"""Find the rule files, installed or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def rules_dir() -> Path:
    """Return the folder of the bundled rule files.

    A wheel carries it inside the package as `_rules`; a checkout (also an editable install) has `rules/` beside
    the package.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "_rules", here.parent / "rules"):
        if (folder / "profiles").is_dir():
            return folder
    raise FileNotFoundError(f"no rule files beside {here}: reinstall ocr-cleaner")
