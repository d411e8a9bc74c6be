"""`cleaner restore`: make the raw bytes again."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import read_size
from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError, LogError

if TYPE_CHECKING:
    from cleaner.io.readlog import Entry
    from cleaner.io.restore import Output


@click.command("restore", short_help="Make the raw files again from clean output and log.")
@click.argument("clean", metavar="CLEAN")
@click.option("--log", required=True, metavar="FILE", help="The edit log that `clean` wrote.")
@click.option("-o", "--output", metavar="PATH", help="File, or folder for several inputs; else standard output.")
@click.option("--max-plain", callback=read_size, default="1G", show_default=True, metavar="SIZE",
              help="The largest log or output that is read, compressed files unpacked.")  # fmt: skip
def command(clean: str, log: str, output: str | None, max_plain: int) -> int:
    """Make the raw bytes again from CLEAN and its edit log, exactly.

    CLEAN is what `cleaner clean` wrote: a file, a folder, or - for the standard input.
    """
    from cleaner.io.readlog import read_log
    from cleaner.io.restore import entries_for, entries_in, find_strangers, refuse_overlaps, restore_bytes

    entries = read_log(log, cut=True, most=max_plain)
    if clean != "-" and Path(clean).is_dir():
        found = entries_in(entries, clean)
    else:
        found = [(entry, Path(clean)) for entry in entries_for(entries, clean, log)]
    refuse_overlaps(found)
    folder = output is not None and (len(found) > 1 or _is_folder(output))
    if len(found) > 1 and output is None:
        raise click.UsageError(f"{clean} was made from {len(found)} inputs: name a folder with --output")
    targets = _name_targets(found, output, folder)
    _refuse(targets, found, log)
    outcome = Outcome(quiet=True)
    if folder and output is not None:
        Path(output).mkdir(parents=True, exist_ok=True)
    read = cache(_read_output)
    for (entry, path), target in zip(found, targets, strict=True):
        try:
            _write_raw(restore_bytes(entry, read(str(path), max_plain), str(path)), target, folder)
        except BrokenPipeError:
            raise
        except (CleanerError, OSError) as error:
            outcome.fail(error)
    if not outcome.failed:
        for path in dict.fromkeys(path for _, path in found):
            entries = [entry for entry, other in found if other == path]
            strange = "" if entries[0].format == "documents" else find_strangers(entries, read(str(path), max_plain))
            if strange:
                outcome.fail(f"{path}: {strange} of no page that the log knows: added since, or the log is not whole")
    return outcome.code


def _is_folder(output: str) -> bool:
    from cleaner.io.names import is_folder

    return is_folder(output)


def _name_targets(found: list[tuple[Entry, Path]], output: str | None, folder: bool) -> list[str | None]:
    """Return where each raw text goes: under its own name into a folder, or to the one file, or to stdout (None)."""
    from cleaner.io.names import name_outputs
    from cleaner.io.read import Source

    if not folder or output is None:
        return [None if output == "-" else output for _ in found]
    named = [(entry.input, Source(entry.input, _path(entry.input)).file_name) for entry, _ in found]
    names = name_outputs(named, output)
    return [names[entry.input] for entry, _ in found]


def _path(name: str) -> Path | None:
    return None if name == "-" else Path(name)


def _refuse(targets: list[str | None], found: list[tuple[Entry, Path]], log: str) -> None:
    from cleaner.io.names import refuse_overwriting

    refuse_overwriting([target for target in targets if target], [*(path for _, path in found), log])


def _read_output(name: str, most: int) -> Output:
    from cleaner.io.codec import read_plain
    from cleaner.io.read import read_stdin
    from cleaner.io.restore import Output

    try:
        data = read_stdin(most + 1) if name == "-" else read_plain(name, most)
    except FileNotFoundError as error:
        raise LogError(f"{name}: no such file, though the log says that a page was cleaned to it") from error
    if len(data) > most:
        raise CleanerError(f"{name}: too large: it has more than {most} bytes (--max-plain)")
    return Output(data)


def _write_raw(data: bytes, target: str | None, folder: bool) -> None:
    """Write the raw bytes; in a folder the log chose the name, and a file of the user that has it stays."""
    from cleaner.io.atomic import write_atomically
    from cleaner.io.stdout import write_stdout

    if target is None:
        write_stdout(data)
    elif not folder or not os.path.lexists(target):  # a link that leads nowhere is the user's, too
        write_atomically(target, data)
    elif not Path(target).is_file() or Path(target).read_bytes() != data:
        raise CleanerError(f"{target}: there is another file of this name: move it, or name another folder")
