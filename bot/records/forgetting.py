"""Forgetting a person: whatever names them goes, in one transaction; what was shown stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.records.watches import forget as forget_watches
from corpus.audit import forget
from corpus.storage.database import transaction
from corpus.storage.schema import admissions, asked, asking, feedback, filings, people
from corpus.storage.schema_arrivals import digests, uploads, watches

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy import CTE


def forget_person(database: sqlalchemy.Engine, person_id: int) -> None:
    """Remove a person's questions, feedback, watches, uploads, admissions, name and id. Blocks.

    What others thought of answers to this person's questions goes with the questions, and what
    their follow-ups took over from these. Owners stay
    owners: that is not theirs to give up by the way. The audit's chain stays whole.
    """
    theirs = select(asked.c.key).where(asked.c.person_id == person_id)
    talks = _follow_ups(person_id)
    with transaction(database) as connection:
        connection.execute(delete(feedback).where(feedback.c.person_id == person_id))
        connection.execute(delete(feedback).where(feedback.c.asked_key.in_(theirs)))
        repeating = asked.c.key.in_(select(talks.c.key))
        words = {"earlier": None, "understood": None}
        connection.execute(update(asked).where(repeating).values(words))
        connection.execute(delete(asked).where(asked.c.person_id == person_id))
        connection.execute(delete(admissions).where(admissions.c.person_id == person_id))
        theirs_to_watch = select(watches.c.key).where(watches.c.person_id == person_id)
        forget_watches(connection, list(connection.scalars(theirs_to_watch)))
        connection.execute(delete(digests).where(digests.c.chat_id == person_id))
        connection.execute(delete(uploads).where(uploads.c.person_id == person_id))
        connection.execute(delete(asking).where(asking.c.person_id == person_id))
        connection.execute(delete(people).where(people.c.id == person_id))
        mine = update(filings).where(filings.c.added_by == person_id)
        connection.execute(mine.values(added_by=None))
        forget(connection, person_id)


def _follow_ups(person_id: int) -> CTE:
    """Others' questions that follow a person's, and those that follow these: they repeat words."""
    first = select(asked.c.key).where(asked.c.person_id == person_id)
    talks = first.cte("talks", recursive=True)
    return talks.union(select(asked.c.key).where(asked.c.follows == talks.c.key))
