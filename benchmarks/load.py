"""`make load`: many people ask at once; how long until each is answered, and is any answer lost?

The bot runs in a process of its own over a library of synthetic passages, and talks to a Bot API
on loopback that keeps Telegram's flood limits. Both share this machine, so on a busy one compare
the processor time of an answer, which tells more than its latency.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import synthetic
from benchmarks.loopback import TOKEN, Loopback, QuestionTiming
from corpus.library import Library
from corpus.storage.database import open_database

CHATS: Final = 200
QUESTIONS: Final = 400
SEED: Final = 7
STOP_SECONDS: Final = 60


@dataclass(frozen=True)
class Run:
    """So many questions a second for so long; then as long again as Telegram's pace may need."""

    rate: float
    seconds: float
    patience: float


RUNS: Final = {
    "warming up": Run(10, 5, 20),
    "20 a second for 60 s": Run(20, 60, 30),
    "100 a second for 10 s": Run(100, 10, 90),
}


def main() -> None:
    """File the passages, start the bot, and load it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    size = parser.parse_args().passages
    texts = list(synthetic.passages(size))
    questions = synthetic.questions(texts, QUESTIONS)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database("", folder=Path(folder))
        library = Library(database)
        for number, reading in enumerate(synthetic.readings(texts)):
            library.file(reading, matter="documents", path=str(number))
        database.dispose()
        sys.exit(asyncio.run(_load(Path(folder), questions)))


async def _load(folder: Path, questions: list[str]) -> int:
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a poll ends with the bot
    server = Loopback()
    url, runner = await server.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--data", str(folder), env=_environment(url)
    )
    lost = 0
    try:
        await server.polled.wait()
        for name, run in RUNS.items():
            lost += await _run(server, name, run, questions, process.pid)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
        await runner.cleanup()
    return min(1, lost)


def _environment(url: str) -> dict[str, str]:
    return os.environ | {
        "PINCITE_TELEGRAM_TOKEN": TOKEN,
        "PINCITE_TELEGRAM_BASE_URL": url,
        "PINCITE_OWNERS": "1",
        "PINCITE_OPEN": "true",
        "PINCITE_OPEN_MATTER": "documents",
        "PINCITE_QUESTIONS_PER_MINUTE": "6000",
        "PINCITE_LOG_LEVEL": "error",
    }


async def _run(server: Loopback, name: str, run: Run, questions: list[str], pid: int) -> int:
    """Ask at random moments, chat after chat; returns how many got no answer."""
    server.timings.clear()
    refused, processor = server.refused, _processor_seconds(pid)
    random = np.random.default_rng(SEED)
    began = due = time.perf_counter()
    number = 0
    while due < began + run.seconds:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        server.ask(number % CHATS, questions[number % len(questions)])
        due += random.exponential(1 / run.rate)
        number += 1
    with suppress(TimeoutError):
        await asyncio.wait_for(server.quiet.wait(), run.patience)
    spent = _processor_seconds(pid) - processor
    _print(name, list(server.timings.values()), server.refused - refused, spent)
    return server.waiting()


def _processor_seconds(pid: int) -> float:
    """Processor time that a process has taken so far, on Linux; 0 elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _print(name: str, questions: list[QuestionTiming], refused: int, spent: float) -> None:
    milliseconds = [question.seconds * 1000 for question in questions if question.answered] or [0.0]
    p50, p95, p99 = (np.percentile(milliseconds, percent) for percent in (50, 95, 99))
    sys.stdout.write(
        f"{name:24}{len(questions):6} asked, {len(questions) - len(milliseconds)} lost,"
        f" p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, worst {max(milliseconds):.0f} ms;"
        f" {1000 * spent / len(questions):.1f} ms of processor an answer; refused {refused} times\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
