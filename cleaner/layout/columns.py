"""Learn the width of the column that a printed line stands in from the lines around it.

Lines around show a column when enough of them are full and end in mid-sentence; where they show none, none is known.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from cleaner.engine.patterns import LazyPattern, find_pattern
from cleaner.engine.profile import RuleSet
from cleaner.layout.lines import Line
from cleaner.layout.matcher import matches

Extents = Sequence[float]  # of the lines, in cells
ROWS = "row-list|row-table|row-code"


def find_columns(lines: Sequence[Line], opens: Sequence[int], rules: RuleSet) -> list[float | None]:
    """Return for each line the width of its column in cells, or None where nothing shows a column; `opens` says how
    open each line ends (`measure_openness`).

    Lines around show a column when enough of them are full and end in mid-sentence. On a page where that holds for
    half of the lines, the lines between two blank ones can show a column of their own.
    """
    settings = rules.settings
    marks = find_pattern(f"[{rules.classes['mark']}{rules.classes['narrow_clause']}]")
    marked = [marks.search(line.text) is not None for line in lines]
    if sum(marked) < settings["column_marked"] * len(
        lines
    ):  # lists and menus hold few, and their lines may be of one length
        return [None] * len(lines)
    extents = [line.extent for line in lines]
    found = _Window(extents, opens, marked, settings).run()
    if 2 * sum(1 for width in found if width is not None) < len(lines):
        return found
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].blanks:
            width = _column_of_group(extents[start:i], opens[start:i], settings)
            if width is not None:
                found[start:i] = [min(width, known or width) for known in found[start:i]]
            start = i
    for i, known in enumerate(found):
        if known is None:
            found[i] = _column_of_neighbours(extents, opens, i, settings)
    return _spread(extents, found, settings)


def measure_openness(line: Line, rules: RuleSet) -> int:
    """Return 2 for a line that ends without any mark, 1 for one that ends at a clause mark, 0 for others and for rows.

    Verse ends its lines at marks, lists and tables have rows; printed lines mostly end in the middle of a clause.
    """
    closed, clause = rules.once("line ends", _make_ends)
    last = line.text[-1:]
    if closed.match(last) or matches(rules, ROWS, line.text):
        return 0
    return 1 if clause.match(last) else 2


def _make_ends(rules: RuleSet) -> tuple[LazyPattern, LazyPattern]:
    classes = rules.classes
    return (
        find_pattern(f"[{classes['terminal']}{classes['closing']}]"),
        find_pattern(f"[{classes['clause']}{classes['narrow_clause']}]"),
    )


class _Window:
    """Slides over the lines, and counts around each how many stand in a column of each width."""

    def __init__(
        self, extents: Extents, opens: Sequence[int], marked: Sequence[bool], settings: Mapping[str, float]
    ) -> None:
        self.extents, self.opens, self.marked, self.settings = extents, opens, marked, settings
        narrowest, widest = settings["column_narrowest"], settings["column_widest"]
        self.widths = sorted({extent for extent in extents if narrowest <= extent <= widest})
        self.numbers = {width: number for number, width in enumerate(self.widths)}
        self.covered: dict[float, list[int]] = {}  # by extent, the numbers of the widths that it is full for
        self.full = [0] * len(self.widths)  # lines around that are full for a width and end openly
        self.torn = [0] * len(self.widths)  # those of them that end without any mark
        self.lines = [0] * len(self.widths)  # lines around that are of a width
        self.present: list[int] = []  # the widths of lines around, ascending
        self.whole = 0.0  # cells of the lines around that end at a full stop

    def run(self) -> list[float | None]:
        """Return for each line the width that most lines around it are full for, or None."""
        reach, count = int(self.settings["column_reach"]), len(self.extents)
        found: list[float | None] = []
        for i in range(min(reach, count)):
            self._count(i, 1)
        for i in range(count):
            if i + reach < count:
                self._count(i + reach, 1)
            found.append(self._choose(max(i - reach, 0), min(i + reach + 1, count)))
            if i >= reach:
                self._count(i - reach, -1)
        return found

    def _count(self, i: int, step: int) -> None:
        extent, openness = self.extents[i], self.opens[i]
        number = self.numbers.get(extent)
        if number is not None:
            self.lines[number] += step
            if self.lines[number] == max(step, 0):
                insort(self.present, number) if step > 0 else self.present.remove(number)
        if not openness:
            self.whole += step * extent
            return
        for covered in self._covered(extent):
            self.full[covered] += step
            self.torn[covered] += step if openness == 2 else 0

    def _covered(self, extent: float) -> list[int]:
        """Return the numbers of the widths that a line is full for: it falls short by little, or stands out by less."""
        known = self.covered.get(extent)
        if known is None:
            slack = self.settings["column_slack"]
            low, high = bisect_left(self.widths, extent - slack), bisect_left(self.widths, extent + 2 * slack)
            near = range(low, high)
            known = [n for n in near if self.widths[n] - slack <= extent <= self.widths[n] + slack / 2]
            self.covered[extent] = known
        return known

    def _choose(self, start: int, end: int) -> float | None:
        least = max(self.settings["column_lines"], self.settings["column_share"] * (end - start))
        best, best_count = None, 0
        for number in reversed(self.present):
            count = self.full[number]
            if count > best_count and count >= least and self.torn[number] * 2 > count:
                width = self.widths[number]
                text = count * width
                if self.whole <= text or self._wider(width, start, end) <= text or self._runs(width, start, end):
                    best, best_count = width, count
        return best

    def _wider(self, width: float, start: int, end: int) -> float:
        """Return how much text, in cells, stands around in wider lines that end at a full stop: whole paragraphs.

        Where there is more of it than in the lines of this width, these are headlines.
        """
        low = width + self.settings["column_slack"]
        near = range(start, end)
        return sum([self.extents[i] for i in near if self.extents[i] > low and not self.opens[i]])

    def _runs(self, width: float, start: int, end: int) -> bool:
        """Say whether enough lines around that follow each other are just as wide and end without any mark.

        Headlines are of like width, but hardly three in a row of the same; those that are hold no mark.
        """
        run, marked = 0, False
        for i in range(start, end):
            if self.opens[i] == 2 and abs(self.extents[i] - width) <= self.settings["column_exact"]:
                run, marked = run + 1, marked or self.marked[i]
            else:
                run, marked = 0, False
            if marked and run >= self.settings["column_lines"]:
                return True
        return False


def _column_of_group(extents: Extents, opens: Sequence[int], settings: Mapping[str, float]) -> float | None:
    """Return the column's width that the lines between two blank lines show by themselves, or None."""
    width = max(extents)
    if len(extents) < settings["group_lines"] or not settings["column_narrowest"] <= width <= settings["column_widest"]:
        return None
    least = width - settings["column_slack"]
    full = [openness for extent, openness in zip(extents, opens, strict=True) if extent >= least]
    return width if 2 * len(full) >= len(extents) and full.count(2) >= 2 else None


def _column_of_neighbours(
    extents: Extents, opens: Sequence[int], i: int, settings: Mapping[str, float]
) -> float | None:
    """Return the width that two or three lines in a row agree on, one of them ending in mid-sentence, or None."""
    narrowest, widest = settings["neighbour_narrowest"], settings["column_widest"]
    near = [k for k in range(max(i - 1, 0), min(i + 3, len(extents))) if narrowest <= extents[k] <= widest]
    if not near:
        return None
    width = max([extents[k] for k in near])
    full = [k for k in near if extents[k] >= width - settings["column_slack"]]
    return width if len(full) > 1 and any(opens[k] == 2 for k in full) else None


def _spread(extents: Extents, found: Sequence[float | None], settings: Mapping[str, float]) -> list[float | None]:
    """Give lines that show no column themselves the nearest known one that they fit in."""
    reach, slack = int(settings["column_spread"]), settings["column_slack"] / 2
    out = list(found)
    for i, known in enumerate(found):
        if known is None:
            near = [found[k] for d in range(1, reach + 1) for k in (i + d, i - d) if 0 <= k < len(found)]
            out[i] = next((width for width in near if width is not None and width + slack >= extents[i]), None)
    return out
