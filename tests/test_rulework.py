"""What helps to write rules: `rules new`, `test`, `try`, `diff`, and the generated pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleaner.cli import cli
from cleaner.report.starter import KINDS, SCHEMA

ROOT = Path(__file__).parent.parent
TEXT = "枫浦新桥通车\n\n本报讯（记者 乌小棠）新桥通车,石渡囗镇不必再绕。\n"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "pages" / "page.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


class TestNew:
    @pytest.mark.parametrize("kind", KINDS)
    def test_starter_passes_and_cleans(self, tmp_path: Path, page: Path, kind: str) -> None:
        file = tmp_path / "ours.toml"
        assert run("rules", "new", file, "--kind", kind).exit_code == 0
        assert run("rules", "test", file).stderr == "1 rule, 0 failed\n"
        assert run("clean", page, "--rules", file).exit_code == 0
        assert (tmp_path / SCHEMA).read_text(encoding="utf-8").startswith("{")
        assert f"#:schema ./{SCHEMA}" in file.read_text(encoding="utf-8")

    def test_nothing_is_overwritten(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.toml"
        file.write_text("# mine", encoding="utf-8")
        assert run("rules", "new", file).exit_code == 2
        assert file.read_text(encoding="utf-8") == "# mine"
        assert run("rules", "new", tmp_path / "ours.txt").exit_code == 2


class TestTest:
    def test_every_failing_example_with_its_difference(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.toml"
        run("rules", "new", file)
        text = file.read_text(encoding="utf-8").replace('keeps = ["囗部的字"', 'keeps = ["石渡囗镇", "渡囗镇"')
        file.write_text(text.replace("石渡口镇的粮仓", "石渡口镇的仓"), encoding="utf-8")
        result = run("rules", "test", file)
        assert (result.exit_code, result.stderr) == (1, "1 rule, 3 failed\n")
        assert "    石渡口镇的{+粮+}仓\n" in result.stdout
        assert "    石渡[-囗-]{+口+}镇\n" in result.stdout

    def test_every_failing_example_of_a_role(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.toml"
        run("rules", "new", file, "--kind", "role")
        text = file.read_text(encoding="utf-8").replace(
            'fires = ["❧ 岳筠"', 'longest = 4\nfires = ["岳筠 ❧", "❧ 乌小棠三"', 1
        )
        file.write_text(text.replace('silent = ["岳筠"', 'silent = ["❧岳筠"', 1), encoding="utf-8")
        result = run("rules", "test", file)
        assert (result.exit_code, result.stderr) == (1, "1 rule, 3 failed\n")
        assert "'岳筠 ❧': the pattern does not match" in result.stdout
        assert "'❧ 乌小棠三': is 5.5 cells wide" in result.stdout
        assert "'❧岳筠': the pattern matches" in result.stdout

    def test_examples_of_other_rules(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.toml"
        sample = '[[example]]\nrule = "%s"\nfixes = [["石桥,青田", "石桥，青田"]]\nkeeps = ["%s"]\n'
        file.write_text(sample % ("comma-between-chinese", "1,000"), encoding="utf-8")
        assert run("rules", "test", file).exit_code == 0
        file.write_text(sample % ("comma-between-chinese", "石桥,青田"), encoding="utf-8")
        assert "石桥[-,-]{+，+}青田" in run("rules", "test", file).stdout
        file.write_text(sample % ("no-such-rule", "1,000"), encoding="utf-8")
        assert "no such text rule" in run("rules", "test", file).stdout

    @pytest.mark.parametrize(
        "text", ["[example]\nrule = 'x'\n", "[[example]]\nkeeps = ['x']\n", "[[example]]\nrule = 'x'\nfixis = []\n"]
    )
    def test_malformed_examples_are_named(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "ours.toml"
        file.write_text(text, encoding="utf-8")
        result = run("rules", "test", file)
        assert result.exit_code == 2
        assert "ours.toml" in result.stderr


class TestTry:
    def test_hits_in_context(self, page: Path) -> None:
        result = run("rules", "try", "(?<=[{han}]),(?=[{han}])", "囗", "--on", page.parent)
        assert result.exit_code == 0
        first, second = result.stdout.split("\n")[:2]
        assert first == f"{page}:3:16: （记者 乌小棠）新桥通车[,]石渡囗镇不必再绕。⏎"
        assert second.endswith(":3:19:  乌小棠）新桥通车,石渡[囗]镇不必再绕。⏎")
        assert result.stderr == "2 hits on 1 page\n"

    def test_replacement_and_clean_text(self, page: Path) -> None:
        assert "[-渡囗-]{+渡口+}" in run("rules", "try", "(渡)囗", "--on", page, "--replace", r"\1口").stdout
        assert run("rules", "try", "车,", "--on", page, "--clean").exit_code == 1

    def test_classes_of_ones_own(self, tmp_path: Path, page: Path) -> None:
        rules = tmp_path / "ours.toml"
        rules.write_text('[classes]\ntown = "石渡"\n', encoding="utf-8")
        assert run("rules", "try", "{town}+囗", "--on", page, "--rules", rules).exit_code == 0
        assert run("rules", "try", "{town}+囗", "--on", page).exit_code == 2

    @pytest.mark.parametrize("args", [("(",), ("新", "--replace", r"\7")])
    def test_wrong_patterns(self, page: Path, args: tuple[str, ...]) -> None:
        result = run("rules", "try", *args, "--on", page)
        assert result.exit_code == 2
        assert "rules try" in result.stderr


class TestDiff:
    def test_a_rule_more(self, tmp_path: Path, page: Path) -> None:
        rules = tmp_path / "ours.toml"
        run("rules", "new", rules)
        result = run("rules", "diff", "-", rules, "--on", page)
        assert result.exit_code == 1
        assert "+[paragraph] 本报讯（记者 乌小棠）新桥通车，石渡口镇不必再绕。" in result.stdout
        assert result.stdout.endswith("rule           old  new\nour-town-name    0    1  +1\n")
        assert result.stderr == "1 of 1 pages come out otherwise (profile newspaper)\n"
        assert "石渡口" not in run("rules", "diff", "-", rules, "--on", page, "--brief").stdout

    def test_a_role_that_changes_no_text(self, tmp_path: Path, page: Path) -> None:
        rules = tmp_path / "ours.toml"
        run("rules", "new", rules, "--kind", "role")
        text = "2026年6月12日 星期五 第2版 乡镇\n\n渡口夜校开课\n\n❧ 岳筠\n\n镇上的夜校昨晚开课，来了四十多名学员。\n"
        page.write_text(text, encoding="utf-8")
        result = run("rules", "diff", "-", rules, "--on", page)
        assert "-[kicker] ❧ 岳筠\n" in result.stdout
        assert "+[byline] ❧ 岳筠\n" in result.stdout
        assert result.exit_code == 1

    def test_no_difference(self, page: Path) -> None:
        result = run("rules", "diff", "newspaper", "-", "--on", page)
        assert (result.exit_code, result.stdout) == (0, "")

    def test_settings_hold_for_both(self, tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        run("rules", "new", "ours.toml")
        Path("old.toml").write_bytes(Path("ours.toml").read_bytes())
        shared = 'profile = "minimal"\nrules = ["ours.toml"]\n'
        Path("cleaner.toml").write_text(shared, encoding="utf-8")
        result = run("rules", "diff", "-", "ours.toml", "--on", page)
        assert "+" in result.stdout
        assert "新桥通车,石渡口镇" in result.stdout  # the minimal profile leaves the comma
        assert result.stderr.endswith("(profile minimal)\n")
        assert run("rules", "diff", "old.toml", "ours.toml", "--on", page).exit_code == 0
        assert run("rules", "diff", "minimal", "book", "--on", page).stderr.endswith("(profile minimal and book)\n")
        assert run("rules", "try", "车,", "--on", page, "--clean").exit_code == 0
        assert run("--isolated", "rules", "try", "车,", "--on", page, "--clean").exit_code == 1

    def test_wrong_sides(self, page: Path, tmp_path: Path) -> None:
        (tmp_path / "bad.toml").write_text("[", encoding="utf-8")
        for side in ("no-such-profile", str(tmp_path / "bad.toml"), str(tmp_path / "none.toml")):
            assert run("rules", "diff", "-", side, "--on", page).exit_code == 2


def test_pages_of_the_rules_are_up_to_date() -> None:
    tool = ROOT / "tools" / "make_rule_docs.py"
    result = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[:1000]
