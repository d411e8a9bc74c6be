"""The cache of compiled rules: it changes no result, and a damaged or foreign file is passed over."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from processes import PATIENCE

from cleaner.engine import plan
from cleaner.engine.gate import gate_of
from cleaner.engine.patterns import PatternStore, keeps_codes
from cleaner.engine.plan import plan_stages
from cleaner.engine.profile import load_rules
from cleaner.io import cache

ROOT = Path(__file__).resolve().parent.parent
PAGE = "赶集的人说:“路修好了,车也通了。”\n"


def clean(folder: Path | None, root: Path = ROOT) -> str:
    environment = os.environ | {"CLEANER_CACHE": str(folder or ""), "PYTHONUTF8": "1", "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "cleaner", "clean", "-", "-q"]
    done = subprocess.run(
        command, cwd=root, input=PAGE, capture_output=True, text=True, env=environment, check=True, timeout=PATIENCE
    )
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


def forge(file: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change what a cache file holds, so that its hash is right."""
    head = len(cache.MAGIC) + 64
    body = file.read_bytes()[head:]
    length = int.from_bytes(body[:8], "big")
    index = json.loads(body[8 : 8 + length])
    made = change(index)
    content = made if isinstance(made, bytes) else json.dumps(index).encode()
    body = len(content).to_bytes(8, "big") + content + body[8 + length :]
    file.write_bytes(cache.MAGIC + hashlib.blake2b(body, digest_size=32).hexdigest().encode() + body)


def set_codes(place: int, value: Any) -> Callable[[dict[str, Any]], None]:
    """Put a value in one place of all kept patterns."""

    def change(index: dict[str, Any]) -> None:
        for row in index["codes"].values():
            row[place] = value

    return change


ODD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "lists": lambda index: index.update(codes=[], facts=[]),
    "a list": lambda index: b"[]",
    "deep": lambda index: b'{"codes":{},"facts":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "no span": lambda index: index["facts"].update(x=1),
    "span behind the end": lambda index: index["facts"].update(x=[0, 10**9]),
    "span backwards": lambda index: index["facts"].update(x=[9, 8]),
    "names": set_codes(2, 5),
    "groups": set_codes(1, 10**9),
    "places": set_codes(4, 10**9),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that a run leaves."""
    folder = tmp_path_factory.mktemp("kept")
    clean(folder)
    (file,) = folder.iterdir()
    return file


def read_new(file: Path, monkeypatch: pytest.MonkeyPatch) -> PatternStore:
    """Return what a new process knows when it has read a file."""
    store = PatternStore()
    monkeypatch.setattr(cache, "STORE", store)
    cache.read_store(file)
    return store


@pytest.mark.parametrize("odd", ODD)
def test_odd_file_is_passed_over_and_made_anew(
    odd: str, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose hash is right, and that holds what this code never keeps."""
    file = tmp_path / kept.name
    shutil.copy(kept, file)
    forge(file, lambda index: None)
    assert read_new(file, monkeypatch).packed
    forge(file, ODD[odd])
    store = read_new(file, monkeypatch)
    assert (store.packed, store.codes, store.grown) == ({}, {}, True)


ODD_FACTS = [("unknown:1", b"1"), ("rules:1", b"{"), ("rules:1", b"\xff"), ("rules:1", b"[" * 200_000 + b"]" * 200_000)]
ODD_FACTS += [(f"{kind}:1", fact) for kind in ("rules", "plan", "gate", "edges", "line") for fact in (b"5", b"[1]")]
ODD_FACTS += [("plan:1", b'{"eyes":{},"gates":[[]],"lines":[],"others":[]}')]


@pytest.mark.parametrize(("key", "data"), ODD_FACTS, ids=lambda part: str(part[:20]))
def test_odd_fact_is_made_anew(key: str, data: bytes) -> None:
    """One of a file whose hash is right, and that this code never keeps; it is looked at when it is asked for."""
    store = PatternStore()
    store.unpack = cache.unpack_fact
    store.packed = {key: data, "line:2": b"true"}
    assert store.find(key, lambda: "made") == "made"
    assert store.grown
    assert store.find("line:2", pytest.fail) is True


def test_facts_that_no_run_asks_for_stay(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is written anew holds what the old one did, and more."""
    store = read_new(kept, monkeypatch)
    (one, *others) = store.packed
    store.find(one, pytest.fail)
    store.find("line:new", lambda: True)
    cache.write_store(tmp_path / "again.cache")
    again = read_new(tmp_path / "again.cache", monkeypatch)
    assert again.packed == {**store.packed, "line:new": b"true"}
    assert {key: bytes(row[3]) for key, row in again.codes.items()} == {k: bytes(r[3]) for k, r in store.codes.items()}
    assert others


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert not read_new(tmp_path / "pipe", monkeypatch).packed
    (tmp_path / "hole").touch(0o600)
    os.truncate(tmp_path / "hole", 1 << 40)
    assert not read_new(tmp_path / "hole", monkeypatch).packed


def test_other_code_reads_no_facts_of_this(tmp_path: Path) -> None:
    """Two states of the code of one version, on one cache: each gives its own results."""
    other = tmp_path / "other"
    shutil.copytree(ROOT / "cleaner", other / "cleaner", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "rules", other / "rules")
    gate = other / "cleaner" / "engine" / "gate.py"
    text = gate.read_text(encoding="utf-8")
    assert "    return tuple(tuple(tuple(" in text
    never = "    return (((((0x10FFFF, 0x10FFFF),),),),)\n"  # opens for no text: no rule fires
    gate.write_text(
        text.replace("    return tuple(tuple(tuple(", never + "    return tuple(tuple(tuple("), encoding="utf-8"
    )
    folder = tmp_path / "cache"
    made = [clean(folder, root) for root in (ROOT, other, ROOT)]
    assert made[0] == made[2] != made[1]
    assert len(list(folder.iterdir())) == 2


def test_all_code_that_keeps_facts_is_in_the_name() -> None:
    package = ROOT / "cleaner"
    known = {path for pattern in cache.CODE for path in package.glob(pattern)}
    keeping = {path for path in package.rglob("*.py") if "STORE." in path.read_text(encoding="utf-8")}
    assert keeping
    assert keeping <= known


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are of POSIX")
def test_file_that_others_may_write_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PatternStore()
    store.compile("石桥", 0)
    store.find("line:fact", lambda: True)
    monkeypatch.setattr(cache, "STORE", store)
    cache.write_store(tmp_path / "one.cache")
    read = PatternStore()
    monkeypatch.setattr(cache, "STORE", read)
    (tmp_path / "one.cache").chmod(0o666)
    cache.read_store(tmp_path / "one.cache")
    assert not read.packed
    (tmp_path / "one.cache").chmod(0o600)
    cache.read_store(tmp_path / "one.cache")
    assert read.find("line:fact", pytest.fail) is True
    assert read.compile("石桥", 0).search("青石桥镇")


def test_too_large_file_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PatternStore()
    store.packed = {"line:old": b" " * 1000 + b"true"}
    store.find("line:new", lambda: True)
    monkeypatch.setattr(cache, "LARGEST", 500)
    monkeypatch.setattr(cache, "STORE", store)
    cache.write_store(tmp_path / "one.cache")
    assert list(read_new(tmp_path / "one.cache", monkeypatch).packed) == ["line:new"]


def test_what_a_killed_run_left_does_not_hinder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container each run has the same number."""
    store = PatternStore()
    store.find("line:new", lambda: True)
    monkeypatch.setattr(cache, "STORE", store)
    (tmp_path / f".one.cache.{os.getpid()}.tmp").touch()
    cache.write_store(tmp_path / "one.cache")
    assert read_new(tmp_path / "one.cache", monkeypatch).packed
    (tmp_path / "folder").mkdir()
    cache.write_store(tmp_path / "folder")  # cannot be replaced by a file
    assert not [path for path in tmp_path.iterdir() if "folder" in path.name and path.is_file()]


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
    store.packed = {"plan:0": b"0", "rules:0": b"0"}
    for key in ("plan:1", "rules:1", "plan:2", "plan:3"):
        store.find(key, lambda key=key: key, most=2)
    assert list(store.facts) == ["rules:1", "plan:2", "plan:3"]
    assert list(store.packed) == ["rules:0"]


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
