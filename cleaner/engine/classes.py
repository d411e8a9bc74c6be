"""Named character classes, written in `rules/classes.toml`, and their use inside patterns."""

from __future__ import annotations

import re
from functools import cache

from cleaner.engine.patterns import parse_toml
from cleaner.errors import RuleError
from cleaner.paths import rules_dir

_TOKEN = re.compile(r"\\[\s\S]?|\{([a-z][a-z_]*)\}|\[[\]^]?|\]")
LONGEST = 1 << 20  # characters of a class or pattern whose classes are written out
NAME = re.compile(r"\{([a-z][a-z_]*)\}")


@cache
def load_classes() -> dict[str, str]:
    """Return the bundled classes: name → body of a regular-expression set, classes inside already put in."""
    path = rules_dir() / "classes.toml"
    return expand_classes(parse_toml(path.read_bytes())["classes"], str(path), {})


def read_script(text: str) -> str | None:
    """Tell which script a text shows: of common characters that only one of them has, it holds more.

    >>> read_script("这扇门"), read_script("這扇門"), read_script("山水")
    ('simplified', 'traditional', None)
    """
    classes = load_classes()
    ours, theirs = (len(re.findall(f"[{classes[name]}]", text)) for name in ("simplified", "traditional"))
    return None if ours == theirs else "simplified" if ours > theirs else "traditional"


def expand_classes(raw: dict[str, str], file: str, known: dict[str, str]) -> dict[str, str]:
    """Put classes into classes, in file order."""
    out = dict(known)
    for name, body in raw.items():
        _check_length(body, out, file, name)
        out[name] = NAME.sub(lambda match, name=name: _body(match[1], out, file, name), body)  # type: ignore[misc]
    return out


def _body(name: str, classes: dict[str, str], file: str, rule: str) -> str:
    if name not in classes:
        raise RuleError(file, rule, f"unknown class {{{name}}}; known: {', '.join(classes)}")
    return classes[name]


def _check_length(text: str, classes: dict[str, str], file: str, rule: str) -> None:
    """Refuse what its classes would make too long: a few lines of classes in classes are enough to fill the memory."""
    if len(text) + sum(len(classes.get(match[1], "")) for match in NAME.finditer(text)) > LONGEST:
        raise RuleError(file, rule, f"with its classes written out it is longer than {LONGEST} characters")


def expand_pattern(pattern: str, classes: dict[str, str], file: str, rule: str) -> str:
    """Write out `{class}` in a pattern: as a set, or as a set's content where it stands inside [...]."""
    if "{" not in pattern and len(pattern) <= LONGEST:
        return pattern
    inside = False
    _check_length(pattern, classes, file, rule)

    def write(match: re.Match[str]) -> str:
        nonlocal inside
        token = match[0]
        if match[1]:
            body = _body(match[1], classes, file, rule)
            return body if inside else f"[{body}]"
        if token[0] == "[":  # a leading ] or ^ belongs to the set; inside a set [ stands for itself
            inside = not inside or token != "[]"
        elif token == "]":
            inside = False
        return token

    return _TOKEN.sub(write, pattern)


def items_to_pattern(
    items: str, classes: dict[str, str], file: str, rule: str
) -> tuple[list[tuple[str, int]], bool, bool]:
    """Turn a list like `{han} ” ^` into alternatives with their widths, and say whether ^ and $ are among them."""
    singles: list[str] = []
    words: list[tuple[str, int]] = []
    start = end = False
    _check_length(items, classes, file, rule)
    for item in items.split():
        match = NAME.fullmatch(item)
        if item == "^":
            start = True
        elif item == "$":
            end = True
        elif match:
            singles.append(_body(match[1], classes, file, rule))
        elif len(item) == 1:
            singles.append(re.escape(item))
        else:
            words.append(_word(item, classes, file, rule))
    return ([(f"[{''.join(singles)}]", 1)] if singles else []) + words, start, end


def _word(item: str, classes: dict[str, str], file: str, rule: str) -> tuple[str, int]:
    """Return the pattern and width of a literal in which classes may stand, `{digit}年`."""
    out: list[str] = []
    at = width = 0
    while at < len(item):
        match = NAME.match(item, at)
        out.append(f"[{_body(match[1], classes, file, rule)}]" if match else re.escape(item[at]))
        at = match.end() if match else at + 1
        width += 1
    return "".join(out), width
