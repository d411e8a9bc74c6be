"""Sort running text to its articles where an engine has read columns of different articles across each other.

The text right under a head shows its article's words. Unit after unit is then given to an article: by the rare
character pairs that it shares with each, by a price for going from one article to another, which is low behind a
sentence that is cut off, and by the place under a head. The best path over the page is found by dynamic programming
(Viterbi).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cleaner.engine.profile import RuleSet
from cleaner.layout.joins import TearJudge
from cleaner.layout.lexicon import Lexicon, Pairs
from cleaner.layout.segments import Segment
from cleaner.layout.units import Unit


def sort_segments(segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
    """Move units between segments, in place; inside each the page's order stays."""
    plain = [segment for segment in segments if not segment.photo]
    sorter = _Sorter(plain, rules, judge)
    if len(sorter.hosts) < 2:
        return
    owners = sorter.run()
    bodies: list[list[Unit]] = [[] for _ in plain]
    for unit, owner in zip(sorter.units, owners, strict=True):
        bodies[owner].append(unit)
    for segment, body in zip(plain, bodies, strict=True):
        segment.body = body


class _Sorter:
    def __init__(self, segments: Sequence[Segment], rules: RuleSet, judge: TearJudge) -> None:
        self.settings = rules.settings
        self.segments, self.judge = segments, judge
        self.units = [unit for segment in segments for unit in segment.body]
        self.home = [number for number, segment in enumerate(segments) for _ in segment.body]
        self.words = Lexicon([[unit] for unit in self.units], rules)
        self.pairs = [self.words.pairs([unit]) for unit in self.units]
        least = self.settings["sort_host"]
        self.hosts = [
            number
            for number, segment in enumerate(segments)
            if segment.has("title") and sum(unit.width for unit in segment.body) >= least
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
        best: dict[int, float] = {}
        back: list[dict[int, int]] = []
        for i in range(len(self.units)):
            words = self._likeness(i, profiles)
            states = {self.home[i], *(host for host in self.hosts if host <= self.home[i])}
            under_head = i == 0 or self.home[i] != self.home[i - 1]
            now: dict[int, float] = {}
            came: dict[int, int] = {}
            leave = self._price(i) if i and not under_head else 0.0
            for state in states:
                local = words.get(state, 0.0)
                if under_head and state == self.home[i] and self.segments[state].head:
                    local += self.settings["sort_under_head"]
                before, total = max(
                    ((s, value - (0.0 if s == state else leave)) for s, value in best.items()),
                    key=lambda item: item[1],
                    default=(state, 0.0),
                )
                now[state], came[state] = total + local, before
            best = now
            back.append(came)
        return _trace(best, back)

    def _price(self, i: int) -> float:
        """Return the price of another article after unit i - 1: low behind a cut sentence that unit i does not mend."""
        before, after = self.units[i - 1], self.units[i]
        if before.role != "paragraph" or after.role != "paragraph" or not self.judge.cut_end.search(before.text):
            return self.settings["sort_change"]
        odds = self.judge.weigh(before, after)[0]
        return self.settings["sort_change"] * (2.0 if odds > 0 else 0.3)


def _trace(best: Mapping[int, float], back: Sequence[Mapping[int, int]]) -> list[int]:
    if not back:
        return []
    state = max(best, key=lambda number: best[number])
    path = [state]
    for came in reversed(back[1:]):
        state = came[state]
        path.append(state)
    return path[::-1]
