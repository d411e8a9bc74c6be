"""Compressed files: members, padding, damage and what stands before it, alike for all codecs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable

import pytest

from cleaner.io import decompress
from cleaner.io.codec import damage, open_reader

BODY = "".join(f"石桥镇第{number}条路，{number * 7919 % 1009}米。\n" for number in range(3000)).encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
GZIP = PACKERS[".gz"](BODY)


def read_all(data: bytes, codec: str) -> tuple[bytes, Exception | None]:
    """Return what comes out of a file, and the damage that ends it."""
    stream, parts = open_reader(io.BytesIO(data), codec, len(data)), []
    try:
        while part := stream.readline(1 << 16):
            parts.append(part)
    except damage() as error:
        return b"".join(parts), error
    return b"".join(parts), None


@pytest.fixture(params=[1, 1 << 16], ids=["byte by byte", "as it is"])
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompress, "PIECE", request.param)


@pytest.mark.usefixtures("piece")
@pytest.mark.parametrize("codec", PACKERS)
class TestMembers:
    def test_members_and_padding(self, codec: str) -> None:
        pack = PACKERS[codec]
        data = pack(BODY) + bytes(300) + pack(b"") * 3 + pack(b"end") + bytes(5)
        assert read_all(data, codec) == (BODY + b"end", None)

    def test_much_from_little(self, codec: str) -> None:
        """What one piece holds is more than is taken of it at a time."""
        assert read_all(PACKERS[codec](bytes(3 << 20)), codec) == (bytes(3 << 20), None)

    @pytest.mark.parametrize("behind", [b"x", b"\0\0x", b"\x1fx", b"garbage" * 10])
    def test_garbage_behind(self, codec: str, behind: bytes) -> None:
        assert isinstance(read_all(PACKERS[codec](BODY) + behind, codec)[1], damage())

    @pytest.mark.parametrize("keep", [0, 1, 5, 11, 0.5, -9, -5, -1])
    def test_cut_off(self, codec: str, keep: float) -> None:
        """Anywhere in the first member, or in a second one: all before it comes out."""
        packed = PACKERS[codec](BODY)
        part = packed[: int(len(packed) * keep) if isinstance(keep, float) else keep]
        found, error = read_all(part, codec)
        assert BODY.startswith(found)
        assert isinstance(error, EOFError)
        if part:
            found, error = read_all(packed + part, codec)
            assert found.startswith(BODY)
            assert (BODY * 2).startswith(found)
            assert isinstance(error, EOFError)


@pytest.mark.usefixtures("piece")
class TestGzip:
    @pytest.mark.parametrize("at", [-1, -4, -5, -8], ids=["length", "length", "checksum", "checksum"])
    def test_wrong_checks(self, at: int) -> None:
        """They stand at the member's end: the text before comes out, and then the damage."""
        data = bytearray(GZIP)
        data[at] ^= 1
        for before in (b"", GZIP):
            found, error = read_all(before + bytes(data), ".gz")
            assert found == BODY * (2 if before else 1)
            assert isinstance(error, zlib.error)
            assert "check" in str(error)

    def test_damage_inside(self) -> None:
        """What stands before it comes out."""
        packer = zlib.compressobj(wbits=31)
        first = packer.compress(BODY) + packer.flush(zlib.Z_FULL_FLUSH)
        found, error = read_all(first + b"\xff" * 50, ".gz")
        assert found == BODY
        assert isinstance(error, zlib.error)

    def test_header_with_everything(self) -> None:
        """Extra field, file name, comment and the header's own checksum."""
        head = b"\x1f\x8b\x08\x1e" + bytes(6) + b"\x03\0abcname\0comment\0"
        head += (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little")
        assert read_all(head + GZIP[10:], ".gz") == (BODY, None)

    @pytest.mark.parametrize("data", [bytes(50), b"no such file", b"\x1f\x8b\x07" + bytes(20)])
    def test_no_gzip(self, data: bytes) -> None:
        found, error = read_all(data, ".gz")
        assert (found, isinstance(error, zlib.error)) == (b"", True)
