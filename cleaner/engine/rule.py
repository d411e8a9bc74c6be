"""What a rule file may say; `rules/schema.json` says the same and a test ties the two together.

The classes are named tuples because these are made in a third of a dataclass's time, at each start.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Tier = Literal["safe", "contextual", "suggest"]
TIERS: tuple[Tier, ...] = ("safe", "contextual", "suggest")
Example = tuple[str, str]
NOTHING: dict[str, Any] = {}  # never written to


class Rule(NamedTuple):
    """A text rule. It finds by `find` (with `before` and `after`), by `pattern`, by `table`, or by the procedure `do`.

    `find`, `before`, `after`, `not_before`, `not_after` are lists of literals and `{classes}` parted by blanks; `^`
    and `$` stand for a line's start and end. `fixes` are (text, result) pairs, `keeps` texts that must not change,
    `misses` texts that one would wish changed and that the rule leaves (known, and tested to stay so).
    """

    id: str
    why: str
    tier: Tier
    find: str | None = None
    before: str | None = None
    after: str | None = None
    not_before: str | None = None
    not_after: str | None = None
    gap: bool = False  # one blank may stand between the mark and its context
    pattern: str | None = None
    unless_text: str | None = None  # a pattern; the rule rests where the text holds it anywhere
    needs: str | None = None  # characters of which one must be in the text for the pattern to be tried
    table: str | None = None  # TSV file beside the rule file
    do: str | None = None  # procedure in cleaner/marks or cleaner/layout
    replace: str | None = None
    action: Literal["replace", "flag"] = "replace"
    sentence: Literal["chinese"] | None = None  # only inside a Chinese sentence
    style: Literal["wide", "narrow"] | None = None  # only in documents of this punctuation style
    script: Literal["simplified", "traditional"] | None = None  # only in texts that show this script
    roles: tuple[str, ...] = ()  # only in blocks of these roles
    not_roles: tuple[str, ...] = ()
    group: Literal["leaks"] | None = None  # rules that a profile option steers together
    options: dict[str, object] = NOTHING  # for `do`
    fixes: tuple[Example, ...] = ()
    keeps: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    source: str | None = None
    file: str = ""  # set by the loader
    user: bool = False  # set by the loader: not shipped with Cleaner


class RoleRule(NamedTuple):
    """Evidence for (weight > 0) or against (weight < 0) a role of a unit of text.

    All conditions given must hold: `pattern` in the unit's text, `previous`/`next` in its neighbours' texts,
    `shortest` and `longest` (cells: a full-width character counts 1, a half-width one 0.5), and `measure` within
    `at_least` and `at_most`. `fires` and `silent` are example texts for `pattern`.
    """

    id: str
    role: str
    why: str
    weight: float
    pattern: str | None = None
    previous: str | None = None
    next: str | None = None
    shortest: float | None = None
    longest: float | None = None
    measure: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    source: str | None = None
    file: str = ""
    user: bool = False


class Evidence(NamedTuple):
    """What speaks for (weight > 0) or against (weight < 0) joining the text before a boundary with that after it.

    `step` is `wrap` (two printed lines), `tear` (two units) or `head` (a lone line: a title, if > 0, or a heading?)
    `pair` (two headline lines: kicker and title, if > 0, or title and subtitle?) or `line` (two printed lines of one
    headline?) or `page` (two halves of an article that jumps to another page?).
    `end` is searched in the text before, `start` in the text after. In `fires` and `silent` the sign U+23CE marks the
    boundary.
    """

    id: str
    step: Literal["wrap", "tear", "head", "pair", "line", "page"]
    why: str
    weight: float  # log-odds
    end: str | None = None
    start: str | None = None
    measure: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    source: str | None = None
    file: str = ""
    user: bool = False


class Sequence(NamedTuple):
    """How likely one role follows another: log-odds added when unit after unit gets its role."""

    id: str
    why: str
    first: str
    then: str
    weight: float
    file: str = ""
    user: bool = False


class Examples(NamedTuple):
    """Examples of a rule that stands in another file: what it should mend (`fixes`) and what it should leave (`keeps`).

    They are tested by `cleaner rules test`; a file in which one fails is loaded all the same, for they say what the
    rule should do and not what it does.
    """

    rule: str
    why: str | None = None
    fixes: tuple[Example, ...] = ()
    keeps: tuple[str, ...] = ()


Item = Rule | RoleRule | Evidence | Sequence


class RuleFile(NamedTuple):
    """One parsed rule file."""

    path: str
    stage: str
    rules: tuple[Rule, ...]
    roles: tuple[RoleRule, ...]
    evidence: tuple[Evidence, ...]
    sequences: tuple[Sequence, ...]
    settings: dict[str, float]
    classes: dict[str, str] = NOTHING
    user: bool = False
    examples: tuple[Examples, ...] = ()

    def items(self) -> tuple[Item, ...]:
        """Return all that carries an id."""
        return (*self.rules, *self.roles, *self.evidence, *self.sequences)
