"""Where do a quotation and its source differ?  Seeds, a chain of them, and what lies between.

Both are sequences of tokens. Runs of equal trigrams are chained in the order in which both have
them, and only the short gaps between are aligned token by token. The work is linear in both
lengths: a gap that is too large is one difference (the seed-chain-extend of genome aligners; Li,
Minimap2, Bioinformatics 2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Pair = tuple[int, int]
"""The places of one equal token in the quotation and in the source."""

GRAM = 3
"""Tokens of a seed."""
_REPEATS = 16  # places of a seed in the quotation, from which it is boilerplate that says no place
_RUNS = 4_000  # the longest runs of seeds, which are chained
_BACK = 48  # runs before a run that it is chained to: without a bound, chaining would be quadratic
_LEAST_CHAINED = 0.25
"""The share of the quotation that its seeds must hold for a place to be looked at."""
# Of a gap by whose length the two differ: of each token, and of a long one, which is an omission.
_GAP_PENALTY, _OMISSION, _OMITTED = 0.5, 2.5, 0.1
_LARGEST_GAP = 8_000  # products of lengths that are aligned token by token: a few milliseconds
_LONGEST_EDGE = 64  # tokens before the first seed and after the last one that are aligned
_SLACK = 8
# Beginning a difference costs more than going on with one, so that a changed phrase is one.
_OPEN, _CHANGE = 0.5, 1.0
_EQUAL_BONUS = 1.0
# A quotation that ends with a full stop says that the sentence ends: a word that is left out
# before it is likelier than a stop of the quoter's own.
_FINAL, _FINAL_MARKS = 5.5, frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class Edit:
    """Tokens `[start, end)` of the quotation that stand for `[source_start, source_end)`."""

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """A quotation beside the part of the source that it quotes.

    `pairs` are its equal tokens in order. `edits` lie between, before and after them. The source
    is `[source_start, source_end)`, in tokens.
    """

    pairs: tuple[Pair, ...]
    edits: tuple[Edit, ...]
    source_start: int
    source_end: int


@dataclass(slots=True)
class _CommonRun:
    """Tokens `[at, at + length)` of the quotation that stand in the source from `source` on."""

    at: int
    source: int
    length: int


def align(quotation: Sequence[str], source: Sequence[str], first: int = 0) -> Alignment | None:
    """The best place for a quotation in `source[first:]`; None where they share no seed."""
    runs = _chain(_runs(quotation, source, first))
    # Elsewhere the rest would be aligned too, which takes most of the time.
    if sum(run.length for run in runs) < _LEAST_CHAINED * len(quotation) or not runs:
        return None
    reach = max(first, runs[0].source - _LONGEST_EDGE - _SLACK)
    head, start = _edge(quotation[: runs[0].at][::-1], source[reach : runs[0].source][::-1])
    pairs = [(runs[0].at - 1 - q, runs[0].source - 1 - s) for q, s in reversed(head)]
    source_start = runs[0].source - start
    at, source_at = runs[0].at, runs[0].source
    for run in runs:
        gap = quotation[at : run.at], source[source_at : run.source]
        pairs += ((at + q, source_at + s) for q, s in _inside(*gap))
        pairs += ((run.at + n, run.source + n) for n in range(run.length))
        at, source_at = run.at + run.length, run.source + run.length
    tail, stop = _edge(quotation[at:], source[source_at : source_at + _LONGEST_EDGE + _SLACK])
    pairs += ((at + q, source_at + s) for q, s in tail)
    source_end = source_at + stop
    edits = tuple(_edits(pairs, len(quotation), source_start, source_end))
    return Alignment(tuple(pairs), edits, source_start, source_end)


def _edits(
    pairs: Sequence[Pair], length: int, source_start: int, source_end: int
) -> Iterator[Edit]:
    """What lies between equal tokens, each as one difference."""
    at, source_at = 0, source_start
    for q, s in (*pairs, (length, source_end)):
        if q > at or s > source_at:
            yield Edit(at, q, source_at, s)
        at, source_at = q + 1, s + 1


def _runs(quotation: Sequence[str], source: Sequence[str], first: int) -> list[_CommonRun]:
    """Runs of equal tokens, as long as possible, that hold a seed; the longest ones."""
    size = min(GRAM, len(quotation))
    if not size:
        return []
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(quotation) - size + 1):
        places.setdefault(tuple(quotation[at : at + size]), []).append(at)
    # What is repeated all over tells no place from another, and would be followed to each of them.
    places = {gram: of_gram for gram, of_gram in places.items() if len(of_gram) <= _REPEATS}
    runs: list[_CommonRun] = []
    growing: dict[int, _CommonRun] = {}
    for source_at in range(first, len(source) - size + 1):
        for at in places.get(tuple(source[source_at : source_at + size]), ()):
            run = growing.get(source_at - at)
            if run and run.at + run.length - size + 1 == at:
                run.length += 1
            else:
                growing[source_at - at] = run = _CommonRun(at, source_at, size)
                runs.append(run)
    runs.sort(key=lambda run: -run.length)
    return sorted(runs[:_RUNS], key=lambda run: (run.at, run.source))


def _chain(runs: Sequence[_CommonRun]) -> list[_CommonRun]:
    """The runs that stand in the same order in both, with the most tokens for the least gaps."""
    scores: list[float] = []
    before: list[int] = []
    for number, run in enumerate(runs):
        best, link = float(run.length), -1
        for earlier in range(max(0, number - _BACK), number):
            gain = _gain(runs[earlier], run)
            if gain is not None and scores[earlier] + gain > best:
                best, link = scores[earlier] + gain, earlier
        scores.append(best)
        before.append(link)
    if not runs:
        return []
    chain: list[_CommonRun] = []
    at = max(range(len(runs)), key=scores.__getitem__)
    while at >= 0:
        run = runs[at]
        if chain:
            # Runs may overlap by tokens that are repeated: the later one keeps them.
            excess = max(
                0, run.at + run.length - chain[-1].at, run.source + run.length - chain[-1].source
            )
            run = _CommonRun(run.at, run.source, run.length - excess)
        chain.append(run)
        at = before[at]
    return chain[::-1]


def _gain(earlier: _CommonRun, run: _CommonRun) -> float | None:
    """What a run adds behind another one: its tokens, less what the gap between costs."""
    gap = run.at - earlier.at - earlier.length
    source_gap = run.source - earlier.source - earlier.length
    overlap = max(0, -gap, -source_gap)
    if run.at <= earlier.at or run.source <= earlier.source:
        return None
    if overlap >= min(run.length, earlier.length):
        return None
    excess = abs(source_gap - gap)
    return run.length - overlap - min(_GAP_PENALTY * excess, _OMISSION + _OMITTED * excess)


def _inside(quotation: Sequence[str], source: Sequence[str]) -> list[Pair]:
    """The equal tokens of a gap between two runs."""
    if not quotation or not source or len(quotation) * len(source) > _LARGEST_GAP:
        return []
    return _aligned(quotation, source, is_open=False)[0]


def _edge(quotation: Sequence[str], source: Sequence[str]) -> tuple[list[Pair], int]:
    """The equal tokens beyond the last run, and how far into the source they reach."""
    if not quotation:
        return [], 0
    near = quotation[:_LONGEST_EDGE]
    return _aligned(near, source[: len(near) + _SLACK], is_open=True)


def _aligned(
    quotation: Sequence[str], source: Sequence[str], *, is_open: bool
) -> tuple[list[Pair], int]:
    """The equal tokens of the cheapest alignment, and where it ends in the source.

    `is_open`: the source may go on behind it. Of two ways that cost the same, the one that takes
    in more of the source wins: a changed last word is a change, and no addition. A word in place of
    a mark is an addition beside something left out.
    """
    equal, differing = _costs(quotation, source, is_open=is_open)
    last = len(source)
    if is_open:
        ends = [min(*costs) for costs in zip(equal[-1], differing[-1], strict=True)]
        last = min(range(len(ends)), key=lambda at: (ends[at], -at))
    return _traced(quotation, source, equal, differing, last, is_open=is_open), last


_INFINITE = float("inf")


def _costs(
    quotation: Sequence[str], source: Sequence[str], *, is_open: bool
) -> tuple[list[list[float]], list[list[float]]]:
    """What it costs at least to align the first tokens of both: `[quotation][source]`.

    Two costs for each place, after an equal token and within a difference: to begin a difference
    costs more than to go on with one (O. Gotoh, J. Mol. Biol. 162, 1982).
    """
    # Where the end is free, changing everything would often cost less than finding equal tokens.
    bonus = _EQUAL_BONUS if is_open else 0.0
    words = [_is_word(token) for token in source]
    skipping = (_OPEN + _CHANGE * column for column in range(1, len(source) + 1))
    equal = [[0.0, *[_INFINITE] * len(source)]]
    differing = [[_INFINITE, *skipping]]
    for token in quotation:
        addition = _addition(token, is_open=is_open)
        is_word = _is_word(token)
        equal_above, differing_above = equal[-1], differing[-1]
        equal_row = [_INFINITE] * (len(source) + 1)
        differing_row = [min(differing_above[0], equal_above[0] + _OPEN) + addition]
        for column, source_token in enumerate(source, 1):
            equal_before, differing_before = equal_above[column - 1], differing_above[column - 1]
            if token == source_token:
                equal_row[column] = min(equal_before, differing_before) - bonus
            change = _CHANGE if is_word == words[column - 1] else addition + _CHANGE
            begun = min(differing_above[column], equal_above[column] + _OPEN) + addition
            changed = min(differing_before, equal_before + _OPEN) + change
            skipped = min(differing_row[-1], equal_row[column - 1] + _OPEN) + _CHANGE
            differing_row.append(min(begun, changed, skipped))
        equal.append(equal_row)
        differing.append(differing_row)
    return equal, differing


def _addition(token: str, *, is_open: bool) -> float:
    """What it costs that the quotation has a token more."""
    return _FINAL if is_open and token in _FINAL_MARKS else _CHANGE


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[-1].isalnum()


def _traced(
    quotation: Sequence[str],
    source: Sequence[str],
    equal: Sequence[Sequence[float]],
    differing: Sequence[Sequence[float]],
    last: int,
    *,
    is_open: bool,
) -> list[Pair]:
    """The equal tokens on the cheapest way that ends in column `last`."""
    pairs: list[Pair] = []
    row, column = len(quotation), last
    in_equal = equal[row][column] <= differing[row][column]
    while row or column:
        if in_equal:
            row, column = row - 1, column - 1
            pairs.append((row, column))
            in_equal = equal[row][column] <= differing[row][column]
            continue
        cost = differing[row][column]
        for steps in ((1, 1), (1, 0), (0, 1)):
            before = row - steps[0], column - steps[1]
            if min(before) < 0:
                continue
            change = _CHANGE
            if steps == (1, 1):
                if _is_word(quotation[row - 1]) != _is_word(source[column - 1]):
                    change = _addition(quotation[row - 1], is_open=is_open) + _CHANGE
            elif steps == (1, 0):
                change = _addition(quotation[row - 1], is_open=is_open)
            begun = min(differing[before[0]][before[1]], equal[before[0]][before[1]] + _OPEN)
            if abs(begun + change - cost) < 1e-9:
                row, column = before
                in_equal = equal[row][column] + _OPEN <= differing[row][column]
                break
    return pairs[::-1]
