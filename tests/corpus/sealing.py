"""Encrypts PDF objects as the oldest standard does: RC4 with 40 bits (ISO 32000-1, 7.6)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

ID = b"0123456789abcdef"
_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_MAY = -4  # everything is allowed
_STREAM = re.compile(rb"(?<=stream\n).*(?=\nendstream)", re.DOTALL)
_TEXT = re.compile(rb"<(feff[0-9a-f]*)>")


def sealed(objects: Sequence[bytes], password: str) -> tuple[list[bytes], bytes]:
    """The objects encrypted for this password, and the dictionary that says so."""
    secret = (password.encode("latin-1") + _PAD)[:32]
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], secret)
    mixed = secret + owner + (_MAY & 0xFFFFFFFF).to_bytes(4, "little") + ID
    key = hashlib.md5(mixed).digest()[:5]
    user = _rc4(key, _PAD)
    about = f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P {_MAY} >>"
    return [_object(key, number, body) for number, body in enumerate(objects, 1)], about.encode()


def _object(key: bytes, number: int, body: bytes) -> bytes:
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
    body = _STREAM.sub(lambda found: _rc4(own, found[0]), body)
    return _TEXT.sub(
        lambda found: b"<%s>" % _rc4(own, bytes.fromhex(found[1].decode())).hex().encode(), body
    )


def _rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
