"""The lists of commands that Telegram shows: by scope, by language, by what a person may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.telegram.context import Context, blocking
from bot.texts import texts_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram.ext import ExtBot

    from bot.telegram.places import Place
    from bot.texts.words import Texts

# What a person may do alone and in a group alike; what concerns only one of them stands around it.
_EVERYWHERE: Final = (
    "source",
    "documents",
    "kept",
    "memo",
    "check",
    "compare",
    "each",
    "timeline",
    "watch",
    "watches",
    "unwatch",
    "digest",
)
PRIVATE: Final = ("help", *_EVERYWHERE, "matter", "language", "privacy", "start")
KEEPER: Final = (
    *PRIVATE,
    *("add", "matters", "bind", "unbind", "admit", "dismiss", "invite", "invitations"),
    *("who", "chats"),
)
OWNER: Final = (*KEEPER, "owners", "export")
ALONE: Final = frozenset({"privately", "me", "help", "documents", "source"})
"""Commands that an app sends so that only the bot sees them, and the answer only the sender."""
GROUP: Final = ("ask", "privately", "me", *_EVERYWHERE, "help")
ADMINISTRATOR: Final = (*GROUP, "add", "matters", "bind", "unbind", "language")

# Telegram tells languages apart by two letters alone: 'zh' is both scripts, and offer() mends it.
LANGUAGES: Final = {"": "en", "zh": "zh-Hans"}

SCOPES: Final[tuple[tuple[BotCommandScope, Sequence[str]], ...]] = (
    (BotCommandScopeDefault(), PRIVATE),
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), GROUP),
    (BotCommandScopeAllChatAdministrators(), ADMINISTRATOR),
)

log = structlog.get_logger(__name__)


async def offer_everywhere(bot: ExtBot[int]) -> None:
    """Register the commands by scope and language; the bot works without, so faults are logged."""
    for scope, names in SCOPES:
        for code, language in LANGUAGES.items():
            commands = _commands(names, texts_in(language))
            try:
                await bot.set_my_commands(commands, scope, language_code=code or None)
            except TelegramError as error:
                log.warning("commands not registered", scope=scope.type, error=str(error))
                return


async def introduce(bot: ExtBot[int]) -> None:
    """Set what the bot's profile says, in each language, where it says something else."""
    for code, language in LANGUAGES.items():
        wording, chosen = texts_in(language).people, code or None
        try:
            # Telegram limits how often these change, so they are read first.
            description = await bot.get_my_description(chosen)
            if description.description != wording.profile:
                await bot.set_my_description(wording.profile, chosen)
            short = await bot.get_my_short_description(chosen)
            if short.short_description != wording.profile_short:
                await bot.set_my_short_description(wording.profile_short, chosen)
        except TelegramError as error:
            log.warning("profile not set", language=language, error=str(error))
            return


async def offer(context: Context, place: Place, person_id: int, texts: Texts) -> None:
    """Register the commands for one chat: in its language, and more of them for keepers."""
    names: Sequence[str] = ADMINISTRATOR
    if place.is_private:
        keeper_scope = await blocking(context.bot_data.access.scope_of_keeper, person_id)
        names = OWNER if keeper_scope.is_all else PRIVATE if keeper_scope.is_empty else KEEPER
    try:
        scope = BotCommandScopeChat(place.chat_id)
        await context.bot.set_my_commands(_commands(names, texts), scope)
    except TelegramError as error:
        log.info("commands not registered", chat=place.chat_id, error=str(error))


def _commands(names: Sequence[str], texts: Texts) -> list[BotCommand]:
    """The commands; those that one person sends alone are marked so, which old servers ignore."""
    return [
        BotCommand(
            name,
            texts.commands[name],
            api_kwargs={"is_ephemeral": True} if name in ALONE else None,
        )
        for name in names
    ]
