"""Is a quotation verbatim?  The index finds it, and its document is compared token by token.

What is no difference: white space, width, the style of quotation marks, the script, and marks of
punctuation at the very edges, which the sentence around a quotation may bring along.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from corpus.errors import NotFound, Withdrawn
from corpus.language.lengths import Span
from corpus.library import Library
from corpus.models import PassageRecord, Scope
from index.engine.protocol import Documents, Engine
from index.naming.directory import DocumentDirectory
from index.quotations.beside import (
    CitationBeside,
    NamedPlace,
    compare_place,
    find_places,
    place_beside,
)
from index.quotations.candidates import CandidatePassage, find_candidates
from index.quotations.canonical import fold_script
from index.quotations.comparing import Comparison, compare_texts
from index.quotations.differences import (
    Difference,
    QuotedText,
    TextWindow,
)
from index.quotations.extraction import (
    find_quotations,
    is_pasted,
    whole_quotation,
    without_line_marks,
    without_question,
)

Verdict: TypeAlias = Literal["verbatim", "altered", "not found"]

NEARLY, ASKED = 0.8, 0.9
"""The share of its words that stand in a passage, from which a text that nobody called a quotation
is taken for one; and a question."""
_CITATION_BEHIND = re.compile(
    r"\s{0,40}(?:[(（][^()（）]{2,80}(?:[(（][^()（）]{1,20}[)）][^()（）]{0,40})?[)）]|[—–-]{1,2}\s?[^\n—–]{2,80}"
    r"|\n[^\n]{2,80})[\s.。]{0,40}\Z"
)
_CITATION_BEFORE = re.compile(r"([^\n:：]{2,60})[:：]\s{0,40}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKS = " \t\n\"'“”‘’「」『』«»。.；;，,"
WINDOWS = 6
"""Places that are compared token by token, those that share most with the quotation."""
_LEAST_SHARED = 0.6
"""Of what the best candidate shares: others are editions of it, and may be what is quoted."""
_WINDOW_CHARACTERS = 200_000  # of all windows together, so that a long quotation costs no more
_WHOLE_DOCUMENT = 400_000  # characters; of a longer one, what is near the best passage is read
_DOCUMENTS_KEPT = 8
_AROUND_CITATION = 16  # characters around a citation that belong to it: "under", 規定


@dataclass(frozen=True, slots=True)
class QuotationCheck:
    """A quotation, `[start, end)` of the text given, beside what it was found to quote.

    `source` is the document's own text, `[source_start, source_end)` of it; over an ellipsis it
    holds what was left out. `passages` are those that the source touches. All of it is None or
    empty for a quotation that was not found.
    """

    quotation: str
    start: int
    end: int
    verdict: Verdict
    other_script: bool = False
    citation: str | None = None
    document_id: str | None = None
    title: str | None = None
    pin: str | None = None
    source: str | None = None
    source_start: int | None = None
    source_end: int | None = None
    differences: tuple[Difference, ...] = ()
    date: str | None = None
    beside: CitationBeside | None = None
    matter: str | None = None
    likeness: float = 0.0
    """The share of the quotation's words that stand in the source."""
    passages: tuple[PassageRecord, ...] = field(default=(), repr=False)

    @property
    def is_marked(self) -> bool:
        """Whether the quotation itself marks every difference."""
        return all(difference.marked for difference in self.differences)


class QuotationChecker:
    """Checks quotations against the documents of a scope. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        engine: Engine,
        directory: Callable[[Scope], DocumentDirectory],
    ) -> None:
        self._library = library
        self._engine = engine
        self._directory = directory
        self._windows: OrderedDict[tuple[str, int, int], TextWindow] = OrderedDict()
        self._lock = threading.Lock()

    def check_file(
        self, text: str, scope: Scope, blocks: Iterable[Span] = (), within: Documents | None = None
    ) -> list[QuotationCheck]:
        """Every quotation of a file's text, in order."""
        return self._check_spans(text, find_quotations(text, blocks), scope, within)

    def check_text(
        self, text: str, scope: Scope, within: Documents | None = None
    ) -> list[QuotationCheck]:
        """The quotations of a text; without quotation marks, the text is one quotation.

        So it is where all of it, with the marks that it holds, stands in a document.
        """
        whole = self._without_citation(text, whole_quotation(text), scope)
        if whole[0] == whole[1]:
            return []
        spans = [span for span in find_quotations(text) if span != whole]
        check = self._check_spans(text, [whole], scope, within)[0]
        quoted = sum(end - start for start, end in spans)
        mostly_quoted = quoted > 0.7 * (whole[1] - whole[0])
        near = check.verdict == "altered" and check.likeness >= NEARLY and not mostly_quoted
        if not spans or check.verdict == "verbatim" or near:
            return [check]
        return self._check_spans(text, spans, scope, within)

    def check_pasted(
        self, text: str, scope: Scope, within: Documents | None = None
    ) -> QuotationCheck | None:
        """The check of a text that is nearly a passage; None for any other, such as a question.

        A question that repeats the words of a passage stays one, unless it alters them: whoever
        asks whether a claim lapses in five years has to be told that the law says two.
        """
        start, end = self._without_citation(text, whole_quotation(without_question(text)), scope)
        if not is_pasted(text[start:end]):
            return None
        check = self._check_spans(text, [(start, end)], scope, within)[0]
        is_question = bool(text[end:].strip(_MARKS))
        if is_question and check.verdict == "verbatim":
            return None
        return check if check.likeness >= (ASKED if is_question else NEARLY) else None

    def _without_citation(self, text: str, span: Span, scope: Scope) -> Span:
        """The span without a citation at its edges: `民法第197條：…`, `… (Lease, § 3.1)`."""
        start, end = span
        text = _SURROGATES.sub("\ufffd", text)
        directory = self._directory(scope)
        behind = _CITATION_BEHIND.search(text, start, end)
        if behind and any(find_places(behind[0], directory)):
            end = behind.start()
        before = _CITATION_BEFORE.match(text, start, end)
        if before and any(find_places(before[1], directory)):
            start = before.end()
        first, last = whole_quotation(text[start:end])
        return (start + first, start + last) if first < last else span

    def _check_spans(
        self, text: str, spans: Sequence[Span], scope: Scope, within: Documents | None
    ) -> list[QuotationCheck]:
        # One character for one, so that offsets stay: no library takes half a character.
        text = _SURROGATES.sub("\ufffd", text)
        directory = self._directory(scope)
        checks = []
        for span in spans:
            place = place_beside(text, span, spans, directory)
            checks.append(self._check(text, span, place, scope, directory, within))
        return checks

    def _check(
        self,
        text: str,
        span: Span,
        place: NamedPlace | None,
        scope: Scope,
        directory: DocumentDirectory,
        within: Documents | None,
    ) -> QuotationCheck:
        quoted = text[slice(*span)]
        quotation = QuotedText.of(without_line_marks(quoted))
        result = QuotationCheck(quoted, *span, "not found")
        cited = place.documents if place else None
        comparison = self._compare(quotation, cited, scope, within)
        if comparison and comparison.unquoted and not place:
            comparison, place = _with_citation(text, span, comparison, directory)
        if comparison and comparison.is_alike:
            result = self._found(result, comparison, scope) or result
        if place:
            pins = [(passage.ordinal, passage.pin) for passage in result.passages]
            result = replace(result, beside=compare_place(place, text, result.document_id, pins))
        return result

    # -- finding ---------------------------------------------------------------------------------

    def _compare(
        self,
        quotation: QuotedText,
        cited: frozenset[str] | None,
        scope: Scope,
        within: Documents | None,
    ) -> Comparison | None:
        """The place that a quotation differs from least; among equals the one that is cited."""
        if not quotation.weight:
            return None
        parts = quotation.part_texts()
        candidates = find_candidates(self._engine, self._library, parts, scope, within)
        if cited:
            in_cited = find_candidates(self._engine, self._library, parts, scope, cited)
            cited_keys = {candidate.passage.key for candidate in in_cited}
            candidates = in_cited + [c for c in candidates if c.passage.key not in cited_keys]
        best: Comparison | None = None
        for window in self._windows_of(quotation, candidates, cited or frozenset(), scope):
            comparison = compare_texts(quotation, window)
            if comparison and (best is None or _rank(comparison) < _rank(best)):
                best = comparison
            if best and not best.cost and not best.other_script:
                break
        return best

    def _windows_of(
        self,
        quotation: QuotedText,
        candidates: Sequence[CandidatePassage],
        cited: frozenset[str],
        scope: Scope,
    ) -> Iterator[TextWindow]:
        """The most likely places, with enough of the document around them, the best first.

        Each has to be read and compared, so that both their number and their length are bounded.
        """
        ordered = _likeliest_first(quotation, candidates, cited)
        least = _LEAST_SHARED * max((candidate.shared for candidate in ordered), default=0)
        margin = len(quotation.text) * 5 // 4 + 60
        windows: list[tuple[str, int, int]] = []
        room = _WINDOW_CHARACTERS
        for candidate in ordered:
            passage = candidate.passage
            if len(quotation.parts) > 1:
                start, end = _near(passage.start)
            else:
                start, end = max(0, passage.start - margin), passage.end + margin
            if any(
                passage.document_id == document_id
                and first <= passage.start
                and passage.end <= last
                for document_id, first, last in windows
            ):
                continue
            if len(windows) == WINDOWS or (windows and room < end - start):
                return
            if windows and candidate.shared < least and passage.document_id not in cited:
                continue
            windows.append((passage.document_id, start, end))
            window = self._window(passage.document_id, start, end, scope)
            if window:
                room -= len(window.text)
                yield window

    def _window(self, document_id: str, start: int, end: int, scope: Scope) -> TextWindow | None:
        """A part of a document's text; None where it was withdrawn a moment ago."""
        try:
            text = self._library.excerpt(document_id, start, end, scope)
        except (NotFound, Withdrawn):
            return None
        key = document_id, start, end
        with self._lock:
            window = self._windows.get(key)
        if window is None or window.text != text:
            window = TextWindow.of(document_id, start, text)
            with self._lock:
                self._windows[key] = window
                while len(self._windows) > _DOCUMENTS_KEPT:
                    self._windows.popitem(last=False)
        return window

    def _found(
        self, result: QuotationCheck, comparison: Comparison, scope: Scope
    ) -> QuotationCheck | None:
        """The check with its source; None where the document was withdrawn a moment ago."""
        window = comparison.window
        start, end = (window.offset + at for at in window.form.span(*comparison.span))
        try:
            passages = self._library.passages_between(window.document_id, start, end, scope)
        except (NotFound, Withdrawn):
            return None
        matters = self._library.live_matters([window.document_id]).get(window.document_id, ())
        visible = scope.visible(matters)
        if not passages or not visible:
            return None
        return replace(
            result,
            verdict="altered" if comparison.differences else "verbatim",
            other_script=comparison.other_script,
            citation=passages[0].citation,
            document_id=window.document_id,
            title=passages[0].title,
            pin=passages[0].pin,
            source=window.text[start - window.offset : end - window.offset],
            source_start=start,
            source_end=end,
            differences=comparison.differences,
            date=passages[0].date,
            matter=min(visible),
            likeness=comparison.likeness,
            passages=tuple(passages),
        )


def _near(start: int) -> Span:
    """The part of a document in which the parts of a quotation are looked for."""
    first = max(0, start - _WHOLE_DOCUMENT // 2)
    # In steps, so that one reading serves the quotations of one document.
    first -= first % (_WHOLE_DOCUMENT // 4)
    return first, first + _WHOLE_DOCUMENT


def _likeliest_first(
    quotation: QuotedText, candidates: Iterable[CandidatePassage], cited: Collection[str]
) -> list[CandidatePassage]:
    """The candidates in the order in which they are looked at; `cited`: document ids."""
    needle = fold_script(quotation.form.text)
    # A passage that holds all of it is looked at first, before those that share more pieces.
    return sorted(
        candidates,
        key=lambda candidate: (
            needle not in candidate.text,
            candidate.passage.document_id not in cited,
            -candidate.shared,
        ),
    )


def _rank(comparison: Comparison) -> tuple[bool, int, bool]:
    return not comparison.is_alike, comparison.cost, comparison.other_script


def _with_citation(
    text: str, span: Span, comparison: Comparison, directory: DocumentDirectory
) -> tuple[Comparison, NamedPlace | None]:
    """A comparison without the citation that a text brings before or behind what it quotes."""
    for start, end in comparison.unquoted:
        cited = text[span[0] + start : span[0] + end]
        places = list(find_places(cited, directory))
        beyond = sum(len(cited) - (place.end - place.start) for place in places[:1])
        if not places or beyond > _AROUND_CITATION:
            continue
        remaining = tuple(d for d in comparison.differences if (d.start, d.end) != (start, end))
        by = span[0] + start
        first_place = replace(places[0], start=places[0].start + by, end=places[0].end + by)
        return replace(comparison, differences=remaining), first_place
    return comparison, None
