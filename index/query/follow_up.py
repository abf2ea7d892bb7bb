"""A question that leans on the one before it: 那賠償呢?, 'and how much?', 'who represented it?'.

It is searched with what the earlier question was about, which weighs less. A question that stands
on its own is left alone, whatever was asked before.
"""

from __future__ import annotations

import re
from dataclasses import replace

from index.engine.protocol import Query
from index.query.question import MOST_CLAUSES, ParsedQuestion, key_of
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
    r"[他她它]们?|[这那](?:个|些|家|件|位|份|样|次|封|项|种|笔|里|时)|此[事案人]"
    r"|其[他余]|对方|前者|后者"
    r"|\b(?:it|its|he|him|his|she|hers?|they|them|theirs?|this|that|these|those|there|one|ones)\b"
)
_OF_A_CASE = re.compile(
    r"审判[长员]|法官|书记员|陪审员|合议庭|检察官|公诉人|律师|辩护人|代理人|原告|被告"
    r"|上诉人|当事人|被害人|受害人|证人|鉴定人|第三人"
    r"|诉讼费|受理费|刑期|罚金|缓刑|案由|案号|判决|裁定|主文|宣判|开庭|上诉|一审|二审"
    r"|初审|罪名|赔偿|金额|利息|违约金|合同期限|期限|生效"
    r"|\b(?:judges?|justices?|clerk|prosecutors?|counsel|lawyers?|attorneys?|solicitors?"
    r"|barristers?"
    r"|plaintiffs?|defendants?|claimants?|respondents?|appellants?|appellees?|victims?"
    r"|witness(?:es)?|part(?:y|ies)"
    r"|sentence|fine|costs?|docket|judgment|appeal|damages|award|term|termination"
    r"|governing law|liability)\b"
)
"""What every case or contract has of its own."""
_STANDS = re.compile(
    r"\b(?:who|what) (?:is|are|was|were|does|did)\b|(?:谁|什么|哪\w?)(?:是|叫)|是(?:谁|什么|哪)"
)
"""'Who is Qiao Chun?' has few words, and needs no more."""


def is_follow_up(question: ParsedQuestion) -> bool:
    """Whether a question needs the one before it to be understood."""
    text = fold_term(question.text)
    count = count_words(question)
    if not question.has_words:
        return False
    if count == 0:
        return True
    # A pronoun takes the place of the subject, so a question with one may have more other words.
    if _POINTS_BACK.search(text):
        return count <= 2 * FEW_WORDS
    if _OPENS.match(text) or _CLOSES.search(text):
        return count <= FEW_WORDS
    return count == 1 and not _STANDS.search(text)


def stays_in_case(question: ParsedQuestion) -> bool:
    """Whether a question that stands by itself asks for a person or part of the case at hand.

    审判长是谁 after a question about one judgment means that judgment's.
    """
    text = fold_term(question.text)
    short = count_words(question) <= 2 * FEW_WORDS
    return short and not question.proper_names and _OF_A_CASE.search(text) is not None


def with_earlier(question: ParsedQuestion, earlier: ParsedQuestion) -> ParsedQuestion:
    """`question` with the clauses of `earlier` that it lacks, weighing less."""
    keys = {key_of(clause) for clause in question.query.clauses}
    added = tuple(
        replace(clause, weight=clause.weight * EARLIER_WEIGHT)
        for clause in earlier.query.clauses
        if key_of(clause) not in keys
    )
    return replace(question, query=Query((*question.query.clauses, *added)[:MOST_CLAUSES]))


def describe_follow_up(question: ParsedQuestion, earlier: ParsedQuestion) -> str:
    """Both questions in their own words: the new one, and in brackets what it is about."""
    return f"{question.text.strip()} ({earlier.text.strip()})"


def count_words(question: ParsedQuestion) -> int:
    """How many words stand side by side: one within another, or overlapping it, is not counted."""
    count, end = 0, -1
    for word in sorted(question.words, key=lambda word: (word.start, -word.end)):
        if word.start >= end:
            count += 1
        end = max(end, word.end)
    return count
