"""`cleaner rules fit`: the gold text labels boundaries, weights go where the labels say, files keep the rest."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleaner.cli import cli
from cleaner.engine.profile import RuleSet, load_rules
from cleaner.errors import CleanerError, RuleError
from cleaner.layout.fit import fit_weights, judge_samples, write_weights
from cleaner.layout.samples import GoldText, Sample
from cleaner.paths import rules_dir
from cleaner.report.fit import GoldPage, find_pages, fit_steps, format_fit

FIXTURES = Path(__file__).parents[1] / "fixtures"
JOINS = rules_dir() / "joins.toml"
TORN = {"torn-columns": 6, "narrow-marks": 1, "letters-and-notices": 1, "displaced-parts": 0}  # says why.md
WRAPPED = {"rapidocr-wraps": (30, 30), "tesseract-wraps": (41, 32)}  # boundaries labelled, joins among them


def samples_of(name: str, step: str, rules: RuleSet | None = None) -> list[Sample]:
    page = GoldPage(name, FIXTURES / name / "clean.jsonl", (FIXTURES / name / "raw.txt",))
    return fit_steps([page], rules or load_rules(), (step,), 0)[0].samples


def test_label_by_context() -> None:
    gold = GoldText.of(["今年以来，全区新建公园9个，改建三个。", "明年还要再建五个。", "好事"])
    assert gold.label("今年以来，全区新", "建公园9个,改建") is True
    assert gold.label("改建三个。", "明年还要再建") is False
    assert gold.label("改建三个。", "某地昨日落雪") is False
    assert gold.label("某地昨日落雪", "明年还要再建") is False
    assert gold.label("某地昨日落雪", "山路封了三天") is None
    assert gold.label("三个。", "好事") is None  # too short to say no
    assert gold.label("……", "明年") is None


@pytest.mark.parametrize("name", TORN)
def test_torn_paragraphs_are_collected(name: str) -> None:
    samples = samples_of(name, "tear")
    assert sum(sample.joins for sample in samples) == TORN[name]
    assert len(samples) > TORN[name]


@pytest.mark.parametrize("name", WRAPPED)
def test_printed_lines_are_collected(name: str) -> None:
    samples = samples_of(name, "wrap")
    assert (len(samples), sum(sample.joins for sample in samples)) == WRAPPED[name]
    assert all("wrap-prior" in sample.fired for sample in samples)


@pytest.mark.parametrize(("name", "step"), [*((n, "tear") for n in TORN), *((n, "wrap") for n in WRAPPED)])
def test_samples_are_judged_as_layout_judges(name: str, step: str) -> None:
    """The fixtures come out right, so every boundary of theirs is judged right by the weights in force."""
    weights = {item.rule.id: item.rule.weight for item in load_rules().evidence}
    assert judge_samples(samples_of(name, step), weights)[1:] == (0, 0)


def test_weights_go_where_the_labels_say() -> None:
    samples = [Sample(("prior", "full"), True)] * 40 + [Sample(("prior", "stop"), False)] * 40
    samples += [Sample(("prior", "full", "stop"), True)] * 2
    before = {"prior": 0.0, "full": -1.0, "stop": 1.0, "unseen": 0.25}
    after = fit_weights(samples, before)
    assert after["full"] > 1 > -1 > after["stop"]
    assert after["unseen"] == 0.25
    assert judge_samples(samples, before) == (0, 40, 42)
    assert judge_samples(samples, after) == (82, 0, 0)


def test_weights_that_fit_stay() -> None:
    """Samples drawn as the weights say them: three of four go on at log-odds 1.1."""
    samples = [Sample(("a",), True)] * 75 + [Sample(("a",), False)] * 25
    assert fit_weights(samples, {"a": 1.1}) == {"a": 1.1}
    assert fit_weights([], {"a": 1.1}) == {"a": 1.1}


def test_only_the_weights_are_written() -> None:
    text = JOINS.read_text(encoding="utf-8")
    made = write_weights(text, {"wrap-prior": -7.7, "tear-prior": 3.0}, "joins.toml")
    changed = [(a, b) for a, b in zip(text.split("\n"), made.split("\n"), strict=True) if a != b]
    assert [new for _, new in changed] == ["weight = -7.7", "weight = 3.0"]
    weights = {item["id"]: item["weight"] for item in tomllib.loads(made)["evidence"]}
    assert (weights["wrap-prior"], weights["tear-prior"]) == (-7.7, 3.0)


@pytest.mark.parametrize(
    "text",
    [
        '[[evidence]]\nweight = 1.0\nid = "a"\n[[evidence]]\nid = "b"\nweight = 2.0\n',
        'evidence = [{id = "a", weight = 1}]\n',
    ],
)
def test_a_weight_that_cannot_be_written_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="cannot be written"):
        write_weights(text, {"a": 5.0}, "ours.toml")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with gold, dumps, and a profile whose rule files are copies that may be written."""
    load_rules()  # of the bundled files, before the copies take their place
    for name in (*TORN, *WRAPPED):
        for file, target in (("clean.jsonl", f"gold/{name}.jsonl"), ("raw.txt", f"dumps/{name}.raw.txt")):
            (tmp_path / target).parent.mkdir(exist_ok=True)
            shutil.copy(FIXTURES / name / file, tmp_path / target)
    shutil.copytree(rules_dir(), tmp_path / "rules")
    shutil.copy(rules_dir() / "profiles" / "newspaper.toml", tmp_path / "ours.toml")
    monkeypatch.setattr("cleaner.engine.profile.rules_dir", lambda: tmp_path / "rules")
    return tmp_path


def fit(place: Path, *args: str) -> Result:
    fixed = ["--dumps", str(place / "dumps"), "--profile", str(place / "ours.toml")]
    return CliRunner().invoke(cli, ["rules", "fit", str(place / "gold"), *fixed, *args])


def spoil(place: Path, name: str, weight: float) -> None:
    path = place / "rules" / "joins.toml"
    path.write_text(write_weights(path.read_text(encoding="utf-8"), {name: weight}, "joins.toml"), encoding="utf-8")


def test_nothing_is_written_unasked(place: Path) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    result = fit(place)
    assert result.exit_code == 0, result.output
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    assert re.search(r"^wrap: \d+ boundaries", result.stdout)
    assert re.search(r"^tear: \d+ boundaries", result.stdout, re.MULTILINE)


def test_a_spoilt_weight_is_mended_and_written(place: Path) -> None:
    bundled = JOINS.read_bytes()
    spoil(place, "wrap-prior", -9.0)
    result = fit(place, "--step", "wrap", "--write")
    assert result.exit_code == 0, result.output
    assert JOINS.read_bytes() == bundled
    assert "joins.toml: weights written" in result.stderr
    before, after = re.findall(r"^fitted pages, (?:before|after) +(\d+) +(\d+) +(\d+)$", result.stdout, re.MULTILINE)
    assert int(after[0]) > int(before[0])
    assert int(before[2]) > int(after[2])
    items = tomllib.loads((place / "rules" / "joins.toml").read_text(encoding="utf-8"))["evidence"]
    weights = {item["id"]: item["weight"] for item in items}
    assert weights["wrap-prior"] > -9.0
    assert re.search(rf"^wrap-prior +-9\.0 +{weights['wrap-prior']:+.1f} ", result.stdout, re.MULTILINE)
    old = {item["id"]: item["weight"] for item in tomllib.loads(bundled.decode("utf-8"))["evidence"]}
    assert {name for name in old if not name.startswith("wrap-") and old[name] != weights[name]} == set()


def test_pages_held_back_are_not_fitted_on(place: Path) -> None:
    pages = find_pages([str(place / "gold")], [str(place / "dumps")])
    [all_in] = fit_steps(pages, load_rules(), ("tear",), 0)
    [held] = fit_steps(pages, load_rules(), ("tear",), 0.5)
    assert len(held.held) + len(held.samples) == len(all_in.samples)
    assert held.samples == [s for page in pages[::2] for s in samples_of(page.name, "tear")]
    assert "held-back pages, after" in format_fit(held)
    assert "held-back" not in format_fit(all_in)
    with pytest.raises(CleanerError, match="too few"):
        fit_steps(pages[:1], load_rules(), ("tear",), 0.5)


def test_pages_need_their_dumps(place: Path) -> None:
    (place / "dumps" / "torn-columns.raw.txt").unlink()
    result = fit(place)
    assert result.exit_code == 2
    assert "torn-columns.jsonl: no dump for this page" in result.stderr


def test_no_boundaries_are_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"paragraphs": ["春到柳塘。"]}\n', encoding="utf-8")
    (tmp_path / "a.txt").write_text("春到柳塘。\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["rules", "fit", str(tmp_path / "a.jsonl"), "--dumps", str(tmp_path)])
    assert result.exit_code == 0
    assert "tear: no boundary" in result.stdout
