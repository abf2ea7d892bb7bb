"""Answers and sources as lines for a terminal or a pipe. On a terminal, matched words are bold.

A passage is printed as it stands in its document, except that control and bidirectional
characters are replaced. Output into a pipe is not wrapped, indented or coloured.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from bot.printable import printable, printable_line
from bot.texts.reason_sentences import english_sentence
from corpus.citing.styles import STYLES
from corpus.references import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.citing.styles import CiteAs
    from corpus.models import PassageRecord, Source
    from corpus.references import Reference
    from index.answer import Answer, Hit, Within

HIGHLIGHT = "bold"
NEAREST = "The nearest passages:"
TITLES_SHOWN: Final = 3
MOST_PLACES: Final = 12
"""References of a passage that are listed below it."""
"""Titles of the documents that an answer is limited to; the others are counted."""


def open_terminal() -> Console:
    """A console over standard output that does not interpret markup in the text."""
    return Console(
        # A passage may hold `[bold]` or `:smile:`, which must be printed as they are.
        file=sys.stdout,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def print_parts(terminal: Console, *parts: Text | str) -> None:
    """Print the parts, one a line, and flush: a program that reads the pipe may wait for them."""
    for part in parts:
        if terminal.is_terminal:
            terminal.print(part, soft_wrap=True)
        else:
            terminal.file.write(f"{part}\n")
    terminal.file.flush()


def print_error(message: str) -> None:
    """Print a message on standard error, always as one line."""
    print(f"pincite: {printable_line(message)}", file=sys.stderr, flush=True)


def decode_argument(text: str) -> str:
    """Clean an argument of the command line: undecodable bytes become U+FFFD."""
    # Python decodes the command line with surrogates, which no UTF-8 output accepts.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def printable_path(path: str | os.PathLike[str]) -> str:
    """A path as one printable line, with undecodable bytes as U+FFFD."""
    return printable_line(os.fsencode(path).decode("utf-8", "replace"))


def answer_parts(answer: Answer) -> list[Text | str]:
    """The lines of an answer, or of a refusal with its nearest passages.

    The first lines say how a follow-up question was understood and where was looked.
    """
    parts: list[Text | str] = []
    if answer.understood_as:
        parts.append(f"Understood as: {printable_line(answer.understood_as)}")
    if answer.within:
        parts.append(within_line(answer.within))
    if answer.refusal is not None:
        parts.append(as_sentence(str(answer.refusal)))
        parts += ["", NEAREST] if answer.hits else []
    for hit in answer.hits:
        parts += [""] if parts else []
        line = f"{hit.rank}. {hit_line(hit)}"
        # The number would seem exact: a word says as much as it means.
        parts += [join_facts(line, certainty_word(hit)) if hit.rank == 1 else line]
        parts += passage_parts(hit)
    return parts


def within_line(within: Within) -> str:
    """`Looked in …`: what an answer was limited to, in one line."""
    titles = [printable_line(title) for _, title in within.documents[:TITLES_SHOWN]]
    more = len(within.documents) - len(titles)
    return f"Looked in {', '.join(titles)}{f' and {more} more' if more else ''}"


def certainty_word(hit: Hit) -> str:
    """How sure it is that a passage answers."""
    return {"sure": "sure", "probable": "probable", "nearest": "nearest found"}[hit.certainty]


def hit_line(hit: Hit) -> str:
    """`title · date · pin · citation`, without the fields that are unknown."""
    return join_facts(hit.title, hit.date, hit.pin, hit.citation)


def join_facts(*facts: str | None) -> str:
    """The facts that are not empty, joined on one printable line."""
    return " · ".join(printable_line(fact) for fact in facts if fact)


def passage_parts(hit: Hit, style: str = HIGHLIGHT) -> list[Text]:
    """The sentence that answers, then the whole passage verbatim with that sentence marked.

    A passage that is that sentence stands once.
    """
    passage = passage_text(hit, style)
    if hit.answer is None or hit.text[slice(*hit.answer)] == hit.text.strip():
        return [passage]
    return [passage[slice(*hit.answer)], passage]


def passage_text(hit: Hit, style: str = HIGHLIGHT) -> Text:
    """The passage verbatim, what answers in the given style and the value asked for underlined."""
    text = Text(printable(hit.text))
    for start, end in [hit.answer] if hit.answer else hit.highlights:
        text.stylize(style, start, end)
    if hit.value:
        text.stylize("underline", *hit.value)
    return text


def count_noun(number: int, noun: str) -> str:
    """A number with its noun: `1 passage`, `2 passages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_sentence(reason: str) -> str:
    """A reason as a sentence: with a capital letter and a full stop."""
    return f"{printable_line(reason[:1].upper() + reason[1:])}."


def source_parts(
    source: Source, cite_as: CiteAs, references: Sequence[Reference] = ()
) -> list[Text | str]:
    """A passage between its neighbours, then everything known about its document."""
    passage = source.passage
    parts: list[Text | str] = [
        Text(
            join_facts(passage.title, passage.date, passage.pin, passage.citation), style=HIGHLIGHT
        )
    ]
    for neighbour in source.before:
        parts += ["", neighbour_text(neighbour)]
    parts += ["", Text(printable(passage.text), style=HIGHLIGHT)]
    for neighbour in source.after:
        parts += ["", neighbour_text(neighbour)]
    facts = document_facts(source, cite_as, references)
    return [*parts, "", *(f"{name}: {value}" for name, value in facts)]


def neighbour_text(passage: PassageRecord) -> Text:
    """A neighbouring passage, after its own citation."""
    return Text(f"[{passage.citation}] {printable(passage.text)}", style="dim")


def document_facts(
    source: Source, cite_as: CiteAs, references: Sequence[Reference] = ()
) -> list[tuple[str, str]]:
    """The known facts of a document as names and values, the most useful first."""
    document = source.document
    leads = places(source.passage, references)[:MOST_PLACES]
    facts = (
        ("refers to", "; ".join(f"{words} [{citation}]" for words, citation in leads)),
        ("document", document.id),
        ("superseded by", document.superseded_by),
        ("not read", english_sentence(document.note) if document.note else None),
        ("publisher", document.publisher),
        ("url", document.url),
        ("language", document.language),
        ("matters", ", ".join(document.matters)),
        ("added", document.added),
        ("sha256", document.sha256),
        *(
            ("cite as" if style.name == "plain" else style.label, cite_as[style.name])
            for style in STYLES
        ),
    )
    return [(name, printable_line(value)) for name, value in facts if value]
