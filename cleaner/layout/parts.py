"""Take apart what stands in one unit but is two things: a credit at a paragraph's end, a jump mark at either end."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import measure_width
from cleaner.layout.matcher import search
from cleaner.layout.units import Part, Unit
from cleaner.layout.words import read_plainly

# internal role of the rule → role of the part that is taken out, and at which end it stands
TAILS = {"tail-credit": "credit", "tail-jump": "jump"}
PHOTO_TAILS = {"tail-photo": "credit"}
HEADS = {"head-jump": "jump"}


def find_value(rules: RuleSet, role: str, text: str) -> str | None:
    """Return what a rule for an internal role finds in a text: its first named group, or all of the match.

    Pages in traditional script are read in simplified; what is found is in the script of the text.
    """
    for _, match in search(rules, role, read_plainly(text, rules)):
        start, end = next((match.span(name) for name, value in match.groupdict().items() if value), match.span())
        return text[start:end].strip()
    return None


def split_parts(units: Sequence[Unit], rules: RuleSet) -> list[Unit]:
    """Cut credits and jump marks off paragraphs; each becomes a unit of its own."""
    out: list[Unit] = []
    for unit in units:
        if unit.role == "caption":
            unit, after = _split_tails(unit, rules, PHOTO_TAILS)
            out += [unit, *after]
            continue
        if unit.role != "paragraph":
            out.append(unit)
            continue
        before, unit = _split_heads(unit, rules)
        unit, after = _split_tails(unit, rules, TAILS)
        out += [*before, unit, *after]
    return out


def _split_heads(unit: Unit, rules: RuleSet) -> tuple[list[Unit], Unit]:
    for role, part in HEADS.items():
        for item, match in search(rules, role, unit.text):
            if 0 < match.end() < len(unit.text):
                first, rest = cut_unit(unit, match.end())
                first.role = part
                first.data["cut"] = item.rule.id
                return [first], rest
    return [], unit


def _split_tails(unit: Unit, rules: RuleSet, tails: dict[str, str]) -> tuple[Unit, list[Unit]]:
    after: list[Unit] = []
    for role, part in reversed(tails.items()):
        for item, match in search(rules, role, unit.text):
            if match.start() > 0 and match.end() == len(unit.text):
                unit, last = cut_unit(unit, match.start())
                last.role = part
                last.data["cut"] = item.rule.id
                after.insert(0, last)
                break
    return unit, after


def cut_unit(unit: Unit, at: int) -> tuple[Unit, Unit]:
    """Cut a unit in two at a place of its text; blanks at the cut stay out of both."""
    left: list[Part] = []
    right: list[Part] = []
    place = 0
    for part in unit.parts:
        place += len(part.glue)
        size = part.end - part.start
        if place + size <= at:
            left.append(part)
        elif place >= at:
            right.append(part)
        else:
            middle = part.start + at - place
            left.append(part._replace(end=middle))
            right.append(Part(middle, part.end, ""))
        place += size
    return _make(unit, left, unit.text[:at], unit.before), _make(unit, right, unit.text[at:], 0)


def _make(unit: Unit, parts: list[Part], text: str, before: int) -> Unit:
    lead = len(text) - len(text.lstrip())
    tail = len(text) - len(text.rstrip())
    parts[0] = parts[0]._replace(start=parts[0].start + lead, glue="")
    parts[-1] = parts[-1]._replace(end=parts[-1].end - tail)
    text = text.strip()
    return Unit(parts, text, measure_width(text), before, unit.indent, unit.role)
