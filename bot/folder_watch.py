"""The folder that the settings name is kept filed, in a thread beside whatever else runs."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from bot.texts.reason_sentences import english_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.compose import Services
    from corpus.models import Filed

MATTER: Final = "documents"
_PATIENCE: Final = 10.0
"""Seconds to finish the file at work when we stop; what is cut short is filed next time."""

_log = structlog.get_logger(__name__)


@contextmanager
def watched(services: Services) -> Iterator[None]:
    """Watch `PINCITE_DOCUMENTS`, if it is set, until the context is left."""
    folder = services.settings.documents
    if folder is None:
        yield
        return
    from corpus.watch import watch_folder  # noqa: PLC0415 - only who watches pays for it

    stop = threading.Event()
    thread = threading.Thread(
        target=watch_folder,
        args=(services.ingest, folder, MATTER),
        kwargs={"stop": stop, "report": tell},
        name="watching",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)


def file_once(services: Services) -> None:
    """File what the watched folder holds now, by the same rules."""
    if services.settings.documents is None:
        return
    folder = services.settings.documents.resolve()
    outcomes = services.ingest.add_within(folder, [folder], MATTER, stop=threading.Event())
    for filed in outcomes:
        tell(filed)


def tell(filed: Filed) -> None:
    """Log an outcome, as loudly as a person may want to know."""
    level = logging.INFO
    if filed.outcome == "refused" or (filed.note and filed.outcome != "unchanged"):
        level = logging.WARNING
    elif filed.outcome == "unchanged" and filed.reason is None:
        level = logging.DEBUG
    reasons = [english_sentence(reason) for reason in (filed.reason, filed.note) if reason]
    _log.log(
        level,
        f"document {filed.outcome}",
        path=filed.path,
        document_id=filed.document_id,
        passages=filed.passages,
        reason="; ".join(reasons) or None,
    )
    for part in filed.attachments:
        tell(part)
