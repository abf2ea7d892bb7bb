"""What kind of file is this? The content decides; the name counts for plain text only.

A new format: a name in `Kind`, its recognition here, and `corpus/readers/<kind>.py` with `read`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import PurePath
from typing import Final, Literal, TypeAlias

from corpus.errors import UnreadableFile
from corpus.reading.decoding import decode
from corpus.reasons import Code, Reason

Kind: TypeAlias = Literal[
    "plain",
    "markdown",
    "html",
    "pdf",
    "docx",
    "email",
    "word2003",
    "rtf",
    "opendocument",
    "spreadsheet",
    "delimited",
    "presentation",
    "epub",
    "outlook",
    "mailbox",
    "archive",
    "structured",
    "picture",
    "old_office",
]

_PDF = re.compile(rb"%PDF-\d\.\d")
_PDF_WITHIN = 1024  # as readers of PDF do (ISO 32000-1, annex H.3.4.1)


def _no_document(what: Code) -> Reason:
    return Reason("not_a_document", {"what": Reason(what)})


def _archive(kind: str) -> Reason:
    return Reason("archive", {"kind": kind})


_SIGNATURES: tuple[tuple[int, bytes, Reason], ...] = (
    (0, b"GIF87a", _no_document("gif_image")),
    (0, b"GIF89a", _no_document("gif_image")),
    (4, b"ftyp", _no_document("film_or_sound")),
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
    (0, b"%!PS", Reason("postscript")),
    (0, b"\x00\x01\x00\x00\x00", _no_document("font")),
    (0, b"OTTO", _no_document("font")),
    (0, b"wOF", _no_document("font")),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIPPED: tuple[tuple[str, Kind], ...] = (  # a member's name begins so: what the archive is
    ("word/", "docx"),
    ("xl/", "spreadsheet"),
    ("ppt/", "presentation"),
    ("META-INF/container.xml", "epub"),
    ("content.xml", "opendocument"),
)
# Pictures of phones: HEIC, and AVIF in the same container.
HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_PICTURES: tuple[tuple[int, bytes], ...] = (
    (0, b"\x89PNG\r\n"),
    (0, b"\xff\xd8\xff"),
    (0, b"II*\x00"),
    (0, b"MM\x00*"),
    (8, b"WEBP"),
    *((4, b"ftyp" + brand) for brand in HEIF_BRANDS),
)
_STREAMS: tuple[tuple[str, Kind], ...] = (  # at the root of an old container: what it is
    ("__properties_version1.0", "outlook"),
    ("WordDocument", "old_office"),
    ("Workbook", "spreadsheet"),
    ("Book", "spreadsheet"),
    ("PowerPoint Document", "old_office"),
    ("MatOST", "old_office"),  # Microsoft Works
    ("CONTENTS", "old_office"),  # its later versions
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
_TABLE_NAMES = {".csv", ".tsv", ".tab"}
_XML_BEGINS = re.compile(rb"\s*<(?:\?xml|[A-Za-z_][\w.:-]{0,80}(?:\s[^<>]{0,2000})?/?>)")
_XML_ROOT = re.compile(
    rb"\s*<\?xml[^>]{0,200}\?>\s*(?:(?:<!--.{0,2000}?-->|<\?.{0,500}?\?>|<!DOCTYPE[^>\[]{0,500}"
    rb"(?:\[.{0,4000}?\]\s*)?>)\s*){0,20}<(?:[\w.-]{1,40}:)?([\w.-]{1,80})",
    re.DOTALL,
)
_HTML_ROOTS = {b"html", b"head", b"body", b"div", b"p", b"article", b"table"}
_SAMPLE = 1 << 15
_ATX = re.compile(rb"^#{1,6} \S", re.MULTILINE)


def kind_of(content: bytes, name: str) -> Kind:
    """Which reader reads this content. Raises UnreadableFile for what none reads."""
    if not content:
        raise UnreadableFile(Reason("empty_file"))
    head = content[:_HEAD].replace(b"\0", b"")  # so that UTF-16 markup shows, too
    if _is_email(content):
        return "mailbox" if _is_mailbox(content) else "email"
    if _PDF.search(content, 0, _PDF_WITHIN):
        return "pdf"
    if content.startswith(_ZIP):
        return _zipped(content)
    return _signed(content) or _text_or_data(content, head, name)


def _signed(content: bytes) -> Kind | None:
    """What a file is by its first bytes. Raises UnreadableFile for what none reads."""
    if content.startswith(_OLE):
        return _contained(content)
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if any(content.startswith(signature, offset) for offset, signature in _PICTURES):
        return "picture"
    if _is_bitmap(content):
        return "picture"
    _refuse_binary(content)
    return None


def _is_bitmap(content: bytes) -> bool:
    """Whether it is a BMP: two letters alone could begin a text, so its header is read."""
    return content.startswith(b"BM") and content[6:10] == bytes(4) and content[15:18] == bytes(3)


def _text_or_data(content: bytes, head: bytes, name: str) -> Kind:
    suffix = PurePath(name).suffix.lower()
    kind = _text_kind(head, suffix)
    return _table_or_data(content, suffix) or kind if kind == "plain" else kind


def _text_kind(head: bytes, suffix: str) -> Kind:
    if _WORD_2003 in head:
        return "word2003"
    if _FLAT_PACKAGE in head and _FLAT_WORD.search(head):
        return "docx"
    root = _XML_ROOT.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe"))
    if root and root[1].lower() not in _HTML_ROOTS:
        return "structured"
    if _FRONT_MATTER.match(head) or suffix in _MARKDOWN_NAMES:
        return "markdown"
    if _HTML_BEGINS.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe")) and _HTML.search(head):
        return "html"
    return "markdown" if suffix not in _TEXT_NAMES and len(_ATX.findall(head)) > 1 else "plain"


def _table_or_data(content: bytes, suffix: str) -> Kind | None:
    """What a text is whose form is a machine's: JSON, XML, or rows of cells."""
    plain = content.lstrip(b"\xef\xbb\xbf\xff\xfe")
    head = plain[:_HEAD].replace(b"\0", b"")
    # A single element may stand in a text; a namespace stands in XML alone.
    if _XML_BEGINS.match(head) and b"xmlns" in head and _is_xml(content):
        return "structured"
    if plain[:1] in {b"{", b"["} or plain.lstrip(b"\0 \t\r\n")[:1] in {b"{", b"["}:
        structured = import_module("corpus.readers.structured")
        if structured.is_json(decode(content).text):
            return "structured"
    if any(separator in content[:_SAMPLE] for separator in (b",", b"\t", b";", b"|")):
        delimited = import_module("corpus.readers.delimited")
        try:
            sample = decode(content[:_SAMPLE] if len(content) > 2 * _SAMPLE else content).text
        except UnreadableFile:  # the sample may be cut within a character
            return None
        if delimited.find_separator(sample[:_SAMPLE], is_named=suffix in _TABLE_NAMES):
            return "delimited"
    return None


def _is_xml(content: bytes) -> bool:
    """Whether all of it is XML, or would be but for what is not allowed."""
    zip_parts = import_module("corpus.readers.zip_parts")
    try:
        zip_parts.parse_xml(content, Reason("damaged_data"))
    except UnreadableFile as refusal:
        # Text that only begins with an element is text; a file that says it is XML is that.
        return refusal.reason.code != "damaged_data" or b"<?xml" in content[:_HEAD]
    return True


def _is_mailbox(content: bytes) -> bool:
    """Whether it holds several messages, one after the other."""
    if not content.lstrip().startswith(b"From "):
        return False
    return bool(import_module("corpus.readers.email").NEXT_IN_MBOX.search(content))


def _contained(content: bytes) -> Kind:
    """What an old container (OLE) holds, by the streams at its root."""
    olefile = import_module("olefile")
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            names = {entry[0] for entry in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise UnreadableFile(Reason("damaged_old_file")) from error
    if "EncryptedPackage" in names:
        raise UnreadableFile(Reason("encrypted"))
    for name, kind in _STREAMS:
        if name in names:
            return kind
    raise UnreadableFile(Reason("old_office_file"))


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
    for beginning, kind in _ZIPPED:
        if any(name.startswith(beginning) for name in names):
            is_sheet = kind == "opendocument" and b"opendocument.spreadsheet" in content[:200]
            return "spreadsheet" if is_sheet else kind
    return "archive"


def _refuse_binary(content: bytes) -> None:
    for offset, signature, reason in _SIGNATURES:
        if content.startswith(signature, offset):
            raise UnreadableFile(reason)
