"""The parts of a Word file, opened safely, whichever of its containers holds them.

A Word document is a set of XML parts that refer to one another (Open Packaging Conventions,
ECMA-376 part 2). Usually they are members of a zip archive. The flat form keeps the same parts in
one XML file. Strict documents (ISO/IEC 29500) use other namespaces for the same elements; they are
renamed before parsing, so that readers see one set of names. Templates and documents with macros
differ only in the type of their main part, and macros are never looked at.
"""

from __future__ import annotations

import base64
import binascii
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from corpus.errors import UnreadableFile
from corpus.reasons import Reason

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
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_PACKAGE = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MB = 1 << 20
DAMAGED = Reason("damaged_word_file")


class DamagedPackage(Exception):
    """A part is missing, or is not what it should be."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of the relation's type, and the part's name."""

    kind: str
    target: str


class WordPackage:
    """Parts by name, and what they refer to. Parts are read when they are needed."""

    def __init__(self, names: frozenset[str], read: Callable[[str], bytes]) -> None:
        self._names = names
        self._read = read
        self._relations: dict[str, Mapping[str, Relation]] = {}

    @cached_property
    def main(self) -> str:
        """The name of the part that holds the document's body. Raises DamagedPackage."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.target in self._names:
                return relation.target
        raise DamagedPackage

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name in self._names

    def content(self, name: str) -> bytes:
        """A part's bytes. Raises DamagedPackage when there is none of that name."""
        if name not in self._names:
            raise DamagedPackage
        return self._read(name)

    def root(self, name: str) -> Element:
        """The root element of an XML part. Raises DamagedPackage or SyntaxError."""
        return parse_xml(_STRICT.sub(_TRANSITIONAL, self.content(name)))

    def relations(self, name: str) -> Mapping[str, Relation]:
        """What a part refers to inside the package, by id; `""` is the package itself."""
        if name not in self._relations:
            self._relations[name] = dict(self._parse_relations(name))
        return self._relations[name]

    def related(self, kind: str) -> Element | None:
        """The root of the first part of a kind that the main part refers to."""
        for relation in self.relations(self.main).values():
            if relation.kind == kind and relation.target in self._names:
                return self.root(relation.target)
        return None

    def _parse_relations(self, name: str) -> Iterator[tuple[str, Relation]]:
        folder, file = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        if listing not in self._names:
            return
        for node in self.root(listing).iterchildren(_RELATIONSHIP):
            target = str(node.get("Target") or "")
            # What lies outside is never fetched: a document must not reach the network.
            if node.get("TargetMode") == "External" or not target:
                continue
            # A target is relative to the folder of the part that names it, or absolute.
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = str(node.get("Type") or "").rsplit("/", 1)[-1]
            yield str(node.get("Id") or ""), Relation(kind, path)


def open_package(content: bytes) -> WordPackage:
    """Open the zip archive or the flat file. Raises UnreadableFile, DamagedPackage, SyntaxError."""
    return _open_zip(content) if content.startswith(b"PK") else _open_flat(content)


def check_xml(part: bytes) -> None:
    """Refuse a document type and entities, in any encoding that could hide them.

    Raises UnreadableFile.
    """
    plain = part.replace(b"\0", b"").lstrip(_BEFORE_XML)
    encoding = _ENCODING.match(plain)
    if _DECLARATIONS.search(plain):
        raise UnreadableFile(Reason("word_file_with_entities"))
    if not plain.startswith(b"<") or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise UnreadableFile(DAMAGED)


def _open_zip(content: bytes) -> WordPackage:
    """Refuse zip bombs, encrypted or damaged parts, and XML that declares anything of its own."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        _check_members(members)
        for member in members:
            if member.filename.lower().endswith(_XML):
                check_xml(archive.read(member))
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError) as error:
        raise UnreadableFile(DAMAGED) from error
    sizes = {member.filename: member.file_size for member in members}

    def read(name: str) -> bytes:
        """A member, unpacked."""
        if sizes[name] > _LARGEST_XML_MB * _MB:  # a picture of this size is left alone
            raise DamagedPackage
        return archive.read(name)

    return WordPackage(frozenset(sizes), read)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    # Only XML is unpacked as a whole. Plain pictures shrink a thousandfold and are no bombs.
    # Reading a member stops at the size it declares, so that declared sizes can be relied on.
    parts = [member for member in members if member.filename.lower().endswith(_XML)]
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    bomb = unpacked > _SUSPICIOUS_MB * _MB and unpacked > _BOMB_RATIO * packed
    if bomb or unpacked > _LARGEST_MB * _MB or largest > _LARGEST_XML_MB * _MB:
        sizes = {"packed_mb": round(packed / _MB, 1), "unpacked_mb": round(unpacked / _MB)}
        raise UnreadableFile(Reason("zip_bomb", sizes))
    if len(members) > _MOST_PARTS:
        raise UnreadableFile(Reason("too_many_word_parts", {"limit": _MOST_PARTS}))
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(Reason("encrypted_word_file"))


def _open_flat(content: bytes) -> WordPackage:
    """The flat form: each part is an element, with XML or base64 inside."""
    # The whole file is one XML text, so that one look at it suffices.
    check_xml(content)
    parts: dict[str, bytes] = {}
    for part in parse_xml(_STRICT.sub(_TRANSITIONAL, content)).iterchildren(f"{_PACKAGE}part"):
        name = str(part.get(f"{_PACKAGE}name") or "").lstrip("/")
        xml = part.find(f"{_PACKAGE}xmlData")
        data = part.find(f"{_PACKAGE}binaryData")
        if xml is not None and len(xml):
            parts[name] = serialize(xml[0])
        elif data is not None:
            parts[name] = _decode_base64(data.text or "")
    return WordPackage(frozenset(parts), parts.__getitem__)


def serialize(node: Element) -> bytes:
    """An element as an XML part of its own."""
    return bytes(serialize_part_xml(node))


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
