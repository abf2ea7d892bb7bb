"""What was asked, which message answered it, and who found the answer useful.

A question is stored before it is answered. After a crash, Telegram delivers the question again,
the row has no answer, and the bot answers it. Methods block; call them from threads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.records import keys
from bot.records.audit import append
from corpus.clock import now
from corpus.storage.database import snapshot, transaction
from corpus.storage.documents import storable
from corpus.storage.migrations import Migration, add_columns, create_tables
from corpus.storage.schema import Key, metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy

    from bot.records.audit import AuditRecord

# answer_id: the message that answers, to be edited when the question is, and paged by buttons
# token: what the buttons below the answer carry in place of the key, which counts questions
# follows: the key of the question before it in a chain of replies, earlier: what that asked then;
# understood: what the question was taken to ask, where that is more than its own words
questions = Table(
    "asked",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("answer_id", BigInteger),
    Column("person_id", BigInteger),
    Column("question", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("follows", BigInteger),
    Column("earlier", Text),
    Column("understood", Text),
    Column("index_version", String),
    Column("token", String),
    UniqueConstraint("chat_id", "message_id"),
    Index("asked_by_answer", "chat_id", "answer_id"),
    Index("asked_by_token", "token"),
)

# question, citation, index_version: what was judged, as it was then: the first passage shown
feedback = Table(
    "feedback",
    metadata,
    Column("asked_key", Key, ForeignKey("asked.key"), primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("useful", Boolean, nullable=False),
    Column("at", String, nullable=False),
    Column("question", Text),
    Column("citation", String),
    Column("index_version", String),
)


_SEARCHED_FOR_QUESTION: Final = 50
"""Questions among which that of a passage is looked for: it was asked a moment ago."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands in a chat."""

    chat_id: int
    thread_id: int
    message_id: int
    person_id: int | None
    """None for channels and anonymous administrators."""
    text: str
    at: str
    """When this text was written: UTC, `2026-11-22T12:00:00Z`."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question, and the message that answers it, once there is one."""

    key: int
    token: str
    """The random key that its buttons carry."""
    question: Question
    answer_id: int | None
    citations: tuple[str, ...]
    """Those that the answer shows, by their numbers; '' where a number was left out."""
    changed: bool = False
    """Whether `ask` just kept this text, so that it has yet to be answered."""
    earlier: str | None = None
    """What the question before it in a chain of replies asked, at the time."""
    understood: str | None = None
    """What it was taken to ask, where that is more than its own words."""

    @property
    def asks(self) -> str:
        """What the question asks, for one that follows it."""
        return self.understood or self.question.text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody thinks of a passage, as the first one shown for a question."""

    question: str
    citation: str
    index_version: str
    useful: bool


class Conversation:
    """The questions of all chats, their answers, and what people think of them."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    # -- questions -------------------------------------------------------------------------------

    def find(self, chat_id: int, message_id: int) -> AskedQuestion | None:
        """The question that a message asked."""
        return self._one(questions.c.chat_id == chat_id, questions.c.message_id == message_id)

    def answered_by(self, chat_id: int, answer_id: int) -> AskedQuestion | None:
        """The question that a message of the bot answers."""
        return self._one(questions.c.chat_id == chat_id, questions.c.answer_id == answer_id)

    def latest(
        self, chat_id: int, thread_id: int, person_id: int, *, since: str
    ) -> AskedQuestion | None:
        """The last answered question of a person in a place, if asked at `since` or later.

        The answer must stand above what is written now: a question that failed is skipped.
        """
        return self._one(
            questions.c.chat_id == chat_id,
            questions.c.thread_id == thread_id,
            questions.c.person_id == person_id,
            questions.c.answer_id.is_not(None),
            questions.c.at >= since,
        )

    def by_token(self, token: str, chat_id: int, thread_id: int) -> AskedQuestion | None:
        """The question of a button's key, if it was asked in the chat and topic of the button."""
        # A key of another topic would let an edit write its passages there.
        return self._one(
            questions.c.token == token,
            questions.c.chat_id == chat_id,
            questions.c.thread_id == thread_id,
        )

    def question_shown(
        self, citation: str, *, person_id: int | None, chat_id: int | None
    ) -> AskedQuestion | None:
        """The last question of a person, or in a chat, whose answer showed a passage."""
        own = questions.c.chat_id == chat_id if chat_id else questions.c.person_id == person_id
        newest = select(questions).where(own).order_by(questions.c.key.desc())
        with snapshot(self._database) as connection:
            for row in connection.execute(newest.limit(_SEARCHED_FOR_QUESTION)):
                if citation in row.citations:
                    return _asked(row)
        return None

    def ask(
        self,
        question: Question,
        follows: AskedQuestion | None = None,
        *,
        earlier: str | None = None,
        shown: AuditRecord | None = None,
    ) -> AskedQuestion:
        """Store a question. An edited question keeps the message that answers it.

        The latest text wins in whatever order the texts arrive. The question that it `follows` is
        copied (`earlier`), so that a later edit of that one changes nothing here. The audit record
        of what is about to be `shown` is appended in the same transaction.
        """
        with transaction(self._database) as connection:
            row = connection.execute(_select(question)).one_or_none()
            stored = (
                _changed(connection, row, question)
                if row
                else _new(connection, question, follows, earlier)
            )
            if shown:
                append(connection, shown)
            return stored

    def answer(
        self,
        key: int,
        answer_id: int,
        citations: Sequence[str],
        *,
        understood: str | None = None,
        index_version: str = "",
    ) -> None:
        """Store which message answers a question, the citations it shows, and how it was found."""
        values = {
            "answer_id": answer_id,
            "citations": list(citations),
            "understood": understood,
            "index_version": index_version,
        }
        with transaction(self._database) as connection:
            connection.execute(update(questions).where(questions.c.key == key).values(values))

    def drop_before(self, days: int, today: datetime | None = None) -> int:
        """Drop the questions older than `days`, with the feedback on their answers."""
        limit = ((today or datetime.now(UTC)) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        old = select(questions.c.key).where(questions.c.at < limit)
        with transaction(self._database) as connection:
            # Feedback refers to questions, so it goes first.
            connection.execute(delete(feedback).where(feedback.c.asked_key.in_(old)))
            return connection.execute(delete(questions).where(questions.c.at < limit)).rowcount

    # -- feedback --------------------------------------------------------------------------------

    def judge(self, key: int, person_id: int, *, useful: bool, skip: int = 0) -> None:
        """Keep what a person thinks of the passages after the first `skip`; the last word counts.

        The first of them stands for all: it is what the bot gave as the best one.
        """
        row = {"asked_key": key, "person_id": person_id}
        with transaction(self._database) as connection:
            judged = connection.execute(
                select(questions).where(questions.c.key == key)
            ).one_or_none()
            if judged is None:
                return  # the person was forgotten in the meantime
            values = {"useful": useful, "at": now()} | _judged(judged, skip)
            change = update(feedback).filter_by(**row).values(values)
            if not connection.execute(change).rowcount:
                connection.execute(insert(feedback).values(**row, **values))

    def take_back(self, key: int, person_id: int) -> None:
        """Take back what a person thought of an answer."""
        row = {"asked_key": key, "person_id": person_id}
        with transaction(self._database) as connection:
            connection.execute(delete(feedback).filter_by(**row))

    def judgements(self) -> list[Judgement]:
        """Every judgement that is kept, oldest first."""
        query = select(*feedback.c["question", "citation", "index_version", "useful"])
        with snapshot(self._database) as connection:
            rows = connection.execute(query.order_by(feedback.c.at, feedback.c.asked_key)).all()
        return [
            Judgement(row.question or "", row.citation or "", row.index_version or "", row.useful)
            for row in rows
        ]

    def _one(self, *conditions: sqlalchemy.ColumnElement[bool]) -> AskedQuestion | None:
        newest = select(questions).where(*conditions).order_by(questions.c.key.desc()).limit(1)
        with snapshot(self._database) as connection:
            row = connection.execute(newest).one_or_none()
        return _asked(row) if row else None


def _new(
    connection: sqlalchemy.Connection,
    question: Question,
    follows: AskedQuestion | None,
    earlier: str | None,
) -> AskedQuestion:
    earlier = storable(earlier) if earlier else follows.asks if follows else None
    previous = {"follows": follows.key if follows else None, "earlier": earlier}
    token = keys.button_key()
    values = _values(question) | {"citations": [], "token": token} | previous
    result = connection.execute(insert(questions), values)
    key = _only(result.inserted_primary_key)
    return AskedQuestion(key, token, question, None, (), changed=True, earlier=earlier)


def _changed(
    connection: sqlalchemy.Connection, row: sqlalchemy.Row[Any], question: Question
) -> AskedQuestion:
    stored = _asked(row)
    # Telegram delivers edits again and out of order.
    if question.text == stored.question.text or question.at < stored.question.at:
        return stored
    # What was shown answers the old text; a crash now must not leave it as the answer.
    values = _values(question) | {"citations": [], "understood": None}
    connection.execute(update(questions).where(questions.c.key == stored.key).values(values))
    return replace(stored, question=question, citations=(), understood=None, changed=True)


def _select(question: Question) -> sqlalchemy.Select[Any]:
    return select(questions).where(
        questions.c.chat_id == question.chat_id, questions.c.message_id == question.message_id
    )


def _values(question: Question) -> dict[str, Any]:
    return {
        "at": question.at,
        "chat_id": question.chat_id,
        "thread_id": question.thread_id,
        "message_id": question.message_id,
        "person_id": question.person_id,
        "question": storable(question.text),
    }


def _asked(row: sqlalchemy.Row[Any]) -> AskedQuestion:
    question = Question(
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        message_id=row.message_id,
        person_id=row.person_id,
        text=row.question,
        at=row.at,
    )
    return AskedQuestion(
        row.key,
        row.token,
        question,
        row.answer_id,
        tuple(row.citations),
        earlier=row.earlier,
        understood=row.understood,
    )


def _judged(row: sqlalchemy.Row[Any], skip: int) -> dict[str, Any]:
    """A copy of what is judged, so that a later edit of the question does not change it."""
    citations = row.citations[skip:]
    return {
        "question": row.understood or row.question,
        "citation": citations[0] if citations else "",
        "index_version": row.index_version,
    }


def _only(key: sqlalchemy.Row[Any] | None) -> int:
    assert key is not None
    return int(key[0])


def _first_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables of questions and feedback."""
    create_tables(connection, questions, feedback)


def _talks_and_judgements(connection: sqlalchemy.Connection) -> None:
    """Add the columns of follow-up questions, and of what exactly was judged."""
    for table in (questions, feedback):
        add_columns(connection, table)
    [by_answer] = (index for index in questions.indexes if index.name == "asked_by_answer")
    by_answer.create(connection, checkfirst=True)


def _random_tokens(connection: sqlalchemy.Connection) -> None:
    """Give every question a random token. Buttons of before, which carry numbers, stop working."""
    add_columns(connection, questions)
    [by_token] = (index for index in questions.indexes if index.name == "asked_by_token")
    by_token.create(connection, checkfirst=True)
    without = select(questions.c.key).where(questions.c.token.is_(None))
    rows = [{"which": key, "token": keys.button_key()} for key in connection.scalars(without)]
    if rows:
        change = update(questions).where(questions.c.key == bindparam("which"))
        connection.execute(change.values(token=bindparam("token")), rows)


MIGRATIONS: Final = (
    Migration("0001 tables of conversation", _first_tables),
    Migration("0003 talks and judgements", _talks_and_judgements),
    Migration("0014 random tokens of questions", _random_tokens),
)
