"""`/matters`, `/bind` and `/unbind`: lists and creates matters, and binds chats to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.error import TelegramError
from telegram.ext import CommandHandler

from bot.records.access import WHOLE_CHAT
from bot.telegram.context import NEW, Context, blocking
from bot.telegram.handlers.authority import (
    authorize_order,
    find_kept_matter,
    is_administrator,
    unknown_matter,
)
from bot.views.markup import Html, code, fill, fitting, joined
from corpus.errors import InvalidMatter
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from telegram import Message, Update

    from bot.telegram.context import BotData, Handlers, Request
    from corpus.models import Scope

LISTED = 60
"""Matters named in one message, and the UTF-16 units that their names may take."""
LISTED_UNITS = 2_400


@dataclass(frozen=True, slots=True)
class BindingTarget:
    """A chat or topic to be bound, and how to name it in the answer."""

    chat_id: int
    thread_id: int
    name: Html


@dataclass(frozen=True, slots=True)
class BindingOrder:
    """An order to bind or unbind a matter, keeper by somebody who keeps it."""

    request: Request
    person_id: int
    matter: str
    target: BindingTarget


def handlers() -> Handlers:
    """`/matters`, `/bind` and `/unbind`; editing an old message into one does nothing."""
    return [
        CommandHandler("matters", on_matters, NEW),
        CommandHandler("bind", on_bind, NEW),
        CommandHandler("unbind", on_unbind, NEW),
    ]


async def on_matters(update: Update, context: Context) -> None:
    """List the matters that a keeper keeps, or what is bound here, or create one."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    arguments = context.args or []
    if len(arguments) == 2 and arguments[0].lower() == "new":
        await request.reply(await _create(request, keeper_scope, arguments[1]))
    elif arguments:
        await request.reply(request.texts.matters_usage)
    else:
        await request.reply(await blocking(_listing, request, keeper_scope))


async def on_bind(update: Update, context: Context) -> None:
    """Bind a matter to the chat or topic, or in private to a chat that is named."""

    async def bind(order: BindingOrder) -> None:
        request, target = order.request, order.target
        # A keeper alone may not show a matter to a chat: its administrators decide what it holds.
        if not await is_administrator(context, target.chat_id, order.person_id):
            refusal = fill(request.texts.not_administrator_there, chat=target.name)
            await request.reply(
                refusal
                if request.place.is_private
                else fill(request.texts.administrators_only, place=Html(request.place_name))
            )
            return
        access = request.bot_data.access
        new = await blocking(access.bind, target.chat_id, target.thread_id, order.matter)
        template = request.texts.bound if new else request.texts.already_bound
        await request.reply(fill(template, matter=code(order.matter), where=target.name))

    await _carry_out(update, context, bind)


async def on_unbind(update: Update, context: Context) -> None:
    """Unbind a matter; this needs no administrator, since it only takes access away."""

    async def unbind(order: BindingOrder) -> None:
        request, target = order.request, order.target
        access = request.bot_data.access
        was_bound = await blocking(access.unbind, target.chat_id, target.thread_id, order.matter)
        template = request.texts.unbound if was_bound else request.texts.was_not_bound
        await request.reply(fill(template, matter=code(order.matter), where=target.name))

    await _carry_out(update, context, unbind)


def list_names(matters: Iterable[str]) -> Html:
    """Matters as a list within a sentence."""
    names = sorted(matters)
    count = fitting(names[:LISTED], LISTED_UNITS)
    more = Html(", …" if len(names) > count else "")
    return Html(joined([code(name) for name in names[:count]], ", ") + more)


def bound_line(bot_data: BotData, request: Request) -> Html:
    """What is bound to the chat or topic of a request. Blocks on the database."""
    bound = bot_data.access.scope_of_chat(request.place.chat_id, request.place.thread_id)
    if bound.is_empty:
        return Html(request.texts.nothing_bound_here)
    return fill(request.texts.bound_here, matters=list_names(bound.matters))


async def _carry_out(
    update: Update, context: Context, order: Callable[[BindingOrder], Awaitable[None]]
) -> None:
    keeper, message = await authorize_order(update, context), update.message
    if keeper is None or message is None:
        return
    request, person, keeper_scope = keeper
    arguments = context.args or []
    if len(arguments) != (2 if request.place.is_private else 1):
        usage = request.texts.bind_usage if _is_bind(message) else request.texts.unbind_usage
        await request.reply(usage)
        return
    matter = await find_kept_matter(request, keeper_scope, arguments[0])
    if matter is None:
        await request.reply(unknown_matter(request, arguments[0]))
        return
    target = await _target(request, context, arguments[1:])
    if target is None:
        chat = code(arguments[1][:64])
        await request.reply(fill(request.texts.not_administrator_there, chat=chat))
        return
    await order(BindingOrder(request, person.id, matter, target))


def _is_bind(message: Message) -> bool:
    return (message.text or "").lower().startswith("/bind")


async def _target(request: Request, context: Context, chat: list[str]) -> BindingTarget | None:
    """The place itself, or the chat with an id or @username; None when there is no such chat."""
    place = request.place
    if not chat:
        return BindingTarget(place.chat_id, place.thread_id, Html(request.place_name))
    try:
        # An id needs no look-up; only a username does.
        if not chat[0].startswith("@"):
            return BindingTarget(int(chat[0]), WHOLE_CHAT, code(chat[0]))
        return BindingTarget((await context.bot.get_chat(chat[0])).id, WHOLE_CHAT, code(chat[0]))
    except (ValueError, TelegramError):
        return None


async def _create(request: Request, keeper_scope: Scope, name: str) -> Html:
    texts = request.texts
    if not keeper_scope.is_all:
        return Html(texts.owners_only)
    try:
        created = await blocking(request.bot_data.services.library.create_matter, name)
        stored = await blocking(request.bot_data.services.library.matter, name)
    except InvalidMatter:
        return fill(texts.matter_invalid, name=name[:80])
    template = texts.matter_created if created else texts.matter_exists
    # The template shows the name in monospace, which cannot be nested.
    return fill(template, matter=stored)


def _listing(request: Request, keeper_scope: Scope) -> Html:
    if not request.place.is_private:
        return bound_line(request.bot_data, request)
    texts, library = request.texts, request.bot_data.services.library
    names = [name for name in library.matters() if keeper_scope.allows(name)]
    if not names:
        return Html(texts.no_matters_yet)
    count = fitting(names[:LISTED], LISTED_UNITS)
    lines = [
        fill(
            texts.documents_count,
            matter=code(name),
            count=library.count_documents(Scope.of(name)),
        )
        for name in names[:count]
    ]
    ellipsis = [Html("…")] if len(names) > count else []
    return joined([Html(texts.matters_title), *lines, *ellipsis])
