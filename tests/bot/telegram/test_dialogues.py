"""The dialogues, played against the request double: by one bot, and by two that take turns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.compose import Services
from bot.migrations import MIGRATIONS
from corpus.library import Library
from tests.bot.telegram.dialogue import Dialogue, dialogues, perform
from tests.bot.telegram.request_double import TOKEN, RequestDouble
from tests.bot.telegram.sample_matters import sample_services
from tests.bot.telegram.simulator import (
    CHATS,
    TOPICS,
    Simulator,
    app_of,
    bind,
    double_of,
    settings_of,
    simulated_bot,
)
from tests.databases import open_migrated

if TYPE_CHECKING:
    from bot.telegram.context import App

SHORT = 6
"""Turns of a dialogue that `make quick` plays too: two thirds of all dialogues."""
DIALOGUES = pytest.mark.parametrize("dialogue", dialogues(), ids=lambda dialogue: dialogue.name)


@pytest.mark.parametrize(
    "dialogue",
    [
        pytest.param(dialogue, marks=[] if len(dialogue.turns) <= SHORT else pytest.mark.slow)
        for dialogue in dialogues()
    ],
    ids=lambda dialogue: dialogue.name,
)
@pytest.mark.usefixtures("ordered_keys")
async def test_dialogue(dialogue: Dialogue, tmp_path: Path) -> None:
    """What is said in the file is answered as the file says."""
    async with simulated_bot(tmp_path, dialogue.given) as simulator:
        await perform(dialogue, simulator)


@pytest.mark.slow
@DIALOGUES
@pytest.mark.usefixtures("ordered_keys")
async def test_dialogue_on_an_older_server(dialogue: Dialogue, tmp_path: Path) -> None:
    """Where Telegram knows no messages for one person of a group, they come in private."""
    given = [*dialogue.given, "Telegram 10.0"]
    async with simulated_bot(tmp_path, given) as simulator:
        await perform(dialogue, simulator)
        alone = simulator.double.said("sendMessage")
        assert not [call for call in alone if "ephemeral_message_parameters" in call]


@contextmanager
def beside(one: Services, url: str) -> Iterator[Services]:
    """The services of a second process over the same database."""
    database = open_migrated(url, folder=one.settings.data, migrations=MIGRATIONS)
    library = Library(database)
    try:
        yield Services(one.settings, library, type(one.searcher)(library), one.ingest, database)
    finally:
        database.dispose()


class Paired(Simulator):
    """A simulator whose updates go to the one and to the other of two bots."""

    def __init__(self, apps: list[App], double: RequestDouble, services: Services) -> None:
        super().__init__(apps[0], double, services)
        self._turns = itertools.cycle(apps)

    def next_app(self) -> App:
        """Ever the other one."""
        return next(self._turns)


SHARED = [each for each in dialogues() if each.name != "claiming_locked"]
"""Wrong claim codes are counted by each process for itself."""


@pytest.mark.slow
@pytest.mark.parametrize("dialogue", SHARED, ids=lambda dialogue: dialogue.name)
@pytest.mark.usefixtures("ordered_keys")
async def test_dialogue_with_two_processes(dialogue: Dialogue, tmp_path: Path, url: str) -> None:
    """Whichever process gets an update, the same is said: they share the database alone."""
    settings = settings_of(dialogue.given)
    settings |= {
        "database_url": "postgresql://shared",
        "telegram_webhook_url": "https://example.org/hook",
    }
    with sample_services(tmp_path, TOKEN, url, **settings) as one, beside(one, url) as other:
        double = double_of(dialogue.given)
        apps = [app_of(each, double) for each in (one, other)]
        bind(one, dialogue.given, CHATS, TOPICS)
        async with apps[0], apps[1], apps[0].update_processor, apps[1].update_processor:
            await perform(dialogue, Paired(apps, double, one))
