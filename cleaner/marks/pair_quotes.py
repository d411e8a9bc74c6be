"""Pair the quotation marks of a block, and mend those whose partner is certain."""

from __future__ import annotations

from cleaner.engine.blocks import as_blocks
from cleaner.engine.compile import Context, Finder
from cleaner.engine.rule import Rule
from cleaner.marks import read_quotes
from cleaner.marks.read_quotes import CLOSE1, CLOSE2, CLOSING, OPEN1, OPEN2, OPENING, QUOTES, STRAIGHT, Mark
from cleaner.marks.scope import each_block, pick_blocks
from cleaner.trace import Change

TURNED = {OPEN2: CLOSE2, CLOSE2: OPEN2, OPEN1: CLOSE1, CLOSE1: OPEN1}
OTHER_KIND = {OPEN2: OPEN1, OPEN1: OPEN2, CLOSE2: CLOSE1, CLOSE1: CLOSE2}
PARTNER = {CLOSE2: OPEN2, CLOSE1: OPEN1}
PARAGRAPHS = 5  # of one quotation at most
LONGEST = 120  # marks of one block beyond which only straight ones are set


def make_pair_quotes(rule: Rule, classes: dict[str, str]) -> Finder:
    """Make the procedure `pair-quotes`.

    A block whose marks pair is left as it is, also one that opens a quotation which the next paragraph takes up
    (GB/T 15834-2011 4.8.3.5). Else straight marks get the direction that pairing forces, and one wrong mark or one
    reversed pair is mended where exactly one change makes the block pair. A quotation that opens in one paragraph and
    closes at the end of a later one opens each between, where no other mark stands. What is left is flagged.
    """
    reader = read_quotes.QuoteReader(classes)

    def find(text: str, context: Context) -> list[Change]:
        if not any(char in text for char in QUOTES):
            return []
        changes: list[Change] = []
        bounds = as_blocks(context.bounds)
        blocks = list(zip(bounds.starts, bounds.ends, strict=True)) or list(each_block(text, context))
        opened: set[int] = set()  # the blocks that a quotation of several paragraphs has opened
        for index in pick_blocks(context) if bounds else range(len(blocks)):
            start, end = blocks[index]
            if index in opened:
                continue
            if _pairs("".join(reader.quotes.findall(text, start, end)), False):
                continue  # the common case: nothing to look at
            marks = reader.read(text, start, end)
            if not marks:
                continue
            goes_on = _next_opens(text, blocks, index, context)
            chars = "".join(mark.char for mark in marks)
            leads = marks[0].at == start
            if chars == OPEN2 and leads and (run := _run_on(text, blocks, index, context, reader)):
                changes += [Change(blocks[number][0], blocks[number][0], OPEN2, rule.id) for number in sorted(run)]
                opened |= run
                continue
            if _pairs(chars, leads):
                if not _pairs(chars, leads and goes_on):
                    context.flags.append(("quote-open", "a quotation opens here and does not close", *_span(marks)))
                continue
            mended = _mend(marks, leads and goes_on)
            if mended is None:
                context.flags.append(("quote-unpaired", "quotation marks here do not pair", *_span(marks)))
                continue
            pairs = zip(marks, mended, strict=True)
            changes += [Change(mark.at, mark.at + 1, new, rule.id) for mark, new in pairs if new != mark.char]
        return changes

    return find


def _next_opens(text: str, blocks: list[tuple[int, int]], index: int, context: Context) -> bool:
    """Tell whether the next block belongs to the same article and begins with a double mark of whatever direction."""
    if index + 1 == len(blocks) or (context.bounds and context.bounds[index][3] != context.bounds[index + 1][3]):
        return False
    return text.startswith((OPEN2, CLOSE2, STRAIGHT[0]), blocks[index + 1][0])


def _run_on(
    text: str, blocks: list[tuple[int, int]], index: int, context: Context, reader: read_quotes.QuoteReader
) -> set[int]:
    """Return the numbers of the blocks that carry on the quotation that a block opens; none when that is not certain.

    Certain is: paragraphs of one article, no mark in those between, a closing mark alone at the end of the last.
    """
    for last in range(index + 1, min(index + PARAGRAPHS, len(blocks))):
        if context.bounds:
            (_, _, role, article), (_, _, _, first) = context.bounds[last], context.bounds[index]
            if role != "paragraph" or article != first or context.bounds[index][2] != "paragraph":
                return set()
        start, end = blocks[last]
        marks = reader.quotes.findall(text, start, end)
        if marks:
            closes = marks == [CLOSE2] and text[start:end].endswith(CLOSE2)
            return set(range(index + 1, last + 1)) if closes and context.bounds else set()
    return set()


def _span(marks: list[Mark]) -> tuple[int, int]:
    return marks[0].at, marks[-1].at + 1


def _pairs(chars: str, may_stay_open: bool) -> bool:
    """Tell whether a row of marks pairs: kinds alternate level by level, and all are closed.

    With `may_stay_open` the first mark may be a double one that the next paragraph takes up.
    """
    stack: list[str] = []
    for char in chars:
        if char in OPENING:
            if stack and stack[-1] == char:
                return False
            stack.append(char)
        elif char in CLOSING:
            if not stack or stack.pop() != PARTNER[char]:
                return False
        else:
            return False
    return not stack or (may_stay_open and stack == [OPEN2] and chars[0] == OPEN2)


def _mend(marks: list[Mark], goes_on: bool) -> str | None:
    """Return the marks that the row should have, when that is certain."""
    chars = _set_straight(marks)
    if chars is None:
        return None
    if _pairs(chars, goes_on):
        return chars
    if any(mark.char in STRAIGHT for mark in marks) or len(marks) > LONGEST:
        return None
    found = {new for new in _one_change(marks, chars) if _pairs(new, goes_on)}
    return found.pop() if len(found) == 1 else None


def _set_straight(marks: list[Mark]) -> str | None:
    """Give straight marks the direction that what is open forces; None where a mark cannot stand so."""
    out: list[str] = []
    stack: list[str] = []
    for mark in marks:
        char = mark.char
        if char in STRAIGHT:
            opening, closing = (OPEN2, CLOSE2) if char == '"' else (OPEN1, CLOSE1)
            char = closing if opening in stack else opening
            if not mark.fits(char):
                return None
        if char in OPENING:
            stack.append(char)
        elif stack and stack[-1] == PARTNER[char]:
            stack.pop()
        out.append(char)
    return "".join(out)


def _one_change(marks: list[Mark], chars: str) -> list[str]:
    """Return the rows that differ by the kind of one mark, its direction, or both directions of a pair.

    A direction is changed only where the mark shows that it is wrong: blocks are torn between columns, and
    the rest of a quotation looks like a reversed one.
    """
    rows: list[str] = []
    for i, mark in enumerate(marks):
        kind = OTHER_KIND[chars[i]]
        rows.append(chars[:i] + kind + chars[i + 1 :])
        turned = TURNED[chars[i]]
        if mark.fits(turned) and (not mark.fits(chars[i]) or (turned in CLOSING and mark.after_mark)):
            rows.append(chars[:i] + turned + chars[i + 1 :])
        if i + 1 < len(marks) and TURNED[chars[i]] == chars[i + 1] and chars[i] in CLOSING:
            here, there = mark.fits(chars[i]), marks[i + 1].fits(chars[i + 1])
            if not (here and there) and mark.fits(turned) and marks[i + 1].fits(chars[i]):
                rows.append(chars[:i] + turned + chars[i] + chars[i + 2 :])
    return rows
