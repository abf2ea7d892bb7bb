"""`make soak`: hours of work in several processes, with kills and network faults. What is lost?

A bot answers people over an emulated Telegram whose network loses requests and answers, and goes
dark now and then. Meanwhile an owner sends files and waits for a watch's notices, other processes
add, replace, ask and back up (some are killed and repeated), files appear in the watched folder,
and the bot is killed and started again. At the end every question must be answered, every file
filed, every notice sent and the audit whole; what came twice must be what the documentation says
may come twice; memory, open files and threads must be level within each life of the bot.

`../shared/tools/botapi_emulator.py` plays Telegram where it is there, with its strict rules; else
the loopback of `make load` does.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from benchmarks.loopback import FIRST_PERSON, TOKEN, Loopback
from benchmarks.network import FaultyNetwork, SentMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

EMULATOR: Final = Path(__file__).parents[2] / "shared" / "tools" / "botapi_emulator.py"
OWNER: Final = 1
CHATS: Final = 40
RATE: Final = 1.5
"""Questions a second: as many as two cores answer beside the processes that add."""
UPLOAD_SECONDS: Final = 9.0
WATCHED_SECONDS: Final = 7.0
DARK_SECONDS: Final = 8.0
DARK_EVERY: Final = 150.0
KILL_EVERY: Final = 180.0
"""The second half of the time is one life, so that slow growth shows."""
PATIENCE: Final = 120.0
KILLED_WITHIN: Final = 10.0
"""Seconds before a kill within which a message may be sent and not yet recorded as sent."""
WARM_SAMPLES: Final = 45
"""Samples, two seconds apart, until all that questions need is loaded."""
SERVING: Final = 4
"""Threads that a process has at most before it serves."""
GROWTH: Final = 1.35
"""A life may end with so many times the memory that it had once it was warm."""
SUBJECTS: Final = ("rent", "roof", "notice", "deposit", "garden", "repair", "boiler", "fence")
WATCH: Final = "which harbour master inspects the lamp of the lighthouse?"


class Messenger(Protocol):
    """What plays Telegram: people write to the bot in private."""

    async def start(self) -> str:
        """Listen; returns the address."""

    def send(self, person_id: int, text: str) -> int:
        """A person writes; returns the message's id."""

    def send_file(self, person_id: int, name: str, content: bytes, caption: str) -> int:
        """A person sends a file; returns the message's id."""

    def violations(self) -> list[str]:
        """What the bot did that Telegram refuses."""

    async def close(self) -> None:
        """Listen no more."""


class Emulated:
    """The emulator with its strict rules."""

    def __init__(self) -> None:
        spec = importlib.util.spec_from_file_location("botapi_emulator", EMULATOR)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["botapi_emulator"] = module  # its dataclasses look themselves up there
        spec.loader.exec_module(module)
        self._telegram: Any = module.Telegram(token=TOKEN, username="pincite_bot")
        self._people: dict[int, Any] = {}

    async def start(self) -> str:
        """Listen; returns the address."""
        await self._telegram.start()
        return str(self._telegram.url)

    def send(self, person_id: int, text: str) -> int:
        """A person writes; returns the message's id."""
        person = self._person(person_id)
        message = self._telegram.send(person, self._telegram.private(person), text)
        return int(message["message_id"])

    def send_file(self, person_id: int, name: str, content: bytes, caption: str) -> int:
        """A person sends a file; returns the message's id."""
        person = self._person(person_id)
        chat = self._telegram.private(person)
        message = self._telegram.send_file(person, chat, content, name=name, caption=caption)
        return int(message["message_id"])

    def violations(self) -> list[str]:
        """What the bot did that Telegram refuses, but for what faults bring about.

        Those are a second poll after a kill, and an edit again whose confirmation was lost.
        """
        kinds = ("flood", "conflict", "not_modified")
        return [str(violation) for violation in self._telegram.refused(*kinds)]

    async def close(self) -> None:
        """Listen no more."""
        await self._telegram.stop()

    def _person(self, person_id: int) -> Any:
        if person_id not in self._people:
            self._people[person_id] = self._telegram.create_user(f"P{person_id}", id=person_id)
        return self._people[person_id]


class Plain(Loopback):
    """The loopback of `make load`, where the emulator is not at hand."""

    _listening: Any = None

    async def start(self) -> Any:
        """Listen; returns the address."""
        url, self._listening = await super().start()
        return url.removesuffix("/bot")

    def violations(self) -> list[str]:
        """It knows no rules that could be broken."""
        return []

    async def close(self) -> None:
        """Listen no more."""
        await self._listening.cleanup()


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
        # It serves once it has threads; on a busy machine the start takes minutes.
        serving = next((at for at, count in enumerate(self.threads) if count > SERVING), 0)
        warm = serving + max(WARM_SAMPLES, (len(self.memory_mb) - serving) // 3)
        if len(self.memory_mb) < warm + WARM_SAMPLES:
            return False
        return (
            max(self.memory_mb[-3:]) > GROWTH * max(self.memory_mb[warm : warm + 3])
            or max(self.files[-3:]) > 20 + max(self.files[warm : warm + 3])
            or max(self.threads[-3:]) > 8 + max(self.threads[warm : warm + 3])
        )

    def __str__(self) -> str:
        return (
            f"{2 * len(self.memory_mb):5} s: memory {self.memory_mb[0]:.0f} to"
            f" {self.memory_mb[-1]:.0f} MB, at most {max(self.memory_mb):.0f}; open files at most"
            f" {max(self.files)}, threads at most {max(self.threads)}"
        )


@dataclass(slots=True)
class Expected:
    """What was asked of the bot."""

    questions: list[tuple[int, int]] = field(default_factory=list)
    """Chat and message of each."""
    uploads: dict[int, str] = field(default_factory=dict)
    """By message, the file's name."""
    notices: list[str] = field(default_factory=list)
    """Titles that the watch has to be told of."""


def main() -> None:
    """Run it; the status is 1 when anything was lost or kept growing."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sys.exit(asyncio.run(Soak(Path(folder), options.seed).run(60 * options.minutes)))


class Soak:
    """One run over a data folder of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self._data, self._watched = folder / "data", folder / "watched"
        self._added = folder / "added"
        self._messenger: Messenger = Emulated() if EMULATOR.exists() else Plain()
        self._expected = Expected()
        self._lives: list[Life] = []
        self._killed: list[float] = []
        self._commands = self._repeated = 0
        self._failed: list[str] = []
        self._stop = asyncio.Event()
        for new in (self._watched, self._added):
            new.mkdir()

    async def run(self, seconds: float) -> int:
        """Work for so many seconds, then look at what there is; returns the exit status."""
        logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
        self._network = FaultyNetwork(await self._messenger.start(), self._dice)
        address = await self._network.start()
        environment = _environment(address, self._data, self._watched)
        began = time.perf_counter()
        work = (
            self._ask(),
            self._send_files(),
            self._add(environment),
            self._drop_files(),
            self._darken(),
        )
        tasks = [asyncio.create_task(part) for part in work]
        try:
            for life in _lives(seconds):
                # The last one ends by itself, so that what is left can be answered.
                await self._live(environment, life, last=False)
            await self._live(environment, seconds - sum(_lives(seconds)), last=True)
        finally:
            self._stop.set()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            await self._network.close()
            await self._messenger.close()
        self._failed += [repr(error) for error in outcomes if isinstance(error, Exception)]
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
        if process.returncode is not None:
            self._failed.append(f"the bot ended by itself: {process.returncode}")
        if not last:
            with suppress(ProcessLookupError):
                process.kill()
            self._killed.append(time.monotonic())
            await process.wait()
            return
        self._stop.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._unanswered() or self._untold():
                    self._network.noted.clear()
                    await self._network.noted.wait()
        with suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)

    # -- the work --------------------------------------------------------------------------------

    async def _ask(self) -> None:
        number = 0
        while not self._stop.is_set():
            words = self._dice.sample(SUBJECTS, 2)
            chat = FIRST_PERSON + number % CHATS
            question = f"who pays for the {words[0]} and the {words[1]}?"
            self._expected.questions.append((chat, self._messenger.send(chat, question)))
            number += 1
            await asyncio.sleep(self._dice.expovariate(RATE))

    async def _send_files(self) -> None:
        """The owner watches, and sends files: replaced ones, and ones that the watch waits for."""
        message = self._messenger.send(OWNER, f"/watch {WATCH}")
        self._expected.questions.append((OWNER, message))
        number = 0
        while not await self._stops_within(UPLOAD_SECONDS):
            number += 1
            if number % 4:
                name, text = f"upload {number % 9}.txt", _paper(self._dice, f"Upload {number}")
            else:
                # Of many that say the same, a new one is no longer the best answer.
                name = f"lamp {number // 4 % 6}.txt"
                text = f"Lamp log {number}\n\n{_lamp(number)}"
                self._expected.notices.append(f"Lamp log {number}")
            self._send_file(name, text)

    def _send_file(self, name: str, text: str) -> None:
        message = self._messenger.send_file(OWNER, name, text.encode(), "/add documents")
        self._expected.uploads[message] = name

    async def _add(self, environment: dict[str, str]) -> None:
        """Other processes add, replace, ask and back up, one after another; some are killed."""
        number = 0
        while not self._stop.is_set():
            number += 1
            path = self._added / f"paper {number % 20}.txt"
            path.write_text(_paper(self._dice, f"Paper {number}"))
            if number % 3 == 0:
                await self._kill_midway(environment, "add", str(path))
            await self._command(environment, "add", str(path))
            if number % 5 == 0:
                await self._command(environment, "ask", "who repairs the roof?")
            if number % 10 == 0:
                backup = self._data.with_name(f"backup {number}")
                await self._command(environment, "backup", str(backup))
                await self._command(environment, "backup", "--verify", str(backup))

    async def _drop_files(self) -> None:
        number = 0
        while not await self._stops_within(WATCHED_SECONDS):
            number += 1
            text = _paper(self._dice, f"Watched {number}")
            (self._watched / f"watched {number % 15}.txt").write_text(text)

    async def _darken(self) -> None:
        while not await self._stops_within(DARK_EVERY):
            self._network.go_dark(DARK_SECONDS)

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        return self._stop.is_set()

    async def _kill_midway(self, environment: dict[str, str], *arguments: str) -> None:
        process = await _start(environment, *arguments)
        await asyncio.sleep(self._dice.uniform(0.2, 4.0))
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        self._repeated += 1

    async def _command(self, environment: dict[str, str], *arguments: str) -> str:
        process = await _start(environment, *arguments)
        output, _ = await process.communicate()
        self._commands += 1
        text = output.decode("utf-8", "replace")
        if process.returncode or "Traceback" in text:
            self._failed.append(f"{arguments[0]}: {text.strip().splitlines()[-1:]}")
        return text

    # -- what there is at the end ----------------------------------------------------------------

    def _unanswered(self) -> list[tuple[int, int]]:
        answered = {(message.chat, message.replies_to) for message in self._network.sent}
        uploads = [(OWNER, message) for message in self._expected.uploads]
        return [key for key in (*self._expected.questions, *uploads) if key not in answered]

    def _untold(self) -> list[str]:
        return [title for title in self._expected.notices if not self._notices(title)]

    def _notices(self, title: str) -> list[SentMessage]:
        """The messages to the owner that answer nothing and name a title."""
        named = re.compile(rf"{title}\b")
        return [
            message
            for message in self._network.sent
            if message.chat == OWNER and not message.replies_to and named.search(message.text)
        ]

    def _repetitions(self) -> tuple[int, list[str]]:
        """How many messages came again for a documented reason, and those that had none."""
        answers: dict[object, list[SentMessage]] = defaultdict(list)
        for message in self._network.sent:
            if message.replies_to:
                answers[message.chat, message.replies_to].append(message)
        for title in self._expected.notices:
            answers[title] = self._notices(title)
        documented, unexplained = 0, []
        for key, messages in answers.items():
            for earlier in messages[:-1]:
                if self._may_repeat(earlier):
                    documented += 1
                else:
                    unexplained.append(f"{key} came again")
        return documented, unexplained

    def _may_repeat(self, message: SentMessage) -> bool:
        """The network lost what said that it was taken, or a kill came before that was recorded."""
        return not message.confirmed or any(
            0 <= killed - message.at < KILLED_WITHIN for killed in self._killed
        )

    def _missing(self, documents: str) -> list[str]:
        """Files without a document, but for those of which their sender was told so."""
        names = {Path(str(json.loads(line)["path"])).name for line in documents.splitlines()}
        files = {path.name for folder in (self._watched, self._added) for path in folder.iterdir()}
        refused = {
            name
            for name in self._expected.uploads.values()
            if any(f"{name}</b> is not filed" in text for text in self._network.shown)
        }
        return sorted((files | set(self._expected.uploads.values())) - names - refused)

    def _report(self, seconds: float, doctor: str, documents: str) -> int:
        lost, missing = self._unanswered(), self._missing(documents)
        documented, unexplained = self._repetitions()
        untold, violations = self._untold(), self._messenger.violations()
        grew = [str(life) for life in self._lives if life.grew()]
        print(
            f"{seconds / 60:.1f} minutes over {type(self._messenger).__name__.lower()} Telegram:"
            f" {len(self._expected.questions)} questions and {len(self._expected.uploads)} uploads,"
            f" {len(lost)} without an answer; {len(self._expected.notices)} notices of a watch,"
            f" {len(untold)} not sent; {documented} messages sent again because the network lost"
            f" their confirmation or the bot was killed, {len(unexplained)} without such a reason;"
            f" {len(self._killed)} kills of the bot, {self._repeated} of other processes;"
            f" {self._network.faults} faults of the network; {self._commands} commands,"
            f" {len(self._failed)} failed; documents missing: {len(missing)}"
        )
        print("\n".join(map(str, self._lives)))
        # What was written in the last seconds may not have been looked at before the stop.
        faults: Sequence[Sequence[object]] = (
            lost, untold, unexplained, violations, self._failed, missing[1:], grew,
        )  # fmt: skip
        for fault in [*(item for kind in faults for item in kind), *missing]:
            print(fault)
        print(doctor)
        return int(any(faults))


async def _start(environment: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


def _lives(seconds: float) -> list[float]:
    """The lives that end by a kill: at least two, in the first half of the time."""
    kills = max(2, int(seconds / 2 / KILL_EVERY))
    return [seconds / 2 / kills] * kills


def _paper(dice: random.Random, title: str) -> str:
    lines = [
        f"The {dice.choice(('tenant', 'landlord'))} pays for the {dice.choice(SUBJECTS)} in {n}."
        for n in range(dice.randint(3, 12))
    ]
    return "\n\n".join([title, *lines])


def _lamp(number: int) -> str:
    return f"Harbour master {number} inspects the lamp of the lighthouse."


def _environment(address: str, data: Path, watched: Path) -> dict[str, Any]:
    return os.environ | {
        "PINCITE_DATA": str(data),
        "PINCITE_DOCUMENTS": str(watched),
        "PINCITE_TELEGRAM_TOKEN": TOKEN,
        "PINCITE_TELEGRAM_BASE_URL": f"{address}/bot",
        "PINCITE_TELEGRAM_BASE_FILE_URL": f"{address}/file/bot",
        "PINCITE_OWNERS": str(OWNER),
        "PINCITE_OPEN": "true",
        "PINCITE_OPEN_MATTER": "documents",
        "PINCITE_QUESTIONS_PER_MINUTE": "6000",
        "PINCITE_LOG_LEVEL": "error",
    }


if __name__ == "__main__":
    main()
