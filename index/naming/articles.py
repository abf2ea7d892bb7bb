"""Articles that a question cites: 劳动合同法39条, art 39 of the PRC …, PIPL Article 13.

Each is paired with the law named next to it. A law that the scope holds decides which documents
are looked at; its article is then found by its pin, so that it stands above what only quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.language.numerals import parse_number
from index.naming.directory import DocumentDirectory, LawName
from index.query.asking import Span
from index.text.normalize import fold_term
from index.text.numerals import HAN_NUMBER, canonical_terms

_NUMBER = rf"(?P<n>\d{{1,4}}|{HAN_NUMBER}{{1,8}})"
_BRANCH = rf"(?:\s?(?:之|-)\s?(?P<branch>\d{{1,2}}|{HAN_NUMBER}{{1,3}}))?"
_CITED = re.compile(
    rf"第\s?{_NUMBER}{_BRANCH}\s?条(?:\s?之\s?(?P<after>\d{{1,2}}|{HAN_NUMBER}{{1,3}}))?"
    r"|(?<![\d.])(?P<plain>\d{1,4})(?:\s?[-之]\s?(?P<plain_branch>\d{1,2}))?\s?条(?:\s?之\s?(?P<plain_after>\d{1,2}))?"
    rf"|(?<=[法典例定])(?P<han>{HAN_NUMBER}{{1,8}})\s?条(?:\s?之\s?(?P<han_after>{HAN_NUMBER}{{1,3}}))?"
    r"|(?:\b(?:articles?|arts?\.?|sections?|sect?\.?|s\.?|ss\.?)\s?|§{1,2}\s?)(?P<english>\d{1,4})(?:-(?P<english_branch>\d{1,2})\b)?"
)
# A number that stands behind a law's name and says nothing else: 劳动合同法 39.
_BARE = re.compile(r"\s?(?P<n>\d{1,4})(?![\d年.%])(?:\s?[-之]\s?(?P<branch>\d{1,2}))?")
_EDITION_AFTER = re.compile(r"\s?\([^()]{1,20}\)|》")
FAR = 40
"""Characters between a law's name and an article of it at most."""


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """An article of a law, as a question cites it: `number` is `39` or `87-1`."""

    law: LawName
    number: str
    span: Span


def find_cited(text: str, directory: DocumentDirectory) -> list[CitedArticle]:
    """The articles that a folded question cites with the name of a law."""
    laws = directory.find_laws(text)
    if not laws:
        return []
    citations = []
    spans: list[Span] = []
    for span, number in _numbers(text):
        law = _nearest(span, laws)
        if law:
            citations.append(CitedArticle(law, number, span))
            spans.append(span)
    for law in laws:
        start = law.end
        while behind := _EDITION_AFTER.match(text, start):
            start = behind.end()
        bare = _BARE.match(text, start)
        if bare and not any(start <= first < bare.end() for first, _ in spans):
            cited = _joined(bare["n"], bare["branch"])
            if cited:
                citations.append(CitedArticle(law, cited, bare.span()))
    return citations


def article_numbers(pin: str) -> frozenset[str]:
    """The articles that a pin names: `第87條之1` is `87-1`, `Article 39` is `39`."""
    folded = fold_term(pin)
    numbers = {
        term.removeprefix("art:")
        for _, _, term in canonical_terms(folded)
        if term.startswith("art:")
    }
    taiwanese = re.match(r"第\s?(\d{1,4})-(\d{1,2})\s?条", folded)
    if taiwanese:
        numbers.add(f"{taiwanese[1]}-{taiwanese[2]}")
    numbered = re.match(r"(?:section|s\.?|§+)?\s?(\d{1,4})\b(?!\s*[/–.-])", folded)
    if numbered and not numbers:
        numbers.add(numbered[1])
    return frozenset(numbers)


def _numbers(text: str) -> Iterator[tuple[Span, str]]:
    for match in _CITED.finditer(text):
        number = match["n"] or match["plain"] or match["han"] or match["english"]
        branch = next(
            (match[name] for name in ("branch", "after", "plain_branch", "plain_after", "han_after",
              "english_branch")
             if match[name]),
            None,
        )  # fmt: skip
        cited = _joined(number, branch)
        if cited:
            yield match.span(), cited


def _joined(number: str, branch: str | None) -> str:
    value = parse_number(number)
    inner = parse_number(branch) if branch else None
    return "" if not value else f"{value}-{inner}" if inner else str(value)


def _nearest(span: Span, laws: Sequence[LawName]) -> LawName | None:
    """The law before an article, else the one after it, if either is near."""
    before = [law for law in laws if 0 <= span[0] - law.end <= FAR]
    after = [law for law in laws if 0 <= law.start - span[1] <= FAR]
    if before:
        return before[-1]
    return after[0] if after else None


def spans_of(cited: Iterable[CitedArticle]) -> tuple[Span, ...]:
    """What of a question cites."""
    return tuple(article.span for article in cited)
