"""What kind of file is this? Known by its content; the name only tips the scale for plain text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal, TypeAlias

from corpus.errors import UnreadableFile

Kind: TypeAlias = Literal["plain", "markdown", "html", "pdf", "docx", "email", "word2003"]

_PDF = re.compile(rb"%PDF-\d\.\d")
_PDF_WITHIN = 1024  # as readers of PDF do (ISO 32000-1, annex H.3.4.1)
_SAVE_AS = "save it as PDF, DOCX or text and add that"
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n", "a PNG image, not a document"),
    (0, b"\xff\xd8\xff", "a JPEG image, not a document"),
    (0, b"GIF87a", "a GIF image, not a document"),
    (0, b"GIF89a", "a GIF image, not a document"),
    (0, b"II*\x00", "a TIFF image, not a document"),
    (0, b"MM\x00*", "a TIFF image, not a document"),
    (8, b"WEBP", "a WebP image, not a document"),
    (4, b"ftyp", "a film, sound or HEIC image, not a document"),
    (0, b"RIFF", "a sound or film, not a document"),
    (0, b"ID3", "a sound file, not a document"),
    (0, b"OggS", "a sound or film, not a document"),
    (0, b"fLaC", "a sound file, not a document"),
    (0, b"\x1aE\xdf\xa3", "a film, not a document"),
    (0, b"\x7fELF", "a program, not a document"),
    (0, b"\xcf\xfa\xed\xfe", "a program, not a document"),
    (0, b"\xca\xfe\xba\xbe", "a program, not a document"),
    (0, b"\x00asm", "a program, not a document"),
    (0, b"\x1f\x8b", "a gzip archive: unpack it and add its files"),
    (0, b"BZh", "a bzip2 archive: unpack it and add its files"),
    (0, b"\xfd7zXZ", "an xz archive: unpack it and add its files"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive: unpack it and add its files"),
    (0, b"Rar!\x1a", "a RAR archive: unpack it and add its files"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive: unpack it and add its files"),
    (257, b"ustar", "a tar archive: unpack it and add its files"),
    (0, b"SQLite format 3", "a database, not a document"),
    (0, b"\x78\x9f\x3e\x22", "Outlook's wrapping (winmail.dat): ask for the files themselves"),
    (0, b"{\\rtf", f"a rich-text (RTF) file: {_SAVE_AS}"),
    (0, b"%!PS", "a PostScript file: convert it to PDF and add that"),
    (0, b"\x00\x01\x00\x00\x00", "a font, not a document"),
    (0, b"OTTO", "a font, not a document"),
    (0, b"wOF", "a font, not a document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIPPED = (  # a member's name begins so: what the archive is
    ("xl/", f"a spreadsheet (XLSX): {_SAVE_AS}"),
    ("ppt/", f"a presentation (PPTX): {_SAVE_AS}"),
    ("META-INF/container.xml", f"an e-book (EPUB): {_SAVE_AS}"),
    ("content.xml", f"an OpenDocument file: {_SAVE_AS}"),
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
        raise UnreadableFile("the file is empty")
    head = content[:_HEAD].replace(b"\0", b"")  # so that UTF-16 markup shows, too
    if _is_email(head):
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


def _is_email(head: bytes) -> bool:
    """A block of header lines with a From and more that mail has, which a memorandum has not."""
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").splitlines()
    if lines and lines[0].startswith(b"From "):  # the first line of a message kept in an mbox
        del lines[0]
    headers: dict[bytes, bytes] = {}
    for line in lines:
        if not line:
            break
        match = _HEADER_LINE.fullmatch(line)
        if not match:
            return False
        headers.setdefault((match[1] or b"").lower(), match[2] or b"")
    if b"from" not in headers or b"sent" in headers:  # the latter is a message printed as text
        return False
    addressed = b"@" in headers[b"from"] and not _MAIL_HEADERS.isdisjoint(headers)
    return addressed or not _MAIL_ONLY.isdisjoint(headers)


def _zipped(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        word = b"word/" in content[: _HEAD * 8]
        whole = "the Word file" if word else "the zip archive"
        raise UnreadableFile(f"{whole} is damaged or cut short: get a whole copy") from error
    if any(name.startswith("word/") for name in names):
        return "docx"
    for beginning, description in _ZIPPED:
        if any(name.startswith(beginning) for name in names):
            raise UnreadableFile(f"it is {description}")
    raise UnreadableFile("it is a zip archive: unpack it and add its files")


def _refuse_binary(content: bytes) -> None:
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("it is encrypted: save it without a password and add that")
        raise UnreadableFile(f"it is an old Office file (DOC, XLS, PPT, MSG): {_SAVE_AS}")
    for offset, signature, description in _SIGNATURES:
        if content.startswith(signature, offset):
            raise UnreadableFile(f"it is {description}")
