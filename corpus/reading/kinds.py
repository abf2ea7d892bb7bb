"""What kind of file is this? The content decides; the name counts for plain text only.

A new format: a name in `Kind`, its recognition here, and `corpus/readers/<kind>.py` with `read`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import Literal, TypeAlias

from corpus.errors import UnreadableFile
from corpus.reasons import Code, Reason

Kind: TypeAlias = Literal["plain", "markdown", "html", "pdf", "docx", "email", "word2003"]

_PDF = re.compile(rb"%PDF-\d\.\d")
_PDF_WITHIN = 1024  # as readers of PDF do (ISO 32000-1, annex H.3.4.1)


def _no_document(what: Code) -> Reason:
    return Reason("not_a_document", {"what": Reason(what)})


def _archive(kind: str) -> Reason:
    return Reason("archive", {"kind": kind})


_SIGNATURES: tuple[tuple[int, bytes, Reason], ...] = (
    (0, b"\x89PNG\r\n", _no_document("png_image")),
    (0, b"\xff\xd8\xff", _no_document("jpeg_image")),
    (0, b"GIF87a", _no_document("gif_image")),
    (0, b"GIF89a", _no_document("gif_image")),
    (0, b"II*\x00", _no_document("tiff_image")),
    (0, b"MM\x00*", _no_document("tiff_image")),
    (8, b"WEBP", _no_document("webp_image")),
    (4, b"ftyp", _no_document("film_sound_or_heic")),
    (0, b"RIFF", _no_document("sound_or_film")),
    (0, b"ID3", _no_document("sound")),
    (0, b"OggS", _no_document("sound_or_film")),
    (0, b"fLaC", _no_document("sound")),
    (0, b"\x1aE\xdf\xa3", _no_document("film")),
    (0, b"\x7fELF", _no_document("program")),
    (0, b"\xcf\xfa\xed\xfe", _no_document("program")),
    (0, b"\xca\xfe\xba\xbe", _no_document("program")),
    (0, b"\x00asm", _no_document("program")),
    (0, b"\x1f\x8b", _archive("gzip")),
    (0, b"BZh", _archive("bzip2")),
    (0, b"\xfd7zXZ", _archive("xz")),
    (0, b"7z\xbc\xaf", _archive("7-Zip")),
    (0, b"Rar!\x1a", _archive("RAR")),
    (0, b"\x28\xb5\x2f\xfd", _archive("Zstandard")),
    (257, b"ustar", _archive("tar")),
    (0, b"SQLite format 3", _no_document("database")),
    (0, b"\x78\x9f\x3e\x22", Reason("outlook_wrapping")),
    (0, b"{\\rtf", Reason("rich_text")),
    (0, b"%!PS", Reason("postscript")),
    (0, b"\x00\x01\x00\x00\x00", _no_document("font")),
    (0, b"OTTO", _no_document("font")),
    (0, b"wOF", _no_document("font")),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIPPED = (  # a member's name begins so: what the archive is
    ("xl/", Reason("spreadsheet")),
    ("ppt/", Reason("presentation")),
    ("META-INF/container.xml", Reason("e_book")),
    ("content.xml", Reason("open_document")),
)
_HEAD = 8192
_HTML = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|title|meta|article|main|section|div|table|p|h[1-6]|span"
    rb"|ul|ol|font|center)(?=[\s>/])",
    re.IGNORECASE,
)
# The root elements of Word's own XML files name their namespaces.
_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_FLAT_PACKAGE = b"http://schemas.microsoft.com/office/2006/xmlPackage"
_FLAT_WORD = re.compile(rb"Word\.Document|/word/")
_HTML_BEGINS = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<", re.DOTALL)
_BYTE_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_LONGEST_HEADERS = 1 << 18  # seals of forwarding servers take tens of thousands of bytes
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,76}):(.*)|[ \t].*")
_MAIL_HEADERS = frozenset(b"to cc date subject sender reply-to content-type".split())
_MAIL_ONLY = frozenset(b"message-id mime-version received return-path delivered-to".split())
_FRONT_MATTER = re.compile(
    rb"(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*\r?\n(?:.*\r?\n){0,100}?\1[ \t]*(?:\r?\n|$)"
)
_MARKDOWN_NAMES = {".md", ".markdown", ".mdown", ".mkd"}
_TEXT_NAMES = {".txt", ".text", ".log", ".csv", ".tsv"}
_ATX = re.compile(rb"^#{1,6} \S", re.MULTILINE)


def kind_of(content: bytes, name: str) -> Kind:
    """Which reader reads this content. Raises UnreadableFile for what none reads."""
    if not content:
        raise UnreadableFile(Reason("empty_file"))
    head = content[:_HEAD].replace(b"\0", b"")  # so that UTF-16 markup shows, too
    if _is_email(content):
        return "email"
    if _PDF.search(content, 0, _PDF_WITHIN):
        return "pdf"
    if content.startswith(_ZIP):
        return _zipped(content)
    _refuse_binary(content)
    return _text_kind(head, PurePath(name).suffix.lower())


def _text_kind(head: bytes, suffix: str) -> Kind:
    if _WORD_2003 in head:
        return "word2003"
    if _FLAT_PACKAGE in head and _FLAT_WORD.search(head):
        return "docx"
    if _FRONT_MATTER.match(head) or suffix in _MARKDOWN_NAMES:
        return "markdown"
    if _HTML_BEGINS.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe")) and _HTML.search(head):
        return "html"
    return "markdown" if suffix not in _TEXT_NAMES and len(_ATX.findall(head)) > 1 else "plain"


def _is_email(content: bytes) -> bool:
    """A block of header lines with a From and more that mail has, which a memorandum has not.

    A web page that Word or a browser saved in one file has such a block too, perhaps no From.
    """
    headers: dict[bytes, bytes] = {}
    name = b""
    for line in _header_lines(content):
        if not line:
            break
        match = _HEADER_LINE.fullmatch(line)
        if not match:
            return False
        name = match[1].lower() if match[1] else name
        # What goes on in the next line is part of the value: the type of a saved page may.
        value = match[2] if match[1] else headers.get(name, b"") + line
        if not match[1] or name not in headers:
            headers[name] = value
    if b"sent" in headers:  # a message printed as text
        return False
    if b"from" not in headers:
        kind = headers.get(b"content-type", b"").strip().lower()
        return b"mime-version" in headers and kind.startswith((b"multipart/related", b"text/html"))
    addressed = b"@" in headers[b"from"] and not _MAIL_HEADERS.isdisjoint(headers)
    return addressed or not _MAIL_ONLY.isdisjoint(headers)


def _header_lines(content: bytes) -> Iterator[bytes]:
    """The lines at the beginning, as far as headers of real mail go, without the mbox's own."""
    start = len(content) - len(content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    if content.startswith(b"From ", start):  # the first line of a message kept in an mbox
        start = content.find(b"\n", start) + 1 or len(content)
    for line in _BYTE_LINE.finditer(content, start, start + _LONGEST_HEADERS):
        yield line[0].rstrip(b"\r\n")


def _zipped(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        word = b"word/" in content[: _HEAD * 8]
        reason = Reason("damaged_word_file" if word else "damaged_zip")
        raise UnreadableFile(reason) from error
    if any(name.startswith("word/") for name in names):
        return "docx"
    for beginning, reason in _ZIPPED:
        if any(name.startswith(beginning) for name in names):
            raise UnreadableFile(reason)
    raise UnreadableFile(_archive("zip"))


def _refuse_binary(content: bytes) -> None:
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(Reason("encrypted"))
        raise UnreadableFile(Reason("old_office_file"))
    for offset, signature, reason in _SIGNATURES:
        if content.startswith(signature, offset):
            raise UnreadableFile(reason)
