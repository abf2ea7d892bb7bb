"""Checked quotations as lines: what differs is struck, and what the document says underlined."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, cast

from rich.text import Text

from bot.console.terminal import count_noun, join_facts
from bot.printable import printable, printable_line
from corpus.language.scripts import HAN_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.quotations.check import QuotationCheck

QUOTED: Final = "strike red"
ORIGINAL: Final = "underline green"


def check_parts(
    check: QuotationCheck, number: int, *, is_terminal: bool = True
) -> list[Text | str]:
    """The verdict with the source, the quotation with its differences, and what else to know."""
    head = join_facts(f"{number}. {verdict_line(check)}", check.title, check.date, check.pin)
    compared = compared_text(check) if is_terminal else plain_compared(check)
    parts: list[Text | str] = [join_facts(head, check.citation), compared]
    if line := beside_line(check):
        parts.append(line)
    return parts


def asked_parts(check: QuotationCheck, *, is_terminal: bool = True) -> list[Text | str]:
    """What stands above the passage that a question nearly is: whether it is it, word for word."""
    if check.verdict == "verbatim":
        script = " in the other script" if check.other_script else ""
        return [f"This stands word for word{script} in:"]
    compared = compared_text(check) if is_terminal else plain_compared(check)
    return ["Careful, this differs from its source:", compared, ""]


def verdict_line(check: QuotationCheck) -> str:
    """The verdict in words, with what qualifies it."""
    if check.verdict == "altered" and check.is_marked:
        return "altered, as its brackets say"
    if check.other_script:
        return f"{check.verdict}, in the other script"
    return check.verdict


def compared_text(check: QuotationCheck) -> Text:
    """The quotation; in it, each difference is struck and followed by the original, underlined."""
    text = Text()
    for kind, piece in compared_pieces(check):
        text.append(printable(piece), {"quoted": QUOTED, "original": ORIGINAL}.get(kind))
    return text


def plain_compared(check: QuotationCheck) -> str:
    """The same for a pipe, where nothing is struck: `[-quoted-]{+original+}`, as in wdiff."""
    marks = {"quoted": "[-{}-]", "original": "{{+{}+}}"}
    pieces = compared_pieces(check, is_spaced=False)
    return printable("".join(marks.get(kind, "{}").format(piece) for kind, piece in pieces))


def compared_pieces(
    check: QuotationCheck, *, is_spaced: bool = True
) -> Iterator[tuple[Literal["same", "quoted", "original"], str]]:
    """The pieces of a quotation in order, what the document says behind what is quoted.

    `is_spaced`: words of spaced scripts are kept apart where nothing else does.
    """
    at, last = 0, ""
    for difference in check.differences:
        same = check.quotation[at : difference.start]
        for kind, piece in (("same", same), ("quoted", difference.quoted)):
            if piece:
                yield cast('Literal["same", "quoted"]', kind), piece
                last = piece[-1]
        if difference.original:
            if is_spaced and _touch(last, difference.original[0]):
                yield "same", " "
            yield "original", difference.original
            last = difference.original[-1]
        at = difference.end
        if is_spaced and difference.original and _touch(last, check.quotation[at : at + 1]):
            yield "same", " "
    if check.quotation[at:]:
        yield "same", check.quotation[at:]


def _touch(before: str, after: str) -> bool:
    """Whether two words would run into each other."""
    both = before + after
    return len(both) == 2 and both.isalnum() and not HAN_RUN.search(both)


def beside_line(check: QuotationCheck) -> str:
    """What is wrong with the citation beside a quotation; empty where nothing is."""
    beside = check.beside
    if beside is None or beside.agrees is not False:
        return ""
    cited = printable_line(beside.text)
    if beside.document is False:
        return f"It is cited as {cited}, which is not where it was found."
    return f"It is cited as {cited}, but stands at {printable_line(check.pin or '')}."


def sum_line(checks: Sequence[QuotationCheck]) -> str:
    """`3 quotations: 1 verbatim, 1 altered, 1 not found`."""
    counts = Counter(check.verdict for check in checks)
    counts_line = ", ".join(
        f"{counts[verdict]} {verdict}"
        for verdict in ("verbatim", "altered", "not found")
        if counts[verdict]
    )
    wrong = sum(check.beside is not None and check.beside.agrees is False for check in checks)
    cited = f"; {count_noun(wrong, 'citation')} beside them wrong" if wrong else ""
    return f"{count_noun(len(checks), 'quotation')}: {counts_line}{cited}"
