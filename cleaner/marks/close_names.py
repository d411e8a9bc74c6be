"""Close up names that were padded with blanks to the width of three characters."""

from __future__ import annotations

import re

from cleaner.engine.classes import expand_pattern
from cleaner.engine.compile import Context, Finder
from cleaner.engine.patterns import LazyPattern
from cleaner.engine.rule import Rule
from cleaner.marks.scope import each_block, text_option, words_option
from cleaner.trace import Change

REACH = 16  # characters before a name that are looked at for what introduces it


def make_close_names(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `close-names`: a surname, blanks, and a given name of one character.

    Options: `lead`, a pattern of what introduces a name, at its left; `tail`, of what follows one; `compound`,
    surnames of two characters; `not_given`, characters that are no given name here (a set's body). A name also counts
    after another one.
    """

    def read(name: str) -> str:
        return expand_pattern(text_option(rule.options, name), classes, rule.file, rule.id)

    compound = "|".join(map(re.escape, words_option(rule.options, "compound")))
    space, han = classes["space"], classes["han"]
    no = classes["surname"], text_option(rule.options, "not_given")
    name = LazyPattern(f"(?:{compound}|[{no[0]}])(?P<blank>[{space}]{{1,3}})(?![{no[1]}])[{han}]", re.MULTILINE)
    lead = LazyPattern(f"(?:{read('lead')})[{space}]*$")
    tail = LazyPattern(read("tail"), re.MULTILINE)
    ends = no[0] + "".join(word[-1] for word in words_option(rule.options, "compound"))
    blank = LazyPattern(f"[{space}](?<=[{ends}].)[{space}]{{0,2}}(?![{no[1]}])[{han}]")  # what each name holds
    between = LazyPattern(f"[{space}]*[、，,·]?[{space}]*")

    def find(text: str, context: Context) -> list[Change]:
        changes: list[Change] = []
        for start, end in each_block(text, context):
            if not blank.search(text, start, end):
                continue
            at = start
            last = -1  # the end of the name before
            while match := name.search(text, at, end):
                at = match.end()
                behind = text[max(start, match.start() - REACH) : match.start()]
                behind = "\n" + behind if match.start() - start <= REACH else behind
                row = last >= 0 and between.fullmatch(text, last, match.start())
                if not tail.match(text, at, end) or not (row or lead.search(behind)):
                    at = match.start() + 1
                    continue
                changes.append(Change(match.start("blank"), match.end("blank"), "", rule.id))
                last = at
        return changes

    return find
