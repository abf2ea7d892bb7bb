"""The parts of the bot, put together for its handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.compose import is_clustered
from bot.records.access import Access
from bot.records.conversation import Conversation
from bot.records.last_views import views_of
from bot.records.people import People
from bot.records.question_limit import PersonalLimit, limit_of
from bot.telegram.claim import Claim, code_for
from bot.telegram.context import BotData, blocking
from bot.telegram.handlers import membership
from bot.telegram.outbox import Outbox
from bot.telegram.upload_processor import UploadProcessor
from bot.telegram.watch_notifier import WatchNotifier

if TYPE_CHECKING:
    from telegram.ext import ExtBot

    from bot.compose import Services

TYPED: Final = 6
"""How often Telegram asks while one question is being written."""


def assemble(services: Services, bot: ExtBot[int]) -> BotData:
    """Everything that handlers use; what was filed in a chat is looked at by the watches."""
    shared = services.database if is_clustered(services.settings) else None
    access, people = Access(services.database, services.settings), People(services.database)

    async def migrated(old: int, new: int) -> None:
        await blocking(membership.migrate, bot_data, old, new)

    outbox = Outbox(bot, migrated, views_of(shared))
    watch_notifier = WatchNotifier(services, access, people, outbox)
    bot_data = BotData(
        services=services,
        access=access,
        people=people,
        conversation=Conversation(services.database),
        audit=services.audit,
        limit=limit_of(services.settings.questions_per_minute, shared),
        typing_limit=PersonalLimit(TYPED * services.settings.questions_per_minute),
        outbox=outbox,
        claim=Claim(access, code_for(services.settings)),
        upload_processor=UploadProcessor(services, access, outbox, bot, watch_notifier.wake),
        watch_notifier=watch_notifier,
    )
    return bot_data
