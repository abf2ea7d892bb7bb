"""The content of one message: its markup, and the buttons below it.

Telegram's library is not imported here, so that messages can be tested and drawn without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.views.markup import Html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.views.rich import RichDocument


@dataclass(frozen=True, slots=True)
class Button:
    """A button with one of `data`, sent to us when pressed, `copy`, put on the clipboard, and an
    address: `url` for a browser or Telegram, `web_app` for a page within Telegram.

    `read` names the passage that it opens in the reader; the outbox gives it its address.
    """

    label: str
    data: str = ""
    copy: str = ""
    url: str = ""
    web_app: str = ""
    read: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """The content of one message: its markup and its rows of buttons.

    `rich` holds the same words, and all of them, where the server knows rich messages; `rich_rows`
    are its buttons. `asks`: the reply is asked for, and this stands in the empty field for it.
    """

    html: Html
    rows: Rows = field(default=())
    rich: RichDocument | None = None
    rich_rows: Rows = field(default=())
    asks: str = ""
    silent: bool = False
    """Whether it comes without a sound."""


def in_rows(buttons: Sequence[Button], a_row: int) -> Rows:
    """Buttons one after another, so many a row."""
    return tuple(tuple(buttons[at : at + a_row]) for at in range(0, len(buttons), a_row))
