"""Owners get the newest hash in their own chats, at most once a day, and nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from bot.records.audit import audit
from bot.telegram.audit_notice import tell_owners
from corpus.storage.database import transaction
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import simulated_bot


async def test_the_owner_gets_the_newest_hash(tmp_path: Path) -> None:
    """It is that of the last record; where none is younger than a day, nothing is sent.

    Nor is anything sent to who never wrote to the bot.
    """
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        bot_data = simulator.app.bot_data
        await tell_owners(bot_data)
        assert not simulator.double.shown, "the owner has not begun a private chat"
        await simulator.deliver(simulator.message("Owner", "", "/start"))
        question = simulator.message("Stranger", "Team", "/ask who repairs the roof?")
        await simulator.deliver(question)
        simulator.double.shown.clear()
        await tell_owners(bot_data)
        [shown] = simulator.double.shown
        last = bot_data.audit.last()
        assert (shown.chat_id, last.hash in shown.text) == (PEOPLE["Owner"][0], True)
        assert f"record {last.number}" in shown.text
        simulator.double.shown.clear()
        await tell_owners(bot_data, datetime.now(UTC) + timedelta(days=2))
        assert not simulator.double.shown


async def test_the_owner_hears_that_the_audit_does_not_hold(tmp_path: Path) -> None:
    """In one line, with what to do; whenever that is."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        for text in ("/ask who repairs the roof?", "/ask when is the rent due?"):
            await simulator.deliver(simulator.message("Stranger", "Team", text))
        await simulator.deliver(simulator.message("Owner", "", "/start"))
        with transaction(simulator.services.database) as connection:
            connection.execute(delete(audit).filter_by(number=1))
        simulator.double.shown.clear()
        await tell_owners(simulator.app.bot_data, datetime.now(UTC) + timedelta(days=2))
        [shown] = simulator.double.shown
        assert "record 1 is missing" in shown.text
        assert "pincite doctor" in shown.text
