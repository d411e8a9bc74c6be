"""Options of the benchmarks."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pages", type=int, default=16, help="pages of each corpus")
    parser.addoption("--sizes", default="10k,100k", help="characters of one text, for the growth with size: 10k,1M")
    parser.addoption("--rounds", type=int, default=5, help="how often each tool does the corpus")


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a tool does the corpus."""
    return int(request.config.getoption("--rounds"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "size" in metafunc.fixturenames:
        sizes = str(metafunc.config.getoption("--sizes")).split(",")
        metafunc.parametrize("size", sizes)
