"""`/matters`, `/bind` and `/unbind`: lists and creates matters, and binds chats to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from telegram import ForceReply, KeyboardButton, KeyboardButtonRequestChat, ReplyKeyboardRemove
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.records.access import WHOLE_CHAT
from bot.telegram.addressing import NEW
from bot.telegram.context import Context, blocking, request_from, written
from bot.telegram.handlers.authority import (
    authorize_order,
    find_kept_matter,
    identify_keeper,
    is_administrator,
    unknown_matter,
)
from bot.telegram.handlers.choices import answering, ask_here, use_up
from bot.telegram.keyboards import picker, picker_number
from bot.telegram.places import Place
from bot.texts import texts_in
from bot.views.markup import Html, bold, code, fill, fitting, joined
from bot.views.view import Button, View
from corpus.errors import InvalidMatter
from corpus.matters import spell
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from telegram import Message, Update

    from bot.records.choices import Choice
    from bot.telegram.context import BotData, ButtonPress, Handlers, Request

LISTED = 60
"""Matters named in one message, and the UTF-16 units that their names may take."""
LISTED_UNITS = 2_400
NEW_MATTER: Final = "new matter"
"""The command that waits for a name."""
GROUP_PAYLOAD: Final = "b_"
"""The payload with which a group is added to be bound begins with this: `?startgroup=b_…`."""


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
        MessageHandler(NEW & filters.StatusUpdate.CHAT_SHARED, on_chat_picked),
    ]


async def on_matters(update: Update, context: Context) -> None:
    """List the matters that a keeper keeps, or what is bound here, or create one."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    arguments = context.args or []
    if len(arguments) >= 2 and arguments[0].lower() == "new":
        await create_matter(request, keeper_scope, " ".join(arguments[1:]))
    elif arguments and arguments[0].lower() == "new" and _may_create(request, keeper_scope):
        await ask_for_name(request)
    elif arguments:
        await request.reply(request.texts.matters_usage)
    else:
        listing = await blocking(_listing, request, keeper_scope)
        labels = [[request.texts.people.make_matter_label]]
        if _may_create(request, keeper_scope):
            await ask_here(request, "first step", listing, labels, {})
        else:
            await request.reply(listing)


def _may_create(request: Request, keeper_scope: Scope) -> bool:
    return request.place.is_private and keeper_scope.is_all


async def ask_for_name(request: Request) -> None:
    """Ask for the name of a new matter: a reply gives it, or the next message."""
    wording, outbox = request.texts.people, request.bot_data.outbox
    choices = request.bot_data.choices
    await blocking(choices.offer, "name matter", request.spot(), {})
    field = ForceReply(input_field_placeholder=wording.name_placeholder)
    prompt = await outbox.send_markup(request.place, Html(wording.name_the_matter), field)
    if prompt is not None and request.person:
        place, person_id = request.place, request.person.id
        wait, at = request.bot_data.prompts.wait, written(datetime.now(UTC))
        await blocking(wait, place.chat_id, place.thread_id, person_id, NEW_MATTER, prompt, at)


async def name_matter(request: Request, name: str, *, forwarded: bool) -> None:
    """Create the matter that was asked for."""
    keeper = await identify_keeper(request, forwarded=forwarded)
    if isinstance(keeper, Html):
        await request.reply(keeper)
        return
    choices = request.bot_data.choices
    choice = await blocking(choices.newest, "name matter", request.spot())
    if choice is None:
        await request.reply(request.texts.button_gone)
        return
    await blocking(choices.use, choice.key)
    await create_matter(request, keeper[1], name.strip())


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
        place = (target.chat_id, target.thread_id, order.matter)
        new = await blocking(access.bind, *place, request.actor())
        template = request.texts.bound if new else request.texts.already_bound
        await request.reply(fill(template, matter=code(order.matter), where=target.name))
        if new and request.place.is_private:
            await tell_chat(request.bot_data, *place, is_bound=True)

    await _carry_out(update, context, bind)


async def on_unbind(update: Update, context: Context) -> None:
    """Unbind a matter; this needs no administrator, since it only takes access away."""

    async def unbind(order: BindingOrder) -> None:
        request, target = order.request, order.target
        access = request.bot_data.access
        place = (target.chat_id, target.thread_id, order.matter)
        was_bound = await blocking(access.unbind, *place, request.actor())
        template = request.texts.unbound if was_bound else request.texts.was_not_bound
        await request.reply(fill(template, matter=code(order.matter), where=target.name))
        if was_bound and request.place.is_private:
            await tell_chat(request.bot_data, *place, is_bound=False)

    await _carry_out(update, context, unbind)


async def tell_chat(
    bot_data: BotData, chat_id: int, thread_id: int, matter: str, *, is_bound: bool
) -> None:
    """Tell a group what may be asked there now, or no longer: those concerned are its members.

    A channel's readers are not told: a post there is for all the world, and they ask nothing.
    """
    if await blocking(bot_data.people.kind_of, chat_id) == ChatType.CHANNEL:
        return
    languages = await blocking(bot_data.people.chosen_languages, chat_id, None)
    texts = texts_in(languages[0] if languages else bot_data.services.settings.language)
    wording = texts.people
    template = wording.told_bound if is_bound else wording.told_unbound
    place = Place(chat_id, thread_id, ChatType.SUPERGROUP)
    await bot_data.outbox.send(place, View(fill(template, matter=code(matter))))


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
    if len(arguments) == 1 and request.place.is_private and _is_bind(message):
        await _offer_picker(request, keeper_scope, arguments[0])
        return
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


async def _offer_picker(request: Request, keeper_scope: Scope, name: str) -> None:
    """Offer the app's own list of chats, in place of an id that has to be typed."""
    matter, wording = await find_kept_matter(request, keeper_scope, name), request.texts.people
    if matter is None:
        await request.reply(unknown_matter(request, name))
        return
    group, channel = picker_number(), picker_number()
    details = {"matter": matter, "numbers": [group, channel]}
    await blocking(request.bot_data.choices.offer, "pick chat", request.spot(), details)
    buttons = [
        KeyboardButton(
            label,
            request_chat=KeyboardButtonRequestChat(
                number, chat_is_channel=is_channel, bot_is_member=True, request_title=True
            ),
        )
        for label, number, is_channel in (
            (wording.pick_chat_label, group, False),
            (wording.pick_channel_label, channel, True),
        )
    ]
    html = fill(wording.pick_chat, matter=code(matter))
    outbox = request.bot_data.outbox
    await outbox.send_markup(request.place, html, picker(*buttons), request.message_id)


async def on_chat_picked(update: Update, context: Context) -> None:
    """Bind a matter to the chat that was chosen in the app's list."""
    message = update.message
    assert message is not None
    assert message.chat_shared is not None
    shared, request = message.chat_shared, await request_from(message, context)
    texts, choices = request.texts, context.bot_data.choices
    choice = await blocking(choices.newest, "pick chat", request.spot())
    if choice is None or shared.request_id not in choice.details["numbers"]:
        await request.reply(texts.button_gone)
        return
    matter, keeper = choice.details["matter"], await identify_keeper(request)
    if isinstance(keeper, Html) or not keeper[1].allows(matter):
        await request.reply(texts.people.no_longer_keeper)
        return
    await blocking(choices.use, choice.key)
    name = bold(shared.title) if shared.title else code(str(shared.chat_id))
    # The list may show chats that the person does not administer.
    if not await is_administrator(context, shared.chat_id, keeper[0].id):
        await request.reply(fill(texts.not_administrator_there, chat=name))
        return
    place = (shared.chat_id, WHOLE_CHAT, matter)
    new = await blocking(context.bot_data.access.bind, *place, request.actor())
    template = texts.bound if new else texts.already_bound
    html = fill(template, matter=code(matter), where=name)
    await context.bot_data.outbox.send_markup(request.place, html, ReplyKeyboardRemove())
    if new:
        await tell_chat(context.bot_data, *place, is_bound=True)


async def bind_by_link(request: Request, context: Context, key: str) -> None:
    """Bind a matter to the group to which its keeper just added the bot by a link."""
    texts, place = request.texts, request.place
    keeper = await identify_keeper(request, forwarded=request.is_forwarded)
    person_id = request.person.id if request.person else 0
    choice = await blocking(request.bot_data.choices.of_link, key, "bind by link", person_id)
    matter = choice.details["matter"] if choice else ""
    # A link that somebody else opens says nothing here, not even that there is such a matter.
    if choice is None or isinstance(keeper, Html) or not keeper[1].allows(matter):
        await request.reply(joined([Html(texts.welcome_group), Html(texts.joined_unbound)]))
    elif not await is_administrator(context, place.chat_id, person_id):
        await request.reply(texts.administrators_only)
    else:
        actor = request.actor()
        await blocking(request.bot_data.access.bind, place.chat_id, place.thread_id, matter, actor)
        where = texts.this_topic if place.thread_id else texts.this_chat
        await request.reply(fill(texts.bound, matter=code(matter), where=where))


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


async def create_matter(request: Request, keeper_scope: Scope, name: str) -> None:
    """Create a matter, and lead on to its files, people and chats; or say why there is none."""
    texts, library = request.texts, request.bot_data.services.library
    if not keeper_scope.is_all:
        await request.reply(texts.owners_only)
        return
    try:
        created = await blocking(library.create_matter, name)
        stored = await blocking(library.matter, name)
    except InvalidMatter:
        await _refuse_name(request, name)
        return
    if not created:
        await request.reply(fill(texts.matter_exists, matter=code(stored)))
    elif not request.place.is_private or request.person is None:
        await request.reply(fill(texts.people.matter_next, matter=code(stored)))
    else:
        await _offer_next_steps(request, stored)


async def _offer_next_steps(request: Request, matter: str) -> None:
    wording, bot_data = request.texts.people, request.bot_data
    by_link = await blocking(
        bot_data.choices.offer, "bind by link", request.spot(), {"matter": matter}
    )
    link = Button(
        wording.add_to_group_label, url=group_link(bot_data, f"{GROUP_PAYLOAD}{by_link.key}")
    )
    html = fill(wording.matter_next, matter=code(matter))
    labels = [[wording.invite_label]]
    await ask_here(request, "invite to", html, labels, {"matter": matter}, links=((link,),))


async def _refuse_name(request: Request, name: str) -> None:
    """Say why a name is refused; one with spaces is offered with hyphens in their place."""
    hyphenated = "-".join(name.split())
    try:
        suggestion = spell(hyphenated) if hyphenated != name else ""
    except InvalidMatter:
        suggestion = ""
    if not suggestion:
        await request.reply(fill(request.texts.matter_invalid, name=name[:80]))
        return
    wording = request.texts.people
    html = fill(wording.matter_spaces, name=code(suggestion))
    labels = [[wording.create_label, wording.no_label]]
    await ask_here(request, "create matter", html, labels, {"matter": suggestion})


@answering("create matter")
async def _on_create(press: ButtonPress, choice: Choice, number: int) -> None:
    keeper = await identify_keeper(press.request)
    if isinstance(keeper, Html) or not keeper[1].is_all:
        await press.toast(press.request.texts.people.owners_only, alert=True)
        return
    if not await use_up(press, choice):
        return
    await press.toast()
    if number == 0:
        await create_matter(press.request, keeper[1], choice.details["matter"])
    else:
        press.show(View(Html(press.request.texts.people.nothing_changed)))


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


def group_link(bot_data: BotData, payload: str = "") -> str:
    """A link that adds the bot to a group, as an administrator with the least of rights.

    An administrator sees reactions, and may answer one person alone.
    """
    return f"https://t.me/{bot_data.outbox.username}?startgroup={payload or 'x'}&admin=manage_chat"
