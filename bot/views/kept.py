"""The list of what is kept in a place, with buttons that open it, write it out and empty it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.views.markup import Html, code, escape, fill, joined, shortened
from bot.views.render import facts_line, title_line
from bot.views.view import Button, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.memo.contents import QuotedPassage
    from bot.texts.words import Texts

SHOWN: Final = 20
"""Passages listed of all matters together: with their buttons they fit into one message."""
_TITLE_UNITS: Final = 60
_MATTER_UNITS: Final = 30
_BUTTONS_A_ROW: Final = 5


def kept_view(
    folders: Mapping[str, tuple[QuotedPassage, ...]], keys: Mapping[str, int], texts: Texts
) -> View:
    """Every folder with its passages. `keys`: a number for each matter, for its buttons."""
    if not folders:
        return View(Html(texts.memos.none))
    blocks: list[Html] = []
    opens: list[tuple[str, bool]] = []
    room = SHOWN
    for matter, quotations in folders.items():
        lines = [fill(texts.memos.listing, matter=matter)]
        for quotation in quotations[:room]:
            lines.append(_line(len(opens) + 1, quotation, texts))
            opens.append((quotation.citation, quotation.source is not None))
        hidden = len(quotations) - min(room, len(quotations))
        lines += [fill(texts.memos.more_kept, count=hidden)] if hidden else []
        room = max(0, room - len(quotations))
        blocks.append(joined(lines))
    buttons = [
        Button(texts.open_label.format(number=number), data=f"open:{citation}")
        for number, (citation, is_there) in enumerate(opens, start=1)
        if is_there
    ]
    rows = [
        tuple(buttons[at : at + _BUTTONS_A_ROW]) for at in range(0, len(buttons), _BUTTONS_A_ROW)
    ]
    rows += [_folder_row(matter, keys[matter], texts) for matter in folders]
    return View(joined(blocks, "\n\n"), tuple(rows))


def matters_view(matters: Sequence[str], keys: Mapping[str, int], texts: Texts) -> View:
    """Which matter's folder is meant: a button for each."""
    rows = tuple((_memo_button(matter, keys[matter], texts),) for matter in matters)
    return View(Html(texts.memos.which_matter), rows)


def _line(number: int, quotation: QuotedPassage, texts: Texts) -> Html:
    if quotation.source is None:
        warning = texts.memos.withdrawn.format(citation=quotation.citation)
        return Html(f"{number} · {escape(warning)}")
    passage, document = quotation.source.passage, quotation.source.document
    title = title_line(shortened(document.title, _TITLE_UNITS), is_bold=False)
    parts = [Html(str(number)), title, *facts_line(passage.pin), code(quotation.citation)]
    parts += [Html(texts.superseded)] if document.superseded_by else []
    return joined(parts, " · ")


def _folder_row(matter: str, key: int, texts: Texts) -> tuple[Button, ...]:
    name = shortened(matter, _MATTER_UNITS)
    empty = Button(texts.memos.empty_label.format(matter=name), data=f"unkeep:{key}")
    return (_memo_button(matter, key, texts), empty)


def _memo_button(matter: str, key: int, texts: Texts) -> Button:
    name = shortened(matter, _MATTER_UNITS)
    return Button(texts.memos.write_label.format(matter=name), data=f"memo:{key}")
