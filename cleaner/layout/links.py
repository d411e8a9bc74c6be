"""Put together what the page has torn apart: headlines away from their bodies, continuations behind other articles.

Pairs are made one to one over the whole page, by shared rare character pairs; each needs enough of them and a margin
over the second best. Where both readings are possible the page's order is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from cleaner.engine.profile import RuleSet
from cleaner.layout.insets import take_insets
from cleaner.layout.joins import TearJudge, mend_tears
from cleaner.layout.lexicon import Lexicon
from cleaner.layout.matcher import matches
from cleaner.layout.neighbours import return_heads, return_lines, split_for_bodiless
from cleaner.layout.segments import Segment
from cleaner.layout.shapes import is_parallel, shape_of
from cleaner.layout.shares import Shares
from cleaner.layout.sorting import sort_segments
from cleaner.layout.tails import is_hard_wrapped, return_tails


def link_segments(segments: list[Segment], rules: RuleSet, judge: TearJudge) -> list[Segment]:
    """Return the segments with displaced parts put in their places."""
    return _Linker(segments, rules, judge).run()


class _Linker:
    def __init__(self, segments: list[Segment], rules: RuleSet, judge: TearJudge) -> None:
        self.segments = segments
        self.rules = rules
        self.words = Lexicon([segment.units() for segment in segments], rules)
        self.mender = judge  # of neighbours
        self.judge = TearJudge(rules, judge.pairs)  # of pieces that stand apart

    def run(self) -> list[Segment]:
        if is_hard_wrapped((unit for segment in self.segments for unit in segment.body), self.rules):
            sort_segments(self.segments, self.rules, self.judge)
            take_insets(self.segments, self.rules, self.judge)
            for segment in self.segments:
                segment.body = mend_tears(segment.body, self.mender)
        return_heads(self.segments, self.words, self.rules)
        self._find_hidden_headings()
        pairs = sorted(self._candidates(), key=lambda pair: -pair[0])
        taken: set[int] = set()
        for score, host, part in pairs:
            if id(host) in taken or id(part) in taken:
                continue
            if self._ambiguous(score, part, pairs, taken):
                part.flags.append(
                    ("ambiguous-continuation", "more than one article could go on here; kept in page order")
                )
                continue
            taken |= {id(part)} | ({id(host)} if not host.body or part.credits else set())
            self._merge(host, part)
        split_for_bodiless(self.segments, self.words, self.rules)
        return_lines(self.segments, self.words, self.rules)
        return_tails(self.segments, self.rules, self.judge)
        return [segment for segment in self.segments if segment.units()]

    @cached_property
    def shares(self) -> Shares:
        """What texts share with each segment; asked for while each segment still has the units that it came with."""
        return Shares(self.segments, self.words)

    def _find_hidden_headings(self) -> None:
        """A lone title shaped like an open article's headings, over text about the same, is such a heading."""
        shapes = [
            [shape_of(unit, self.rules) for unit in segment.body if unit.role == "heading"] for segment in self.segments
        ]
        least = self.rules.settings["stand_out"] / 10
        for index, segment in enumerate(self.segments):
            if [unit.role for unit in segment.head] != ["title"] or not segment.body:
                continue
            if matches(self.rules, "dateline", segment.body[0].text):
                continue
            shape = shape_of(segment.head[0], self.rules)
            alike = [
                number
                for number, host in enumerate(self.segments[:index])
                if not host.credits and any(is_parallel(other, shape) for other in shapes[number])
            ]
            body = self.shares.of([*segment.body, *segment.head]) if alike else []
            for number in alike:
                if self._affinity(body, number, index) >= least:
                    shapes[index].insert(0, shape)
                    segment.head[0].role = "heading"
                    segment.body.insert(0, segment.head.pop())
                    break

    def _affinity(self, share: Sequence[float], host: int, part: int) -> float:
        """Return a tenth of how many times more a part shares with one segment than with the others on average.

        0 when the share itself is small; 0.8 at most. `share` says what the part shares with each segment.
        """
        if share[host] < self.rules.settings["same_article"]:
            return 0.0
        mean = self.shares.mean_without(share, host, part)
        return min(share[host] / max(mean, 0.01), 8.0) / 10

    def _candidates(self) -> list[tuple[float, Segment, Segment]]:
        """Return (score, host, displaced part) for all pairs that may belong together."""
        found: list[tuple[float, Segment, Segment]] = []
        plain = [(number, segment) for number, segment in enumerate(self.segments) if not segment.photo]
        for part_index, (part_number, part) in enumerate(plain):
            if part.has("title") or not part.body:
                continue
            content = self.words.pairs(part.units())
            signed = [unit.role for unit in part.head] == ["byline"]
            share = self.shares.of(part.units()) if signed or not part.head else []
            for host_index, (host_number, host) in enumerate(plain):
                if host is part or not host.has("title"):
                    continue
                if not host.body:
                    score = self.words.share(self.words.pairs(host.head), content)
                    if abs(host_index - part_index) == 1 and score > self.rules.settings["near_share"]:
                        score += self.rules.settings["near_bonus"]
                elif host_index < part_index and not host.credits and share:
                    score = self._affinity(share, host_number, part_number) + self._seam(host, part)
                    if host_index == part_index - 1:
                        score += self.rules.settings["near_bonus"] / 2
                elif share and self._begins(part, host):
                    title = self.words.pairs(unit for unit in host.head if unit.role == "title")
                    affinity = self._affinity(share, host_number, part_number)
                    score = affinity if signed else self.words.share(title, content)
                else:
                    continue
                least = "accept_link" if host.body else "accept_head"
                if score >= self.rules.settings[least]:
                    found.append((score, host, part))
        return found

    def _begins(self, part: Segment, host: Segment) -> bool:
        """Say whether a part, under a byline or with a dateline, may be the beginning of an article whose head stands
        behind it, over text that has neither; where one is torn from the other, a sentence is."""
        if part.start > host.start or part.credits or host.has("byline") or self._is_dated(host):
            return False
        torn = self.judge.is_cut(part.body[-1]) or host.body[0].starts_torn
        return torn and (part.has("byline") or self._is_dated(part))

    def _is_dated(self, segment: Segment) -> bool:
        return matches(self.rules, "dateline", segment.body[0].text)

    def _seam(self, host: Segment, part: Segment) -> float:
        """Say how well a part's text goes on behind another segment's."""
        score = 0.0
        last, first = host.body[-1], part.body[0]
        dateline = matches(self.rules, "dateline", first.text)
        if last.verdict == "dangling" and first.role == "paragraph":
            odds, _ = self.judge.weigh(last, first)
            score += self.rules.settings["seam_bonus"] * max(-1.0, min(odds / 4.0, 1.0))
        return score - (1.0 if dateline else 0.0)

    def _ambiguous(
        self, score: float, part: Segment, pairs: Sequence[tuple[float, Segment, Segment]], taken: set[int]
    ) -> bool:
        others = [s for s, host, p in pairs if p is part and id(host) not in taken]
        return len(others) > 1 and score < others[1] * self.rules.settings["link_margin"]

    def _merge(self, host: Segment, part: Segment) -> None:
        if not host.body:
            host.head += part.head
            host.body = part.body
        elif self._begins(part, host):
            host.head += part.head
            host.body = part.body + host.body
        else:
            for unit in part.head:  # a byline that is not this article's stays where it stood
                unit.role = "paragraph"
            host.body += part.head + part.body
        host.credits += part.credits
        host.captions += part.captions
        host.jumps += part.jumps
        host.flags += part.flags
        part.head, part.body, part.credits, part.captions, part.jumps, part.flags = [], [], [], [], [], []
