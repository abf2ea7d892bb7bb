"""`/admit` and `/dismiss` for a matter, and `/claim` for the bot itself."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from telegram import MessageOriginUser
from telegram.ext import CommandHandler

from bot.compose import is_clustered
from bot.records.access import Role
from bot.telegram.addressing import is_from_bot, replied_to
from bot.telegram.context import NEW, Context, blocking, person_from, request_from
from bot.telegram.handlers.authority import authorize_order, find_kept_matter, unknown_matter
from bot.views.markup import Html, bold, code, fill

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Message, Update

    from bot.records.access import Access
    from bot.settings import Settings
    from bot.telegram.context import Handlers, Request

ROLES: tuple[Role, ...] = get_args(Role)
# 128 random bits cannot be guessed; the limit ends attempts that only fill the log.
CLAIM_TRIES: Final = 5
_CODE_BYTES: Final = 16
_LARGEST_ID = 2**52  # https://core.telegram.org/bots/api#user

ClaimOutcome: TypeAlias = Literal["claimed", "wrong", "locked", "closed"]


class OwnershipClaim:
    """Whether the bot may still be claimed, and the code for it, which the log shows at start."""

    def __init__(self, access: Access, code: str | None = None) -> None:
        self.code = code or secrets.token_hex(_CODE_BYTES)
        self._access = access
        self._wrong_codes = 0
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        """Whether the bot has no owner yet."""
        return not self._access.owners()

    def try_code(self, person_id: int, code: str) -> ClaimOutcome:
        """Make the person the owner if the code is right. Blocks on the database."""
        # Two claims at once must not both count as the last try.
        with self._lock:
            if not self.is_open():
                return "closed"
            if self._wrong_codes >= CLAIM_TRIES:
                return "locked"
            # Compared in constant time, so that answers' timing tells nothing of the code.
            if not secrets.compare_digest(code.encode(), self.code.encode()):
                self._wrong_codes += 1
                return "locked" if self._wrong_codes >= CLAIM_TRIES else "wrong"
            return "claimed" if self._access.make_first_owner(person_id) else "closed"


def shared_claim_code(settings: Settings) -> str | None:
    """The code that all processes share, where several serve one bot; else None, for a random one.

    Whichever process receives `/claim` has to know it, so it is derived from the bot's token.
    """
    if not is_clustered(settings) or settings.telegram_token is None:
        return None
    token = settings.telegram_token.get_secret_value()
    return hashlib.sha256(f"claim of {token}".encode()).hexdigest()[: 2 * _CODE_BYTES]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """The person an order is about, and how to name them in the answer."""

    person_id: int
    name: Html


@dataclass(frozen=True, slots=True)
class AdmissionOrder:
    """An order about a person and a matter, given by a keeper of the matter."""

    request: Request
    person: NamedPerson
    matter: str
    role: Role


def handlers() -> Handlers:
    """`/admit`, `/dismiss` and `/claim`; editing an old message into one does nothing."""
    return [
        CommandHandler("admit", on_admit, NEW),
        CommandHandler("dismiss", on_dismiss, NEW),
        CommandHandler("claim", on_claim, NEW),
    ]


async def on_admit(update: Update, context: Context) -> None:
    """`/admit USER MATTER [reader|keeper]`, or `/admit MATTER [role]` in reply to a person."""

    async def admit(order: AdmissionOrder) -> None:
        request, texts = order.request, order.request.texts
        access = request.bot_data.access
        await blocking(access.admit, order.person.person_id, order.matter, order.role)
        template = texts.admitted_keeper if order.role == "keeper" else texts.admitted_reader
        await request.reply(fill(template, person=order.person.name, matter=code(order.matter)))

    await _carry_out(update, context, admit)


async def on_dismiss(update: Update, context: Context) -> None:
    """`/dismiss USER MATTER`, or `/dismiss MATTER` in reply to a person."""

    async def dismiss(order: AdmissionOrder) -> None:
        request, texts = order.request, order.request.texts
        access = request.bot_data.access
        was_admitted = await blocking(access.dismiss, order.person.person_id, order.matter)
        template = texts.dismissed if was_admitted else texts.was_not_admitted
        await request.reply(fill(template, person=order.person.name, matter=code(order.matter)))

    await _carry_out(update, context, dismiss)


async def on_claim(update: Update, context: Context) -> None:
    """`/claim CODE` in private: the operator reads the code in the log."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts = request.texts
    if not request.place.is_private or request.person is None:
        await request.reply(texts.claim_in_private)
    elif not context.args or len(context.args) != 1:
        await request.reply(texts.claim_usage)
    else:
        claim = context.bot_data.claim
        outcome = await blocking(claim.try_code, request.person.id, context.args[0])
        sentences: dict[ClaimOutcome, str] = {
            "claimed": texts.claimed,
            "wrong": texts.claim_wrong,
            "locked": texts.claim_locked,
            "closed": texts.claim_closed,
        }
        await request.reply(sentences[outcome])


async def _carry_out(
    update: Update, context: Context, execute: Callable[[AdmissionOrder], Awaitable[None]]
) -> None:
    keeper, message = await authorize_order(update, context), update.message
    if keeper is None or message is None:
        return
    request, _, keeper_scope = keeper
    is_admission = (message.text or "").lower().startswith("/admit")
    arguments = _parse_arguments(message, context.args or [], allow_role=is_admission)
    if arguments is None:
        usage = request.texts.admit_usage if is_admission else request.texts.dismiss_usage
        await request.reply(usage)
        return
    user, matter_name, role = arguments
    matter = await find_kept_matter(request, keeper_scope, matter_name)
    if matter is None:
        await request.reply(unknown_matter(request, matter_name))
        return
    person = user if isinstance(user, NamedPerson) else await _find_by_username(request, user)
    if person is None:
        await request.reply(fill(request.texts.person_unknown, person=code(str(user)[:64])))
        return
    await execute(AdmissionOrder(request, person, matter, role))


def _parse_arguments(
    message: Message, arguments: list[str], *, allow_role: bool
) -> tuple[NamedPerson | str, str, Role] | None:
    """The person (or a username to be looked up), the matter and the role; None if unclear."""
    role: Role = "reader"
    if allow_role and len(arguments) > 1 and arguments[-1].lower() in ROLES:
        role = "keeper" if arguments[-1].lower() == "keeper" else "reader"
        arguments = arguments[:-1]
    if len(arguments) == 2:
        user = _parse_user(arguments[0])
        return (user, arguments[1], role) if user else None
    author = _author(replied_to(message))
    if len(arguments) == 1 and author:
        return author, arguments[0], role
    return None


def _parse_user(text: str) -> NamedPerson | str | None:
    if text.startswith("@") and len(text) > 1:
        return text
    if text.isascii() and text.isdecimal() and 0 < int(text) < _LARGEST_ID:
        return NamedPerson(int(text), code(text))
    return None


def _author(message: Message | None) -> NamedPerson | None:
    """The person who wrote a message; None for channels, anonymous administrators and bots.

    The author of a forwarded message is who wrote it first, never who carried it here; where they
    hide their account, nobody is meant.
    """
    if message is None or message.sender_chat or is_from_bot(message):
        return None
    user, origin = message.from_user, message.forward_origin
    if origin is not None:
        user = origin.sender_user if isinstance(origin, MessageOriginUser) else None
    # A bot cannot ask questions, so admitting one would be a mistake.
    if user is None or user.is_bot:
        return None
    return NamedPerson(user.id, bold(person_from(user).name))


async def _find_by_username(request: Request, username: str) -> NamedPerson | None:
    person_id = await blocking(request.bot_data.people.id_of_username, username.removeprefix("@"))
    return None if person_id is None else NamedPerson(person_id, code(username))
