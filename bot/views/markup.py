"""Text becomes Telegram's HTML: escaped, harmless, and measured as Telegram measures it.

Telegram counts in UTF-16 code units, after the markup is parsed
(https://core.telegram.org/bots/api#messageentity).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from bot.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

MESSAGE_UNITS: Final = 4096
MESSAGE_ENTITIES: Final = 100
COPY_UNITS: Final = 256
CALLBACK_BYTES: Final = 64

_TAG = re.compile(r"</?[a-z][^<>]*>")


class Html(str):
    """Markup that is ready to be sent; any other text still has to be escaped."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Any text as markup that shows it; control and bidi characters become harmless."""
    return Html(html.escape(printable(text), quote=False))


def code(text: str) -> Html:
    """A name or id to be copied by a tap; Telegram looks for no links in it."""
    return Html(f"<code>{escape(printable_line(text))}</code>")


def bold(text: str) -> Html:
    """A title, on one line."""
    return Html(f"<b>{escape(printable_line(text))}</b>")


def fill(template: str, **values: object) -> Html:
    """A text of ours, which may hold markup, with values that may not (unless they are Html)."""
    return Html(
        template.format(
            **{
                name: value if isinstance(value, Html) else escape(printable_line(str(value)))
                for name, value in values.items()
            }
        )
    )


def joined(parts: list[Html], between: str = "\n") -> Html:
    """Markup put together from markup."""
    return Html(between.join(parts))


def visible(markup: str) -> str:
    """What a reader sees of our own markup."""
    return html.unescape(_TAG.sub("", markup))


def units(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """The text within `limit` units; what had to be cut ends with '…'."""
    if units(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def fitting(texts: Sequence[str], room: int, apart: int = 2) -> int:
    """How many of the texts, from the first on, fit into `room` units with `apart` between them."""
    for count, text in enumerate(texts):
        room -= units(text) + apart
        if room < 0:
            return count
    return len(texts)


def shares(total: int, wants: list[int]) -> list[int]:
    """Divide `total` so that small wants are met and large ones get equal parts of the rest."""
    given = [0] * len(wants)
    left = max(0, total)
    by_size = sorted(range(len(wants)), key=wants.__getitem__)
    for place, number in enumerate(by_size):
        given[number] = min(wants[number], left // (len(wants) - place))
        left -= given[number]
    return given
