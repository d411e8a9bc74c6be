"""Tests that need a browser skip where there is none, and fail where there has to be one."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import browser
import pytest


@pytest.mark.parametrize("check", [browser.need_browser, browser.need_axe])
def test_missing_tools(monkeypatch: pytest.MonkeyPatch, check: Callable[[], None]) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    monkeypatch.setattr(browser, "AXE", "")
    monkeypatch.setattr(browser, "NEEDED", False)
    with pytest.raises(pytest.skip.Exception, match="needs "):
        check()
    monkeypatch.setattr(browser, "NEEDED", True)
    with pytest.raises(pytest.fail.Exception, match="needs "):
        check()
