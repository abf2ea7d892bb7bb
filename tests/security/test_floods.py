"""One person asks too much: by many messages, by one long one, or by pressing again and again."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Chat, Message, Update, User

from bot.records import question_limit
from bot.records.question_limit import PersonalLimit
from bot.telegram import update_queue
from bot.telegram.update_queue import UpdateQueue
from index.text.normalize import fold, within_folded


class _Inbox:
    """Stores nothing, and says that every update is new."""

    def __init__(self) -> None:
        self.received: list[int] = []

    def receive(self, update_id: int, *_: str) -> bool:
        self.received.append(update_id)
        return True

    def is_next(self, *_: object) -> bool:
        return True

    def mark_handled(self, _: int) -> None:
        pass


def message(update_id: int, person_id: int, chat_id: int | None = None) -> Update:
    user = User(person_id, "A", is_bot=False)
    chat = Chat(chat_id or person_id, "private" if chat_id is None else "supergroup")
    return Update(update_id, Message(update_id, None, chat, from_user=user, text="x"))  # type: ignore[arg-type]


async def test_a_stranger_sends_thousands_of_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many of one sender wait, in all chats together; everybody else is received."""
    monkeypatch.setattr(update_queue, "WAITING_OF_ONE", 5)
    monkeypatch.setattr(update_queue, "WAITING_IN_CHAT", 8)
    inbox = _Inbox()
    queue = UpdateQueue(inbox, lambda _: True)  # type: ignore[arg-type]
    received = [await queue.receive(message(n, 1, -n)) for n in range(1, 50)]
    assert sum(received) == len(inbox.received) == 5
    assert await queue.receive(message(50, 2))
    # A group of many members has its own limit.
    crowd = [await queue.receive(message(100 + n, 100 + n, -7)) for n in range(20)]
    assert sum(crowd) == 8

    async def nothing() -> None:
        return None

    for update_id in range(1, 6):  # what was waiting is done: there is room again
        await queue.do_process_update(message(update_id, 1, -update_id), nothing())
    assert sum([await queue.receive(message(200 + n, 1, -n)) for n in range(50)]) == 5
    assert len(queue._waiting) < 60


def test_one_person_is_told_once_a_minute() -> None:
    """A flood of refusals would fill the chat that Telegram lets few messages into."""
    now = [0.0]
    limit = PersonalLimit(1, lambda: now[0])
    assert limit.wait(1) == 0
    assert limit.wait(1) > 0
    assert [limit.is_first_refusal(1, 7) for _ in range(5)] == [True, *[False] * 4]
    assert limit.is_first_refusal(2, 7)
    assert limit.is_first_refusal(1, 8)
    now[0] = 61.0
    assert limit.is_first_refusal(1, 7)


def test_few_questions_take_much_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processor time counts as questions do: who used up a minute's has to wait."""
    now = [0.0]
    limit = PersonalLimit(1000, lambda: now[0])
    monkeypatch.setattr(question_limit, "BUDGET", 0.02)
    while limit.wait(1) == 0:
        with limit.charged(1):
            sum(range(200_000))
        assert len(limit._spent[1]) < 1000
    assert 0 < limit.wait(1) <= 60
    assert limit.wait(2) == 0
    now[0] = 61.0
    assert limit.wait(1) == 0
    assert 1 not in limit._spent


async def test_one_person_asks_in_many_chats_at_once() -> None:
    """They are searched one after another, and another person's beside them."""
    limit, active, most = PersonalLimit(10), 0, 0

    async def search(person_id: int) -> None:
        nonlocal active, most
        async with limit.lane(person_id):
            active += 1
            most = max(most, active)
            await asyncio.sleep(0)
            active -= 1

    await asyncio.gather(*(search(1) for _ in range(20)))
    assert most == 1
    await asyncio.gather(*(search(person) for person in (1, 2, 1, 2)))
    assert most == 2
    assert not limit._lanes


@pytest.mark.parametrize("character", ["\ufdfa", "\u3300", "\ufb03", "a", "汉", "\u200b"])
def test_one_character_becomes_eighteen(character: str) -> None:
    """What is searched for is bounded after folding, and is the question's beginning."""
    text = character * 4096
    short = within_folded(text, 4096)
    assert text.startswith(short)
    assert len(fold(short).text) <= 4096
    longer = text[: len(short) + 1]
    assert short == text or len(fold(longer).text) > 4096


async def test_one_member_floods_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another member's question waits half a second for earlier ones, and then goes on its way."""
    monkeypatch.setattr(update_queue, "ORDER_SECONDS", 0.01)
    queue = UpdateQueue(_Inbox(), lambda _: True)  # type: ignore[arg-type]
    held_up, answered = asyncio.Event(), []

    async def answer(update: Update, wait: asyncio.Event | None) -> None:
        if wait:
            await wait.wait()
        answered.append(update.update_id)

    def process(update: Update, wait: asyncio.Event | None = None) -> asyncio.Task[None]:
        return asyncio.create_task(queue.process_update(update, answer(update, wait)))

    flood = [process(message(n, 1, -7), held_up) for n in range(1, 100)]
    await asyncio.wait_for(process(message(100, 2, -7)), 10)
    assert answered == [100]
    held_up.set()
    await asyncio.wait_for(asyncio.gather(*flood), 10)
    # One person's own messages keep their order, and nothing is remembered afterwards.
    assert answered[1:] == list(range(1, 100))
    assert not queue._pending_in
    assert not queue._lanes


async def test_a_question_follows_the_order_of_a_keeper_at_once() -> None:
    """What arrives together in a group is handled in its order as long as that takes no time."""
    queue = UpdateQueue(_Inbox(), lambda _: True)  # type: ignore[arg-type]
    handled: list[int] = []

    async def answer(number: int, steps: int) -> None:
        for _ in range(steps):
            await asyncio.to_thread(int)
        handled.append(number)

    updates = [message(n, n, -7) for n in range(1, 9)]
    tasks = [queue.process_update(u, answer(u.update_id, 9 - u.update_id)) for u in updates]
    await asyncio.wait_for(asyncio.gather(*tasks), 30)
    assert handled == list(range(1, 9))
