"""Checked quotations as messages: what differs is struck, the original is underlined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.console.checks import compared_pieces
from bot.printable import printable, printable_line
from bot.views.markup import (
    MESSAGE_ENTITIES,
    MESSAGE_UNITS,
    Html,
    code,
    escape,
    fill,
    joined,
    shortened,
    units,
    visible,
)
from bot.views.quotation import untapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.texts.words import Texts
    from index.quotations.check import QuotationCheck

LONGEST_QUOTED: Final = 900
"""UTF-16 units of one quotation in a list; around its differences, the rest is left out."""
_MOST_DIFFERENCES: Final = 12
_AROUND: Final = 60
_SPARE: Final = 200
_NO_HTML: Final = Html()


@dataclass(frozen=True, slots=True)
class Blocks:
    """What fits into a message of many blocks, and whether that is all of them."""

    html: Html
    is_whole: bool


def checks_blocks(checks: Sequence[QuotationCheck], texts: Texts) -> Blocks:
    """Each quotation with its verdict and its source, then one line of sum."""
    return _fitting((check_block(check, texts) for check in checks), _sum(checks, texts))


def check_block(check: QuotationCheck, texts: Texts) -> Html:
    """The verdict, the quotation with its differences, and where it stands."""
    lines = [Html(_verdict(check, texts)), compared_quotation(check)]
    if check.citation:
        lines.append(source_line(check.title, check.date, check.pin, check.citation))
    if cited := _beside(check, texts):
        lines.append(cited)
    return joined(lines)


def asked_head(check: QuotationCheck, texts: Texts) -> Html:
    """What stands above the passage that a question nearly is: whether it is it word for word."""
    if check.verdict == "verbatim":
        return Html(f"{texts.checking.asked_verbatim}\n\n")
    return Html(f"{texts.checking.asked_altered}\n{compared_quotation(check)}\n\n")


def compared_quotation(check: QuotationCheck) -> Html:
    """The quotation, each difference struck and followed by the original, underlined."""
    is_long = units(check.quotation) > LONGEST_QUOTED
    pieces = list(compared_pieces(check))[: 4 * _MOST_DIFFERENCES]
    parts: list[Html] = []
    for number, (kind, piece) in enumerate(pieces, 1):
        if kind == "same":
            is_last = number == len(pieces)
            parts.append(plain(most_of(piece, is_long=is_long, is_last=is_last)))
        else:
            tag = "s" if kind == "quoted" else "u"
            parts.append(Html(f"<{tag}>{escape(shortened(piece, 200))}</{tag}>"))
    return Html(f"<blockquote>{''.join(parts)}</blockquote>")


def _fitting(blocks: Iterable[Html], total: Html) -> Blocks:
    """As many blocks as fit into a message, above a line of sum."""
    room = MESSAGE_UNITS - units(visible(total)) - _SPARE
    entities = MESSAGE_ENTITIES - 8
    fitting: list[Html] = []
    is_whole = True
    for block in blocks:
        room -= units(visible(block)) + 2
        entities -= block.count("</")
        if room < 0 or entities < 0:
            is_whole = False
            break
        fitting.append(block)
    return Blocks(joined([*fitting, total], "\n\n"), is_whole=is_whole)


def _verdict(check: QuotationCheck, texts: Texts) -> str:
    words = texts.checking
    match check.verdict:
        case "verbatim":
            return words.verbatim_other_script if check.other_script else words.verbatim
        case "altered":
            return words.altered_marked if check.is_marked else words.altered
    return words.not_found


def _beside(check: QuotationCheck, texts: Texts) -> Html:
    beside = check.beside
    if beside is None or beside.agrees is not False:
        return _NO_HTML
    cited = untapped(shortened(printable_line(beside.text), 120))
    if beside.document is False:
        return fill(texts.checking.cited_elsewhere, cited=cited)
    return fill(texts.checking.cited_other_pin, cited=cited, pin=check.pin or "")


def _sum(checks: Sequence[QuotationCheck], texts: Texts) -> Html:
    counts = Counter(check.verdict for check in checks)
    return fill(
        texts.checking.sum,
        count=len(checks),
        verbatim=counts["verbatim"],
        altered=counts["altered"],
        missing=counts["not found"],
    )


def most_of(text: str, *, is_long: bool, is_last: bool = False) -> str:
    """Words between differences; of a long quotation only those near to them."""
    if not is_long or len(text) <= 2 * _AROUND + 1:
        return text
    end = "" if is_last else text[-_AROUND:]
    return f"{text[:_AROUND]}…{end}"


def source_line(title: str | None, date: str | None, pin: str | None, citation: str) -> Html:
    """Where a sentence stands, on one line."""
    facts = [plain(title_of(fact)) for fact in (title, date, pin) if fact]
    return joined([*facts, code(citation)], " · ")


def title_of(text: str) -> str:
    """A title or a pin within the length that a list has for it."""
    return shortened(printable_line(text), 80)


def plain(text: str) -> Html:
    """A text in which Telegram finds no mention and no command."""
    return untapped(printable(text))
