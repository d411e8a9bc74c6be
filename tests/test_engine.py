"""The rule engine as the author of a rule file meets it: what is refused, what applies, what is stopped."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from processes import PATIENCE
from sample_rules import RULE, make_rule

import cleaner
from cleaner.engine.deadline import deadline
from cleaner.engine.profile import load_rules
from cleaner.engine.profile_file import profile_names
from cleaner.errors import RuleError

EXPLODES = make_rule("explodes", pattern="(?:今|今今)+年", replace="年", fixes=[["今年", "年"]], keeps=["今"])
DIGITS = "今" * 64 + "天"


def write(folder: Path, text: str, name: str = "ours.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def problem(folder: Path, text: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        cleaner.Cleaner(rules=[write(folder, text)])
    assert "ours.toml" in str(caught.value)
    return caught.value


class TestLoading:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (("keeps", "keep"), ["town-name", "'keep'"]),
            (('tier = "safe"', ""), ["town-name", "'tier'", "missing"]),
            (('"safe"', '"sure"'), ["town-name", "'tier'", "safe, contextual, suggest"]),
            (('find = "石渡囗"', "find = 1"), ["town-name", "'find'", "str"]),
            (('["石渡囗镇", "石渡口镇"]', '["石渡囗镇"]'), ["town-name", "'fixes'", "pair"]),
            (('"town-name"', '"Town Name"'), ["Town Name", "kebab-case"]),
            (('find = "石渡囗"', 'find = "囗"\nbefore = "{towns}"'), ["town-name", "{towns}", "known"]),
            (('find = "石渡囗"', 'before = "石"'), ["town-name", "find, pattern, table, do"]),
            (('find = "石渡囗"', "pattern = '('"), ["town-name", "pattern is wrong"]),
            (('find = "石渡囗"', 'table = "none.tsv"'), ["town-name", "none.tsv"]),
            (('find = "石渡囗"', 'do = "magic"'), ["town-name", "'magic'", "known"]),
            (('replace = "石渡口"\n', ""), ["town-name", "replace"]),
            (("[[rule]]", "[[rules]]"), ["'rules'"]),
            (("[[rule]]", "[[rule"), ["not TOML"]),
        ],
    )
    def test_error_names_file_rule_and_key(self, change: tuple[str, str], words: Sequence[str], tmp_path: Path) -> None:
        message = str(problem(tmp_path, RULE.replace(*change, 1)))
        for word in words:
            assert word in message

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(RuleError, match=r"none\.toml.*cannot be read"):
            cleaner.Cleaner(rules=[str(tmp_path / "none.toml")])

    def test_not_utf8(self, tmp_path: Path) -> None:
        path = tmp_path / "ours.toml"
        path.write_bytes(RULE.encode("gb18030"))
        with pytest.raises(RuleError, match=r"ours\.toml.*not TOML"):
            cleaner.Cleaner(rules=[str(path)])

    def test_same_id_twice(self, tmp_path: Path) -> None:
        error = problem(tmp_path, RULE + RULE)
        assert (error.rule, "already used" in str(error)) == ("town-name", True)

    def test_id_of_a_bundled_rule(self, tmp_path: Path) -> None:
        assert "punctuation.toml" in str(problem(tmp_path, RULE.replace("town-name", "comma-between-chinese")))

    @pytest.mark.parametrize(
        ("change", "example"),
        [
            (('"石渡口镇"]', '"石渡囗镇"]'), "石渡囗镇"),  # the result is not what the rule gives
            (('["石渡囗镇", "石渡口镇"]', '["石渡镇", "石渡口镇"]'), "石渡镇"),  # the rule does nothing there
            (('keeps = ["石渡口"]', 'keeps = ["石渡囗"]'), "石渡囗"),  # the rule changes what it should keep
            (('replace = "石渡口"', 'replace = "石渡囗口"'), "石渡囗镇"),
        ],
    )
    def test_rule_that_fails_its_example(self, change: tuple[str, str], example: str, tmp_path: Path) -> None:
        error = problem(tmp_path, RULE.replace(*change))
        assert error.rule == "town-name"
        assert example in str(error)

    def test_rule_that_never_settles(self, tmp_path: Path) -> None:
        text = RULE.replace('"石渡囗"', '"石"').replace('"石渡口"', '"石石"', 1)
        assert "again" in str(problem(tmp_path, text.replace('[["石渡囗镇", "石渡口镇"]]', '[["石镇", "石石镇"]]')))

    @pytest.mark.parametrize("key", ["fixes", "keeps"])
    def test_rule_without_example(self, key: str, tmp_path: Path) -> None:
        lines = [line for line in RULE.split("\n") if not line.startswith(key)]
        assert "example" in str(problem(tmp_path, "\n".join(lines)))

    def test_own_classes(self, tmp_path: Path) -> None:
        text = '[classes]\ntown = "石青"\n' + RULE.replace('find = "石渡囗"', 'find = "囗"\nbefore = "{town}"').replace(
            'replace = "石渡口"', 'replace = "口"'
        ).replace('[["石渡囗镇", "石渡口镇"]]', '[["石囗镇", "石口镇"]]')
        path = write(tmp_path, text)
        assert cleaner.clean("青囗和禾囗\n", rules=[path]) == "青口和禾囗\n"

    def test_own_table(self, tmp_path: Path) -> None:
        write(tmp_path, "# towns\n石渡囗\t石渡口\n石度口\t石渡口\n", "towns.tsv")
        path = write(tmp_path, RULE.replace('find = "石渡囗"\nreplace = "石渡口"', 'table = "towns.tsv"'))
        assert cleaner.clean("石度口和石渡囗\n", rules=[path]) == "石渡口和石渡口\n"

    def test_table_with_a_key_twice(self, tmp_path: Path) -> None:
        write(tmp_path, "石渡囗\t石渡口\n石渡囗\t石度口\n", "towns.tsv")
        text = RULE.replace('find = "石渡囗"\nreplace = "石渡口"', 'table = "towns.tsv"')
        assert "towns.tsv, line 2" in str(problem(tmp_path, text))

    @pytest.mark.parametrize(
        "text",
        [
            RULE.replace('find = "石渡囗"', 'find = ""'),
            RULE.replace('find = "石渡囗"', "pattern = '石渡囗'").replace('replace = "石渡口"', "replace = '\\2'"),
            '[[role]]\nid = "ours"\nrole = "title"\nwhy = "x"\nweight = 1.0\npattern = "("\n',
            '[[evidence]]\nid = "ours"\nstep = "tear"\nwhy = "x"\nweight = 1.0\nend = "("\n',
            '[[role]]\nid = "ours"\nrole = "headlin"\nwhy = "x"\nweight = 1.0\npattern = "a"\n',
            '[[role]]\nid = "ours"\nrole = "title"\nwhy = "x"\nweight = 1.0\nmeasure = "widht"\nat_least = 1\n',
            "[settings]\nbody_widht = 3\n",
        ],
        ids=["empty-find", "no-such-group", "role-pattern", "evidence-pattern", "role-name", "measure", "setting"],
    )
    def test_more_wrong_files(self, text: str, tmp_path: Path) -> None:
        problem(tmp_path, text)


class TestExplosion:
    """A user's pattern that explodes ends in a RuleError that names the rule; other patterns are checked before."""

    def clean(self, path: str) -> tuple[str, float]:
        start = time.process_time()
        with pytest.raises(RuleError) as caught:
            cleaner.clean(DIGITS, rules=[path])
        return str(caught.value), time.process_time() - start

    def test_main_thread(self, tmp_path: Path) -> None:
        message, seconds = self.clean(write(tmp_path, EXPLODES))
        assert "ours.toml" in message
        assert "'explodes'" in message
        assert seconds < 60  # without the deadline it would take years

    def test_busy_machine(self) -> None:
        """Waiting for a turn is no work: only the time that the process computes counts."""
        with deadline("ours.toml", "waits", 0.5):
            time.sleep(0.7)

    def test_other_thread(self, tmp_path: Path) -> None:
        path = write(tmp_path, EXPLODES)
        found: list[tuple[str, float]] = []
        thread = threading.Thread(target=lambda: found.append(self.clean(path)))
        thread.start()
        thread.join(PATIENCE)
        assert found
        assert "'explodes'" in found[0][0]

    def test_pattern_of_evidence(self, tmp_path: Path) -> None:
        text = """
[[evidence]]
id = "explodes"
step = "tear"
why = "Nested repeats."
weight = 1.0
end = '(?:今|今今)+年$'
fires = ["今年⏎好"]
silent = ["好⏎好"]
"""
        code = "import sys, cleaner; cleaner.clean(sys.argv[1], rules=[sys.argv[2]])"
        page = f"{DIGITS}\n\n好\n"
        command = [sys.executable, "-c", code, page, write(tmp_path, text)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert "RuleError" in done.stderr
        assert "'explodes'" in done.stderr

    def test_in_its_own_example(self, tmp_path: Path) -> None:
        error = problem(tmp_path, EXPLODES.replace('keeps = ["今"]', f'keeps = ["{DIGITS}"]'))
        assert error.rule == "explodes"


class TestChoice:
    TEXT = "本报讯（记者 岑小满）气温为25~30度,有风。\n"

    def test_tiers(self) -> None:
        assert cleaner.clean(self.TEXT, tiers=()) == self.TEXT
        assert cleaner.clean(self.TEXT, tiers=("safe",)) == "本报讯（记者 岑小满）气温为25~30度，有风。\n"
        everything = cleaner.clean(self.TEXT, tiers=("safe", "contextual", "suggest"))
        assert everything == "本报讯（记者 岑小满）气温为25～30度，有风。\n"

    def test_suggestions_are_flagged(self) -> None:
        page = cleaner.clean_page(self.TEXT)
        assert [(flag.code, page.raw[slice(*flag.span)]) for flag in page.flags] == [("number-range", "~")]

    def test_unknown_tier(self) -> None:
        with pytest.raises(RuleError, match="'sure'"):
            cleaner.Cleaner(tiers=("sure",))

    def test_enable(self) -> None:
        assert "25～30" in cleaner.clean(self.TEXT, enable=["number-range"])

    def test_disable(self) -> None:
        assert "度,有风" in cleaner.clean(self.TEXT, disable=["comma-between-chinese", "comma-beside-chinese"])

    def test_disabled_layout_evidence(self) -> None:
        torn = "本报讯（记者 岑小满）昨日，青屏县的水渠通了水，两岸的田都浇上了\n\n头遍水。\n"
        assert "浇上了头遍水" in cleaner.clean(torn)
        assert "浇上了\n\n头遍水" in cleaner.clean(torn, disable=["tear-open-end"])

    @pytest.mark.parametrize("key", ["enable", "disable"])
    def test_unknown_id(self, key: str) -> None:
        with pytest.raises(RuleError, match="'no-such-rule'"):
            cleaner.Cleaner(**{key: ["no-such-rule"]})

    def test_users_rules_come_last(self, tmp_path: Path) -> None:
        text = (
            RULE.replace("石渡囗", "镇，")
            .replace("石渡口", "镇、")
            .replace('[["镇，镇", "镇、镇"]]', '[["镇，乡", "镇、乡"]]')
        )
        path = write(tmp_path, text)
        assert cleaner.clean("石渡镇,青田乡\n", rules=[path]) == "石渡镇、青田乡\n"
        assert cleaner.Cleaner(rules=[path]).rules.digest != cleaner.Cleaner().rules.digest


class TestProfiles:
    @pytest.mark.parametrize("name", profile_names())
    def test_bundled_profiles_load(self, name: str) -> None:
        assert cleaner.clean("今年以来，全县新修了十二条路。\n", profile=name) == "今年以来，全县新修了十二条路。\n"

    def test_profile_of_the_user(self, tmp_path: Path) -> None:
        text = 'tiers = ["safe"]\nfiles = ["characters.toml"]\n[options]\nlayout = "off"\n'
        path = write(tmp_path, text, "ours.toml")
        assert cleaner.clean("２０２４年,⼈人\n", profile=path) == "2024年,人人\n"

    @pytest.mark.parametrize(
        ("text", "words"),
        [("tiers = []\n", "files"), ('files = ["none.toml"]\n', r"none\.toml"), ("files = [\n", "cannot be read")],
    )
    def test_wrong_profile(self, text: str, words: str, tmp_path: Path) -> None:
        with pytest.raises(RuleError, match=words):
            cleaner.Cleaner(write(tmp_path, text, "ours.toml"))

    def test_unknown_profile(self) -> None:
        with pytest.raises(RuleError, match=r"no such profile; bundled: .*newspaper"):
            cleaner.Cleaner("magazine")

    def test_profile_without_layout_files(self, tmp_path: Path) -> None:
        """Layout without its settings is refused."""
        path = write(tmp_path, 'tiers = ["safe"]\nfiles = ["characters.toml"]\n', "ours.toml")
        with pytest.raises(RuleError, match=r"layout\.toml"):
            cleaner.Cleaner(path)

    def test_minimal_mends_characters_only(self) -> None:
        text = "⼈民２０２４年,“他说"
        assert cleaner.clean(text, profile="minimal") == "人民2024年,“他说"

    def test_rules_are_loaded_once(self) -> None:
        assert load_rules("newspaper") is load_rules("newspaper")


ROOT = Path(__file__).parents[1]
EXAMPLES = [
    pytest.param(block, id=f"{page}-{number}")
    for page in ("README.md", "README.zh.md", "docs/writing-rules.md")
    for number, block in enumerate(
        re.findall(r"```toml\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    )
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_examples_in_the_docs_load(block: str, tmp_path: Path) -> None:
    path = write(tmp_path, block)
    if "files = " in block:
        assert cleaner.clean("好。", path) == "好。"
    else:
        assert cleaner.Cleaner(rules=[path]).clean("好。") == "好。"
