"""Sort running text to its articles where an engine has read columns of different articles across each other.

The text right under a head shows its article's words. Unit after unit is then given to an article: by the rare
character pairs that it shares with each, by a price for going from one article to another, by how a sentence that is
cut off goes on, and by the place under a head. The best few readings of the page are followed side by side (beam
search).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleaner.engine.profile import RuleSet
from cleaner.layout.joins import TearJudge
from cleaner.layout.lexicon import Lexicon, Pairs
from cleaner.layout.parts import matches
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit

SORTED = ("sorted-columns", "text of this article stood under another head; put here by its words and its seams")


def sort_segments(segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
    """Move units between segments, in place; inside each the page's order stays."""
    plain = [segment for segment in segments if not segment.photo]
    sorter = _Sorter(plain, rules, judge)
    if len(sorter.hosts) < 2:
        return
    owners = sorter.run()
    bodies: list[list[Unit]] = [[] for _ in plain]
    for unit, home, owner in zip(sorter.units, sorter.home, owners, strict=True):
        bodies[owner].append(unit)
        if owner != home and SORTED not in plain[owner].flags:
            plain[owner].flags.append(SORTED)
    for segment, body in zip(plain, bodies, strict=True):
        segment.body = body


class _Sorter:
    def __init__(self, segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
        self.settings = rules.settings
        self.segments, self.judge = segments, judge
        self.units = [unit for segment in segments for unit in segment.body]
        self.home = [number for number, segment in enumerate(segments) for _ in segment.body]
        self.words = Lexicon([[unit] for unit in self.units], rules)
        self.dated = [unit.role == "paragraph" and matches(rules, "dateline", unit.text) for unit in self.units]
        self.seams: dict[tuple[int, int], float] = {}
        self.pairs = [self.words.pairs([unit]) for unit in self.units]
        self.closed = _find_closed(segments, self.units, rules)
        breaks = sum(1 for i in range(1, len(self.units)) if self._breaks(i))
        self.mixed = breaks >= self.settings["sort_breaks"]
        least = self.settings["sort_host"]
        self.hosts = [
            number for number, segment in enumerate(segments) if sum(unit.width for unit in segment.body) >= least
        ]

    def run(self) -> list[int]:
        """Return for each unit the number of the segment that it belongs to."""
        return self._read(self._profiles(self._seeds()))

    def _seeds(self) -> list[int]:
        """Give each host the text right under its head, and nobody the rest."""
        owners: list[int] = []
        width = 0.0
        for i, unit in enumerate(self.units):
            width = 0.0 if i and self.home[i] != self.home[i - 1] else width
            owners.append(self.home[i] if width < self.settings["sort_seed"] else -1)
            width += unit.width
        return owners

    def _profiles(self, owners: Sequence[int]) -> dict[int, list[Pairs]]:
        """Return the pairs of each host's head and of the units that it owns."""
        return {
            host: [
                self.words.pairs(self.segments[host].head),
                *(pairs for pairs, owner in zip(self.pairs, owners, strict=True) if owner == host),
            ]
            for host in self.hosts
        }

    def _likeness(self, i: int, profiles: Mapping[int, Sequence[Pairs]]) -> dict[int, float]:
        """Return how much more a unit shares with each host than with the others on average, in natural logarithms."""
        shared: dict[int, float] = {}
        for host, parts in profiles.items():
            whole = frozenset().union(*(part for part in parts if part is not self.pairs[i]))
            shared[host] = self.words.mass(self.pairs[i] & whole) / math.sqrt(len(whole) + self.settings["sort_smooth"])
        mean = sum(shared.values()) / len(shared)
        floor = self.settings["sort_floor"]
        weight = self.settings["sort_words"] * min(1.0, self.units[i].width / self.settings["sort_full"])
        return {host: weight * math.log((value + floor) / (mean + floor)) for host, value in shared.items()}

    def _read(self, profiles: Mapping[int, Sequence[Pairs]]) -> list[int]:
        """Follow the best few readings over the page and return the best one's owners."""
        readings = [_Reading(0.0, (), {})]
        for i in range(len(self.units)):
            words = self._likeness(i, profiles)
            grown = [
                self._grow(reading, i, state, words.get(state, 0.0))
                for reading in readings
                for state in self._states(reading, i)
            ]
            best: dict[tuple[int, tuple[tuple[int, int], ...]], _Reading] = {}
            for reading in sorted(grown, key=lambda r: -r.score):
                best.setdefault((reading.owners[-1], tuple(sorted(reading.last.items()))), reading)
            readings = list(best.values())[: int(self.settings["sort_readings"])]
        return list(readings[0].owners)

    def _states(self, reading: _Reading, i: int) -> set[int]:
        return {self.home[i], *(reading.owners[-1:]), *(host for host in self.hosts if host <= self.home[i])}

    def _grow(self, reading: _Reading, i: int, state: int, words: float) -> _Reading:
        score = reading.score + words
        last = reading.last.get(state)
        under_head = bool(i == 0 or self.home[i] != self.home[i - 1]) and bool(self.segments[self.home[i]].head)
        if i and reading.owners[-1] != state and not (under_head and state == self.home[i]):
            score -= self._price(i, last)
        if under_head and state == self.home[i]:
            titled = 1.0 if self.segments[state].has("title") else self.settings["sort_untitled"]
            score += self.settings["sort_under_head"] * self._fresh(i) * titled
        elif last is not None:
            score += self._seam(last, i)
            if self.dated[i]:
                score -= self.settings["sort_change"]
            if last in self.closed:
                score -= self.settings["sort_closed"]
        return _Reading(score, (*reading.owners, state), {**reading.last, state: i})

    def _breaks(self, i: int) -> bool:
        """Say whether a sentence is cut off before a unit that does not mend it."""
        return self.units[i - 1].role == "paragraph" and self._is_cut(i - 1) and self._seam(i - 1, i) <= 0

    def _price(self, i: int, last: int | None) -> float:
        """Return the price of going over to the article that ends in unit `last`: low where a column may have ended."""
        mends = last is not None and self._is_cut(last) and self._seam(last, i) > 0
        return self.settings["sort_change" if self.mixed or mends or self._is_cut(i - 1) else "sort_leave"]

    def _is_cut(self, i: int) -> bool:
        """Say whether a unit stops in mid-sentence."""
        return self.judge.cut_end.search(self.units[i].text) is not None

    def _fresh(self, i: int) -> float:
        """Say how surely a unit begins a paragraph: 1, or less where its first line fills the column."""
        lead = self.units[i].lead
        return self.settings["sort_not_fresh"] if lead is not None and lead <= 1.0 else 1.0

    def _seam(self, last: int, i: int) -> float:
        """Return how well a unit goes on behind another one, in natural logarithms."""
        known = self.seams.get((last, i))
        if known is None:
            known = self.seams[last, i] = self._weigh_seam(self.units[last], i)
        return known

    def _weigh_seam(self, before: Unit, i: int) -> float:
        after = self.units[i]
        if before.role != "paragraph" or after.role != "paragraph":
            return 0.0
        if self.judge.cut_end.search(before.text):
            most = self.settings["sort_seam"]
            return max(-most, min(most, self.judge.weigh(before, after)[0]))
        return -self.settings["sort_torn_start"] if self._fresh(i) < 1.0 else 0.0


def _find_closed(segments: Sequence[Segment], units: Sequence[Unit], rules: RuleSet) -> set[int]:
    """Return the units behind which a credit or a jump mark closes their article."""
    ends = [
        unit.start
        for segment in segments
        for unit in (*segment.credits, *(jump for jump in segment.jumps if jump.data.get("cut") != "head-jump"))
        if not matches(rules, "photo", unit.text)
    ]
    starts = [unit.start for unit in units]
    return {bisect_left(starts, end) - 1 for end in ends}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to read the page so far: its score, each unit's article, and the last unit of each article."""

    score: float
    owners: tuple[int, ...]
    last: dict[int, int]
