"""Questions with buttons that one person may answer, once: who may press, and what then happens.

The module that asks registers what a press does (`answering`). Whatever the press allows is checked
when it is pressed: the person may have lost a matter since the question was sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram.ext import CallbackQueryHandler

from bot.records.choices import Spot
from bot.records.keys import BUTTON_KEY
from bot.telegram.context import Context, blocking, button_press_from
from bot.telegram.places import Place
from bot.views.view import Button, Rows, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telegram import Update

    from bot.records.choices import Choice
    from bot.telegram.context import BotData, ButtonPress, Handlers, Request
    from bot.views.markup import Html

Answer: TypeAlias = Callable[["ButtonPress", "Choice", int], Awaitable[None]]
"""What a press does: the press, the question, and the number of the button, from 0."""

LABEL_UNITS = 40
"""UTF-16 units of a name on a button, which a phone shows in one line."""

_answers: dict[str, Answer] = {}


def handlers() -> Handlers:
    """The presses of all these buttons."""
    return [CallbackQueryHandler(on_choice, rf"^do:{BUTTON_KEY}:\d{{1,3}}$")]


def answering(action: str) -> Callable[[Answer], Answer]:
    """Register what the press of a button of this question does."""

    def register(answer: Answer) -> Answer:
        assert action not in _answers, action
        _answers[action] = answer
        return answer

    return register


async def on_choice(update: Update, context: Context) -> None:
    """Do what a button says, if it was shown to this person, here, and is not used up."""
    press = await button_press_from(update, context)
    if press is None:
        return
    request, (key, number) = press.request, press.arguments
    choice = await blocking(context.bot_data.choices.find, key, request.spot())
    if choice is None or choice.action not in _answers:
        await press.toast(request.texts.button_gone)
    # Everybody in a group sees the buttons; only whoever was asked may answer.
    elif request.person is None or choice.person_id != request.person.id:
        await press.toast(request.texts.people.not_asked, alert=True)
    else:
        await _answers[choice.action](press, choice, int(number))


async def use_up(press: ButtonPress, choice: Choice) -> bool:
    """Use a question up; False, and the press is answered, where another press was faster."""
    if await blocking(press.request.bot_data.choices.use, choice.key):
        return True
    await press.toast(press.request.texts.button_gone)
    return False


async def ask_here(
    request: Request,
    action: str,
    html: Html,
    labels: Sequence[Sequence[str]],
    details: Mapping[str, Any],
    *,
    links: Rows = (),
) -> None:
    """Ask whoever made the request, with rows of buttons, in reply to it; `links` stand below."""
    choices = request.bot_data.choices
    choice = await blocking(choices.offer, action, request.spot(), details)
    message_id = await request.reply(html, rows_of(choice, labels) + links)
    if message_id is not None:
        await blocking(choices.sent, choice.key, message_id)


async def ask_person(
    bot_data: BotData,
    person_id: int,
    action: str,
    html: Html,
    labels: Sequence[Sequence[str]],
    details: Mapping[str, Any],
) -> bool:
    """Ask a person in the private chat; False where the bot may not write there."""
    # A bot cannot begin a private chat: Telegram refuses, and counts it against the bot.
    if not await blocking(bot_data.outbox.chats.exists, person_id):
        return False
    choices = bot_data.choices
    choice = await blocking(choices.offer, action, Spot(person_id, person_id, 0, 0), details)
    view = View(html, rows_of(choice, labels))
    message_id = await bot_data.outbox.send(Place(person_id), view)
    if message_id is None:
        return False
    await blocking(choices.sent, choice.key, message_id)
    return True


async def ask_instead(
    press: ButtonPress,
    action: str,
    html: Html,
    labels: Sequence[Sequence[str]],
    details: Mapping[str, Any],
) -> None:
    """Ask in place of the message whose button was pressed."""
    request, choices = press.request, press.request.bot_data.choices
    choice = await blocking(choices.offer, action, request.spot(), details)
    await blocking(choices.sent, choice.key, request.message_id)
    await press.toast()
    press.show(View(html, rows_of(choice, labels)))


def rows_of(choice: Choice, labels: Sequence[Sequence[str]]) -> Rows:
    """Rows of buttons, numbered through from 0."""
    rows, number = [], 0
    for row in labels:
        buttons = []
        for label in row:
            buttons.append(Button(label, data=f"do:{choice.key}:{number}"))
            number += 1
        rows.append(tuple(buttons))
    return tuple(rows)


def in_rows(labels: Sequence[str], width: int = 2) -> list[Sequence[str]]:
    """Labels as rows of buttons."""
    return [labels[at : at + width] for at in range(0, len(labels), width)]
