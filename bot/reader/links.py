"""Where the Read button below a passage leads: a Mini App in private, a link elsewhere."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.reader.leave import LeaveKeys
from corpus.citing.ids import parse_citation
from corpus.errors import NotFound, Withdrawn

if TYPE_CHECKING:
    from bot.records.access import Access
    from bot.settings import Settings
    from bot.views.view import Button, Rows
    from corpus.library import Library


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked for what is being sent, and in which topic."""

    person_id: int
    thread_id: int


# Answers are sent and edited from many handlers; none of them has to know about links.
asker: ContextVar[Asker | None] = ContextVar("asker", default=None)


class ReadLinks:
    """Gives the Read buttons of a message their addresses."""

    def __init__(self, settings: Settings, library: Library, access: Access) -> None:
        token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
        self.keys = LeaveKeys.of_token(token)
        self._url = (settings.reader_url or "").rstrip("/")
        self._app = settings.reader_app
        self._library = library
        self._access = access

    @property
    def is_served(self) -> bool:
        """Whether there is a reader that Telegram can open: it knows https alone."""
        return self._url.startswith("https:")

    def resolve(self, rows: Rows, chat_id: int, bot: str) -> Rows:
        """The rows with addresses for their Read buttons, and without those that lead nowhere.

        Blocks on the database where a link has to be signed.
        """
        resolved = (
            tuple(button for button in (self._button(b, chat_id, bot) for b in row) if button)
            for row in rows
        )
        return tuple(row for row in resolved if row)

    def _button(self, button: Button, chat_id: int, bot: str) -> Button | None:
        if not button.read:
            return button
        if not self.is_served:
            return None
        if chat_id > 0:  # Bot API: web_app buttons work in private chats alone
            address = f"{self._url}/read/s_{button.read}?app=1"
            return replace(button, read="", web_app=address)
        address = self._address_elsewhere(button.read, chat_id, bot)
        return replace(button, read="", url=address) if address else None

    def inline_address(
        self, citation: str, bot: str, person_id: int, *, is_own_chat: bool
    ) -> str | None:
        """Where the Read button of an inline result leads; None where there is no safe place.

        Whoever sees the result can press it. So a link is signed for the person who chose it only
        in their own chat with the bot; a Mini App asks everybody for their own leave.
        """
        if not self.is_served:
            return None
        if self._app:
            return self._app_address(citation, bot)
        document_id = parse_citation(citation).document_id
        if not is_own_chat:
            return None
        key = self.keys.grant(document_id, person_id=person_id)
        return f"{self._url}/read/s_{citation}?key={key}"

    def _app_address(self, citation: str, bot: str) -> str:
        return f"https://t.me/{bot}/{self._app}?startapp=s_{citation}"

    def _address_elsewhere(self, citation: str, chat_id: int, bot: str) -> str:
        """A link that names nobody, where there is a Mini App; else one signed for who asked.

        Nobody asked for the post of a channel: there it opens the passage in the private chat,
        where everybody has a button of their own.
        """
        if self._app:
            return self._app_address(citation, bot)
        person = asker.get()
        if person is None:
            return f"https://t.me/{bot}?start=s_{citation}"
        document_id = parse_citation(citation).document_id
        own = self._is_own(person.person_id, document_id)
        key = self.keys.grant(
            document_id,
            person_id=person.person_id,
            chat_id=None if own else chat_id,
            thread_id=0 if own else person.thread_id,
        )
        return f"{self._url}/read/s_{citation}?key={key}"

    def _is_own(self, person_id: int, document_id: str) -> bool:
        """Whether a person may see a document in their own right, and not by the chat alone."""
        try:
            self._library.document(document_id, self._access.scope_of_person(person_id))
        except (NotFound, Withdrawn):
            return False
        return True
