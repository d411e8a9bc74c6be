"""Find the one column that all of a text is set in: books and leaflets, other than newspapers, have one width.

Where a text shows it, a line end says nearly by itself whether the paragraph goes on: it does where the next line's
first word had no room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line, measure_width
from cleaner.layout.matcher import matches
from cleaner.layout.words import cuts_word

LOST, KEPT, NONE = "lost", "kept", "none"  # what became of the indents of paragraphs


class SteadyColumn(NamedTuple):
    """A column, in cells: its width, each line's extent as it was printed (marks of full width), the indent of full
    lines; `indents` says whether paragraphs show their indent, have lost it, or never had one; `settings` are the
    profile's."""

    width: float
    extents: list[float]
    margin: float
    indents: str
    settings: Mapping[str, float]

    def measure(self, lines: Sequence[Line], i: int, token: LazyPattern) -> dict[str, float]:
        """Measure the boundary before line `i`: the room that its first word had at the end of the line before, how
        far it is indented, how far it falls short itself."""
        after, short = lines[i], self.width - self.extents[i]
        first = token.match(after.text)
        room = self.width - self.extents[i - 1] - (measure_width(first[0]) if first else 1.0)
        measures = {"room": room, "steady_indent": after.indent - self.margin, "steady_short": short}
        if self.indents == KEPT:
            flush = after.indent - self.margin < self.settings["paragraph_indent_least"]
            measures["flush"] = float(room < self.settings["steady_room"] and flush)
        if self.indents == LOST:
            least, most = self.settings["lost_indent_least"], self.settings["lost_indent_most"]
            measures["flush"] = float(room < self.settings["steady_room"] and short < least)
            measures["lost_indent"] = float(least < short < most)
        return measures

    def fills(self, i: int) -> bool:
        """Say whether line `i` ends where the column does."""
        return abs(self.width - self.extents[i]) <= self.settings["column_slack"]


def find_steady_column(lines: Sequence[Line], opens: Sequence[int], rules: RuleSet) -> SteadyColumn | None:
    """Return the column that nearly all lines stand in, or None, as for a newspaper's page.

    `opens` says how open each line ends (`measure_openness`). An engine may write the marks of a page in half width,
    or the page may be set so: the extents are taken whose full lines agree better.
    """
    printed = [line.extent for line in lines]
    han, marks = rules.classes["han"], rules.classes["narrow_mark"]
    narrow = find_pattern(f"[{marks}](?:(?=[{han}])|(?<=[{han}][{marks}]))")
    widened = [extent + len(narrow.findall(line.text)) / 2 for line, extent in zip(lines, printed, strict=True)]
    clause = find_pattern(f"[{rules.classes['running_mark']}]")
    marked = [clause.search(line.text, 0, len(line.text) - 1) is not None for line in lines]
    ways = [printed] if widened == printed else [printed, widened]
    found = [_find_width(lines, opens, marked, extents, rules) for extents in ways]
    support, width, extents = max(
        ((count, width, extents) for (count, width), extents in zip(found, ways, strict=True)), key=lambda way: way[0]
    )
    if not support or any(matches(rules, "page-sign", line.text) for line in lines):
        return None
    full = [i for i, extent in enumerate(extents) if abs(extent - width) <= rules.settings["column_slack"]]
    margin = sorted(lines[i].indent for i in full)[int(rules.settings["steady_margin"] * len(full))]
    indents = _find_indents(lines, extents, width, margin, rules)
    return SteadyColumn(width, extents, margin, indents, rules.settings)


def _find_width(
    lines: Sequence[Line], opens: Sequence[int], marked: Sequence[bool], extents: Sequence[float], rules: RuleSet
) -> tuple[int, float]:
    """Return how many lines end in mid-sentence right at the width that most of them agree on, and that width; 0
    where there is no such width for the whole text. `marked` says which lines hold a mark before their ends."""
    settings, slack = rules.settings, rules.settings["column_slack"]
    broken = [i for i, (openness, mark) in enumerate(zip(opens, marked, strict=True)) if openness and mark]
    at_end = [extents[i] for i in broken if settings["column_narrowest"] <= extents[i] <= settings["steady_widest"]]
    if not at_end:
        return 0, 0.0
    width, count = max(Counter(at_end).items(), key=lambda item: (item[1], item[0]))
    first = _are_first_lines([i for i in broken if extents[i] == width], lines, rules)
    width = _widen(width, count, [extents[i] for i, mark in enumerate(marked) if mark], first, rules)
    full = [i for i in broken if -settings["steady_first_line"] <= extents[i] - width <= slack]
    torn = [i for i in broken if opens[i] == 2]  # verse ends its lines at marks
    steady = (
        len(full) >= settings["steady_lines"]
        and len(set(torn) & set(full)) >= settings["steady_share"] * len(torn)
        and sum(1 for extent in extents if extent > width + slack) <= settings["steady_wider"] * len(lines)
        and (_cut_words(lines, full, rules) or _agree(lines, extents, full, width, rules))
    )
    return (count if steady else 0), width


def _widen(width: float, count: int, extents: Sequence[float], first: bool, rules: RuleSet) -> float:
    """Return the column's width where the width that most lines agree on may be that of first lines without their
    indents: of a text of short paragraphs 26 -> 28, where enough lines are two cells wider.

    `count` lines are `width` cells wide, `first` says that they look like first lines; `extents` are those of all lines
    with marks in them.
    """
    settings = rules.settings
    wider = [extent for extent in extents if settings["steady_wide"] < extent - width < settings["lost_indent_most"]]
    enough = len(wider) >= max(2, settings["steady_lost"] * count)
    if not wider or not (first or (enough and max(wider) > width + settings["lost_indent_least"])):
        return width
    return max(Counter(wider).items(), key=lambda item: (item[1], item[0]))[0]


def _are_first_lines(some: Sequence[int], lines: Sequence[Line], rules: RuleSet) -> bool:
    """Say whether most of some lines follow a full stop: they are first lines that have lost their indents, and the
    column is two cells wider."""
    closed = find_pattern(f"[{rules.classes['terminal']}][{rules.classes['closing']}]*$")
    first = sum(1 for i in some if lines[i].indent < 1 and (i == 0 or closed.search(lines[i - 1].text)))
    return first >= rules.settings["steady_first"] * len(some)


def _cut_words(lines: Sequence[Line], full: Sequence[int], rules: RuleSet) -> bool:
    cut = sum(1 for i in full if i + 1 < len(lines) and cuts_word(lines[i].text, lines[i + 1].text))
    return cut >= max(rules.settings["steady_cut"] * len(full), 1)


def _agree(
    lines: Sequence[Line],
    extents: Sequence[float],
    full: Sequence[int],
    width: float,
    rules: RuleSet,
) -> bool:
    """Say whether enough lines are of exactly the column's width, with and without a lost indent, and have their marks
    in different places, other than rows of one shape."""
    near, clause = rules.settings["steady_exact"], find_pattern(f"[{rules.classes['running_mark']}]")
    exact = [i for i in full if any(abs(width - indent - extents[i]) <= near for indent in (0, 2))]
    places = {found.start() for i in exact if (found := clause.search(lines[i].text))}
    return len(exact) >= rules.settings["steady_agreed"] and 2 * len(places) > len(exact)


def _find_indents(lines: Sequence[Line], extents: Sequence[float], width: float, margin: float, rules: RuleSet) -> str:
    """Tell what became of the indents, from the lines that follow a line which ends in a full stop."""
    settings = rules.settings
    least, most = settings["lost_indent_least"], settings["lost_indent_most"]
    closed = find_pattern(f"[{rules.classes['terminal']}][{rules.classes['closing']}]*$")
    ends = [bool(closed.search(line.text)) for line in lines]
    after = [i for i in range(1, len(lines)) if ends[i - 1]]
    indented = {i for i in after if lines[i].indent - margin >= settings["shown_indent"]}
    full = [i for i in after if abs(extents[i] - width) <= 1 and not ends[i] and i not in indented]
    flush = sum(1 for i in full if extents[i - 1] < width - settings["steady_ended"])
    lost = sum(1 for i in after if least < width - extents[i] < most and not ends[i])
    if indented:
        return KEPT if len(indented) >= flush else NONE
    return LOST if lost and lost >= flush else NONE
