"""Names for attachments: harmless as a path, never the same twice, with a suffix that fits."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable
from itertools import chain, count
from pathlib import PurePosixPath

from corpus.models import Attachment

_LONGEST = 120
_SUFFIXES = {"message/rfc822": ".eml", "text/plain": ".txt", "image/jpeg": ".jpg"}
_HARMFUL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufffd]+")


def name_attachments(files: Iterable[tuple[str, str, bytes]]) -> tuple[Attachment, ...]:
    """Attachments of (name given or none, media type, content); empty ones are left out."""
    names: set[str] = set()
    return tuple(
        Attachment(_unique(_name(name, media_type, number), names), content)
        for number, (name, media_type, content) in enumerate(files, start=1)
        if content
    )


def _name(name: str, media_type: str, number: int) -> str:
    plain = _HARMFUL.sub("", name).replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    suffix = _SUFFIXES.get(media_type) or mimetypes.guess_extension(media_type) or ""
    if media_type == "message/rfc822" and not plain.lower().endswith(suffix):
        plain += suffix if plain else ""
    path = PurePosixPath(plain or f"attachment-{number}{suffix}")
    return f"{path.stem[:_LONGEST]}{path.suffix[:20]}"


def _unique(name: str, names: set[str]) -> str:
    path = PurePosixPath(name)
    numbered = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
    free = next(
        candidate for candidate in chain([name], numbered) if candidate.casefold() not in names
    )
    names.add(free.casefold())
    return free
