"""The report in a real browser: it filters, explains, works by keyboard, on a phone, in the dark, and runs no script
of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import find_barriers, need_axe, need_browser, open_browser, take_shot
from test_report import FIXTURES, NASTY, clean_fixture, report_of

import cleaner

need_browser()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    names = ("displaced-parts", "odd-characters")
    pages = [clean_fixture(path) for path in FIXTURES if path.parent.name in names]
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_of(*pages, cleaner.clean_page(NASTY)), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as driver:
        yield driver


@pytest.fixture
def page(browser: Any, address: str) -> Any:
    browser.get("about:blank")
    browser.get(address)
    return browser


def text_of(driver: Any, selector: str) -> str:
    return str(driver.execute_script("return document.querySelector(arguments[0]).innerText", selector))


def press(driver: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(driver).send_keys(*keys).perform()


def pick(driver: Any, name: str, value: str) -> None:
    from selenium.webdriver.support.ui import Select

    Select(driver.find_element("id", name)).select_by_value(value)


def test_page_text_runs_no_script(page: Any) -> None:
    pick(page, "page", "2")
    assert "<script>hacked=1</script>" in text_of(page, "#p2 .rows")
    assert page.execute_script("return typeof hacked") == "undefined"
    assert page.get_log("browser") == []  # nothing was blocked either: nothing had been tried


def test_filters(page: Any) -> None:
    pick(page, "page", "1")
    marks = "return [...document.querySelectorAll('#p1 .clean [data-e]:not(.off)')].length"
    every = page.execute_script(marks)
    pick(page, "rule", "radical")
    some = page.execute_script(marks)
    assert 0 < some < every
    assert text_of(page, "#shown").startswith(f"{some} of ")
    pick(page, "tier", "contextual")
    assert page.execute_script(marks) == 0
    assert text_of(page, "#place") == "Nothing to show"
    page.find_element("css selector", "#filters [type=reset]").click()
    page.implicitly_wait(60)
    page.find_element("css selector", "#p1 .clean [data-e]:not(.off)")
    assert page.execute_script(marks) == every


def test_keyboard_steps_and_explains(page: Any) -> None:
    press(page, "j")
    assert text_of(page, "#place") == "Change 1 of 10"
    press(page, "j")
    assert "join-torn-paragraph" not in text_of(page, "#told")
    while "tear-open-end" not in text_of(page, "#told"):
        press(page, "j")
        assert text_of(page, "#place") != "Change 1 of 10"
    assert "sum of the log-odds" in text_of(page, "#told")
    focused = page.execute_script("return document.activeElement.dataset.e")
    assert page.execute_script("return document.querySelector('.now').dataset.e") == focused
    press(page, "k", "]")
    assert page.execute_script("return [...document.querySelectorAll('section.page')].map((s) => s.hidden)") == [
        True, False, True,
    ]  # fmt: skip


def test_filters_reach_over_pages(page: Any) -> None:
    from selenium.webdriver.support.ui import Select

    here = page.execute_script("return data.pages.map((p) => p.changes.some((c) => c[1] === 'radical'))")
    assert here == [False, True, False]
    press(page, "j")
    page.find_element("css selector", "#overview [data-rule=radical]").click()
    assert page.execute_script("return [page, describe(current).rule]") == [1, "radical"]
    counts = [int(o.text.rsplit("(", 1)[1].rstrip(")")) for o in Select(page.find_element("id", "page")).options]
    assert counts[0] == counts[2] == 0
    assert text_of(page, "#place") == f"Change 1 of {counts[1]}"
    pick(page, "page", "0")
    assert text_of(page, "#place") == "Nothing to show on this page"
    page.find_element("id", "back").click()
    assert text_of(page, "#place") == f"Change {counts[1]} of {counts[1]}"
    press(page, "j")  # no other page has any: from the last to the first
    assert text_of(page, "#place") == f"Change 1 of {counts[1]}"
    page.find_element("css selector", "#filters [type=reset]").click()
    pick(page, "page", "0")
    page.execute_script("choose(view().shown.at(-1), true)")
    press(page, "j")
    assert page.execute_script("return page") == 1


def test_first_mark_is_reached_by_tab(page: Any) -> None:
    page.execute_script("document.getElementById('pages').focus()")
    for _ in range(20):
        press(page, "\ue004")
        if page.execute_script("return document.activeElement.matches('.e, .f')"):
            break
    assert text_of(page, "#place") == "Change 1 of 10"
    assert page.execute_script('return document.querySelectorAll(\'.e[tabindex="0"], .f[tabindex="0"]\').length') == 1


def test_moved_stretch_shows_where_it_stood(page: Any) -> None:
    moved = page.find_element("css selector", "#p0 .stretch.k-move .from a")
    assert "stood behind" in moved.text
    ribbon = page.execute_script("return document.querySelector('#p0 .ribbons [data-ribbon]').dataset.ribbon")
    page.execute_script("choose(arguments[0], true)", ribbon)
    assert page.execute_script("return document.querySelectorAll('.ribbons .chosen').length") == 1
    assert page.execute_script("return document.querySelectorAll('#p0 .clean .now').length") > 0
    take_shot(page, "report-wide")


def test_hover_explains_and_lets_go(page: Any) -> None:
    from selenium.webdriver import ActionChains

    mark = page.find_element("css selector", "#p0 .clean .k-join")
    ActionChains(page).move_to_element(mark).perform()
    assert "joined" in text_of(page, "#told")
    ActionChains(page).move_to_element(page.find_element("css selector", "h1")).perform()
    assert "Point at a mark" in text_of(page, "#told")


LOOKS = [("wide", False), ("wide", True), ("phone", False), ("phone", True)]


@pytest.mark.parametrize(("size", "dark"), LOOKS)
def test_no_barriers(address: str, size: str, dark: bool) -> None:
    need_axe()
    with open_browser(size, dark=dark) as driver:
        driver.get(address)
        driver.find_element("id", "next").click()
        assert find_barriers(driver) == []


@pytest.mark.parametrize(("size", "dark"), LOOKS)
def test_looks(address: str, size: str, dark: bool) -> None:
    with open_browser(size, dark=dark) as driver:
        driver.get(address)
        for _ in range(3):
            driver.find_element("id", "next").click()
        take_shot(driver, f"report-{size}-{'dark' if dark else 'light'}")
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        paper = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") is not dark


def test_without_scripts_the_texts_are_there(address: str, tmp_path: Path, browser: Any) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(address)
        assert browser.find_element("css selector", "#p1 .clean .text").is_displayed()
        assert "Without scripts" in browser.find_element("css selector", "noscript").text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
