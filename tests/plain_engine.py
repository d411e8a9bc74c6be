"""The engine as it is described, without a thought of speed: what the real one is compared with."""

from __future__ import annotations

import re
from unittest import mock

from cleaner.engine import run
from cleaner.engine.classes import load_classes, read_script
from cleaner.engine.compile import Compiled, Context
from cleaner.engine.profile import RuleSet
from cleaner.marks import style
from cleaner.marks.data import is_data
from cleaner.model import Page
from cleaner.pipeline import clean_page
from cleaner.trace import Change, Layer, Piece


def clean_plainly(text: str, rules: RuleSet) -> Page:
    """Clean with every rule tried on every text, and each character followed through each layer by itself."""
    with (
        mock.patch.object(run, "look_rules", lambda plan, lines: [(compiled, None) for compiled in plan]),
        mock.patch.object(run, "find_changes", find_plainly),
        mock.patch("cleaner.past.compose", compose_plainly),
        mock.patch("cleaner.assemble.compose", compose_plainly),
        mock.patch("cleaner.pipeline.is_chinese", is_chinese_plainly),
    ):
        return clean_page(text, rules)


def find_plainly(compiled: Compiled, text: str, context: Context) -> list[Change]:
    """Find a rule's changes, and try each on all conditions."""
    rule = compiled.rule
    if rule.style not in (None, context.style) or rule.script not in (None, read_script(text)):
        return []
    shields = [match.span() for shield in context.protected for match in shield.pattern.finditer(text)]
    kept: list[Change] = []
    for change in compiled.find(text, context):
        block = [bound for bound in context.bounds if bound[0] <= change.start][-1:] or context.bounds[:1]
        for start, end, role, _ in block:
            inside = start <= change.start and change.end <= end
            asked = role in rule.roles if rule.roles else role != "code"
            if not inside or not asked or role in rule.not_roles:
                break
        else:
            free = all(change.end <= a or b <= change.start for a, b in shields if a < b)
            chinese = rule.sentence is None or context.is_chinese is None
            if free and (chinese or context.is_chinese(text, change.start, change.end)):  # type: ignore[misc]
                kept.append(change)
    return kept


def is_chinese_plainly(text: str, start: int, end: int) -> bool:
    """Count the Chinese characters and foreign words of the sentence around a place."""
    if is_data(text, start, end):
        return False
    stop = f"[{load_classes()['terminal']}\n]|[.] "
    left, right = text[max(start - style.REACH, 0) : start], text[end : end + style.REACH]
    sentence = re.split(stop, left)[-1] + " " + re.split(stop, right)[0]
    han = len(re.findall(f"[{load_classes()['han']}]", sentence))
    words = len(re.findall("[A-Za-z]+", sentence))
    return han > words or han == words >= 2


def compose_plainly(first: Layer, second: Layer) -> Layer:
    """Compose two layers piece by piece: each piece of the second looks through all pieces of the first."""
    spans: list[tuple[int, int, Piece]] = []
    at = 0
    for piece in first:
        size = piece.end - piece.start if piece.text is None else len(piece.text)
        spans.append((at, at + size, piece))
        at += size
    out: Layer = []
    changed: list[tuple[int, set[str], str]] = []  # raw place, who had put something there, who changed it
    for piece in second:
        taken = [_cut(p, max(piece.start - a, 0), min(piece.end, b) - a) for a, b, p in spans
                 if piece.start < piece.end and ((a < piece.end and b > piece.start) or (a == b and piece.start <= a < piece.end))]  # fmt: skip # noqa: E501
        if piece.text is None:
            for part in taken:
                _add(out, part)
        elif taken:
            _swallow(out, piece, taken, changed)
        else:
            before = [p for a, _, p in spans if a <= piece.start][-1:] or first[:1]
            place = out[-1].end if out else (before[0].start if before else 0)
            _add(out, piece._replace(start=place, end=place))
    last = len(spans)
    while last and spans[last - 1][0] == spans[last - 1][1] == at and first[last - 1].text == "":
        last -= 1
    for part in first[last:]:
        _add(out, part)
    return [_name(piece, changed) for piece in out]


def _name(piece: Piece, changed: list[tuple[int, set[str], str]]) -> Piece:
    """Name those who changed what the rules of a replacement had put there."""
    if piece.text is None or (piece.start == piece.end and not piece.text):
        return piece
    names = piece.rule.split("+")
    others = [rule for place, putters, rule in changed if place == piece.end and putters <= set(names)]
    return piece._replace(rule=_join([piece.rule, *others]))


def _join(rules: list[str]) -> str:
    return "+".join(dict.fromkeys(name for rule in rules for name in rule.split("+") if name))


def _swallow(out: Layer, piece: Piece, taken: list[Piece], changed: list[tuple[int, set[str], str]]) -> None:
    """Put a replacement over the raw stretches that its span was made from; the first holds the text, for all."""
    runs: list[list[Piece]] = []
    for part in taken:
        if runs and runs[-1][-1].end == part.start:
            runs[-1].append(part)
        else:
            runs.append([part])
    for number, parts in enumerate(runs):
        start, end = parts[0].start, parts[-1].end
        own = [part.rule for part in parts if part.text is not None]
        if start == end:
            changed.append((start, set(_join(own).split("+")), piece.rule))
        rules = [part.rule for part in taken if part.text is not None] if number == 0 and piece.text else own
        _add(out, Piece(start, end, piece.text if number == 0 else "", _join([*rules, piece.rule]), piece.note))


def _cut(piece: Piece, low: int, high: int) -> Piece:
    if piece.text is None:
        return Piece(piece.start + low, piece.start + high)
    return piece._replace(text=piece.text[low:high], start=piece.end if low else piece.start)


def _add(out: Layer, piece: Piece) -> None:
    if piece.text is None and out and out[-1].text is None and out[-1].end == piece.start:
        out[-1] = Piece(out[-1].start, piece.end)
    elif piece.text or piece.start < piece.end:
        out.append(piece)
