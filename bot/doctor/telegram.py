"""The checks that ask Telegram: the token, what the bot receives, and where it can answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from telegram import Bot, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus
from telegram.error import InvalidToken, TelegramError

from bot.compose import open_database_of
from bot.doctor import CheckResult
from bot.records.access import bindings, owners
from corpus.storage.database import snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import ChatMember, WebhookInfo

    from bot.settings import Settings

MOST_CHATS: Final = 50
"""The most chats that are checked: enough to find a fault, too few to be rate limited."""
_ABSENT: Final = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


def check_telegram(settings: Settings) -> list[CheckResult]:
    """Ask Telegram with the token. This sends nothing to any chat and takes no update."""
    return asyncio.run(_collect(settings))


async def _collect(settings: Settings) -> list[CheckResult]:
    return [result async for result in _examine(settings)]


async def _examine(settings: Settings) -> AsyncIterator[CheckResult]:
    with open_database_of(settings) as database, snapshot(database) as connection:
        chats = list(connection.scalars(select(bindings.c.chat_id).distinct().limit(MOST_CHATS)))
        claimed = connection.scalar(select(owners.c.person_id).limit(1)) is not None
    if not claimed and not settings.owners:
        message = (
            "nobody may bind or admit: set PINCITE_OWNERS, or use the /claim code that 'run' logs"
        )
        yield CheckResult("owners", "warn", message)
    try:
        async with _bot(settings) as bot:
            yield _check_token(bot)
            yield _check_privacy(bot)
            yield _check_inline(bot)
            yield _check_groups(bot)
            yield _check_updates(settings, await bot.get_webhook_info())
            for chat in chats:
                yield await _check_chat(bot, chat)
    except InvalidToken:
        yield CheckResult("telegram", "fail", "the token is refused: copy it anew from BotFather")
    except TelegramError as error:
        yield CheckResult(
            "telegram", "fail", f"cannot be reached ({error.message}): check the network"
        )


def _bot(settings: Settings) -> Bot:
    assert settings.telegram_token is not None
    token = settings.telegram_token.get_secret_value()
    if settings.telegram_base_url is None:
        return Bot(token)
    # The library puts the token right after the base URL, which must then end with /bot.
    server = settings.telegram_base_url.removesuffix("/bot")
    return Bot(token, base_url=f"{server}/bot")


def _check_token(bot: Bot) -> CheckResult:
    return CheckResult("telegram", "ok", f"the token is that of @{bot.username}")


def _check_privacy(bot: Bot) -> CheckResult:
    if bot.bot.can_read_all_group_messages:
        return CheckResult("privacy", "ok", "off: in groups the bot also hears @mentions")
    message = "on: in groups it hears commands and replies to it, but no @mentions; to change that,"
    return CheckResult(
        "privacy", "ok", f"{message} /setprivacy at BotFather, then add the bot again"
    )


def _check_inline(bot: Bot) -> CheckResult:
    if bot.bot.supports_inline_queries:
        return CheckResult("inline", "ok", f"on: the admitted ask @{bot.username} in any chat")
    message = f"off: nobody can ask @{bot.username} in other chats; /setinline at BotFather"
    return CheckResult("inline", "warn", f"{message} turns it on")


def _check_groups(bot: Bot) -> CheckResult:
    if bot.bot.can_join_groups:
        return CheckResult("groups", "ok", "it may be added to groups")
    message = "it may not be added to groups: /setjoingroups at BotFather allows it"
    return CheckResult("groups", "warn", message)


def _check_updates(settings: Settings, hook: WebhookInfo) -> CheckResult:
    """Whether updates arrive in the way that the settings ask for."""
    webhook_url = settings.telegram_webhook_url
    if hook.last_error_message:
        message = f"Telegram could not deliver: {hook.last_error_message}"
        return CheckResult("updates", "warn", f"{message}: check the proxy before the webhook")
    if webhook_url and hook.url != webhook_url:
        return CheckResult("updates", "warn", "the webhook is not set yet: 'pincite run' sets it")
    if not webhook_url and hook.url:
        return CheckResult(
            "updates", "warn", "a webhook is set: 'pincite run' removes it and polls"
        )
    how = "by webhook" if webhook_url else "by polling"
    return CheckResult("updates", "ok", f"{how}, {hook.pending_update_count} waiting")


async def _check_chat(bot: Bot, chat: int) -> CheckResult:
    try:
        # The only request that shows the bot's rights without sending a message.
        member = await bot.get_chat_member(chat, bot.id)
    except TelegramError as error:
        message = f"{chat} cannot be seen ({error.message}): add the bot again, or /unbind it"
        return CheckResult("chat", "warn", message)
    if member.status in _ABSENT:
        return CheckResult("chat", "warn", f"the bot is no longer in {chat}: add it, or /unbind it")
    if not _may_answer(member):
        message = f"the bot may not write in {chat}: let it send messages there"
        return CheckResult("chat", "fail", message)
    return CheckResult("chat", "ok", f"the bot can answer in {chat}")


def _may_answer(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.can_send_messages
    if isinstance(member, ChatMemberAdministrator):
        return member.can_post_messages is not False  # None in groups, where all may write
    return True
