"""`cleaner rules fit`: fit the weights of join evidence on gold pages."""

from __future__ import annotations

import click

from cleaner.cli.messages import tell
from cleaner.cli.options import RULE_SOURCES, with_options

STEPS = ("wrap", "tear")


@click.command("fit", short_help="Fit the weights of join evidence on gold pages.")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@click.option("--dumps", multiple=True, required=True, metavar="DIR", help="Raw dumps of the pages; may be repeated.")
@click.option("--step", type=click.Choice((*STEPS, "all")), default="all", show_default=True,
              help="Printed lines (wrap), torn paragraphs (tear), or both.")  # fmt: skip
@click.option("--hold", type=click.FloatRange(0, 0.5), default=0.0, metavar="FRACTION",
              help="Hold every n-th page back, to check the weights on.")  # fmt: skip
@click.option("--write", is_flag=True, help="Write the weights into the rule files that hold the evidence.")
@with_options(RULE_SOURCES)
def command(
    gold: tuple[str, ...], dumps: tuple[str, ...], step: str, hold: float, write: bool, profile: str,
    rules: tuple[str, ...],
) -> None:  # fmt: skip
    """Fit the weights of join evidence on GOLD: .jsonl files of article records (docs/gold.md), or folders of them.

    The dumps have the same names with .txt or .raw.txt. Without --write nothing is changed.
    """
    from cleaner.engine.profile import load_rules
    from cleaner.io.stdout import write_stdout
    from cleaner.report.fit import find_pages, fit_steps, format_fit, write_fits

    loaded = load_rules(profile, rules)
    fits = fit_steps(find_pages(gold, dumps), loaded, STEPS if step == "all" else (step,), hold)
    write_stdout("\n".join(map(format_fit, fits)))
    if write:
        for file in write_fits(fits, loaded):
            tell(f"{file}: weights written")
