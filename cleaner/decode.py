"""Decode the bytes of a Chinese text strictly, such that the same bytes can be made again."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.detect import CONVINCING, FAMILIES, HEAD, guess_encoding, name_format
from cleaner.errors import CleanerError, DecodeError

Patch = tuple[int, int, str]

# UTF-32 before UTF-16, whose little-endian mark begins UTF-32's. GB18030 has a mark too: its code for U+FEFF.
_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "gb18030": b"\x84\x31\x95\x33",
}
# What a label asks for, where that is not the encoding of its name: a byte order mark chooses, else the first that can
# decode. The labels of the old sets are on many files in their supersets (WHATWG Encoding Standard, 4.2).
_LABELS = {
    "utf-8-sig": ("utf-8",),
    "utf-16": ("utf-16-le", "utf-16-be"),
    "utf-32": ("utf-32-le", "utf-32-be"),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
}
_OF_DOMAINS = {"idna", "punycode"}  # for the names of hosts: time grows with the square of a text, and beyond
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


class Decoded(NamedTuple):
    """A text and what is needed to make its bytes again.

    `bom` is the byte order mark that stood before the text. `confidence` is 1.0 where nothing was guessed: a mark,
    valid UTF-8, an encoding named by the caller. A patch (start, end, hex) holds the bytes that the code points from
    start to end came from, where the codec would write others (Big5 has some characters twice).
    """

    text: str
    encoding: str
    bom: bytes
    confidence: float
    patches: tuple[Patch, ...]


def decode_bytes(data: bytes, source: str = "<bytes>", encoding: str | None = None) -> Decoded:
    """Decode `data` in the encoding named, else in the one found; line breaks stay as they are.

    A byte order mark decides first, then valid UTF-8, then how common the characters are that the start of the data
    gives in each encoding. Nothing is passed over: DecodeError names the encoding and the first byte that does not
    fit (also of a character cut off at the end), or says that no encoding is convincing. An unknown `encoding` is a
    CleanerError.

    >>> decoded = decode_bytes("今日要闻：麦收开镰".encode("gb18030"))
    >>> decoded.text, decoded.encoding
    ('今日要闻：麦收开镰', 'gb18030')
    """
    confidence = 1.0
    if encoding is not None:
        names = tried = _resolve_label(encoding, data)
    elif mark := next((name for name, bom in _MARKS.items() if data.startswith(bom)), None):
        names = tried = (mark,)
    elif form := name_format(data):
        reason = f"this is a {form} file, no text: unpack or convert it first, or name its encoding with --encoding"
        raise DecodeError(source, (), 0, reason)
    elif (text := _read_utf8(data)) is not None:
        return Decoded(text, "utf-8", b"", 1.0, ())
    else:
        names, confidence = _detect(data, source)
        tried = tuple(dict.fromkeys(("utf-8", *names)))
    bom = next((_MARKS[name] for name in names if name in _MARKS and data.startswith(_MARKS[name])), b"")
    body = data[len(bom) :]
    try:
        name, text = _decode_strictly(body, names)
    except UnicodeDecodeError as error:
        reason = f"{error.reason} (as {error.encoding})"
        raise DecodeError(source, tried, len(bom) + error.start, reason) from error
    return Decoded(text, name, bom, confidence, _find_patches(text, body, name))


def encode_text(text: str, encoding: str, bom: bytes = b"", patches: Sequence[Patch] = ()) -> bytes:
    """Make the bytes again: the exact inverse of `decode_bytes`, given these fields of its result.

    Raises CleanerError where the text has a character that the encoding has not, a patch lies outside the text or
    before its forerunner's end, or the encoding is none of texts.
    """
    if codecs.lookup(encoding).name in _OF_DOMAINS:
        raise CleanerError(f"{encoding} is no encoding of texts")
    pieces, place = [bom], 0
    try:
        for start, end, original in patches:
            if not place <= start <= end <= len(text):
                raise CleanerError(f"a patch from {start} to {end} behind {place} of {len(text)} characters")
            pieces += [text[place:start].encode(encoding), bytes.fromhex(original)]
            place = end
        pieces.append(text[place:].encode(encoding))
    except UnicodeEncodeError as error:
        character = f"U+{ord(error.object[error.start]):04X} (character {place + error.start})"
        raise CleanerError(f"{encoding} has no code for {character}: {error.reason}") from error
    return b"".join(pieces)


def _resolve_label(label: str, data: bytes) -> tuple[str, ...]:
    """Return Python's names of the encodings that a label asks for, in the order to try."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)  # refuses codecs that are not between text and bytes, such as rot13
        if name in _OF_DOMAINS:
            raise LookupError(f"{name} is for names of hosts")
    except (LookupError, ValueError) as error:
        known = ", ".join(name for family in FAMILIES for name in family)
        raise CleanerError(f"unknown encoding {label!r}: name one that Python knows, such as {known}") from error
    names = _LABELS.get(name, (name,))
    return tuple(name for name in names if name in _MARKS and data.startswith(_MARKS[name])) or names


def _read_utf8(data: bytes) -> str | None:
    """Return `data` as UTF-8, or None where it is not valid, or where it is UTF-16 that is valid by chance.

    UTF-16 text of ASCII alone is such, for example; then control characters give it away.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if len(data) % 2 == 0 and _CONTROLS.search(data, 0, HEAD):
        guess = guess_encoding(data)
        if guess.encodings[0].startswith("utf-16") and guess.confidence >= CONVINCING:
            return None
    return text


def _detect(data: bytes, source: str) -> tuple[tuple[str, ...], float]:
    """Return the encodings to try and the confidence, or refuse to guess."""
    guess = guess_encoding(data)
    if guess.confidence >= CONVINCING:
        return guess.encodings, guess.confidence
    first = re.search(rb"[\x80-\xff]", data)
    nearest = f"{guess.encodings[0]}, {guess.confidence:.0%}"
    reason = f"no encoding gives convincing Chinese (nearest is {nearest}"
    reason += f"; more like {guess.other}" if guess.other else ""
    reason += "): name the encoding with --encoding"
    tried = tuple(name for family in FAMILIES for name in family)
    raise DecodeError(source, tried, first.start() if first else 0, reason)


def _decode_strictly(body: bytes, names: tuple[str, ...]) -> tuple[str, str]:
    """Decode with the first encoding that can; else raise the error that lies farthest on."""
    errors = []
    for name in names:
        try:
            return name, body.decode(name)
        except UnicodeDecodeError as error:
            errors.append(error)
    raise max(errors, key=lambda error: error.start)


def _find_patches(text: str, body: bytes, encoding: str) -> tuple[Patch, ...]:
    """Find the places where encoding gives other bytes than `body`; one patch for all where places cannot be told."""
    try:
        if text.encode(encoding) == body:
            return ()
        patches = tuple(_compare_lines(text.split("\n"), body.split(b"\n"), encoding))
        if encode_text(text, encoding, b"", patches) == body:
            return patches
    except (UnicodeError, CleanerError):  # a codec that cannot write what it reads
        pass
    return ((0, len(text), body.hex()),)


def _compare_lines(lines: list[str], raw_lines: list[bytes], encoding: str) -> Iterator[Patch]:
    """Yield the patches of the lines that encode to other bytes. Line feed is no part of any Big5 or GB18030 code."""
    place = 0
    for line, raw in zip(lines, raw_lines, strict=False):
        if line.encode(encoding) != raw:
            yield from _compare_codes(raw, encoding, place)
        place += len(line) + 1


def _compare_codes(raw: bytes, encoding: str, place: int) -> Iterator[Patch]:
    """Yield a patch for each code that is not written as it is read; `place` is where the line starts."""
    decoder = codecs.getincrementaldecoder(encoding)()
    begin = 0
    for end in range(1, len(raw) + 1):
        if character := decoder.decode(raw[end - 1 : end]):
            if character.encode(encoding) != raw[begin:end]:
                yield place, place + len(character), raw[begin:end].hex()
            place += len(character)
            begin = end
