"""The cache of compiled rules: it changes no result, and a damaged or foreign file is passed over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.engine import plan
from cleaner.engine.gate import gate_of
from cleaner.engine.patterns import PatternStore, keeps_codes
from cleaner.engine.plan import plan_stages
from cleaner.engine.profile import load_rules
from cleaner.io import cache

PAGE = "赶集的人说:“路修好了,车也通了。”\n"


def clean(folder: Path | None) -> str:
    environment = os.environ | {"CLEANER_CACHE": str(folder or ""), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "cleaner", "clean", "-", "-q"]
    done = subprocess.run(command, input=PAGE, capture_output=True, text=True, env=environment, check=True)
    assert done.stderr == ""
    return done.stdout


def test_second_run_reads_what_the_first_wrote(tmp_path: Path) -> None:
    wanted = clean(None)
    assert clean(tmp_path) == wanted
    (file,) = tmp_path.iterdir()
    before = file.read_bytes(), file.stat().st_mtime_ns
    assert clean(tmp_path) == wanted
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


@pytest.mark.parametrize("damage", [b"", b"no cache", None])
def test_damaged_file_is_passed_over_and_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    wanted = clean(tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"?" + whole[len(whole) // 2 + 1 :] if damage is None else damage)
    assert clean(tmp_path) == wanted
    assert len(file.read_bytes()) == len(whole)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are of POSIX")
def test_file_that_others_may_write_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PatternStore()
    store.compile("石桥", 0)
    store.keep("fact", 1)
    monkeypatch.setattr(cache, "STORE", store)
    cache.write_store(tmp_path / "one.cache")
    read = PatternStore()
    monkeypatch.setattr(cache, "STORE", read)
    (tmp_path / "one.cache").chmod(0o666)
    cache.read_store(tmp_path / "one.cache")
    assert not read.facts
    (tmp_path / "one.cache").chmod(0o600)
    cache.read_store(tmp_path / "one.cache")
    assert read.facts == {"fact": 1}
    assert read.compile("石桥", 0).search("青石桥镇")


def test_folder_that_cannot_be_written_to_does_no_harm(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert clean(blocked / "below") == clean(None)


@pytest.mark.skipif(not keeps_codes(), reason="this Python's `re` takes no code words")
@pytest.mark.parametrize("pattern", ["(?P<a>石)|(桥)", "[一-鿿]{2,}(?<!石)", "(?i:abc)", r"^\s*(?:a|b)*?$"])
def test_kept_pattern_is_the_one_that_re_compiles(pattern: str) -> None:
    import re

    store = PatternStore()
    made = [store.compile(pattern, re.MULTILINE) for _ in range(2)]
    wanted = re.compile(pattern, re.MULTILINE)
    assert all((p.flags, p.groups, p.groupindex) == (wanted.flags, wanted.groups, wanted.groupindex) for p in made)
    text = "石桥ABCabc\nab\n桥石桥"
    assert all([m.span() for m in p.finditer(text)] == [m.span() for m in wanted.finditer(text)] for p in made)


def test_code_that_is_none_is_compiled_anew() -> None:
    store = PatternStore()
    store.compile("石", 0)
    store.codes = {
        key: (flags, groups, names, b"\x01\x00\x00\x00") for key, (flags, groups, names, _) in store.codes.items()
    }
    assert store.compile("石", 0).search("石桥")


def test_oldest_facts_of_a_kind_make_room() -> None:
    store = PatternStore()
    for key in ("plan:1", "rules:1", "plan:2", "plan:3"):
        store.keep(key, key, most=2)
    assert list(store.facts) == ["rules:1", "plan:2", "plan:3"]


def test_kept_plan_is_the_one_that_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load_rules()
    made, others = plan_stages(rules.characters, rules.marks, others=lambda: [gate_of("甲", 0)], key="a")
    kept = PatternStore()
    kept.facts = json.loads(json.dumps({"plan:a": plan.STORE.facts["plan:a"]}))
    monkeypatch.setattr(plan, "STORE", kept)
    blind = [[compiled._replace(gates=lambda: pytest.fail("asked again")) for compiled in stage] for stage in made]
    again, others_again = plan_stages(*blind, key="a")
    assert others_again == others
    for one, other in zip(made, again, strict=True):
        assert (one.gates, one.keys, one.opened.terms) == (other.gates, other.keys, other.opened.terms)
        assert one.eyes.look("甲,乙 (丙)") == other.eyes.look("甲,乙 (丙)") > 0
