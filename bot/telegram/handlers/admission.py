"""`/admit` and `/dismiss`: who may ask a matter, and who keeps it.

An order names people by id, username, mention, reply, or the picker of the app. Who is let in is
shown first and confirmed: a username may have passed on to somebody else, and the author of a
forwarded message is not who brought it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, get_args

from telegram import KeyboardButton, KeyboardButtonRequestUsers, MessageOriginUser
from telegram.constants import MessageEntityType
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.records.access import ProtectedKeeperError, Role
from bot.records.people import Person
from bot.telegram.addressing import NEW, is_from_bot, person_from, replied_to
from bot.telegram.context import Context, blocking, request_from
from bot.telegram.handlers.acquaintances import (
    NamedPerson,
    list_people,
    name_of,
    person_by_id,
    person_by_username,
    tell,
)
from bot.telegram.handlers.authority import (
    authorize_order,
    find_kept_matter,
    identify_keeper,
    unknown_matter,
)
from bot.telegram.handlers.choices import answering, ask_here, use_up
from bot.telegram.keyboards import picker, picker_number
from bot.views.markup import Html, code, fill, joined
from bot.views.view import View
from corpus.models import Scope

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.records.choices import Choice
    from bot.telegram.context import ButtonPress, Handlers, Request
    from bot.texts.words import Texts

ROLES: tuple[Role, ...] = get_args(Role)
MOST_PEOPLE: Final = 20
"""People in one order."""
_PICKED: Final = 10  # Bot API, KeyboardButtonRequestUsers: max_quantity
_LARGEST_ID = 2**52  # https://core.telegram.org/bots/api#user


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """An order as it was written: people in any order, and what may be the matter's name."""

    people: tuple[NamedPerson | str, ...]
    """Usernames are strings; they are looked up."""
    numbers: tuple[str, ...]
    """Ids of people, one of which may be the name of a matter."""
    names: tuple[str, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class PeopleOrder:
    """An order about people and a matter, given by a keeper of the matter."""

    request: Request
    keeper_scope: Scope
    people: tuple[NamedPerson, ...]
    matter: str
    role: Role
    is_forwarded: bool = False
    """Whether the person is the author of a forwarded message."""


def handlers() -> Handlers:
    """`/admit`, `/dismiss` and `/claim`; editing an old message into one does nothing."""
    return [
        CommandHandler("admit", on_admit, NEW),
        CommandHandler("dismiss", on_dismiss, NEW),
        MessageHandler(NEW & filters.StatusUpdate.USERS_SHARED, on_picked),
    ]


async def on_admit(update: Update, context: Context) -> None:
    """`/admit USER... MATTER [reader|keeper]` in any order, or in reply to a person: asks first."""
    order = await _read_order(update, context, is_admission=True)
    if order:
        await ask_to_admit(order)


async def on_dismiss(update: Update, context: Context) -> None:
    """`/dismiss USER... MATTER`, or `/dismiss MATTER` in reply to a person."""
    order = await _read_order(update, context, is_admission=False)
    if order is None:
        return
    lines = [await dismiss(order.request, person, order.matter) for person in order.people]
    await order.request.reply(joined(lines))


async def on_picked(update: Update, context: Context) -> None:
    """Go on with `/admit MATTER` when the people were chosen in the app's own list."""
    message = update.message
    assert message is not None
    assert message.users_shared is not None
    request = await request_from(message, context)
    choice = await blocking(context.bot_data.choices.newest, "pick people", request.spot())
    # An old keyboard, or one of another order: whom it is about would be a guess.
    if choice is None or choice.details["number"] != message.users_shared.request_id:
        await request.reply(request.texts.button_gone)
        return
    keeper = await identify_keeper(request)
    matter = choice.details["matter"]
    if isinstance(keeper, Html) or not keeper[1].allows(matter):
        await request.reply(request.texts.people.no_longer_keeper)
        return
    await blocking(context.bot_data.choices.use, choice.key)
    people = tuple(
        NamedPerson(
            user.user_id,
            " ".join(filter(None, (user.first_name, user.last_name))) or None,
            user.username,
        )
        for user in message.users_shared.users
    )
    await ask_to_admit(PeopleOrder(request, keeper[1], people, matter, choice.details["role"]))


# -- letting in ----------------------------------------------------------------------------------


async def ask_to_admit(order: PeopleOrder) -> None:
    """Show who would be let in, and ask; those who are in already are only named."""
    request, texts = order.request, order.request.texts
    wording, access = texts.people, request.bot_data.access
    if len(order.people) > MOST_PEOPLE:
        await request.reply(fill(wording.too_many_people, limit=MOST_PEOPLE))
        return
    admissions = await blocking(access.admissions_to, order.keeper_scope)
    roles = {
        admission.person_id: admission.role
        for admission in admissions
        if admission.matter == order.matter
    }
    new = [person for person in order.people if roles.get(person.person_id) != order.role]
    if not new:
        already = wording.already_keeper if order.role == "keeper" else wording.already_reader
        facts = {"matter": code(order.matter)}
        lines = [fill(already, person=person.html, **facts) for person in order.people]
        await request.reply(joined(lines))
        return
    question = wording.admit_ask_keeper if order.role == "keeper" else wording.admit_ask_reader
    lines = [
        fill(question, matter=code(order.matter)),
        list_people(new, texts, with_day=request.place.is_private),
        *([Html(wording.forwarded_author)] if order.is_forwarded else []),
    ]
    label = (
        wording.admit_label.format(person=new[0].label, matter=order.matter)
        if len(new) == 1
        else wording.admit_all_label.format(count=len(new), matter=order.matter)
    )
    details = {
        "matter": order.matter,
        "role": order.role,
        "people": [person.person_id for person in new],
        "names": [person.name for person in new],
    }
    await ask_here(request, "admit", joined(lines), ([label], [wording.no_label]), details)


@answering("admit")
async def _on_admit_answered(press: ButtonPress, choice: Choice, number: int) -> None:
    request, wording = press.request, press.request.texts.people
    if number != 0:
        if await use_up(press, choice):
            await press.toast()
            press.show(View(Html(wording.nothing_changed)))
        return
    keeper, matter = await identify_keeper(request), choice.details["matter"]
    if isinstance(keeper, Html) or not keeper[1].allows(matter):
        await press.toast(wording.no_longer_keeper, alert=True)
        return
    if not await use_up(press, choice):
        return
    await press.toast()
    people = [
        NamedPerson(person_id, name)
        for person_id, name in zip(choice.details["people"], choice.details["names"], strict=True)
    ]
    lines = [
        await admit(request, person, matter, choice.details["role"], is_owner=keeper[1].is_all)
        for person in people
    ]
    press.show(View(joined(lines)))


async def admit(
    request: Request, person: NamedPerson, matter: str, role: Role, *, is_owner: bool
) -> Html:
    """Let a person in, tell them, and return the line that says so."""
    bot_data, texts = request.bot_data, request.texts
    if person.name:
        await blocking(bot_data.people.introduce, Person(person.person_id, person.name))
    try:
        await blocking(bot_data.access.admit, person.person_id, matter, role, request.actor())
    except ProtectedKeeperError:
        return fill(texts.people.protected, person=person.html, matter=code(matter))
    template = texts.admitted_keeper if role == "keeper" else texts.admitted_reader
    line = fill(template, person=person.html, matter=code(matter))
    was_told = await tell(
        bot_data, person.person_id, lambda theirs: _told(request, theirs, matter, role)
    )
    # A keeper who is told of it would learn, of any id, whether its owner uses the bot.
    if was_told or not is_owner:
        return line
    return joined([line, fill(texts.people.could_not_tell, person=person.html)], " ")


def _told(request: Request, texts: Texts, matter: str, role: Role) -> Html:
    template = texts.people.told_keeper if role == "keeper" else texts.people.told_reader
    return fill(template, by=name_of(request.person), matter=code(matter))


async def dismiss(request: Request, person: NamedPerson, matter: str) -> Html:
    """Take a person's admission away, tell them, and return the line that says so."""
    bot_data, texts = request.bot_data, request.texts
    facts = {"person": person.html, "matter": code(matter)}
    try:
        was_admitted = await blocking(
            bot_data.access.dismiss, person.person_id, matter, request.actor()
        )
    except ProtectedKeeperError:
        return fill(texts.people.protected, **facts)
    if not was_admitted:
        return fill(texts.was_not_admitted, **facts)
    # Their links would let others in after they themselves were sent away.
    invitations = await blocking(bot_data.invitations.open_ones, Scope.of(matter))
    links = [invitation.key for invitation in invitations if invitation.by_id == person.person_id]
    await blocking(bot_data.invitations.revoke, links, request.actor())
    await tell(
        bot_data,
        person.person_id,
        lambda theirs: fill(theirs.people.told_dismissed, matter=code(matter)),
    )
    return fill(texts.dismissed, **facts)


# -- reading an order ----------------------------------------------------------------------------


async def _read_order(
    update: Update, context: Context, *, is_admission: bool
) -> PeopleOrder | None:
    """The order of a message; None after a sentence was sent that says what is missing."""
    keeper, message = await authorize_order(update, context), update.message
    if keeper is None or message is None:
        return None
    request, _, keeper_scope = keeper
    texts, wording = request.texts, request.texts.people
    usage = texts.admit_usage if is_admission else texts.dismiss_usage
    parsed = _parse_order(message, allow_role=is_admission)
    if parsed is None:
        await request.reply(usage)
        return None
    matter_name, parsed = await _split_off_matter(request, keeper_scope, parsed)
    matter = await find_kept_matter(request, keeper_scope, matter_name)
    if matter is None:
        await request.reply(unknown_matter(request, matter_name))
        return None
    order = PeopleOrder(request, keeper_scope, (), matter, parsed.role)
    if not parsed.people:
        return await _order_about_author(order, message, usage, is_admission=is_admission)
    people = []
    for person in parsed.people[: MOST_PEOPLE + 1]:
        person_or_reason = await _look_up(order, person, is_admission=is_admission)
        if person_or_reason is None:
            typed = code(str(person)[:64])
            if is_admission:
                # The template shows the matter in monospace, which cannot be nested.
                await request.reply(fill(wording.cannot_look_up, person=typed, matter=matter))
            else:
                await request.reply(fill(texts.was_not_admitted, person=typed, matter=code(matter)))
            return None
        people.append(person_or_reason)
    unique = {person.person_id: person for person in people}
    return replace(order, people=tuple(unique.values()))


async def _look_up(
    order: PeopleOrder, person: NamedPerson | str, *, is_admission: bool
) -> NamedPerson | None:
    request, keeper_scope = order.request, order.keeper_scope
    if isinstance(person, NamedPerson):
        if person.name:
            return person
        return await blocking(person_by_id, request, keeper_scope, person.person_id)
    person_id = await blocking(person_by_username, request, keeper_scope, person)
    if person_id is None or is_admission:
        return person_id
    return replace(person_id, name=person)  # as it was typed


async def _order_about_author(
    order: PeopleOrder, message: Message, usage: str, *, is_admission: bool
) -> PeopleOrder | None:
    """The order about the author of the message replied to; else the app's list of people."""
    request, wording = order.request, order.request.texts.people
    replied = replied_to(message)
    if replied is None and is_admission and request.place.is_private:
        await _offer_picker(order)
        return None
    author = _author(replied)
    if author:
        is_forwarded = replied is not None and replied.forward_origin is not None
        return replace(order, people=(author,), is_forwarded=is_forwarded)
    if replied is not None and replied.forward_origin is not None:
        await request.reply(fill(wording.hidden_author, matter=order.matter))
    else:
        await request.reply(usage)
    return None


async def _offer_picker(order: PeopleOrder) -> None:
    """Offer the app's own list of people, which gives ids instead of names."""
    request, wording = order.request, order.request.texts.people
    number = picker_number()
    details: dict[str, Any] = {"matter": order.matter, "role": order.role, "number": number}
    await blocking(request.bot_data.choices.offer, "pick people", request.spot(), details)
    users_request = KeyboardButtonRequestUsers(
        number, user_is_bot=False, max_quantity=_PICKED, request_name=True, request_username=True
    )
    button = KeyboardButton(wording.pick_person_label, request_users=users_request)
    html = fill(wording.pick_person, matter=code(order.matter))
    outbox = request.bot_data.outbox
    await outbox.send_markup(request.place, html, picker(button), request.message_id)


async def _split_off_matter(
    request: Request, keeper_scope: Scope, written: WrittenOrder
) -> tuple[str, WrittenOrder]:
    """The name of the matter, and the order with everything else as people."""
    if written.names:
        chosen = written.names[0]
    else:
        # A matter may be called 2024: a number that names one is the matter, else the last one.
        chosen = written.numbers[-1]
        for number in reversed(written.numbers):
            if await find_kept_matter(request, keeper_scope, number):
                chosen = number
                break
    numbers = list(written.numbers)
    if chosen in numbers:
        numbers.remove(chosen)
    people = (*written.people, *(NamedPerson(int(number)) for number in numbers))
    return chosen, replace(written, people=people, numbers=())


def _parse_order(message: Message, *, allow_role: bool) -> WrittenOrder | None:
    """The words of an order, sorted by what they can be; None if no matter is among them."""
    words, mentioned = _words_of(message)
    people: list[NamedPerson | str] = list(mentioned)
    numbers, names = [], []
    for word in words:
        if word.startswith("@") and len(word) > 1:
            people.append(word)
        elif word.isascii() and word.isdecimal() and 0 < int(word[:20]) < _LARGEST_ID:
            numbers.append(word)
        else:
            names.append(word)
    role: Role = "reader"
    # A matter may be called `reader`: the word is a role only beside another name.
    roles = [name for name in names if name.lower() in ROLES]
    if allow_role and roles and len(names) + len(numbers) > 1:
        role = "keeper" if roles[-1].lower() == "keeper" else "reader"
        names.remove(roles[-1])
    if len(names) > 1 or not (names or numbers):
        return None
    return WrittenOrder(tuple(people), tuple(numbers), tuple(names), role)


def _words_of(message: Message) -> tuple[list[str], list[NamedPerson]]:
    """The words after the command, and the people whom it mentions without a username."""
    text, mentioned = message.text or message.caption or "", []
    units = text.encode("utf-16-le")
    for entity in reversed(message.entities or message.caption_entities):
        if entity.type == MessageEntityType.TEXT_MENTION and entity.user and not entity.user.is_bot:
            person = person_from(entity.user)
            mentioned.append(NamedPerson(person.id, person.name, person.username))
        elif entity.type != MessageEntityType.BOT_COMMAND or entity.offset:
            continue
        # From the last to the first, so that earlier offsets, which count UTF-16 units, stay right.
        end = entity.offset + entity.length
        units = units[: 2 * entity.offset] + units[2 * end :]
    return units.decode("utf-16-le").split(), mentioned[::-1]


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
    return NamedPerson(user.id, person_from(user).name, user.username)
