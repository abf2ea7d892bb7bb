"""Which documents does a question name, and which of its words only name them?

"Consider the NDA between X and Y; ..." and 现行公司法… say where to look; the rest says what for.
Where names single documents out, the search is limited to these and searches for the rest.
Articles that a question cites (劳动合同法39条, art 39 of the PRC …, PIPL Article 13) are paired
with the law named next to them; they are then found by their pins, above what only quotes them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.language.lengths import Span
from corpus.language.numerals import parse_number
from index.naming.directory import DocumentDirectory, Law, LawName, Name
from index.naming.document_names import COMMON_WORD
from index.text.canonical import ARTICLE, HAN_NUMBER, canonical_terms
from index.text.normalize import fold_term

CONVINCING = 0.9
"""The weight of names from which documents are singled out."""
CLOSE = 0.25
"""Documents whose names weigh so little less than the first one's are chosen with it."""
MOST = 50
"""A choice of more documents than these is none: a party of a whole matter says nothing."""
FRAMED = 1.0
"""The least weight of a name inside a frame: there, even a common word means a document."""

_FRAME = re.compile(
    r"^\s*(?:consider(?:ing)?|in|under|per|according to|as per|for|from|regarding|about)\s"
    r"(?P<names>[^;:\n]{2,200}?(?:agreement|policy|contract|nda|terms|statement|lease|deed|will"
    r"|judgment|opinion|decision|act|law|code|version|case)[^;:,\n]{0,120})[;:,]\s"
    r"|^\s*consider (?P<other>[^;\n]{2,200});"
)
_IN_TITLE = re.compile(
    r"\s{0,40}(?:in\s{1,40}|在|于|於)(?P<title>[^:：\n]{1,200}?)\s{0,8}(?:中|里|裡|內|内)?[:：]\s{0,40}(?P<question>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"《(?P<names>[^《》\n]{2,60})》")
_VERSION = re.compile(
    r"(?:于)?(?P<year>(?:19|20)\d\d)年?(?:版|修订|修正|修改|的版本|公布|颁布|那版|旧法|新法)"
    r"|(?:the )?(?P<english>(?:19|20)\d\d) (?:version|edition|amendment|revision|text)"
    r"|(?:version|edition|text|as amended|revised|amended|as of|in force) (?:of"
    r"|in) (?P<of>(?:19|20)\d\d)"
)
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年|(?!\d))")
_OLDER = re.compile(
    r"旧(?:的)?(?=[^,。?]{0,6}法)|旧法|旧版|旧条|老版|修[订改正]前|修法前"
    r"|原(?=[^,。?]{0,4}法)|之前的版本|以前的版本"
    r"|\b(?:old|former|previous|earlier|prior|repealed|superseded) (?:version|edition"
    r"|law|act|code|text)\b"
    r"|\bbefore the (?:amendment|revision)\b"
)
_NEWEST = re.compile(
    r"现行|最新|新版|新修[订正改]?|新(?=[^,。?]{0,4}法)|(?:the )?(?:current|latest"
    r"|newest|new) (?:version|edition)?"
    r"|\bin force\b|修[订改正]后"
)
_SECOND = re.compile(r"二审|终审|上诉审|第二审|\bon appeal\b|\bappeal court\b|\bappellate\b")
_FIRST = re.compile(
    r"一审|初审|原审|第一审|\btrial court\b|\bat first instance\b|\bfirst instance\b"
)
_IN_SECOND = re.compile(r"终\d|二审|终字|上诉|上字|上易|appeal", re.IGNORECASE)
_IN_FIRST = re.compile(r"初\d|一审|初字|(?<!上)诉字|district", re.IGNORECASE)
_MAINLAND = re.compile(r"大陆|中国|内地|\bprc\b|\bchina\b|\bchinese\b|\bmainland\b")
_TAIWAN = re.compile(r"台湾|中华民国|我国台湾|\btaiwan(?:ese)?\b|\broc\b|\br\.o\.c\.?")


@dataclass(frozen=True, slots=True)
class DocumentChoice:
    """The documents that a question names, by their places in the directory; none if empty.

    `named`: where the folded question names them. `ignored`: the spans that only name them.
    """

    documents: frozenset[int] = frozenset()
    named: tuple[Span, ...] = ()
    ignored: tuple[Span, ...] = ()
    absent: tuple[Span, ...] = ()
    """Where the question asks for a judgment on appeal, and those named are not."""

    def __bool__(self) -> bool:
        return bool(self.documents)


NO_CHOICE = DocumentChoice()


def choose_documents(
    text: str, names: Sequence[Name], directory: DocumentDirectory
) -> DocumentChoice:
    """The documents that the names in a folded question single out."""
    frames, laws = _frames(text), directory.find_laws(text)
    weights: dict[int, float] = defaultdict(float)
    telling: dict[int, float] = defaultdict(float)
    for name in names:
        framed = any(start <= name.start and name.end <= end for start, end in frames)
        for document in name.documents:
            weights[document] += max(FRAMED, name.weight) if framed else name.weight
            if framed or name.weight > COMMON_WORD:
                telling[document] += max(FRAMED, name.weight) if framed else name.weight
    weights = {n: weight for n, weight in weights.items() if telling[n] >= CONVINCING}
    if max(weights.values(), default=0.0) < CONVINCING:
        return NO_CHOICE
    best = max(weights.values())
    chosen = {document for document, weight in weights.items() if weight >= best - CLOSE}
    for name in names:
        # A second document beside the first: compare the DPA with the CSA.
        if name.weight >= CONVINCING and not chosen & name.documents:
            chosen |= name.documents
    chosen = _narrowed(text, chosen, directory)
    if len(chosen) > MOST or (len(chosen) > 1 and 2 * len(chosen) > len(directory)):
        return NO_CHOICE
    naming = [name for name in names if chosen & name.documents]
    return DocumentChoice(
        frozenset(chosen),
        tuple((name.start, name.end) for name in naming),
        (
            *frames,
            *((name.start, name.end) for name in naming if not name.is_party),
            *(_versions(text) if any(chosen & law.documents for law in laws) else ()),
        ),
        tuple(_absent_instances(text, chosen, directory)),
    )


def asks_for_version(text: str) -> bool:
    """Whether a folded question asks for a version of a law that need not be the one in force."""
    return bool(_OLDER.search(text) or _VERSION.search(text) or _YEAR.search(text))


def documents_called(reference: str, directory: DocumentDirectory) -> frozenset[int]:
    """The documents that a person chose outright, by an id, a title or a name; none if unknown."""
    resolved = directory.resolve(reference)
    if resolved:
        return resolved
    folded = fold_term(reference)
    return choose_documents(folded, directory.find_names(folded), directory).documents


def split_reference(text: str) -> tuple[str, str] | None:
    """`in TITLE: question` taken apart; None for a text of another form."""
    match = _IN_TITLE.match(text)
    return (match["title"], match["question"]) if match else None


def _frames(text: str) -> tuple[Span, ...]:
    """The spans of a question that only say in which document to look."""
    match = _FRAME.match(text)
    frames = [match.span()] if match else []
    frames += [match.span() for match in _QUOTED.finditer(text)]
    return tuple(frames)


def _absent_instances(
    text: str, chosen: Iterable[int], directory: DocumentDirectory
) -> Iterator[Span]:
    """Where a question asks for the second instance of cases that are held in the first alone.

    What a judgment of first instance says of an appeal is how to bring one.
    """
    dockets = [fold_term(directory.documents[number].facts.docket or "") for number in chosen]
    first = [_IN_FIRST.search(docket) and not _IN_SECOND.search(docket) for docket in dockets]
    if dockets and all(first):
        yield from (match.span() for match in _SECOND.finditer(text))


def _versions(text: str) -> Iterator[Span]:
    """Where a question that names a law says which version, or which country's."""
    for pattern in (_VERSION, _YEAR, _OLDER, _NEWEST, _MAINLAND, _TAIWAN):
        for match in pattern.finditer(text):
            yield match.span()


def _narrowed(text: str, chosen: set[int], directory: DocumentDirectory) -> set[int]:
    """The documents that country, instance, year and edition leave of those named."""
    for pattern, language in ((_MAINLAND, "zh-Hans"), (_TAIWAN, "zh-Hant")):
        if pattern.search(text):
            chosen = _preferred(
                chosen,
                (n for n in chosen if directory.documents[n].language == language
                 or pattern.search(fold_term(_called(directory, n)))),
            )  # fmt: skip
    for question_pattern, name_pattern in ((_SECOND, _IN_SECOND), (_FIRST, _IN_FIRST)):
        if question_pattern.search(text):
            chosen = _preferred(
                chosen, (n for n in chosen if name_pattern.search(fold_term(_called(directory, n))))
            )
    return _edition(text, chosen, directory)


def _called(directory: DocumentDirectory, number: int) -> str:
    document = directory.documents[number]
    return f"{document.title} {document.path} {document.facts.docket or ''}"


def _preferred(chosen: set[int], fitting: Iterable[int]) -> set[int]:
    return set(fitting) or chosen


def _edition(text: str, chosen: set[int], directory: DocumentDirectory) -> set[int]:
    """Of several editions of one law, the one in force or the one that is asked for."""
    editions = [law for laws in directory.laws.values() for law in laws if law.document in chosen]
    by_work: dict[str, list[Law]] = defaultdict(list)
    for law in editions:
        by_work[law.work].append(law)
    for laws in by_work.values():
        superseded = directory.superseded_of(laws)
        if not superseded:
            continue
        year_match = _VERSION.search(text) or _YEAR.search(text)
        year = next(filter(None, year_match.groupdict().values()), None) if year_match else None
        if year:
            dated = [law for law in laws if law.date[:4] == year]
            earlier = [law for law in laws if law.date[:4] <= year]
            last = max((law.date for law in earlier), default="")
            in_question = dated or [law for law in earlier if law.date == last] or laws
        elif _OLDER.search(text):
            in_question = [law for law in laws if law.document in superseded]
        else:
            in_question = [law for law in laws if law.document not in superseded]
        chosen = chosen - {law.document for law in laws} | {law.document for law in in_question}
    return chosen


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
        term.removeprefix(ARTICLE)
        for _, _, term in canonical_terms(folded)
        if term.startswith(ARTICLE)
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
