"""Sort running text to its articles where an engine has read columns of different articles across each other.

The text right under a head shows its article's words. Unit after unit is then given to an article: by the rare
character pairs that it shares with each, by a price for going from one article to another, by how a sentence that is
cut off goes on, and by the place under a head. The best few readings of the page are followed side by side (beam
search).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from cleaner.engine.profile import RuleSet
from cleaner.layout.joins import TearJudge
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.matcher import matches
from cleaner.layout.segments import Segment
from cleaner.layout.units import Pairs, Unit

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


_Grown = tuple[float, "_Reading", int, int]  # score, reading, the article that goes on, its last unit from 1 or 0
_SCORE = itemgetter(0)


class _Sorter:
    def __init__(self, segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
        self.settings = rules.settings
        self.segments, self.judge = segments, judge
        self.units = [unit for segment in segments for unit in segment.body]
        self.home = [number for number, segment in enumerate(segments) for _ in segment.body]
        self.words = Lexicon([[unit] for unit in self.units], rules)
        self.dated = [unit.role == "paragraph" and matches(rules, "dateline", unit.text) for unit in self.units]
        self.seams: list[dict[int, float]] = [{} for _ in self.units]  # by unit, then by the one before
        self.pairs = [self.words.pairs([unit]) for unit in self.units]
        self.cut = [judge.is_cut(unit) for unit in self.units]
        self.closed = _find_closed(segments, self.units, rules)
        breaks = sum(1 for i in range(1, len(self.units)) if self._breaks(i))
        self.bits = (len(self.units) + 1).bit_length()
        self.mixed = breaks >= self.settings["sort_breaks"]
        least = self.settings["sort_host"]
        self.hosts = [
            number for number, segment in enumerate(segments) if sum(unit.width for unit in segment.body) >= least
        ]

    def run(self) -> list[int]:
        """Return for each unit the number of the segment that it belongs to."""
        return self._read(self._seeds())

    def _seeds(self) -> list[int]:
        """Give each host the text right under its head, and nobody the rest."""
        owners: list[int] = []
        width = 0.0
        for i, unit in enumerate(self.units):
            width = 0.0 if i and self.home[i] != self.home[i - 1] else width
            owners.append(self.home[i] if width < self.settings["sort_seed"] else -1)
            width += unit.width
        return owners

    def _profiles(self, owners: Sequence[int]) -> _Profiles:
        """Return the pairs of each host's head and of the units that it owns."""
        profiles = _Profiles(self.hosts)
        for host in self.hosts:
            profiles.add(host, self.words.pairs(self.segments[host].head))
        for pairs, owner in zip(self.pairs, owners, strict=True):
            if owner in profiles.held:
                profiles.add(owner, pairs)
        return profiles

    def _likeness(self, i: int, owner: int, profiles: _Profiles) -> dict[int, float]:
        """Return how much more a unit shares with each host than with the others on average, in natural logarithms."""
        shared = profiles.share(self.pairs[i], owner, self.words, self.settings["sort_smooth"])
        mean = sum(shared.values()) / len(shared)
        floor = self.settings["sort_floor"]
        weight = self.settings["sort_words"] * min(1.0, self.units[i].width / self.settings["sort_full"])
        return {host: weight * math.log((value + floor) / (mean + floor)) for host, value in shared.items()}

    def _read(self, owners: Sequence[int]) -> list[int]:
        """Follow the best few readings over the page and return the best one's owners."""
        profiles = self._profiles(owners)
        readings = [_Reading(0.0, -1, 0, None)]
        for i in range(len(self.units)):
            readings = self._follow(readings, i, self._likeness(i, owners[i], profiles))
        return readings[0].owners()

    def _follow(self, readings: Sequence[_Reading], i: int, words: Mapping[int, float]) -> list[_Reading]:
        """Return the best few readings with one unit more; of those that are alike from here on, the best one."""
        grown = sorted(self._grow(readings, i, words), key=_SCORE, reverse=True)
        most = int(self.settings["sort_readings"])
        kept: list[_Reading] = []
        seen: set[tuple[int, int]] = set()
        for score, reading, state, before in grown:
            last = reading.last + (i + 1 - before << self.bits * state)
            if (state, last) not in seen:
                seen.add((state, last))
                kept.append(_Reading(score, state, last, reading))
                if len(kept) == most:
                    break
        return kept

    def _near_hosts(self, home: int) -> list[int]:
        """Return the hosts up to a segment, the nearest ones."""
        end = bisect_right(self.hosts, home)
        return self.hosts[max(end - int(self.settings["sort_hosts"]), 0) : end]

    def _grow(self, readings: Sequence[_Reading], i: int, words: Mapping[int, float]) -> Iterator[_Grown]:
        """Yield what comes of readings that go on with a unit in each of the articles where it may belong."""
        home = self.home[i]
        starts = bool(i == 0 or home != self.home[i - 1]) and bool(self.segments[home].head)
        begun = self._begin(i) if starts else 0.0
        near = self._near_hosts(home)
        full = (1 << self.bits) - 1
        for reading in readings:
            owner, ends = reading.owner, reading.last
            for state in {home, owner, *near} if reading.before is not None else {home, *near}:
                score = reading.score + words.get(state, 0.0)
                last = ends >> self.bits * state & full
                if starts and state == home:
                    score += begun
                else:
                    if i and owner != state:
                        score -= self._price(i, last - 1)
                    if last:
                        score += self._seam(last - 1, i)
                        if self.dated[i]:
                            score -= self.settings["sort_change"]
                        if last - 1 in self.closed:
                            score -= self.settings["sort_closed"]
                yield score, reading, state, last

    def _begin(self, i: int) -> float:
        """Return what it is worth that a unit stands right under its segment's head."""
        titled = 1.0 if self.segments[self.home[i]].has("title") else self.settings["sort_untitled"]
        return self.settings["sort_under_head"] * self._fresh(i) * titled

    def _breaks(self, i: int) -> bool:
        """Say whether a sentence is cut off before a unit that does not mend it."""
        return self.units[i - 1].role == "paragraph" and self.cut[i - 1] and self._seam(i - 1, i) <= 0

    def _price(self, i: int, last: int) -> float:
        """Return the price of going over to the article that ends in unit `last`, -1 where it has none: low where a
        column may have ended."""
        cheap = self.mixed or self.cut[i - 1] or (last >= 0 and self.cut[last] and self._seam(last, i) > 0)
        return self.settings["sort_change" if cheap else "sort_leave"]

    def _fresh(self, i: int) -> float:
        """Say how surely a unit begins a paragraph: 1, or less where its first line fills the column."""
        return self.settings["sort_not_fresh"] if self.units[i].starts_torn else 1.0

    def _seam(self, last: int, i: int) -> float:
        """Return how well a unit goes on behind another one, in natural logarithms."""
        known = self.seams[i].get(last)
        if known is None:
            known = self.seams[i][last] = self._weigh_seam(last, i)
        return known

    def _weigh_seam(self, last: int, i: int) -> float:
        before, after = self.units[last], self.units[i]
        if before.role != "paragraph" or after.role != "paragraph":
            return 0.0
        if self.cut[last]:
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


class _Profiles:
    """The pairs of characters of each host: of its head and of the units that it owns."""

    def __init__(self, hosts: Sequence[int]) -> None:
        self.held: dict[int, set[str]] = {host: set() for host in hosts}
        self.twice: dict[int, set[str]] = {host: set() for host in hosts}  # those that several parts of it hold

    def add(self, host: int, pairs: Pairs) -> None:
        """Add a part to a host."""
        self.twice[host] |= self.held[host] & pairs
        self.held[host] |= pairs

    def share(self, pairs: Pairs, owner: int, words: Lexicon, smooth: float) -> dict[int, float]:
        """Return the weight of the pairs that a unit shares with each host, by the size of the host.

        The host that owns the unit counts without it.
        """
        shared: dict[int, float] = {}
        for host, held in self.held.items():
            common, size = pairs & held, len(held)
            if host == owner:
                common, alone = common & self.twice[host], len(common)
                size -= alone - len(common)
            shared[host] = words.mass(common) / math.sqrt(size + smooth)
        return shared


class _Reading(NamedTuple):
    """A way to read the page so far: its score, the last unit's article, the last unit of each article, and the same
    reading one unit before.

    The last units are one number: each article has some bits of it, in which its last unit stands, counted from 1.
    """

    score: float
    owner: int
    last: int
    before: _Reading | None

    def owners(self) -> list[int]:
        """Return the article of each unit."""
        owners: list[int] = []
        reading = self
        while reading.before is not None:
            owners.append(reading.owner)
            reading = reading.before
        return owners[::-1]
