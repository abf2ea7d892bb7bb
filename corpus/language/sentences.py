"""Where does a sentence end, and where may a long text be cut?  Sizes are weights (`lengths`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

from corpus.language.dates import MONTHS
from corpus.language.lengths import MAX_WEIGHT, Span, trim, weight
from corpus.language.scripts import HAN

_CLOSERS = "[\"'”’」』）)】〕》〉］\\]}*_]*"
_SENTENCE = re.compile(
    # A title that ends with a mark ends no sentence: 《雷电！》
    rf"[。！？；｡]+(?![。！？；｡]*》){_CLOSERS}|…{{2,}}{_CLOSERS}"
    rf"|(?<=[{HAN}」』）》”])[;.]{_CLOSERS}"
    rf"|[.!?]+{_CLOSERS}(?=\s|[^\x00-\x7f]|\Z)"
)
_CLAUSE = re.compile(r"[，、：]|[,;:](?=\s|[^\x00-\x7f])|—+")
# May is no abbreviation, and often ends a sentence.
_MONTHS = "|".join(name[:3] for name in MONTHS if name != "May")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(（\[\"'“‘/,，])(?:vs?|Nos?|Arts?|Sec|Secs|Co|Ltd|Inc|Corp|[Cc]f|pp?|paras?|Mr|Mrs|Ms|"
    r"Dr|Prof|Hon|St|Jr|Sr|[Cc]h|[Cc]l|Fig|[Vv]ol|eds?|al|"
    rf"{_MONTHS}|Sept|Regs?|Dept|Univ|approx|ca|viz|[A-Z]|(?:[A-Za-z]\.)+[A-Za-z])\.\Z"
)
_LONGEST_ABBREVIATION = 12
FRAGMENT = 40
"""The weight of 8 Han characters or 20 Latin ones: a sentence that is lighter says little alone."""
_CLUSTER = regex.compile(r"\X")
# Between two of these no grapheme cluster can run, so there is no need to look for its edges.
_PLAIN = re.compile("[ -~\u3000-\u3029\u3041-\u3096\u3400-\u9fff\uff01-\uff60]{2}")


def cut(text: str, start: int, end: int, limit: int = MAX_WEIGHT) -> list[Span]:
    """Cut `text[start:end]` into spans that weigh at most `limit`, at the best marks there are.

    Sentence ends first; clause marks, then spaces, then grapheme clusters where a sentence is too
    long by itself. The spans are of about equal weight, in order and without blank edges;
    together they hold every character but white space.
    """
    if weight(text[start:end]) <= limit:
        whole = trim(text, start, end)
        return [whole] if whole[0] < whole[1] else []
    atoms: list[Span] = []
    sizes: list[int] = []
    for sentence in _sentences(text, start, end):
        size = weight(text[slice(*sentence)])
        small = [sentence] if size <= limit else list(_clauses(text, sentence, limit))
        atoms += small
        sizes += [size] if size <= limit else [weight(text[slice(*span)]) for span in small]
    packed = ((atoms[first][0], atoms[last - 1][1]) for first, last in pack(sizes, limit))
    trimmed = (trim(text, first, last) for first, last in packed)
    return [(first, last) for first, last in trimmed if first < last]


def find_sentences(text: str, start: int, end: int, limit: int = MAX_WEIGHT) -> list[Span]:
    """The sentences of `text[start:end]` in order, without blanks at their edges.

    The span is read as one paragraph: a line's end inside it ends no sentence. Sentences heavier
    than `limit` are cut as `cut` does.
    """
    return [
        part for sentence in _sentences(text, start, end) for part in cut(text, *sentence, limit)
    ]


def split_sentences(text: str, most: int) -> list[Span]:
    """The sentences of a text in order, a line's end ending one too; at most `most` of them.

    What is too short to say anything by itself, such as a number or "Held:", is one with what
    follows. Where there are more than `most`, neighbours stand together, of about equal weight.
    """
    spans: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        spans += _joined(text, _sentences(text, start, start + len(line)))
        start += len(line)
    if len(spans) > most:
        sizes = [weight(text[first:last]) for first, last in spans]
        # Runs end early to be of equal weight, so their number is only near what is asked for.
        runs = pack(sizes, -(-2 * sum(sizes) // most))[:most]
        spans = [(spans[first][0], spans[last - 1][1]) for first, last in runs]
    return spans


def _joined(text: str, sentences: Iterator[Span]) -> Iterator[Span]:
    """The sentences of a line without blanks at their edges, fragments joined to the next one."""
    begun: int | None = None
    last: Span | None = None
    for start, end in sentences:
        first, stop = trim(text, start, end)
        begun = first if begun is None else begun
        if stop > begun and weight(text[begun:stop]) >= FRAGMENT:
            yield begun, stop
            begun = None
        elif stop > begun:
            last = begun, stop
    if begun is not None and last is not None and last[0] == begun:
        yield last


def pack(sizes: list[int], limit: int) -> list[Span]:
    """Group neighbours into runs `[first, last)` within the limit and of about equal weight.

    A size above the limit makes a run of its own.
    """
    runs: list[Span] = []
    remaining, first, size = sum(sizes), 0, 0
    # The goal is set anew after each run: else the last run would be a crumb.
    goal = _share(remaining, limit)
    for number, added in enumerate(sizes):
        if number > first and (size + added > limit or size + added // 2 > goal):
            runs.append((first, number))
            remaining, first, size = remaining - size, number, 0
            goal = _share(remaining, limit)
        size += added
    if first < len(sizes):
        runs.append((first, len(sizes)))
    return runs


def _share(weight_left: int, limit: int) -> int:
    """The weight of each run if as few as possible hold what is left."""
    return weight_left // max(1, -(-weight_left // limit))


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of the span, each with the white space that follows it."""
    at = start
    for mark in _SENTENCE.finditer(text, start, end):
        if text[mark.end() - 1] == ".":
            before = text[max(at, mark.end() - _LONGEST_ABBREVIATION) : mark.end()]
            if _ABBREVIATION.search(before):
                continue
        yield at, mark.end()
        at = mark.end()
    if at < end:
        yield at, end


def _clauses(text: str, span: Span, limit: int) -> Iterator[Span]:
    """The clauses of a sentence that does not fit, those that do not fit either in pieces."""
    start, end = span
    at = start
    for mark in _CLAUSE.finditer(text, start, end):
        yield from _chop(text, at, mark.end(), limit)
        at = mark.end()
    yield from _chop(text, at, end, limit)


def _chop(text: str, start: int, end: int, limit: int) -> Iterator[Span]:
    """Pieces of a text without marks: cut at spaces, else between grapheme clusters."""
    while start < end:
        stop = min(end, start + limit // 2)
        while weight(text[start:stop]) > limit:
            stop = start + max(1, (stop - start) * limit // weight(text[start:stop]))
        if stop < end:
            stop = _edge(text, start, stop)
        yield start, stop
        start = stop


def _edge(text: str, start: int, stop: int) -> int:
    """The last good place to cut at or before `stop`; `stop` itself when one cluster fills it."""
    if text[stop].isspace():
        return stop
    middle = (start + stop) // 2
    halves = text[middle:stop].rsplit(None, 1)
    if len(halves) == 2:
        return middle + len(halves[0]) + 1
    if _PLAIN.match(text, stop - 1):
        return stop
    # The cluster across `stop` shows its end only when it is read past it.
    edges = (cluster.start() for cluster in _CLUSTER.finditer(text, start, stop + 1))
    return max((edge for edge in edges if start < edge <= stop), default=stop)
