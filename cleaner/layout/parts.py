"""Take apart what stands in one unit but is two things: a credit at a paragraph's end, a jump mark at either end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.engine.deadline import Searcher
from cleaner.engine.gate import OPEN, gate_of, telling_set
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.profile import CompiledRole, RuleSet
from cleaner.layout.edges import Edges
from cleaner.layout.lines import measure_width
from cleaner.layout.memory import TextMemory
from cleaner.layout.units import Part, Unit
from cleaner.layout.words import read_plainly

# internal role of the rule → role of the part that is taken out, and at which end it stands
TAILS = {"tail-credit": "credit", "tail-jump": "jump"}
PHOTO_TAILS = {"tail-photo": "credit"}
HEADS = {"head-jump": "jump"}


def patterns_for(rules: RuleSet, role: str) -> tuple[CompiledRole, ...]:
    """Return the rules for one internal role."""
    return rules.by_role.get(role, ())


def matches(rules: RuleSet, role: str, text: str) -> bool:
    """Say whether a rule for an internal role finds its pattern in a text."""
    return rules.once("matchers", _Matchers)[role][shorten(text, rules)]


def shorten(text: str, rules: RuleSet) -> str:
    """Return what patterns look at of a text: a very long one's two ends, as two lines."""
    reach = rules.settings["pattern_reach"]
    return text if len(text) <= 2 * reach else f"{text[: int(reach)]}\n{text[-int(reach) :]}"


class _Matchers(dict[str, "Matcher"]):
    """A matcher for each internal role that was asked for."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, role: str) -> Matcher:
        self[role] = matcher = Matcher(patterns_for(self.rules, role))
        return matcher


class Matcher(TextMemory[bool]):
    """Says whether one of the patterns of an internal role is in a text; each is tried where the text's edges and
    marks leave it possible."""

    def __init__(self, items: Sequence[CompiledRole]) -> None:
        super().__init__()
        patterns = [item.pattern for item in items if item.pattern is not None]
        self.edges = Edges(patterns)
        self.finders = [
            (1 << number, _find_signs(pattern), finder)
            for number, (pattern, finder) in enumerate(zip(patterns, self.edges.finders, strict=True))
            if finder is not None
        ]

    def __missing__(self, text: str) -> bool:
        mask = self.edges(text)
        return self.remember(text, bool(mask) and any(self._find(text, mask)))

    def _find(self, text: str, mask: int) -> Iterator[bool]:
        for bit, signs, finder in self.finders:
            if mask & bit and (signs is None or signs.search(text)):
                yield finder.search(text) is not None


def _find_signs(pattern: Searcher) -> LazyPattern | None:
    """Return a set of characters of which a text must hold one for the pattern to match; None where there is none."""
    gate = gate_of(pattern.pattern, pattern.flags) if isinstance(pattern, LazyPattern) else OPEN
    pairs = [pair for term in gate for pair in telling_set(term)]
    return LazyPattern("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in pairs) + "]") if pairs else None


def find_value(rules: RuleSet, role: str, text: str) -> str | None:
    """Return what a rule for an internal role finds in a text: its first named group, or all of the match.

    Pages in traditional script are read in simplified; what is found is in the script of the text.
    """
    read = read_plainly(text, rules)
    for item in patterns_for(rules, role):
        match = item.pattern.search(read) if item.pattern else None
        if match:
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
        for item in patterns_for(rules, role):
            match = item.pattern.search(unit.text) if item.pattern else None
            if match and 0 < match.end() < len(unit.text):
                first, rest = cut_unit(unit, match.end())
                first.role = part
                first.data["cut"] = item.rule.id
                return [first], rest
    return [], unit


def _split_tails(unit: Unit, rules: RuleSet, tails: dict[str, str]) -> tuple[Unit, list[Unit]]:
    after: list[Unit] = []
    for role, part in reversed(tails.items()):
        for item in patterns_for(rules, role):
            match = item.pattern.search(unit.text) if item.pattern else None
            if match and match.start() > 0 and match.end() == len(unit.text):
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
