"""Layout's rules: each obeys its examples, and each pattern has enough of them."""

from __future__ import annotations

import pytest

from cleaner.engine.check import check_evidence, check_role, check_rule
from cleaner.engine.compile import Compiled, Context, compile_rule
from cleaner.engine.load import load_rule_file
from cleaner.engine.profile import load_rules
from cleaner.engine.rule import Evidence, RoleRule
from cleaner.marks import PROCEDURES
from cleaner.paths import rules_dir

FILES = [load_rule_file(rules_dir() / name) for name in ("layout.toml", "roles.toml", "joins.toml")]
CLASSES = load_rules("newspaper").classes
RULES = [compile_rule(rule, CLASSES, PROCEDURES) for file in FILES for rule in file.rules]
ROLES = [role for file in FILES for role in file.roles]
EVIDENCE = [item for file in FILES for item in file.evidence]
NAMED = {
    "title-line",
    "row",
    "empty-block",
    "convert-script",
    "markdown",
}  # ids for the log; tested where they are made


@pytest.mark.parametrize("compiled", RULES, ids=lambda compiled: compiled.rule.id)
def test_rule_obeys_its_laws(compiled: Compiled) -> None:
    check_rule(compiled, lambda text: Context())
    if compiled.rule.id not in NAMED:
        assert min(len(compiled.rule.fixes), len(compiled.rule.keeps)) >= 3


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.id)
def test_role_fires_on_its_examples(role: RoleRule) -> None:
    check_role(role, CLASSES)
    if role.pattern is not None:
        assert min(len(role.fires), len(role.silent)) >= 3


@pytest.mark.parametrize("item", EVIDENCE, ids=lambda item: item.id)
def test_evidence_fires_on_its_examples(item: Evidence) -> None:
    check_evidence(item, CLASSES)
    if item.end is not None or item.start is not None:
        assert min(len(item.fires), len(item.silent)) >= 3


@pytest.mark.parametrize("name", ["wrap", "tear", "head", "pair", "line"])
def test_every_step_has_evidence(name: str) -> None:
    assert any(item.step == name for item in EVIDENCE)
