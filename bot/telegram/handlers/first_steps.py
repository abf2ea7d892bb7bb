"""What a new owner does first: claim the bot, make a matter, send its files, add a group, invite.

Each step is a button, so that nobody has to know a command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Message
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.printable import printable_line
from bot.records.invitations import InvitationTerms
from bot.telegram.addressing import NEW, is_from_bot
from bot.telegram.context import Context, blocking, request_from
from bot.telegram.handlers.authority import identify_keeper
from bot.telegram.handlers.choices import LABEL_UNITS, answering, ask_here, in_rows, use_up
from bot.telegram.handlers.current_matter import OFFERED
from bot.telegram.handlers.invitations import send_invitation
from bot.telegram.handlers.matters import ask_for_name, group_link, name_matter
from bot.texts import LANGUAGES
from bot.views.markup import Html, joined, shortened, visible
from bot.views.view import Button

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.choices import Choice
    from bot.telegram.context import ButtonPress, Handlers, Request
    from bot.telegram.ownership import ClaimOutcome
    from corpus.models import Scope

_NAME_ASKED = frozenset(visible(texts.people.name_the_matter) for texts in LANGUAGES.values())


class NameOfMatter(filters.MessageFilter):
    """A reply to the bot's own question for the name of a matter."""

    def filter(self, message: Message) -> bool:
        """Whether the message answers that question, in whatever language it was asked."""
        replied = message.reply_to_message
        return replied is not None and is_from_bot(replied) and replied.text in _NAME_ASKED


def handlers() -> Handlers:
    """`/claim`, and the reply that names a matter; the buttons are registered with `choices`."""
    named = NEW & filters.ChatType.PRIVATE & filters.TEXT & ~filters.COMMAND & NameOfMatter()
    return [CommandHandler("claim", on_claim, NEW), MessageHandler(named, on_name)]


async def on_claim(update: Update, context: Context) -> None:
    """`/claim CODE` in private: the operator reads the code in the log."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    texts = request.texts
    if not request.place.is_private or request.person is None:
        await request.reply(texts.claim_in_private)
    # Whoever forwards a claim did not write it, and whoever wrote it did not send it here.
    elif message.forward_origin is not None:
        await request.reply(texts.anonymous)
    elif not context.args or len(context.args) != 1:
        await request.reply(texts.claim_usage)
    else:
        claim = context.bot_data.claim
        actor = request.actor()
        outcome = await blocking(claim.try_code, request.person.id, context.args[0], actor)
        sentences: dict[ClaimOutcome, str] = {
            "claimed": texts.claimed,
            "wrong": texts.claim_wrong,
            "locked": texts.claim_locked,
            "closed": texts.claim_closed,
        }
        if outcome == "claimed":
            await offer_first_steps(request, Html(sentences[outcome]))
        else:
            await request.reply(sentences[outcome])


async def offer_first_steps(request: Request, sentence: Html) -> None:
    """Lead a new owner on: a matter, its files, a group, people."""
    wording = request.texts.people
    html = joined([sentence, Html(wording.first_steps)], "\n\n")
    labels = [[wording.make_matter_label], [wording.send_file_label], [wording.invite_label]]
    link = Button(wording.add_to_group_label, url=group_link(request.bot_data))
    await ask_here(request, "first step", html, labels, {}, links=((link,),))


@answering("first step")
async def _on_first_step(press: ButtonPress, _: Choice, number: int) -> None:
    """The steps can be taken in any order and more than once, so the question is not used up."""
    request, wording = press.request, press.request.texts.people
    keeper = await identify_keeper(request)
    if isinstance(keeper, Html):
        await press.toast(wording.no_longer_keeper, alert=True)
        return
    await press.toast()
    if number == 0:
        await ask_for_name(request)
    elif number == 1:
        await request.reply(wording.send_file_now)
    else:
        await _offer_invitations(request, keeper[1])


async def on_name(update: Update, context: Context) -> None:
    """Create the matter that the reply names."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    place, person_id = request.place, request.person.id if request.person else 0
    # The name has come: the next message is none.
    await blocking(context.bot_data.prompts.drop, place.chat_id, place.thread_id, person_id)
    forwarded = message.forward_origin is not None
    await name_matter(request, message.text or "", forwarded=forwarded)


async def _offer_invitations(request: Request, keeper_scope: Scope) -> None:
    library, wording = request.bot_data.services.library, request.texts.people
    names = [name for name in await blocking(library.matters) if keeper_scope.allows(name)]
    if not names:
        await request.reply(wording.choose_matter_first)
    elif len(names) == 1:
        await send_invitation(request, InvitationTerms(names[0]))
    else:
        offered = names[:OFFERED]
        labels = in_rows([shortened(printable_line(name), LABEL_UNITS) for name in offered])
        await ask_here(
            request, "invite to which", Html(wording.give_which), labels, {"matters": offered}
        )


@answering("invite to which")
async def _on_invite_to_which(press: ButtonPress, choice: Choice, number: int) -> None:
    matters: list[str] = choice.details["matters"]
    if number < len(matters):
        await _invite(press, choice, matters[number])
    else:
        await press.toast(press.request.texts.button_gone)


@answering("invite to")
async def _on_invite_to(press: ButtonPress, choice: Choice, _: int) -> None:
    await _invite(press, choice, choice.details["matter"])


async def _invite(press: ButtonPress, choice: Choice, matter: str) -> None:
    keeper = await identify_keeper(press.request)
    if isinstance(keeper, Html) or not keeper[1].allows(matter):
        await press.toast(press.request.texts.people.no_longer_keeper, alert=True)
    elif await use_up(press, choice):
        await press.toast()
        await send_invitation(press.request, InvitationTerms(matter))
