"""Who may see what: `/who MATTER`, `/chats` and `/owners`, with buttons that take access away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CommandHandler

from bot.printable import printable_line
from bot.records.access import WHOLE_CHAT
from bot.telegram.addressing import NEW
from bot.telegram.context import Context, blocking
from bot.telegram.handlers.acquaintances import NamedPerson, known_as, tell
from bot.telegram.handlers.admission import dismiss
from bot.telegram.handlers.authority import (
    authorize_order,
    find_kept_matter,
    identify_keeper,
    unknown_matter,
)
from bot.telegram.handlers.choices import answering, ask_here, ask_instead, in_rows, use_up
from bot.telegram.handlers.current_matter import ask_for_matter
from bot.telegram.handlers.matters import tell_chat
from bot.views.markup import Html, bold, code, fill, joined, shortened
from bot.views.view import View
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.records.access import Admission, Binding
    from bot.records.choices import Choice
    from bot.telegram.context import ButtonPress, Handlers, Request
    from bot.texts.words import Texts

LISTED: Final = 40
"""People and chats named in one message."""
_ROW: Final = 5
_TITLE_UNITS: Final = 60


def handlers() -> Handlers:
    """`/who`, `/chats` and `/owners`."""
    return [
        CommandHandler("who", on_who, NEW),
        CommandHandler("chats", on_chats, NEW),
        CommandHandler("owners", on_owners, NEW),
    ]


async def on_who(update: Update, context: Context) -> None:
    """List who may ask a matter, people and chats, to whoever keeps it."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    arguments = context.args or []
    if not request.place.is_private:
        await request.reply(request.texts.people.who_in_private)
        return
    if len(arguments) != 1:
        usage = request.texts.people.who_usage
        await ask_for_matter(request, keeper_scope, "who of which", usage)
        return
    matter = await find_kept_matter(request, keeper_scope, arguments[0])
    if matter is None:
        await request.reply(unknown_matter(request, arguments[0]))
        return
    await _list(request, Scope.of(matter), matter)


@answering("who of which")
async def _on_who_of_which(press: ButtonPress, choice: Choice, number: int) -> None:
    """List who may see a matter; the buttons stay, for the next one."""
    keeper, matters = await identify_keeper(press.request), choice.details["matters"]
    if number >= len(matters) or isinstance(keeper, Html) or not keeper[1].allows(matters[number]):
        await press.toast(press.request.texts.people.no_longer_keeper, alert=True)
        return
    await press.toast()
    press.later(_list(press.request, Scope.of(matters[number]), matters[number]))


async def on_chats(update: Update, context: Context) -> None:
    """List the chats that may ask the matters that a keeper keeps."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    if not request.place.is_private:
        await request.reply(request.texts.people.who_in_private)
        return
    await _list(request, keeper_scope, None)


async def _list(request: Request, scope: Scope, matter: str | None) -> None:
    """Show people and chats with a button for each; without `matter` only the chats."""
    access, wording, texts = request.bot_data.access, request.texts.people, request.texts
    admissions = (await blocking(access.admissions_to, scope))[:LISTED] if matter else []
    bindings = (await blocking(access.bindings_to, scope))[:LISTED]
    # All names in one thread: each by itself would wait for a thread anew.
    people = await blocking(_known, request, admissions)
    titles = await blocking(request.bot_data.people.titles, [entry.chat_id for entry in bindings])
    lines = []
    if matter:
        owners = [owner.html for owner in await blocking(_owners, request)]
        lines.append(fill(wording.who_title, matter=matter))
        lines.append(fill(wording.who_owners, owners=joined(owners, ", ")))
        lines += [] if admissions else [Html(wording.who_none)]
    for number, admission in enumerate(admissions, 1):
        lines.append(_admission_line(number, admission, people, texts))
    if bindings:
        lines.append(Html(wording.who_chats if matter else wording.chats_title))
    elif not matter:
        lines.append(Html(wording.chats_none))
    for number, binding in enumerate(bindings, len(admissions) + 1):
        name = chat_name(binding, titles, texts)
        facts = [bold(str(number)), name, *([] if matter else [code(binding.matter)])]
        facts += _since(binding.since, texts)
        lines.append(joined(facts, " · "))
    numbers = range(1, len(admissions) + len(bindings) + 1)
    labels = in_rows([wording.dismiss_label.format(number=number) for number in numbers], _ROW)
    details = {
        "people": [entry.person_id for entry in admissions],
        "matter": matter,
        "bindings": [[entry.chat_id, entry.thread_id, entry.matter] for entry in bindings],
    }
    await ask_here(request, "take away", joined(lines), labels, details)


@answering("take away")
async def _on_take_away(press: ButtonPress, choice: Choice, number: int) -> None:
    """Ask once more, with the name; the list itself can be pressed again."""
    request, wording = press.request, press.request.texts.people
    people, bindings = choice.details["people"], choice.details["bindings"]
    if number < len(people):
        matter = choice.details["matter"]
        if not await _keeps(press, matter):
            return
        person = known_as(await blocking(request.bot_data.people.acquaintance, people[number]))
        # The name is kept with the question: what is carried out is what was read when it was
        # confirmed.
        question = fill(wording.dismiss_ask, person=person.html, matter=code(matter))
        details: dict[str, Any] = {
            "person_id": person.person_id,
            "name": person.name,
            "matter": matter,
        }
        await ask_instead(press, "dismiss", question, _yes_or_no(request.texts), details)
    elif number - len(people) < len(bindings):
        chat_id, thread_id, matter = bindings[number - len(people)]
        if not await _keeps(press, matter):
            return
        name = await blocking(_chat_name, request, chat_id, thread_id)
        question = fill(wording.unbind_ask, chat=name, matter=code(matter))
        details = {"chat_id": chat_id, "thread_id": thread_id, "matter": matter}
        await ask_instead(press, "unbind", question, _yes_or_no(request.texts), details)
    else:
        await press.toast(request.texts.button_gone)


def _yes_or_no(texts: Texts) -> list[list[str]]:
    return [[texts.people.yes_label, texts.people.no_label]]


@answering("dismiss")
async def _on_dismiss(press: ButtonPress, choice: Choice, number: int) -> None:
    request, matter = press.request, choice.details["matter"]
    if number == 0 and not await _keeps(press, matter):
        return
    if not await use_up(press, choice):
        return
    line = Html(request.texts.people.nothing_changed)
    if number == 0:
        person = NamedPerson(choice.details["person_id"], choice.details["name"])
        line = await dismiss(request, person, matter)
    await press.toast()
    press.show(View(line))


@answering("unbind")
async def _on_unbind(press: ButtonPress, choice: Choice, number: int) -> None:
    request, details = press.request, choice.details
    # Rights are read again at the press: the list may be days old.
    if number == 0 and not await _keeps(press, details["matter"]):
        return
    if not await use_up(press, choice):
        return
    await press.toast()
    if number != 0:
        press.show(View(Html(request.texts.people.nothing_changed)))
        return
    place = (details["chat_id"], details["thread_id"], details["matter"])
    was_bound = await blocking(request.bot_data.access.unbind, *place, request.actor())
    name = await blocking(_chat_name, request, details["chat_id"], details["thread_id"])
    template = request.texts.unbound if was_bound else request.texts.was_not_bound
    if was_bound:
        await tell_chat(request.bot_data, *place, is_bound=False)
    press.show(View(fill(template, matter=code(details["matter"]), where=name)))


# -- owners --------------------------------------------------------------------------------------


async def on_owners(update: Update, context: Context) -> None:
    """List the owners, with a button for each whom an owner can remove."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    wording = request.texts.people
    if not keeper_scope.is_all:
        await request.reply(wording.owners_only)
        return
    if not request.place.is_private:
        await request.reply(wording.who_in_private)
        return
    owners = await blocking(context.bot_data.access.owner_records)
    lines, removable, labels = [Html(wording.owners_title)], [], []
    for number, owner in enumerate(owners[:LISTED], 1):
        acquaintance = known_as(
            await blocking(context.bot_data.people.acquaintance, owner.person_id)
        )
        facts = [bold(str(number)), acquaintance.line(request.texts, with_day=True)]
        facts += [Html(wording.owner_set)] if owner.is_set else _since(owner.since, request.texts)
        lines.append(joined(facts, " · "))
        # The settings belong to the operator, and nobody in Telegram can overrule them.
        if not owner.is_set:
            removable.append(owner.person_id)
            labels.append(wording.dismiss_label.format(number=number))
    details = {"people": removable}
    await ask_here(request, "remove owner", joined(lines), in_rows(labels, _ROW), details)


@answering("remove owner")
async def _on_remove_owner(press: ButtonPress, choice: Choice, number: int) -> None:
    request, people = press.request, choice.details["people"]
    if not await _is_owner(press):
        return
    if number >= len(people):
        await press.toast(request.texts.button_gone)
        return
    person = known_as(await blocking(request.bot_data.people.acquaintance, people[number]))
    question = fill(request.texts.people.owner_revoke_ask, person=person.html)
    details = {"person_id": person.person_id, "name": person.name}
    await ask_instead(press, "owner removed", question, _yes_or_no(request.texts), details)


@answering("owner removed")
async def _on_owner_removed(press: ButtonPress, choice: Choice, number: int) -> None:
    request, wording = press.request, press.request.texts.people
    if not await _is_owner(press) or not await use_up(press, choice):
        return
    await press.toast()
    if number != 0:
        press.show(View(Html(wording.nothing_changed)))
        return
    person = NamedPerson(choice.details["person_id"], choice.details["name"])
    access = request.bot_data.access
    if not await blocking(access.revoke_owner, person.person_id, request.actor()):
        press.show(View(Html(wording.owner_last)))
        return
    await tell(
        request.bot_data, person.person_id, lambda theirs: Html(theirs.people.told_owner_revoked)
    )
    press.show(View(fill(wording.owner_revoked, person=person.html)))


async def _is_owner(press: ButtonPress) -> bool:
    person_id = press.request.person.id if press.request.person else 0
    if await blocking(press.request.bot_data.access.is_owner, person_id):
        return True
    await press.toast(press.request.texts.people.owners_only, alert=True)
    return False


async def _keeps(press: ButtonPress, matter: str) -> bool:
    """Whether whoever pressed keeps the matter still; if not, they are told."""
    keeper = await identify_keeper(press.request)
    if not isinstance(keeper, Html) and keeper[1].allows(matter):
        return True
    await press.toast(press.request.texts.people.no_longer_keeper, alert=True)
    return False


# -- lines ---------------------------------------------------------------------------------------


def _known(request: Request, admissions: Sequence[Admission]) -> dict[int, NamedPerson]:
    ids = {admission.person_id for admission in admissions} | {
        admission.by_id for admission in admissions
    }
    acquaintance = request.bot_data.people.acquaintance
    return {key: known_as(acquaintance(key)) for key in ids if key is not None}


def _owners(request: Request) -> list[NamedPerson]:
    acquaintance = request.bot_data.people.acquaintance
    return [known_as(acquaintance(key)) for key in sorted(request.bot_data.access.owners())]


def _admission_line(
    number: int, admission: Admission, people: dict[int, NamedPerson], texts: Texts
) -> Html:
    wording = texts.people
    is_keeper = admission.role == "keeper"
    facts = [
        bold(str(number)),
        people[admission.person_id].line(texts, with_day=True),
        Html((wording.keeper_label if is_keeper else wording.reader_label).lower()),
        *_since(admission.since, texts),
    ]
    if admission.by_id in people:
        facts.append(fill(wording.by, person=people[admission.by_id].html))
    return joined(facts, " · ")


def _since(since: str | None, texts: Texts) -> list[Html]:
    return [fill(texts.people.since, date=since[:10])] if since else []


def chat_name(binding: Binding, titles: dict[int, str], texts: Texts) -> Html:
    """The title of a chat, or its id, and the topic."""
    return named_chat(binding.chat_id, binding.thread_id, titles.get(binding.chat_id), texts)


def named_chat(chat_id: int, thread_id: int, title: str | None, texts: Texts) -> Html:
    """The title of a chat, or its id, and the topic."""
    # Anybody may name a group, also with characters that are not seen or that turn the line round.
    title_line = shortened(printable_line(title or ""), _TITLE_UNITS).strip()
    name = bold(title_line) if title_line else code(str(chat_id))
    if thread_id == WHOLE_CHAT:
        return name
    return joined([name, fill(texts.people.topic, thread=thread_id)], " · ")


def _chat_name(request: Request, chat_id: int, thread_id: int) -> Html:
    title = request.bot_data.people.titles([chat_id]).get(chat_id)
    return named_chat(chat_id, thread_id, title, request.texts)
