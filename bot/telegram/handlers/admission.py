"""Admitting people to matters, dismissing them, and claiming the bot as its first owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from telegram.ext import CommandHandler

from bot.records.access import Role
from bot.telegram.addressing import is_mine, replied_to
from bot.telegram.context import NEW, Context, blocking, person_from, request_from
from bot.telegram.handlers.authority import find_kept_matter, ordered, unknown_matter
from bot.views.markup import Html, bold, code, fill

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Message, Update

    from bot.telegram.context import Handlers, Request

ROLES: tuple[Role, ...] = get_args(Role)
_LARGEST_ID = 2**52  # https://core.telegram.org/bots/api#user


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody an order is about, and what to call them."""

    person_id: int
    name: Html


@dataclass(frozen=True, slots=True)
class Order:
    """An order about a person and a matter, given by somebody who keeps it."""

    request: Request
    whom: Whom
    matter: str
    role: Role


def handlers() -> Handlers:
    """`/admit`, `/dismiss` and `/claim`; never carried out by editing an old message."""
    return [
        CommandHandler("admit", on_admit, NEW),
        CommandHandler("dismiss", on_dismiss, NEW),
        CommandHandler("claim", on_claim, NEW),
    ]


async def on_admit(update: Update, context: Context) -> None:
    """`/admit USER MATTER [reader|keeper]`, or `/admit MATTER [role]` in reply to somebody."""

    async def admit(order: Order) -> None:
        request, texts = order.request, order.request.texts
        access = request.bot_data.access
        await blocking(access.admit, order.whom.person_id, order.matter, order.role)
        said = texts.admitted_keeper if order.role == "keeper" else texts.admitted_reader
        await request.say(fill(said, person=order.whom.name, matter=code(order.matter)))

    await _carry_out(update, context, admit)


async def on_dismiss(update: Update, context: Context) -> None:
    """`/dismiss USER MATTER`, or `/dismiss MATTER` in reply to somebody."""

    async def dismiss(order: Order) -> None:
        request, texts = order.request, order.request.texts
        gone = await blocking(request.bot_data.access.dismiss, order.whom.person_id, order.matter)
        said = texts.dismissed if gone else texts.was_not_admitted
        await request.say(fill(said, person=order.whom.name, matter=code(order.matter)))

    await _carry_out(update, context, dismiss)


async def on_claim(update: Update, context: Context) -> None:
    """`/claim CODE` in private: the code stands in the log of whoever runs the bot."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts = request.texts
    if not request.place.is_private or request.person is None:
        await request.say(texts.claim_in_private)
    elif not context.args or len(context.args) != 1:
        await request.say(texts.claim_usage)
    else:
        claim = context.bot_data.claim
        outcome = await blocking(claim.try_code, request.person.id, context.args[0])
        said = {
            "claimed": texts.claimed,
            "wrong": texts.claim_wrong,
            "locked": texts.claim_locked,
            "closed": texts.claim_closed,
        }
        await request.say(said[outcome])


async def _carry_out(
    update: Update, context: Context, order: Callable[[Order], Awaitable[None]]
) -> None:
    given, message = await ordered(update, context), update.message
    if given is None or message is None:
        return
    request, _, kept = given
    admitting = (message.text or "").lower().startswith("/admit")
    parsed = _parsed(message, context.args or [], roles=admitting)
    if parsed is None:
        await request.say(request.texts.admit_usage if admitting else request.texts.dismiss_usage)
        return
    user, name, role = parsed
    matter = await find_kept_matter(request, kept, name)
    if matter is None:
        await request.say(unknown_matter(request, name))
        return
    whom = user if isinstance(user, Whom) else await _seen(request, user)
    if whom is None:
        await request.say(fill(request.texts.person_unknown, person=code(str(user)[:64])))
        return
    await order(Order(request, whom, matter, role))


def _parsed(
    message: Message, arguments: list[str], *, roles: bool
) -> tuple[Whom | str, str, Role] | None:
    """Who (or a username still to be looked up), which matter and role; None if it is unclear."""
    role: Role = "reader"
    if roles and len(arguments) > 1 and arguments[-1].lower() in ROLES:
        role = "keeper" if arguments[-1].lower() == "keeper" else "reader"
        arguments = arguments[:-1]
    if len(arguments) == 2:
        user = _user(arguments[0])
        return (user, arguments[1], role) if user else None
    author = _author(replied_to(message))
    if len(arguments) == 1 and author:
        return author, arguments[0], role
    return None


def _user(text: str) -> Whom | str | None:
    if text.startswith("@") and len(text) > 1:
        return text
    if text.isascii() and text.isdecimal() and 0 < int(text) < _LARGEST_ID:
        return Whom(int(text), code(text))
    return None


def _author(message: Message | None) -> Whom | None:
    """Who wrote a message; nobody for channels, anonymous administrators and bots."""
    if message is None or message.sender_chat or is_mine(message):
        return None
    user = message.from_user
    return Whom(user.id, bold(person_from(user).name)) if user and not user.is_bot else None


async def _seen(request: Request, username: str) -> Whom | None:
    person_id = await blocking(request.bot_data.people.called, username.removeprefix("@"))
    return None if person_id is None else Whom(person_id, code(username))
