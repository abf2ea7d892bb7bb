"""Answers become messages: markup within Telegram's limits, with buttons below it.

The module does not import Telegram's library, so that messages can be tested and drawn without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.printable import printable_line
from bot.views.checking import asked_head
from bot.views.markup import (
    CALLBACK_BYTES,
    COPY_UNITS,
    MESSAGE_ENTITIES,
    MESSAGE_UNITS,
    Html,
    bold,
    code,
    escape,
    fill,
    joined,
    shares,
    shortened,
    units,
    visible,
)
from bot.views.quotation import (
    ELLIPSIS,
    THREE_LINES,
    excerpt,
    marked_up,
    on_one_line,
    quotation,
    untapped,
    wanted_entities,
)
from bot.views.signs import readable
from bot.views.view import Button, Rows, View, in_rows
from corpus.language.lengths import columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.texts.words import Texts
    from corpus.models import PassageRecord
    from index.answer import Answer, Hit, Refusal, Within

TITLE_UNITS: Final = 160
FACT_UNITS: Final = 80
MATTER_UNITS: Final = 24
REASON_UNITS: Final = 200
_SPARE: Final = 8
"""Units reserved for the line ends and ellipses around each part of a message."""
_BUTTONS_A_ROW: Final = 4
NO_HTML: Final = Html()
PHONE_COLUMNS: Final = 38
"""Columns of a line on a phone: 38 Latin characters or 19 Han ones."""
ANSWER_COLUMNS: Final = 4 * PHONE_COLUMNS
"""Columns of the answering sentence."""
TITLE_COLUMNS: Final = 2 * PHONE_COLUMNS
"""Columns of a line above the answer, which takes the place of lines of the answer."""
ANSWER_TITLE: Final = 30
LINE_COLUMNS: Final = 38
LINE_TITLE: Final = 14
"""Columns of the title of the first passage, and of sentence and title of each further one: with
date, pin and id a source takes two lines, and a further passage two or three."""
_LABEL_COLUMNS: Final = 16
"""Columns of `Understood as:` and its kind, and of what Telegram wraps."""
_SENTENCE_ENTITIES: Final = 12
_LINE_ENTITIES: Final = 4
_SOURCE_ENTITIES: Final = 4
"""Entities of the sentence of the first passage, of each further one, and of a source: names of
files and links in them count as well."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the hits of a question: `size` hits after the first `skip`."""

    token: str
    """The random key of the question, carried by the buttons."""
    size: int
    skip: int = 0
    limited: bool = True
    """Whether only what the question names is searched."""
    several: bool = False
    """Whether several matters were asked, so that each passage says of which it is."""
    links: Mapping[str, str] = field(default_factory=dict)
    """By document id: the message of this chat that brought the document."""

    @property
    def verb(self) -> str:
        """What the callback data of its buttons begins with."""
        return "more" if self.limited else "all"


def answer_view(answer: Answer, texts: Texts, page: Page) -> View:
    """The passages of an answer, or a sentence that says why there are none."""
    if answer.refusal:
        nearest = Button(texts.nearest_label, data=f"near:{page.token}:0")
        rows: Rows = ((nearest,),) if answer.hits else ()
        rows += _everywhere_rows(answer, texts, page)
        sentence = refusal_sentence(answer.refusal, texts)
        return View(Html(_understood(answer, texts) + sentence), rows)
    title = _understood(answer, texts)
    if answer.quotation:
        title = asked_head(answer.quotation, texts)
    html = answering_passages(answer.hits, texts, title, page)
    return View(html, _answer_rows(answer, texts, page.verb, page))


def nearest_view(answer: Answer, texts: Texts, page: Page) -> View:
    """The nearest passages to a question that no passage answers."""
    title = Html(f"<i>{texts.nearest_title}</i>\n\n") if answer.refusal else Html()
    title = Html(_understood(answer, texts) + title)
    html = answering_passages(answer.hits, texts, title, page)
    return View(html, _answer_rows(answer, texts, "near", page))


def refusal_sentence(refusal: Refusal, texts: Texts) -> Html:
    """One sentence that says why no passage answers."""
    quoted = [texts.looked_for.format(word=word) for word in refusal.unknown]
    words = untapped(shortened(printable_line(", ".join(quoted)), 4 * FACT_UNITS))
    sentences = {
        "nothing_asked": texts.nothing_asked,
        "only_common_words": texts.only_common_words,
        "no_question": texts.no_question,
        "no_article": texts.no_article,
        "no_documents": texts.no_documents,
        "no_evidence": texts.no_evidence_of if words else texts.no_evidence,
        "unsure": texts.unsure_of if words else texts.unsure,
    }
    law, number = (escape(shortened(part, FACT_UNITS)) for part in refusal.article)
    return fill(sentences[refusal.kind], words=words, law=law, number=number)


def copied_citations(hits: Sequence[Hit]) -> str:
    """One line for each hit (title, date, pin, id). All lines fit into one copy button."""
    room = (COPY_UNITS - len(hits) + 1) // max(1, len(hits))
    return "\n".join(_citation_line(hit, room) for hit in hits)


# -- the passages of an answer -------------------------------------------------------------------


def answering_passages(
    hits: Sequence[Hit], texts: Texts, title: Html = NO_HTML, page: Page | None = None
) -> Html:
    """The best sentence, its source, its passage folded, and a line for each further passage.

    A phone shows three lines of a folded quotation, which seldom hold the answer: the sentence
    stands above it, and the whole answer with its buttons fits on one screen.
    """
    if not hits:
        return title
    first, *further = map(readable, hits)
    page = page or Page("", len(hits))
    is_full = len(further) > 1
    lines = [_sentence_line(hit, texts, page, is_full=is_full) for hit in further]
    width = ANSWER_COLUMNS - (PHONE_COLUMNS if title else 0)
    if is_full and not _is_whole(first, width):
        # Lines above the answer take the place of its own, and so do the names of matters.
        lines_lost = _lines_of(title) + page.several
        width = max(TITLE_COLUMNS, ANSWER_COLUMNS - PHONE_COLUMNS * lines_lost)
    answering = _sentence(first, width, _SENTENCE_ENTITIES, is_bold=True)
    source = _source_line(first, texts, page)
    tail = [NO_HTML, *lines] if lines else []
    occupied = units(visible(joined([title, answering, source, *tail]))) + _SPARE
    parts = [answering, source]
    if not _is_whole(first, width):
        marks = [first.answer] if first.answer else first.highlights
        parts.append(
            quotation(
                first.text,
                marks,
                room=MESSAGE_UNITS - occupied,
                entities=MESSAGE_ENTITIES
                - _SENTENCE_ENTITIES
                - 2 * _SOURCE_ENTITIES
                - (_LINE_ENTITIES + _SOURCE_ENTITIES) * len(further)
                - len(page.links),
                longest=THREE_LINES,
                value=first.value,
            )
        )
    return Html(title + joined([*parts, *tail]))


def _lines_of(title: Html) -> int:
    """The lines that a text takes on a phone."""
    lines = visible(title).strip().splitlines()
    return sum(-(-columns(line) // PHONE_COLUMNS) for line in lines)


def _is_whole(hit: Hit, width: int) -> bool:
    """Whether the sentence shown is the whole passage, so that there is no more to unfold."""
    span = hit.answer or (0, len(hit.text))
    visible_text = hit.text[slice(*excerpt(hit.text, span, width, hit.value))]
    return visible_text.strip() == hit.text.strip()


def _sentence(hit: Hit, width: int, entities: int, *, is_bold: bool) -> Html:
    """What answers, verbatim on one line, cut to `width` columns with `…` where it goes on."""
    span = hit.answer or (0, len(hit.text))
    start, end = excerpt(hit.text, span, width, hit.value)
    text = on_one_line(hit.text[start:end])
    value = hit.value if hit.value and start <= hit.value[0] and hit.value[1] <= end else None
    marked = marked_up(
        text,
        [(0, len(text))] if is_bold else [],
        entities,
        (value[0] - start, value[1] - start) if value and is_bold else None,
    )
    before = ELLIPSIS if hit.text[span[0] : start].strip() else ""
    after = ELLIPSIS if hit.text[end : span[1]].strip() else ""
    return Html(f"{before}{marked}{after}")


def _source_line(hit: Hit, texts: Texts, page: Page) -> Html:
    """Number, title, date, pin and id of a passage, and how sure it answers, on one line."""
    title = title_line(_narrowed(hit.title, ANSWER_TITLE), is_bold=False)
    facts = facts_line(hit.date, hit.pin, page_fact(hit, texts))
    certainty = Html(escape(certainty_word(hit, texts)))
    where = _where(hit, page)
    return joined(
        [Html(str(hit.rank)), title, *facts, code(hit.citation), *where, certainty,
         *_elsewhere(hit, texts, ANSWER_TITLE)], " · "
    )  # fmt: skip


def _where(hit: Hit, page: Page) -> list[Html]:
    """The matter of a passage, where several are asked, and the message that brought it."""
    link = page.links.get(hit.document_id)
    matter = escape(f"🗂 {shortened(printable_line(hit.matter), MATTER_UNITS)}")
    return [
        *([matter] if page.several and hit.matter else []),
        *([Html(f'<a href="{link}">📎</a>')] if link else []),
    ]


def certainty_word(hit: Hit, texts: Texts) -> str:
    """How sure it is that a passage answers: sure, probable, or the nearest that was found."""
    return {
        "sure": texts.sure,
        "probable": texts.probable,
        "nearest": texts.nearest_found,
    }[hit.certainty]


def _narrowed(title: str, width: int) -> str:
    """A title within `width` columns of a phone."""
    line = printable_line(title)
    if columns(line) <= width:
        return line
    end = len(line)
    while end and columns(line[:end]) > width - len(ELLIPSIS):
        end -= 1
    return line[:end].rstrip() + ELLIPSIS


def _sentence_line(hit: Hit, texts: Texts, page: Page, *, is_full: bool) -> Html:
    """A further passage on one line: its number, its sentence, and where that stands.

    `is_full`: the screen has no room for a longer line.
    """
    where = _where(hit, page)
    # The name of a matter takes the place of words: the line stays as long.
    occupied = columns(visible(joined([NO_HTML, *where], " · "))) if is_full else 0
    width = max(LINE_COLUMNS // 2, LINE_COLUMNS - occupied)
    sentence = _sentence(hit, width, _LINE_ENTITIES, is_bold=False)
    title = title_line(_narrowed(hit.title, LINE_TITLE), is_bold=False)
    facts = facts_line(hit.pin, page_fact(hit, texts))
    source = joined([title, *facts, code(hit.citation), *where], " · ")
    return Html(f"{hit.rank} · {sentence} — {source}")


def quoted_passages(
    hits: Sequence[Hit],
    texts: Texts,
    title: Html,
    foot: Html = NO_HTML,
    *,
    numbered: bool = True,
) -> Html:
    """The passages as quotations in one message, each with its heading and its citation."""
    hits = [readable(hit) for hit in hits]
    room_for_titles = min(TITLE_UNITS, MESSAGE_UNITS // 3 // max(1, len(hits)))
    heads = [_head(hit, texts, room_for_titles, numbered=numbered) for hit in hits]
    ends = [code(hit.citation) for hit in hits]
    occupied = units(visible(title + foot)) + sum(
        units(visible(head)) + units(visible(end)) + _SPARE
        for head, end in zip(heads, ends, strict=True)
    )
    rooms = shares(MESSAGE_UNITS - occupied, [units(hit.text) + 2 for hit in hits])
    marks = [[hit.answer] if hit.answer else hit.highlights for hit in hits]
    entities_wanted = [
        wanted_entities(hit.text, spans) + (hit.value is not None)
        for hit, spans in zip(hits, marks, strict=True)
    ]
    # The heading of a passage takes up to three entities, and its citation id one.
    entities = shares(MESSAGE_ENTITIES - 2 - 4 * len(hits), entities_wanted)
    quoted = [
        quotation(hit.text, spans, room=room, entities=count, value=hit.value)
        for hit, spans, room, count in zip(hits, marks, rooms, entities, strict=True)
    ]
    blocks = [joined(list(parts)) for parts in zip(heads, quoted, ends, strict=True)]
    return Html(title + joined(blocks + ([foot] if foot else []), "\n\n"))


def _understood(answer: Answer, texts: Texts) -> Html:
    """Lines that say how a follow-up question was understood, and where was looked."""
    lines = []
    if answer.understood_as is not None:
        # A mention in the question must not call the person again.
        question = untapped(_narrowed(answer.understood_as, TITLE_COLUMNS - _LABEL_COLUMNS))
        lines.append(fill(texts.understood, question=question))
    if answer.within:
        lines.append(fill(texts.looked_in, titles=_titles(answer.within)))
    # In italics above the bold sentence: an empty line between them is one too many for a screen.
    return Html(f"<i>{joined(lines)}</i>\n") if lines else Html()


def _titles(within: Within) -> Html:
    """The titles of the documents that were looked in; of many, the first few."""
    titles = [title for _, title in within.documents]
    shown = titles[:3]
    # Three columns are for what stands between two titles.
    width = (TITLE_COLUMNS - _LABEL_COLUMNS) // len(shown) - 3 if shown else 0
    names = [untapped(_narrowed(title, width)) for title in shown]
    return joined([*names, *([Html("…")] if len(titles) > 3 else [])], " · ")


def _everywhere_rows(answer: Answer, texts: Texts, page: Page) -> Rows:
    """The button that takes the limit to what the question names away."""
    if not answer.within or not answer.within.words:
        return ()
    return ((Button(texts.everywhere_label, data=f"all:{page.token}:0"),),)


def _head(hit: Hit, texts: Texts, room: int, *, numbered: bool) -> Html:
    facts = facts_line(hit.date, hit.pin, page_fact(hit, texts))
    title = title_line(hit.title, room, f"{hit.rank} · " if numbered else "")
    return joined([title, *facts, *_elsewhere(hit, texts, FACT_UNITS)])


def _elsewhere(hit: Hit, texts: Texts, room: int) -> list[Html]:
    """The other documents that say the same; one in the hit's own document is told by its pin."""
    places = (same.pin if same.title == hit.title else same.title for same in hit.also)
    titles = ", ".join(dict.fromkeys(places))
    # A title may hold what Telegram would make a link of.
    line = texts.also_in.format(titles=titles)
    return [title_line(_narrowed(line, room), is_bold=False)] if titles else []


def title_line(
    title: str, room: int = TITLE_UNITS, number: str = "", *, is_bold: bool = True
) -> Html:
    """A title in bold, or in monospace where Telegram would make it a link or a mention."""
    title = shortened(printable_line(title), room)
    if wanted_entities(title, ()) == 1:
        return bold(number + title) if is_bold else escape(number + title)
    return Html((bold(number) if number else "") + code(title))


def page_fact(passage: Hit | PassageRecord, texts: Texts) -> str:
    """The page, and how surely it was read where that is in doubt; a pin may name it already."""
    page = passage.page
    named = page is None or str(page) in passage.pin
    parts = [] if named else [texts.page.format(page=page)]
    if passage.recognition is not None:
        parts.append(texts.scan.format(percent=passage.recognition))
    return ", ".join(parts)


def facts_line(*facts: str | None) -> list[Html]:
    """One line with the facts that are known, or no line at all."""
    escaped = [escape(shortened(printable_line(fact), FACT_UNITS)) for fact in facts if fact]
    return [joined(escaped, " · ")] if escaped else []


def open_data(hit: Hit) -> str:
    """The callback data that opens a passage, with the span of its sentence to be marked."""
    data = f"open:{hit.citation}"
    marked = f"{data}:{hit.answer[0]}:{hit.answer[1]}" if hit.answer else data
    return marked if len(marked) <= CALLBACK_BYTES else data


def open_rows(hits: Sequence[Hit], texts: Texts) -> Rows:
    """A button for each hit that opens its source."""
    label = texts.open_label
    opens = [Button(label.format(number=hit.rank), data=open_data(hit)) for hit in hits]
    return in_rows(opens, _BUTTONS_A_ROW)


def read_rows(hits: Sequence[Hit], texts: Texts) -> Rows:
    """A button for each hit that opens it in the reader, where there is one."""
    label = texts.reader.label
    reads = [Button(label.format(number=hit.rank).strip(), read=hit.citation) for hit in hits]
    return in_rows(reads, _BUTTONS_A_ROW)


def keep_rows(hits: Sequence[Hit], texts: Texts) -> Rows:
    """A button for each hit that keeps it for its matter."""
    label = texts.memos.keep_number_label
    keeps = [Button(label.format(number=hit.rank), data=f"keep:{hit.citation}") for hit in hits]
    return in_rows(keeps, _BUTTONS_A_ROW)


def _answer_rows(answer: Answer, texts: Texts, verb: str, page: Page) -> Rows:
    previous, following = max(0, page.skip - page.size), page.skip + page.size
    paging = [Button(texts.back_label, data=f"{verb}:{page.token}:{previous}")] if page.skip else []
    paging += (
        [Button(texts.more_label, data=f"{verb}:{page.token}:{following}")] if answer.more else []
    )
    paging += [Button(texts.copy_label, copy=copied_citations(answer.hits))]
    skip = f":{page.skip}" if page.skip else ""
    judging = (
        Button(texts.useful_label, data=f"judge:{page.token}:1{skip}"),
        Button(texts.not_useful_label, data=f"judge:{page.token}:0{skip}"),
    )
    everywhere = _everywhere_rows(answer, texts, page)
    reading, keeping = read_rows(answer.hits, texts), keep_rows(answer.hits, texts)
    opening = (*open_rows(answer.hits, texts), *reading, *keeping)
    # One row for both: the answer with all its buttons fits on a phone's screen.
    paging += [button for row in everywhere for button in row]
    return (*opening, tuple(paging), judging)


def _citation_line(hit: Hit, room: int) -> str:
    facts = ", ".join(["", *filter(None, (hit.date, hit.pin))]) + f" [{hit.citation}]"
    title = shortened(printable_line(hit.title), max(1, room - units(facts)))
    return shortened(title + facts, room)
