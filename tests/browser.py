"""A real browser for tests: Debian's chromium by selenium. Tests skip, saying so, where it is not there.

With CLEANER_NEED_BROWSER=1 in the environment, which .ci/run sets where browser and axe could be had, they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest
from processes import PATIENCE

AXE = os.environ.get("CLEANER_AXE", "")  # axe.min.js, which .ci/run fetches by npm
SHOTS = os.environ.get("CLEANER_SHOTS", "")  # a folder for screenshots
NEEDED = os.environ.get("CLEANER_NEED_BROWSER", "") not in ("", "0")
SIZES = {"wide": (1400, 1000), "phone": (390, 844)}
SERIOUS = ("serious", "critical")


def need_browser() -> None:
    """Skip the module where no browser can be driven; fail where one has to be there."""
    if find_spec("selenium") is None:
        _miss("needs selenium: pip install -e '.[dev]'")
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            _miss(f"needs {program}: apt install chromium chromium-driver")


def need_axe() -> None:
    """Skip a test where axe is not there; fail where it has to be."""
    if not Path(AXE).is_file():
        _miss("needs axe-core: npm install axe-core, and CLEANER_AXE=…/axe.min.js")


def _miss(what: str) -> NoReturn:
    if NEEDED:
        pytest.fail(what, pytrace=False)
    pytest.skip(what, allow_module_level=True)


@contextmanager
def open_browser(size: str = "wide", *, dark: bool = False) -> Iterator[Any]:
    """Yield a headless browser with a window of a size."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(PATIENCE)
    driver.set_script_timeout(PATIENCE)
    try:
        width, height = SIZES[size]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        yield driver
    finally:
        driver.quit()


def take_shot(driver: Any, name: str) -> None:
    """Save a screenshot where the environment asks for one."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        assert driver.save_screenshot(str(Path(SHOTS, f"{name}.png"))), f"{SHOTS}: {name}.png is not written"


def find_barriers(driver: Any) -> list[str]:
    """Return what axe (`need_axe`) finds serious or worse on the page."""
    driver.execute_script(Path(AXE).read_text(encoding="utf-8"))
    found = driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    return [
        f"{item['impact']}: {item['id']}: {item['nodes'][0]['html'][:200]}"
        for item in found["violations"]
        if item["impact"] in SERIOUS
    ]
