"""In which encoding is this text? Found out from the bytes, never assumed.

A byte-order mark settles it, and so does valid UTF-8 (Yergeau, RFC 3629: no other encoding
looks like it by chance). Otherwise each encoding that our documents use is tried, and the
reading that somebody most likely wrote wins; when none is likely, charset-normalizer is asked.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.reading.plausibility import cost
from corpus.reasons import Reason

_BOMS = (  # UTF-32's little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE = ("utf-16-le", "utf-16-be")
_BYTEWISE = ("utf-8", "gb18030", "big5", "cp1252")
_FOREIGN = ("cp932", "euc_jp", "cp949", "cp1251", "koi8_r")
# In nats; a Han character is worth about eight. What is declared is often wrong, but not usually.
_PRIOR = dict.fromkeys(_BYTEWISE[1:], 4.0) | dict.fromkeys(_FOREIGN, 30.0)
_VALID_UTF8 = -12.0
_DECLARED = -12.0
# Nats a character above which nobody is taken to have written a text.
_UNLIKELY = 10.0

_SAMPLE = 1 << 16
_ASCII_RUN = re.compile(rb"([\x00-\x7f]{16})[\x00-\x7f]+")
_THREE_BYTES = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_DAMAGE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_NEWLINE = re.compile(r"\r\n?")
# Fonts of some PDF writers name 一 by its Kangxi radical ⼀. Alone, a radical may be meant as one.
_RADICAL_IN_TEXT = re.compile(
    "(?<=[\u2e80-\u9fff])[\u2e80-\u2fdf]|[\u2e80-\u2fdf](?=[\u2e80-\u9fff\uff0c])"
)
# Unicode's compatibility mappings cover the Kangxi block and only two of the supplement.
_SUPPLEMENT = str.maketrans(
    "⺝⺟⺠⺧⺼⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "月母民牛肉西见角贝车長长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)

# Python's HKSCS table where Windows and the web write another sign of the same look
# (https://encoding.spec.whatwg.org/#index-big5); A145 is a bullet at the start of a line only.
_BIG5_SIGNS = str.maketrans("､‾∼♁☉￭", "﹑¯～⊕⊙▓")
_BIG5_NAME_DOT = re.compile(r"(?<=\S)•")
_WIDER = {  # what is declared by its first name is written in its second
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5hkscs": "big5",
    "cp950": "big5",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-15": "cp1252",
}
_NO_TEXT = Reason("unknown_encoding")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Clean text, and the encoding it was found to be in, by Python's name."""

    text: str
    encoding: str


def decode(content: bytes, declared: str | None = None) -> Decoded:
    """Turn bytes into clean text; `declared` is what the document says of its own encoding.

    Raises UnreadableFile when the bytes are no text in any encoding known here.
    """
    mark, encoding = next((pair for pair in _BOMS if content.startswith(pair[0])), (b"", ""))
    content = content[len(mark) :]
    encoding = encoding or _found(content, _codec(declared))
    text = _read(content, encoding)
    damage = sum(1 for _ in _DAMAGE.finditer(text))
    if damage > 2 and damage * 10 > len(text):
        raise UnreadableFile(_NO_TEXT)
    return Decoded(clean(text), encoding)


def clean(text: str) -> str:
    """NUL and lone surrogates become U+FFFD, line ends a newline, radicals in a text characters.

    All else stays, and no character becomes two.
    """
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = _RADICAL_IN_TEXT.sub(_character_of, text)
    return _NEWLINE.sub("\n", text.replace("\0", "\ufffd"))


def _character_of(radical: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", radical[0]).translate(_SUPPLEMENT)


def _found(content: bytes, declared: str | None) -> str:
    """The encoding of text without a byte-order mark."""
    sure = declared == "utf-8" or _only_as_utf8(content)
    if b"\0" not in content and sure and _decodes(content, "utf-8"):
        return "utf-8"
    wide = _wide(content)
    if wide:
        return wide
    if declared and declared not in _BYTEWISE and _decodes(content, declared):
        return declared
    sample = _ASCII_RUN.sub(rb"\1", content)[:_SAMPLE]
    costs = {encoding: _cost(sample, encoding, declared) for encoding in (*_BYTEWISE, *_FOREIGN)}
    best = min(costs, key=costs.__getitem__)
    text = _guess(sample, best)
    broken = text.count("\ufffd") * 20 > sum(map(len, _BEYOND_ASCII.findall(text)))
    if _likely(text) and (best == "utf-8" or not broken):
        return best
    return _foreign(sample)


def _foreign(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  (slow to import, seldom needed)

    match = from_bytes(sample).best()
    if match is None:
        raise UnreadableFile(_NO_TEXT)
    return match.encoding


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _only_as_utf8(content: bytes) -> bool:
    """Chance makes valid two-byte sequences out of GB18030, hardly ever three-byte ones."""
    return content.isascii() or _THREE_BYTES.search(content) is not None


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark, when that is the likelier reading of the first bytes."""
    head = content[:_SAMPLE]
    costs = {encoding: cost(_guess(head, encoding)) for encoding in (*_WIDE, *_BYTEWISE)}
    best = min(costs, key=costs.__getitem__)
    return best if best in _WIDE and _likely(_guess(head, best)) else None


def _cost(sample: bytes, encoding: str, declared: str | None) -> float:
    bias = _PRIOR.get(encoding, 0.0) + (_DECLARED if encoding == declared else 0.0)
    if encoding == "utf-8" and _decodes(sample, "utf-8"):
        bias += _VALID_UTF8
    return cost(_guess(sample, encoding)) + bias


def _likely(text: str) -> bool:
    return cost(text) < _UNLIKELY * len(text)


def _read(content: bytes, encoding: str) -> str:
    """Decode as a whole; surrogates stay for `clean` to join or to replace."""
    if encoding == "big5":
        return _guess(content, encoding)
    try:
        return content.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return _guess(content, encoding)


def _guess(content: bytes, encoding: str) -> str:
    """Decode with U+FFFD for what cannot be."""
    if encoding == "big5":
        text = content.decode("big5hkscs", "pincite-cp950")
        return _BIG5_NAME_DOT.sub("‧", text.translate(_BIG5_SIGNS))
    return content.decode(encoding, "replace")


def _as_cp950(error: UnicodeError) -> tuple[str, int]:
    """The euro and a few kana, which only cp950 holds. A codec error handler."""
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    try:
        return pair.decode("cp950"), error.start + 2
    except UnicodeDecodeError:
        return "\ufffd", error.end


codecs.register_error("pincite-cp950", _as_cp950)


def _codec(label: str | None) -> str | None:
    """Python's name for the superset of a declared encoding; None when it names none."""
    try:
        name = codecs.lookup(label or "").name
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name)
