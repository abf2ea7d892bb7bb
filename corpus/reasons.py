"""Why a file was refused, left as it was, or not read whole: a code with its facts.

A reason holds no sentence. Whoever shows it says it in a person's language (`bot.texts`), where
every language has to know every code: one that is missing is a type error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Code: TypeAlias = Literal[
    # what the file is
    "empty_file",
    "no_text",
    "only_white_space",
    "only_invisible_characters",
    "unknown_encoding",
    "not_a_document",  # what: a code below
    "archive",  # kind: the archive's name
    "outlook_wrapping",
    "postscript",
    "old_office_file",
    "needs_libreoffice",
    "picture_without_ocr",
    "picture_without_text",
    "heic_picture",
    "empty_archive",
    # what is not a document
    "gif_image",
    "film_or_sound",
    "sound_or_film",
    "sound",
    "film",
    "program",
    "database",
    "font",
    # locked, damaged or cut short
    "encrypted",
    "encrypted_pdf",
    "encrypted_word_file",
    "encrypted_message",
    "damaged_message",
    "damaged_pdf",
    "cut_pdf",
    "no_pages",
    "damaged_page",  # page: its number
    "damaged_word_file",
    "damaged_zip",
    "damaged_rich_text",
    "damaged_spreadsheet",
    "damaged_presentation",
    "damaged_open_document",
    "damaged_e_book",
    "damaged_old_file",
    "damaged_picture",
    "damaged_data",
    "entities",
    "word_file_with_entities",
    "unparsable_page",
    # scanned
    "scanned_without_ocr",  # scanned and pages: how many; numbers: which
    "scanned_not_read",  # the same
    "recognition_unsure",  # the same; percent: how sure the OCR is of the least sure page
    "only_pictures",  # count
    "pictures_not_read",  # count
    "pictures_recognised",  # count; percent: how sure the OCR is
    # a part of it that was not read
    "hidden_text_left_out",  # characters
    "struck_text_left_out",  # characters
    "inserted_documents_not_read",  # count
    "hidden_sheets",  # count
    "hidden_slides",  # count
    "rows_not_read",  # count; limit: rows
    "several",  # first and rest: reasons
    # too much
    "too_large",  # limit_mb
    "sheet_too_large",  # limit: cells
    "picture_too_large",  # limit: millions of pixels
    "too_much_inside",  # limit_mb
    "zip_bomb",  # packed_mb, unpacked_mb
    "too_many_word_parts",  # limit
    "too_many_message_parts",  # limit
    "nested_too_deeply",
    "path_too_long",  # limit: bytes
    "not_read",  # why: a reason
    "more_not_read",  # count: how many beside this one; why: a reason
    "too_deep_inside",  # limit: levels of files inside files
    "too_many_inside",  # limit: files inside a file
    "took_too_long",  # limit: seconds
    "needed_too_much_memory",  # limit_mb
    "wrote_too_much",  # limit_mb
    "too_many_passages",  # limit
    "too_much_text",  # limit: characters
    "not_indexed",  # why: a code below
    "indexing_crashed",
    # the reader
    "reader_crashed",
    "reader_failed",  # error: the kind of the library's error
    "reader_closed",
    "passage_not_in_text",  # ordinal, start
    # where it lies
    "same_content",  # path: where it is filed too
    "withdrawn_here",
    "link_inside_folder",
    "hard_link",
    "not_a_regular_file",  # what: a code below
    "pipe",
    "socket",
    "folder",
    "device",
    "no_such_file",
    "not_permitted",
    "looping_links",
    "name_too_long",
    "cannot_be_read",  # error: what the system said
    # a watched folder
    "file_gone",  # document_id
    "folder_away",
    "cannot_be_watched",  # error
    # anything else, as an error or an earlier version said it
    "other",  # message
]

CODES: Final[frozenset[str]] = frozenset(get_args(Code))

Fact: TypeAlias = "str | int | float | Reason"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and the facts that its sentence names; a fact may be a reason itself."""

    code: Code
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        """`too_large(limit_mb=20)`, for logs and tracebacks; people get a sentence."""
        facts = ", ".join(f"{name}={fact}" for name, fact in self.facts.items())
        return f"{self.code}({facts})" if facts else self.code

    def to_json(self) -> str:
        """The reason as the database keeps it."""
        return json.dumps(_plain(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Reason:
        """The reason that `to_json` wrote. Raises ValueError for anything else."""
        return _reason(json.loads(text))


def combine(reasons: Sequence[Reason]) -> Reason | None:
    """One reason that says them all, in order; None for none."""
    if len(reasons) < 2:
        return reasons[0] if reasons else None
    remaining = combine(reasons[1:])
    assert remaining is not None
    return Reason("several", {"first": reasons[0], "rest": remaining})


def _plain(reason: Reason) -> dict[str, Any]:
    facts = {
        name: _plain(fact) if isinstance(fact, Reason) else fact
        for name, fact in reason.facts.items()
    }
    return {"code": reason.code, "facts": facts}


def _reason(plain: Any) -> Reason:
    if not isinstance(plain, dict) or plain.get("code") not in CODES:
        raise ValueError(f"{plain!r} is no reason")
    facts = {
        name: _reason(fact) if isinstance(fact, dict) else fact
        for name, fact in plain["facts"].items()
    }
    return Reason(plain["code"], facts)
