"""The bot in Telegram: its parts put together, its handlers in order, its start and its stop."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

import structlog
from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode, UpdateType
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot import maintenance
from bot.compose import is_clustered
from bot.errors import SettingsError
from bot.records.inbox import Inbox
from bot.settings import Settings
from bot.telegram.assembly import assemble
from bot.telegram.context import Context, blocking
from bot.telegram.handlers import (
    admission,
    ask,
    documents,
    errors,
    export,
    fallback,
    feedback,
    inline,
    language,
    matters,
    membership,
    menus,
    original,
    privacy,
    source,
    start,
    uploads,
    watches,
)
from bot.telegram.pacing import Pacing
from bot.telegram.update_queue import Receiving, UpdateQueue, keep_inbox
from corpus.errors import CorpusError
from corpus.models import Scope

if TYPE_CHECKING:
    from types import ModuleType

    from telegram.request import BaseRequest

    from bot.compose import Services
    from bot.telegram.context import App, BotData

ALLOWED_UPDATES: Final = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CHANNEL_POST,
    UpdateType.EDITED_CHANNEL_POST,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
BASE_URL: Final = "https://api.telegram.org/bot"
POLL_SECONDS: Final = 30
PARTS: Final = (
    # The first that takes an update keeps it: commands before questions, which begin with none;
    # changes of a chat's id and membership apart; last whatever nobody took.
    membership,
    start,
    language,
    matters,
    admission,
    documents,
    uploads,
    watches,
    source,
    ask,
    feedback,
    inline,
    privacy,
    export,
    original,
    fallback,
)
CONNECTIONS: Final = 16
"""To Telegram at a time: it takes 30 messages a second, and each request looks at every one."""
START_TRIES: Final = 4
START_PAUSE = 1.0
STOP_SECONDS: Final = 20.0

# These say once more, with a traceback, what on_error and polling_failed say in a line.
_REPETITIVE: Final = ("telegram.request.BaseRequest", "telegram.ext._utils.networkloop")

log = structlog.get_logger(__name__)


def run(services: Services) -> None:
    """Serve Telegram until SIGINT or SIGTERM; what was asked before is still answered.

    Raises SettingsError (a wrong token) and ConnectionError (the server cannot be reached).
    """
    asyncio.run(_until_signal(build(services), services))


def build(
    services: Services, *, request: BaseRequest | None = None, pacing: Pacing | None = None
) -> App:
    """The application with all its handlers, not yet started.

    `request` makes its requests, `pacing` says when. Raises SettingsError where there is no token.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else each 429 warns of a type that changes
    # httpcore asks for it at every lock, and what is not installed is looked for on disk each time.
    sys.modules.setdefault("sniffio", cast("ModuleType", None))
    for name in _REPETITIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    bot = _bot(services.settings, request, pacing or Pacing())
    bot_data = assemble(services, bot)
    builder = ApplicationBuilder().bot(bot).job_queue(None)
    turns = UpdateQueue(Inbox(services.database), lambda update: _concerns(app, update))
    builder = builder.concurrent_updates(turns).update_queue(Receiving(turns))
    context_types = ContextTypes(context=Context, bot_data=cast("type[BotData]", lambda: bot_data))
    app: App = builder.context_types(context_types).build()
    for part in PARTS:
        app.add_handlers(part.handlers())
    app.add_error_handler(errors.on_error)
    return app


def _bot(settings: Settings, request: BaseRequest | None, pacing: Pacing) -> ExtBot[int]:
    token = settings.telegram_token
    if token is None:
        raise SettingsError("PINCITE_TELEGRAM_TOKEN is not set; expected the token of the bot")
    server = (settings.telegram_base_url or BASE_URL).removesuffix("/bot")
    return ExtBot(
        token.get_secret_value(),
        base_url=f"{server}/bot",
        base_file_url=settings.telegram_base_file_url or f"{server}/file/bot",
        request=request
        or HTTPXRequest(CONNECTIONS, read_timeout=20, connect_timeout=10, pool_timeout=60),
        get_updates_request=request or HTTPXRequest(2, read_timeout=10, connect_timeout=10),
        defaults=Defaults(
            parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        rate_limiter=pacing,
    )


def _concerns(app: App, update: Update) -> bool:
    """Whether any handler would take the update."""
    return any(
        handler.check_update(update) not in (None, False)
        for group in app.handlers.values()
        for handler in group
    )


async def serve(app: App, services: Services, stop: asyncio.Event) -> None:
    """Serve until `stop` is set. Raises as `run` does."""
    await _initialize(app, services.settings)
    try:
        await menus.offer_everywhere(app.bot)
        await app.start()
        await app.bot_data.upload_processor.resume(alone=not is_clustered(services.settings))
        await _listen(app, services.settings)
        await _announce(app)
        bot_data, turns = app.bot_data, cast("UpdateQueue", app.update_processor)
        beside = [
            keep_inbox(app, turns, alone=not is_clustered(services.settings)),
            bot_data.upload_processor.keep(),
            bot_data.watch_notifier.run(busy=lambda: bot_data.upload_processor.busy),
            _warm_up(services),
            maintenance.keep_beating(services.settings),
            maintenance.keep_tidy(services),
        ]
        tasks = [asyncio.create_task(each) for each in beside]
        await stop.wait()
        for task in tasks:
            task.cancel()
    finally:
        await _close(app)


async def _until_signal(app: App, services: Services) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not in every loop and thread; there Ctrl-C raises KeyboardInterrupt as usual.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    await serve(app, services, stop)


async def _initialize(app: App, settings: Settings) -> None:
    """Reach the server, trying a few times, or say in one line what keeps us from it."""
    server = urlsplit(app.bot.base_url).netloc
    for attempt in range(1, START_TRIES + 1):
        try:
            await app.initialize()
        except InvalidToken:
            raise SettingsError(
                "PINCITE_TELEGRAM_TOKEN (not shown) was refused by"
                f" {server}; expected the token that BotFather gave for the bot"
            ) from None
        except TelegramError as error:
            if attempt == START_TRIES:
                raise ConnectionError(
                    f"the Telegram server {server} cannot be reached ({error}):"
                    f" check the network{_and_address(settings)}"
                ) from None
            log.warning("server not reached, trying again", server=server, error=str(error))
            await asyncio.sleep(START_PAUSE * attempt)
        else:
            return


def _and_address(settings: Settings) -> str:
    return " and PINCITE_TELEGRAM_BASE_URL" if settings.telegram_base_url else ""


async def _listen(app: App, settings: Settings) -> None:
    assert app.updater is not None
    if settings.telegram_webhook_url is None:
        await app.updater.start_polling(
            timeout=POLL_SECONDS,
            bootstrap_retries=START_TRIES,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=_polling_failed,
        )
        return
    await app.updater.start_webhook(
        listen=settings.telegram_webhook_listen.host,
        port=settings.telegram_webhook_listen.port,
        url_path=re.escape(urlsplit(settings.telegram_webhook_url).path),
        webhook_url=settings.telegram_webhook_url,
        secret_token=_webhook_secret(settings),
        bootstrap_retries=START_TRIES,
        allowed_updates=ALLOWED_UPDATES,
    )


def _webhook_secret(settings: Settings) -> str:
    """The one that is set; else one of our own, the same on every machine that has the token."""
    if settings.telegram_webhook_secret:
        return settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return hashlib.sha256(f"webhook of {token}".encode()).hexdigest()


def _polling_failed(error: TelegramError) -> None:
    log.warning("polling failed, trying again", error=f"{type(error).__name__}: {error}")


async def _announce(app: App) -> None:
    bot_data = app.bot_data
    webhook = bot_data.services.settings.telegram_webhook_url
    log.info("listening", bot=app.bot.username, by="webhook" if webhook else "polling")
    if await blocking(bot_data.claim.is_open):
        # A warning, so that it is seen at every level that anybody runs a new bot with.
        line = f"nobody owns this bot yet: send it /claim {bot_data.claim.code} in a private chat"
        log.warning(line)


async def _warm_up(services: Services) -> None:
    """Catch up with the documents and load what the first question would have to wait for."""
    try:
        await blocking(services.searcher.answer, "warming up 預熱", scope=Scope.of())
    except CorpusError as error:
        log.warning("the index is not ready yet", error=str(error))


async def _close(app: App) -> None:
    """Stop listening, answer what was heard, and let go; in this order, within a limit."""
    if app.updater and app.updater.running:
        await app.updater.stop()
    if app.running:
        try:
            await asyncio.wait_for(app.stop(), STOP_SECONDS)
        except TimeoutError:
            log.warning("stopped before every question was answered")
    await app.bot_data.upload_processor.close()
    app.bot_data.watch_notifier.close()
    await app.shutdown()
