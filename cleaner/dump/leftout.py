"""Tell in folders what is no input: hidden files, and what runs have made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from cleaner.dump.remote import is_remote
from cleaner.io.codec import codec_of
from cleaner.io.names import is_folder

REJECTS, LOG, MANIFEST, WORK = ".rejects.jsonl", ".log.jsonl", ".manifest.json", ".work"
_STREAM = re.compile(rf"stdout(\.\d+)?{re.escape(REJECTS)}")  # beside nothing: cleaner/dump/stream.py


def why_left_out(relative: str, file: str, output: str) -> str:
    """Say what a file is that a folder or a pattern names and that is not to be cleaned; empty for an input.

    A name alone does not make a file a run's: it is, when the manifest, or the state of an unfinished run, is there.
    `relative` is its path from the folder named.
    """
    if any(part.startswith(".") and part != ".." for part in PurePosixPath(relative).parts):
        return "hidden"
    if _STREAM.fullmatch(PurePosixPath(relative).name):
        return "made by runs"
    if is_remote(file):
        return "made by runs" if _companion_of(file) else ""
    if is_folder(output) and Path(file).resolve().is_relative_to(Path(output).resolve()):
        return "in the output folder"
    if what := _name_kind(Path(file)):
        return what
    if any(folder.name.endswith(WORK) and (folder / "state.json").exists() for folder in Path(file).parents):
        return "made by runs"
    made = _companion_of(file)
    begun = made and Path(made + WORK, "state.json").exists()
    return "made by runs" if begun or (made and Path(made + MANIFEST).exists()) else ""


def _name_kind(path: Path) -> str:
    """Say what a path is that no records can be read from, or not twice; empty for a file, and for what is gone."""
    if path.is_dir():
        return "that are folders (a pattern with ** goes into them)"
    if path.is_symlink() and not path.exists():
        return "that are links to nothing"
    return "that are pipes, sockets or devices" if path.exists() and not path.is_file() else ""


def _companion_of(file: str) -> str:
    """Return the output that a file of such a name would stand beside; empty for another name."""
    plain = file[: len(file) - len(codec_of(file))]
    return next((plain[: -len(end)] for end in (REJECTS, LOG, MANIFEST) if plain.endswith(end)), "")


def tell_left_out(others: Mapping[str, Sequence[str]]) -> list[str]:
    """Return messages on what was left out."""
    return [
        f"{len(files)} files {reason} passed over, {files[0]} the first of them" for reason, files in others.items()
    ]
