"""Read a profile's file, and check what it and the command line say against the rule files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.engine.patterns import parse_toml
from cleaner.engine.rule import RuleFile
from cleaner.errors import RuleError
from cleaner.paths import rules_dir
from cleaner.toml import parse_foreign_toml, read_start

OPTIONS = {"leaks": ("remove", "restore", "flag"), "layout": ("articles", "paragraphs", "off")}


def profile_names() -> tuple[str, ...]:
    """Return the names of the bundled profiles."""
    return tuple(sorted(path.stem for path in (rules_dir() / "profiles").glob("*.toml")))


def find_profile(name: str) -> Path:
    """Return the file of a profile: of a bundled one by its name, else the file that is named."""
    return Path(name) if name.endswith(".toml") else rules_dir() / "profiles" / f"{name}.toml"


def read_profile(path: Path, name: str) -> dict[str, Any]:
    """Return what a profile's file says, its types checked; RuleError when it cannot be read or is no profile."""
    try:
        data = parse_foreign_toml(read_start(path)) if name.endswith(".toml") else parse_toml(path.read_bytes())
    except FileNotFoundError:
        raise RuleError(name, None, f"no such profile; bundled: {', '.join(profile_names())}") from None
    except (OSError, ValueError) as error:
        raise RuleError(str(path), None, f"cannot be read as a profile: {error}") from error
    if not isinstance(data.get("files"), list):
        raise RuleError(str(path), None, "a profile needs `files`, the list of rule files in order")
    for file in data["files"]:
        if not isinstance(file, str) or "\0" in file or Path(file).is_absolute() or ".." in Path(file).parts:
            raise RuleError(str(path), None, f"`files` are bundled rule files, not {file!r}; --rules names your own")
    if not isinstance(data.get("options", {}), dict):
        raise RuleError(str(path), None, "[options] must be a table")
    tiers = data.get("tiers", [])
    if not isinstance(tiers, list) or not all(isinstance(tier, str) for tier in tiers):
        raise RuleError(str(path), None, "`tiers` must be a list of their names")
    return data


def check_settings(path: Path, files: Sequence[RuleFile], options: dict[str, str]) -> None:
    """Refuse settings that nothing reads, and layout without its settings."""
    known = {key for file in files if not file.user for key in file.settings}
    for file in files:
        for key in file.settings if file.user else ():
            if known and key not in known:
                raise RuleError(file.path, None, f"unknown setting {key!r}; known: {', '.join(sorted(known))}")
    if options.get("layout", "articles") != "off" and "column_reach" not in known:
        raise RuleError(str(path), None, 'lists no layout.toml: add it, or set `layout = "off"` under [options]')


def check_ids(files: Sequence[RuleFile], wanted: Sequence[str]) -> None:
    """Refuse names of rules that no file has."""
    known = {item.id for f in files for item in f.items()}
    for name in wanted:
        if name not in known:
            raise RuleError("--enable/--disable", name, "no such rule in this profile (see `cleaner rules list`)")


def check_options(path: Path, options: Mapping[str, str]) -> None:
    """Refuse options and values that nothing knows."""
    for key, value in options.items():
        if value not in OPTIONS.get(key, ()):
            known = ", ".join(OPTIONS.get(key, OPTIONS))
            raise RuleError(str(path), None, f"option {key} = {value!r} is not known; known: {known}")
