"""What comes back: hits with citations, or why not, with the nearest ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from corpus.models import DocumentRecord
from index.quotations.check import QuotationCheck

Evidence: TypeAlias = Literal["words", "meaning"]
# Codes and no sentences: each surface has its own words in three languages.
RefusalKind: TypeAlias = Literal[
    "nothing_asked",
    "no_question",
    "too_long",
    "only_common_words",
    "no_documents",
    "no_article",
    "no_evidence",
    "unsure",
    "no_more",
    "no_such_number",
]
QuestionKind: TypeAlias = Literal["question", "citation", "quotation", "greeting"]
"""What was sent: a question, a citation id alone, a text to be checked, or no question at all."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no passage answers. `unknown`: the words of the question that the documents lack.

    `article`: for `no_article`, the law, which is held, and the article's number.
    """

    kind: RefusalKind
    unknown: tuple[str, ...] = ()
    article: tuple[str, str] = ("", "")

    # English, for the command line and `--json`.
    def __str__(self) -> str:
        words = ", ".join(f'"{word}"' for word in self.unknown)
        law, number = self.article
        return {
            "nothing_asked": "nothing was asked: write a question in words",
            "no_question": "this asks nothing: write a question about the documents",
            "no_article": f"there is no article {number} in {law} as it is held here",
            "too_long": "the question is longer than 4,096 characters: ask in fewer",
            "only_common_words": "the question holds only common words: add a name or a term",
            "no_documents": "there are no documents to answer from: add some with 'pincite add'",
            "no_evidence": f"none of the documents mentions {words}"
            if words
            else "no passage holds any of the question's words",
            "no_more": "there is nothing more to show",
            "no_such_number": "the last answer shows no passage with this number",
            "unsure": "no passage answers this closely enough"
            + (f"; none of the documents mentions {words}" if words else ""),
        }[self.kind]


SURE, PROBABLE = 0.8, 0.4
"""Confidence as a word: above the first line nine in ten answers are right, above the second more
than half."""
Certainty: TypeAlias = Literal["sure", "probable", "nearest"]


@dataclass(frozen=True, slots=True)
class SamePassage:
    """A passage that says the same as a hit, and is not shown for that."""

    citation: str
    title: str
    pin: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that shares evidence with the question, and its citation.

    `highlights` are `(start, end)` from the passage's own start, sorted, not overlapping.
    `confidence` in [0, 1]: how likely the passage answers. `matter`: one through which it is seen.
    `answer`: the sentence that answers, from the passage's own start; None where nothing was asked.
    `value`: within it, the one figure, date or name that the question asks for.
    """

    rank: int
    score: float
    confidence: float
    citation: str
    document_id: str
    passage_id: str
    matter: str
    title: str
    date: str | None
    pin: str
    page: int | None
    start: int
    end: int
    text: str
    highlights: tuple[tuple[int, int], ...]
    matched: tuple[str, ...]
    answer: tuple[int, int] | None = None
    value: tuple[int, int] | None = None
    evidence: Evidence = "words"
    """What the question shares with it: words, be it in translation, or its meaning alone."""
    recognition: int | None = None
    """How sure the OCR is of its words, in per cent; None where they were typed or surely read."""
    also: tuple[SamePassage, ...] = ()
    """Where the same is said: the other contracts that have a clause, the other copy of a file."""

    @property
    def certainty(self) -> Certainty:
        """What people are told in place of the number, which would seem exact."""
        if self.confidence >= SURE:
            return "sure"
        return "probable" if self.confidence >= PROBABLE else "nearest"


@dataclass(frozen=True, slots=True)
class Within:
    """What an answer was limited to: documents by id and title, and the words that named them.

    `words` is empty where the person chose the documents outright.
    """

    documents: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits, best first; when `refusal` is set they are only the nearest passages."""

    question: str
    hits: tuple[Hit, ...]
    took_ms: float
    refusal: Refusal | None = None
    more: bool = False
    """Whether further hits follow the last one shown."""
    understood_as: str | None = None
    """A follow-up together with what it was taken to be about; None for any other question."""

    kind: QuestionKind = "question"
    within: Within | None = None
    quotation: QuotationCheck | None = None
    """For a text that is nearly a passage: what it is found to quote, and where it differs."""

    @property
    def answered(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class EachAnswer:
    """One hit for each document that answers, the surest first, and the documents without one."""

    question: str
    hits: tuple[Hit, ...]
    without: tuple[DocumentRecord, ...]
    took_ms: float
