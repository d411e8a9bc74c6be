"""Settings of a project: `cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`, in this folder or the next above.

They become the defaults of the command line's options: what is typed wins.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from cleaner.errors import CleanerError

# What says which files are written, or that some may be overwritten, is typed each time: a settings file may have come
# with the pages.
TYPED = ("in-place", "no-log", "output", "log", "work", "resume", "restart", "write")
NAMES = ("cleaner.toml", "pyproject.toml")
SHARED = ("profile", "rules", "enable", "disable", "tier", "leaks", "to", "encoding", "decisions")
PATHS = ("FILE", "FOLDER", "PATH", "PAGES", "DIR", "OUT")  # what options that take paths call them


def find_config(folder: Path) -> Path | None:
    """Return the nearest file with settings, upwards from a folder; in one folder `cleaner.toml` goes first."""
    for place in (folder, *folder.parents):
        for name in NAMES:
            path = place / name
            if path.is_file() and (name == NAMES[0] or b"tool.cleaner" in path.read_bytes()):
                _check_owner(path, folder)
                return path
    return None


def _check_owner(path: Path, folder: Path) -> None:
    """Refuse a file that is neither the user's nor the folder's owner's: settings name files to read and to write."""
    if hasattr(os, "getuid") and path.stat().st_uid not in (os.getuid(), 0, folder.stat().st_uid):
        raise CleanerError(f"{path}: belongs to another user: take it by --config, or no settings by --isolated")


def read_config(path: Path) -> dict[str, Any]:
    """Return the settings in a file; CleanerError when it is no TOML or has them in the wrong shape."""
    from cleaner.toml import parse_foreign_toml, read_start

    content = read_start(path)
    try:
        data = parse_foreign_toml(content)
    except ValueError as error:
        raise CleanerError(f"{path}: {error}") from error
    if path.name == "pyproject.toml":
        tool = data.get("tool", {})
        data = tool.get("cleaner", {}) if isinstance(tool, dict) else {}
    if not isinstance(data, dict):
        raise CleanerError(f"{path}: [tool.cleaner] must be a table")
    return data


def make_defaults(settings: dict[str, Any], path: Path, names: list[str], command: click.Command) -> dict[str, Any]:
    """Return the defaults of a command's options, by parameter; `names` are the program's commands.

    Settings of all commands stand at the top, those of one in a table of its name (`[tool.cleaner.clean]`).
    """
    for key in settings:
        if key not in SHARED and key not in names:
            raise CleanerError(f"{path}: unknown setting {key!r}; known: {', '.join((*SHARED, *names))}")
    shared = {key: value for key, value in settings.items() if key in SHARED}
    own = settings.get(command.name or "", {})
    if not isinstance(own, dict):
        if command.name in SHARED:  # `rules` is a command and a setting
            own = {}
        else:
            raise CleanerError(f"{path}: {command.name!r} must be a table of options")
    if isinstance(shared.get("rules"), dict):
        del shared["rules"]
    if isinstance(command, click.Group):
        return _fit_group(shared, own, path, command)
    return _fit(shared, path, command, strict=False) | _fit(own, path, command, strict=True)


def _fit_group(shared: dict[str, Any], own: dict[str, Any], path: Path, group: click.Group) -> dict[str, Any]:
    """Return the settings of each command of a group: those of all, those of the group, those in a table of its own."""
    tables = {key: value for key, value in own.items() if key in group.commands and isinstance(value, dict)}
    common = {key: value for key, value in own.items() if key not in tables}
    known = sorted({name for child in group.commands.values() for name in _options(child)})
    for key in common:
        if key not in known:
            names = ", ".join((*known, *group.commands))
            raise CleanerError(f"{path}: {group.name}: unknown option or command {key!r}; known: {names}")
    return {
        name: _fit(shared | common, path, child, strict=False) | _fit(tables.get(name, {}), path, child, strict=True)
        for name, child in group.commands.items()
    }


def _options(command: click.Command) -> dict[str, click.Option]:
    return {name.lstrip("-"): p for p in command.params if isinstance(p, click.Option) for name in p.opts}


def _fit(settings: dict[str, Any], path: Path, command: click.Command, *, strict: bool) -> dict[str, Any]:
    """Return settings by the names of the command's parameters, checked; unknown ones are an error where strict."""
    options = _options(command)
    found: dict[str, Any] = {}
    for key, value in settings.items():
        option = options.get(key)
        if key in TYPED:
            raise CleanerError(f"{path}: {key!r} says what is written or overwritten: type it, it cannot be a setting")
        if option is None or option.name is None:
            if strict:
                raise CleanerError(f"{path}: {command.name}: unknown option {key!r}; known: {', '.join(options)}")
            continue
        found[option.name] = _check(value, key, option, path)
    return found


def _check(value: Any, key: str, option: click.Option, path: Path) -> Any:
    items = value if isinstance(value, list) and option.multiple else [value]
    kinds, shape = _wanted(option)
    if (option.multiple and not isinstance(value, list)) or not all(type(item) in kinds for item in items):
        raise CleanerError(f"{path}: {key!r} must be {'a list of strings' if option.multiple else shape}")
    try:
        made = [option.type.convert(_place(item, option, path), option, None) for item in items]
    except click.BadParameter as error:
        raise CleanerError(f"{path}: {key!r}: {error.message}") from error
    return made if option.multiple else made[0]


def _wanted(option: click.Option) -> tuple[tuple[type, ...], str]:
    """Return of which types a setting may be, and how that is called."""
    if option.is_flag:
        return (bool,), "true or false"
    if isinstance(option.type, click.IntRange):
        return (int,), "a whole number"
    return ((int, float), "a number") if isinstance(option.type, click.FloatRange) else ((str,), "a string")


def _place(value: Any, option: click.Option, path: Path) -> Any:
    """Return paths, but for `-` and addresses, as seen from the folder of the file they stand in."""
    is_path = option.metavar in PATHS or (option.name == "profile" and value.endswith(".toml"))
    if not is_path or value == "-" or "://" in value:
        return value
    return str(path.parent / value) + "/" * value.endswith("/")
