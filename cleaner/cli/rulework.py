"""`cleaner rules new`, `try` and `diff`: what one needs while writing rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from cleaner.cli.messages import tell
from cleaner.cli.options import CLEANING, Choices, cleaner_options, make_cleaner, with_options
from cleaner.cli.outcome import Outcome
from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.io.read import Source

ON = click.option("--on", "pages", multiple=True, required=True, metavar="PAGES",
                  help="A page, or a folder of them; may be repeated.")  # fmt: skip


@click.command("new", short_help="Start a rule file with a sample rule.")
@click.argument("file", metavar="FILE")
@click.option("--kind", type=click.Choice(("text", "pattern", "flag", "role", "join")), default="text",
              show_default=True, help="What the sample rule in it does.")  # fmt: skip
def new_command(file: str, kind: str) -> None:
    """Start a rule FILE with a sample rule that passes its tests, and the schema for editors beside it."""
    from pathlib import Path

    from cleaner.io.atomic import write_atomically
    from cleaner.paths import rules_dir
    from cleaner.report.starter import SCHEMA, write_starter

    path = Path(file)
    if path.exists():
        raise CleanerError(f"{file}: is there already, and is not overwritten")
    if path.suffix != ".toml":
        raise CleanerError(f"{file}: a rule file's name ends with .toml")
    write_atomically(path, write_starter(kind, path.name).encode("utf-8"))
    write_atomically(path.parent / SCHEMA, (rules_dir() / "schema.json").read_bytes())
    tell(f"{file} is written: now put your case in it, and `cleaner rules test {file}`")


@click.command("try", short_help="Show where a pattern is found on pages.")
@click.argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@ON
@click.option("--replace", metavar="TEXT", help="Show what this in a hit's place would give; \\1 as in rules.")
@click.option("--clean", is_flag=True, help="Search the cleaned text, which rules of the stage `marks` see.")
@with_options(CLEANING)
def try_command(
    patterns: tuple[str, ...], pages: tuple[str, ...], replace: str | None, clean: bool, encoding: str | None,
    **choices: Unpack[Choices],
) -> int:  # fmt: skip
    """Show where PATTERNs (regular expressions with {classes}) are found on pages; exit code 1 if nowhere.

    Classes are the bundled ones and those of --rules. The other options of cleaning say how --clean cleans.
    """
    from pathlib import Path

    from cleaner.engine.classes import expand_classes, load_classes
    from cleaner.engine.load import load_rule_file
    from cleaner.io.stdout import write_stdout
    from cleaner.report.trials import find_hits, prepare_trial

    classes = dict(load_classes())
    for rule_file in choices["rules"]:
        classes = expand_classes(load_rule_file(Path(rule_file), user=True).classes, rule_file, classes)
    trials = [prepare_trial(pattern, replace, classes) for pattern in patterns]
    outcome, hits = Outcome(quiet=True), 0
    worker = make_cleaner(choices) if clean else None
    for source, text in _read(pages, encoding, outcome):
        text = worker.clean(text) if worker else text
        for trial in trials:
            for line in find_hits(trial, text, source.name):
                hits += 1
                write_stdout(line + "\n")
    tell(f"{hits} hit{'s' * (hits != 1)} on {outcome.pages} page{'s' * (outcome.pages != 1)}")
    return outcome.code or int(hits == 0)


@click.command("diff", short_help="Show what a change of rules changes on pages.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@ON
@click.option("--brief", is_flag=True, help="Only the counts, not the texts.")
@with_options(CLEANING)
def diff_command(
    old: str, new: str, pages: tuple[str, ...], brief: bool, encoding: str | None, **choices: Unpack[Choices]
) -> int:  # fmt: skip
    """Show what a change of rules changes on pages, in texts, roles and articles; exit code 1 if anything.

    OLD and NEW are rule files of your own, profiles (bundled, or their files), or - for neither. The other options,
    and the project's settings, hold for both; a rule file that is compared is used on its own side only.
    """
    from collections import Counter

    from cleaner.io.stdout import wants_colour, write_stdout
    from cleaner.report.compare import count_page, format_counts, make_sides, show_roles
    from cleaner.report.diff import colour_diff, diff_texts

    sides = make_sides((old, new), cleaner_options(choices))
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    outcome, changed = Outcome(quiet=True), 0
    for source, text in _read(pages, encoding, outcome):
        made = [side.clean_page(text) for side in sides]
        for count, page in zip(counts, made, strict=True):
            count.update(count_page(page))
        shown = [show_roles(page) for page in made]
        if shown[0] == shown[1]:
            shown = [page.text for page in made]  # blanks between paragraphs
        if shown[0] != shown[1]:
            changed += 1
            difference = "" if brief else diff_texts(shown[0], shown[1], source.name, "new rules")
            write_stdout(colour_diff(difference) if wants_colour() else difference)
    table = format_counts(*counts)
    write_stdout(("\n" if changed and not brief else "") + table)
    profiles = " and ".join(dict.fromkeys(side.rules.name for side in sides))
    tell(f"{changed} of {outcome.pages} pages come out otherwise (profile {profiles})")
    return outcome.code or int(bool(changed or table))


def _read(pages: tuple[str, ...], encoding: str | None, outcome: Outcome) -> Iterator[tuple[Source, str]]:
    """Yield pages with their raw text, and count them; those that cannot be read count as failed."""
    from cleaner.decode import decode_bytes
    from cleaner.io.read import find_sources

    sources, problems = find_sources(pages)
    for problem in problems:
        outcome.fail(problem)
    for source in sources:
        try:
            text = decode_bytes(source.read(), source.name, encoding).text
        except (CleanerError, OSError) as error:
            outcome.fail(error)
            continue
        outcome.pages += 1
        yield source, text
