"""Zip archives: a list of what is inside as the text, and each member as a file of its own."""

from __future__ import annotations

import zipfile
from datetime import datetime

from corpus.errors import UnreadableFile
from corpus.models import Attachment, Extract
from corpus.readers.zip_parts import ZipParts
from corpus.reading.decoding import clean, decode
from corpus.reasons import Reason

_UTF8 = 0x800  # the flag that says in which encoding the name is
_UNSEEN = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_MOST_LISTED = 5_000


def read(content: bytes, name: str) -> Extract:
    """List an archive and hand on its members. Raises UnreadableFile."""
    parts = ZipParts(content)
    members = [member for member in parts.members if not _is_unseen(member)]
    if not members:
        raise UnreadableFile(Reason("empty_archive"))
    parts.check()
    attachments = []
    lines = []
    for member in members:
        path = member_path(member)
        lines.append(f"{path} ({_date(member)}, {member.file_size:,} bytes)")
        if member.file_size:
            attachments.append(Attachment(path, parts.read(member.filename)))
    return Extract(
        "\n".join(lines[:_MOST_LISTED]), "application/zip", attachments=tuple(attachments)
    )


def member_path(member: zipfile.ZipInfo) -> str:
    """A member's path, in the encoding of the system that packed it where it names none."""
    name = member.orig_filename
    if not member.flag_bits & _UTF8 and not name.isascii():
        try:
            name = decode(name.encode("cp437")).text
        except (UnicodeEncodeError, UnreadableFile):
            name = member.filename
    return clean(name.replace("\\", "/").replace("\n", " ")).strip("/")


def _is_unseen(member: zipfile.ZipInfo) -> bool:
    """What systems put into archives by themselves."""
    path = member.filename.lower()
    return path.startswith(_UNSEEN[0]) or path.rsplit("/", 1)[-1] in _UNSEEN


def _date(member: zipfile.ZipInfo) -> str:
    try:
        return datetime(*member.date_time).date().isoformat()  # noqa: DTZ001 - a zip has no zone
    except ValueError:
        return "0000-00-00"
