"""Matters: listing and creating them, and binding chats and topics to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.error import TelegramError
from telegram.ext import CommandHandler

from bot.handlers.authority import administers, kept_matter, ordered, unknown_matter
from bot.handlers.desk import NEW, Context, blocking
from bot.records.access import WHOLE_CHAT
from bot.views.markup import Html, code, fill, fitting, joined
from corpus.errors import InvalidMatter
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from telegram import Message, Update

    from bot.handlers.desk import Desk, Handlers, Visit
    from corpus.models import Scope

LISTED = 60
"""Matters named in one message, and the UTF-16 units that their names may take."""
LISTED_UNITS = 2_400


@dataclass(frozen=True, slots=True)
class Target:
    """A chat or topic to be bound, and what to call it."""

    chat_id: int
    thread_id: int
    name: Html


@dataclass(frozen=True, slots=True)
class Order:
    """An order to bind or unbind a matter, given by somebody who keeps it."""

    visit: Visit
    person_id: int
    matter: str
    target: Target


def handlers() -> Handlers:
    """`/matters`, `/bind` and `/unbind`; never carried out by editing an old message."""
    return [
        CommandHandler("matters", on_matters, NEW),
        CommandHandler("bind", on_bind, NEW),
        CommandHandler("unbind", on_unbind, NEW),
    ]


async def on_matters(update: Update, context: Context) -> None:
    """List the matters that a keeper keeps, or what is bound here, or create one."""
    given = await ordered(update, context)
    if given is None:
        return
    visit, _, kept = given
    arguments = context.args or []
    if len(arguments) == 2 and arguments[0].lower() == "new":
        await visit.say(await _create(visit, kept, arguments[1]))
    elif arguments:
        await visit.say(visit.texts.matters_usage)
    else:
        await visit.say(await blocking(_listing, visit, kept))


async def on_bind(update: Update, context: Context) -> None:
    """Bind a matter to the chat or topic, or in private to a chat that is named."""

    async def bind(order: Order) -> None:
        visit, target = order.visit, order.target
        if not await administers(context, target.chat_id, order.person_id):
            refusal = fill(visit.texts.not_administrator_there, chat=target.name)
            await visit.say(refusal if visit.place.is_private else visit.texts.administrators_only)
            return
        access = visit.desk.access
        new = await blocking(access.bind, target.chat_id, target.thread_id, order.matter)
        said = visit.texts.bound if new else visit.texts.already_bound
        await visit.say(fill(said, matter=code(order.matter), where=target.name))

    await _carry_out(update, context, bind)


async def on_unbind(update: Update, context: Context) -> None:
    """Take a binding back; this needs no administrator, since it only takes away."""

    async def unbind(order: Order) -> None:
        visit, target = order.visit, order.target
        access = visit.desk.access
        gone = await blocking(access.unbind, target.chat_id, target.thread_id, order.matter)
        said = visit.texts.unbound if gone else visit.texts.was_not_bound
        await visit.say(fill(said, matter=code(order.matter), where=target.name))

    await _carry_out(update, context, unbind)


def named(matters: Iterable[str]) -> Html:
    """Matters as a list within a sentence."""
    names = sorted(matters)
    count = fitting(names[:LISTED], LISTED_UNITS)
    more = Html(", …" if len(names) > count else "")
    return Html(joined([code(name) for name in names[:count]], ", ") + more)


def bound_line(desk: Desk, visit: Visit) -> Html:
    """What is bound to the chat or topic of a visit. Blocks on the database."""
    bound = desk.access.scope_of_chat(visit.place.chat_id, visit.place.thread_id)
    if bound.is_empty:
        return Html(visit.texts.nothing_bound_here)
    return fill(visit.texts.bound_here, matters=named(bound.matters))


async def _carry_out(
    update: Update, context: Context, order: Callable[[Order], Awaitable[None]]
) -> None:
    given, message = await ordered(update, context), update.message
    if given is None or message is None:
        return
    visit, person, kept = given
    arguments = context.args or []
    if len(arguments) != (2 if visit.place.is_private else 1):
        usage = visit.texts.bind_usage if _is_bind(message) else visit.texts.unbind_usage
        await visit.say(usage)
        return
    matter = await kept_matter(visit, kept, arguments[0])
    if matter is None:
        await visit.say(unknown_matter(visit, arguments[0]))
        return
    target = await _target(visit, context, arguments[1:])
    if target is None:
        chat = code(arguments[1][:64])
        await visit.say(fill(visit.texts.not_administrator_there, chat=chat))
        return
    await order(Order(visit, person.id, matter, target))


def _is_bind(message: Message) -> bool:
    return (message.text or "").lower().startswith("/bind")


async def _target(visit: Visit, context: Context, chat: list[str]) -> Target | None:
    """The place itself, or the chat named by an id or @username; None when that is not known."""
    place, texts = visit.place, visit.texts
    if not chat:
        name = texts.this_topic if place.thread_id else texts.this_chat
        return Target(place.chat_id, place.thread_id, Html(name))
    try:
        if not chat[0].startswith("@"):
            return Target(int(chat[0]), WHOLE_CHAT, code(chat[0]))
        return Target((await context.bot.get_chat(chat[0])).id, WHOLE_CHAT, code(chat[0]))
    except (ValueError, TelegramError):
        return None


async def _create(visit: Visit, kept: Scope, name: str) -> Html:
    texts = visit.texts
    if not kept.is_all:
        return Html(texts.owners_only)
    try:
        created = await blocking(visit.desk.services.library.create_matter, name)
        stored = await blocking(visit.desk.services.library.matter, name)
    except InvalidMatter:
        return fill(texts.matter_invalid, name=name[:80])
    said = texts.matter_created if created else texts.matter_exists
    # The first sentence shows it in monospace, the others are monospace already.
    return fill(said, matter=stored)


def _listing(visit: Visit, kept: Scope) -> Html:
    if not visit.place.is_private:
        return bound_line(visit.desk, visit)
    texts, library = visit.texts, visit.desk.services.library
    names = [name for name in library.matters() if kept.allows(name)]
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
    rest = [Html("…")] if len(names) > count else []
    return joined([Html(texts.matters_title), *lines, *rest])
