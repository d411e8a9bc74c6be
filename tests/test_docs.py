"""The documentation: every command and option is in it, and what it tells people to type runs."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cleaner.cli import cli

ROOT = Path(__file__).parent.parent
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
PAGE = "枫浦新桥通车\n\n本报讯（记者 乌小棠）新桥通车，不必再绕\n\n十多公里。\n"
RULES = """
[[rule]]
id = "my-rule"
why = "A test."
tier = "safe"
pattern = "甲甲"
replace = "乙"
fixes = [["甲甲", "乙"]]
keeps = ["甲"]
"""


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from walk(found, f"{name} {child}")


COMMANDS = dict(walk(cli, "cleaner"))
OPTIONS = sorted(
    (name, option)
    for name, command in COMMANDS.items()
    for parameter in command.get_params(click.Context(command))
    if isinstance(parameter, click.Option)
    for option in parameter.opts
)


def commands_in(text: str) -> list[str]:
    """Return the `cleaner` commands of code blocks, fenced or indented."""
    return re.findall(r"^(?: {4}|\$ )?(cleaner [^\n#|>]*)", "".join(blocks_in(text)), re.MULTILINE)


def blocks_in(text: str) -> list[str]:
    fenced = re.findall(r"^```(?:sh|console|bash|shell)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return fenced + re.findall(r"(?:^ {4}[^\n]*\n)+", text, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "cleaner"])
def test_command_is_documented(name: str) -> None:
    assert name in CLI or f"`{name.removeprefix('cleaner ')}" in CLI
    assert COMMANDS[name].help


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_option_is_documented(name: str, option: str) -> None:
    section = CLI if name == "cleaner" else CLI.split(f"\n## {name.split(' ')[1]}\n")[1].split("\n## ")[0]
    text = section if option not in ("-h", "--help") else CLI
    assert re.search(rf"`[^`\n]*(?<![\w-]){re.escape(option)}(?![\w-])[^`\n]*`", text), f"docs/cli.md: {name} {option}"


@pytest.mark.parametrize(
    "file",
    [
        "README.md",
        "README.zh.md",
        "docs/cli.md",
        "docs/dumps.md",
        "docs/gold.md",
        "docs/config.md",
        "docs/report.md",
        "docs/review.md",
        "docs/writing-rules.md",
    ],
)
def test_commands_run(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("page.txt", "pages/page.txt", "pages/other.txt", "scans/page.txt", "scans/other.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    for name in ("pages.jsonl", "shards/page.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"id": "page", "text": PAGE}) + "\n", encoding="utf-8")
    rules = next((block for block in re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)), RULES)
    (tmp_path / "ours.toml").write_text(rules, encoding="utf-8")
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "examples.toml").write_text("", encoding="utf-8")
    (tmp_path / "review" / "decisions.jsonl").write_text('{"decisions": 1}\n', encoding="utf-8")
    for command in commands_in(text):
        args = shlex.split(command)[1:]
        if args[0] == "review":  # serves until Ctrl-C; tests/test_review_browser.py runs it
            continue
        result = CliRunner().invoke(cli, args, input=PAGE, catch_exceptions=False)
        tells = "--check" in args or "--diff" in args or args[:2] in (["rules", "diff"], ["rules", "try"])
        assert result.exit_code <= tells, f"{command}: {result.stderr}"


def test_help_names_every_option() -> None:
    for name, option in OPTIONS:
        assert option in CliRunner().invoke(cli, [*name.split(" ")[1:], "--help"]).stdout


def test_trust_is_what_its_command_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python tools/trust.py write` makes docs/trust.md of notes and figures; nothing in it is written by hand."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    trust = importlib.import_module("trust")
    assert trust.PAGE.read_text(encoding="utf-8") == trust.make_page()
