"""Give parentheses one width, pair by pair."""

from __future__ import annotations

import re

from cleaner.engine.compile import Context, Finder
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.rule import Rule
from cleaner.marks.scope import each_block, number_option, text_option
from cleaner.trace import Change

OPEN = "(\N{FULLWIDTH LEFT PARENTHESIS}"
CLOSE = ")\N{FULLWIDTH RIGHT PARENTHESIS}"
BLANKS = " \N{IDEOGRAPHIC SPACE}"
Pair = tuple[int, int]  # places of both marks; -1 where one is missing


def make_pair_parentheses(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `pair-parentheses`.

    Options: `mistaken`, opening marks that recognisers write for a parenthesis, and `proper`, what would close them;
    `marker`, how far from a line's start a lone closing parenthesis still marks a list item; `reach`, how far the
    close of a mistaken mark is looked for.
    """
    pairer = Pairer(rule.options, classes)

    def find(text: str, context: Context) -> list[Change]:
        if "(" not in text and ")" not in text:
            return []
        changes: list[Change] = []
        for start, end in each_block(text, context):
            if text.find("(", start, end) >= 0 or text.find(")", start, end) >= 0:
                places = pairer.widen_block(text, start, end, context)
                changes += [Change(at, at + 1, new, rule.id) for at, new in sorted(places.items()) if new != text[at]]
        return changes

    return find


class Pairer:
    """Pairs the parentheses of a block and says which take full width."""

    def __init__(self, options: dict[str, object], classes: dict[str, str]) -> None:
        self.mistaken = text_option(options, "mistaken")
        self.proper = text_option(options, "proper")
        self.marker = number_option(options, "marker", 3)
        self.reach = number_option(options, "reach", 80)
        self.marks = LazyPattern(f"[{re.escape(OPEN + CLOSE + self.mistaken + self.proper)}]")
        self.han = LazyPattern(f"[{classes['han']}]")
        self.before = LazyPattern(f"[{classes['han']}{classes['wide_closing']}]")
        self.after = LazyPattern(f"[{classes['zh_after']}{classes['mark']}{classes['wide_closing']},;:?!(]")
        self.formula = LazyPattern(
            r"(?!\d{1,3}(?:,\d{3})+$)[A-Za-z0-9.]{1,6}(?:, ?[-A-Za-z0-9.]{1,6})+"
            r"|(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9.]{1,4}(?:[:=+*/^<>][A-Za-z0-9.]{1,4})+"
        )  # coordinates, ratios: (x,y), (a:b)
        self.item = LazyPattern(f"[{classes['han']}{classes['word']}]")
        self.word = LazyPattern(f"[{classes['word']}]")

    def widen_block(self, text: str, start: int, end: int, context: Context) -> dict[int, str]:
        """Return what stands at each parenthesis of the block that is, or becomes, of full width."""
        places: dict[int, str] = {}
        for left, right in self.pair(text, start, end):
            if left >= 0 and right >= 0:
                wide = self.is_wide_pair(text, start, end, left, right, context, places)
            else:
                wide = context.style == "narrow" and self.is_wide_single(text, start, end, left, right)
            if wide:
                places.update({left: OPEN[1]} if left >= 0 else {})
                places.update({right: CLOSE[1]} if right >= 0 else {})
        return places

    def pair(self, text: str, start: int, end: int) -> list[Pair]:
        """Pair the marks of a block from left to right; a mark without a partner gets -1."""
        pairs: list[Pair] = []
        stack: list[int] = []
        for match in self.marks.finditer(text, start, end):
            at, char = match.start(), match[0]
            if char in OPEN or char in self.mistaken:
                stack.append(at)
            elif char in CLOSE:
                left = self._take_opening(text, stack, at, end)
                pairs.append((left, at))
            elif stack and text[stack[-1]] in self.mistaken:
                stack.pop()
        return pairs + [(at, -1) for at in stack if text[at] in OPEN]

    def _take_opening(self, text: str, stack: list[int], at: int, end: int) -> int:
        """Pop what opens the pair that closes at `at`: a parenthesis, or a mark mistaken for one and not closed."""
        if not stack:
            return -1
        char = text[stack[-1]]
        if char in self.mistaken:
            proper = self.proper[self.mistaken.index(char)]
            closes_later = text.find(proper, at, min(at + self.reach, end)) >= 0
            if at - stack[-1] > self.reach or closes_later or self.marks.search(text, stack[-1] + 1, at):
                return -1
        return stack.pop()

    def is_wide_pair(
        self, text: str, start: int, end: int, left: int, right: int, context: Context, places: dict[int, str]
    ) -> bool:
        """Tell whether a pair belongs to Chinese; `places` are the marks decided so far."""
        at = left - 1
        while at >= start and text[at] in BLANKS:
            at -= 1
        before = places.get(at, text[at]) if at >= start else ""
        after = text[right + 1 : min(right + 2, end)]
        if self.formula.fullmatch(text, left + 1, right):
            return False
        if before == "]" or (text[left], text[right]) == (OPEN[1], CLOSE[1]):
            return False
        inside = bool(self.han.search(text, left + 1, right))
        if not inside and not self.before.match(before):
            at_line = not before or before == "\n"
            if not (context.style == "narrow" and (at_line or self.word.match(before)) and self.after.match(after)):
                return False
            if not at_line and right - left < 3:
                return False
        elif text[left] in self.mistaken and not (inside or self.han.match(before)):
            return False
        return context.is_chinese is None or context.is_chinese(text, left, left + 1)

    def is_wide_single(self, text: str, start: int, end: int, left: int, right: int) -> bool:
        """Tell whether a parenthesis without partner belongs to Chinese, on a page of half-width marks."""
        if left >= 0:
            before, after = text[max(left - 1, start) : left], text[left + 1 : min(left + 2, end)]
            return bool(self.han.match(after)) and (before in ("", "\n", *CLOSE) or bool(self.before.match(before)))
        line = max(text.rfind("\n", start, right) + 1, start)
        item = self.item.findall(text, max(line, right - self.reach), right)
        return len(item) > self.marker and bool(self.han.match(text[right - 1]))
