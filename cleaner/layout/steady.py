"""Find the one column that all of a text is set in: books and leaflets, other than newspapers, have one width.

Where a text shows it, a line end says nearly by itself whether the paragraph goes on: it does where the next line's
first word had no room.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line, measure_width
from cleaner.layout.parts import matches
from cleaner.layout.words import cuts_word

INDENTED = (1.2, 2.8)  # cells that a paragraph's first line falls short where its indent is lost
FIRST_LINE = 3.2  # and at most so many where a mark has taken a character along to the next line
ENDED = 1.6  # cells of room from which a line was ended on purpose
LOST, KEPT, NONE = "lost", "kept", "none"  # what became of the indents of paragraphs


@dataclass(frozen=True, slots=True)
class SteadyColumn:
    """A column, in cells: its width, each line's extent as it was printed (marks of full width), the indent of full
    lines; `indents` says whether paragraphs show their indent, have lost it, or never had one."""

    width: float
    extents: list[float]
    margin: float
    indents: str

    def measure(self, lines: Sequence[Line], i: int, token: re.Pattern[str]) -> dict[str, float]:
        """Measure the boundary before line `i`: the room that its first word had at the end of the line before, how
        far it is indented, how far it falls short itself."""
        after, short = lines[i], self.width - self.extents[i]
        first = token.match(after.text)
        room = self.width - self.extents[i - 1] - (measure_width(first[0]) if first else 1.0)
        measures = {"room": room, "steady_indent": after.indent - self.margin, "steady_short": short}
        if self.indents == KEPT:
            measures["flush"] = float(room < ENDED and after.indent - self.margin < 1)
        if self.indents == LOST:
            measures["flush"] = float(room < ENDED and short < INDENTED[0])
            measures["lost_indent"] = float(INDENTED[0] < short < INDENTED[1])
        return measures

    def fills(self, i: int, rules: RuleSet) -> bool:
        """Say whether line `i` ends where the column does."""
        return abs(self.width - self.extents[i]) <= rules.settings["column_slack"]


def find_steady_column(lines: Sequence[Line], opens: Sequence[int], rules: RuleSet) -> SteadyColumn | None:
    """Return the column that nearly all lines stand in, or None, as for a newspaper's page.

    `opens` says how open each line ends (`measure_openness`). An engine may write the marks of a page in half width,
    or the page may be set so: the extents are taken whose full lines agree better.
    """
    printed = [line.extent for line in lines]
    narrow = re.compile(f"(?<=[{rules.classes['han']}])[,;:?!()]|[,;:?!()](?=[{rules.classes['han']}])")
    widened = [extent + len(narrow.findall(line.text)) / 2 for line, extent in zip(lines, printed, strict=True)]
    ways = [printed] if widened == printed else [printed, widened]
    found = [_find_width(lines, opens, extents, rules) for extents in ways]
    support, width, extents = max(
        ((count, width, extents) for (count, width), extents in zip(found, ways, strict=True)), key=lambda way: way[0]
    )
    if not support or any(matches(rules, "page-sign", line.text) for line in lines):
        return None
    full = [i for i, extent in enumerate(extents) if abs(extent - width) <= rules.settings["column_slack"]]
    margin = sorted(lines[i].indent for i in full)[len(full) // 10]
    return SteadyColumn(width, extents, margin, _find_indents(lines, extents, width, margin, rules))


def _find_width(
    lines: Sequence[Line], opens: Sequence[int], extents: Sequence[float], rules: RuleSet
) -> tuple[int, float]:
    """Return how many lines end in mid-sentence right at the width that most of them agree on, and that width; 0
    where there is no such width for the whole text."""
    settings, slack = rules.settings, rules.settings["column_slack"]
    clause = re.compile(f"[{rules.classes['wide_terminal']}，、；,;]")
    broken = [i for i, openness in enumerate(opens) if openness and clause.search(lines[i].text[:-1])]
    at_end = [extents[i] for i in broken if settings["column_narrowest"] <= extents[i] <= settings["steady_widest"]]
    if not at_end:
        return 0, 0.0
    width, count = max(Counter(at_end).items(), key=lambda item: (item[1], item[0]))
    wider = [extent for extent, line in zip(extents, lines, strict=True) if clause.search(line.text[:-1])]
    wider = [extent for extent in wider if 0.75 < extent - width < INDENTED[1]]
    some = len(wider) >= max(2, settings["steady_lost"] * count) and max(wider) > width + INDENTED[0]
    if some or (wider and _are_first_lines([i for i in broken if extents[i] == width], lines, rules)):
        width = max(Counter(wider).items(), key=lambda item: (item[1], item[0]))[0]
    full = [i for i in broken if -FIRST_LINE <= extents[i] - width <= slack]
    torn = [i for i in broken if opens[i] == 2]  # verse ends its lines at marks
    steady = (
        len(full) >= settings["steady_lines"]
        and len(set(torn) & set(full)) >= settings["steady_share"] * len(torn)
        and sum(1 for extent in extents if extent > width + slack) <= settings["steady_wider"] * len(lines)
        and (_cut_words(lines, full, rules) or _agree(lines, extents, full, width, clause, rules))
    )
    return (count if steady else 0), width


def _are_first_lines(some: Sequence[int], lines: Sequence[Line], rules: RuleSet) -> bool:
    """Say whether most of some lines follow a full stop: they are first lines that have lost their indents, and the
    column is two cells wider."""
    closed = re.compile(f"[{rules.classes['terminal']}][{rules.classes['closing']}]*$")
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
    clause: re.Pattern[str],
    rules: RuleSet,
) -> bool:
    """Say whether enough lines are of exactly the column's width, with and without a lost indent, and have their marks
    in different places, other than rows of one shape."""
    exact = [i for i in full if any(abs(width - indent - extents[i]) <= 0.25 for indent in (0, 2))]
    places = {found.start() for i in exact if (found := clause.search(lines[i].text))}
    return len(exact) >= rules.settings["steady_agreed"] and 2 * len(places) > len(exact)


def _find_indents(lines: Sequence[Line], extents: Sequence[float], width: float, margin: float, rules: RuleSet) -> str:
    """Tell what became of the indents, from the lines that follow a line which ends in a full stop."""
    closed = re.compile(f"[{rules.classes['terminal']}][{rules.classes['closing']}]*$")
    ends = [bool(closed.search(line.text)) for line in lines]
    after = [i for i in range(1, len(lines)) if ends[i - 1]]
    indented = {i for i in after if lines[i].indent - margin >= 1.4}
    full = [i for i in after if abs(extents[i] - width) <= 1 and not ends[i] and i not in indented]
    flush = sum(1 for i in full if extents[i - 1] < width - 3)
    lost = sum(1 for i in after if INDENTED[0] < width - extents[i] < INDENTED[1] and not ends[i])
    if indented:
        return KEPT if len(indented) >= flush else NONE
    return LOST if lost and lost >= flush else NONE
