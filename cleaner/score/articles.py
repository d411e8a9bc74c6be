"""Measure whether articles are whole and unmixed, and whether their headlines, bylines … are found."""

from __future__ import annotations

from collections import Counter, defaultdict

from cleaner.score.alignment import FREE, Alignment
from cleaner.score.boundaries import Tally
from cleaner.score.records import HEAD_ROLES, Record
from cleaner.score.side import BODY, Side, normalise

WHOLE, FOREIGN = 0.95, 0.05  # of the characters of the body
FEWEST = 15  # characters of a body that make an article of a predicted record
ALIKE = 0.8  # similarity from which two titles, bylines … count as the same
CONTAINED = 20  # characters of a caption that may be followed by more
OWN = (*BODY, "jump", "credit", "byline")  # in a predicted body these are not foreign to the article
ROLES = (*HEAD_ROLES, "credit")


def count_articles(gold: Side, made: Side, found: Alignment, tally: Tally) -> None:
    """Count right articles and roles, each gold article with the predicted one that holds most of its body."""
    counts = tally.counts
    sizes: Counter[int] = Counter()
    held: defaultdict[int, Counter[int]] = defaultdict(Counter)  # gold article → where its body is
    for i in range(len(gold.raw)):
        if gold.role_at(i) in BODY:
            sizes[gold.record_at(i)] += 1
            j = found.there[i]
            if j != FREE and made.role_at(j) in BODY:
                held[gold.record_at(i)][made.record_at(j)] += 1
    room, own = _measure_made(gold, made, found)
    counts["articles gold"] += len(sizes)
    counts["articles made"] += sum(1 for size in room.values() if size >= FEWEST)
    for number, size in sizes.items():
        home, most = held[number].most_common(1)[0] if held[number] else (FREE, 0)
        foreign = room[home] - own[home, number]
        counts["articles right"] += most >= WHOLE * size and foreign <= FOREIGN * room[home]
        _count_roles(gold.records[number], made.records[home] if home != FREE else Record(), counts)
    _count_captions(gold, made, counts)


def _measure_made(gold: Side, made: Side, found: Alignment) -> tuple[Counter[int], Counter[tuple[int, int]]]:
    """Return the size of each predicted body, and how much of it belongs to each gold article."""
    room: Counter[int] = Counter()
    own: Counter[tuple[int, int]] = Counter()
    for j in range(len(made.raw)):
        if made.role_at(j) in BODY:
            room[made.record_at(j)] += 1
            i = found.back[j]
            if i != FREE and gold.role_at(i) in OWN:
                own[made.record_at(j), gold.record_at(i)] += 1
    return room, own


def _count_roles(gold: Record, made: Record, counts: Counter[str]) -> None:
    for role in ROLES:
        wanted, given = normalise(gold.fields.get(role, "")), normalise(made.fields.get(role, ""))
        counts[f"{role} gold"] += bool(wanted)
        counts[f"{role} made"] += bool(given)
        counts[f"{role} right"] += bool(wanted) and similarity(wanted, given) >= ALIKE


def _count_captions(gold: Side, made: Side, counts: Counter[str]) -> None:
    """Count captions wherever they stand: a photo may belong to an article or stand alone."""
    wanted = [normalise(text) for record in gold.records for text in record.captions]
    left = [normalise(text) for record in made.records for text in record.captions]
    counts["caption gold"] += len(wanted)
    counts["caption made"] += len(left)
    for text in wanted:
        same = [given for given in left if _is_caption(text, given)]
        counts["caption right"] += bool(same)
        if same:
            left.remove(same[0])


def _is_caption(text: str, given: str) -> bool:
    return similarity(text, given) >= ALIKE or (len(text) > CONTAINED and text in given)


def similarity(one: str, other: str) -> float:
    """Return 1 less the edit distance as a share of the longer text; 0 as soon as it must be below `ALIKE`.

    >>> similarity("abcde", "abxde")
    0.8
    """
    longer = max(len(one), len(other))
    if not one or not other or min(len(one), len(other)) < ALIKE * longer:
        return 0.0
    return 1.0 if one == other else 1.0 - edit_distance(one, other) / longer


def edit_distance(one: str, other: str) -> int:
    """Return how many characters must be put in, taken out or replaced (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, mate in enumerate(other, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (char != mate))
    return row[-1]
