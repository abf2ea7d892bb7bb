"""The message about an upload: its progress, the choice of a matter, and the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.records.uploads import UploadOutcome
from bot.texts import texts_in
from bot.texts.reason_sentences import sentence_of
from bot.views.listing import digest
from bot.views.markup import Html, code, fill, joined, shortened
from bot.views.render import REASON_UNITS
from bot.views.source import partly_read
from bot.views.view import Button, View
from corpus.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.records.uploads import Upload
    from bot.texts.documents import DocumentTexts
    from bot.texts.words import Texts
    from corpus.models import Filed
    from corpus.reasons import Reason

CHOICES: Final = 60
"""The most matters offered by buttons, in rows of two. Telegram allows 100 buttons."""
MOST_OPENED: Final = 8
"""Buttons in the row that opens what was filed: Telegram shows eight side by side."""
UNDO: Final = "undo"
NAME_UNITS: Final = 80
_LABEL_UNITS: Final = 40
_LINES: Final = 12


def progress_view(uploads: Sequence[Upload], stages: Mapping[int, str], texts: Texts) -> View:
    """A line for each file: its outcome, or its stage of work (`stages`, by key)."""
    wording = texts.documents
    lines = [_line(upload, stages.get(upload.key, wording.waiting)) for upload in uploads]
    filed = [upload for upload in uploads if upload.outcome and upload.outcome.opens]
    after = [Html(wording.same_path)] if filed and all(upload.outcome for upload in uploads) else []
    latest = filed[-MOST_OPENED:]
    opens = tuple(
        # The files of an album share one row: names would fill the screen.
        Button(
            f"📖 {1 + uploads.index(upload)}"
            if len(filed) > 1
            else _label(wording.open_label, upload.sent.name),
            data=f"open:{upload.outcome.opens}",
        )
        for upload in latest
        if upload.outcome
    )
    undo = Button(wording.undo_label, data=UNDO)
    undoable = any(upload.outcome and upload.outcome.is_undoable for upload in uploads)
    rows = (*((opens,) if opens else ()), *(((undo,),) if undoable else ()))
    if len(filed) > 1:
        lines = [Html(f"{number} · {line}") for number, line in enumerate(lines, 1)]
    return View(joined([*lines[-_LINES:], *after]), rows)


def choice_view(uploads: Sequence[Upload], matters: Sequence[str], texts: Texts) -> View:
    """The question into which matter the files go, with a button for each matter."""
    wording = texts.documents
    lines = [_line(upload, wording.waiting) for upload in uploads]
    buttons = [
        Button(shortened(printable_line(name), _LABEL_UNITS), data=f"into:{digest([name])}")
        for name in matters[:CHOICES]
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    more = [Html(wording.name_matter)] if len(matters) > CHOICES else []
    return View(joined([*lines[-_LINES:], Html(wording.into_which), *more]), rows)


def outcome_of(filed: Filed, name: str, language: str) -> UploadOutcome:
    """The outcome of a file: its first citation, or the reason of its refusal."""
    texts = texts_in(language)
    wording = texts.documents
    first = f"{filed.document_id}-1" if filed.document_id and filed.passages else None
    template = {
        "added": wording.added,
        "replaced": wording.replaced,
        "unchanged": wording.unchanged,
        "refused": wording.refused,
    }[filed.outcome]
    line = fill(
        template,
        name=named(name),
        matter=code(filed.matter),
        count=filed.passages,
        citation=code(first or ""),
        old=code(f"{filed.supersedes}-1"),
        reason=_reason(wording, filed.reason),
    )
    note = [partly_read(filed.note, texts)] if filed.note else []
    html = joined([line, *note, *_attachment_lines(filed, wording)])
    if filed.outcome not in ("added", "replaced"):
        return UploadOutcome(html, first)
    return UploadOutcome(html, first, filed.document_id, filed.supersedes, now())


def _attachment_lines(filed: Filed, wording: DocumentTexts) -> Iterator[Html]:
    """The outcomes of the attachments inside a file."""
    refused = [part for part in filed.attachments if part.outcome == "refused"]
    if len(refused) < len(filed.attachments):
        yield fill(wording.attachments, count=len(filed.attachments) - len(refused))
    for first in refused[:1]:
        yield fill(
            wording.attachments_refused,
            count=len(refused),
            name=named(first.path.removeprefix(f"{filed.path}/")),
            reason=_reason(wording, first.reason),
        )


def _reason(wording: DocumentTexts, reason: Reason | None) -> str:
    sentence = sentence_of(reason, wording.reasons) if reason else ""
    return shortened(printable_line(sentence), REASON_UNITS)


def named(name: str) -> str:
    """The name of a file, shortened to fit into a line."""
    return shortened(printable_line(name), NAME_UNITS)


def _line(upload: Upload, stage: str) -> Html:
    if upload.outcome:
        return Html(upload.outcome.line)
    return fill(stage, name=named(upload.sent.name))


def _label(template: str, name: str) -> str:
    return template.format(name=shortened(printable_line(name), _LABEL_UNITS))
