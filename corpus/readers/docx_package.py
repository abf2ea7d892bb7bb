"""Is this Word file safe to open? A zip of XML parts, checked before any XML is parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from corpus.errors import UnreadableFile

_MOST_PARTS = 10_000
_LARGEST_MB = 200
_LARGEST_XML_MB = 100
_SUSPICIOUS_MB = 5
_BOMB_RATIO = 200
_XML = (".xml", ".rels", ".vml")
_DECLARATIONS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)["']""")
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"
DAMAGED = "the Word file is damaged or cut short: get a whole copy"


def check(content: bytes) -> None:
    """Refuse zip bombs, encrypted or damaged parts, and XML that declares anything of its own.

    Raises UnreadableFile.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_sizes(members, len(content))
            for member in members:
                if member.filename.lower().endswith(_XML):
                    _check_xml(archive.read(member))
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError) as error:
        raise UnreadableFile(DAMAGED) from error


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    # Reading a member stops at the size it declares, so that declared sizes can be relied on.
    unpacked = sum(member.file_size for member in members)
    largest = max((m.file_size for m in members if m.filename.lower().endswith(_XML)), default=0)
    mb = 1 << 20
    bomb = unpacked > _SUSPICIOUS_MB * mb and unpacked > _BOMB_RATIO * packed
    if bomb or unpacked > _LARGEST_MB * mb or largest > _LARGEST_XML_MB * mb:
        raise UnreadableFile(
            f"the Word file unpacks from {packed / mb:.1f} to {unpacked / mb:.0f} MB, as zip bombs "
            "do: split the document"
        )
    if len(members) > _MOST_PARTS:
        raise UnreadableFile(f"the Word file has more than {_MOST_PARTS} parts")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("the Word file is encrypted: save it without a password and add that")


def _check_xml(part: bytes) -> None:
    """No document type and no entities, in any encoding that could hide them."""
    plain = part.replace(b"\0", b"").lstrip(_BEFORE_XML)
    encoding = _ENCODING.match(plain)
    if _DECLARATIONS.search(plain):
        raise UnreadableFile(
            "the Word file declares XML entities, which Word never does: it is not opened"
        )
    if not plain.startswith(b"<") or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise UnreadableFile(DAMAGED)
