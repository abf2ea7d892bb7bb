"""The bot in Telegram: builds its parts, registers the handlers in order, starts and stops."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import secrets
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import structlog
from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode, UpdateType
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, Defaults, ExtBot
from telegram.request import HTTPXRequest
from tornado import httputil

from bot import maintenance
from bot.compose import is_clustered
from bot.errors import SettingsError
from bot.reader.links import ReadLinks
from bot.records.access import Access
from bot.records.choices import Choices
from bot.records.conversation import Conversation
from bot.records.inbox import Inbox
from bot.records.invitations import Invitations
from bot.records.last_views import views_of
from bot.records.people import People
from bot.records.prompts import Prompts
from bot.records.question_limit import PersonalLimit, limit_of
from bot.settings import Settings
from bot.telegram import audit_notice
from bot.telegram.context import BotData, Context, blocking
from bot.telegram.handlers import (
    admission,
    ask,
    checking,
    choices,
    current_matter,
    documents,
    fallback,
    first_steps,
    guests,
    inline,
    invitations,
    kept,
    matters,
    membership,
    menus,
    privacy,
    reactions,
    source,
    start,
    tables,
    talk,
    uploads,
    watches,
    who,
)
from bot.telegram.joins import Joins
from bot.telegram.outbox import Outbox
from bot.telegram.ownership import OwnershipClaim, shared_claim_code
from bot.telegram.pacing import Pacing
from bot.telegram.places import PrivateChats
from bot.telegram.reader import serving_reader
from bot.telegram.storage_notice import StorageNotice
from bot.telegram.update_queue import ArrivalQueue, UpdateQueue, resume_abandoned_updates
from bot.telegram.upload_processor import UploadProcessor
from bot.telegram.watch_notifier import WatchNotifier
from corpus.errors import CorpusError
from corpus.models import Scope

if TYPE_CHECKING:
    from types import ModuleType

    from telegram.request import BaseRequest

    from bot.compose import Services
    from bot.telegram.context import App

ALLOWED_UPDATES: Final = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CHANNEL_POST,
    UpdateType.EDITED_CHANNEL_POST,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
    UpdateType.CHAT_MEMBER,
    UpdateType.MESSAGE_REACTION,
    UpdateType.GUEST_MESSAGE,
)
BASE_URL: Final = "https://api.telegram.org/bot"
POLL_SECONDS: Final = 30
HANDLER_MODULES: Final = (
    # The first handler that matches an update takes it: commands come before questions, which
    # begin with none, and the fallback comes last.
    membership,
    start,
    matters,
    admission,
    invitations,
    who,
    current_matter,
    choices,
    first_steps,
    reactions,
    guests,
    documents,
    checking,
    tables,
    uploads,
    watches,
    source,
    kept,
    ask,
    talk,
    inline,
    privacy,
    fallback,
)
CONNECTIONS: Final = 16
"""Open connections to Telegram. It takes 30 messages a second, and httpx scans all for each one."""
START_TRIES: Final = 4
START_PAUSE = 1.0
STOP_SECONDS: Final = 20.0
LARGEST_UPDATE: Final = 1 << 20
"""Bytes of an update: those of Telegram have some kilobytes."""
UPDATE_SECONDS: Final = 20.0
PASSAGES_OPENED_PER_QUESTION: Final = 3
INLINE_QUERIES_PER_QUESTION: Final = 6
"""Telegram sends about this many inline queries while a person types one question."""

# on_error and _polling_failed log the same in one line; these repeat it with a traceback.
_REPETITIVE_LOGGERS: Final = ("telegram.request.BaseRequest", "telegram.ext._utils.networkloop")

log = structlog.get_logger(__name__)


def run(services: Services) -> None:
    """Serve Telegram until SIGINT or SIGTERM; questions that arrived before are still answered.

    Raises SettingsError (a wrong token) and ConnectionError (the server cannot be reached).
    """
    asyncio.run(_until_signal(build(services), services))


def build(
    services: Services, *, request: BaseRequest | None = None, pacing: Pacing | None = None
) -> App:
    """The application with all its handlers, not yet started.

    `request` sends its requests over HTTP and `pacing` says when; tests replace both.
    Raises SettingsError where there is no token.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else each 429 warns of a type that changes
    # httpcore imports sniffio at every lock; where it is missing, each import searches the disk.
    sys.modules.setdefault("sniffio", cast("ModuleType", None))
    for name in _REPETITIVE_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    bot = _bot(services.settings, request, pacing or Pacing())
    bot_data = build_bot_data(services, bot)
    builder = ApplicationBuilder().bot(bot).job_queue(None)
    queue = UpdateQueue(Inbox(services.database), lambda update: _has_handler(app, update))
    builder = builder.concurrent_updates(queue).update_queue(ArrivalQueue(queue))
    context_types = ContextTypes(context=Context, bot_data=cast("type[BotData]", lambda: bot_data))
    app: App = builder.context_types(context_types).build()
    for module in HANDLER_MODULES:
        app.add_handlers(module.handlers())
    app.add_error_handler(fallback.on_error)
    queue.on_unstored = StorageNotice(bot_data).tell
    return app


def build_bot_data(services: Services, bot: ExtBot[int]) -> BotData:
    """Everything that handlers use."""
    # Where several processes serve one bot, limits and last views lie in the shared database.
    shared = services.database if is_clustered(services.settings) else None
    access, people = Access(services.database, services.settings), People(services.database)

    async def on_migrated(old_id: int, new_id: int) -> None:
        await blocking(membership.migrate_chat, bot_data, old_id, new_id)

    read_links = ReadLinks(services.settings, services.library, access)

    def is_admitted(person_id: int) -> bool:
        return not access.scope_of_person(person_id).is_empty

    chats = PrivateChats(people.has_private_chat, is_admitted)
    outbox = Outbox(bot, on_migrated, views_of(shared), read_links, chats)
    watch_notifier = WatchNotifier(services, access, people, outbox)
    per_minute = services.settings.questions_per_minute
    bot_data = BotData(
        services=services,
        access=access,
        people=people,
        joins=Joins(),
        choices=Choices(services.database),
        invitations=Invitations(services.database),
        conversation=Conversation(services.database),
        prompts=Prompts(services.database),
        audit=services.audit,
        limit=limit_of(per_minute, shared),
        opening_limit=PersonalLimit(PASSAGES_OPENED_PER_QUESTION * per_minute),
        typing_limit=PersonalLimit(INLINE_QUERIES_PER_QUESTION * per_minute),
        outbox=outbox,
        claim=OwnershipClaim(access, shared_claim_code(services.settings)),
        upload_processor=UploadProcessor(services, access, outbox, bot, watch_notifier.wake),
        watch_notifier=watch_notifier,
        read_links=read_links,
    )
    return bot_data


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


def _has_handler(app: App, update: Update) -> bool:
    """Whether any handler would take the update: all others are never stored."""
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
        await menus.introduce(app.bot)
        await app.start()
        alone = not is_clustered(services.settings)
        await app.bot_data.upload_processor.resume(alone=alone)
        await _listen(app, services.settings)
        await _announce(app)
        bot_data, queue = app.bot_data, cast("UpdateQueue", app.update_processor)
        background = [
            resume_abandoned_updates(app, queue, alone=alone),
            bot_data.upload_processor.renew_leases(),
            bot_data.watch_notifier.run(busy=lambda: bot_data.upload_processor.busy),
            _warm_up(services),
            maintenance.beat_forever(services.settings),
            maintenance.clean_up_forever(services),
            maintenance.repair_forever(services),
            audit_notice.tell_owners_forever(bot_data),
        ]
        tasks = [asyncio.create_task(work) for work in background]
        async with serving_reader(bot_data, app.bot):
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
    """Connect to the server, with a few tries. Raises SettingsError and ConnectionError."""
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
                    f" check the network{_base_url_hint(settings)}"
                ) from None
            log.warning("server not reached, trying again", server=server, error=str(error))
            await asyncio.sleep(START_PAUSE * attempt)
        else:
            return


def _base_url_hint(settings: Settings) -> str:
    return " and PINCITE_TELEGRAM_BASE_URL" if settings.telegram_base_url else ""


def _guard_webhook(app: App, secret: str) -> None:
    """Look at the secret before a body is received, and bound bodies in size and time.

    Tornado keeps a body of up to 100 MB until it is whole, and only then calls the handler that
    compares the secret: a dozen half-sent ones took a gigabyte.
    """
    # The library has no way to its own server but these attributes; a test pins them, so that an
    # upgrade which renames them fails there and never serves without a guard.
    server: Any = app.updater._httpd._http_server  # type: ignore[union-attr]  # noqa: SLF001
    server.conn_params.max_body_size = LARGEST_UPDATE
    server.conn_params.body_timeout = UPDATE_SECONDS
    server.conn_params.header_timeout = UPDATE_SECONDS
    application = server.request_callback
    find_handler = application.find_handler

    def find_handler_or_refuse(request: Any, **options: Any) -> Any:
        sent = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if secrets.compare_digest(sent.encode(), secret.encode()):
            return find_handler(request, **options)
        return ForbiddenResponse(request.connection)

    application.find_handler = find_handler_or_refuse


class ForbiddenResponse(httputil.HTTPMessageDelegate):
    """Answers 403 when the headers are there, and ends the connection: no body is kept."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def headers_received(self, start_line: Any, headers: httputil.HTTPHeaders) -> None:
        """Refuse at once."""
        self._connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 403, "Forbidden"),
            httputil.HTTPHeaders({"Content-Length": "0", "Connection": "close"}),
        )
        # Once the answer is finished, what still comes is dropped chunk by chunk.
        self._connection.finish()


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
    _guard_webhook(app, _webhook_secret(settings))


def _webhook_secret(settings: Settings) -> str:
    """The secret that is set; else one derived from the token, the same on every machine."""
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
        # A warning, so that the code is seen at every log level.
        line = f"nobody owns this bot yet: send it /claim {bot_data.claim.code} in a private chat"
        log.warning(line)


async def _warm_up(services: Services) -> None:
    """Update the index and load what the first question would otherwise wait for."""
    try:
        await blocking(services.searcher.answer, "warming up 預熱", scope=Scope.of())
    except CorpusError as error:
        log.warning("the index is not ready yet", error=str(error))


async def _close(app: App) -> None:
    """Stop listening, answer what has arrived, then release everything, in this order."""
    if app.updater and app.updater.running:
        await app.updater.stop()
    if app.running:
        try:
            await asyncio.wait_for(app.stop(), STOP_SECONDS)
        except TimeoutError:
            log.warning("stopped before every question was answered")
    with suppress(TimeoutError):
        await asyncio.wait_for(app.bot_data.outbox.idle(), STOP_SECONDS)
    await app.bot_data.upload_processor.close()
    app.bot_data.watch_notifier.close()
    await app.shutdown()
