"""Which sentence of a passage answers, and which figure, date or name in it was asked for.

A linear model over a few signals of each sentence: the question's words that it holds, how near it
comes in meaning, whether it shows the kind of answer that is expected, what the sentence before it
holds, and what it is. The weights are fitted by hand-judged questions (docs/retrieval.md).

The parts of a passage that can answer are its sentences and the items of its lists.
Hard-wrapped lines are one sentence. A heading answers nothing, so it is told apart. An item of a
list is read with the line that introduces it, without which it says too little.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.language.lengths import MAX_WEIGHT, Span, weight
from corpus.language.sentences import find_sentences
from corpus.splitting.paragraphs import Paragraph, find_lines, join_lines
from index.answering.values import find_value
from index.engine.protocol import Floats, Ranking
from index.query.asking import ANSWER_KINDS
from index.query.question import ParsedQuestion
from index.reranking.features.evidence import WeighedQuestion, weigh_question
from index.reranking.features.text import best_coverage, longest_run
from index.semantic.search import SemanticScore, passage_sentences
from index.text.analyzer import BIGRAM, analyze
from index.text.normalize import fold


def find_highlights(
    text: str, terms: Collection[str], phonetic: Iterable[Span] = ()
) -> tuple[Span, ...]:
    """Spans of `text` that say one of the `terms`: sorted, disjoint, never blank.

    `phonetic`: spans that say a name by its sound, which are shown as well.
    """
    tokens = [token for token in analyze(text) if token.term in terms]
    # Pairs of characters match by accident too: they are shown only where no word matches.
    words = [token for token in tokens if not token.term.startswith(BIGRAM)]
    spans = [*phonetic, *((token.start, token.end) for token in words or tokens)]
    return tuple(span for span in _merged(spans) if text[slice(*span)].strip())


def surfaces(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    """What the spans of a text say, each once."""
    return tuple(dict.fromkeys(text[start:end] for start, end in spans))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping and touching spans made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


JOINED = 600
"""Parts of a sentence that semicolons divide stay together up to this weight, 120 Han characters:
apart they lose their subject, and more of them no longer point at an answer."""
FRAGMENT = 20
"""What is lighter than 4 Han characters, such as the number of a paragraph, is no part."""
HEADING = 300
"""No heading is heavier: 60 Han characters, 150 Latin ones."""

_SEMICOLON = re.compile(r"[；;]\W*\Z")
_CLOSED = re.compile(r"[。！？；：.!?;:…]\W{0,3}\Z")
_INTRODUCES = re.compile(r"[：:][\s—–-]{0,3}\Z")
_NUMBERED = re.compile(
    r"\s{0,40}(?:第\S{1,8}[編编章節节條条款項项目]|[（(]?[\dA-Za-z一二三四五六七八九十]{1,4}[)）.、．]|#{1,6}\s"
    r"|(?:article|section|part|chapter)\s{1,8}[\dIVX.]{1,8}){1,8}",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\d|[:：]\s{0,8}\S|[元圆圓年月日]|[审審]\s{0,8}判\s{0,8}[长長员員]|法\s{0,8}官|[书書]\s{0,8}[记記]|[告訴诉理護护]\s{0,8}人|[原被]\s{0,8}告"
)


@dataclass(frozen=True, slots=True)
class PassagePart:
    """A part of a passage's text, `[start, end)`.

    `introduction`: for an item of a list the line that introduces it.
    """

    start: int
    end: int
    is_heading: bool = False
    introduction: Span | None = None

    @property
    def span(self) -> Span:
        """Where it stands in the passage."""
        return self.start, self.end


def find_parts(text: str) -> list[PassagePart]:
    """The parts of a passage in order; none where it is blank."""
    paragraphs = join_lines(text, find_lines(text), alone=frozenset(), openings=frozenset())
    parts: list[PassagePart] = []
    introduction: Span | None = None
    for number, paragraph in enumerate(paragraphs):
        spans = list(_joined(text, find_sentences(text, paragraph.start, paragraph.end)))
        # A list ends at the first paragraph that is no item.
        introduction = introduction if paragraph.marker or _is_item(text, paragraph) else None
        heading = _is_heading(text, paragraphs, number)
        parts += [PassagePart(*span, heading, introduction) for span in spans]
        if spans and _INTRODUCES.search(text, *spans[-1]):
            introduction = spans[-1]
    return parts


def introduces(text: str, span: Span) -> bool:
    """Whether a span ends with the colon that announces a list."""
    return _INTRODUCES.search(text, *span) is not None


def _joined(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Spans, fragments joined to what follows and short parts of one sentence to each other."""
    begun: Span | None = None
    for start, end in spans:
        if begun is not None:
            size = weight(text[begun[0] : end])
            is_fragment = weight(text[slice(*begun)]) < FRAGMENT
            goes_on = size <= JOINED and _SEMICOLON.search(text, *begun)
            if (is_fragment or goes_on) and size <= MAX_WEIGHT:
                begun = begun[0], end
                continue
            yield begun
        begun = start, end
    if begun is not None:
        yield begun


def _is_item(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph without a marker that is known is an item by how it ends."""
    return _SEMICOLON.search(text, paragraph.start, paragraph.end) is not None


def _is_heading(text: str, paragraphs: Sequence[Paragraph], number: int) -> bool:
    """Whether a paragraph only names what follows it.

    A line that gives a value, such as the day of a judgment or a party, is none, nor is the last
    one, which has nothing to name.
    """
    paragraph = paragraphs[number]
    words = text[paragraph.start : paragraph.end]
    if number + 1 == len(paragraphs) or weight(words) > HEADING or _CLOSED.search(words):
        return False
    return not _VALUE.search(_NUMBERED.sub("", words))


MOST_PARTS = 64
"""Units of a passage that are compared; what follows them is a list or a table without end."""
LISTED = 1_000
"""Items follow the line that introduces them, where it is what answers, up to this weight."""
RUN_CHARACTERS = 100
"""Characters of the question in which shared runs are looked for, as this is done by sentence."""

WEIGHTS: Mapping[str, float] = {
    "words": 4.5,
    "pairs": 2.0,
    "near": 2.0,
    "run": 2.0,
    "before": 0.7,
    "asked_before": 7.0,
    "meaning": 7.0,
    "kind": 1.0,
    "value": 0.8,
    "decides": 0.8,
    "heading": -20.0,
    "asks": -6.0,
    "length": 0.5,
}
"""The model: what each signal adds to the score of a sentence."""

_ASKS = re.compile(r"[?？]\W{0,3}\Z")
_OUTCOME = re.compile(
    r"怎么[判断]|如何[判断]|怎样判|结果|输赢|[胜输赢]诉?|改判|逆转|推翻|撤销|维持|驳回|为什么|为何"
    r"|何以|理由|点解|认为"
    r"|\b(?:outcome|result|decided?|decision|revers|overturn|uphold|upheld|affirm|dismiss|hold"
    r"|held|why|rul(?:ed?|ing))"
)
_DECIDES = re.compile(
    r"本院(?:认为|审查|经审)|法院认为|判决如下|裁定如下|主文|综上|撤销|驳回|维持|予以支持|不予支持"
    r"|应予|判处|不能成立|据此|因此|故"
    r"|\b(?:we (?:hold|conclude|affirm|reverse|vacate|reject|would)|it is (?:so )?ordered|affirmed"
    r"|reversed|vacated"
    r"|dismissed|allowed|therefore|accordingly|because|for (?:these|the|four|three"
    r"|two) (?:\w+ )?reasons)\b"
)


@dataclass(frozen=True, slots=True)
class AnsweringSpan:
    """The part of a passage that answers, and in it the one value that was asked for, if any.

    Both are counted from the passage's own start.
    """

    answer: Span
    value: Span | None = None


@dataclass(frozen=True, slots=True)
class SentenceCosines:
    """How near sentences of a passage, `spans` of its text, come to the question in meaning."""

    spans: Sequence[Span]
    cosines: Floats

    @classmethod
    def of_passage(cls, text: str, score: SemanticScore | None) -> SentenceCosines | None:
        """What is known of a passage's sentences; None while it has no vectors."""
        if score is None or score.by_sentence is None:
            return None
        spans = passage_sentences(text)
        # Rounded, so that every store of vectors gives the same answer.
        cosines = score.by_sentence.astype(np.float64).round(5)
        return cls(spans, cosines) if len(spans) == len(cosines) > 1 else None

    def of(self, part: Span) -> float:
        """The greatest cosine of the sentences that overlap a part; the mean where none does."""
        inside = [
            cosine
            for (start, end), cosine in zip(self.spans, self.cosines.tolist(), strict=True)
            if start < part[1] and part[0] < end
        ]
        return max(inside) if inside else float(self.cosines.mean())


@dataclass(frozen=True, slots=True)
class AnswerFinder:
    """Finds the answering part of passages for one question."""

    question: WeighedQuestion
    expects_decision: bool

    @classmethod
    def of(cls, question: ParsedQuestion, ranking: Ranking) -> AnswerFinder:
        """Weigh the question by the statistics of its ranking."""
        question_weights = weigh_question(question, ranking)
        return cls(question_weights, _OUTCOME.search(question_weights.folded) is not None)

    def find(self, text: str, meaning: SentenceCosines | None = None) -> AnsweringSpan | None:
        """The part of a passage's text that answers; None where the text is blank."""
        parts = find_parts(text)[:MOST_PARTS]
        if not parts:
            return None
        scores = self.signals(text, parts, meaning) @ MODEL
        best = parts[int(np.argmax(scores))]
        span = _with_list(text, parts, best)
        return AnsweringSpan(span, find_value(text, span, best.span, self.question.folded))

    def signals(
        self, text: str, parts: Sequence[PassagePart], meaning: SentenceCosines | None = None
    ) -> Floats:
        """One row a part, a column for each of `WEIGHTS`, in their order."""
        coverage = self._coverage(text, parts)
        cosines = np.array([meaning.of(part.span) for part in parts]) if meaning else None
        above = np.zeros(len(parts)) if cosines is None else cosines - cosines.mean()
        rows: list[list[float]] = []
        before, asked_before = 0.0, False
        for number, part in enumerate(parts):
            own = fold(text[part.start : part.end]).text
            words, pairs, near = coverage[number]
            asks = _ASKS.search(own) is not None
            rows.append([
                words,
                pairs,
                near,
                self._run(own),
                before,
                before if asked_before and not (asks or part.is_heading) else 0.0,
                float(above[number]),
                self._kind(own),
                self._value(own),
                float(self.expects_decision and _DECIDES.search(own) is not None),
                float(part.is_heading),
                float(asks),
                min(1.0, weight(own) / JOINED),
            ])  # fmt: skip
            before, asked_before = words, asks or part.is_heading
        return np.array(rows)

    def _coverage(
        self, text: str, parts: Sequence[PassagePart]
    ) -> list[tuple[float, float, float]]:
        """For each part the shares of the words', the pairs' and the near words' weight."""
        question = self.question
        terms_by_part: list[set[str]] = [set() for _ in parts]
        starts = np.array([part.start for part in parts])
        for token in analyze(text):
            number = int(np.searchsorted(starts, token.start, side="right")) - 1
            if number >= 0 and token.start < parts[number].end:
                terms_by_part[number].add(token.term)
        words, pairs = question.words.tolist(), question.pairs.tolist()
        return [
            (
                best_coverage(words, terms, question.places, {}),
                best_coverage(pairs, terms, question.places, {}),
                best_coverage(words, terms, question.places, question.neighbours),
            )
            for terms in terms_by_part
        ]

    def _run(self, own: str) -> float:
        asked = self.question.folded[:RUN_CHARACTERS]
        return min(1.0, longest_run(asked, own) / max(4, len(asked)))

    def _kind(self, own: str) -> float:
        """Whether a part shows a kind of answer that the question expects."""
        return max(
            (
                float(kind.shown.search(own) is not None)
                for kind, expected in zip(ANSWER_KINDS, self.question.expected_kinds, strict=True)
                if expected
            ),
            default=0.0,
        )

    def _value(self, own: str) -> float:
        """Whether it holds a value of the kind asked for that the question does not hold."""
        return float(
            find_value(own, (0, len(own)), (0, len(own)), self.question.folded) is not None
        )


MODEL: Floats = np.array(list(WEIGHTS.values()))


def _with_list(text: str, parts: Sequence[PassagePart], best: PassagePart) -> Span:
    """A part with the list that it introduces, or with what introduces it, where that is near."""
    if introduces(text, best.span):
        end = best.end
        for item in parts:
            follows = item.start >= best.end and item.introduction == best.span
            if follows and weight(text[best.start : item.end]) <= LISTED:
                end = item.end
        return best.start, end
    if best.introduction and weight(text[best.introduction[0] : best.end]) <= JOINED:
        return best.introduction[0], best.end
    return best.span
