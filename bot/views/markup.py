"""Text becomes Telegram's HTML: escaped, printable, and measured as Telegram measures it.

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

# Telegram refuses a message beyond any of these limits, so views are cut before they are sent.
MESSAGE_UNITS: Final = 4096
MESSAGE_ENTITIES: Final = 100
COPY_UNITS: Final = 256
CALLBACK_BYTES: Final = 64

_QUOTED = re.compile(r"<blockquote[^<>]*>((?:(?!<blockquote).)*?)</blockquote>", re.DOTALL)
_FOLDED: Final = "<blockquote expandable>"
_TAG = re.compile(r"</?[a-z][^<>]*>")


class Html(str):
    """Markup that is ready to be sent. The type keeps it apart from text, which must be escaped."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Markup that shows the text. Control and bidi characters are replaced."""
    return Html(html.escape(printable(text), quote=False))


def code(text: str) -> Html:
    """A name or id in monospace: a tap copies it, and Telegram finds no links in it."""
    return Html(f"<code>{escape(printable_line(text))}</code>")


def bold(text: str) -> Html:
    """A title in bold, on one line."""
    return Html(f"<b>{escape(printable_line(text))}</b>")


def link(text: str, url: str) -> Html:
    """A text that opens an address."""
    return Html(f'<a href="{html.escape(url)}">{escape(text)}</a>')


def fill(template: str, **values: object) -> Html:
    """Fill one of our texts, which may hold markup. Values are escaped unless they are Html."""
    return Html(
        template.format(
            **{
                name: value if isinstance(value, Html) else escape(printable_line(str(value)))
                for name, value in values.items()
            }
        )
    )


def joined(parts: list[Html], between: str = "\n") -> Html:
    """Join pieces of markup."""
    return Html(between.join(parts))


def visible(markup: str) -> str:
    """The text that a reader sees of our own markup. Telegram's limits count only that."""
    return html.unescape(_TAG.sub("", markup))


def quoted_first(markup: str) -> str:
    """Our own markup with what is quoted first: what counts where space is short.

    A folded quotation is left out: the sentence of it that answers stands above it.
    """
    quotation = _QUOTED.search(markup)
    if quotation is None:
        return markup
    if quotation[0].startswith(_FOLDED):
        return f"{markup[: quotation.start()]}{markup[quotation.end() :].lstrip()}"
    return f"{quotation[1]}\n{markup[: quotation.start()]}"


def units(text: str) -> int:
    """The length in UTF-16 code units."""
    # A lone surrogate, which a broken file name may hold, must not raise here.
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """The text within `limit` UTF-16 units. A shortened text ends with '…'."""
    if units(text) <= limit:
        return text
    start = text[: max(0, limit - 1)]
    while units(start) > limit - 1:  # characters outside the BMP take two units
        start = start[:-1]
    return start.rstrip() + "…"


def fitting(texts: Sequence[str], room: int, apart: int = 2) -> int:
    """The number of texts, from the first on, that fit into `room` units, `apart` units apart."""
    for count, text in enumerate(texts):
        room -= units(text) + apart
        if room < 0:
            return count
    return len(texts)


def shares(total: int, wants: list[int]) -> list[int]:
    """Divide `total` by max-min fairness: small wants are met, large ones share the remainder."""
    portions = [0] * len(wants)
    remaining = max(0, total)
    by_size = sorted(range(len(wants)), key=wants.__getitem__)
    for place, number in enumerate(by_size):
        portions[number] = min(wants[number], remaining // (len(wants) - place))
        remaining -= portions[number]
    return portions
