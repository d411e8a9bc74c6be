"""What names on a command line mean: streams, folders, and files that an output must not replace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from cleaner.errors import CleanerError

STDIN = STDOUT = "-"


def is_folder(output: str) -> bool:
    """Say whether an output is meant as a folder: it is one, or its name ends like one."""
    return output != STDOUT and (output.endswith(("/", os.sep)) or Path(output).is_dir())


def name_outputs(named: Iterable[tuple[str, str]], folder: str) -> dict[str, str]:
    """Return each input's output file in the folder; CleanerError when two would have the same.

    `named` are (input, file name) pairs.
    """
    outputs: dict[str, str] = {}
    taken: dict[str, str] = {}
    for name, file_name in named:
        if file_name in taken:
            raise CleanerError(f"{taken[file_name]} and {name} would both be written to {Path(folder, file_name)}")
        taken[file_name] = name
        outputs[name] = str(Path(folder, file_name))
    return outputs


def refuse_overwriting(
    outputs: Iterable[str], inputs: Iterable[str | Path], locate: Callable[[str], str] = os.path.realpath
) -> None:
    """Raise CleanerError when an output is an input, also by another name: `locate` gives both the same one."""
    known = {locate(str(path)) for path in inputs}
    for output in outputs:
        if locate(output) in known:
            raise CleanerError(f"{output}: this is an input, which is never overwritten")


def spell_utf8(name: str) -> str:
    """Return a file's name as text that can be written: bytes that are no UTF-8 as `\\xb5`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def name_files(names: Iterable[str]) -> set[str]:
    """Return the files behind names, which may be links; the standard output stays what it is."""
    return {name if name == STDOUT else os.path.realpath(name) for name in names}
