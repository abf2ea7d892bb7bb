"""Outlook messages (MSG): turned into e-mail (MIME), and read as that, attachments and all.

python-oxmsg opens the file. A body that is kept as rich text only is unpacked here (MS-OXRTFCP).
"""

from __future__ import annotations

import struct
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from oxmsg import Message
from oxmsg.attachment import Attachment as OutlookAttachment
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import email, rtf
from corpus.reasons import Reason

_DEEPEST = 5
_MOST_ATTACHMENTS = 1_000
_INNER_HEADER = 24  # bytes before the properties of a message inside a message
_HTML, _RICH_TEXT, _CONTENT_ID, _SHORT_NAME = 0x1013, 0x1009, 0x3712, 0x3704
_DISPLAY_TO, _DISPLAY_CC = 0x0E04, 0x0E03
_INNER = "__substg1.0_3701000D"
_WRITING = policy.SMTP.clone(utf8=True, max_line_length=None)
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_MOST_RICH_TEXT = 50 << 20
_ERRORS = (struct.error, ValueError, KeyError, AssertionError, OSError, TypeError, IndexError)


def read(content: bytes, name: str) -> Extract:
    """Read one message. Raises UnreadableFile."""
    try:
        message = _mail(Message.load(content), 0)
        # Headers may hold what the writer of mail refuses.
        message_bytes = message.as_bytes(policy=_WRITING)
    except (*_ERRORS, RecursionError, LookupError) as error:
        raise UnreadableFile(Reason("damaged_message")) from error
    return replace(email.read(message_bytes, name), media_type="application/vnd.ms-outlook")


def _mail(source: Message, depth: int) -> EmailMessage:
    """An Outlook message as e-mail."""
    message = EmailMessage(policy=_WRITING)
    properties = source.properties
    headers = {
        "From": source.sender,
        "To": source.message_headers.get("To") or properties.str_prop_value(_DISPLAY_TO),
        "Cc": source.message_headers.get("Cc") or properties.str_prop_value(_DISPLAY_CC),
        "Date": source.message_headers.get("Date")
        or (format_datetime(source.sent_date) if source.sent_date else None),
        "Subject": source.subject,
    }
    for header, value in headers.items():
        line = " ".join((value or "").replace("\0", "").split())
        if line:
            # Unstructured: Outlook's names of people are no addresses that a parser knows.
            message.add_header(f"X-{header}", line)
    for header in headers:
        if value := message.get(f"X-{header}"):
            del message[f"X-{header}"]
            message._headers.append((header, str(value)))  # type: ignore[attr-defined]  # noqa: SLF001
    attachments = list(source.attachments)[:_MOST_ATTACHMENTS]
    if ".smime" in source.message_class.lower() and len(attachments) == 1:
        return _wrapped(message, attachments[0])
    _set_body(message, source)
    for attachment in attachments:
        _attach(message, attachment, depth)
    return message


def _wrapped(message: EmailMessage, attachment: OutlookAttachment) -> EmailMessage:
    """A signed or encrypted message: its one attachment is the message itself."""
    media_type = (attachment.mime_type or "").lower()
    content = attachment.file_bytes or b""
    if media_type == "multipart/signed" or content[:13].lower() == b"content-type:":
        message.set_content(content, maintype="message", subtype="rfc822-headers")
    message.set_content(content, maintype="application", subtype="pkcs7-mime")
    return message


def _set_body(message: EmailMessage, source: Message) -> None:
    plain = (source.body or "").replace("\0", "")
    page = _html(source)
    if not plain.strip() and not page:
        packed = source.properties.binary_prop_value(_RICH_TEXT)
        if packed:
            plain = rtf.read(unpack_rich_text(packed), "").text
    message.set_content(plain, cte="base64")
    if page:
        message.add_alternative(page, subtype="html", cte="base64")


def _html(source: Message) -> str:
    try:
        return (source.html_body or "").replace("\0", "")
    except (LookupError, UnicodeDecodeError):
        page = source.properties.binary_prop_value(_HTML) or b""
        return page.decode("utf-8", "replace").replace("\0", "")


def _attach(message: EmailMessage, attachment: OutlookAttachment, depth: int) -> None:
    storage: Storage = attachment._storage  # type: ignore[assignment]  # noqa: SLF001
    inner = next((store for store in storage.storages if store.name == _INNER), None)
    if inner is not None:
        if depth < _DEEPEST:
            message.add_attachment(_mail(_InnerMessage(inner), depth + 1))
        return
    content = attachment.file_bytes
    if not content:
        return
    properties = attachment.properties
    name = attachment.file_name or properties.str_prop_value(_SHORT_NAME) or ""
    main, _, sub = (attachment.mime_type or "").partition("/")
    if not sub or not (main + sub).replace("-", "").replace(".", "").replace("+", "").isalnum():
        main, sub = "application", "octet-stream"
    if main in {"message", "multipart"}:
        main, sub = "application", "octet-stream"
    shown_inside = main == "image" and properties.str_prop_value(_CONTENT_ID)
    message.add_attachment(
        content,
        maintype=main,
        subtype=sub,
        filename=" ".join(name.split()) or None,
        cid="<inside>" if shown_inside else None,
        disposition="inline" if shown_inside else "attachment",
    )


class _InnerMessage(Message):
    """A message inside a message, whose properties begin elsewhere."""

    @property
    def properties(self) -> Properties:
        return Properties(self._storage, properties_header_offset=_INNER_HEADER)


def unpack_rich_text(packed: bytes) -> bytes:
    """The rich text inside a compressed body (MS-OXRTFCP). Raises UnreadableFile."""
    size = int.from_bytes(packed[4:8], "little")
    kind = packed[8:12]
    if kind == b"MELA":
        return packed[16 : 16 + size]
    if kind != b"LZFu" or size > _MOST_RICH_TEXT:
        raise UnreadableFile(Reason("damaged_message"))
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    write = len(_DICTIONARY)
    output = bytearray()
    place = 16
    while place < len(packed) and len(output) < size:
        flags = packed[place]
        place += 1
        for bit in range(8):
            if place >= len(packed) or len(output) >= size:
                break
            if not flags >> bit & 1:
                piece = packed[place : place + 1]
                place += 1
            else:
                reference = int.from_bytes(packed[place : place + 2], "big")
                place += 2
                start, length = reference >> 4, (reference & 15) + 2
                if start == write:  # the end
                    return bytes(output)
                piece = b""
            # A reference may reach into what it writes itself, so one byte goes at a time.
            for step in range(len(piece) or length):
                byte = piece[0] if piece else window[(start + step) % 4096]
                window[write] = byte
                write = (write + 1) % 4096
                output.append(byte)
    return bytes(output[:size])
