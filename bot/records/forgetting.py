"""Forgetting a person: everything that names them is removed in one transaction.

The audit keeps which passages were shown, without the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.records import access, audit, holding
from bot.records.choices import forget as forget_choices
from bot.records.conversation import feedback, questions
from bot.records.digests import digests
from bot.records.invitations import forget as forget_invitations
from bot.records.kept import forget as forget_kept
from bot.records.people import forget as forget_acquaintance
from bot.records.prompts import prompts
from bot.records.question_limit import recent_questions
from bot.records.uploads import uploads
from bot.records.watches import forget as forget_watches
from bot.records.watches import watches
from corpus.storage.database import flush_log, serialise, snapshot, transaction
from corpus.storage.locks import Lock
from corpus.storage.schema import filings

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy
    from sqlalchemy import CTE

    from corpus.models import Hold


def forget_person(
    database: sqlalchemy.Engine, person_id: int, named_owners: Collection[int] = ()
) -> list[Hold]:
    """Remove a person's questions, feedback, watches, uploads, admissions, name and id. Blocks.

    While a legal hold concerns them, the wish is written down instead, and those holds come back.
    `named_owners`: the owners in the settings, whom every hold concerns.

    Feedback of others on this person's questions is removed too, and so are copies of the questions
    in other people's follow-ups. Owners stay owners, because a bot without one could be claimed by
    anybody. The audit's chain of hashes still holds.
    """
    with transaction(database) as connection:
        # A hold that is being placed waits for this, or this for it.
        serialise(connection, Lock.FILING)
        kept_by = holding.concerning(connection, person_id, named_owners)
        if kept_by:
            holding.postpone(connection, person_id, kept_by)
            return kept_by
        holding.drop_postponed(connection, person_id)
        _forget_questions(connection, person_id)
        access.forget(connection, person_id)
        _forget_belongings(connection, person_id)
        forget_acquaintance(connection, person_id)
        forget_invitations(connection, person_id)
        forget_choices(connection, person_id)
        # Documents are the team's; only who filed them is forgotten.
        filed_by_person = update(filings).where(filings.c.added_by == person_id)
        connection.execute(filed_by_person.values(added_by=None))
        # Last, because the audit is locked until the transaction ends.
        audit.forget(connection, person_id)
    # The write-ahead log would hold the words until the program ends.
    flush_log(database)
    return []


def _forget_questions(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove what a person asked, what anybody thought of the answers, and copies elsewhere."""
    of_person = select(questions.c.key).where(questions.c.person_id == person_id)
    talks = _follow_ups(person_id)
    connection.execute(delete(feedback).where(feedback.c.person_id == person_id))
    connection.execute(delete(feedback).where(feedback.c.asked_key.in_(of_person)))
    # Copies of the person's words in others' follow-ups go, their own questions stay.
    repeating = questions.c.key.in_(select(talks.c.key))
    words = {"earlier": None, "understood": None}
    connection.execute(update(questions).where(repeating).values(words))
    connection.execute(delete(questions).where(questions.c.person_id == person_id))


def _forget_belongings(connection: sqlalchemy.Connection, person_id: int) -> None:
    """Remove what a person keeps here: watches, kept passages, digests, uploads, prompts."""
    watches_of_person = select(watches.c.key).where(watches.c.person_id == person_id)
    forget_watches(connection, list(connection.scalars(watches_of_person)))
    forget_kept(connection, person_id)
    # A private chat has the id of the person.
    connection.execute(delete(digests).where(digests.c.chat_id == person_id))
    for table in (uploads, recent_questions, prompts):
        connection.execute(delete(table).where(table.c.person_id == person_id))


def forget_postponed(database: sqlalchemy.Engine, named_owners: Collection[int] = ()) -> int:
    """Forget those who asked for it during a hold that has ended; returns how many. Blocks."""
    with snapshot(database) as connection:
        people_waiting = holding.postponed(connection)
    return sum(not forget_person(database, waiting, named_owners) for waiting in people_waiting)


def _follow_ups(person_id: int) -> CTE:
    """Questions that follow the person's, and those that follow these: they repeat their words."""
    first = select(questions.c.key).where(questions.c.person_id == person_id)
    talks = first.cte("talks", recursive=True)
    return talks.union(select(questions.c.key).where(questions.c.follows == talks.c.key))
