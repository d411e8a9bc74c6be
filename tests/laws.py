"""The laws that hold for every input, as the property tests, the kept corpus and the fuzzer (tools/fuzz.py) check them.

Each function raises AssertionError that names what is broken. They read the log's own lines, not what the code
under test thinks of them, wherever that is possible.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from functools import cache
from io import BytesIO
from typing import Any
from unittest import mock

from cleaner import Cleaner, DecodeError, Page, pipeline
from cleaner.decode import Decoded, decode_bytes, encode_text
from cleaner.edits import replay, restore
from cleaner.engine.run import Trail
from cleaner.io.formats import render_page
from cleaner.io.jsonlines import json_line
from cleaner.io.log import describe_input, log_header, log_lines
from cleaner.io.readlog import parse_log
from cleaner.io.records import rebuild_text
from cleaner.io.restore import Output, restore_bytes
from cleaner.model import Edit
from cleaner.pipeline import CONVERT_RULE, Walk
from cleaner.pipeline import walk_once as pipeline_walk
from cleaner.report.judge import Judge
from cleaner.review.decisions import Decision
from cleaner.review.obey import obey_decisions
from cleaner.trace import Layer, render

FORMATS = ("text", "markdown", "jsonl")
LETTERS = re.compile(r"[A-Za-z0-9]")
# What UTF-8 text must not hold: control characters other than tab and line feed, surrogates, noncharacters.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# How the first byte of a fuzzed input lets the others be read; None: the encoding is found out.
ENCODINGS = (None, "utf-8", "utf-8", "utf-8", "gb18030", "utf-16-le", "big5", None)
# What the last byte of a fuzzed input lets the cleaner be; most are cleaned as pages mostly are.
OPTIONS: tuple[dict[str, Any], ...] = (
    {}, {"to": "s2t"}, {"to": "t2s"}, {"leaks": "remove"}, {"leaks": "restore"}, {"leaks": "flag"}, {"profile": "book"},
    {"profile": "minimal"}, {"tiers": ("safe",)}, {"tiers": ("safe", "contextual", "suggest"), "to": "s2twp"},
)  # fmt: skip
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
# What pages are made of, for inputs that read as pages.
SENTENCES = (
    "今年以来,全县新修了十二条路", "石渡口镇的老粮仓改成了书房。", "“路修好了，”老人说，“车也通了。",
    "共有1,200户居民受益", "比赛于9月6日19:30开始，3∶2险胜！", '他说:"走吧!"大家起身;没有人回头.',
    "村里 through 土地流转建起大棚，", "通过ＡＰＰ下单２０２４年", "⼀株银杏站了九百年--树下的茶摊也在……",
    "一一记青屏县的水渠", "本报讯(记者 岑小满)青屏县通车。", "（麦一禾）", "(下转第3版)", "（上接第1版）",
    "责任编辑：岳筠 美编：宁小夏", "第2版 综合", "本报记者 岳\u3000筠", "□濮阳山 卜小麦", "走进苇川·乡村夜校",
    "白天摘茶忙\u3000晚上上课去", "课表学员定", "一、加强领导", "1. 先看机油", "- 先把莲子泡软",
    "| 芷溪 | 312 |", "山高月小，", "<|im_end|>", "&nbsp;", "**要点**", "本报记者 楼一鹤 摄",
    "图为村民在包扎。", "def f(x): return x, 1", "https://example.com/a?b=1,2", "答:可以。", "问：怎么办?", "…",
    "。。。", "”", "“", "『挑燈夜戰』", "葦川市的燈籠", "The ferry, at 9:15...", "\ufeff", "\u200b",
    "\u3000\u3000", "\u0007", "\ue000", "\ufffd", "cafe\u0301",
)  # fmt: skip
GAPS = ("\n\n", "\n", "", " ", "　　", "\n　　", "\r\n", "\n\n\n")
# The pieces that a byte of an input stands for, where inputs are read so: each mutation gives another page.
HAN = "石桥镇的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多"
PIECES = (*WORDS, *SENTENCES, *GAPS, "\ud800", "\udfff", *HAN)


def letters(text: str) -> list[str]:
    """Return the letters and digits, of whatever width, with the marks on letters apart."""
    return LETTERS.findall(unicodedata.normalize("NFKD", text))


@cache
def rules_of_letters() -> frozenset[str]:
    """Return the rules that may take out or change letters and digits: their own examples show it.

    A paragraph that stands on the page twice may hold some, too.
    """
    rules = [rule for file in make_cleaner().rules.files for rule in file.rules]
    shown = {rule.id for rule in rules if any(letters(text) != letters(made) for text, made in rule.fixes)}
    return frozenset(shown | {"repeated-paragraph"})


@cache
def make_cleaner(number: int = 0) -> Cleaner:
    """Return the cleaner with some of `OPTIONS`, made once; the first has the default rules."""
    return Cleaner(**OPTIONS[number])


@cache
def judge_of(number: int) -> Judge:
    """Return what tells the confidence of edits for the log."""
    return Judge(make_cleaner(number).rules)


def warm_up() -> None:
    """Load all that is loaded late, so that the first input is as fast as the others."""
    check_bytes("枫浦新桥通车\n\n本报讯（记者 乌小棠）桥通了。".encode())


def check_input(data: bytes) -> Page | None:
    """Check all laws on a fuzzed input, whose first byte chooses encoding, format and how the others are read.

    The last byte, which is read as well, chooses the cleaner's options.

    As they are; as a text in UTF-8, or as the numbers of `PIECES`, put into the encoding; or such a text itself.
    """
    choice, options = (data[0], data[-1] % (2 * len(OPTIONS))) if data else (0, 0)
    options = options if options < len(OPTIONS) else 0
    choice, encoding = choice // len(ENCODINGS), ENCODINGS[choice % len(ENCODINGS)]
    kind, form = choice // len(FORMATS), FORMATS[choice % len(FORMATS)]
    if kind < 3:
        return check_bytes(data[1:], encoding, form, options)
    text = data[1:].decode("utf-8", "replace") if kind < 6 else "".join(PIECES[n % len(PIECES)] for n in data[1:])
    if kind in (5, 9, 10):
        return check_text(text, form, options)
    return check_bytes(text.encode(encoding or "utf-8", "replace"), encoding, form, options)


def check_bytes(data: bytes, encoding: str | None = None, form: str = "text", options: int = 0) -> Page | None:
    """Check all laws on bytes; None for bytes that are refused, as they must be with the byte named."""
    decoded = decode(data, encoding)
    if isinstance(decoded, DecodeError):
        assert 0 <= decoded.offset <= len(data), f"byte {decoded.offset} of {len(data)}"
        assert str(decoded).startswith("fuzz: cannot decode as "), str(decoded)
        return None
    check_decoding(data, decoded)
    page = check_text(decoded.text, form, options)
    check_written_log(data, decoded, page, form, options)
    return page


def check_written_log(data: bytes, decoded: Decoded, page: Page, form: str, options: int) -> None:
    """The log, written, read again, and taken to what was written, gives the bytes that were read."""
    made, rules = render_page(page, form), make_cleaner(options).rules
    output = made.data.encode("utf-8")
    span = (0, made.data.count("\n") if form == "jsonl" else len(made.data))
    entry = describe_input("in", "out", form, data, decoded, page, made, span)
    log = log_header(rules, {}) + json_line(entry).encode("utf-8")
    (read,) = parse_log(BytesIO(log + log_lines(made.edits, page.flags, judge_of(options))), "log")
    assert restore_bytes(read, Output(output), "out") == data, "the log that was read restores other bytes"


def check_text(text: str, form: str, options: int = 0) -> Page:
    """Check all laws on a text."""
    walks: list[tuple[str, Trail]] = []

    def walk_once(text: str, *rest: Any) -> Walk:
        walk = pipeline_walk(text, *rest)
        walks.append((text, walk.trail))
        return walk

    with mock.patch.object(pipeline, "walk_once", walk_once):
        page = make_cleaner(options).clean_page(text)
    assert walks, "no step was seen"
    words = {CONVERT_RULE} if OPTIONS[options].get("to") == "s2twp" else set()
    check_page(page, text, words)
    for begun, trail in walks:
        check_steps(begun, trail.layers, words)
    check_form(page, form)
    if form == "text":
        assert make_cleaner(options).clean(page.text) == page.text, "cleaning twice is not cleaning once"
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


def check_page(page: Page, raw: str, words: Set[str] = frozenset()) -> None:
    """The laws of a cleaned page: form of the text, both ways of the log, conservation, places.

    `words` are rules that put other countries' words, which may have other letters.
    """
    assert page.raw == raw, "the raw text was changed"
    check_form_of_text(page.text)
    check_log(raw, page.text, page.edits, words)
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


def check_decided(page: Page, decisions: Sequence[Decision]) -> Page:
    """Decisions, whatever they say, leave text in its form, blocks where they are said to be, and a log that is exact.

    Letters may change: a person may write what nobody's rule does.
    """
    made = obey_decisions(page, decisions)
    check_form_of_text(made.text)
    assert replay(made.raw, made.edits, len(made.text)) == made.text, "replay gives another text"
    assert restore(made.text, made.edits, len(made.raw)) == made.raw, "restore gives another text"
    for block in (block for article in made.articles for block in article.blocks):
        assert made.text[block.start : block.start + len(block.text)] == block.text, "a block is not where it says"
    return made


def check_log(raw: str, clean: str, edits: list[Edit] | tuple[Edit, ...], words: Set[str] = frozenset()) -> None:
    """Replay and restore are exact, what is no edit is a copy, and only rules of letters change letters and digits."""
    assert replay(raw, edits, len(clean)) == clean, "replay gives another text"
    assert restore(clean, edits, len(raw)) == raw, "restore gives another text"
    before, after = join_sides(edits)
    kept, wanted = Counter(clean) - Counter(after), Counter(raw) - Counter(before)
    assert kept == wanted, f"in neither output nor log: {wanted - kept}; from nowhere: {kept - wanted}"
    for edit in edits:
        assert edit.rule, f"an edit without a rule at {edit.at}"
        assert (edit.before != edit.after) == (edit.rule != "move"), f"an edit that changes nothing: {edit}"
    check_letters(edits, words)


def check_steps(text: str, layers: Sequence[Layer], words: Set[str] = frozenset()) -> None:
    """Step by step, before the steps are made one log: no change but of a rule of letters changes letters or digits.

    `words` as for `check_page`.
    """
    for layer in layers:
        for start, end, new, rule, _ in layer:
            if new is None or rule in rules_of_letters() or rule in words:
                continue
            assert letters(text[start:end]) == letters(new), f"{rule} makes {new!r} of {text[start:end]!r}"
        text = render(layer, text)


def check_letters(edits: list[Edit] | tuple[Edit, ...], words: Set[str] = frozenset()) -> None:
    """In the log, too, only rules of letters change letters and digits; `check_steps` is stricter.

    Counted over all edits of the others together: layout may part in two what a rule has put in one span's place. Where
    a rule of letters has had a part in another's edit, it is named at one of the parts alone, which may stand apart.
    """
    excused = set(rules_of_letters() | words)
    while not _is_balanced(edits, excused):
        named = {name for edit in edits for name in edit.rule.split("+") if excused & set(edit.rule.split("+"))}
        taken, put = (Counter(letters(side)) for side in join_sides(edits))
        assert not named <= excused, f"letters or digits gone: {taken - put}; from nowhere: {put - taken}"
        excused |= named


def _is_balanced(edits: Sequence[Edit], excused: set[str]) -> bool:
    """Say whether the edits in which no excused rule had a part put as many letters and digits as they took."""
    others = [edit for edit in edits if not excused & set(edit.rule.split("+"))]
    taken, put = (Counter(letters(side)) for side in join_sides(others))
    return taken == put


def join_sides(edits: Sequence[Edit]) -> tuple[str, str]:
    """Return all that edits took, and all that they put."""
    return "".join(edit.before for edit in edits), "".join(edit.after for edit in edits)


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
