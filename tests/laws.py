"""The laws that hold for every input, as the property tests, the kept corpus and the fuzzer (tools/fuzz.py) check them.

Each function raises AssertionError that names what is broken. They read the log's own lines, not what the code
under test thinks of them, wherever that is possible.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache

from cleaner import Cleaner, DecodeError, Page
from cleaner.decode import Decoded, decode_bytes, encode_text
from cleaner.io.formats import render_page
from cleaner.io.records import rebuild_text
from cleaner.model import Edit
from cleaner.trace import replay, restore

FORMATS = ("text", "markdown", "jsonl")
LETTERS = re.compile(r"[A-Za-z0-9]")
# What UTF-8 text must not hold: control characters other than tab and line feed, surrogates, noncharacters.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# How the first byte of a fuzzed input lets the others be read; None: the encoding is found out.
ENCODINGS = (None, "utf-8", "utf-8", "utf-8", "gb18030", "utf-16-le", "big5", None)
# Words that lead the fuzzer into the rules, and odd characters for which there are few.
WORDS = (
    "本报讯（记者 岑小满）", "本报记者 岳筠", "（下转第3版）", "（上接第1版）", "责任编辑：", "第2版 综合",
    "图为村民。", " 摄", "公告", "……", "——", "--", "...", "“", "”", "‘", "’", '"', "'", "「", "」", "《", "》",
    "（", "）", "(", ")", "，", "。", "：", "；", "？", "！", ",", ".", ":", ";", "?", "!", "\n", "\n\n", "\r\n",
    "\r", "\t", "\u3000\u3000", "  ", "1. ", "- ", "# ", "| ", "**", "&nbsp;", "&#x4e00;", "<b>", "</b>", "<br/>",
    "<|im_end|>", "$x^2$", "\\frac", "```", "https://a.b/c?d=1", "2024年9月6日", "3:2", "1,200", "50%", "１２",
    "ＡＰ", "己经", "一己", "千部", "日", "末来", "门", "⼾", "⼀", "\uf900", "の", "д", "\u200b", "\ufeff",
    "\u202e", "\u0301", "\u1100", "\u1161", "\u3099", "\u2028", "\x85", "\x0c", "\x00", "\ufffe", "\ue000",
    "\ufffd", "𠀀", "👨\u200d👩", "❤\ufe0f", "葛\U000e0100", "·", "•", "■", "□", "①", "→", "…", "~", "～", "県",
)  # fmt: skip


def letters(text: str) -> list[str]:
    """Return the letters and digits, of whatever width."""
    return LETTERS.findall(unicodedata.normalize("NFKC", text))


@cache
def rules_of_letters() -> frozenset[str]:
    """Return the rules that may take out or change letters and digits: their own examples show it.

    A paragraph that stands on the page twice may hold some, too.
    """
    rules = [rule for file in make_cleaner().rules.files for rule in file.rules]
    shown = {rule.id for rule in rules if any(letters(text) != letters(made) for text, made in rule.fixes)}
    return frozenset(shown | {"repeated-paragraph"})


@cache
def make_cleaner() -> Cleaner:
    """Return the cleaner with the default rules, made once."""
    return Cleaner()


def warm_up() -> None:
    """Load all that is loaded late, so that the first input is as fast as the others."""
    check_bytes("枫浦新桥通车\n\n本报讯（记者 乌小棠）桥通了。".encode())


def check_input(data: bytes) -> Page | None:
    """Check all laws on a fuzzed input, whose first byte chooses encoding and format."""
    choice = data[0] if data else 0
    encoding, form = ENCODINGS[choice % len(ENCODINGS)], FORMATS[choice // len(ENCODINGS) % len(FORMATS)]
    return check_bytes(data[1:], encoding, form)


def check_bytes(data: bytes, encoding: str | None = None, form: str = "text") -> Page | None:
    """Check all laws on bytes; None for bytes that are refused, as they must be with the byte named."""
    decoded = decode(data, encoding)
    if isinstance(decoded, DecodeError):
        assert 0 <= decoded.offset <= len(data), f"byte {decoded.offset} of {len(data)}"
        assert str(decoded).startswith("fuzz: cannot decode as "), str(decoded)
        return None
    check_decoding(data, decoded)
    page = make_cleaner().clean_page(decoded.text)
    check_page(page, decoded.text)
    check_form(page, form)
    return page


def decode(data: bytes, encoding: str | None) -> Decoded | DecodeError:
    """Return what came of decoding."""
    try:
        return decode_bytes(data, "fuzz", encoding)
    except DecodeError as error:
        return error


def check_decoding(data: bytes, decoded: Decoded) -> None:
    """The text makes the same bytes again."""
    assert encode_text(decoded.text, decoded.encoding, decoded.bom, decoded.patches) == data, "decoding is not exact"


def check_page(page: Page, raw: str) -> None:
    """The laws of a cleaned page: form of the text, both ways of the log, conservation, places."""
    assert page.raw == raw, "the raw text was changed"
    check_form_of_text(page.text)
    check_log(raw, page.text, page.edits)
    for flag in (*page.flags, *(flag for article in page.articles for flag in article.flags)):
        assert 0 <= flag.span[0] <= flag.span[1] <= len(raw), f"flag {flag.code} at {flag.span} of {len(raw)}"
    for article in page.articles:
        for block in article.blocks:
            assert page.text[block.start : block.start + len(block.text)] == block.text, "a block is not where it says"
            for start, end in block.spans:
                assert 0 <= start < end <= len(raw), f"span {(start, end)} of {len(raw)}"


def check_form_of_text(text: str) -> None:
    """Output is UTF-8 in normalisation form C, without control characters, surrogates and noncharacters."""
    assert unicodedata.is_normalized("NFC", text), "not in normalisation form C"
    found = FORBIDDEN.search(text)
    assert found is None, f"U+{ord(found[0]):04X} in the output"
    assert text.encode("utf-8").decode("utf-8") == text


def check_log(raw: str, clean: str, edits: list[Edit] | tuple[Edit, ...]) -> None:
    """Replay and restore are exact, what is no edit is a copy, and only rules of letters change letters and digits."""
    assert replay(raw, edits, len(clean)) == clean, "replay gives another text"
    assert restore(clean, edits, len(raw)) == raw, "restore gives another text"
    before = "".join(edit.before for edit in edits)
    after = "".join(edit.after for edit in edits)
    kept, wanted = Counter(clean) - Counter(after), Counter(raw) - Counter(before)
    assert kept == wanted, f"in neither output nor log: {wanted - kept}; from nowhere: {kept - wanted}"
    for edit in edits:
        assert edit.rule, f"an edit without a rule at {edit.at}"
        assert (edit.before != edit.after) == (edit.rule != "move"), f"an edit that changes nothing: {edit}"
    if not any(rules_of_letters() & set(edit.rule.split("+")) for edit in edits):
        # Counted over all edits: layout may part in two what a rule has put in one span's place.
        taken, put = Counter(letters(before)), Counter(letters(after))
        assert taken == put, f"letters or digits gone: {taken - put}; from nowhere: {put - taken}"


def check_form(page: Page, form: str) -> None:
    """A format's output holds the text, and its own edits lead there and back."""
    made = render_page(page, form)
    made.data.encode("utf-8")
    assert replay(page.raw, made.edits, len(made.clean)) == made.clean, f"replay of {form} gives another text"
    assert restore(made.clean, made.edits, len(page.raw)) == page.raw, f"restore of {form} gives another text"
    if form == "jsonl":
        records = [json.loads(line) for line in made.data.split("\n")[:-1]]
        assert len(records) == len(page.articles), "a record is no line"
        assert rebuild_text(records, made.blocks, made.gaps, len(made.clean)) == made.clean, "records lose text"
