"""Rule files that several test files write and spoil."""

from __future__ import annotations

import json


def make_rule(name: str, why: str = "A test.", **keys: object) -> str:
    """Return a rule file of one rule, with further keys in their order; each on a line of its own."""
    head = {"id": name, "why": why, "tier": "safe"}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in (head | keys).items()]
    return f"\n[[rule]]\n{''.join(lines)}"


RULE = make_rule(
    "town-name", "The engine reads the town's name wrong.",
    find="石渡囗", replace="石渡口", fixes=[["石渡囗镇", "石渡口镇"]], keeps=["石渡口"],
)  # fmt: skip
EXPLODES = make_rule("explode", pattern="(a|aa)+(a|aa)+$", replace="", fixes=[["aa", ""]], keeps=["b"])
