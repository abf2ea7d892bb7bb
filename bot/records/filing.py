"""Puts on record what was filed, wherever it came from: a chat, the command line, a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.access import act_record

if TYPE_CHECKING:
    from bot.records.access import Actor
    from bot.records.audit import Audit
    from corpus.models import Filed


def record_filed(audit: Audit, filed: Filed, actor: Actor) -> None:
    """Append a record for a file that changed anything, and for each one inside it.

    It follows the filing in a transaction of its own: a kill in between leaves a document that is
    listed with its day and its path, and has no record.
    """
    if filed.outcome in ("added", "replaced"):
        details = {
            "matter": filed.matter,
            "outcome": filed.outcome,
            "supersedes": filed.supersedes,
        }
        audit.record(act_record("uploaded", actor, (f"{filed.document_id}-1",), details=details))
    for attachment in filed.attachments:
        record_filed(audit, attachment, actor)
