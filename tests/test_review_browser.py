"""Review in a real browser: load, filter, accept, reject, edit, undo, reload, and clean with what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from browser import find_barriers, need_axe, need_browser, open_browser, take_shot
from click.testing import CliRunner
from processes import PATIENCE
from test_report_browser import pick, press, text_of
from test_review import TEXT

import cleaner
from cleaner.cli import cli
from cleaner.report.html import make_report
from cleaner.report.judge import Judge
from cleaner.review.decisions import read_decisions
from cleaner.review.server import ReviewServer
from cleaner.review.session import DECISIONS, Session

need_browser()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReviewServer]:
    worker = cleaner.Cleaner(leaks="flag")
    pages = [("a.txt", worker.clean_page(TEXT)), ("b.txt", worker.clean_page("第二页,也有一处。\n"))]
    session = Session(pages, tmp_path / "review", worker.rules)
    judge = Judge(worker.rules)
    with ReviewServer(session, lambda review: make_report(pages, judge, "test", review)) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as driver:
        yield driver


def wait_for(driver: Any, selector: str, text: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, PATIENCE).until(lambda _: text in text_of(driver, selector))


def verdict(driver: Any, name: str) -> None:
    driver.find_element("css selector", f"[data-verdict={name}]").click()


def test_a_whole_review(browser: Any, server: ReviewServer, tmp_path: Path) -> None:
    browser.get(server.address)
    assert text_of(browser, "h1") == "Review"
    pick(browser, "rule", "comma-between-chinese")
    browser.find_element("id", "next").click()
    press(browser, "r")
    wait_for(browser, "#verdict", "1 of ")
    assert text_of(browser, "#place").startswith("Change 2 of")
    assert "11月3日,枫浦" in text_of(browser, "#p0 .clean .b-paragraph .text")
    verdict(browser, "edit")
    box = browser.find_element("id", "own")
    assert box.get_attribute("value") == "，"
    box.clear()
    box.send_keys("……</textarea><script>hacked=1</script>")
    browser.find_element("id", "save").click()
    wait_for(browser, "#verdict", "2 of ")
    browser.find_element("css selector", "#filters [type=reset]").click()
    browser.execute_script("choose('f1', true)")
    assert "word" in text_of(browser, "#told")
    verdict(browser, "accept")
    wait_for(browser, "#verdict", "3 of ")
    stands = browser.execute_script("return document.querySelector('.clean [data-stands]').dataset.stands")
    assert stands == "通过"
    take_shot(browser, "review-wide")

    browser.refresh()  # what was decided is still there, and can still be undone
    wait_for(browser, "#verdict", "3 of ")
    assert "11月3日,枫浦" in text_of(browser, "#p0 .clean .b-paragraph .text")
    assert browser.execute_script("return typeof hacked") == "undefined"
    press(browser, "u")
    wait_for(browser, "#verdict", "2 of ")

    file = server.session.folder / DECISIONS
    assert [d.verdict for d in read_decisions(file)] == ["reject", "edit"]
    page = tmp_path / "page.txt"
    page.write_text(TEXT, encoding="utf-8")
    out = CliRunner().invoke(cli, ["clean", str(page), "--leaks", "flag", "--decisions", str(file)]).stdout
    assert "11月3日,枫浦新桥" in out
    assert "</textarea><script>hacked=1</script>" in out
    assert browser.get_log("browser") == []


def test_pressing_again_takes_back(browser: Any, server: ReviewServer) -> None:
    browser.get(server.address)
    press(browser, "j", "a")
    wait_for(browser, "#verdict", "1 of ")
    press(browser, "k", "a")
    wait_for(browser, "#verdict", "0 of ")
    assert read_decisions(server.session.folder / DECISIONS) == []


def hover(driver: Any, selector: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(driver).move_to_element(driver.find_element("css selector", selector)).perform()


def test_pointer_does_not_take_the_panel_away(browser: Any, server: ReviewServer) -> None:
    browser.get(server.address)
    press(browser, "j")
    told, chosen = text_of(browser, "#told"), browser.execute_script("return current")
    verdict(browser, "edit")
    browser.find_element("id", "own").send_keys("写到一半")
    other = f".clean [data-e]:not([data-e='{chosen[1:]}'])"
    hover(browser, other)
    hover(browser, "h1")
    assert "写到一半" in browser.find_element("id", "own").get_attribute("value")
    press(browser, "\ue00c")  # Escape
    hover(browser, other)
    assert text_of(browser, "#told") == told  # what is shown is what the keys decide about
    assert browser.find_element("css selector", other).get_attribute("title")
    browser.execute_script("document.activeElement.blur()")
    press(browser, "r")
    wait_for(browser, "#verdict", "1 of ")
    assert list(server.session.state()["decisions"]) == [f"0:{chosen}"]


def test_failure_to_save_is_told(browser: Any, server: ReviewServer) -> None:
    browser.get(server.address)
    (server.session.folder / DECISIONS).symlink_to("/dev/null")
    press(browser, "j", "r")
    wait_for(browser, "#trouble", "leads out of the folder")
    assert json.loads(browser.execute_script("return JSON.stringify(data.review.decisions)")) == {}
    assert "0 of " in text_of(browser, "#verdict")
    press(browser, "e")
    browser.find_element("id", "own").send_keys("写好了")
    browser.find_element("id", "save").click()
    wait_for(browser, "#trouble", "leads out of the folder")
    assert "写好了" in browser.find_element("id", "own").get_attribute("value")
    browser.get_log("browser")  # the refused requests are logged there


SLOW = """
const real = window.fetch;
window.fetch = async (...all) => {
  await new Promise((go) => setTimeout(go, 300));
  return real(...all);
};
"""


def test_decisions_wait_for_each_other(browser: Any, server: ReviewServer) -> None:
    browser.get(server.address)
    browser.execute_script(SLOW)
    press(browser, "j", "r", "j", "r")
    wait_for(browser, "#verdict", "2 of ")
    assert [d.verdict for d in read_decisions(server.session.folder / DECISIONS)] == ["reject", "reject"]
    browser.get_log("browser")


def test_phone(server: ReviewServer) -> None:
    with open_browser("phone", dark=True) as driver:
        driver.get(server.address)
        driver.find_element("id", "next").click()
        verdict(driver, "reject")
        wait_for(driver, "#verdict", "1 of ")
        take_shot(driver, "review-phone-dark")
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("phone", True)])
def test_no_barriers(server: ReviewServer, size: str, dark: bool) -> None:
    need_axe()
    with open_browser(size, dark=dark) as driver:
        driver.get(server.address)
        driver.find_element("id", "next").click()
        verdict(driver, "reject")
        wait_for(driver, "#verdict", "1 of ")
        verdict(driver, "edit")
        assert find_barriers(driver) == []
