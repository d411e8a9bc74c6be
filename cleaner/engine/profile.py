"""A profile is the ordered list of rule files and the options; a rule set is what comes of it, compiled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Sequence as Seq
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cleaner.engine.classes import expand_classes, expand_pattern, load_classes
from cleaner.engine.compile import Compiled, compile_pattern, compile_rule
from cleaner.engine.deadline import GuardedPattern, Searcher
from cleaner.engine.gate import OPEN, gate_of
from cleaner.engine.load import check_unique, load_rule_file
from cleaner.engine.locality import leads_line, stays_in_line
from cleaner.engine.patterns import LazyPattern, hash_bytes
from cleaner.engine.plan import Plan, plan_stages
from cleaner.engine.profile_file import check_ids, check_options, check_settings, find_profile, read_profile
from cleaner.engine.rule import TIERS, Evidence, RoleRule, RuleFile, Sequence
from cleaner.engine.shields import Shield
from cleaner.engine.signs import sign_of_lines
from cleaner.errors import RuleError
from cleaner.paths import rules_dir

T = TypeVar("T")


class CompiledRole(NamedTuple):
    """A role rule with its patterns: of the unit, of the one before, of the one after."""

    rule: RoleRule
    pattern: Searcher | None
    previous: Searcher | None
    next: Searcher | None


class CompiledEvidence(NamedTuple):
    """Join evidence with its patterns."""

    rule: Evidence
    end: Searcher | None
    start: Searcher | None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All that a profile asks for, ready to run. `digest` names the content of the rule files."""

    name: str
    options: dict[str, str]
    tiers: tuple[str, ...]
    characters: Plan
    marks: Plan
    layout: tuple[Compiled, ...]
    roles: tuple[CompiledRole, ...]
    by_role: dict[str, tuple[CompiledRole, ...]]
    evidence: tuple[CompiledEvidence, ...]
    sequences: tuple[Sequence, ...]
    settings: dict[str, float]
    classes: dict[str, str]
    files: tuple[RuleFile, ...]
    digest: str
    disabled: frozenset[str] = field(default_factory=frozenset)
    protected: tuple[Shield, ...] = ()  # text in which marks stay as they are
    made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: str, make: Callable[[RuleSet], T]) -> T:
        """Return what a step makes of the rules; it is made when first asked for and kept under a key."""
        if key not in self.made:
            self.made[key] = make(self)
        made: T = self.made[key]
        return made


@cache
def load_rules(
    profile: str = "newspaper",
    extra: tuple[str, ...] = (),
    enable: tuple[str, ...] = (),
    disable: tuple[str, ...] = (),
    tiers: tuple[str, ...] | None = None,
    leaks: str | None = None,
) -> RuleSet:
    """Load a profile (a bundled name or a path to a TOML file) and the user's rule files; RuleError when one is wrong.

    `enable` puts a rule in force whatever its tier, `disable` takes one out; both refuse unknown ids.
    """
    path = find_profile(profile)
    data = read_profile(path, profile)
    files = [load_rule_file(rules_dir() / name) for name in data["files"]]
    files += [load_rule_file(Path(name), user=True) for name in extra]
    check_unique(files)
    check_ids(files, (*enable, *disable))
    options = {str(key): str(value) for key, value in data.get("options", {}).items()}
    if leaks is not None:
        options["leaks"] = leaks
    check_options(path, options)
    chosen = tuple(tiers if tiers is not None else data.get("tiers", ["safe"]))
    if bad := set(chosen) - set(TIERS):
        raise RuleError(str(path), None, f"unknown tier {sorted(bad)[0]!r}; known: {', '.join(TIERS)}")
    check_settings(path, files, options)
    return _compile(path.stem, files, options, chosen, frozenset(enable), frozenset(disable))


def _compile(
    name: str,
    files: Seq[RuleFile],
    options: dict[str, str],
    tiers: tuple[str, ...],
    enable: frozenset[str],
    disable: frozenset[str],
) -> RuleSet:
    from cleaner.marks import PROCEDURES

    classes = dict(load_classes())
    stages: dict[str, list[Compiled]] = {"characters": [], "marks": [], "layout": []}
    roles: list[CompiledRole] = []
    evidence: list[CompiledEvidence] = []
    settings: dict[str, float] = {}
    for file in files:
        classes = expand_classes(file.classes, file.path, classes)
        settings.update(file.settings)
        for rule in file.rules:
            compiled = compile_rule(rule, classes, PROCEDURES)
            if rule.user:
                from cleaner.engine.check import check_user_rule

                check_user_rule(compiled)
            if rule.id in disable:
                continue
            forced = rule.id in enable and rule.tier not in tiers
            if forced or rule.tier in tiers or rule.tier == "suggest" or rule.action == "flag":
                stages[file.stage].append(_force(compiled) if forced else compiled)
        layout_rules: tuple[RoleRule | Evidence, ...] = (*file.roles, *file.evidence)
        for item in layout_rules:
            if item.user:
                from cleaner.engine.check import check_user_layout

                check_user_layout(item, classes)
        for role in file.roles:
            if role.id not in disable:
                roles.append(CompiledRole(role, *(_compile_one(p, role, classes) for p in _patterns(role))))
        for item in file.evidence:
            if item.id not in disable:
                start, end = _compile_one(item.start, item, classes), _compile_one(item.end, item, classes)
                evidence.append(CompiledEvidence(item, end, start))
    sequences = tuple(s for f in files for s in f.sequences if s.id not in disable)
    by_role: dict[str, tuple[CompiledRole, ...]] = {}
    for role_rule in roles:
        by_role[role_rule.rule.role] = (*by_role.get(role_rule.rule.role, ()), role_rule)
    digest = _digest(files)
    key = "" if any(file.user for file in files) else digest
    plans, protected = _plan(stages["characters"], stages["marks"], by_role.get("protected", ()), key)
    return RuleSet(
        name, options, tiers, *plans, tuple(stages["layout"]), tuple(roles), by_role, tuple(evidence), sequences,
        settings, classes, tuple(files), digest, disable, protected,
    )  # fmt: skip


def _plan(
    characters: Seq[Compiled], marks: Seq[Compiled], roles: Seq[CompiledRole], digest: str
) -> tuple[tuple[Plan, Plan], tuple[Shield, ...]]:
    """Return the plans of both stages, and what is protected; `digest` names the rules' content, if it is known."""
    patterns = [role.pattern for role in roles if role.pattern is not None]
    sources = [pattern.pattern if isinstance(pattern, LazyPattern) else "" for pattern in patterns]
    ids = [[compiled.rule.id for compiled in stage] for stage in (characters, marks)]
    key = hash_bytes(repr((digest, ids, sources)).encode("utf-8", "surrogatepass")) if digest else ""
    (first, second), masks = plan_stages(
        characters, marks, others=lambda: [gate_of(source, 0) if source else OPEN for source in sources], key=key
    )
    alone = [source != "" and stays_in_line(source, 0) for source in sources]
    shields = map(Shield, patterns, masks, alone, map(leads_line, sources), map(sign_of_lines, sources))
    return (first, second), tuple(shields)


def _patterns(role: RoleRule) -> tuple[str | None, str | None, str | None]:
    return role.pattern, role.previous, role.next


def _compile_one(pattern: str | None, rule: RoleRule | Evidence, classes: dict[str, str]) -> Searcher | None:
    if pattern is None:
        return None
    compiled = compile_pattern(expand_pattern(pattern, classes, rule.file, rule.id), rule, flags=0)
    return GuardedPattern(compiled, rule.file, rule.id) if rule.user else compiled


def _force(compiled: Compiled) -> Compiled:
    """Let a rule that the user enabled apply whatever its tier."""
    return compiled._replace(rule=compiled.rule._replace(tier="safe", action="replace"))


def _digest(files: Seq[RuleFile]) -> str:
    """Hash the content of the rule files, of the tables beside them, and of the classes and words that all use."""
    digest = hashlib.sha256((rules_dir() / "classes.toml").read_bytes())
    for path in sorted((rules_dir() / "words").glob("*.tsv")):
        digest.update(path.read_bytes())
    for file in files:
        path = Path(file.path)
        digest.update(path.read_bytes())
        for rule in file.rules:
            for name in (rule.table, rule.options.get("table"), rule.options.get("about")):
                if isinstance(name, str):
                    digest.update((path.parent / name).read_bytes())
    return digest.hexdigest()[:16]
