"""Updates as Telegram sends them; processes and their clock as the records' tests have them."""

from __future__ import annotations

import pytest
from telegram import Bot, Update

from tests.bot.records.conftest import Clock, clock, database, process
from tests.bot.telegram.entry_points import keys_in_order

__all__ = ["Clock", "clock", "database", "process"]


@pytest.fixture
def ordered_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of buttons and links that are a count, so that a dialogue can name them."""
    keys_in_order(monkeypatch)


BOT = Bot("123456789:" + "A" * 35)


def update_of(number: int, chat: int = 5) -> Update:
    """A message in a chat."""
    message = {
        "message_id": number,
        "date": 1_700_000_000 + number,
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": {"id": chat, "is_bot": False, "first_name": "A"},
        "text": f"question {number}",
    }
    return Update.de_json({"update_id": number, "message": message}, BOT)
