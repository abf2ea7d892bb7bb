"""What differs between two documents, or two versions of one?  Article by article.

A unit is an article or a numbered clause where the document numbers them, else a paragraph. Units
that are the same are paired first, in order; between those, units of one number or of like words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from corpus.language.lengths import Span
from corpus.language.numerals import HAN_NUMERAL
from corpus.language.scripts import HAN_RUN
from corpus.models import PassageRecord
from index.quotations.canonical import Canonical, Tokens, canonical, tokens_of

PairKind: TypeAlias = Literal["same", "changed", "added", "removed"]

FEWEST_NUMBERED = 3
"""Numbered lines from which a document is read article by article."""
_LIKE = 0.35  # of their words that two units share, from which one is the other changed
_SAME_NUMBER = 0.3  # added for one number; two articles of one number may say different things
_LARGEST_BLOCK = 40_000  # products of the numbers of units that are paired by their words
_LONGEST_UNIT = 4_000  # tokens; a longer unit is one difference
_NUMBERED = re.compile(
    rf"\s{{0,60}}(?P<label>第\s?(?:\d{{1,4}}(?:-\d{{1,2}})?|[{HAN_NUMERAL}]{{1,8}})\s?[條条](?:之[{HAN_NUMERAL}\d]{{1,3}})?"
    r"|(?:Article|Section|Clause|Rule)\s\d{1,4}(?:-\d{1,2})?|§\s?\d{1,9}(?:\.\d{1,9}){0,8}|\d{1,3}(?:\.\d{1,3}){1,8}\.?(?=\s)"
    r"|\[\d{1,4}\])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ComparedUnit:
    """An article or a paragraph of a document, verbatim, with its passage's citation."""

    citation: str
    pin: str
    text: str
    start: int
    """Where it begins in the document."""


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """A unit before and after. `differences`: `[before_start, before_end, after_start, after_end]`.

    These count from the units' own starts. A pair of one side was added or removed.
    """

    kind: PairKind
    before: ComparedUnit | None
    after: ComparedUnit | None
    differences: tuple[tuple[int, int, int, int], ...] = ()


def compare_documents(
    before: Sequence[PassageRecord], after: Sequence[PassageRecord]
) -> list[ComparedPair]:
    """The pairs in the order of the later document; what was removed stands where it was."""
    earlier, later = list(units_of(before)), list(units_of(after))
    keys = [canonical(unit.text).text for unit in earlier]
    later_keys = [canonical(unit.text).text for unit in later]
    pairs: list[ComparedPair] = []
    matcher = SequenceMatcher(None, keys, later_keys, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pairs += (
                ComparedPair("same", *both) for both in zip(earlier[a:b], later[c:d], strict=True)
            )
        else:
            pairs += _paired(earlier[a:b], later[c:d])
    return pairs


def units_of(passages: Sequence[PassageRecord]) -> Iterator[ComparedUnit]:
    """The units of a document, from its passages in order."""
    lines = [
        (passage, match.start(), match.end())
        for passage in passages
        for match in re.finditer(r"[^\n]*\S[^\n]*", passage.text)
    ]
    numbers = [_NUMBERED.match(passage.text, start, end) for passage, start, end in lines]
    is_numbered = sum(map(bool, numbers)) >= FEWEST_NUMBERED
    first = 0
    for at in range(1, len(lines) + 1):
        # A passage ends a unit too: a citation names one passage.
        if (
            at == len(lines)
            or not is_numbered
            or numbers[at]
            or lines[at][0].key != lines[first][0].key
        ):
            passage, start = lines[first][:2]
            text = passage.text[start : lines[at - 1][2]]
            number = numbers[first] if is_numbered else None
            # Several articles may share a passage, whose pin names all of them.
            pin = number["label"].strip() if number else passage.pin
            yield ComparedUnit(passage.citation, pin, text, passage.start + start)
            first = at


def differences_of(before: str, after: str) -> tuple[tuple[int, int, int, int], ...]:
    """The spans that differ, in words and Han characters; white space and width do not count."""
    forms = canonical(before), canonical(after)
    tokens = tokens_of(forms[0]), tokens_of(forms[1])
    if max(map(len, tokens)) > _LONGEST_UNIT:
        return ((0, len(before), 0, len(after)),)
    keys = [_keys(*side) for side in zip(forms, tokens, strict=True)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    changes: list[tuple[int, int, int, int]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        # 三十 and 四十五 share a character by chance: they are read as one change.
        if changes and a - changes[-1][1] == 1 and HAN_RUN.fullmatch(keys[0][a - 1]):
            changes[-1] = changes[-1][0], b, changes[-1][2], d
        else:
            changes.append((a, b, c, d))
    return tuple(
        (*_span(forms[0], tokens[0], a, b), *_span(forms[1], tokens[1], c, d))
        for a, b, c, d in changes
    )


def _keys(form: Canonical, tokens: Tokens) -> list[str]:
    """Tokens as they are written: between versions of a document the script counts."""
    return [
        '"' if key == '"' else form.text[slice(*span)]
        for key, span in zip(tokens.keys, tokens.spans, strict=True)
    ]


def _span(form: Canonical, tokens: Tokens, first: int, last: int) -> Span:
    if first < last:
        return form.span(tokens.spans[first][0], tokens.spans[last - 1][1])
    return form.span(*(2 * (tokens.spans[first - 1][1],))) if first else (0, 0)


def _paired(
    earlier: Sequence[ComparedUnit], later: Sequence[ComparedUnit]
) -> Iterator[ComparedPair]:
    """The pairs of two runs of units that differ, in order."""
    a = 0
    for first, second in _matches(earlier, later):
        for unit in earlier[a:first]:
            yield ComparedPair("removed", unit, None)
        a = first + 1
        yield from second
    for unit in earlier[a:]:
        yield ComparedPair("removed", unit, None)


def _matches(
    earlier: Sequence[ComparedUnit], later: Sequence[ComparedUnit]
) -> Iterator[tuple[int, list[ComparedPair]]]:
    """For each unit that was changed, its place among the earlier ones and what it became."""
    links = _links(earlier, later)
    c = 0
    for a, b in links:
        added = [ComparedPair("added", None, unit) for unit in later[c:b]]
        differences = differences_of(earlier[a].text, later[b].text)
        kind: PairKind = "changed" if differences else "same"
        yield a, [*added, ComparedPair(kind, earlier[a], later[b], differences)]
        c = b + 1
    if later[c:]:
        yield len(earlier), [ComparedPair("added", None, unit) for unit in later[c:]]


def _links(earlier: Sequence[ComparedUnit], later: Sequence[ComparedUnit]) -> list[tuple[int, int]]:
    """Which units are one another changed, in order: the alignment of the most likeness."""
    if not earlier or not later:
        return []
    if len(earlier) * len(later) > _LARGEST_BLOCK:
        return _links_by_number(earlier, later)
    words = [_words(unit.text) for unit in earlier], [_words(unit.text) for unit in later]
    best = [[0.0] * (len(later) + 1) for _ in range(len(earlier) + 1)]
    for a in range(len(earlier) - 1, -1, -1):
        for b in range(len(later) - 1, -1, -1):
            gain = _likeness(words[0][a], words[1][b])
            gain += _SAME_NUMBER if gain and _number(earlier[a]) == _number(later[b]) else 0.0
            linked = gain + best[a + 1][b + 1] if gain >= _LIKE else 0.0
            best[a][b] = max(linked, best[a + 1][b], best[a][b + 1])
    links = []
    a = b = 0
    while a < len(earlier) and b < len(later):
        if best[a][b] == best[a + 1][b]:
            a += 1
        elif best[a][b] == best[a][b + 1]:
            b += 1
        else:
            links.append((a, b))
            a, b = a + 1, b + 1
    return links


def _links_by_number(
    earlier: Sequence[ComparedUnit], later: Sequence[ComparedUnit]
) -> list[tuple[int, int]]:
    """The same for very many units: those of one number, as far as they are in order."""
    places = {_number(unit): at for at, unit in enumerate(later) if _number(unit)}
    links: list[tuple[int, int]] = []
    for a, unit in enumerate(earlier):
        b = places.get(_number(unit))
        if b is not None and (not links or b > links[-1][1]):
            links.append((a, b))
    return links


def _number(unit: ComparedUnit) -> str:
    match = _NUMBERED.match(unit.text)
    return "".join(match["label"].split()) if match else ""


def _words(text: str) -> Counter[str]:
    tokens = tokens_of(canonical(text))
    return Counter(
        key for key, kind in zip(tokens.keys, tokens.kinds, strict=True) if kind != "mark"
    )


def _likeness(before: Counter[str], after: Counter[str]) -> float:
    """The words that two units share, of those that they have (the coefficient of Dice)."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 0.0
