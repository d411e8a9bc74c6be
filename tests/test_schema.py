"""`rules/schema.json` says what the classes of cleaner/engine/rule.py say, and every bundled rule file obeys it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator
from sample_rules import RULE

from cleaner.engine.load import KEBAB, KINDS, SET_BY_LOADER, STAGES, load_rule_file
from cleaner.errors import RuleError
from cleaner.paths import rules_dir

SCHEMA: dict[str, Any] = json.loads((rules_dir() / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(path.name for path in rules_dir().glob("*.toml"))
TYPES = {str: "string", bool: "boolean", float: "number"}


def schema_type(hint: Any) -> dict[str, Any]:
    """Say in JSON Schema what a dataclass field's type says."""
    args = get_args(hint)
    if type(None) in args:
        return schema_type(next(arg for arg in args if arg is not type(None)))
    if get_origin(hint) is Literal:
        return {"enum": list(args)}
    if get_origin(hint) is dict:
        return {"type": "object"}
    if get_origin(hint) is not tuple:
        return {"type": TYPES[hint]}
    if args[-1] is Ellipsis:
        return {"type": "array", "items": schema_type(args[0])}
    return {"type": "array", "prefixItems": [schema_type(arg) for arg in args], "items": False, "minItems": len(args)}


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == {"why", "stage", "settings", "classes", "example", *KINDS}
    assert SCHEMA["properties"]["stage"]["enum"] == list(STAGES)
    assert SCHEMA["additionalProperties"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_schema_says_what_the_class_says(kind: str) -> None:
    item = SCHEMA["$defs"][kind]
    known = [name for name in KINDS[kind]._fields if name not in SET_BY_LOADER]
    hints = get_type_hints(KINDS[kind])
    assert set(item["properties"]) == set(known)
    must = [name for name in known if name not in KINDS[kind]._field_defaults]
    assert sorted(item["required"]) == sorted(must)
    assert item["additionalProperties"] is False
    for name in known:
        said = dict(item["properties"][name])
        assert len(said.pop("description")) > 15, name
        if name == "id":
            assert said.pop("pattern") == f"^{KEBAB.pattern}$"
        assert said == schema_type(hints[name]), name


@pytest.mark.parametrize("name", FILES)
def test_bundled_files_obey(name: str) -> None:
    data = tomllib.loads((rules_dir() / name).read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)] == []


WRONG = {
    "unknown-table": '[[rules]]\nid = "a"\n',
    "unknown-key": RULE + 'colour = "red"\n',
    "missing-why": RULE.replace("why", "source"),
    "unknown-tier": RULE.replace('"safe"', '"sure"'),
    "not-kebab": RULE.replace("town-name", "Town_Name"),
    "keeps-no-list": RULE.replace('["石渡口"]', '"石渡口"'),
    "fixes-no-pairs": RULE.replace('["石渡囗镇", "石渡口镇"]', '["石渡囗镇"]'),
    "number-for-text": RULE.replace('find = "石渡囗"', "find = 3"),
    "unknown-stage": 'stage = "late"\n' + RULE,
    "setting-no-number": '[settings]\nreach = "far"\n',
    "class-no-text": "[classes]\nhan = 3\n",
    "evidence-without-weight": '[[evidence]]\nid = "a"\nstep = "tear"\nwhy = "x"\n',
    "unknown-step": '[[evidence]]\nid = "a"\nstep = "leap"\nwhy = "x"\nweight = 1\n',
    "weight-no-number": '[[role]]\nid = "a"\nrole = "title"\nwhy = "x"\nweight = "much"\n',
    "sequence-without-then": '[[sequence]]\nid = "a"\nwhy = "x"\nfirst = "title"\nweight = 1.0\n',
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_file_is_refused_by_schema_and_loader(case: str, tmp_path: Path) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(WRONG[case])))
    path = tmp_path / "ours.toml"
    path.write_text(WRONG[case], encoding="utf-8")
    with pytest.raises(RuleError, match=r"ours\.toml"):
        load_rule_file(path, user=True)


def test_good_file_is_taken_by_both(tmp_path: Path) -> None:
    assert not list(Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(RULE)))
    path = tmp_path / "ours.toml"
    path.write_text(RULE, encoding="utf-8")
    assert [rule.id for rule in load_rule_file(path, user=True).rules] == ["town-name"]
