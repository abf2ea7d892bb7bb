"""Telegram's limits, shared fairly: who sends much waits, and nobody waits behind them."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reader.links import Asker, asker
from bot.telegram import pacing
from bot.telegram.pacing import Pacing, Window

GROUP = -100


class _Sent:
    """Requests through a pacing, in the order in which they reach the server."""

    def __init__(self, second: float) -> None:
        self.pacing = Pacing(second=second)
        self.order: list[int] = []

    async def send(self, person_id: int, chat_id: int = GROUP) -> None:
        asker.set(Asker(person_id, 0))

        async def request() -> bool:
            self.order.append(person_id)
            return True

        data = {"chat_id": chat_id}
        await self.pacing.process_request(request, (), {}, "sendMessage", data, None)

    def task(self, person_id: int, chat_id: int = GROUP) -> asyncio.Task[None]:
        return asyncio.create_task(self.send(person_id, chat_id))


async def test_an_answer_goes_before_what_another_has_waiting() -> None:
    """However many of one person's wait, the next place is for who was served longest ago."""
    sent = _Sent(second=0.001)
    flood = [sent.task(1) for _ in range(10)]
    await asyncio.sleep(0)
    others = [sent.task(2), sent.task(3)]
    await asyncio.wait_for(asyncio.gather(*flood, *others), 10)
    assert sent.order[:3] == [1, 2, 3]
    assert Counter(sent.order) == {1: 10, 2: 1, 3: 1}


async def test_one_person_cannot_use_up_the_minute_of_a_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A flood takes three quarters of it, and holds no place of the second meanwhile."""
    monkeypatch.setattr(pacing, "GROUP_A_MINUTE", 4)
    monkeypatch.setattr(pacing, "SHARE_OF_ONE", 3)
    sent = _Sent(second=0.0005)
    sent.pacing._groups[GROUP] = Window(4, 3600, 3)
    flood = [sent.task(1) for _ in range(9)]
    while len(sent.order) < 3:
        await asyncio.sleep(0)
    await asyncio.wait_for(sent.task(2), 10)
    assert sent.order == [1, 1, 1, 2]
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


@given(uses=st.integers(1, 4), owners=st.lists(st.integers(0, 3), max_size=24), ends=st.data())
def test_a_window_is_never_used_more_often_than_it_may_be(
    uses: int, owners: list[int], ends: st.DataObject
) -> None:
    """Nor by one owner more often than their share; all get their turn, also beside cancelled."""
    share = ends.draw(st.integers(1, uses))
    cancelled = ends.draw(st.sets(st.integers(0, max(0, len(owners) - 1))))
    active: Counter[int] = Counter()
    served: list[int] = []

    async def use(window: Window, number: int, owner: int) -> None:
        async with window.used_by(owner):
            active[owner] += 1
            assert active.total() <= uses
            assert active[owner] <= share
            try:
                await asyncio.sleep(0)
            finally:
                active[owner] -= 1
            served.append(number)

    async def play() -> None:
        window = Window(uses, 0, share)
        tasks = [asyncio.create_task(use(window, n, owner)) for n, owner in enumerate(owners)]
        await asyncio.sleep(0)
        for number in cancelled & set(range(len(tasks))):
            tasks[number].cancel()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
        await asyncio.sleep(0.001)
        assert window.is_idle
        assert not window._served

    asyncio.run(play())
    assert set(served) >= set(range(len(owners))) - cancelled
