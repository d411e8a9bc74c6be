"""Cut the page into segments, runs of units that stand together: a head, a body, a credit; photos apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cleaner.engine.profile import RuleSet
from cleaner.layout.matcher import matches
from cleaner.layout.units import Unit

HEAD = ("label", "kicker", "title", "subtitle", "byline")
TEXT = ("paragraph", "heading", "verse", "list", "table")
ENDS = ("", "label", "kicker", "title")  # what may stand behind an article


@dataclass(slots=True, eq=False)
class Segment:
    """Part of an article, a whole one, or a photo item."""

    head: list[Unit] = field(default_factory=list)
    body: list[Unit] = field(default_factory=list)
    credits: list[Unit] = field(default_factory=list)
    captions: list[Unit] = field(default_factory=list)
    jumps: list[Unit] = field(default_factory=list)
    photo: bool = False
    flags: list[tuple[str, str]] = field(default_factory=list)

    def units(self) -> list[Unit]:
        """Return all units, in reading order."""
        rank = {role: number for number, role in enumerate(HEAD)}
        head = sorted(self.head, key=lambda unit: rank[unit.role])
        return [*head, *self.body, *self.credits, *self.captions, *self.jumps]

    @property
    def start(self) -> int:
        """Where its first line stands on the page."""
        return min(unit.start for unit in self.units())

    def has(self, role: str) -> bool:
        """Say whether the head has a unit of this role."""
        return any(unit.role == role for unit in self.head)


def cut_segments(units: Sequence[Unit], rules: RuleSet) -> list[Segment]:
    """Return the page's segments in page order; furniture is in none."""
    return _Cutter(units, rules).run()


class _Cutter:
    def __init__(self, units: Sequence[Unit], rules: RuleSet) -> None:
        self.units = [unit for unit in units if unit.role != "furniture"]
        self.rules = rules
        self.segments: list[Segment] = []
        self.now: Segment | None = None  # the segment that the next body unit belongs to
        self.before: Unit | None = None  # the unit before the one that is looked at

    def run(self) -> list[Segment]:
        for i, unit in enumerate(self.units):
            if unit.role in HEAD:
                follower = self.units[i + 1].role if i + 1 < len(self.units) else ""
                self._head(unit, follower)
            elif unit.role == "caption":
                self._caption(unit, i)
            elif unit.role == "credit":
                self._credit(unit, i)
            elif unit.role == "jump":
                self._jump(unit)
            else:
                self._body(unit)
            self.before = unit
        return self.segments

    def _new(self) -> Segment:
        self.now = Segment()
        self.segments.append(self.now)
        return self.now

    def _head(self, unit: Unit, follower: str) -> None:
        now = self.now
        if now is not None and unit.role == "byline" and follower in (*ENDS, "heading") and self._takes(now, follower):
            if follower == "heading":  # between the lead and the first section
                now.head.append(unit)
            else:
                unit.role = "credit"
                now.credits.append(unit)
            return
        lines = [] if now is None or now.body else [line.role for line in now.head]
        if now is not None and unit.role == "kicker" and lines == ["kicker"]:
            now = self._free_title(now)
        complete = now is not None and now.has("title") and unit.role == "title" and not self._second_line(unit)
        over_next = (
            unit.role == "kicker"
            and now is not None
            and (now.has("kicker") or (now.has("title") and follower == "title"))
        )
        if now is None or now.body or now.credits or complete or over_next:
            now = self._new()
        now.head.append(unit)

    def _takes(self, now: Segment, follower: str) -> bool:
        """Say whether a byline behind an article's text is that article's: nothing follows, or nobody else has signed
        it."""
        if not now.body or self.before is not now.body[-1] or now.has("byline"):
            return False
        return not follower or not matches(self.rules, "signed-dateline", now.body[0].text)

    def _free_title(self, now: Segment) -> Segment:
        """With a second kicker in one head, the first was the title of a body that stands elsewhere."""
        alone = now.head.pop(0)
        alone.role = "title"
        self.segments.insert(self.segments.index(now), Segment(head=[alone]))
        return now

    def _second_line(self, unit: Unit) -> bool:
        """A title right under a title, without a blank line, is its second line."""
        above = self.now.head[-1] if self.now is not None and self.now.head else None
        return above is not None and above is self.before and above.role == "title" and unit.before == 0

    def _body(self, unit: Unit) -> None:
        now = self.now
        dateline = unit.role == "paragraph" and matches(self.rules, "dateline", unit.text)
        if now is None or now.credits or (dateline and now.body) or self._is_left(now):
            now = self._new()
        now.body.append(unit)

    def _photo(self, i: int) -> Segment:
        """Begin a photo item; a lone title right before it, over no text, is the photo's, with its column's name."""
        now = self.now if not self._opens_text(i) else None
        photo = Segment(photo=True)
        roles = [unit.role for unit in now.head] if now is not None and not now.body else []
        if now is not None and roles in (["title"], ["kicker", "title"], ["label", "title"]):
            photo.head, now.head = now.head, []
            if not now.jumps:  # a jump mark that stood before the title is not the photo's
                self.segments.remove(now)
            self.now = next((segment for segment in reversed(self.segments) if not segment.photo), None)
        self.segments.append(photo)
        return photo

    def _opens_text(self, i: int) -> bool:
        """Say whether a byline stands behind a photo, or a dateline opens a text there that has more of the title than
        the photo's caption: then the title before the photo is the text's."""
        behind = next((unit for unit in self.units[i:] if unit.role not in ("caption", "credit")), None)
        if self.now is None or behind is None:
            return False
        if behind.role == "byline":
            return not self.now.has("byline")
        if behind.role != "paragraph":
            return False
        if not matches(self.rules, "dateline", behind.text):
            return False
        title = {first + second for line in self.now.head for first, second in pairwise(line.text)}
        shown = sum(pair in self.units[i].text for pair in title)
        return sum(pair in behind.text for pair in title) > shown

    def _caption(self, unit: Unit, i: int) -> None:
        last = self.segments[-1] if self.segments else None
        waiting = last is not None and last.photo and not last.captions
        photo = last if waiting and last is not None else self._photo(i)
        photo.captions.append(unit)

    def _credit(self, unit: Unit, i: int) -> None:
        if matches(self.rules, "photo", unit.text):
            last = self.segments[-1] if self.segments else None
            if last is not None and last.photo and not last.credits:
                last.credits.append(unit)
                return
            if i + 1 < len(self.units) and self.units[i + 1].role == "caption":
                self._photo(i).credits.append(unit)
                return
        follower = self.units[i + 1].role if i + 1 < len(self.units) else ""
        now = self.now
        signs = matches(self.rules, "signing", unit.text)
        genre = unit.width <= self.rules.settings["genre_width"]
        if now is not None and now.head and not now.units()[len(now.head) :] and follower in TEXT and (signs or genre):
            unit.role = "byline" if signs else "subtitle"
            now.head.append(unit)  # between a head and its text
            return
        if self.now is None:
            self._new()
        assert self.now is not None
        self.now.credits.append(unit)

    def _jump(self, unit: Unit) -> None:
        if self.now is None or (matches(self.rules, "jump-from", unit.text) and (self.now.body or self.now.credits)):
            self._new()
        assert self.now is not None
        self.now.jumps.append(unit)

    def _is_left(self, segment: Segment) -> bool:
        """Say whether an article goes on elsewhere: what stands behind its jump mark is not its text."""
        return any(matches(self.rules, "jump-on", unit.text) for unit in segment.jumps)
