"""Two real processes behind one webhook address, over PostgreSQL and Milvus; one is killed."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web

from tests.bot.telegram.emulator import load_emulator
from tests.databases import new_postgresql_url
from tests.index.milvus.lite import TOKEN, Server

pytestmark = [pytest.mark.shared, pytest.mark.milvus, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 90
# The program with leases that end while the test waits; nothing else differs from `pincite run`.
PROGRAM = """
from bot.records import leases
leases.LEASE, leases.RENEWED = 2.0, 0.5
from bot.__main__ import main
main()
"""
QUESTIONS = (
    "why did the appeal reverse?",
    "二审为什么改判?",
    "上訴為何逆轉?",
    "what is article 36?",
)


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """Hands each request to the next of the processes, to another where one does not answer."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._count = len(ports)
        self.served: dict[int, int] = dict.fromkeys(ports, 0)

    async def handle(self, request: web.Request) -> web.Response:
        """Pass a request on."""
        body = await request.read()
        headers = {name: each for name, each in request.headers.items() if name != "Host"}
        async with ClientSession() as session:
            for port in itertools.islice(self._ports, self._count):
                url = f"http://127.0.0.1:{port}{request.path}"
                try:
                    async with session.post(url, data=body, headers=headers) as answer:
                        self.served[port] += 1
                        return web.Response(status=answer.status, body=await answer.read())
                except ClientError:
                    continue
        return web.Response(status=502)


@asynccontextmanager
async def proxied(ports: Sequence[int]) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy and its address."""
    proxy = Proxy(ports)
    app = web.Application()
    app.router.add_post("/{path:.*}", proxy.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield proxy, f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


class Process:
    """`pincite run` in a process of its own, and what it logs."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self.running = running
        self.log: list[str] = []
        self._listening = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.running.stderr
        async for line in self.running.stderr:
            self.log.append(line.decode())
            if "listening" in self.log[-1]:
                self._listening.set()

    async def listens(self) -> None:
        """Wait until it does."""
        waiting = asyncio.create_task(self._listening.wait())
        both = {waiting, self._reading}
        await asyncio.wait(both, timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)
        assert waiting.done(), "".join(self.log)

    async def end(self) -> None:
        """Stop it in order, if it is there still."""
        if self.running.returncode is None:
            self.running.terminate()
        await asyncio.wait_for(self.running.wait(), SECONDS)
        await self._reading


@asynccontextmanager
async def process(folder: Path, settings: dict[str, str]) -> AsyncIterator[Process]:
    """A process with a data folder of its own, ended with the context."""
    plain = {name: each for name, each in os.environ.items() if not name.startswith("PINCITE_")}
    chosen = {f"PINCITE_{name}": each for name, each in settings.items()}
    folder.mkdir()
    running = Process(
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, "run",
            env=plain | chosen | {"PYTHONPATH": str(ROOT)},
            cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )
    )  # fmt: skip
    try:
        yield running
    finally:
        await running.end()


async def test_one_is_killed_and_no_answer_is_lost(
    shared: Path, postgresql: str, milvus: Server, tmp_path: Path
) -> None:
    """Every question gets an answer, though a process dies in the middle; no other gets two."""
    ports = [free_port(), free_port()]
    async with (
        load_emulator(shared).Telegram(webhook_retry=0.2, limits=None) as tg,
        proxied(ports) as (proxy, address),
    ):
        settings = {
            "TELEGRAM_TOKEN": tg.token,
            "TELEGRAM_BASE_URL": tg.base_url,
            "TELEGRAM_WEBHOOK_URL": f"{address}/hook/pincite",
            "DATABASE_URL": new_postgresql_url(postgresql),
            "INDEX": "milvus",
            "MILVUS_URI": milvus.uri,
            "OPEN": "true",
            "OWNERS": "1",
            "LOG_LEVEL": "info",
        } | ({"MILVUS_TOKEN": TOKEN} if TOKEN else {})
        before = set(milvus.client.list_collections())
        listens = [{"TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}"} for port in ports]
        try:
            async with (
                process(tmp_path / "one", settings | listens[0]) as one,
                process(tmp_path / "two", settings | listens[1]) as two,
            ):
                await play(tg, proxy, one, two)
        finally:
            for name in set(milvus.client.list_collections()) - before:
                milvus.client.drop_collection(name)


async def play(tg: Any, proxy: Proxy, one: Process, two: Process) -> None:
    """People ask, a process is killed, and all is answered; buttons go on working."""
    await asyncio.gather(one.listens(), two.listens())
    people = [tg.create_user(f"Person {number}") for number in range(12)]
    asked = [
        tg.send(person, tg.private(person), question)
        for person, question in zip(people, itertools.cycle(QUESTIONS), strict=False)
    ]
    await tg.wait_for(lambda: len(tg.sent) >= 3, SECONDS, "the first answers")
    one.running.send_signal(signal.SIGKILL)
    await one.running.wait()
    before = Counter(each.chat_id for each in tg.sent)
    answers = [
        await tg.wait_reply(person, SECONDS, to=question)
        for person, question in zip(people, asked, strict=True)
    ]
    await tg.wait_idle()
    assert all(proxy.served.values()), "".join(two.log)
    # An answer that was sent and not yet noted at the kill is sent again; no other is.
    after = Counter(each.chat_id for each in tg.sent[before.total() :])
    assert {*before.values(), *after.values()} == {1}
    assert before.keys() | after.keys() == {person.id for person in people}
    pressed = tg.press(people[0], answers[0], "More")
    await tg.wait_answer(pressed, SECONDS)
    await tg.wait_for(lambda: answers[0].edits, SECONDS, "the next page")
    assert not tg.refused("flood")
