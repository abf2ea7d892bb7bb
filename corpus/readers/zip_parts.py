"""The members of a zip archive, opened safely: OpenDocument, EPUB, spreadsheets, plain archives.

What an archive declares is checked before anything is unpacked, and no member is unpacked beyond
the size that it declares. XML is parsed without entities, document types, or the network.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.reasons import Code, Reason

_MB = 1 << 20
_MOST_MEMBERS = 10_000
_LARGEST_MB = 200
_SUSPICIOUS_MB = 5
_BOMB_RATIO = 200  # what people write shrinks to a tenth, hardly ever to a hundredth
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)


class ZipParts:
    """The members of one archive by name. `damaged` is the reason when they cannot be read."""

    def __init__(self, content: bytes, damaged: Code = "damaged_zip") -> None:
        """Open the archive. Raises UnreadableFile for damage, encryption, and zip bombs."""
        self._damaged = Reason(damaged)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _ERRORS as error:
            raise UnreadableFile(self._damaged) from error
        self.members = [member for member in self._archive.infolist() if not member.is_dir()]
        self._sizes = {member.filename: member.file_size for member in self.members}

    @property
    def names(self) -> Sequence[str]:
        """The names of the members, in the archive's order."""
        return [member.filename for member in self.members]

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return name in self._sizes

    def check(self, suffixes: tuple[str, ...] = ()) -> None:
        """Refuse what is too much or locked, among members with these suffixes, or among all.

        Raises UnreadableFile.
        """
        if len(self.members) > _MOST_MEMBERS:
            raise UnreadableFile(Reason("too_many_inside", {"limit": _MOST_MEMBERS}))
        members = [
            member
            for member in self.members
            if not suffixes or member.filename.lower().endswith(suffixes)
        ]
        if any(member.flag_bits & 1 for member in members):
            raise UnreadableFile(Reason("encrypted"))
        unpacked = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        # Each member by itself too, so that a bomb cannot hide beside what hardly shrinks.
        is_bomb = any(
            member.file_size > _SUSPICIOUS_MB * _MB
            and member.file_size > _BOMB_RATIO * member.compress_size
            for member in members
        )
        if is_bomb or unpacked > _LARGEST_MB * _MB:
            sizes = {"packed_mb": round(packed / _MB, 1), "unpacked_mb": round(unpacked / _MB)}
            raise UnreadableFile(Reason("zip_bomb", sizes))

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises UnreadableFile when it is missing or damaged."""
        try:
            return self._archive.read(name)
        except (*_ERRORS, KeyError) as error:
            raise UnreadableFile(self._damaged) from error

    def xml(self, name: str) -> etree._Element:
        """The root element of a member. Raises UnreadableFile."""
        return parse_xml(self.read(name), self._damaged)


def parse_xml(content: bytes, damaged: Reason) -> etree._Element:
    """The root element of XML. Raises UnreadableFile for entities and what is not well-formed."""
    if _ENTITY.search(content.replace(b"\0", b"")):
        raise UnreadableFile(Reason("entities"))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise UnreadableFile(Reason("nested_too_deeply")) from error
        raise UnreadableFile(damaged) from error
    except ValueError as error:
        raise UnreadableFile(damaged) from error


def resolve(base: str, target: str) -> str:
    """The name of a member that another one refers to, relative to its folder."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), target)).lstrip("/")
