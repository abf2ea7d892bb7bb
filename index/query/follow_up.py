"""A question that leans on the one before it: 那賠償呢?, 'and how much?', 'who represented it?'.

It is searched with what the earlier question was about, which weighs less. A question that stands
on its own is left alone, whatever was asked before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from index.query.clauses import Clause, Query
from index.query.question import MOST_CLAUSES, ParsedQuestion, QuestionWord, key_of
from index.text.normalize import fold_term

EARLIER_WEIGHT = 0.3
"""What a clause of the earlier question counts for beside one of the question itself."""
FEW_WORDS = 2
"""Words with a meaning of their own that a question may have and still be a follow-up, if it
opens or closes like one; with a pronoun instead of its subject it may have twice as many."""

_OPENS = re.compile(
    r"\s*(?:那么?|而且?|还有|然后|接着|另外|其中|(?:and|but|or|so|then|also)\b"
    r"|(?:what|how) about\b|what else\b|why (?:not|so)\b)"
)
_CLOSES = re.compile(r"呢\W*$|\b(?:then|too|as well|instead)\W*$")
_POINTS_BACK = re.compile(
    r"[他她它]们?|[这那](?:个|些|家|件|位|份|样|次|封|项|种|笔|里|时)|此[事案人]|其[他余]|对方|前者|后者"
    r"|\b(?:it|its|he|him|his|she|hers?|they|them|theirs?|this|that|these|those|there|one|ones)\b"
)
_STANDS = re.compile(
    r"\b(?:who|what) (?:is|are|was|were|does|did)\b|(?:谁|什么|哪\w?)(?:是|叫)|是(?:谁|什么|哪)"
)
"""'Who is Qiao Chun?' has few words, and needs no more."""


def is_follow_up(asked: ParsedQuestion) -> bool:
    """Whether a question needs the one before it to be understood."""
    text = fold_term(asked.text)
    count = _count(asked.words)
    if not asked.wordy:
        return False
    if count == 0:
        return True
    if _POINTS_BACK.search(text):
        return count <= 2 * FEW_WORDS
    if _OPENS.match(text) or _CLOSES.search(text):
        return count <= FEW_WORDS
    return count == 1 and not _STANDS.search(text)


def with_earlier(asked: ParsedQuestion, earlier: ParsedQuestion) -> ParsedQuestion:
    """`asked` with the clauses of `earlier` that it lacks, weighing less."""
    known = {key_of(clause) for clause in asked.query.clauses}
    clauses = (*asked.query.clauses, *_lighter(earlier.query.clauses, known))
    return replace(asked, query=Query(clauses[:MOST_CLAUSES]))


def describe_follow_up(asked: ParsedQuestion, earlier: ParsedQuestion) -> str:
    """Both questions in their own words: the new one, and in brackets what it is about."""
    return f"{asked.text.strip()} ({earlier.text.strip()})"


def _lighter(clauses: Iterable[Clause], known: set[str]) -> Iterable[Clause]:
    for clause in clauses:
        if key_of(clause) not in known:
            yield replace(clause, weight=clause.weight * EARLIER_WEIGHT)


def _count(words: Iterable[QuestionWord]) -> int:
    """Words side by side: what lies within another, or overlaps it, counts once with it."""
    count, end = 0, -1
    for word in sorted(words, key=lambda one: (one.start, -one.end)):
        if word.start >= end:
            count += 1
        end = max(end, word.end)
    return count
