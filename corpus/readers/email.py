"""E-mail (RFC 5322, MIME): headers as metadata and first lines, the body, attachments apart.

The plain text of a message is preferred over its HTML, unless it only says that there is some.
Headers and bodies whose charset is missing or wrong, as in much Chinese mail, are decoded by what
they hold. Signed messages are opened, also those whose content is wrapped in the signature (CMS,
RFC 8551). A web page that a browser or Word saved in one file (MHTML) has the form of a message
too; it is read as the page that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from corpus.errors import UnreadableFile
from corpus.language.dates import iso_date
from corpus.models import Extract, Metadata
from corpus.readers import html, ocr
from corpus.readers.attachments import name_attachments
from corpus.readers.page_layout import PageLayout
from corpus.readers.page_paragraphs import join_pages
from corpus.readers.plain import rejoin_figures
from corpus.reading.decoding import clean, decode
from corpus.reading.pace import step_done
from corpus.reasons import Reason

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_LONGEST_HEADER = 20_000
_MOST_PARTS = 2_000
_MBOX = re.compile(rb"\s*From [^\n]{0,300}\n")
NEXT_IN_MBOX = re.compile(rb"\n\r?\nFrom [^\n]{1,300} \d{4}\r?\n[!-9;-~]+:")
_AS_IS = policy.default.clone(refold_source="none", max_line_length=None)
_BODIES = {"plain", "html", "enriched", "markdown", "x-markdown"}
_UNSEEN = {"pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "css"}
_WEB = re.compile(r"https?://\S{1,2000}")
_WRAPPED = {"pkcs7-mime", "x-pkcs7-mime"}
_DEEPEST_WRAPPING = 5
_LEAST_SHARED = 0.5  # of the plain text's words that its HTML has too, or it is no version of it
_MUCH_LONGER = 2.0
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W_]+")
_PAGE_LIKE = (500, 500_000)  # pixels: the shorter side, and all, of a picture that may be a page
_MOST_PICTURES = 50


def read(content: bytes, name: str) -> Extract:
    """Read one message. Raises UnreadableFile."""
    envelope = _MBOX.match(content)
    begin = envelope.end() if envelope else 0
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(content[begin:])
    page = _saved_page(message)
    if page:
        return page
    headers = read_headers(message)
    parts = _Parts()
    parts.gather(message)
    lines = "\n".join(f"{header}: {value}" for header, value in headers.items())
    pictures = _Pictures()
    bodies = [*parts.bodies, *pictures.texts(parts.pictures)]
    text = clean("\n\n".join(part for part in (lines, *bodies) if part))
    metadata = Metadata(
        title=headers.get("Subject"),
        date=_date(headers.get("Date", "")),
        publisher=_sender(headers.get("From", "")),
    )
    return Extract(
        text,
        "message/rfc822",
        metadata,
        attachments=name_attachments(parts.attachments),
        note=pictures.note(),
    )


def _saved_page(message: EmailMessage) -> Extract | None:
    """The page that a browser saved, under the address that it came from; None for mail."""
    raw = {name.lower(): str(value) for name, value in message.raw_items()}
    saved = "snapshot-content-location" in raw or "<saved by" in raw.get("from", "").lower()
    if not saved and "from" in raw:  # Word's single-file pages name nobody
        return None
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = html.read(_content(part), "")
            addresses = (raw.get("snapshot-content-location"), part.get("Content-Location"))
            url = next(
                (str(address) for address in addresses if address and _WEB.match(str(address))),
                None,
            )
            about = replace(page.metadata, url=page.metadata.url or url)
            return replace(page, metadata=about)
    return None


def read_headers(message: EmailMessage) -> dict[str, str]:
    """The headers that readers of mail show, decoded, in the order in which they show them."""
    raw = {name.lower(): str(value) for name, value in reversed([*message.raw_items()])}
    headers = {header: _header(raw.get(header.lower(), "")) for header in _SHOWN}
    return {header: value for header, value in headers.items() if value}


def _header(raw: str) -> str:
    """A header's words (RFC 2047), on one line; bare bytes of some charset are found out."""
    raw = raw[:_LONGEST_HEADER]
    if not raw.isascii():
        return " ".join(_text(raw.encode("utf-8", "surrogateescape"), None).split())
    try:
        chunks = decode_header(raw)
    except HeaderParseError:
        chunks = [(raw, None)]
    words = (part if isinstance(part, str) else _text(part, label) for part, label in chunks)
    return " ".join(clean("".join(words)).split())


def _text(chunk: bytes, label: str | None) -> str:
    try:
        return decode(chunk, label).text
    except UnreadableFile:
        return chunk.decode("ascii", "replace")


def _date(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return iso_date(value)


def _sender(value: str) -> str | None:
    name, address = parseaddr(value)
    return name or address or value or None


@dataclass(slots=True)
class _Parts:
    """The bodies that a reader of mail would show, and the attachments, in order."""

    bodies: list[str] = field(default_factory=list)
    attachments: list[tuple[str, str, bytes]] = field(default_factory=list)
    """The name given (or none), the media type, the content."""
    pictures: list[bytes] = field(default_factory=list)
    """Those within the body."""

    def gather(self, message: EmailMessage) -> None:
        """Walk through the message without recursion. Raises UnreadableFile."""
        waiting = [(message, True)]
        for _ in range(_MOST_PARTS):
            if not waiting:
                return
            part, is_shown = waiting.pop()
            if part.get_content_subtype() in _WRAPPED:
                part = _unwrapped(part)
            elif part.get_content_subtype() == "encrypted":
                raise UnreadableFile(Reason("encrypted_message"))
            if part.get_content_maintype() == "multipart" and part.is_multipart():
                waiting += reversed(_inside(part, is_shown=is_shown))
            else:
                self._leaf(part, is_shown=is_shown)
        raise UnreadableFile(Reason("too_many_message_parts", {"limit": _MOST_PARTS}))

    def _leaf(self, part: EmailMessage, *, is_shown: bool) -> None:
        kind, subtype = part.get_content_maintype(), part.get_content_subtype()
        disposition = part.get_content_disposition()
        attached = disposition == "attachment" or bool(part.get_filename())
        if subtype in _UNSEEN or (
            kind == "image" and disposition != "attachment" and part["Content-ID"]
        ):
            if kind == "image":  # within the body
                self.pictures.append(_content(part))
            return  # a signature
        if kind == "multipart":  # whose boundary is not to be found
            kind, subtype = "text", "plain"
        if kind == "text" and subtype in _BODIES and not attached:
            if is_shown and (body := _body(part)):
                self.bodies.append(body)
        elif attached or kind != "image":
            self.attachments.append((_name(part), part.get_content_type(), _content(part)))


def _inside(part: EmailMessage, *, is_shown: bool) -> list[tuple[EmailMessage, bool]]:
    """The parts of a multipart; of alternatives one is shown, but attachments may hide in all."""
    inside = [inner for inner in part.get_payload() if isinstance(inner, EmailMessage)]
    if part.get_content_subtype() != "alternative" or not inside:
        return [(inner, is_shown) for inner in inside]
    plain = next(
        (n for n, inner in enumerate(inside) if inner.get_content_type() == "text/plain"), None
    )
    rich = [n for n, inner in enumerate(inside) if _is_rich(inner)]
    chosen = max(rich, default=0)
    if plain is not None and not (rich and _is_stub(inside[plain], inside[chosen])):
        chosen = plain
    return [(inner, is_shown and number == chosen) for number, inner in enumerate(inside)]


def _is_rich(part: EmailMessage) -> bool:
    return part.get_content_type() not in {"text/calendar", "text/plain"}


def _is_stub(plain: EmailMessage, rich: EmailMessage) -> bool:
    """Whether the plain text is empty, or only says that there is HTML, or is a part of it."""
    words = _WORDS.findall(_body(plain))
    if not words:
        return True
    page = next((part for part in rich.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        return False
    rich_words = _WORDS.findall(_body(page))
    vocabulary = set(rich_words)
    shared = sum(word in vocabulary for word in words) / len(words)
    if shared < _LEAST_SHARED:
        return 2 * len(rich_words) > len(words)
    return len(rich_words) > _MUCH_LONGER * len(words)


def _unwrapped(part: EmailMessage) -> EmailMessage:
    """The message inside a signature or compression (CMS). Raises UnreadableFile if encrypted."""
    from asn1crypto import cms  # noqa: PLC0415  (seldom needed)

    for _ in range(_DEEPEST_WRAPPING):
        try:
            content = cms.ContentInfo.load(_content(part))
            kind = content["content_type"].native
            inner = content["content"]
            if kind == "signed_data":
                octets = inner["encap_content_info"]["content"].native
            elif kind == "compressed_data":
                octets = inner.decompressed
            else:
                raise UnreadableFile(Reason("encrypted_message"))
        except (ValueError, TypeError, KeyError) as error:
            signed = str(part.get_param("smime-type", "")).lower() == "signed-data"
            reason = Reason("damaged_message" if signed else "encrypted_message")
            raise UnreadableFile(reason) from error
        if not isinstance(octets, bytes):  # the signature alone, its message elsewhere
            raise UnreadableFile(Reason("damaged_message"))
        part = BytesParser(EmailMessage, policy=policy.default).parsebytes(octets)
        if part.get_content_subtype() not in _WRAPPED:
            return part
    raise UnreadableFile(Reason("nested_too_deeply"))


class _Pictures:
    """The text of pictures within a body: a scan that was pasted in, not a logo."""

    def __init__(self) -> None:
        self._confidences: list[float] = []
        self._unread = 0

    def texts(self, pictures: list[bytes]) -> Iterator[str]:
        """The text of each picture that is as large as a page."""
        for content in pictures[:_MOST_PICTURES]:
            if not _is_page_like(content):
                continue
            if not ocr.available():
                self._unread += 1
                continue
            lines = ocr.recognize_picture(content)
            step_done()
            if lines:
                self._confidences.append(ocr.confidence_of(lines))
                yield join_pages([PageLayout(lines)]).text

    def note(self) -> Reason | None:
        """How many were read and how surely, or not read."""
        if self._unread:
            return Reason("pictures_not_read", {"count": self._unread})
        count = len(self._confidences)
        percent = round(100 * sum(self._confidences) / count) if count else 0
        return (
            Reason("pictures_recognised", {"count": count, "percent": percent}) if count else None
        )


def _is_page_like(content: bytes) -> bool:
    size = ocr.picture_size(content)
    side, area = _PAGE_LIKE
    return size is not None and min(size) >= side and size[0] * size[1] >= area


def _content(part: EmailMessage) -> bytes:
    """An attachment's bytes; an attached message is written out as it came."""
    payload = part.get_payload()
    if isinstance(payload, list):
        inner = (message for message in payload if isinstance(message, EmailMessage))
        return b"\n".join(map(_written_out, inner))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _written_out(message: EmailMessage) -> bytes:
    for part in message.walk():
        if part.get_content_maintype() == "multipart" and not part.is_multipart():
            # Python's writer would lose what is not ASCII below a boundary that is not found.
            del part["Content-Type"]
            part["Content-Type"] = "text/plain"
    return message.as_bytes(policy=_AS_IS)


def _name(part: EmailMessage) -> str:
    name = part.get_filename()
    if name:
        return _header(name)
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], EmailMessage):
        return read_headers(payload[0]).get("Subject", "")
    return ""


def _body(part: EmailMessage) -> str:
    payload = _content(part)
    try:
        label = part.get_content_charset()
    except (LookupError, MessageError):
        label = None
    if part.get_content_subtype() == "html":
        return html.extract(decode(payload, label or html.declared_encoding(payload)).text).text
    text = decode(payload, label).text
    if not text.strip():
        return ""
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    # Without spaces between its words, Chinese text has the space of the break taken away.
    deleted = str(part.get_param("delsp", "")).lower() == "yes"
    lines = _unflowed(text, "" if deleted else " ") if flowed else rejoin_figures(text)
    return lines.strip("\n")


def _unflowed(text: str, between: str) -> str:
    """Lines that end in a space go on in the next one (RFC 3676)."""
    return re.sub(r"(?<!^--)(?<!\n--) \n(?!>|\n)", between, text)
