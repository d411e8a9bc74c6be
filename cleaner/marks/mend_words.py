"""Replace what a pattern finds, unless the sentence around speaks of the word itself."""

from __future__ import annotations

import re
from pathlib import Path

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import Context, Finder, find_matches, holds_any
from cleaner.engine.load import load_table
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.rule import Rule
from cleaner.engine.sources import fill_table
from cleaner.marks.scope import text_option
from cleaner.trace import Change

REACH = 80  # characters on either side that are looked at for a sentence


def make_mend_words(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `mend-words`: an exam, a textbook or a dictionary writes a wrong word on purpose.

    Options: `find`, a pattern in which `{TABLE}` stands for the keys of `table` (a TSV file; the group `word` is looked
    up); `replace`, else the table's value stands for the match; `about`, a TSV file of words that show that the
    sentence speaks of words; `unless`, a pattern with which the rule rests in a sentence; `outside`: rest inside
    quotation marks and parentheses; `listed`: rest in a line of lettered options; `flag`: flag what is changed, too.
    """
    folder, options = Path(rule.file).parent, rule.options
    name = text_option(options, "table")
    table = dict(load_table(folder / name, rule.file, rule.id)) if name else {}
    source = expand_pattern(text_option(options, "find"), classes, rule.file, rule.id)
    pattern = LazyPattern(fill_table(source, table), re.MULTILINE)
    guard = _Guard(rule, classes, folder)
    replace = options.get("replace")
    needs = rule.needs or ""

    def find(text: str, context: Context) -> list[Change]:
        if needs and not holds_any(text, needs):
            return []
        changes: list[Change] = []
        for match in find_matches(pattern, text, context):
            note = ""
            if table:
                word = match["word"]
                note = table.get(word, table.get(word.lower(), ""))
            new = match.expand(str(replace)) if replace is not None else note
            if (new == match[0] and rule.action != "flag") or guard.rests(text, *match.span()):
                continue
            changes.append(Change(match.start(), match.end(), new, rule.id, note if replace is not None else ""))
            if options.get("flag") and context.options.get("leaks", "remove") == "remove":
                context.flags.append((rule.id, rule.why, *match.span()))
        return changes

    return find


class _Guard:
    """Tells whether a rule rests at a place."""

    def __init__(self, rule: Rule, classes: dict[str, str], folder: Path) -> None:
        options = rule.options
        name = text_option(options, "about")
        words = [re.escape(key) for key, _ in load_table(folder / name, rule.file, rule.id)] if name else []
        more = text_option(options, "unless")
        words += [expand_pattern(more, classes, rule.file, rule.id)] if more else []
        self.about = LazyPattern("|".join(words) or r"(?!)")
        self.stop = LazyPattern(f"[{classes['terminal']}\n]")
        self.opening = LazyPattern(f'[{classes["wide_opening"]}"(]')
        self.closing = LazyPattern(f'[{classes["wide_closing"]}")]')
        self.inside = bool(options.get("outside"))
        self.listed = bool(options.get("listed"))
        self.option = LazyPattern(
            r"(?<![A-Za-z])[A-F\u2460-\u2469](?:[.\uff0e\u3001:\uff1a)\uff09\s]|(?<=[\u2460-\u2469]))"
        )

    def rests(self, text: str, start: int, end: int) -> bool:
        """Tell whether the word stands by itself in marks, in an option, or in a sentence that speaks of words."""
        before, after = text[max(start - REACH, 0) : start], text[end : end + REACH]
        if self.opening.match(before.rstrip()[-1:]) and self.closing.match(after.lstrip()[:1]):
            return True
        line_before, line_after = before.rpartition("\n")[2], after.partition("\n")[0]
        if self.inside and self._is_open(line_before) and self.closing.search(line_after):
            return True
        if self.listed and len(self.option.findall(line_before + "\n" + line_after)) > 1:
            return True
        left = max((match.end() for match in self.stop.finditer(before)), default=0)
        stop = self.stop.search(after)
        sentence = before[left:] + "\n" + after[: stop.start() if stop else None]
        return bool(self.about.search(sentence))

    def _is_open(self, before: str) -> bool:
        """Tell whether a pair of marks is open at the end of a stretch."""
        straight = before.count('"') % 2
        opened = len(self.opening.findall(before.replace('"', "")))
        return bool(straight) or opened > len(self.closing.findall(before.replace('"', "")))
