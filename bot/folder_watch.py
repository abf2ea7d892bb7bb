"""Keeps the folder of `PINCITE_DOCUMENTS` filed, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from bot import metrics
from bot.texts.reason_sentences import english_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.compose import Services
    from corpus.models import Filed

MATTER: Final = "documents"
# Seconds in which the current file may finish at a stop; otherwise it is filed next time.
_STOP_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


@contextmanager
def watch_in_background(services: Services) -> Iterator[None]:
    """Watch the folder, if one is set, until the context is left."""
    folder = services.settings.documents
    if folder is None:
        yield
        return
    from corpus.watch import watch_folder  # noqa: PLC0415 - it costs start-up time that only watching needs

    stop = threading.Event()
    thread = threading.Thread(
        target=watch_folder,
        args=(services.ingest, folder, MATTER),
        kwargs={"stop": stop, "report": _report},
        name="watching",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_STOP_SECONDS)


def file_once(services: Services) -> None:
    """File what the folder holds now, by the same rules."""
    if services.settings.documents is None:
        return
    folder = services.settings.documents.resolve()
    outcomes = services.ingest.add_within(folder, [folder], MATTER, stop=threading.Event())
    for filed in outcomes:
        _report(filed)


def _report(filed: Filed) -> None:
    metrics.count_filed(filed)
    log_outcome(filed)


def log_outcome(filed: Filed) -> None:
    """Log an outcome, with a warning where a person may have to act."""
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
    for attachment in filed.attachments:
        log_outcome(attachment)
