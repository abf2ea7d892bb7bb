"""Who is meant, how they are named, and how those concerned are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.printable import printable_line
from bot.records.people import Acquaintance
from bot.telegram.context import blocking
from bot.telegram.places import Place
from bot.texts import language_of, texts_in
from bot.views.markup import Html, bold, code, escape, fill, joined, shortened
from bot.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.records.people import Person
    from bot.telegram.context import BotData, Request
    from bot.texts.words import Texts
    from corpus.models import Scope

NAME_UNITS = 60


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person whom an order is about: the id is who they are, the name is only how to say it."""

    person_id: int
    name: str | None = None
    username: str | None = None
    seen: str | None = None

    @property
    def html(self) -> Html:
        """The name, or the id of somebody who has none here."""
        if self.name:
            return bold(shortened(printable_line(self.name), NAME_UNITS))
        return code(str(self.person_id))

    @property
    def label(self) -> str:
        """The same for a button."""
        name = shortened(printable_line(self.name or ""), NAME_UNITS // 2).strip()
        return name or str(self.person_id)

    def line(self, texts: Texts, *, with_day: bool) -> Html:
        """Name, username, id, and in private the day on which they were last seen."""
        wording, facts = texts.people, [self.html] if self.name else []
        if self.username:
            facts.append(escape(f"@{self.username}"))
        facts.append(Html(f"id {code(str(self.person_id))}"))
        if not self.name:
            facts.append(Html(wording.nameless))
        if self.seen and with_day:
            facts.append(fill(wording.last_seen, date=self.seen))
        return joined(facts, " · ")


def known_as(acquaintance: Acquaintance) -> NamedPerson:
    """A person by what the records know of them."""
    return NamedPerson(acquaintance.id, acquaintance.name, acquaintance.username, acquaintance.seen)


def may_look_up(request: Request, keeper_scope: Scope, person_id: int) -> bool:
    """Whether a keeper may learn that the bot has met a person. Blocks on the database.

    Owners may. A keeper may where the person is in a matter of theirs, or was seen in a chat that
    may ask one: whoever uses the bot elsewhere is nobody's business.
    """
    if keeper_scope.is_all:
        return True
    access, people = request.bot_data.access, request.bot_data.people
    if any(person_id == admission.person_id for admission in access.admissions_to(keeper_scope)):
        return True
    # Else a keeper could try ids or usernames, and learn who else uses the bot.
    chats = {binding.chat_id for binding in access.bindings_to(keeper_scope)}
    if not request.place.is_private:
        chats.add(request.place.chat_id)
    return people.was_seen_in(person_id, chats)


def person_by_id(request: Request, keeper_scope: Scope, person_id: int) -> NamedPerson:
    """A person of an id; with a name only where the keeper may know it. Blocks on the database."""
    if not may_look_up(request, keeper_scope, person_id):
        return NamedPerson(person_id)
    return known_as(request.bot_data.people.acquaintance(person_id))


def person_by_username(request: Request, keeper_scope: Scope, username: str) -> NamedPerson | None:
    """Who was last seen with a username, where the keeper may know that. Blocks on the database."""
    # A bot cannot look a username up at Telegram: only who wrote to it is known.
    person_id = request.bot_data.people.id_of_username(username.removeprefix("@"))
    if person_id is None or not may_look_up(request, keeper_scope, person_id):
        return None
    return known_as(request.bot_data.people.acquaintance(person_id))


def list_people(people: Iterable[NamedPerson], texts: Texts, *, with_day: bool) -> Html:
    """A line for each person."""
    return joined([Html(f"• {person.line(texts, with_day=with_day)}") for person in people])


def name_of(person: Person | None) -> Html:
    """The name of whoever acts, for those who are told of it."""
    return bold(shortened(printable_line(person.name), NAME_UNITS)) if person else Html("?")


async def texts_for(bot_data: BotData, person_id: int) -> Texts:
    """The texts in the language that a person chose, or of their app."""
    chosen, code_of_app = await blocking(bot_data.people.language_codes, person_id)
    return texts_in(chosen or language_of(code_of_app, bot_data.services.settings.language))


async def tell(bot_data: BotData, person_id: int, sentence: Callable[[Texts], Html]) -> bool:
    """Tell a person something in the private chat; False where the bot may not write there."""
    # A bot cannot begin a private chat: Telegram refuses, and counts it against the bot.
    if not await blocking(bot_data.outbox.chats.exists, person_id):
        return False
    texts = await texts_for(bot_data, person_id)
    return await bot_data.outbox.send(Place(person_id), View(sentence(texts))) is not None
