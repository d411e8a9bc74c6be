"""The options that say how to clean, shared by the commands that clean."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, TypeVar

import click

from cleaner.convert import CONFIGS
from cleaner.engine.rule import TIERS

if TYPE_CHECKING:
    from cleaner import Cleaner

F = TypeVar("F", bound=Callable[..., Any])
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Choices(TypedDict):
    """What the options below say."""

    profile: str
    rules: tuple[str, ...]
    enable: tuple[str, ...]
    disable: tuple[str, ...]
    tier: str | None
    leaks: str | None
    to: str | None
    decisions: NotRequired[str | None]


RULE_SOURCES = (
    click.option("--profile", default="newspaper", show_default=True, metavar="NAME", help="Profile, or its file."),
    click.option("--rules", multiple=True, metavar="FILE", help="Add a rule file; may be repeated."),
)
CLEANING = (
    *RULE_SOURCES,
    click.option("--enable", multiple=True, metavar="ID", help="Apply a rule whatever its tier; may be repeated."),
    click.option("--disable", multiple=True, metavar="ID", help="Leave a rule out; may be repeated."),
    click.option("--tier", type=click.Choice(TIERS), help="Highest tier of rules to apply."),
    click.option("--leaks", type=click.Choice(("remove", "restore", "flag")), help="What to do with leaked fragments."),
    click.option("--to", type=click.Choice(CONFIGS), help="Convert the script at the end (OpenCC configuration)."),
    click.option("--encoding", metavar="NAME", help="Encoding of the inputs; found out when not given."),
)


OBEYING = (
    *CLEANING,
    click.option("--decisions", metavar="FILE", help="Obey the decisions that `cleaner review` saved."),
)


def with_options(options: tuple[Callable[[F], F], ...]) -> Callable[[F], F]:
    """Decorate a command with a set of options."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def name_kept(choices: Choices) -> list[str]:
    """Return the user's files that say how to clean (rules, profile, decisions, settings): no output replaces them."""
    from cleaner.cli import SETTINGS

    context = click.get_current_context(silent=True)
    settings = context.meta.get(SETTINGS) if context is not None else None
    profile = choices["profile"] if choices["profile"].endswith(".toml") else None
    names = [*choices["rules"], profile, choices.get("decisions"), settings]
    return [name for name in names if name]


def cleaner_options(choices: Choices) -> dict[str, Any]:
    """Return the arguments of `Cleaner` that the options ask for."""
    tier = choices["tier"]
    return {
        "profile": choices["profile"],
        "rules": choices["rules"],
        "enable": choices["enable"],
        "disable": choices["disable"],
        "tiers": None if tier is None else TIERS[: TIERS.index(tier) + 1],
        "leaks": choices["leaks"],
        "to": choices["to"],
        "decisions": choices.get("decisions"),
    }


def make_cleaner(choices: Choices) -> Cleaner:
    """Make the cleaner that the options ask for."""
    from cleaner import Cleaner
    from cleaner.io.cache import open_cache

    open_cache()
    return Cleaner(**cleaner_options(choices))


def read_size(context: click.Context, parameter: click.Parameter, value: str) -> int:
    """Return the number of bytes that a size such as 500K or 16M means."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})([KMGT]?)B?|([1-9][0-9]{0,17})B?", value.upper())
    if match is None:
        raise click.BadParameter(f"{value[:40]!r} is no size, or too large: write 500K, 16M or 1G")
    return int(match[3] or match[1]) * UNITS[match[2] or ""]
