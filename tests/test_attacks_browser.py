"""Text that means harm, in a real browser: in pages, names, rules, notes and decisions it stays text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from browser import need_browser, open_browser

import cleaner
from cleaner.model import Page
from cleaner.report.html import make_report
from cleaner.report.judge import Judge
from cleaner.report.markup import show_text
from cleaner.review.decisions import digest_text
from cleaner.review.form import BARRED, DIRECTIONS
from cleaner.review.server import ReviewServer
from cleaner.review.session import DECISIONS, Session

need_browser()

ATTACKS = (
    "<script>hacked=1</script>",
    "</script><script>hacked=2</script>",
    "<!--<script>",
    "<img src=x onerror=hacked=3>",
    "<svg/onload=hacked=4>",
    "</textarea><script>hacked=5</script>",
    "</title></style></noscript><script>hacked=6</script>",
    '" autofocus onfocus="hacked=7',
    "' onmouseover='hacked=8",
    "` onclick=hacked=9 `",
    "javascript:hacked=10",
    "<a href=javascript:hacked=11>桥</a>",
    "<iframe srcdoc='<script>parent.hacked=12</script>'></iframe>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example/>",
    "{{data}}{{script}}${hacked=13}",
    "&lt;script&gt;hacked=14&lt;/script&gt;",
    "\u2028hacked=15\u2029",
    "\u202ehacked=16",
    "]]><script>hacked=17</script>",
    "\x00<script>hacked=18</script>",
    "__proto__",
)
RULES = """
[[rule]]
id = "our-mark"
why = {text}
tier = "safe"
pattern = "〓(?P<word>乙)"
table = "table.tsv"
replace = {text}
fixes = [["甲〓乙", {fixed}]]
keeps = ["乙"]

[[rule]]
id = "our-flag"
why = {text}
tier = "suggest"
pattern = "〒丙"
replace = {text}
fixes = [["甲〒丙", {flagged}]]
keeps = ["丙"]
"""
SCRIPT = """
const walked = [];
for (let number = 0; number < data.pages.length; number++) {
  open(number);
  for (const key of view().items) {
    choose(key, true);
    const hover = () => new MouseEvent("mouseover", { bubbles: true });
    for (const element of view().elements.get(key)) element.dispatchEvent(hover());
    walked.push(document.getElementById("told").textContent);
  }
}
for (const id of ["page", "rule", "tier", "flag"]) for (const option of document.getElementById(id).options) {
  option.selected = true;
  document.getElementById(id).dispatchEvent(new Event("change", { bubbles: true }));
}
return walked.join("\\n");
"""
STRANGE = """
const all = (selector) => [...document.querySelectorAll(selector)];
const kinds = ["iframe", "img", "object", "embed", "base", "form:not(#filters)", "svg [onload]", "script:not([id])"];
const found = Object.fromEntries(kinds.map((kind) => [kind, all(kind).length]));
const handlers = all("*").flatMap((e) => e.getAttributeNames()).filter((name) => name.startsWith("on"));
const links = all("[href], [src]").map((e) => (e.getAttribute("href") || e.getAttribute("src")).slice(0, 2));
return { found, handlers, links: [...new Set(links)] };
"""
VISIBLE = "const p = document.createElement('p'); p.innerHTML = arguments[0]; return p.textContent"
SEND = """
const headers = { "Content-Type": "application/json", "X-Cleaner-Token": data.review.token };
const body = JSON.stringify({ page: 0, item: arguments[0], verdict: arguments[0], text: "" });
fetch("/decide", { method: "POST", headers, body }).then(
  (r) => arguments[1]([r.status, r.headers.get("content-type"), r.headers.get("x-content-type-options")]));
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a rule file whose reasons, replacements and notes are attacks."""
    folder = tmp_path_factory.mktemp("rules")
    text = "".join(attack for attack in ATTACKS if attack.isprintable() and "\\" not in attack)
    (folder / "table.tsv").write_text(f"乙\t{text}\n", encoding="utf-8")
    fixed, flagged = json.dumps(f"甲{text}", ensure_ascii=False), json.dumps(f"甲{text}", ensure_ascii=False)
    made = RULES.format(text=json.dumps(text, ensure_ascii=False), fixed=fixed, flagged=flagged)
    (folder / "rules.toml").write_text(made, encoding="utf-8")
    return str(folder / "rules.toml")


@pytest.fixture(scope="module")
def pages(rules: str) -> list[tuple[str, Page]]:
    """Return a page for each attack, which bears it as name, headline, byline, in text, edits and flags."""
    worker = cleaner.Cleaner(rules=[rules], leaks="flag")
    made = []
    for attack in ATTACKS:
        text = f"{attack}\n\n本报讯（记者 {attack}）村里 through {attack},桥通了。{attack}\n\n"
        text += f"石桥镇今年新修了两条路,〓乙通了车。〒丙\n\n{attack} 摄\n"
        made.append((f"a/{attack}.txt", worker.clean_page(text)))
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as driver:
        yield driver


def check_harmless(driver: Any, pages: list[tuple[str, Page]]) -> None:
    """Walk over all items of all pages; nothing ran, nothing was blocked, nothing is there that was not made here."""
    told = driver.execute_script(SCRIPT)
    assert "hacked=3" in told  # the attacks were shown, as text
    assert driver.execute_script("return typeof hacked") == "undefined"
    assert driver.get_log("browser") == []
    strange = driver.execute_script(STRANGE)
    assert strange["handlers"] == []
    assert {kind: number for kind, number in strange["found"].items() if number} == {"script:not([id])": 1}
    assert set(strange["links"]) <= {"#p", "da", "#r"}, strange
    shown = driver.execute_script("return [...document.querySelectorAll('section.page')].map((s) => s.textContent)")
    for (name, _), attack, text in zip(pages, ATTACKS, shown, strict=True):
        visible = driver.execute_script(VISIBLE, show_text(attack))
        assert visible in text, name
        assert not any(char in text for char in "\u202e\u2028\x00"), name


def test_report(browser: Any, pages: list[tuple[str, Page]], rules: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    judge = Judge(cleaner.Cleaner(rules=[rules]).rules)
    file.write_text(make_report(pages, judge, ATTACKS[1]), encoding="utf-8", newline="")
    browser.get(file.as_uri())
    check_harmless(browser, pages)


def test_report_of_files_with_such_names(browser: Any, tmp_path: Path) -> None:
    """The names go the whole way: from the file system by the command line into the page."""
    from click.testing import CliRunner

    from cleaner.cli import cli

    folder = tmp_path / "x<" / "script><script>hacked=1<"
    folder.mkdir(parents=True)
    (folder / 'a\u202e"><img src=x onerror=hacked=2>.txt').write_text("石桥,通了。\n", encoding="utf-8")
    out = tmp_path / "report.html"
    assert CliRunner().invoke(cli, ["report", str(folder), "-o", str(out)]).exit_code == 0
    browser.get(out.as_uri())
    assert browser.execute_script("return typeof hacked") == "undefined"
    assert browser.get_log("browser") == []
    assert "<U+202E>" in browser.execute_script("return document.querySelector('section.page h2').textContent")
    assert browser.execute_script("return document.querySelectorAll('img').length") == 0


def test_review(browser: Any, pages: list[tuple[str, Page]], rules: str, tmp_path: Path) -> None:
    """Decisions that another hand has put into the file, and those that the page itself sends."""
    worker = cleaner.Cleaner(rules=[rules], leaks="flag")
    folder = tmp_path / "review"
    session = Session(pages, folder, worker.rules)
    for number, attack in enumerate(ATTACKS):
        kept = BARRED.sub("", DIRECTIONS.sub("", attack))  # with these it is refused
        session.decide(number, "e0", "edit", kept)
        session.decide(number, "f0", "edit", kept)
    session = Session(pages, folder, worker.rules)  # as the file has them
    with ReviewServer(session, lambda review: make_report(pages, Judge(worker.rules), "test", review)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            browser.get(server.address)
            check_harmless(browser, pages)
            assert browser.execute_script("return Object.keys(data.review.decisions).length") == 2 * len(ATTACKS)
            browser.execute_script("open(1); choose('e0', true); review.keys.e();")
            box = browser.find_element("id", "own")
            assert box.get_attribute("value") == ATTACKS[1]
            browser.find_element("id", "save").click()
            answer = browser.execute_async_script(SEND, ATTACKS[0])
            assert answer == [400, "text/plain; charset=utf-8", "nosniff"]  # what it names is no markup either
            assert browser.execute_script("return typeof hacked") == "undefined"
        finally:
            server.shutdown()
            thread.join()
    assert {json.loads(line)["sha256"] for line in (folder / DECISIONS).read_text("utf-8").split("\n")[1:-1]} <= {
        digest_text(page.raw) for _, page in pages
    }


def test_the_check_finds_what_is_not_escaped(
    browser: Any, pages: list[tuple[str, Page]], monkeypatch: Any, tmp_path: Path
) -> None:
    """Were a text put into the page as it is, the check above would say so."""
    monkeypatch.setattr("cleaner.report.markup.escape", lambda text: text)
    file = tmp_path / "report.html"
    file.write_text(make_report(pages[3:4], Judge(cleaner.Cleaner().rules), "test"), encoding="utf-8")
    browser.get(file.as_uri())
    assert browser.execute_script("return document.querySelectorAll('section.page img').length") > 0
    assert browser.get_log("browser") != []  # the policy has stopped it
