"""`cleaner rules`: list, show, test and fit rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cleaner.cli.fit import command as fit_command
from cleaner.cli.messages import tell
from cleaner.cli.options import RULE_SOURCES, with_options
from cleaner.cli.rulework import diff_command, new_command, try_command

if TYPE_CHECKING:
    from cleaner.engine.rule import RuleFile


@click.group("rules", short_help="List, show, write, test and fit rules.")
def command() -> None:
    """List, show, write, test and fit rules."""


for _child in (fit_command, new_command, try_command, diff_command):
    command.add_command(_child)


@command.command("list")
@click.option(
    "--cost", is_flag=True, help="Say, too, where each text rule has to be run: line, every line, text, always."
)
@with_options(RULE_SOURCES)
def list_command(profile: str, rules: tuple[str, ...], cost: bool) -> None:
    """List the rules of a profile: id, tier or kind, stage, file, reason.

    With --cost the text rules alone, those that cost most first: `always` (on every text: nothing tells where it could
    match), `every line`, `text` (on the whole of a text that holds what it needs), `line` (on the lines that do).
    """
    from cleaner.io.stdout import write_stdout
    from cleaner.report.rules import COSTS, list_rules, read_costs

    files = _load(profile, rules)
    rows: list[tuple[str, ...]] = [*list_rules(files)]
    if cost:
        costs = read_costs(files)
        rows = [(costs[row[0]], *row) for row in rows if row[0] in costs]
        rows.sort(key=lambda row: COSTS.index(row[0]))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(len(rows[0]) - 1 if rows else 0)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        write_stdout("  ".join([*cells, row[-1]]) + "\n")


@command.command("show")
@click.argument("rule", metavar="ID")
@with_options(RULE_SOURCES)
def show_command(rule: str, profile: str, rules: tuple[str, ...]) -> None:
    """Show all that a rule says, with its examples."""
    from cleaner.io.stdout import write_stdout
    from cleaner.report.rules import describe_rule

    write_stdout(describe_rule(_load(profile, rules), rule))


@command.command("test", short_help="Test rules on their own examples.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--rules", multiple=True, metavar="FILE",
              help="A rule file of whose rules FILEs hold examples; may be repeated.")  # fmt: skip
def test_command(files: tuple[str, ...], rules: tuple[str, ...]) -> int:
    """Test rules on their own examples: those of FILEs, or all bundled ones; exit code 1 when one fails.

    Each failing example is shown with what is [-missing-] and what is {+wrongly there+}.
    """
    from cleaner.io.stdout import write_stdout
    from cleaner.report.check import check_files, format_difference

    number, failures = check_files(files, rules)
    for failure in failures:
        write_stdout(f"{failure}\n{format_difference(failure)}")
    tell(f"{number} rule{'s' * (number != 1)}, {len(failures)} failed")
    return int(bool(failures))


def _load(profile: str, rules: tuple[str, ...]) -> tuple[RuleFile, ...]:
    from cleaner.engine.profile import load_rules

    return load_rules(profile, rules).files
