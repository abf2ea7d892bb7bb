"""Keeps the folder of `PINCITE_DOCUMENTS` filed, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bot import metrics
from bot.records.access import Actor
from bot.records.filing import record_filed
from bot.texts.reason_sentences import english_sentence
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.compose import Services
    from corpus.models import Filed

MATTER: Final = "documents"
FOLDER: Final = Actor(via="folder")
"""Nobody in particular: whoever may write to the watched folder."""
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
        kwargs={"stop": stop, "report": partial(_report, services)},
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
        _report(services, filed)


def _report(services: Services, filed: Filed) -> None:
    metrics.count_filed(filed)
    try:
        record_filed(services.audit, filed, FOLDER)
    except CorpusError as error:  # the folder is watched on, also while the disk is full
        _log.error("filed, and not on record", document_id=filed.document_id, error=str(error))
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
