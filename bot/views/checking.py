"""Checked quotations, compared documents, dates, and one question to each, as messages."""

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
    from index.answer import EachAnswer, Hit
    from index.comparison import ComparedPair, ComparedUnit
    from index.quotations.check import QuotationCheck
    from index.timeline import DatedSentence, Timeline

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
        lines.append(_source(check.title, check.date, check.pin, check.citation))
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
            parts.append(_between(piece, is_long=is_long, is_last=number == len(pieces)))
        else:
            tag = "s" if kind == "quoted" else "u"
            parts.append(Html(f"<{tag}>{escape(shortened(piece, 200))}</{tag}>"))
    return Html(f"<blockquote>{''.join(parts)}</blockquote>")


def compare_blocks(pairs: Sequence[ComparedPair], texts: Texts) -> Blocks:
    """Each pair that is not the same, then their numbers."""
    changed = (_pair(pair, texts) for pair in pairs if pair.kind != "same")
    return _fitting(changed, _compared(pairs, texts))


def replaced_line(
    title: str, document_id: str, pairs: Sequence[ComparedPair], texts: Texts
) -> Html:
    """A line that says how a document differs from the version that it replaced."""
    return fill(
        texts.checking.replaced,
        title=_plain(_title(title)),
        compared=_compared(pairs, texts),
        document=document_id,
    )


def _compared(pairs: Sequence[ComparedPair], texts: Texts) -> Html:
    counts: Counter[str] = Counter(pair.kind for pair in pairs)
    kinds = ("changed", "added", "removed", "same")
    return fill(texts.checking.compared, **{kind: counts[kind] for kind in kinds})


def each_blocks(answer: EachAnswer, texts: Texts) -> Blocks:
    """A row for each document: its sentence and its source, or that nothing was found."""
    rows = [_each_row(hit) for hit in answer.hits]
    nothing = Html(texts.checking.nothing_found)
    rows += (
        joined([_plain(_title(document.title)), code(document.id), nothing], " · ")
        for document in answer.without
    )
    total = len(answer.hits) + len(answer.without)
    return _fitting(rows, fill(texts.checking.each_sum, count=len(answer.hits), total=total))


def timeline_blocks(timeline: Timeline, texts: Texts) -> Blocks:
    """A row for each date, and how many sentences name only a relative time."""
    if not timeline.rows and not timeline.undated:
        return Blocks(Html(texts.checking.no_dates), is_whole=True)
    total = [fill(texts.checking.timeline_sum, count=len(timeline.rows))]
    if timeline.undated:
        total.append(fill(texts.checking.undated, count=timeline.undated))
    return _fitting(map(_dated_row, timeline.rows), joined(total, " · "))


def file_text(blocks: Iterable[str]) -> bytes:
    """Blocks as a text file in UTF-8, with the mark that Windows' own editor looks for."""
    return "\n\n".join(printable(block) for block in blocks).encode("utf-8-sig")


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


def _pair(pair: ComparedPair, texts: Texts) -> Html:
    words = texts.checking
    template = {"changed": words.changed, "added": words.added, "removed": words.removed}[pair.kind]
    units_shown = [unit for unit in (pair.before, pair.after) if unit]
    lines = [fill(template, pin=_title(units_shown[-1].pin))]
    for side, unit in enumerate((pair.before, pair.after)):
        if unit:
            spans = [difference[2 * side : 2 * side + 2] for difference in pair.differences]
            lines.append(_side(unit, spans, "su"[side]))
    return joined(lines)


def _side(unit: ComparedUnit, spans: Sequence[Sequence[int]], tag: str) -> Html:
    parts, at = [], 0
    is_long = units(unit.text) > LONGEST_QUOTED
    for start, end in spans[:_MOST_DIFFERENCES]:
        parts.append(_between(unit.text[at:start], is_long=is_long))
        if end > start:
            parts.append(Html(f"<{tag}>{escape(shortened(unit.text[start:end], 200))}</{tag}>"))
        at = end
    parts.append(_between(unit.text[at:], is_long=is_long, is_last=True))
    return Html(f"<blockquote>{''.join(parts)}</blockquote>{code(unit.citation)}")


def _between(text: str, *, is_long: bool, is_last: bool = False) -> Html:
    """Words between differences; of a long quotation only those near to them."""
    if not is_long or len(text) <= 2 * _AROUND + 1:
        return _plain(text)
    end = "" if is_last else text[-_AROUND:]
    return _plain(f"{text[:_AROUND]}…{end}")


def _each_row(hit: Hit) -> Html:
    sentence = hit.text[slice(*hit.answer)] if hit.answer else hit.text
    quoted = _plain(shortened(printable_line(sentence), 300))
    return Html(f"{quoted}\n— {_source(hit.title, hit.date, hit.pin, hit.citation)}")


def _dated_row(row: DatedSentence) -> Html:
    date = f"{row.date} – {row.until}" if row.until else row.date
    sentence = _plain(shortened(printable_line(row.text), 300))
    source = _source(row.title, None, row.pin, row.citation)
    return Html(f"<b>{escape(date)}</b> {sentence}\n— {source}")


def _source(title: str | None, date: str | None, pin: str | None, citation: str) -> Html:
    facts = [_plain(_title(fact)) for fact in (title, date, pin) if fact]
    return joined([*facts, code(citation)], " · ")


def _title(text: str) -> str:
    return shortened(printable_line(text), 80)


def _plain(text: str) -> Html:
    """A text in which Telegram finds no mention and no command."""
    return untapped(printable(text))
