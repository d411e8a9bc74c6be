"""Find rows that stand as they are: lists, tables and verse, whose single line breaks are part of the text."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.matcher import matches
from cleaner.layout.units import Unit

ROW_RULE = "row"
ROWS = ("list", "table", "verse")
FENCE = "```"


def mark_rows(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set `data["row"]` of units in runs of rows, and the role of the rows themselves."""
    _mark_code(units, rules)
    for role in ROWS:
        name = f"row-{role}"
        found = [number for number, unit in enumerate(units) if matches(rules, name, unit.text)]
        fewest = int(rules.settings["fewest_table" if role == "table" else "fewest_rows"])
        run: list[Unit] = []
        last = -1
        for at in [at for at in found if "row" not in units[at].data]:
            unit = units[at]
            if not run or last + 1 != at or unit.before:
                _mark_run(run, role, fewest)
                run = []
            run.append(unit)
            last = at
        _mark_run(run, role, fewest)


def _mark_run(run: Sequence[Unit], role: str, fewest: int) -> None:
    for number, row in enumerate(run if len(run) >= fewest else ()):
        row.data["row"] = role if number else f"first-{role}"


def _mark_code(units: Sequence[Unit], rules: RuleSet) -> None:
    """Mark lines of code, and all between two fences, as rows of code."""
    inside = False
    for unit in units:
        fence = unit.text.startswith(FENCE)
        if inside or fence or matches(rules, "row-code", unit.text):
            unit.data["row"] = "first-code"
        inside ^= fence


def row_role(unit: Unit) -> str:
    """Return the role of a unit that is a row, or the empty string."""
    return unit.data.get("row", "").removeprefix("first-")


def join_rows(units: Sequence[Unit]) -> list[Unit]:
    """Make one unit of each run of rows; their line breaks stay."""
    out: list[Unit] = []
    run: list[Unit] = []  # what goes to the end of the last unit
    for unit in units:
        row = unit.data.get("row", "")
        if row and not row.startswith("first-") and out and row_role(out[-1]) == row:
            run.append(unit)
            continue
        _close_run(out, run)
        out.append(unit)
        run = []
    _close_run(out, run)
    return out


def _close_run(out: Sequence[Unit], run: Sequence[Unit]) -> None:
    if run:
        out[-1].absorb(run, "\n", "", ROW_RULE)
        out[-1].data["row"] = f"first-{row_role(out[-1])}"
