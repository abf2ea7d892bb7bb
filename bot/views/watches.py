"""The messages about watches: new passages that answer one, and the list of a chat's watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.views.markup import Html, bold, code, fill, joined, shortened
from bot.views.render import keep_rows, open_rows, quoted_passages, read_rows
from bot.views.view import Button, View
from index.answer import Hit
from index.answering.sentence import find_highlights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.records.digests import Hour
    from bot.records.watches import Watch
    from bot.texts.words import Texts
    from corpus.models import Source
    from index.engine.protocol import Query

SHOWN: Final = 5
"""The most passages in one message."""
QUESTION_UNITS: Final = 200
LISTED_UNITS: Final = 160
"""Units of a question in the list: twenty watches fit into one message."""
_ROW: Final = 5


@dataclass(frozen=True, slots=True)
class WatchNews:
    """A watch, and the numbers of the passages of a notice that answer it."""

    watch: Watch
    numbers: tuple[int, ...]


def notice_view(
    news: Sequence[WatchNews],
    hits: Sequence[Hit],
    texts: Texts,
    *,
    more: int = 0,
    digest: bool = False,
    changes: Sequence[Html] = (),
) -> View:
    """The new passages that answer the watches of a chat. `more`: the number of those not shown.

    `changes`: lines that say how their documents differ from the versions that they replaced.
    """
    wording = texts.watches
    stops = [
        Button(wording.stop_label.format(number=number), data=f"stop:{number}")
        for number in (entry.watch.number for entry in news)
    ]
    ends = tuple(tuple(stops[at : at + 2]) for at in range(0, len(stops), 2))
    after = joined([*changes, *([fill(wording.more, count=more)] if more else [])])
    rows = (*open_rows(hits, texts), *read_rows(hits, texts), *keep_rows(hits, texts), *ends)
    title = Html(_news_title(news, texts, digest=digest) + "\n\n")
    return View(quoted_passages(hits, texts, title, after), rows)


def _news_title(news: Sequence[WatchNews], texts: Texts, *, digest: bool) -> Html:
    """The watch that is answered; of several, a line each with the numbers of its passages."""
    wording = texts.watches
    if len(news) == 1:
        watch = news[0].watch
        template = wording.told_in_digest if digest else wording.told
        return fill(template, number=watch.number, question=question_of(watch))
    template = wording.told_several_in_digest if digest else wording.told_several
    lines = [fill(template, count=len(news))]
    for entry in news:
        shown = ", ".join(map(str, entry.numbers)) or "…"
        question = question_of(entry.watch, LISTED_UNITS)
        lines.append(
            fill(wording.told_line, number=entry.watch.number, question=question, passages=shown)
        )
    return joined(lines)


def hit_of(source: Source, query: Query, rank: int) -> Hit:
    """A passage as a hit, so that a notice shows it as an answer does."""
    passage = source.passage
    # A notice shows no score or confidence, so 0 stands for both below.
    spans = find_highlights(passage.text, query.telling_terms())
    return Hit(
        rank=rank,
        score=0.0,
        confidence=0.0,
        citation=passage.citation,
        document_id=passage.document_id,
        passage_id=passage.citation,
        matter=source.matter,
        title=passage.title,
        date=passage.date,
        pin=passage.pin,
        page=passage.page,
        recognition=passage.recognition,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        highlights=spans,
        matched=(),
    )


def watches_view(watches: Sequence[Watch], hour: Hour | None, texts: Texts) -> View:
    """The watches of a chat, the time of its digest, and a button to end each watch."""
    wording = texts.watches
    if not watches:
        return View(Html(wording.none))
    lines = [
        joined([bold(str(watch.number)), question_of(watch, LISTED_UNITS)], " · ")
        for watch in watches
    ]
    ends = [Button(f"🗑 {watch.number}", data=f"unwatch:{watch.number}") for watch in watches]
    rows = tuple(tuple(ends[at : at + _ROW]) for at in range(0, len(ends), _ROW))
    return View(joined([Html(wording.title), *lines, when(hour, texts, wording.digest_off)]), rows)


def when(hour: Hour | None, texts: Texts, at_once: str) -> Html:
    """The line that says when notices are sent."""
    if hour is None:
        return Html(at_once)
    return fill(texts.watches.digest_set, hour=hour.clock, offset=hour.offset)


def question_of(watch: Watch, room: int = QUESTION_UNITS) -> Html:
    """The question of a watch in monospace, where Telegram makes no mention or link of it."""
    return code(shortened(printable_line(watch.question), room))
