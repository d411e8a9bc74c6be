"""The documentation: every command and option is in it, and what it tells people to type runs.

Each file's shell and Python blocks run in the order in which they stand, in one folder of their own with some pages in
it. Two comments of Markdown say more of the block that follows them: `<!-- file: NAME -->` that it is the content of a
file, `<!-- prints -->` that it is what the shell block before it prints. What is not run is named in `NOT_RUN`, with
the reason.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner
from processes import PATIENCE
from sample_rules import make_rule

from cleaner.cli import cli

ROOT = Path(__file__).parent.parent
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")])
START = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
PAGE = re.findall(r"^cat > page\.txt <<'END'\n(.*?)^END", START, re.DOTALL | re.MULTILINE)[0]
RULES = make_rule("my-rule", pattern="甲甲", replace="乙", fixes=[["甲甲", "乙"]], keeps=["甲"])
SHELL, PYTHON = ("sh", "bash", "shell", "console"), ("python", "py")
SHOWN = ("text", "toml", "json", "yaml", "markdown")  # languages of blocks that are there to be read
NOT_RUN = {  # commands by how they begin
    "python3 -m venv": "makes an environment and installs into it; .ci/run does",
    ".venv/bin/pip": "installs; .ci/run does",
    "pip install": "installs; .ci/run does",
    ".venv/bin/pytest": "the tests themselves",
    "just": "recipes of the justfile, which are there (tested below)",
    "docker": "needs Docker",
    "python -m benchmarks": "takes long; tests/test_benchmarks.py runs a small one",
    "python tools/kill_dump.py": "takes long; tests/test_dump_faults.py kills a small run",
}
NOT_RUN_PYTHON = {"docs/engines.md": "needs each engine; tests/test_engines.py and tools/test_engines.sh run them"}
MAY_FAIL = ("--check", "--diff", "rules diff", "rules try")  # with exit code 1: they tell something


class Block(NamedTuple):
    """A block of code: its language, its text, and what the comment before it says."""

    language: str
    text: str
    about: str


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


def blocks_in(path: Path) -> list[Block]:
    """Return the blocks of code; one that names no language is shell where it begins with a program."""
    text = path.read_text(encoding="utf-8")
    fenced, indented = r"^(`{3,}|~{3,})([^\n]*)\n(.*?)^\2[ ]*$", r"(?<=\n\n)((?:^(?: {4}[^\n]*)?\n)+)"
    found = re.compile(rf"(?:^<!-- (file: \S+|prints) -->\n)?(?:{fenced}|{indented})", re.DOTALL | re.MULTILINE)
    blocks = []
    for match in found.finditer(text):
        about, fence, language, fenced, indented = match.groups()
        body = fenced if fence else re.sub(r"^ {4}", "", indented, flags=re.MULTILINE)
        if body.strip() and (fence or ":::" not in text):  # options of a generator are indented
            blocks.append(Block(language.strip() if fence else "", body, about or ""))
    return [block._replace(language=block.language or guess_language(block.text)) for block in blocks]


def guess_language(text: str) -> str:
    program = text.split(maxsplit=1)[0]
    return "sh" if program == "cleaner" or reason_for(text) or shutil.which(program) else "text"


def reason_for(command: str) -> str | None:
    """Say why a command is not run."""
    return next(
        (
            why
            for start, why in NOT_RUN.items()
            if re.match(rf"{re.escape(start)}(?![\w-])|{re.escape(start)}(?<=/)", command)
        ),
        None,
    )


def commands_of(block: Block) -> str:
    """Return a shell block without what is not run; a command may be several lines long."""
    lines, skipping = [], False
    for line in block.text.split("\n"):
        skips = skipping or reason_for(line) is not None
        skipping = skips and line.endswith("\\")
        lines.append(":" if skips else line)
    return "\n".join(lines)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A folder as the docs take it for granted."""
    for name in ("page.txt", "pages/page.txt", "pages/other.txt", "scans/page.txt", "scans/other.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    for name in ("pages.jsonl", "shards/page.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"id": "page", "text": PAGE}) + "\n", encoding="utf-8")
    (tmp_path / "ours.toml").write_text(RULES, encoding="utf-8")
    review_one(tmp_path / "review")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    return tmp_path


def review_one(folder: Path) -> None:
    """Write the files of a review in which an edit was decided that the rules obey already."""
    from cleaner import Cleaner
    from cleaner.review.session import Session

    worker = Cleaner()
    session = Session([("page.txt", page := worker.clean_page(PAGE))], folder, worker.rules)
    change = next(n for n, c in enumerate(session.sheets[0].changes) if c.rule == "comma-between-chinese")
    session.decide(0, f"e{change}", "edit", session.sheets[0].changes[change].after)
    assert page.raw == PAGE


PRELUDE = """
set -o pipefail
fail() { printf '%s\\t%s\\n' "$1" "${2//$'\\n'/ }" >>failures; }
trap 'fail "$?" "${BASH_COMMAND/#command cleaner*/cleaner $called}"' ERR
cleaner() {  # `review` serves until it is stopped; 143 says that it was
  if [ "$1" = review ]; then
    command cleaner "$@" 2>served &
    until grep -q 'Review at' served || ! kill -0 $!; do sleep 0.1; done
    kill $!
    wait $! || [ $? = 143 ]
  else
    called="$*"
    command cleaner "$@"
  fi
}
"""


def run_shell(script: str, folder: Path, cache: Path) -> str:
    """Run a script as people would type it; return what it prints. A command that fails is an error."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "BROWSER": "true", "CLEANER_CACHE": str(cache)}
    done = subprocess.run(
        ["bash", "-c", PRELUDE + script],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        timeout=10 * PATIENCE,
    )
    failures = folder / "failures"
    for line in failures.read_text(encoding="utf-8").splitlines() if failures.exists() else []:
        code, command = line.split("\t", 1)
        told = code == "1" and any(sign in command for sign in MAY_FAIL)
        assert told, f"exit code {code}: {command}\n{done.stderr.decode()}"
    failures.unlink(missing_ok=True)
    return done.stdout.decode("utf-8")


def test_one_command_may_fail_but_no_other(world: Path, cache: Path) -> None:
    assert "石桥" in run_shell("cleaner clean page.txt --check -q; echo 石桥 | cat", world, cache)
    with pytest.raises(AssertionError, match="exit code 1: false"):
        run_shell("cleaner clean page.txt --check -q\nfalse\n", world, cache)


def is_plain(script: str) -> bool:
    """Say whether a script is nothing but calls of `cleaner`, which can run in this process: that is faster."""
    lines = [line for line in script.split("\n") if line not in ("", ":")]
    bare = [re.sub(r"'[^']*'|\"[^\"$]*\"| #.*", "", line) for line in lines]
    return all(re.fullmatch(r"cleaner (?!review)[^|<>&;$*?`\\\"']*", line) for line in bare)


def run_here(script: str) -> str:
    """Run calls of `cleaner`; return what they print."""
    from cleaner.engine.profile import load_rules

    printed = ""
    for line in script.split("\n"):
        args = shlex.split(line, comments=True)[1:]
        if not args:
            continue
        if ".toml" in line or Path("cleaner.toml").exists():
            load_rules.cache_clear()  # it goes by names, and files of that name may have changed
        result = CliRunner().invoke(cli, args, catch_exceptions=False)
        told = any(sign in line for sign in MAY_FAIL)
        assert result.exit_code <= told, f"exit code {result.exit_code}: {line}\n{result.stderr}"
        printed += result.stdout
    return printed


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_blocks_run(path: Path, world: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world)
    name, printed = path.relative_to(ROOT).as_posix(), None
    for block in blocks_in(path):
        if block.about == "prints":
            assert printed == block.text
        elif block.about:
            file = world / block.about.removeprefix("file: ")
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.language in SHELL:
            script = commands_of(block)
            printed = run_here(script) if is_plain(script) else run_shell(script, world, cache)
        elif block.language in PYTHON and name not in NOT_RUN_PYTHON:
            run_python(block.text)
        else:
            known = block.language in (*SHOWN, *PYTHON, *SHELL)
            assert known, f"{name}: what is {block.language!r}? Nobody runs it\n{block.text}"


def run_python(text: str) -> None:
    """Run a block with the names that the docs take for granted."""
    import cleaner

    names: dict[str, Any] = {"raw": PAGE, "text": PAGE, "texts": [PAGE, "甲,乙"], "pages": [cleaner.clean_page(PAGE)]}
    exec(compile(text, "block", "exec"), names)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_is_not_run_is_there(path: Path) -> None:
    """Recipes, modules and files in commands that are not run."""
    recipes = re.findall(r"^([a-z]+)[^:\n]*:", (ROOT / "justfile").read_text(encoding="utf-8"), re.MULTILINE)
    for block in blocks_in(path):
        for line in block.text.split("\n") if block.language in SHELL else []:
            if line.startswith("just "):
                assert line.split()[1] in recipes
            for file in re.findall(r"(?<![\w/])(?:tests|tools|benchmarks)/[\w./]+", line):
                assert (ROOT / file).exists(), line


@pytest.mark.parametrize("start", NOT_RUN)
def test_list_of_what_is_not_run_is_needed(start: str) -> None:
    """Nothing stands in the list for nothing."""
    lines = [line for path in PAGES for block in blocks_in(path) for line in block.text.split("\n")]
    assert any(reason_for(line) == NOT_RUN[start] and line.startswith(start) for line in lines)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "cleaner"])
def test_command_is_documented(name: str) -> None:
    assert name in CLI or f"`{name.removeprefix('cleaner ')}" in CLI
    assert COMMANDS[name].help


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_option_is_documented(name: str, option: str) -> None:
    section = CLI if name == "cleaner" else CLI.split(f"\n## {name.split(' ')[1]}\n")[1].split("\n## ")[0]
    text = section if option not in ("-h", "--help") else CLI
    assert re.search(rf"`[^`\n]*(?<![\w-]){re.escape(option)}(?![\w-])[^`\n]*`", text), f"docs/cli.md: {name} {option}"


def test_help_names_every_option() -> None:
    for name, option in OPTIONS:
        assert option in CliRunner().invoke(cli, [*name.split(" ")[1:], "--help"]).stdout


def test_readmes_keep_step() -> None:
    """The two READMEs have the same headings, blocks of commands, tables and links to the docs."""
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    commands = [
        re.findall(r"^(?: {4})?((?:cleaner|python3?|pip|\.venv)\b[^\n#]*)", text, re.MULTILINE)
        for text in (english, chinese)
    ]
    assert [line.strip() for line in commands[0]] == [line.strip() for line in commands[1]]
    code = [
        re.sub(r"  # .*", "", "".join(re.findall(r"^```python\n.*?^```", text, re.DOTALL | re.MULTILINE)))
        for text in (english, chinese)
    ]
    assert code[0] == code[1]
    for pattern in (r"^## ", r"^```\w*", r"\]\((docs/[^)#]*)", r"\]\((https://[^)]*)\)"):
        found = [re.findall(pattern, text, re.MULTILINE) for text in (english, chinese)]
        links = pattern.startswith(r"\]")
        assert sorted(set(found[0]) if links else found[0]) == sorted(set(found[1]) if links else found[1])


def test_site_leads_to_every_page() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1].split("\nplugins:\n")[0]
    assert {path.name for path in (ROOT / "docs").glob("*.md")} <= set(re.findall(r"[\w.-]+\.md", nav))


def test_trust_is_what_its_command_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python tools/trust.py write` makes docs/trust.md of notes and figures; nothing in it is written by hand."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    trust = importlib.import_module("trust")
    assert trust.PAGE.read_text(encoding="utf-8") == trust.make_page()
