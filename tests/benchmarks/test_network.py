"""The soak's network loses what it says it loses, and notes what the server took."""

from __future__ import annotations

import random

import pytest
from aiohttp import ClientConnectionError, ClientSession, web

from benchmarks import network
from benchmarks.network import FaultyNetwork
from benchmarks.soak import Life


class FixedDice(random.Random):
    """Always shows one number."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self._number = number

    def random(self) -> float:
        """The number."""
        return self._number


@pytest.mark.parametrize(
    ("number", "taken", "heard"),
    [
        (0.5, True, True),
        (network.FAULTS / 4, False, False),
        (network.FAULTS * 0.9, True, False),
    ],
    ids=["nothing", "a request", "an answer"],
)
async def test_what_is_lost(number: float, taken: bool, heard: bool) -> None:
    """A lost request reaches no server; a lost answer was taken, and the bot never hears of it."""
    requests = []

    async def serve(request: web.Request) -> web.Response:
        requests.append(await request.text())
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post("/{path:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    faulty = FaultyNetwork(f"http://{host}:{port}", FixedDice(number))
    address = await faulty.start()
    form = {"chat_id": "7", "text": "x", "reply_parameters": '{"message_id": 3}'}
    async with ClientSession() as session:
        try:
            async with session.post(f"{address}/bot1/sendMessage", data=form) as response:
                answered = response.status == 200
        except ClientConnectionError:
            answered = False
    await faulty.close()
    await runner.cleanup()
    assert (bool(requests), answered) == (taken, heard)
    sent = [(message.chat, message.replies_to, message.confirmed) for message in faulty.sent]
    assert sent == ([(7, 3, heard)] if taken else [])


def test_growth_shows_and_a_slow_start_is_none() -> None:
    """What climbs without an end is told from what is loaded at first."""
    level = Life([50.0] * 60 + [300.0] * 200, [9] * 60 + [80] * 200, [1] * 60 + [15] * 200)
    assert not level.grew()
    climbing = Life([100.0 + 2 * at for at in range(300)], [80] * 300, [15] * 300)
    assert climbing.grew()
