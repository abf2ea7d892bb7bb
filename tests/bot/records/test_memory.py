"""What the bot remembers: questions and their answers, judgements, updates, people, languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st

from bot.migrations import MIGRATIONS
from bot.records.conversation import Conversation, Judgement, Question, feedback
from bot.records.last_views import SharedViews, views
from bot.records.people import People, Person
from bot.records.question_limit import MINUTE, PersonalLimit, SharedLimit
from bot.views.markup import Html
from bot.views.view import View
from tests.databases import Opened, open_migrated

ASKED = Question(-100, 7, 55, 3, "why?", "2026-11-22T12:00:05Z")


@pytest.fixture
def database(url: str, opened: Opened) -> sqlalchemy.Engine:
    """An empty database."""
    return opened(url)


@pytest.fixture
def conversation(database: sqlalchemy.Engine) -> Conversation:
    """A conversation in which nothing was said."""
    return Conversation(database)


def test_a_question_finds_its_answer(conversation: Conversation) -> None:
    """A question is found by its message, by its answer's message, and by its key in its chat."""
    question = conversation.ask(ASKED)
    assert question.changed
    assert question.answer_id is None
    conversation.answer(question.key, 56, ["A-1", "B-2"])
    stored = conversation.find(-100, 55)
    assert stored
    assert (stored.question, stored.answer_id, stored.citations) == (ASKED, 56, ("A-1", "B-2"))
    assert conversation.answered_by(-100, 56) == stored
    place = (ASKED.chat_id, ASKED.thread_id)
    assert conversation.by_token(question.token, *place) == stored
    assert conversation.by_token(question.token, -101, ASKED.thread_id) is None, (
        "another chat's key"
    )
    assert conversation.by_token(question.token, -100, 77) is None, "another topic's key"
    assert conversation.by_token(str(question.key), *place) is None, "a number is no key"
    assert conversation.find(-100, 56) is None


def test_asked_again_it_is_one_question(conversation: Conversation) -> None:
    """The same text changes nothing, a newer one replaces it and keeps the answer's message."""
    question = conversation.ask(ASKED)
    conversation.answer(question.key, 56, ["A-1"])
    assert not conversation.ask(ASKED).changed
    edited = conversation.ask(replace(ASKED, text="who?", at="2026-11-22T12:00:09Z"))
    assert (edited.changed, edited.key, edited.answer_id, edited.citations) == (
        True,
        question.key,
        56,
        (),
    )


@given(st.permutations(range(4)))
def test_the_latest_text_wins(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    """In whatever order the texts of a question come, the one written last stays."""
    folder = tmp_path_factory.mktemp("edits")
    database = open_migrated(f"sqlite:///{folder / 'kept.sqlite3'}", migrations=MIGRATIONS)
    conversation = Conversation(database)
    for number in order:
        at = f"2026-11-22T12:00:0{number}Z"
        conversation.ask(replace(ASKED, text=f"text {number}", at=at))
    stored = conversation.find(-100, 55)
    database.dispose()
    assert stored
    assert stored.question.text == "text 3"


def test_the_last_judgement_counts(conversation: Conversation, database: sqlalchemy.Engine) -> None:
    """Each person judges an answer once, and may change their mind."""
    key = conversation.ask(ASKED).key
    for person, useful in ((1, True), (2, True), (1, False), (1, False)):
        conversation.judge(key, person, useful=useful)
    with database.connect() as connection:
        rows = connection.execute(
            sqlalchemy.select(feedback.c.person_id, feedback.c.useful).order_by("person_id")
        ).all()
    assert [tuple(row) for row in rows] == [(1, False), (2, True)]


def test_old_questions_go(conversation: Conversation, database: sqlalchemy.Engine) -> None:
    """With what was thought of their answers; younger ones stay."""
    old = conversation.ask(replace(ASKED, at="2020-01-01T00:00:00Z"))
    new = conversation.ask(replace(ASKED, message_id=56, at="2099-01-01T00:00:00Z"))
    for question in (old, new):
        conversation.judge(question.key, 1, useful=True)
    assert conversation.drop_before(365) == 1
    assert conversation.find(-100, 55) is None
    assert conversation.find(-100, 56)
    with database.connect() as connection:
        assert list(connection.scalars(sqlalchemy.select(feedback.c.asked_key))) == [new.key]


def test_what_no_database_takes_becomes_harmless(conversation: Conversation) -> None:
    """NUL and lone surrogates in a question become U+FFFD."""
    conversation.ask(replace(ASKED, text="why\0 \ud800?"))
    stored = conversation.find(ASKED.chat_id, ASKED.message_id)
    assert stored
    assert stored.question.text == "why\ufffd \ufffd?"


def test_a_username_has_one_holder(database: sqlalchemy.Engine) -> None:
    """`@name` is whoever was last seen with it, in either case; a name given up finds nobody."""
    people = People(database)
    assert people.id_of_username("clerk") is None
    people.meet(Person(1, "First", "Clerk"))
    people.meet(Person(1, "First", "Clerk"))
    assert people.id_of_username("clerk") == 1
    people.meet(Person(2, "Second", "clerk"))
    assert people.id_of_username("CLERK") == 2
    people.meet(Person(2, "Second", None))
    assert people.id_of_username("clerk") is None
    People(database).meet(Person(1, "First", "Clerk"))
    assert people.id_of_username("clerk") == 1


def test_languages_are_kept(database: sqlalchemy.Engine) -> None:
    """A chat's language comes before a person's, survives new names, and follows a migration."""
    people = People(database)
    assert people.chosen_languages(-100, 1) == []
    people.set_person_language(1, "zh-Hant")
    people.meet(Person(1, "New", "name"))
    assert people.chosen_languages(-100, 1) == ["zh-Hant"]
    people.set_chat_language(-100, "en")
    people.set_chat_language(-100, "zh-Hans")
    assert people.chosen_languages(-100, 1) == ["zh-Hans", "zh-Hant"]
    people.migrate(-100, -200)
    assert people.chosen_languages(-200, None) == ["zh-Hans"]
    assert people.chosen_languages(None, 1) == ["zh-Hant"]


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 40)), max_size=60), st.integers(1, 5))
def test_no_minute_holds_more(asking: list[tuple[int, float]], limit: int) -> None:
    """In any minute each person asks at most so often, and who is refused knows how long."""
    now = 0.0
    personal = PersonalLimit(limit, lambda: now)
    granted: dict[int, list[float]] = {}
    for person, pause in asking:
        now += pause
        times = granted.setdefault(person, [])
        recent = [at for at in times if now - at < MINUTE]
        wait = personal.wait(person)
        assert (wait == 0) == (len(recent) < limit)
        if wait == 0:
            times.append(now)
        else:
            assert recent[0] + MINUTE <= now + wait <= recent[0] + MINUTE + 1


def test_a_follow_up_keeps_what_it_followed(conversation: Conversation) -> None:
    """What the question before asked, or was understood as, at that time; edits change nothing."""
    first = conversation.ask(ASKED)
    second = conversation.ask(replace(ASKED, message_id=57, text="and who?"), first)
    conversation.answer(second.key, 58, ["A-1"], understood="and who? (why?)", index_version="1.2")
    conversation.ask(replace(ASKED, text="when?", at="2026-11-22T12:01:00Z"))
    stored = conversation.answered_by(-100, 58)
    assert stored
    assert (stored.earlier, stored.understood, stored.asks) == (
        "why?",
        "and who? (why?)",
        "and who? (why?)",
    )
    third = conversation.ask(replace(ASKED, message_id=59, text="and where?"), stored)
    assert third.earlier == "and who? (why?)"
    edited = replace(ASKED, message_id=57, text="and how?", at="2026-11-22T12:02:00Z")
    assert conversation.ask(edited).earlier == "why?"


def test_what_was_judged_is_kept_with_the_judgement(conversation: Conversation) -> None:
    """Question, passage and version as they were; of a later page its own first passage."""
    key = conversation.ask(ASKED).key
    conversation.answer(key, 56, ["A-1", "A-2", "B-3"], index_version="1.7")
    conversation.judge(key, 1, useful=True)
    conversation.judge(key, 2, useful=False, skip=2)
    conversation.judge(key, 3, useful=True, skip=9)
    conversation.ask(replace(ASKED, text="who?", at="2026-11-22T12:01:00Z"))
    assert conversation.judgements() == [
        Judgement("why?", "A-1", "1.7", useful=True),
        Judgement("why?", "B-3", "1.7", useful=False),
        Judgement("why?", "", "1.7", useful=True),
    ]
    conversation.judge(404, 1, useful=True)


def test_processes_count_together(database: sqlalchemy.Engine) -> None:
    """With one database a person's minute is the same wherever the question arrives."""
    now = 1_000_000.0
    here, elsewhere = (SharedLimit(3, database, lambda: now) for _ in range(2))
    assert [here.wait(7), elsewhere.wait(7), here.wait(7)] == [0, 0, 0]
    assert elsewhere.wait(7) == MINUTE
    assert elsewhere.wait(8) == 0
    now += MINUTE
    assert elsewhere.wait(7) == 0


async def test_processes_know_what_a_message_shows(database: sqlalchemy.Engine) -> None:
    """What another process put into a message is known here; old messages are forgotten."""
    here, elsewhere = SharedViews(database), SharedViews(database)
    first, second = View(Html("first")), View(Html("second"))
    await here.note(-100, 5, first)
    assert await elsewhere.is_same(-100, 5, first)
    await elsewhere.note(-100, 5, second)
    assert not await here.is_same(-100, 5, first)
    assert await here.is_same(-100, 5, second)
    assert not await here.is_same(-100, 6, second)
    here.forget()
    assert await here.is_same(-100, 5, second)
    with database.begin() as connection:
        connection.execute(views.update().values(at="2020-01-01T00:00:00Z"))
    here.forget()
    assert not await here.is_same(-100, 5, second)
