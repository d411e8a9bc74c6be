"""Settings of a project, completion, SARIF, colours: what fits Cleaner into other people's work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sample_rules import make_rule

from cleaner.cli import cli
from cleaner.cli.config import find_config, make_defaults, read_config
from cleaner.cli.rules import command as rules_command
from cleaner.report.diff import colour_diff

ROOT = Path(__file__).parent.parent
TEXT = "石桥镇今年,新修了两条路 through 村里。\n"


def run(*args: str, stdin: str = TEXT) -> Result:
    return CliRunner().invoke(cli, list(args), input=stdin, catch_exceptions=False)


@pytest.fixture(autouse=True)
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project" / "pages" / "deep"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "project"


class TestFinding:
    def test_nearest_upwards(self, project: Path, deep: Path) -> None:
        assert find_config(deep) is None
        (project / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
        assert find_config(deep) is None
        (project / "pyproject.toml").write_text("[tool.cleaner]\n", encoding="utf-8")
        assert find_config(deep) == project / "pyproject.toml"
        (project / "cleaner.toml").touch()
        assert find_config(deep) == project / "cleaner.toml"
        (project / "pages" / "pyproject.toml").write_text("[tool.cleaner]\n", encoding="utf-8")
        assert find_config(deep) == project / "pages" / "pyproject.toml"

    def test_settings_hold_and_typed_ones_win(self, project: Path) -> None:
        (project / "pyproject.toml").write_text('[tool.cleaner]\nleaks = "flag"\n', encoding="utf-8")
        assert "through" in run("clean", "-").stdout
        assert "through" not in run("clean", "-", "--leaks", "remove").stdout
        assert "through" not in run("--isolated", "clean", "-").stdout
        (project / "other.toml").write_text('leaks = "restore"\n', encoding="utf-8")
        assert "通过" in run("--config", str(project / "other.toml"), "clean", "-").stdout

    @pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only the superuser gives files away")
    def test_files_of_others_are_refused(self, project: Path, deep: Path) -> None:
        """In a folder above anybody may have put one; where the folder itself is theirs, theirs are wanted."""
        settings = project / "cleaner.toml"
        settings.write_text('leaks = "flag"\n', encoding="utf-8")
        os.chown(settings, 54321, 54321)
        done = run("clean", "-")
        assert (done.exit_code, f"{settings}: belongs to another user" in done.stderr) == (2, True)
        assert run("--isolated", "clean", "-").exit_code == 0
        assert "through" in run("--config", str(settings), "clean", "-").stdout
        os.chown(deep, 54321, 54321)
        assert "through" in run("clean", "-").stdout

    @pytest.mark.parametrize(
        ("table", "command"),
        [
            ("[clean]\nin-place = true", "clean a.txt"),
            ("[clean]\nno-log = true", "clean a.txt"),
            ('[clean]\noutput = "victim.txt"', "clean a.txt"),
            ('[clean]\nlog = "victim.txt"', "clean a.txt"),
            ('[report]\noutput = "victim.txt"', "report a.txt"),
            ('[review]\noutput = "victim.txt"', "review a.txt"),
            ('[restore]\noutput = "victim.txt"', "restore a.txt --log victim.txt"),
            ('[dump]\noutput = "victim.jsonl"', "dump a.txt"),
            ('[dump]\nwork = "victim"', "dump a.txt -o o.jsonl"),
            ("[dump]\nrestart = true", "dump a.txt -o o.jsonl"),
            ("[dump]\nresume = false", "dump a.txt -o o.jsonl"),
            ("[dump]\nlog = true", "dump a.txt -o o.jsonl"),
            ("[rules]\nwrite = true", "rules fit a.txt --dumps a.txt"),
        ],
    )
    def test_what_is_written_is_typed(self, project: Path, deep: Path, table: str, command: str) -> None:
        """A settings file that came with the pages writes over nothing of the user's."""
        (project / "cleaner.toml").write_text(table + "\n", encoding="utf-8")
        for name in ("a.txt", "victim.txt", "victim.jsonl"):
            (deep / name).write_text(TEXT, encoding="utf-8")
        done = run(*command.split())
        assert (done.exit_code, "type it" in done.stderr) == (2, True), done.stderr
        assert {path.name: path.read_text(encoding="utf-8") for path in deep.iterdir()} == dict.fromkeys(
            ("a.txt", "victim.txt", "victim.jsonl"), TEXT
        )

    def test_a_commands_own_table(self, project: Path) -> None:
        text = 'disable = ["english-word"]\n[clean]\nformat = "jsonl"\nquiet = true\n'
        (project / "cleaner.toml").write_text(text, encoding="utf-8")
        result = run("clean", "-")
        assert "through" in json.loads(result.stdout)["text"]
        assert result.stderr == ""
        assert "sum of the log-odds" not in run("explain", "-").stdout  # as text, not in the format of `clean`
        assert run("explain", "-").stdout.startswith("-:1:6 ")

    def test_paths_are_relative_to_the_file(self, project: Path) -> None:
        rules = make_rule("ours", find="石", replace="砳", fixes=[["石桥", "砳桥"]], keeps=["桥"])
        (project / "ours.toml").write_text(rules, encoding="utf-8")
        (project / "cleaner.toml").write_text('rules = ["ours.toml"]\n', encoding="utf-8")
        assert "砳桥镇" in run("clean", "-").stdout
        assert "\nours " in run("rules", "list").stdout

    def test_paths_of_a_commands_own_table(self, project: Path) -> None:
        (project / "cleaner.toml").write_text('[rules.fit]\ndumps = ["dumps"]\n', encoding="utf-8")
        file = project / "cleaner.toml"
        found = make_defaults(read_config(file), file, ["clean", "report", "rules"], rules_command)
        assert found["fit"]["dumps"] == [str(project / "dumps")]

    @pytest.mark.parametrize("value", ["30", "30.5", "inf"])
    def test_numbers(self, project: Path, deep: Path, value: str) -> None:
        """Seconds may be whole or not, as they may be typed."""
        (project / "cleaner.toml").write_text(f"[dump]\ntimeout = {value}\njobs = 1\n", encoding="utf-8")
        (deep / "a.jsonl").write_text('{"text": "甲"}\n', encoding="utf-8")
        done = run("dump", "a.jsonl", "-o", "o.jsonl")
        assert (done.exit_code, (deep / "o.jsonl").read_text(encoding="utf-8")) == (0, '{"text": "甲"}\n'), done.stderr

    @pytest.mark.parametrize(
        "table", ["timeout = 0", "timeout = true", "timeout = '30'", "timeout = nan", "jobs = 1.5"]
    )
    def test_no_numbers(self, project: Path, table: str) -> None:
        (project / "cleaner.toml").write_text(f"[dump]\n{table}\n", encoding="utf-8")
        done = run("dump", "a.jsonl", "-o", "o.jsonl")
        assert (done.exit_code, f"{project / 'cleaner.toml'}: {table.split()[0]!r}" in done.stderr) == (2, True), (
            done.stderr
        )

    def test_a_groups_own_tables(self, project: Path, deep: Path) -> None:
        (deep / "a.txt").write_text(TEXT, encoding="utf-8")
        (project / "cleaner.toml").write_text(
            '[rules]\nencoding = "utf-8"\n[rules.try]\nreplace = "、"\n', encoding="utf-8"
        )
        assert "[-,-]{+、+}" in run("rules", "try", ",", "--on", "a.txt").stdout

    def test_log_says_what_was_in_force(self, project: Path, deep: Path) -> None:
        (project / "cleaner.toml").write_text('tier = "safe"\n', encoding="utf-8")
        (deep / "a.txt").write_text(TEXT, encoding="utf-8")
        run("clean", "a.txt", "-o", "b.txt", "--log", "log")
        header = json.loads((deep / "log").read_text(encoding="utf-8").split("\n")[0])
        assert header["options"]["tier"] == "safe"
        assert header["cleaner"]
        assert len(header["rules"]) == 16

    @pytest.mark.parametrize(
        ("text", "told"),
        [("leak = 'flag'", "unknown setting 'leak'"), ("leaks = 'keep'", "'leaks'"), ("rules = 'a.toml'", "a list"),
         ("profile = 3", "a string"), ("[clean]\nformats = 'text'", "unknown option 'formats'"),
         ("[clean]\nquiet = 1", "true or false"), ("clean = 1", "must be a table"), ("[", "is not TOML"),
         ("[rules]\nprofil = 'book'", "unknown option or command 'profil'"),
         ("[rules.list]\nprofil = 'book'", "unknown option 'profil'"), ("[rules.lists]\n", "'lists'")],
    )  # fmt: skip
    def test_mistakes_name_the_file(self, project: Path, text: str, told: str) -> None:
        (project / "cleaner.toml").write_text(text, encoding="utf-8")
        result = run(*(("rules", "list") if text.startswith("[rules") else ("clean", "-")))
        assert result.exit_code == 2
        assert f"{project / 'cleaner.toml'}: " in result.stderr
        assert told in result.stderr

    def test_missing_file(self) -> None:
        result = run("--config", "none.toml", "clean", "-")
        assert (result.exit_code, result.stderr) == (2, "cleaner: none.toml: No such file or directory\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    assert "_CLEANER_COMPLETE" in run("completion", shell).stdout


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("cleaner rep", "plain,report\n"),
        ("cleaner clean pa", "file,pa\n"),
        ("cleaner clean -o pa", "file,pa\n"),
        ("cleaner --config pa", "file,pa\n"),
        ("cleaner rules diff - ou", "file,ou\n"),
        ("cleaner clean --profile b", "plain,book\n"),
        ("cleaner clean --profile our", "file,our\n"),
        ("cleaner rules show zero-", "plain,zero-width\n"),
        ("cleaner rules new --kind r", "plain,role\n"),
    ],
)
def test_completion_completes(typed: str, told: str) -> None:
    env = {"_CLEANER_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    made = subprocess.run([sys.executable, "-m", "cleaner"], env=env, capture_output=True, text=True, check=False)
    assert made.stdout == told


def test_sarif(deep: Path) -> None:
    (deep / "页 a.txt").write_text(TEXT, encoding="utf-8")
    made = json.loads(run("explain", "页 a.txt", "--format", "sarif", "--leaks", "flag").stdout)
    results = made["runs"][0]["results"]
    comma = next(result for result in results if result["ruleId"] == "comma-between-chinese")
    region = comma["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 7, "charOffset": 5, "charLength": 1}
    assert comma["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "，"}
    assert comma["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%E9%A1%B5%20a.txt"
    assert {result["level"] for result in results} == {"note", "warning"}
    assert {rule["id"] for rule in made["runs"][0]["tool"]["driver"]["rules"]} == {r["ruleId"] for r in results}


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from cleaner.io.stdout import wants_colour

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert "\x1b" not in run("clean", "-", "--diff").stdout
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour()


def test_colouring_adds_colours_alone() -> None:
    diff = "--- a\n+++ b\n@@ -1 +1 @@\n-甲\n+乙\n 丙"
    made = colour_diff(diff)
    assert "\x1b[31m-甲\x1b[m\n\x1b[32m+乙\x1b[m\n 丙" in made
    assert re.sub(r"\x1b\[\d*m", "", made) == diff


def test_hooks_call_commands_that_are_there(tmp_path: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: cleaner (.*)$", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^- id: ", text, re.MULTILINE)) == 2
    (tmp_path / "a.txt").write_text("石桥镇，青田乡。\n", encoding="utf-8")
    assert run(*entries[0].split(), str(tmp_path / "a.txt")).exit_code == 0
    assert run(*entries[1].split(), str(ROOT / "rules" / "dashes.toml")).exit_code == 0
