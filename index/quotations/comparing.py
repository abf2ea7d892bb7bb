"""Where does a quotation differ from a part of a document, and how much of it is the same?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, takewhile

import rjieba

from corpus.language.scripts import HAN_RUN
from index.quotations.alignment import Alignment, Edit, align
from index.quotations.canonical import (
    ELLIPSIS,
    Canonical,
    Span,
    Tokens,
    canonical,
    fold_script,
    tokens_of,
)
from index.text.normalize import fold_term

ALIKE = (0.66, 0.76, 0.82)
"""The share of a quotation's words that stand in its source, from which it is an altered one: with
one difference, with two, with more. What has several is mostly another text of the same kind."""
_FEWEST_EQUAL = 4  # tokens that must be equal in a row: fewer are a coincidence
_CONTEXT = 3
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_BRACKETED_ELLIPSIS = re.compile(rf"\[\s*(?:{ELLIPSIS}+|\.{{3,}})\s*\]")
# A paragraph's number at the beginning of its line, which quotations over its border leave out.
_PARAGRAPH_NUMBER = re.compile(r"\s*[\[(（]?\d{1,4}[\])）]?[.．、]?\s*")
_CONTRARY = frozenset("un in im il ir non dis mis anti counter".split())
_WRAPPED = re.compile(r"[-\u00ad\u2010]\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Difference:
    """`[start, end)` of a quotation, which reads `quoted` where the document reads `original`.

    `marked`: the quotation says itself that it differs here, by square brackets.
    """

    start: int
    end: int
    quoted: str
    original: str
    marked: bool


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A quotation ready to be compared. `parts` are the tokens between its ellipses."""

    text: str
    form: Canonical
    tokens: Tokens
    parts: tuple[Span, ...]
    weight: int

    @classmethod
    def of(cls, text: str) -> QuotedText:
        form = canonical(text)
        tokens = tokens_of(form)
        parts = tuple(_parts(tokens))
        # What is in brackets is the quoter's own, and what is no word is on every page.
        weight = sum(tokens.weight(*part) for part in parts)
        return cls(text, form, tokens, parts, weight)

    def part_texts(self) -> list[str]:
        """The text of each part."""
        return [
            self.text[slice(*self.form.span(self.tokens.spans[a][0], self.tokens.spans[b - 1][1]))]
            for a, b in self.parts
        ]


@dataclass(frozen=True, slots=True)
class TextWindow:
    """A part of a document's text. `offset`: where it begins there."""

    document_id: str
    offset: int
    text: str
    form: Canonical
    tokens: Tokens

    @classmethod
    def of(cls, document_id: str, offset: int, text: str) -> TextWindow:
        form = canonical(text)
        return cls(document_id, offset, text, form, tokens_of(form))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quotation beside a window: what differs, and how much is equal."""

    window: TextWindow
    span: Span
    """Canonical, of the window."""
    differences: tuple[Difference, ...]
    other_script: bool
    likeness: float
    cost: int
    """Tokens that differ, in the quotation or in the source, whichever has more."""
    unquoted: tuple[Span, ...] = ()
    """Offsets of the quotation before and behind what was found, which may cite it."""

    @property
    def is_alike(self) -> bool:
        """Whether so much is equal that the quotation is one of this place."""
        unmarked = sum(not difference.marked for difference in self.differences)
        return self.likeness >= ALIKE[max(0, min(unmarked, len(ALIKE)) - 1)]


def _parts(tokens: Tokens) -> Iterator[Span]:
    """The tokens between ellipses, without quotation marks and brackets that touch the edges."""
    start = 0
    for at in range(len(tokens) + 1):
        if at < len(tokens) and not _is_ellipsis(tokens, at):
            continue
        first, last = start, at
        start = at + 1
        while first < last and tokens.keys[first] in (_CLOSING if first else '"'):
            first += 1
        while last > first and tokens.keys[last - 1] in (_OPENING if at < len(tokens) else '"'):
            last -= 1
        if any(kind in {"word", "number", "bracket"} for kind in tokens.kinds[first:last]):
            yield first, last


_OPENING, _CLOSING = '("', ')".,;:'


def _is_ellipsis(tokens: Tokens, at: int) -> bool:
    if tokens.kinds[at] == "bracket":
        return bool(_BRACKETED_ELLIPSIS.fullmatch(tokens.keys[at]))
    return tokens.kinds[at] == "ellipsis"


def compare_texts(quotation: QuotedText, window: TextWindow) -> Comparison | None:
    """A quotation beside the best place for it in a window."""
    alignments = _aligned_parts(quotation, window.tokens)
    placed = [alignment for alignment in alignments if alignment]
    if not placed:
        return None
    pairs: list[tuple[int, int]] = []
    edits: list[Edit] = []
    for (first, last), alignment in zip(quotation.parts, alignments, strict=True):
        if alignment is None:
            at = pairs[-1][1] + 1 if pairs else placed[0].source_start
            edits.append(Edit(first, last, at, at))
            continue
        pairs += ((first + q, s) for q, s in alignment.pairs)
        edits += (
            Edit(first + edit.start, first + edit.end, edit.source_start, edit.source_end)
            for edit in _slid_to_words(alignment.edits, quotation, window, first)
        )
    if _longest_row(pairs) < min(_FEWEST_EQUAL, max(map(_length, quotation.parts))):
        return None
    matched = sum(quotation.tokens.kinds[q] in {"word", "number"} for q, _ in pairs)
    sides = _Sides(quotation, window, placed[0].source_start, placed[-1].source_end)
    other_script = sides.differs_in_script(pairs)
    differences, unquoted = sides.differences(edits, other_script=other_script)
    tokens, spans = window.tokens, window.tokens.spans
    source = spans[sides.first][0], spans[max(sides.first, sides.last - 1)][1]
    cost = sum(
        max(quotation.tokens.weight(e.start, e.end), tokens.weight(e.source_start, e.source_end), 1)
        for e in edits
        if sides.is_difference(e, other_script=other_script)
    )
    return Comparison(
        window, source, differences, other_script, matched / quotation.weight, cost, unquoted
    )


def _slid_to_words(
    edits: Iterable[Edit], quotation: QuotedText, window: TextWindow, offset: int
) -> Iterator[Edit]:
    """The edits; what was left out or added is shown as a whole word, where it can be either.

    破产财产 less a word may be 破[产财]产 or 破产[财产]. `offset`: where the edits' tokens begin.
    """
    for edit in edits:
        start, end = edit.start + offset, edit.end + offset
        if edit.start == edit.end and edit.source_start < edit.source_end:
            by = _slide(window.tokens.keys, edit.source_start, edit.source_end)
        elif edit.source_start == edit.source_end and edit.start < edit.end:
            by = _slide(quotation.tokens.keys, start, end)
        else:
            by = 0
        yield Edit(edit.start + by, edit.end + by, edit.source_start + by, edit.source_end + by)


def _slide(tokens: Sequence[str], first: int, last: int) -> int:
    """By how many tokens a run is moved to begin and end with a word, all else staying the same."""
    if not HAN_RUN.fullmatch("".join(tokens[first:last])):
        return 0
    back = right = 0
    while first > back and tokens[first - back - 1] == tokens[last - back - 1]:
        back += 1
    while last + right < len(tokens) and tokens[first + right] == tokens[last + right]:
        right += 1
    if not back and not right:
        return 0
    begin, stop = first - back, last + right
    # Han characters alone, so that a token is a character.
    while begin and first - back - begin < _WORD_CONTEXT and HAN_RUN.fullmatch(tokens[begin - 1]):
        begin -= 1
    run = "".join(takewhile(HAN_RUN.fullmatch, tokens[begin : stop + _WORD_CONTEXT]))
    edges = {0, *accumulate(map(len, rjieba.cut(run)))}

    def misfits(by: int) -> tuple[int, int]:
        at_word = (first + by - begin in edges) + (last + by - begin in edges)
        return -at_word, abs(by)

    return min(range(-back, right + 1), key=misfits)


_WORD_CONTEXT = 8


def _aligned_parts(quotation: QuotedText, source: Tokens) -> list[Alignment | None]:
    """A place for each part, in their order: the longest first, and the others around it.

    Where the longest one stands in several places, that is taken from which the others differ
    least and are not far.
    """
    longest = max(range(len(quotation.parts)), key=lambda n: _length(quotation.parts[n]))
    keys = quotation.tokens.keys[slice(*quotation.parts[longest])]
    if len(quotation.parts) == 1:
        return [align(keys, source.keys)]
    anchors = list(islice(_occurrences(keys, source.keys, range(len(source))), _ANCHORS))
    if not anchors:
        nearly = align(keys, source.keys)
        anchors = [nearly] if nearly else []
    placements = [_placed_around(quotation, source.keys, longest, anchor) for anchor in anchors]
    return min(placements, key=_looseness, default=[None] * len(quotation.parts))


_ANCHORS = 8


def _placed_around(
    quotation: QuotedText, source: Sequence[str], anchored: int, anchor: Alignment
) -> list[Alignment | None]:
    """Places of all parts around the one that is anchored: each as near to it as it can be."""
    parts = [quotation.tokens.keys[slice(*part)] for part in quotation.parts]
    alignments: list[Alignment | None] = [None] * len(parts)
    alignments[anchored] = anchor
    at = anchor.source_end
    for number in range(anchored + 1, len(parts)):
        alignment = _placed(parts[number], source, range(at, len(source)))
        alignments[number] = alignment
        at = alignment.source_end if alignment else at
    at = anchor.source_start
    for number in range(anchored - 1, -1, -1):
        alignment = _placed(parts[number], source, range(at - 1, -1, -1), at)
        alignments[number] = alignment
        at = alignment.source_start if alignment else at
    return alignments


def _looseness(alignments: Sequence[Alignment | None]) -> tuple[int, int, int]:
    """How much is missing or differs, and how far apart the parts are."""
    placed = [alignment for alignment in alignments if alignment]
    edits = sum(len(alignment.edits) for alignment in placed)
    reach = placed[-1].source_end - placed[0].source_start if placed else 0
    return len(alignments) - len(placed), edits, reach


def _placed(
    keys: Sequence[str], source: Sequence[str], starts: range, stop: int | None = None
) -> Alignment | None:
    """Tokens in the source, word for word at the nearest such place, else nearly; None if nowhere.

    `starts`: where they may begin, the nearest first; `stop`: before which they end.
    """
    for place in _occurrences(keys, source, starts):
        if stop is None or place.source_end <= stop:
            return place
    if len(keys) < 3 or not starts:
        return None
    first = 0 if starts.step < 0 else starts.start
    # Far from the others a part that is not there word for word is another text.
    last = min(len(source) if stop is None else stop, first + _FAR)
    alignment = align(keys, source[:last], max(first, last - _FAR))
    if alignment is None or _longest_row(alignment.pairs) < min(_FEWEST_EQUAL, len(keys) - 1):
        return None
    return alignment


_FAR = 20_000


def _occurrences(keys: Sequence[str], source: Sequence[str], starts: range) -> Iterator[Alignment]:
    """The places where tokens stand word for word."""
    key_list, size = list(keys), len(keys)
    for at in starts:
        if source[at] == key_list[0] and list(source[at : at + size]) == key_list:
            yield Alignment(tuple((n, at + n) for n in range(size)), (), at, at + size)


def _length(span: Span) -> int:
    return span[1] - span[0]


def _longest_row(pairs: Sequence[tuple[int, int]]) -> int:
    """The longest run of tokens that follow each other in both."""
    longest = row = 0
    before = (-2, -2)
    for pair in pairs:
        row = row + 1 if pair == (before[0] + 1, before[1] + 1) else 1
        longest, before = max(longest, row), pair
    return longest


@dataclass(frozen=True, slots=True)
class _Sides:
    """A quotation and the tokens `[first, last)` of a window that it quotes, side by side."""

    quotation: QuotedText
    window: TextWindow
    first: int
    last: int

    def differs_in_script(self, pairs: Iterable[tuple[int, int]]) -> bool:
        """Whether an equal token is written in other characters."""
        quoted, source = self.quotation, self.window
        if quoted.form.text == quoted.form.folded and source.form.text == source.form.folded:
            return False
        return any(
            quoted.form.text[slice(*quoted.tokens.spans[q])]
            != source.form.text[slice(*source.tokens.spans[s])]
            and quoted.tokens.keys[q] != '"'
            for q, s in pairs
        )

    def differences(
        self, edits: Sequence[Edit], *, other_script: bool
    ) -> tuple[tuple[Difference, ...], tuple[Span, ...]]:
        """What differs, and the parts of the quotation before and behind the source."""
        edits_found: list[Difference] = []
        unquoted: list[Span] = []
        for edit in edits:
            if not self.is_difference(edit, other_script=other_script):
                continue
            edits_found += map(self._difference, self._without_brackets(edit))
            parts = self.quotation.parts
            at_edge = edit.start == parts[0][0] or edit.end == parts[-1][1]
            if at_edge and edit.source_start == edit.source_end:
                unquoted.append((edits_found[-1].start, edits_found[-1].end))
        return tuple(edits_found), tuple(unquoted)

    def is_difference(self, edit: Edit, *, other_script: bool) -> bool:
        """Whether an edit changes what is said, and not only how it is set."""
        quoted, original = self._quoted(edit), self._original(edit)
        if self._is_edge_mark(edit) or self._is_cut_word(edit):
            return False
        if not quoted.strip() and self._is_paragraph_number(edit):
            return False
        if _bare(quoted) == _bare(original):
            return False
        return not (other_script and self._is_same_word(edit))

    def _difference(self, edit: Edit) -> Difference:
        start, end = self._quoted_span(edit)
        quoted = self.quotation.text[start:end]
        brackets = "".join(_BRACKETED.findall(quoted))
        # Letters that touch a bracket belong to it.
        marked = bool(brackets) and self.quotation.tokens.kinds[edit.start] == "bracket"
        return Difference(start, end, quoted, self._original(edit).strip(), marked)

    def _without_brackets(self, edit: Edit) -> Iterator[Edit]:
        """An edit whose words in brackets stand apart from other words that differ beside them."""
        kinds = self.quotation.tokens.kinds[edit.start : edit.end]
        if "bracket" not in kinds or all(kind == "bracket" for kind in kinds):
            yield edit
            return
        opening = kinds.index("bracket")
        closing = len(kinds) - kinds[::-1].index("bracket")
        before = min(opening, edit.source_end - edit.source_start)
        behind = min(len(kinds) - closing, edit.source_end - edit.source_start - before)
        first, last = edit.source_start + before, edit.source_end - behind
        if opening:
            yield Edit(edit.start, edit.start + opening, edit.source_start, first)
        yield Edit(edit.start + opening, edit.start + closing, first, last)
        if closing < len(kinds):
            yield Edit(edit.start + closing, edit.end, last, edit.source_end)

    def _quoted_span(self, edit: Edit) -> Span:
        spans = self.quotation.tokens.spans
        return self.quotation.form.span(*_canonical(spans, edit.start, edit.end))

    def _quoted(self, edit: Edit) -> str:
        return self.quotation.text[slice(*self._quoted_span(edit))]

    def _original(self, edit: Edit) -> str:
        spans = self.window.tokens.spans
        span = self.window.form.span(*_canonical(spans, edit.source_start, edit.source_end))
        return self.window.text[slice(*span)]

    def _is_edge_mark(self, edit: Edit) -> bool:
        """Punctuation at an edge of the quotation, which its sentence may have brought along."""
        tokens = self.quotation.tokens
        at_edge = any(
            edit.start == first or edit.end == last for first, last in self.quotation.parts
        )
        marks = (
            *tokens.kinds[edit.start : edit.end],
            *self.window.tokens.kinds[edit.source_start : edit.source_end],
        )
        return at_edge and all(kind in {"mark", "ellipsis"} for kind in marks)

    def _is_cut_word(self, edit: Edit) -> bool:
        """Whether a part of the quotation begins or ends inside of a word, which is no change."""
        tokens, source = self.quotation.tokens, self.window.tokens
        if edit.end - edit.start != 1 or edit.source_end - edit.source_start != 1:
            return False
        quoted, original = tokens.keys[edit.start], source.keys[edit.source_start]
        if tokens.kinds[edit.start] != "word" or not quoted.isalpha():
            return False
        if any(edit.end == last for _, last in self.quotation.parts) and original.startswith(
            quoted
        ):
            return True
        is_first = any(edit.start == first for first, _ in self.quotation.parts)
        cut = original.removesuffix(quoted)
        # "able" for "unable" says the contrary.
        return is_first and cut != original and cut.lower() not in _CONTRARY

    def _is_paragraph_number(self, edit: Edit) -> bool:
        spans = self.window.tokens.spans
        start, end = self.window.form.span(*_canonical(spans, edit.source_start, edit.source_end))
        text = self.window.text
        opens_line = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        return opens_line and bool(_PARAGRAPH_NUMBER.fullmatch(text[start:end]))

    def _is_same_word(self, edit: Edit) -> bool:
        """Whether both sides say the same where words differ by region: 網路 and 网络."""
        quotation, window = self.quotation, self.window
        # As many tokens on both sides: they decide how a word is converted, and have to be alike.
        left = min(_CONTEXT, edit.start, edit.source_start)
        right = min(
            _CONTEXT,
            len(quotation.tokens) - edit.end,
            len(window.tokens) - edit.source_end,
        )
        spans = quotation.tokens.spans, window.tokens.spans
        quoted = _canonical(spans[0], edit.start - left, edit.end + right)
        original = _canonical(spans[1], edit.source_start - left, edit.source_end + right)
        ways = _ways(quotation.form.text[slice(*quoted)])
        # 程序 stays what it is in mainland texts, which a conversion from Taiwan's would change.
        return bool(ways & _ways(window.form.text[slice(*original)]))


def _ways(text: str) -> set[str]:
    """A text in Simplified characters: with the mainland's words, and with its own."""
    return {fold_script(fold_term(text)), fold_script(text)}


def _canonical(spans: Sequence[Span], first: int, last: int) -> Span:
    """The canonical span of tokens; of none, the end of the token before them."""
    if first < last:
        return spans[first][0], spans[last - 1][1]
    at = spans[first - 1][1] if first else 0
    return at, at


def _bare(text: str) -> str:
    """A text without white space, and without the hyphens at which its lines were broken."""
    return "".join(fold_script(canonical(_WRAPPED.sub("", text)).text).split())
