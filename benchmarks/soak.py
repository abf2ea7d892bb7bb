"""`make soak`: hours of work in a few processes, with kills and network faults. What is lost?

A bot answers people over a Bot API on loopback that drops requests now and then. Meanwhile other
processes add and replace documents, files appear in the watched folder, and the bot is killed and
started again. At the end every question must be answered, every document filed, and the audit
whole; memory, open files and threads must be level within each life of the bot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from benchmarks.loopback import TOKEN, Loopback

CHATS: Final = 40
RATE: Final = 1.5
"""Questions a second: as many as two cores answer beside the processes that add."""
FAULTS: Final = 0.03
"""The share of requests that get no answer, or the answer of a broken proxy."""
LIVES: Final = 3
"""Two kills, since an update that is in hand at three of them is given up."""
PATIENCE: Final = 120.0
GROWTH: Final = 1.35
"""A life may end with so many times the memory that it had once it was warm."""
SUBJECTS: Final = ("rent", "roof", "notice", "deposit", "garden", "repair", "boiler", "fence")


class FaultyLoopback(Loopback):
    """Loses requests and answers, as networks do; counts the answers that each question got."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._dice = dice
        self.faults = 0
        self.answers: dict[tuple[int, int], int] = {}

    async def _serve(self, request: web.Request) -> web.Response:
        fault = self._dice.random() if request.match_info["method"] != "getMe" else 1.0
        if fault < FAULTS / 2:
            self.faults += 1
            return web.Response(status=502, text="bad gateway")
        response = await super()._serve(request)
        if request.match_info["method"] == "sendMessage" and response.status == 200:
            parameters = await request.post()
            replied = json.loads(str(parameters.get("reply_parameters", "{}"))).get("message_id")
            if replied:
                key = int(str(parameters["chat_id"])), int(replied)
                self.answers[key] = self.answers.get(key, 0) + 1
        if FAULTS / 2 <= fault < FAULTS and request.transport is not None:
            # Taken, but the bot never hears of it: the case in which it cannot but repeat.
            self.faults += 1
            request.transport.abort()
        return response


@dataclass(slots=True)
class Life:
    """What one life of the bot took, sampled every few seconds."""

    memory_mb: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def sample(self, pid: int) -> None:
        """Look at the process, on Linux."""
        status = Path(f"/proc/{pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        self.memory_mb.append(int(fields["VmRSS"].split()[0]) / 1024)
        self.threads.append(int(fields["Threads"]))
        self.files.append(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))

    def grew(self) -> bool:
        """Whether it ended with more than it had when it was warm, a third of its life on."""
        warm = len(self.memory_mb) // 3
        if warm < 3:
            return False
        return (
            max(self.memory_mb[-3:]) > GROWTH * max(self.memory_mb[warm : warm + 3])
            or max(self.files[-3:]) > 20 + max(self.files[warm : warm + 3])
            or max(self.threads[-3:]) > 8 + max(self.threads[warm : warm + 3])
        )


def main() -> None:
    """Run it; the status is 1 when anything was lost or kept growing."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sys.exit(asyncio.run(_Soak(Path(folder), options.seed).run(60 * options.minutes)))


class _Soak:
    def __init__(self, folder: Path, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self._data, self._watched = folder / "data", folder / "watched"
        self._added = folder / "added"
        self._server = FaultyLoopback(self._dice)
        self._lives: list[Life] = []
        self._commands = 0
        self._failed: list[str] = []
        self._stop = asyncio.Event()
        for new in (self._watched, self._added):
            new.mkdir()

    async def run(self, seconds: float) -> int:
        logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
        url, runner = await self._server.start()
        environment = _environment(url, self._data, self._watched)
        began = time.perf_counter()
        tasks = [
            asyncio.create_task(work)
            for work in (self._ask(), self._add(environment), self._drop_files())
        ]
        try:
            for life in range(LIVES):
                # The last one ends by itself, so that what is left can be answered.
                await self._live(environment, seconds / LIVES, last=life == LIVES - 1)
        finally:
            self._stop.set()
            await asyncio.gather(*tasks, return_exceptions=True)
            await runner.cleanup()
        doctor = await self._command(environment, "doctor", "--offline")
        documents = await self._command(environment, "documents", "--json")
        return self._report(time.perf_counter() - began, doctor, documents)

    async def _live(self, environment: dict[str, str], seconds: float, *, last: bool) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment
        )
        life = Life()
        self._lives.append(life)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and process.returncode is None:
            await asyncio.sleep(2)
            with suppress(OSError, KeyError):
                life.sample(process.pid)
        if not last:
            process.kill()
            await process.wait()
            return
        self._stop.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._server.quiet.wait(), PATIENCE)
        process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)

    async def _ask(self) -> None:
        number = 0
        while not self._stop.is_set():
            words = self._dice.sample(SUBJECTS, 2)
            self._server.ask(number % CHATS, f"who pays for the {words[0]} and the {words[1]}?")
            number += 1
            await asyncio.sleep(self._dice.expovariate(RATE))

    async def _add(self, environment: dict[str, str]) -> None:
        """Other processes add, replace, ask and back up, one after another."""
        number = 0
        while not self._stop.is_set():
            number += 1
            path = self._added / f"paper {number % 20}.txt"
            path.write_text(_paper(self._dice, f"Paper {number}"))
            await self._command(environment, "add", str(path))
            if number % 5 == 0:
                await self._command(environment, "ask", "who repairs the roof?")
            if number % 10 == 0:
                backup = self._data.with_name(f"backup {number}")
                await self._command(environment, "backup", str(backup))
                await self._command(environment, "backup", "--verify", str(backup))

    async def _drop_files(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            text = _paper(self._dice, f"Watched {number}")
            (self._watched / f"watched {number % 15}.txt").write_text(text)
            await asyncio.sleep(7)

    async def _command(self, environment: dict[str, str], *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
        self._commands += 1
        text = output.decode("utf-8", "replace")
        if process.returncode or "Traceback" in text:
            self._failed.append(f"{arguments[0]}: {text.strip().splitlines()[-1:]}")
        return text

    def _report(self, seconds: float, doctor: str, documents: str) -> int:
        asked, lost = len(self._server.timings), self._server.waiting()
        twice = sum(count > 1 for count in self._server.answers.values())
        names = {Path(str(json.loads(line)["path"])).name for line in documents.splitlines()}
        files = {path.name for folder in (self._watched, self._added) for path in folder.iterdir()}
        # What was written in the last seconds may not have been looked at before the stop.
        missing = sorted(files - names)
        grew = [at for at, life in enumerate(self._lives, 1) if life.grew()]
        print(
            f"{seconds / 60:.1f} minutes: {asked} questions, {lost} lost, {twice} answered twice"
            f" (a send whose answer was lost); {LIVES - 1} kills, {self._server.faults} faults of"
            f" the network; {self._commands} commands, {len(self._failed)} failed; documents"
            f" missing: {len(missing)}"
        )
        for number, life in enumerate(self._lives, 1):
            if life.memory_mb:
                print(
                    f"life {number}: memory {life.memory_mb[0]:.0f} to {life.memory_mb[-1]:.0f} MB,"
                    f" at most {max(life.memory_mb):.0f}; open files at most {max(life.files)},"
                    f" threads at most {max(life.threads)}"
                )
        for failure in self._failed:
            print(failure)
        print(doctor)
        return int(bool(lost or self._failed or len(missing) > 1 or grew))


def _paper(dice: random.Random, title: str) -> str:
    lines = [
        f"The {dice.choice(('tenant', 'landlord'))} pays for the {dice.choice(SUBJECTS)} in {n}."
        for n in range(dice.randint(3, 12))
    ]
    return "\n\n".join([title, *lines])


def _environment(url: str, data: Path, watched: Path) -> dict[str, Any]:
    return os.environ | {
        "PINCITE_DATA": str(data),
        "PINCITE_DOCUMENTS": str(watched),
        "PINCITE_TELEGRAM_TOKEN": TOKEN,
        "PINCITE_TELEGRAM_BASE_URL": url,
        "PINCITE_OWNERS": "1",
        "PINCITE_OPEN": "true",
        "PINCITE_OPEN_MATTER": "documents",
        "PINCITE_QUESTIONS_PER_MINUTE": "6000",
        "PINCITE_LOG_LEVEL": "error",
    }


if __name__ == "__main__":
    main()
