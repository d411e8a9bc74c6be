"""Decoding: exact both ways, right about the encoding or refusing, and clear about where it fails."""

from __future__ import annotations

import codecs
import doctest
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import decode, detect
from cleaner.decode import Decoded, decode_bytes, encode_text
from cleaner.errors import CleanerError, DecodeError

SAMPLES = Path(__file__).parent / "decode"  # invented sentences, one a line
CHINESE = [
    ("simplified", "utf-8"),
    ("simplified", "gb18030"),
    ("traditional", "gb18030"),
    ("traditional", "cp950"),
    ("traditional", "big5hkscs"),
    ("simplified", "utf-16-le"),
    ("traditional", "utf-16-le"),
    ("simplified", "utf-16-be"),
    ("traditional", "utf-16-be"),
]
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030", "cp950", "big5hkscs")
BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "gb18030": "\ufeff".encode("gb18030"),
}


def read_sample(name: str) -> str:
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def make_inputs(name: str, encoding: str, size: int, cut: bool = False) -> Iterator[bytes]:
    """Yield 60 texts of `size` bytes that start at varied places in shuffled sentences; `cut` ends in mid-character."""
    chance = random.Random(f"{name} {encoding} {size}")
    lines = read_sample(name).rstrip("\n").split("\n")
    for _ in range(60):
        repeat = 1 + 2 * size // len("\n".join(lines).encode(encoding))
        text = "\n".join("\n".join(chance.sample(lines, len(lines))) for _ in range(repeat))
        data = text[chance.randrange(20) :].encode(encoding)
        whole = len(codecs.getincrementaldecoder(encoding)().decode(data[:size]).encode(encoding))
        yield data[: whole + 1] if cut else data[:whole]


def attempt(data: bytes, encoding: str | None = None) -> Decoded | DecodeError:
    try:
        return decode_bytes(data, encoding=encoding)
    except DecodeError as error:
        return error


def restore(decoded: Decoded) -> bytes:
    return encode_text(decoded.text, decoded.encoding, decoded.bom, decoded.patches)


def same_family(one: str, other: str) -> bool:
    return any(one in family and other in family for family in detect.FAMILIES)


@pytest.mark.parametrize(("name", "encoding"), CHINESE)
@pytest.mark.parametrize("size", [16, 32, 64, 256, 4096])
def test_chinese_is_recognised_and_never_mistaken(name: str, encoding: str, size: int) -> None:
    results = [(data, attempt(data)) for data in make_inputs(name, encoding, size)]
    refused = [result for _, result in results if isinstance(result, DecodeError)]
    assert len(refused) <= {16: 3, 32: 1}.get(size, 0)
    assert all("--encoding" in error.reason for error in refused)
    for data, result in results:
        if isinstance(result, Decoded):
            assert result.text == data.decode(encoding)
            assert restore(result) == data


@pytest.mark.parametrize(("name", "encoding"), CHINESE)
@pytest.mark.parametrize("size", [32, 256])
def test_a_cut_tail_is_an_error_in_the_right_encoding(name: str, encoding: str, size: int) -> None:
    refused = 0
    for data in make_inputs(name, encoding, size, cut=True):
        whole = codecs.getincrementaldecoder(encoding)().decode(data)
        result = attempt(data)
        if isinstance(result, Decoded):
            assert result.text == whole  # the byte past the cut was a character of its own
        elif "--encoding" in result.reason:
            refused += 1
        else:
            assert same_family(result.tried[-1], encoding)
            assert result.offset == len(whole.encode(encoding))
    assert refused <= (1 if size < 64 else 0)


@pytest.mark.parametrize(
    ("name", "encoding"), [("japanese", "cp932"), ("japanese", "euc_jp"), ("korean", "cp949"), ("korean", "euc_kr")]
)
@pytest.mark.parametrize("size", [16, 32, 64, 256, 4096])
def test_japanese_and_korean_are_refused(name: str, encoding: str, size: int) -> None:
    for data in make_inputs(name, encoding, size):
        with pytest.raises(DecodeError, match="--encoding"):
            decode_bytes(data)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("déjà vu, le garçon a mangé", "latin-1"),
        ("Größe und Maß", "latin-1"),
        ("café", "latin-1"),
        ("“It’s naïve” – he said", "cp1252"),
        ("Привет, мир! Как дела сегодня?", "cp1251"),
        ("Привет, мир! Как дела сегодня?", "koi8-r"),
        ("Καλημέρα κόσμε", "cp1253"),
        ("สวัสดีครับ วันนี้อากาศดีมาก", "tis-620"),
        ("مرحبا بالعالم", "cp1256"),
    ],
)
def test_other_languages_are_refused(text: str, encoding: str) -> None:
    with pytest.raises(DecodeError, match="--encoding") as caught:
        decode_bytes(text.encode(encoding))
    first = next(place for place, character in enumerate(text) if character > "\x7f")
    assert caught.value.offset == first


def test_noise_is_refused() -> None:
    with pytest.raises(DecodeError, match="--encoding"):
        decode_bytes(random.Random(1).randbytes(5000))


@pytest.mark.parametrize("data", [b"", b"a", b"plain\r\ntext\n", b"\x0c\x1b[0m", b"a\x00b", b"\x00\x00", b"\x7f\n"])
def test_ascii_is_utf_8(data: bytes) -> None:
    assert decode_bytes(data) == Decoded(data.decode(), "utf-8", b"", 1.0, ())


def test_utf_16_that_is_also_ascii_is_utf_16() -> None:
    assert decode_bytes("The page is empty.\n".encode("utf-16-be")).encoding == "utf-16-be"


def test_a_long_ascii_start_hides_nothing() -> None:
    text = "<p>" * 20_000 + "县里的水渠修好了，大家都很高兴。"
    for encoding in ("gb18030", "utf-16-le"):
        assert decode_bytes(text.encode(encoding)).encoding == encoding


@pytest.mark.parametrize("text", ["一\r\n二\r三\n四", "页\x0c行\u2028段\x85尾", "\ufeff中"])
@pytest.mark.parametrize("encoding", ENCODINGS[:6])
def test_line_breaks_and_inner_marks_stay(text: str, encoding: str) -> None:
    data = BOMS[encoding] + text.encode(encoding)
    assert decode_bytes(data) == Decoded(text, encoding, BOMS[encoding], 1.0, ())


@cache
def list_characters(encoding: str) -> list[str]:
    """List what an encoding can write, up to the first thousand characters past U+FFFF."""
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x103E8))))
    return sorted(set(everything.encode(encoding, "ignore").decode(encoding)))


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(data=st.data(), marked=st.booleans())
@settings(max_examples=30)
def test_the_encoding_named_gives_the_text_and_back(encoding: str, data: st.DataObject, marked: bool) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from(list_characters(encoding)))))
    bom = BOMS.get(encoding, b"") if marked else b""
    raw = bom + text.encode(encoding)
    decoded = decode_bytes(raw, encoding=encoding)
    assert restore(decoded) == raw
    if bom or not any(raw.startswith(mark) for mark in BOMS.values()):
        assert (decoded.text, decoded.bom) == (text, bom)


@given(st.binary(), st.sampled_from([None, *ENCODINGS, "gbk", "cp932", "euc_jis_2004", "iso2022_jp", "hz", "utf-7"]))
@settings(max_examples=300)
def test_any_bytes_come_back_or_are_refused(data: bytes, encoding: str | None) -> None:
    result = attempt(data, encoding)
    if isinstance(result, Decoded):
        assert restore(result) == data
    else:
        assert 0 <= result.offset <= len(data)


@pytest.mark.parametrize("code", ["a2cc", "a2ce", "f9f9", "f9fe"])
def test_a_code_that_big5_has_twice_comes_back(code: str) -> None:
    data = "縣府昨日說明，\n".encode("cp950") + bytes.fromhex(code) * 2 + "人出席。\n會議".encode("cp950")
    decoded = decode_bytes(data)
    assert decoded.encoding == "cp950"
    assert restore(decoded) == data
    written_otherwise = bytes.fromhex(code).decode("cp950").encode("cp950").hex() != code
    assert decoded.patches == (((8, 9, code), (9, 10, code)) if written_otherwise else ())


def test_hong_kong_characters_choose_big5hkscs() -> None:
    text = "佢哋話唔使驚，啲水喺度流緊，我哋聽日再嚟。"
    decoded = decode_bytes(text.encode("big5hkscs"))
    assert (decoded.text, decoded.encoding) == (text, "big5hkscs")


def test_a_stateful_codec_is_kept_whole() -> None:
    data = b"\x1b$B\x1b(Ba"  # an empty switch that the codec would not write
    decoded = decode_bytes(data, encoding="iso2022_jp")
    assert decoded.patches == ((0, 1, data.hex()),)
    assert restore(decoded) == data


@pytest.mark.parametrize(
    ("label", "encoding", "bom"),
    [
        ("UTF8", "utf-8", b""),
        ("utf-8-sig", "utf-8", codecs.BOM_UTF8),
        ("utf-16", "utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16", "utf-16-le", b""),
        ("gb2312", "gb18030", b""),
        ("big5", "cp950", b""),
        ("cp932", "cp932", b""),
    ],
)
def test_a_label_overrules_detection(label: str, encoding: str, bom: bytes) -> None:
    data = bom + "今日水位".encode(encoding)
    assert decode_bytes(data, encoding=label) == Decoded("今日水位", encoding, bom, 1.0, ())


@pytest.mark.parametrize("label", ["klingon", "", "rot13", "hex", "a\x00b", "undefined", "punycode", "IDNA"])
def test_an_unknown_label_is_named(label: str) -> None:
    with pytest.raises(CleanerError, match="unknown encoding"):
        decode_bytes(b"x", encoding=label)


@pytest.mark.parametrize(
    ("data", "label", "tried", "offset"),
    [
        ("记者昨日从县里获悉".encode() + b"\xff", None, ("utf-8",), 27),
        (codecs.BOM_UTF8 + b"ab\xff", None, ("utf-8",), 5),
        (codecs.BOM_UTF16_LE + b"a", None, ("utf-16-le",), 2),
        ("水".encode("gb18030") + b"\xff", "gb18030", ("gb18030",), 2),
        (("他们的水渠修好了\n" * 3000).encode("gb18030") + b"\xff\n", None, ("utf-8", "gb18030"), 51_000),
        (b"\xe4\xb8", "utf-8", ("utf-8",), 0),
        (b"a\x80", "ascii", ("ascii",), 1),
    ],
)
def test_an_error_names_encoding_and_place(data: bytes, label: str | None, tried: tuple[str, ...], offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_bytes(data, "a.txt", label)
    assert (caught.value.tried, caught.value.offset) == (tried, offset)
    assert str(caught.value).startswith(f"a.txt: cannot decode as {', '.join(tried)}: byte {offset}: ")


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    with pytest.raises(CleanerError, match=r"cp950 has no code for U\+53D1 \(character 2\)"):
        encode_text("出發发", "cp950")


@pytest.mark.parametrize("module", [decode, detect])
def test_examples(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted
    assert not results.failed
