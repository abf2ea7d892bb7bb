"""Where in a document does a quotation stand, and how much of it is the same there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, takewhile

import rjieba

from corpus.language.lengths import Span
from corpus.language.scripts import HAN_RUN
from index.quotations.alignment import Alignment, Edit, align
from index.quotations.canonical import (
    Tokens,
)
from index.quotations.differences import Difference, QuotedText, Sides, TextWindow

ALIKE = (0.66, 0.76, 0.82)
"""The share of a quotation's words that stand in its source, from which it is an altered one: with
one difference, with two, with more. What has several is mostly another text of the same kind."""
FAITHFUL = (0.6, 0.68, 0.72)
"""The same less what the source has in place of the words that differ. One word quoted in place of
thirty leaves the quotation's own words equal, and is no alteration."""
LONGEST_CHANGE, ALIKE_BESIDE_IT = 5, 0.8
"""Words of one change up to which it may be a name; a longer one is a clause of another text,
unless so much else is equal."""
_FEWEST_EQUAL = 4  # tokens that must be equal in a row: fewer are a coincidence


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
    faithfulness: float = 1.0
    """The likeness less what the source has in place of what differs."""
    longest_change: int = 0
    """Words of the longest change in which something stands in place of something else."""
    unquoted: tuple[Span, ...] = ()
    """Offsets of the quotation before and behind what was found, which may cite it."""

    @property
    def is_alike(self) -> bool:
        """Whether so much is equal that the quotation is one of this place."""
        unmarked = sum(not difference.marked for difference in self.differences)
        kind = max(0, min(unmarked, len(ALIKE)) - 1)
        if self.longest_change > LONGEST_CHANGE and self.likeness < ALIKE_BESIDE_IT:
            return False
        return self.likeness >= ALIKE[kind] and self.faithfulness >= FAITHFUL[kind]


def compare_texts(quotation: QuotedText, window: TextWindow) -> Comparison | None:
    """A quotation beside the best place for it in a window."""
    alignments = _aligned_parts(quotation, window.tokens)
    placed = [alignment for alignment in alignments if alignment]
    if not placed:
        return None
    pairs, edits = _pairs_and_edits(quotation, window, alignments, placed[0].source_start)
    if _longest_row(pairs) < min(_FEWEST_EQUAL, max(map(_length, quotation.parts))):
        return None
    matched = sum(quotation.tokens.kinds[q] in {"word", "number"} for q, _ in pairs)
    sides = Sides(quotation, window, placed[0].source_start, placed[-1].source_end)
    other_script = sides.differs_in_script(pairs)
    differences, unquoted = sides.differences(edits, other_script=other_script)
    tokens, spans = window.tokens, window.tokens.spans
    source = spans[sides.first][0], spans[max(sides.first, sides.last - 1)][1]
    changes = [
        (quotation.tokens.weight(e.start, e.end), tokens.weight(e.source_start, e.source_end))
        for e in edits
        if sides.is_difference(e, other_script=other_script)
    ]
    # What is in brackets is the quoter's own, and says so.
    unmarked = [] if any(difference.marked for difference in differences) else changes
    replaced = [max(change) for change in unmarked if all(change)]
    # What was left out is missed less than what stands in its place.
    missing = sum(
        quoted + original / 2 for quoted, original in unmarked if not (quoted and original)
    )
    return Comparison(
        window,
        source,
        differences,
        other_script,
        matched / quotation.weight,
        sum(max(*change, 1) for change in changes),
        1 - (sum(replaced) + missing) / quotation.weight,
        max(replaced, default=0),
        unquoted,
    )


def _pairs_and_edits(
    quotation: QuotedText,
    window: TextWindow,
    alignments: Sequence[Alignment | None],
    source_start: int,
) -> tuple[list[tuple[int, int]], list[Edit]]:
    """The equal tokens of the whole quotation, and its edits; a part without a place is one."""
    pairs: list[tuple[int, int]] = []
    edits: list[Edit] = []
    for (first, last), alignment in zip(quotation.parts, alignments, strict=True):
        if alignment is None:
            at = pairs[-1][1] + 1 if pairs else source_start
            edits.append(Edit(first, last, at, at))
            continue
        pairs += ((first + q, s) for q, s in alignment.pairs)
        edits += (
            Edit(first + edit.start, first + edit.end, edit.source_start, edit.source_end)
            for edit in _slid_to_words(alignment.edits, quotation, window, first)
        )
    return pairs, edits


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
