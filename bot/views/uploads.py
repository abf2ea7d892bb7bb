"""How far a file is, where it is to go, and what became of it, in one message that is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.records.uploads import Outcome
from bot.texts import texts_in
from bot.texts.reasons import reason_in
from bot.views.listing import digest
from bot.views.markup import Html, code, fill, joined, shortened
from bot.views.render import REASON_UNITS, Button, View, partly_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.records.uploads import Upload
    from bot.texts.documents import DocumentTexts
    from bot.texts.words import Texts
    from corpus.models import Filed

CHOICES: Final = 60
"""Matters offered by buttons, in rows of two; Telegram takes 100 buttons."""
NAME_UNITS: Final = 80
_LABEL_UNITS: Final = 40
_LINES: Final = 12


def progress_view(uploads: Sequence[Upload], stages: Mapping[int, str], texts: Texts) -> View:
    """A line for each file: what became of it, or how far it is (`stages`, by key)."""
    said = texts.documents
    lines = [_line(each, stages.get(each.key, said.waiting)) for each in uploads]
    filed = [each for each in uploads if each.outcome and each.outcome.opens]
    after = [Html(said.same_path)] if filed and all(each.outcome for each in uploads) else []
    opens = (
        Button(_label(said.open_label, each.sent.name), data=f"open:{each.outcome.opens}")
        for each in filed[-_LINES:]
        if each.outcome
    )
    return View(joined([*lines[-_LINES:], *after]), tuple((button,) for button in opens))


def choice_view(uploads: Sequence[Upload], matters: Sequence[str], texts: Texts) -> View:
    """Which of these matters are the files to go into?"""
    said = texts.documents
    lines = [_line(each, said.waiting) for each in uploads]
    buttons = [
        Button(shortened(printable_line(name), _LABEL_UNITS), data=f"into:{digest([name])}")
        for name in matters[:CHOICES]
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    more = [Html(said.name_matter)] if len(matters) > CHOICES else []
    return View(joined([*lines[-_LINES:], Html(said.into_which), *more]), rows)


def outcome_of(filed: Filed, name: str, language: str) -> Outcome:
    """What became of a file, with the citation of its first passage or the reason of a refusal."""
    texts = texts_in(language)
    said = texts.documents
    first = f"{filed.document_id}-1" if filed.document_id and filed.passages else None
    template = {
        "added": said.added,
        "replaced": said.replaced,
        "unchanged": said.unchanged,
        "refused": said.refused,
    }[filed.outcome]
    line = fill(
        template,
        name=named(name),
        matter=code(filed.matter),
        count=filed.passages,
        citation=code(first or ""),
        old=code(f"{filed.supersedes}-1"),
        reason=_reason(said, filed.reason or ""),
    )
    note = [partly_read(filed.note, texts)] if filed.note else []
    return Outcome(joined([line, *note, *_inside(filed, said)]), first)


def _inside(filed: Filed, said: DocumentTexts) -> Iterator[Html]:
    """What became of the files inside a file."""
    refused = [part for part in filed.attachments if part.outcome == "refused"]
    if len(refused) < len(filed.attachments):
        yield fill(said.attachments, count=len(filed.attachments) - len(refused))
    for first in refused[:1]:
        yield fill(
            said.attachments_refused,
            count=len(refused),
            name=named(first.path.removeprefix(f"{filed.path}/")),
            reason=_reason(said, first.reason or ""),
        )


def _reason(said: DocumentTexts, reason: str) -> str:
    return shortened(printable_line(reason_in(said.reasons, reason)), REASON_UNITS)


def named(name: str) -> str:
    """A file's name, short enough for a line."""
    return shortened(printable_line(name), NAME_UNITS)


def _line(upload: Upload, stage: str) -> Html:
    if upload.outcome:
        return Html(upload.outcome.line)
    return fill(stage, name=named(upload.sent.name))


def _label(template: str, name: str) -> str:
    return template.format(name=shortened(printable_line(name), _LABEL_UNITS))
