"""Review: decisions are kept, obeyed, undone; the server answers nobody else and writes nowhere else."""

from __future__ import annotations

import http.client
import json
import random
import shlex
import socket
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from growth import time_growth
from processes import PATIENCE
from sample_rules import make_rule
from test_report import FIXTURES, clean_fixture

import cleaner
from cleaner.cli import cli
from cleaner.edits import MOVE, edits_of, replay, restore
from cleaner.errors import CleanerError
from cleaner.io.formats import render_page
from cleaner.io.records import rebuild_text
from cleaner.model import Block, Page
from cleaner.report.changes import Change, all_flags, walk_page
from cleaner.review.decisions import Decision, Verdict, digest_text, format_decisions, read_decisions
from cleaner.review.form import form_text
from cleaner.review.obey import STALE, obey_decisions
from cleaner.review.server import ReviewServer
from cleaner.review.session import DECISIONS, EXAMPLES, Session
from cleaner.trace import Piece, render

DUMPS = sorted((Path(__file__).parent.parent.parent / "shared" / "pages" / "dev" / "dumps").rglob("*.txt"))
TEXT = (
    "枫浦新桥通车\n\n本报记者 乌小棠\n\n本报讯（记者 乌小棠）11月3日,枫浦新桥正式通车,两岸村民过河不必再绕行\n\n"
    "十多公里。桥长两百多米 through 设有人行道。\n\n“等了十年,今天终于等到了。”村民老齐说。\n"
)


OWN = ("甲乙", "甲\n乙", "\n", "\n甲\n\n乙丙\n", "")  # what people write


def decide(page: Page, change: Change, verdict: Verdict = "reject", text: str = "") -> Decision:
    key = change.rule, change.at, change.before, change.after
    return Decision("a.txt", digest_text(page.raw), "change", *key, verdict, text)


def find_change(page: Page, kind: str, before: str = "") -> Change:
    return next(c for c in walk_page(page).changes if c.kind == kind and before in c.before)


def scattered_page(kind: str, blocks: int) -> tuple[Page, list[Decision]]:
    """Return a page of many blocks, of which every other one was moved, taken out, or parted; and all that rejected."""
    line = "第{:06}处甲乙丙。" + ("" if kind == "put in" else "\n")
    raw, width = "".join(map(line.format, range(blocks))), len(line.format(0))
    places = [(number * width, (number + 1) * width) for number in range(blocks)]
    pairs = list(zip(places[::2], places[1::2], strict=True))
    if kind == "moved":
        layer = [Piece(*place) for first, second in pairs for place in (second, first)]
        rejected = [(MOVE, at, raw[slice(*at)], raw[slice(*at)]) for at, _ in pairs]
    elif kind == "taken out":
        layer = [piece for first, second in pairs for piece in (Piece(*first, "", "r"), Piece(*second))]
        rejected = [("r", at, raw[slice(*at)], "") for at, _ in pairs]
    else:
        layer = [piece for _, end in places for piece in (Piece(end - width, end), Piece(end, end, "\n\n", "r"))]
        rejected = [("r", (end, end), "", "\n\n") for _, end in places]
    starts = accumulate((p.end - p.start if p.text is None else len(p.text) for p in layer), initial=0)
    found = [Block("paragraph", raw[p.start : p.end].strip(), (p[:2],), at)
             for p, at in zip(layer, starts, strict=False) if p.text is None]  # fmt: skip
    plain = cleaner.clean_page("甲。")
    articles = (replace(plain.articles[0], blocks=tuple(found)),)
    page = replace(plain, raw=raw, text=render(layer, raw), layer=tuple(layer), edits=edits_of(layer, raw),
                   articles=articles)  # fmt: skip
    return page, [Decision("a", "x", "change", *about, "reject") for about in rejected]


def check_laws(page: Page) -> None:
    """The log leads both ways, the blocks are where they say and hold all the text, no decision is left over."""
    assert replay(page.raw, page.edits, len(page.text)) == page.text
    assert restore(page.text, page.edits, len(page.raw)) == page.raw
    at = 0
    for block in sorted((b for a in page.articles for b in a.blocks), key=lambda b: b.start):
        assert page.text[block.start : block.start + len(block.text)] == block.text
        assert not page.text[at : block.start].strip()
        at = block.start + len(block.text)
    assert not page.text[at:].strip()
    assert STALE not in {flag.code for flag in page.flags}
    made = render_page(page, "jsonl")
    records = [json.loads(line) for line in made.data.split("\n")[:-1]]
    assert rebuild_text(records, made.blocks, made.gaps, len(page.text)) == page.text


class TestObey:
    @pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
    def test_nothing_decided_changes_nothing_and_all_rejected_is_the_raw_text(self, path: Path) -> None:
        page = clean_fixture(path)
        same = obey_decisions(page, [])
        assert (same.text, same.articles, same.edits, same.flags) == (page.text, page.articles, page.edits, page.flags)
        changes = walk_page(page).changes
        made = obey_decisions(page, [decide(page, change) for change in changes])
        assert made.text == form_text(page.raw)
        check_laws(made)

    @pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
    def test_any_of_them(self, path: Path) -> None:
        page = clean_fixture(path)
        changes = walk_page(page).changes
        chance = random.Random(path.parent.name)
        for _ in range(12 if changes else 0):
            some = chance.sample(changes, chance.randint(1, min(len(changes), 6)))
            verdicts: list[Verdict] = ["reject", "edit", "accept"]
            made = obey_decisions(page, [
                decide(page, c, "reject" if c.kind == "move" else chance.choice(verdicts), chance.choice(OWN))
                for c in some
            ])  # fmt: skip
            check_laws(made)

    @pytest.mark.skipif(not DUMPS, reason="no pages beside the checkout (../shared/pages/dev/dumps)")
    def test_any_of_them_on_real_pages(self) -> None:
        for path in DUMPS[::8]:
            page = clean_fixture(path)
            changes = walk_page(page).changes
            assert obey_decisions(page, [decide(page, change) for change in changes]).text == form_text(page.raw)
            chance = random.Random(path.name)
            for _ in range(8 if changes else 0):
                some = chance.sample(changes, chance.randint(1, min(len(changes), 5)))
                check_laws(obey_decisions(page, [decide(page, change) for change in some]))

    def test_rejected_mark_is_raw_again(self) -> None:
        page = cleaner.clean_page(TEXT)
        made = obey_decisions(page, [decide(page, find_change(page, "replace", ","))])
        assert "11月3日,枫浦新桥正式通车，两岸" in made.text

    def test_rejected_join_is_two_paragraphs(self) -> None:
        page = cleaner.clean_page(TEXT)
        made = obey_decisions(page, [decide(page, find_change(page, "join"))])
        assert "绕行\n\n十多公里" in made.text
        assert [b.text[:4] for b in made.articles[0].paragraphs] == ["本报讯（", "十多公里", "“等了十"]

    def test_rejected_move_goes_back(self) -> None:
        page = clean_fixture(next(path for path in FIXTURES if path.parent.name == "displaced-parts"))
        move = find_change(page, "move", "场。直到前年")
        made = obey_decisions(page, [decide(page, move)])
        check_laws(made)
        assert "堆放砂石的货\n\n" in made.text
        assert made.text.index("四个“邮差”跑遍十九座岛") < made.text.index("场。直到前年")

    def test_removed_line_that_comes_back_is_a_paragraph(self) -> None:
        page = clean_fixture(next(path for path in FIXTURES if path.parent.name == "displaced-parts"))
        made = obey_decisions(page, [decide(page, find_change(page, "remove", "第2版"))])
        assert made.articles[0].blocks[0].text == "第2版 综合"
        assert made.text.startswith("第2版 综合\n\n老码头的灯又亮了\n")

    def test_own_text(self) -> None:
        page = cleaner.clean_page(TEXT)
        made = obey_decisions(page, [decide(page, find_change(page, "replace", ","), "edit", "；")])
        assert "11月3日；枫浦" in made.text
        assert [edit.rule for edit in made.edits if edit.after == "；"] == ["comma-between-chinese+review"]

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("青田乡\n石桥镇", ["青田乡", "石桥镇"]),
            ("\n青田乡\n\n石桥镇\n", ["青田乡", "石桥镇"]),
            ("青田乡", ["青田乡"]),
        ],
    )
    def test_own_lines_in_the_place_of_a_removed_line(self, text: str, shown: list[str]) -> None:
        page = clean_fixture(next(path for path in FIXTURES if path.parent.name == "displaced-parts"))
        made = obey_decisions(page, [decide(page, find_change(page, "remove", "第2版"), "edit", text)])
        check_laws(made)
        blocks = [block.text for block in made.articles[0].blocks]
        assert blocks[: len(shown) + 1] == [*shown, "老码头的灯又亮了"]

    def test_flags(self) -> None:
        page = cleaner.Cleaner(leaks="flag").clean_page(TEXT)
        flag = next(flag for flag in all_flags(page) if flag.suggestion)
        about = ("a.txt", digest_text(page.raw), "flag", flag.code, flag.span, page.raw[slice(*flag.span)])
        accepted = obey_decisions(page, [Decision(*about, flag.suggestion or "", "accept")])  # type: ignore[arg-type]
        assert flag.suggestion in accepted.text
        dismissed = obey_decisions(page, [Decision(*about, flag.suggestion or "", "reject")])  # type: ignore[arg-type]
        assert dismissed.text == page.text
        for made in (accepted, dismissed):
            check_laws(made)
            assert flag.code not in {f.code for f in all_flags(made)}

    def test_time_grows_with_the_decisions(self) -> None:
        """Not with their square: four times as many would take sixteen times as long."""

        def prepare(lines: int) -> Callable[[], object]:
            page = cleaner.clean_page("石桥,通\n" * lines)
            decisions = [decide(page, c) for c in walk_page(page).changes if c.before == ","]
            assert len(decisions) == lines
            assert obey_decisions(page, decisions).text.count(",") == lines
            return partial(obey_decisions, page, decisions)

        assert time_growth(prepare, 500, 2000, 10) < 10

    @pytest.mark.parametrize("verdict", ["accept", "edit", "reject"])
    def test_time_grows_with_the_flags(self, verdict: Verdict) -> None:
        def prepare(lines: int) -> Callable[[], object]:
            page = cleaner.Cleaner(leaks="flag").clean_page("桥长两百多米 through 设有人行道。\n" * lines)
            flags = [(flag, flag.suggestion) for flag in all_flags(page) if flag.suggestion is not None]
            assert len(flags) == lines
            decisions = [
                Decision("a", "x", "flag", f.code, f.span, page.raw[slice(*f.span)], new, verdict, "穿")
                for f, new in flags
            ]
            assert not any(flag.suggestion for flag in all_flags(obey_decisions(page, decisions)))
            return partial(obey_decisions, page, decisions)

        assert time_growth(prepare, 500, 2000, 10) < 10

    @pytest.mark.parametrize("kind", ["moved", "taken out", "put in"])
    def test_time_grows_with_what_goes_back(self, kind: str) -> None:
        def prepare(blocks: int) -> Callable[[], object]:
            page, decisions = scattered_page(kind, blocks)
            assert obey_decisions(page, decisions).text == page.raw
            return partial(obey_decisions, page, decisions)

        assert time_growth(prepare, 500, 2000, 10) < 10

    def test_barred_text_is_not_brought_back(self) -> None:
        page = cleaner.clean_page(TEXT.replace("通车", "通\x07车"))
        made = obey_decisions(page, [decide(page, find_change(page, "remove", "\x07"))])
        assert (made.text, [f.code for f in made.flags][-1]) == (page.text, STALE)

    def test_what_no_longer_fits_is_flagged(self) -> None:
        page = cleaner.clean_page(TEXT)
        start, end = find_change(page, "join").at
        wrong = Decision("a", digest_text(TEXT), "change", "x", (start, end - 1), TEXT[start : end - 1], "", "reject")
        made = obey_decisions(page, [wrong])
        assert (made.text, [f.code for f in made.flags][-1]) == (page.text, STALE)

    def test_rejection_holds_when_the_rule_is_another(self) -> None:
        page = cleaner.clean_page(TEXT)
        change = find_change(page, "replace", ",")
        made = obey_decisions(page, [decide(page, change._replace(rule="older-name", after="﹐"))])
        assert page.raw[slice(*change.at)] == ","
        assert "11月3日,枫浦" in made.text
        untouched = cleaner.clean_page(TEXT, "minimal")
        assert obey_decisions(untouched, [decide(page, change)]) == untouched


class TestFile:
    def test_round_trip_is_ordered(self, tmp_path: Path) -> None:
        page = cleaner.clean_page(TEXT)
        decisions = [decide(page, c, "edit", "甲\n") for c in walk_page(page).changes]
        (tmp_path / "d").write_text(format_decisions(reversed(decisions)), encoding="utf-8")
        assert read_decisions(tmp_path / "d") == sorted(decisions, key=lambda d: d.at)

    @pytest.mark.parametrize(
        "text",
        ["[]\n", "{}\n", '{"decisions": 2}\n', '{"decisions": 1}\n{"what": 1}\n', '{"decisions": 1}\nx\n', "\xff"],
    )
    def test_damage_is_named(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "d").write_bytes(text.encode("latin-1"))
        with pytest.raises(CleanerError, match=r"/d: "):
            read_decisions(tmp_path / "d")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    worker = cleaner.Cleaner(leaks="flag")
    return Session([("a.txt", worker.clean_page(TEXT))], tmp_path / "review", worker.rules)


def item_of(session: Session, kind: str, before: str = "") -> str:
    changes = session.sheets[0].changes
    return f"e{changes.index(next(c for c in changes if c.kind == kind and before in c.before))}"


class TestSession:
    def test_decisions_are_on_disk_at_once_and_undone(self, session: Session) -> None:
        comma = item_of(session, "replace", ",")
        assert session.decide(0, comma, "reject") == {
            "decisions": {f"0:{comma}": {"verdict": "reject", "text": ""}}, "undo": 1,
        }  # fmt: skip
        assert [d.verdict for d in read_decisions(session.folder / DECISIONS)] == ["reject"]
        session.decide(0, comma, "edit", "；")
        assert session.undo()["decisions"][f"0:{comma}"]["verdict"] == "reject"
        assert session.undo() == session.undo() == {"decisions": {}, "undo": 0}
        assert read_decisions(session.folder / DECISIONS) == []

    def test_next_session_knows_them(self, session: Session) -> None:
        comma = item_of(session, "replace", ",")
        session.decide(0, comma, "accept")
        again = Session([("other.txt", session.sheets[0].page)], session.folder, cleaner.Cleaner().rules)
        assert again.state()["decisions"] == {f"0:{comma}": {"verdict": "accept", "text": ""}}

    def test_clear(self, session: Session) -> None:
        session.decide(0, "e0", "accept")
        assert session.decide(0, "e0", "clear") == {"decisions": {}, "undo": 2}

    @pytest.mark.parametrize(
        ("number", "item", "verdict", "text"),
        [(0, "e999", "accept", ""), (0, "e-1", "accept", ""), (1, "e0", "accept", ""), (-1, "e0", "accept", ""),
         (0, "", "accept", ""), (0, "x0", "accept", ""), (0, "e0", "maybe", ""), (0, "e0", "edit", "\ud800"),
         (0, "e0", "edit", "长" * 10_001)],
    )  # fmt: skip
    def test_nonsense_is_refused(self, session: Session, number: int, item: str, verdict: str, text: str) -> None:
        with pytest.raises(CleanerError):
            session.decide(number, item, verdict, text)
        assert session.history == []

    def test_examples(self, session: Session, tmp_path: Path) -> None:
        session.decide(0, item_of(session, "replace", ","), "reject")
        flags = session.sheets[0].flags
        leak = next(n for n, flag in enumerate(flags) if flag.suggestion)
        session.decide(0, f"f{leak}", "accept")
        session.decide(0, item_of(session, "join"), "reject")
        file = session.folder / EXAMPLES
        found = {item["rule"]: item for item in tomllib.loads(file.read_text(encoding="utf-8"))["example"]}
        assert found["comma-between-chinese"]["keeps"] == ["小棠）11月3日,枫浦新桥正式通车"]
        text, wanted = found[flags[leak].code]["fixes"][0]
        assert (text.count("through"), wanted.count("through")) == (1, 0)
        result = CliRunner().invoke(cli, ["rules", "test", str(file)])
        assert result.exit_code == 1
        assert "comma-between-chinese" in result.stdout  # it breaks the new example: so the example says something
        assert CliRunner().invoke(cli, ["clean", "-", "--rules", str(file)], input=TEXT).exit_code == 0

    def test_examples_of_other_pages_and_own_words_stay(self, session: Session) -> None:
        file, comma = session.folder / EXAMPLES, item_of(session, "replace", ",")
        session.decide(0, comma, "reject")
        mine = '\n[[example]]  # mine\nrule = "comma-between-chinese"\nkeeps = ["1,000"]\n'
        file.write_text(file.read_text(encoding="utf-8") + mine, encoding="utf-8")
        page = cleaner.clean_page("第二页,也有一处。\n")
        other = Session([("b.txt", page)], session.folder, cleaner.Cleaner().rules)
        other.decide(0, "e0", "reject")

        def keeps() -> list[str]:
            return [e["keeps"][0] for e in tomllib.loads(file.read_text(encoding="utf-8"))["example"]]

        assert keeps() == ["小棠）11月3日,枫浦新桥正式通车", "1,000", "第二页,也有一处。"]
        assert mine in file.read_text(encoding="utf-8")
        other.undo()
        assert keeps() == ["小棠）11月3日,枫浦新桥正式通车", "1,000"]
        session.decide(0, comma, "clear")
        assert keeps() == ["1,000"]

    @pytest.mark.parametrize("text", ["\0", "甲\x1b乙", "\u202e甲", "\ud800", "\ufffe"])
    def test_text_that_cannot_be_clean_is_refused(self, session: Session, text: str) -> None:
        with pytest.raises(CleanerError, match=r"U\+[0-9A-F]{4} cannot stand in clean text"):
            session.decide(0, "e0", "edit", text)
        assert session.state()["decisions"] == {}

    def test_text_is_put_in_form(self, session: Session) -> None:
        assert session.decide(0, "e0", "edit", "e\u0301\r\n乙")["decisions"]["0:e0"]["text"] == "é\n乙"

    def test_decisions_changed_meanwhile_stay(self, session: Session) -> None:
        file = session.folder / DECISIONS
        session.decide(0, "e0", "accept")
        page = cleaner.clean_page("第二页,也有一处。\n")
        added = decide(page, walk_page(page).changes[0])
        file.write_text(format_decisions([added]), encoding="utf-8")  # as git does: one came, one went
        assert session.decide(0, "e1", "accept")["decisions"].keys() == {"0:e1"}
        assert added in read_decisions(file)
        assert len(read_decisions(file)) == 2
        file.write_text("<<<<<<< conflict\n", encoding="utf-8")
        with pytest.raises(CleanerError, match="line 1"):
            session.decide(0, "e2", "accept")
        assert file.read_text(encoding="utf-8") == "<<<<<<< conflict\n"

    def test_examples_of_a_rule_of_ones_own(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        rule = make_rule("ours", pattern="{town}度", replace="石渡", fixes=[["石度镇", "石渡镇"]], keeps=["度"])
        rule = f'[classes]\ntown = "石"\n{rule}'
        Path("our rules.toml").write_text(rule, encoding="utf-8")
        worker = cleaner.Cleaner(rules=["our rules.toml"])
        session = Session([("a", worker.clean_page("石度镇。\n"))], "review", worker.rules, ["our rules.toml"])
        session.decide(0, item_of(session, "replace", "度"), "reject")
        head = Path("review", EXAMPLES).read_text(encoding="utf-8")
        command = shlex.split(next(line for line in head.split("\n") if "cleaner rules test" in line).split(": ", 1)[1])
        result = CliRunner().invoke(cli, command[1:])
        assert "石度镇。" in result.stdout  # the rule is found, and breaks the example
        assert "石[-度-]{+渡+}镇" in result.stdout or "石[-渡-]{+度+}镇" in result.stdout
        assert "no such text rule" in CliRunner().invoke(cli, ["rules", "test", command[-1]]).stdout
        Path("cleaner.toml").write_text('rules = ["our rules.toml"]\n', encoding="utf-8")
        assert "no such text rule" not in CliRunner().invoke(cli, ["rules", "test", command[-1]]).stdout

    @pytest.mark.parametrize("name", [DECISIONS, EXAMPLES])
    def test_links_out_of_the_folder_are_refused(self, session: Session, tmp_path: Path, name: str) -> None:
        outside = tmp_path / "outside"
        outside.write_text("mine", encoding="utf-8")
        (session.folder / name).symlink_to(outside)
        with pytest.raises(CleanerError, match="leads out of the folder"):
            session.decide(0, "e0", "accept")
        with pytest.raises(CleanerError, match="leads out of the folder"):
            Session([], session.folder, cleaner.Cleaner().rules)
        assert outside.read_text(encoding="utf-8") == "mine"


@pytest.fixture
def server(session: Session) -> Iterator[ReviewServer]:
    with ReviewServer(session, lambda review: f"page {review['undo']}") as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: ReviewServer, method: str, path: str, body: Any = None, **headers: str | None) -> tuple[int, str]:
    """Send a request as the page does, but for the headers given; None leaves one out."""
    sent: dict[str, str | None] = {
        "Host": f"127.0.0.1:{server.server_port}", "Origin": server.origins[0], "X-Cleaner-Token": server.token,
        "Content-Type": "application/json",
    }  # fmt: skip
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
    connection.putrequest(method, path, skip_host=True)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    for name, value in ({"Content-Length": str(len(data))} | sent if method == "POST" else sent).items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(data if method == "POST" else None)
    answer = connection.getresponse()
    result = answer.status, answer.read().decode()
    connection.close()
    return result


DECIDE = {"page": 0, "item": "e0", "verdict": "accept", "text": ""}


class TestServer:
    def test_answers_its_own_page(self, server: ReviewServer) -> None:
        assert server.server_address[0] == "127.0.0.1"
        assert ask(server, "GET", f"/?token={server.token}", X_Cleaner_Token=None) == (200, "page 0")
        status, body = ask(server, "POST", "/decide", DECIDE)
        assert (status, json.loads(body)["undo"]) == (200, 1)
        status, body = ask(server, "POST", "/undo", {})
        assert (status, json.loads(body)["undo"]) == (200, 0)

    @pytest.mark.parametrize("path", ["/", "/?token=", "/?token=x", "/?token=%ff"])
    def test_page_needs_the_token(self, server: ReviewServer, path: str) -> None:
        assert ask(server, "GET", path)[0] == 403

    @pytest.mark.parametrize(
        "headers",
        [{"Host": "evil.example"}, {"Host": None}, {"Origin": "http://evil.example"}, {"Origin": None},
         {"Origin": "null"}, {"X_Cleaner_Token": "x"}, {"X_Cleaner_Token": None}],
        ids=str,
    )  # fmt: skip
    def test_strangers_are_refused(self, server: ReviewServer, headers: dict[str, str | None]) -> None:
        assert ask(server, "POST", "/decide", DECIDE, **headers)[0] == 403
        assert not (server.session.folder / DECISIONS).exists()

    @pytest.mark.parametrize(
        ("path", "body", "kind"),
        [("/decide", DECIDE, "text/plain"), ("/decide", b"{", "application/json"), ("/decide", [], "application/json"),
         ("/decide", {**DECIDE, "page": "0"}, "application/json"), ("/other", DECIDE, "application/json"),
         ("/decide", {**DECIDE, "text": "x" * 200_000}, "application/json")],
    )  # fmt: skip
    def test_nonsense_is_refused(self, server: ReviewServer, path: str, body: Any, kind: str) -> None:
        assert ask(server, "POST", path, body, Content_Type=kind)[0] == 400
        assert server.session.history == []

    @pytest.mark.parametrize("length", ["9" * 5000, "100001", "1e3", "-1", "", "٣"])
    def test_lengths_that_are_none(self, server: ReviewServer, length: str) -> None:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=PATIENCE) as connection:
            head = f"POST /decide HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\nOrigin: {server.origins[0]}\r\n"
            head += f"X-Cleaner-Token: {server.token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
            connection.sendall(head.encode() + b"\r\n")
            assert b" 400 " in connection.recv(1000).split(b"\r\n")[0]

    def test_other_pages_are_not_there(self, server: ReviewServer) -> None:
        assert ask(server, "GET", f"/../etc/passwd?token={server.token}")[0] == 404


class TestClean:
    def test_decisions_are_obeyed_logged_and_restored(self, session: Session, tmp_path: Path) -> None:
        session.decide(0, item_of(session, "replace", ","), "reject")
        raw, clean, log = tmp_path / "renamed.txt", tmp_path / "clean.txt", tmp_path / "log"
        raw.write_bytes(TEXT.encode("gb18030"))
        args = ["clean", str(raw), "-o", str(clean), "--log", str(log), "--decisions", str(session.folder / DECISIONS)]
        assert CliRunner().invoke(cli, args).exit_code == 0
        assert "11月3日,枫浦新桥正式通车，" in clean.read_text(encoding="utf-8")
        assert "decisions.jsonl" in log.read_text(encoding="utf-8")
        result = CliRunner().invoke(cli, ["restore", str(clean), "--log", str(log)])
        assert result.stdout_bytes == raw.read_bytes()

    def test_other_texts_are_not_touched(self, session: Session) -> None:
        session.decide(0, item_of(session, "replace", ","), "reject")
        worker = cleaner.Cleaner(decisions=str(session.folder / DECISIONS))
        assert worker.clean(TEXT) != cleaner.clean(TEXT)
        assert worker.clean(TEXT + "完。\n") == cleaner.clean(TEXT + "完。\n")
