"""Mailboxes (mbox): a list of the messages as the text, and each message as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser

from corpus.models import Extract
from corpus.readers.attachments import name_attachments
from corpus.readers.email import NEXT_IN_MBOX, read_headers

_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_ENVELOPE = re.compile(rb"\s*From [^\n]{0,300}\n")


def read(content: bytes, name: str) -> Extract:
    """List a mailbox and hand on its messages. Raises UnreadableFile."""
    messages: list[tuple[str, str, bytes]] = []
    lines = []
    for source in _messages(content):
        # Only the headers: the message itself is read when its turn comes.
        parsed = BytesHeaderParser(EmailMessage, policy=policy.default).parsebytes(source)
        headers = read_headers(parsed)
        subject = headers.get("Subject", "")
        about = (headers.get("Date"), headers.get("From"), subject)
        lines.append(" · ".join(part for part in about if part))
        messages.append((subject, "message/rfc822", source))
    return Extract("\n".join(lines), "application/mbox", attachments=name_attachments(messages))


def _messages(content: bytes) -> Iterator[bytes]:
    """The messages, without the line before each and the marks that the format adds."""
    starts = [0, *(match.start() for match in NEXT_IN_MBOX.finditer(content))]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        message = content[start:end]
        envelope = _ENVELOPE.match(message)
        yield _QUOTED.sub(rb"\1", message[envelope.end() if envelope else 0 :])
