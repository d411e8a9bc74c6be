"""Find rows that stand as they are: lists, tables and verse, whose single line breaks are part of the text."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.matcher import matches
from cleaner.layout.units import Unit

ROW_RULE = "row"
ROWS = ("list", "table", "verse")
# role of the rows, internal role of the rules that tell them, setting that says how many make a run
RUNS = (
    ("list", "row-list", "fewest_rows"),
    ("list", "row-bullet", "fewest_bullets"),
    ("table", "row-table", "fewest_table"),
    ("verse", "row-verse", "fewest_rows"),
)
FENCE = "```"


def mark_rows(units: Sequence[Unit], rules: RuleSet) -> None:
    """Set `data["row"]` of units in runs of rows, and the role of the rows themselves."""
    _mark_code(units, rules)
    for role, name, setting in RUNS:
        found = [number for number, unit in enumerate(units) if matches(rules, name, unit.text)]
        fewest = int(rules.settings[setting])
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
    _mark_stanzas(units, rules)


def _mark_stanzas(units: Sequence[Unit], rules: RuleSet) -> None:
    """Mark the last stanza of a poem: two or three lines between blank ones, behind rows of verse and over another
    headline, or at the page's end."""
    for at in range(1, len(units)):
        if row_role(units[at - 1]) != "verse" or not units[at].before or "row" in units[at].data:
            continue
        end = at + 1
        while end < len(units) and not units[end].before:
            end += 1
        stanza = units[at:end]
        rows = all(
            matches(rules, "row-verse", unit.text) and not matches(rules, "page-sign", unit.text) for unit in stanza
        )
        behind = units[end] if end < len(units) else None
        over = behind is None or (
            behind.width <= rules.settings["short_width"] and not matches(rules, "no-headline", behind.text)
        )
        if rows and over and 1 < len(stanza) < rules.settings["fewest_rows"]:
            _mark_run(stanza, "verse", len(stanza))


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
