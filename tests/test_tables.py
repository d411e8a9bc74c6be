"""The tables that programs make: as their tool makes them, sorted, and right about what they promise."""

from __future__ import annotations

import bz2
import subprocess
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

from cleaner.paths import rules_dir

TOOLS = Path(__file__).parents[1] / "tools"
UNICODE = Path("/usr/share/unicode")
CHARACTERS = ("radicals", "compatibility", "fullwidth", "halfwidth-katakana")
TABLES = [f"characters/{name}.tsv" for name in CHARACTERS] + ["decode/common-han.tsv", "decode/blocks.tsv"]


def read_table(name: str) -> dict[str, list[str]]:
    lines = (rules_dir() / name).read_text(encoding="utf-8").split("\n")
    return {key: values for key, *values in (line.split("\t") for line in lines if line and not line.startswith("#"))}


def check_made_by(tool: str, names: list[str], folder: Path) -> None:
    subprocess.run([sys.executable, TOOLS / tool, folder], check=True)
    for name in names:
        assert (folder / Path(name).name).read_bytes() == (rules_dir() / name).read_bytes(), name


def test_character_tables_are_as_made(tmp_path: Path) -> None:
    check_made_by("make_character_tables.py", TABLES[1:4], tmp_path)


def test_radicals_are_as_made(tmp_path: Path) -> None:
    source = UNICODE / "EquivalentUnifiedIdeograph.txt"
    if not source.exists() or "-15.0.0" not in source.read_text(encoding="utf-8").split("\n", 1)[0]:
        pytest.skip("needs unicode-data 15.0.0")
    check_made_by("make_radicals.py", TABLES[:1], tmp_path)


def test_common_han_is_as_made(tmp_path: Path) -> None:
    source = UNICODE / "Unihan_Readings.txt.bz2"
    if not source.exists() or b"Unicode version: 15.0.0" not in bz2.decompress(source.read_bytes())[:200]:
        pytest.skip("needs unicode-data 15.0.0")
    check_made_by("make_common_han.py", TABLES[4:5], tmp_path)


@pytest.mark.parametrize("name", TABLES)
def test_format(name: str) -> None:
    data = (rules_dir() / name).read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    lines = data.decode("utf-8").removesuffix("\n").split("\n")
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert lines[0].startswith("# ")
    assert all(line.startswith("#") for line in lines[: -len(rows)])  # comments stand first
    keys = [row[0] for row in rows]
    assert keys == sorted(set(keys))
    assert len({len(row) for row in rows}) == 1
    assert all(cell and cell == cell.strip() for row in rows for cell in row)


@pytest.mark.parametrize("name", TABLES[:4])
def test_replacing_once_is_enough(name: str) -> None:
    table = {key: value for key, (value,) in read_table(name).items()}
    assert not set(table) & set("".join(table.values()))
    assert all(unicodedata.is_normalized("NFC", value) for value in table.values())


def test_radicals_become_what_was_meant() -> None:
    table = read_table(TABLES[0])
    for radical, meant in [("2F00", "4E00"), ("2EA0", "6C11"), ("2EC5", "89C1"), ("2ED4", "95E8"), ("2FD5", "9FA0")]:
        assert table[chr(int(radical, 16))] == [chr(int(meant, 16))]
    wanted = {chr(code) for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))}
    assert wanted - set(table) == {"\u2e80", "\u2e9a"}  # one without an equivalent, one unassigned
    assert set(table) <= wanted


def test_compatibility_leaves_out_the_twelve_unified() -> None:
    table = read_table(TABLES[1])
    twelve = {chr(0xFA00 + low) for low in (0x0E, 0x0F, 0x11, 0x13, 0x14, 0x1F, 0x21, 0x23, 0x24, 0x27, 0x28, 0x29)}
    assert not twelve & set(table)
    assigned = {chr(c) for c in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)) if unicodedata.name(chr(c), "")}
    assert set(table) == assigned - twelve


def test_fullwidth_is_letters_and_digits_only() -> None:
    table = read_table(TABLES[2])
    assert len(table) == 62
    assert all(ord(key) - ord(value) == 0xFEE0 and value.isalnum() for key, (value,) in table.items())


def test_katakana_joins_a_letter_with_its_voicing_mark() -> None:
    table = read_table(TABLES[3])
    assert table["\uff76\uff9e"] == ["\u30ac"]
    assert table["\uff8a\uff9f"] == ["\u30d1"]
    assert {key for key in table if len(key) == 1} == {chr(code) for code in range(0xFF61, 0xFF9E)}
    assert all(len(value) == 1 for (value,) in table.values())


def test_common_han_knows_both_scripts() -> None:
    table = read_table(TABLES[4])
    assert [table[chr(code)][0] for code in (0x7684, 0x4EEC, 0x5011)] == ["both", "s", "t"]
    assert {script for script, _ in table.values()} == {"s", "t", "both"}
    assert all(1 <= int(cost) <= 12 for _, cost in table.values())


def test_blocks_do_not_overlap() -> None:
    blocks = [(int(first, 16), int(row[0], 16)) for first, row in read_table(TABLES[5]).items()]
    assert all(first <= last for first, last in blocks)
    assert all(last < first for (_, last), (first, _) in pairwise(blocks))
