"""How people come in: links that owners and keepers send, and requests of those outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import structlog
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.records.invitations import DAYS, MOST_DAYS, MOST_USES, InvitationTerms
from bot.telegram.addressing import NEW
from bot.telegram.context import Context, blocking, button_press_from
from bot.telegram.handlers.acquaintances import (
    NamedPerson,
    known_as,
    name_of,
    tell,
    texts_for,
)
from bot.telegram.handlers.admission import ROLES, admit
from bot.telegram.handlers.ask import REQUEST
from bot.telegram.handlers.authority import (
    authorize_order,
    find_kept_matter,
    identify_keeper,
    unknown_matter,
)
from bot.telegram.handlers.choices import (
    answering,
    ask_here,
    ask_instead,
    ask_person,
    in_rows,
    use_up,
)
from bot.telegram.handlers.current_matter import ask_for_matter
from bot.views.markup import Html, code, fill, joined
from bot.views.view import Button, View

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.access import Role
    from bot.records.choices import Choice
    from bot.records.invitations import Invitation
    from bot.telegram.context import BotData, ButtonPress, Handlers, Request
    from bot.texts.words import Texts

INVITATION_PAYLOAD: Final = "j_"
"""The payload of an invitation's link begins with this: `?start=j_…`."""
_LISTED: Final = 40
_MATTERS: Final = 60

log = structlog.get_logger(__name__)


def handlers() -> Handlers:
    """`/invite`, `/invitations`, and the button with which strangers ask for access."""
    return [
        CommandHandler("invite", on_invite, NEW),
        CommandHandler("invitations", on_invitations, NEW),
        CallbackQueryHandler(on_request, rf"^{REQUEST}$"),
    ]


# -- links ---------------------------------------------------------------------------------------


async def on_invite(update: Update, context: Context) -> None:
    """`/invite MATTER [reader|keeper] [DAYS] [USES]`: a link that lets in whoever opens it."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    terms = _parse_terms(context.args or [])
    # Whoever reads the link in a group could open it.
    if not request.place.is_private:
        await request.reply(request.texts.people.who_in_private)
    elif terms is None:
        usage = request.texts.people.invite_usage
        await ask_for_matter(request, keeper_scope, "invite to which", usage)
    elif matter := await find_kept_matter(request, keeper_scope, terms.matter):
        await send_invitation(request, InvitationTerms(matter, terms.role, terms.days, terms.uses))
    else:
        await request.reply(unknown_matter(request, terms.matter))


async def send_invitation(request: Request, terms: InvitationTerms) -> None:
    """Create an invitation and show its link, with buttons to send it on and to revoke it."""
    assert request.person is not None
    bot_data, wording = request.bot_data, request.texts.people
    invitation, link_key = await blocking(bot_data.invitations.create, terms, request.actor())
    link = f"https://t.me/{bot_data.outbox.username}?start={INVITATION_PAYLOAD}{link_key}"
    facts = _facts(invitation, request.texts)
    html = fill(wording.invited, link=link, **facts)
    choice = await blocking(
        bot_data.choices.offer, "revoke invitation", request.spot(), {"key": invitation.key}
    )
    share = Button(
        wording.invite_share_label, url=f"https://t.me/share/url?{urlencode({'url': link})}"
    )
    label = wording.revoke_label.format(number=_number(invitation))
    rows = ((share,), (Button(label, data=f"do:{choice.key}:0"),))
    message_id = await request.reply(html, rows)
    if message_id is not None:
        await blocking(bot_data.choices.sent, choice.key, message_id)


async def on_invitations(update: Update, context: Context) -> None:
    """List the open invitations to the matters that a keeper keeps, each with a button."""
    keeper = await authorize_order(update, context)
    if keeper is None:
        return
    request, _, keeper_scope = keeper
    wording = request.texts.people
    if not request.place.is_private:
        await request.reply(wording.who_in_private)
        return
    invitations = await blocking(context.bot_data.invitations.open_ones, keeper_scope)
    if not invitations:
        await request.reply(wording.invitations_none)
        return
    listed = invitations[:_LISTED]
    lines = [
        Html(wording.invitations_title),
        *(
            fill(wording.invitation_line, **_facts(invitation, request.texts))
            for invitation in listed
        ),
        *(
            [fill(wording.new_members_more, count=len(invitations) - _LISTED)]
            if len(invitations) > _LISTED
            else []
        ),
    ]
    labels = [wording.revoke_label.format(number=_number(invitation)) for invitation in listed]
    details = {"keys": [invitation.key for invitation in listed]}
    await ask_here(request, "revoke one", joined(lines), in_rows(labels), details)


@answering("revoke invitation")
async def _on_revoked(press: ButtonPress, choice: Choice, _: int) -> None:
    await _revoke(press, choice.details["key"])


@answering("revoke one")
async def _on_one_revoked(press: ButtonPress, choice: Choice, number: int) -> None:
    keys: list[int] = choice.details["keys"]
    await _revoke(press, keys[number] if number < len(keys) else 0)


async def _revoke(press: ButtonPress, key: int) -> None:
    request = press.request
    keeper = await identify_keeper(request)
    if isinstance(keeper, Html):
        await press.toast(request.texts.people.no_longer_keeper, alert=True)
        return
    invitations = request.bot_data.invitations
    open_invitations = await blocking(invitations.open_ones, keeper[1])
    matching = [invitation for invitation in open_invitations if invitation.key == key]
    if not matching or not await blocking(invitations.revoke, [key], request.actor()):
        await press.toast(request.texts.button_gone)
        return
    facts = {"number": _number(matching[0]), "matter": code(matching[0].matter)}
    await press.toast()
    press.show(View(fill(request.texts.people.revoked, **facts)))


async def redeem(request: Request, link_key: str) -> None:
    """Let in whoever opened an invitation, if it holds and whoever made it still keeps the matter.

    Someone who is in already stays as they are, and uses nothing up.
    """
    bot_data, wording = request.bot_data, request.texts.people
    if not request.place.is_private or request.person is None:
        await request.reply(wording.invitation_in_private)
        return
    wait = await blocking(bot_data.limit.wait, request.person.id)
    if wait:
        limit = bot_data.limit.per_minute
        await request.reply(fill(request.texts.too_many, limit=limit, seconds=wait))
        return
    invitation = await blocking(bot_data.invitations.find, link_key)
    if invitation is None or not await _still_holds(bot_data, invitation):
        await request.reply(wording.invitation_gone)
        return
    person_id, matter = request.person.id, code(invitation.matter)
    template = wording.joined_keeper if invitation.role == "keeper" else wording.joined_reader
    if await _has_role(bot_data, person_id, invitation):
        await request.reply(fill(template, matter=matter))
        return
    if not await blocking(bot_data.invitations.use, invitation):
        await request.reply(wording.invitation_gone)
        return
    await blocking(bot_data.invitations.admit, person_id, invitation, request.actor())
    await request.reply(fill(template, matter=matter))
    await tell(
        bot_data,
        invitation.by_id,
        lambda theirs: fill(
            theirs.people.inviter_told, person=name_of(request.person), matter=matter
        ),
    )


async def _still_holds(bot_data: BotData, invitation: Invitation) -> bool:
    scope = await blocking(bot_data.access.scope_of_keeper, invitation.by_id)
    return scope.allows(invitation.matter)


async def _has_role(bot_data: BotData, person_id: int, invitation: Invitation) -> bool:
    """Whether a person has what an invitation gives, or more."""
    keeps = await blocking(bot_data.access.scope_of_keeper, person_id)
    asks = await blocking(bot_data.access.admitted_to, person_id)
    reader = invitation.role == "reader" and asks.allows(invitation.matter)
    return keeps.allows(invitation.matter) or reader


def _parse_terms(arguments: list[str]) -> InvitationTerms | None:
    """`lease keeper 30 5`: the role and the two numbers in this order, each left out or not."""
    words = list(arguments)
    if not words:
        return None
    matter, role = words.pop(0), "reader"
    if words and words[0].lower() in ROLES:
        role = words.pop(0).lower()
    if len(words) > 2 or not all(word.isascii() and word.isdecimal() for word in words):
        return None
    days, uses = (int(word[:9]) for word in (*words, *(str(DAYS), "1")[len(words) :]))
    if not 0 < days <= MOST_DAYS or not 0 < uses <= MOST_USES:
        return None
    return InvitationTerms(matter, "keeper" if role == "keeper" else "reader", days, uses)


def _facts(invitation: Invitation, texts: Texts) -> dict[str, Any]:
    wording = texts.people
    is_keeper = invitation.role == "keeper"
    return {
        "number": code(_number(invitation)),
        "matter": code(invitation.matter),
        "role": (wording.keeper_label if is_keeper else wording.reader_label).lower(),
        "date": invitation.expires[:10],
        "uses": invitation.uses_left,
    }


def _number(invitation: Invitation) -> str:
    return f"#{invitation.number}"


# -- requests ------------------------------------------------------------------------------------


async def on_request(update: Update, context: Context) -> None:
    """Ask the owners to let somebody in, once a day, and say what became of it."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, bot_data = press.request, context.bot_data
    wording, person = request.texts.people, request.person
    if person is None or not request.place.is_private:
        await press.toast(request.texts.button_gone)
        return
    # They may have been let in since the button was shown.
    if not (await blocking(request.reach)).is_empty:
        await press.toast(request.texts.button_gone)
        return
    owners = sorted(await blocking(bot_data.access.owners))
    reachable = [owner for owner in owners if await blocking(bot_data.outbox.chats.exists, owner)]
    if not reachable:
        # Nothing is on record, so that the same button works as soon as an owner is there.
        await press.toast()
        again = Button(wording.request_label, data=REQUEST)
        sentence = fill(wording.owners_not_reached, person=person.id)
        press.show(View(sentence, ((again,),)))
        return
    if not await blocking(bot_data.invitations.request_access, person.id):
        await press.toast(wording.requested_before, alert=True)
        return
    await press.toast()
    owners_asked = [await _ask_owner(bot_data, owner_id, person.id) for owner_id in reachable]
    if any(owners_asked):
        press.show(View(Html(wording.requested)))
    else:
        press.show(View(fill(wording.owners_not_reached, person=person.id)))


async def _ask_owner(bot_data: BotData, owner_id: int, person_id: int) -> bool:
    texts = await texts_for(bot_data, owner_id)
    wording, names = texts.people, await blocking(bot_data.services.library.matters)
    person = known_as(await blocking(bot_data.people.acquaintance, person_id))
    title = fill(wording.asks_for_access, person=person.line(texts, with_day=False))
    details: dict[str, Any] = {"person_id": person_id, "name": person.name}
    if len(names) == 1:
        labels = [[wording.reader_label, wording.keeper_label], [wording.no_label]]
        return await ask_person(
            bot_data, owner_id, "let in", title, labels, details | {"matter": names[0]}
        )
    offered = list(names[:_MATTERS])
    html = joined([title, Html(wording.give_which)]) if offered else title
    labels = [*map(list, in_rows(offered)), [wording.no_label]]
    return await ask_person(
        bot_data, owner_id, "let in to which", html, labels, details | {"matters": offered}
    )


@answering("let in to which")
async def _on_which(press: ButtonPress, choice: Choice, number: int) -> None:
    request, wording = press.request, press.request.texts.people
    matters: list[str] = choice.details["matters"]
    if not await _is_owner(press) or not await use_up(press, choice):
        return
    if number >= len(matters):
        await _refuse(press, choice)
        return
    matter, person = matters[number], _person_of(choice)
    title = fill(wording.asks_for_access, person=person.line(request.texts, with_day=False))
    labels = [[wording.reader_label, wording.keeper_label], [wording.no_label]]
    details = {"person_id": person.person_id, "name": person.name, "matter": matter}
    await ask_instead(press, "let in", joined([title, code(matter)]), labels, details)


@answering("let in")
async def _on_let_in(press: ButtonPress, choice: Choice, number: int) -> None:
    request = press.request
    if not await _is_owner(press) or not await use_up(press, choice):
        return
    if number > 1:
        await _refuse(press, choice)
        return
    await press.toast()
    role: Role = "keeper" if number == 1 else "reader"
    line = await admit(request, _person_of(choice), choice.details["matter"], role, is_owner=True)
    press.show(View(line))


async def _refuse(press: ButtonPress, choice: Choice) -> None:
    request, person = press.request, _person_of(choice)
    await press.toast()
    await tell(request.bot_data, person.person_id, lambda theirs: Html(theirs.people.refused_told))
    press.show(View(fill(request.texts.people.refused, person=person.html)))


async def _is_owner(press: ButtonPress) -> bool:
    """Whether whoever pressed is an owner still; if not, they are told."""
    request = press.request
    person_id = request.person.id if request.person else 0
    if await blocking(request.bot_data.access.is_owner, person_id):
        return True
    await press.toast(request.texts.people.owners_only, alert=True)
    return False


def _person_of(choice: Choice) -> NamedPerson:
    return NamedPerson(choice.details["person_id"], choice.details["name"])
