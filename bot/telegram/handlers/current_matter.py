"""`/matter`: which of their matters a person asks in private, in a topic there, and inline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.printable import printable_line
from bot.telegram.addressing import NEW
from bot.telegram.context import Context, blocking, request_from
from bot.telegram.handlers.ask import empty_scope_view
from bot.telegram.handlers.choices import LABEL_UNITS, answering, ask_here, in_rows, use_up
from bot.views.markup import Html, code, fill, shortened
from bot.views.view import View

if TYPE_CHECKING:
    from telegram import Update

    from bot.records.choices import Choice
    from bot.telegram.context import ButtonPress, Handlers, Request
    from corpus.models import Scope

OFFERED: Final = 60
"""Matters offered by buttons, in rows of two. Telegram allows 100 buttons."""


def handlers() -> Handlers:
    """`/matter`."""
    return [CommandHandler("matter", on_matter, NEW)]


async def on_matter(update: Update, context: Context) -> None:
    """Offer the matters as buttons; `/matter NAME` chooses at once."""
    message = update.message
    assert message is not None
    request = await request_from(message, context)
    wording = request.texts.people
    # What one person reads tells the group which matters they have: never there.
    if not request.place.is_private or request.person is None:
        await request.reply(wording.matter_in_private)
        return
    if request.is_forwarded:
        await request.reply(request.texts.anonymous)
        return
    names = await blocking(matters_of, request)
    if not names:
        view = await empty_scope_view(request)
        await request.reply(view.html, view.rows)
    elif len(names) == 1:
        await request.reply(fill(wording.matter_only_one, matter=code(names[0])))
    elif name := _named(context.args or [], names):
        await request.reply(await _choose(request, name))
    else:
        title = wording.matter_title_topic if request.place.thread_id else wording.matter_title
        current = await blocking(
            context.bot_data.people.current_matter, request.person.id, request.place.thread_id
        )
        offered = names[:OFFERED]
        labels = [
            f"{'✓ ' if name == current else ''}{shortened(printable_line(name), LABEL_UNITS)}"
            for name in offered
        ]
        rows = [*in_rows(labels), [wording.matter_all_label]]
        await ask_here(request, "choose matter", Html(title), rows, {"matters": offered})


@answering("choose matter")
async def _on_chosen(press: ButtonPress, choice: Choice, number: int) -> None:
    request, matters = press.request, choice.details["matters"]
    name = matters[number] if number < len(matters) else None
    if name is not None and not (await blocking(request.reach)).allows(name):
        await press.toast(request.texts.no_access, alert=True)
        return
    if not await use_up(press, choice):
        return
    await press.toast()
    press.show(View(await _choose(request, name)))


async def _choose(request: Request, matter: str | None) -> Html:
    assert request.person is not None
    people, place, wording = request.bot_data.people, request.place, request.texts.people
    await blocking(people.choose_matter, request.person.id, place.thread_id, matter)
    if matter is None:
        return Html(wording.matter_now_all)
    return fill(wording.matter_now, matter=code(matter))


def matters_of(request: Request) -> list[str]:
    """The names of the matters that a person may ask in private. Blocks on the database."""
    reach = request.reach()
    return [name for name in request.bot_data.services.library.matters() if reach.allows(name)]


def _named(arguments: list[str], names: list[str]) -> str | None:
    spelling = " ".join(arguments).casefold()
    return next((name for name in names if spelling and name.casefold() == spelling), None)


async def ask_for_matter(request: Request, scope: Scope, action: str, html: str) -> None:
    """Ask which matter of a scope an order is about, by buttons; `html` says how to name it."""
    names = await blocking(request.bot_data.services.library.matters)
    offered = [name for name in names if scope.allows(name)][:OFFERED]
    labels = in_rows([shortened(printable_line(name), LABEL_UNITS) for name in offered])
    await ask_here(request, action, Html(html), labels, {"matters": offered})
