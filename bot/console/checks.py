"""Checked quotations as lines: what differs is struck, and what the document says underlined."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.text import Text

from bot.console.terminal import count_noun, join_facts
from bot.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    at = 0
    for difference in check.differences:
        text.append(printable(check.quotation[at : difference.start]))
        if difference.quoted:
            text.append(printable(difference.quoted), QUOTED)
        if difference.original:
            text.append(printable(difference.original), ORIGINAL)
        at = difference.end
    text.append(printable(check.quotation[at:]))
    return text


def plain_compared(check: QuotationCheck) -> str:
    """The same for a pipe, where nothing is struck: `[-quoted-]{+original+}`, as in wdiff."""
    parts = []
    at = 0
    for difference in check.differences:
        parts.append(check.quotation[at : difference.start])
        parts.append(f"[-{difference.quoted}-]" if difference.quoted else "")
        parts.append(f"{{+{difference.original}+}}" if difference.original else "")
        at = difference.end
    return printable("".join([*parts, check.quotation[at:]]))


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
    told = ", ".join(
        f"{counts[verdict]} {verdict}"
        for verdict in ("verbatim", "altered", "not found")
        if counts[verdict]
    )
    wrong = sum(check.beside is not None and check.beside.agrees is False for check in checks)
    cited = f"; {count_noun(wrong, 'citation')} beside them wrong" if wrong else ""
    return f"{count_noun(len(checks), 'quotation')}: {told}{cited}"
