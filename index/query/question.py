"""A question to a query: what is asked for, in weighted clauses of alternative terms.

Names are told from other words here: people by surname, Latin names by their capitals.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import rjieba

from corpus.language.dates import MONTHS
from corpus.language.lengths import Span
from corpus.language.scripts import HAN, HAN_RUN
from corpus.models import Scope
from index.engine.protocol import TELLING, Alternative, Clause, Query
from index.query.asking import cue_clauses, find_asking, set_apart
from index.text.analyzer import BIGRAM, TermSpan, scan, stem
from index.text.canonical import CITED
from index.text.normalize import Folded, fold, fold_term
from index.text.stopwords import CHINESE, ENGLISH

_AFTER_NAME = re.compile(r"(?:案件?|诉|与|和|跟|判)$")
SURNAMES = frozenset(
    "丁万上东严丰乌乐乔乜习于云井仇从付仝代令仰仲任伊伍伏何余侯俞倪傅储元充党全公关养冀冉农冯"
    "冷凌凤刁刘利别劳勾包匡区华卓单卜卞卢卫印危厉厍双古台史叶司吉后向吕吴周和咸唐喻国堵夏夔奚"
    "姚姜姬娄孔孙孟季宁宇安宋宓宗宣宦宫宰家容宿寇富寿封尉尚尤尹居屈屠山岑岳崔嵇巢左巩巫巴师席"
    "常干平幸广庄应庞康庾廉廖弓弘张强彭徐怀惠慎慕戈戎成戚戴房扈扶支敖文方於施时昌明易昝晁晏景"
    "暨暴曲曹曾朱权李杜束杨杭松林柏查柯柳柴栾桂桑桓梁梅樊欧步武殳段殷毋毕毛水江池汤汪汲沃沈沙"
    "洪浦涂温游湛滑滕满潘濮焦熊燕牛牧狄王班璩甄甘田申白皮益盖盛相瞿石祁祖祝禄禹秋秦程穆空窦章"
    "童竺符简管籍米糜索红纪练终经缪罗羊羿翁翟耿聂肖胡胥能臧舒艾芮花苍苏苗范茅茹荀荆荣莘莫萧葛"
    "董蒋蒙蒯蒲蓝蓟蓬蔚蔡蔺薄薛虞融衡袁裘裴褚覃解訾詹计许诸谈谢谭谷贝贡贲费贺贾赖赵越路车辛边"
    "连逄通逯邓邢那邬邱邴邵邹郁郎郏郑郗郜郝郦郭都鄂酆金钟钭钮钱长闫闵闻阎阙阚阮阴陆陈陶隆隗雍"
    "雷霍靳鞠韦韩韶项须顾颜饶马骆高魏鱼鲁鲍麻黄黎齐龙龚"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,7}s?")
_NO_NAMES = frozenset(MONTHS) | frozenset(
    """
    Article Articles Art Section Sections Sec Clause Schedule Chapter Part Rule Act Law Code
    Agreement Contract Court Judge Plaintiff Defendant Claimant Respondent Appellant Appellee
    Tribunal English Chinese China Taiwan Taiwanese American British PRC ROC UK US USA EU I
    """.split()
)
"""Capitalised words that name no one: a scope that lacks them lacks nothing that was asked for."""


_BEFORE_CASE = re.compile(rf"[{''.join(sorted(SURNAMES))}][{HAN}]{{1,2}}(?=案|诉)")


def find_people(text: str, names: Iterable[Span] = ()) -> list[Span]:
    """Where a folded question names people by a Chinese name, apart from `names`."""
    # Words that ask are taken out first: in 陈立新判几年 the name would take 判 along.
    characters = list(text)
    for start, end in (*find_asking(text), *names):
        characters[start:end] = " " * (end - start)
    bare = "".join(characters)
    return [
        (run.start() + start, run.start() + end)
        for run in HAN_RUN.finditer(bare)
        for start, end in people_spans(run[0])
    ]


def people_spans(run: str) -> Iterator[Span]:
    """Where a Han run names people, as its parts of speech give them."""
    before_case = _BEFORE_CASE.match(run)
    if before_case and not rjieba.has_word(before_case[0]):
        yield before_case.span()
        for first, last in people_spans(run[before_case.end() :]):
            yield before_case.end() + first, before_case.end() + last
        return
    start = end = 0
    for word, tag in (*rjieba.tag(run), ("", "")):
        if tag.startswith("nr") and end - start + len(word) <= 4:
            end += len(word)
            continue
        bare = _AFTER_NAME.sub("", run[start:end])
        if 2 <= len(bare) <= 4 and bare[0] in SURNAMES:
            yield start, start + len(bare)
        if tag.startswith("nr"):
            start, end = end, end + len(word)
        else:
            start = end = end + len(word)


def find_capitalised(text: str) -> Iterator[Span]:
    """Where a question as written has Latin names: capitals inside a sentence, or an acronym.

    A question that is all capitals, or has a capital on every word, tells nothing by them.
    """
    words = re.findall(r"[A-Za-z]{2,}", text)
    if len(words) > 1 and all(word[0].isupper() for word in words):
        return
    for match in re.finditer(r"[A-Za-z][\w'’-]*\w", text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        first = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!:;"
        if not word[0].isupper() or word in _NO_NAMES or word.casefold() in ENGLISH:
            continue
        # The first word of a sentence is a capital anyway: only its form can tell.
        if _ACRONYM.fullmatch(word) or not first or re.search(r"[a-z][A-Z]", word):
            yield match.start(), match.start() + len(word)


BIGRAM_WEIGHT = 0.5
"""Beside words; tuned on one half of the development collections (docs/experiments.md)."""

CITED_WEIGHT = 3.0
"""Of an article cited with its law's name: that is the passage asked for, whatever its words."""

SURE_TRANSLATION = 0.3
"""Of initials: GDPR is not known where 条例 is, one of many words that gloss it."""

MOST_CLAUSES = 256
"""A question of 4,096 characters is long text; what it says first is searched."""

_STOPPED = CHINESE | ENGLISH | frozenset(stem(word) for word in ENGLISH)


@dataclass(frozen=True, slots=True)
class PhoneticMatch:
    """Where a name is heard in a text, and how well: in (0, 1]."""

    strength: float
    start: int
    end: int


class NameMatcher(Protocol):
    """Foreign names in Latin letters, heard in Chinese characters."""

    def find(
        self, name: str, text: str, starts: Iterable[int] | None = None
    ) -> PhoneticMatch | None:
        """The best place in a folded `text` for a name in small letters; none if there is none.

        `starts`: where it may begin; anywhere, if None.
        """

    def starts(self, name: str, text: str) -> Iterable[int]:
        """Where a name with this first letter may begin in a folded text."""


class Vocabulary(Protocol):
    """Knows other ways to say what is asked, in each scope those that its matters may know."""

    def within(self, scope: Scope) -> QueryExpander:
        """What serves the questions of a scope."""


class QueryExpander(Protocol):
    """Knows other ways to say a question: translations, synonyms, names by their sound."""

    @property
    def names(self) -> NameMatcher: ...

    def clauses(self, text: str) -> Iterable[Clause]:
        """Clauses for a folded text."""

    def readings(self, character: str) -> tuple[str, ...]:
        """The syllables of pinyin, without tones, by which a folded character is read."""


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word of the question that is searched for: its clause and where it stands.

    `surface` is how the question wrote it; `clause` an index into the query's clauses.
    """

    surface: str
    clause: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ProperName:
    """A name in a question: a person, a company, a law. `clauses`: what has to be found of it.

    Of a Chinese name these are its pairs of characters, since how jieba cuts a name differs from
    one sentence to the next.
    """

    surface: str
    clauses: tuple[int, ...]
    forms: tuple[str, ...] = ()
    """How a passage that knows it may write it; empty where it may be spelt by its sound."""

    def is_known(self, frequencies: Sequence[float], texts: Iterable[str] | None = None) -> bool:
        """Whether passages hold all of it, by the document frequency of each clause.

        `texts`, folded, are the best candidates': pairs of characters may each stand somewhere
        else (产条 of 破产条例 in 生产条件), so one of its forms has to be in one of them whole.
        """
        if not self.clauses or any(frequencies[clause] < TELLING for clause in self.clauses):
            return False
        if texts is None or not self.forms:
            return True
        return any(form in text for text in texts for form in self.forms)


@dataclass(frozen=True, slots=True)
class Marks:
    """Spans of a folded question that are more or less than words.

    `names` are one thing each, and set apart from their neighbours; those of `lacking` name
    something that no document is. `ignored` only say in which document to look. `latin`: whether
    the documents have Latin letters at all; else a name in these says nothing by its absence.
    """

    names: tuple[Span, ...] = ()
    ignored: tuple[Span, ...] = ()
    lacking: tuple[Span, ...] = ()
    latin: bool = True
    absent: tuple[Span, ...] = ()
    """What no document of the scope can be, whatever its words: a court of appeal's judgment."""


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question understood: the query it becomes, and the words it is made of.

    `folded`: the text in which `words` stand, longer than the folded `text` where names are set
    apart in it. `has_words`: whether it holds any word at all, common ones included. `names`: what
    listens for its names, if anything does.
    """

    text: str
    folded: str
    query: Query
    words: tuple[QuestionWord, ...]
    has_words: bool
    names: NameMatcher | None = None
    proper_names: tuple[ProperName, ...] = ()
    held_names: tuple[str, ...] = ()
    """The names that documents of the scope have, though their text may not say them."""

    def with_phrases(self, frequencies: Sequence[float]) -> list[float]:
        """The clauses' document frequencies, a word of a phrase being as frequent as the phrase.

        Where the team's glossary says "Project Falcon" in other words, passages that hold those
        know both of its words, though none says either.
        """
        words = [(n, f" {c.surface} ") for n, c in enumerate(self.query.clauses)]
        phrases = [(n, surface) for n, surface in words if " " in surface.strip()]
        frequent = list(frequencies)
        for number, surface in words:
            for phrase, longer in phrases:
                if len(surface) < len(longer) and surface in longer:
                    frequent[number] = max(frequent[number], frequencies[phrase])
        return frequent

    def unknown_names(
        self, frequencies: Sequence[float], texts: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """The names that passages do not hold: the strongest sign that nothing answers."""
        frequent = self.with_phrases(frequencies)
        unknown = (n.surface for n in self.proper_names if not n.is_known(frequent, texts))
        return tuple(dict.fromkeys(unknown))

    def unknown(self, frequencies: Sequence[float]) -> tuple[str, ...]:
        """Words that no passage says, nor any word overlapping them; the longest of each place.

        Names come first, each whole. `frequencies[i]` is the expected document frequency of
        clause i. Takes time linear in the number of words, of which a pasted page has thousands.
        """
        names = self.unknown_names(frequencies)
        frequencies = self.with_phrases(frequencies)
        names_known = (*names, *self.held_names)
        end = max((word.end for word in self.words), default=0)
        present = [0] * (end + 1)
        for word in self.words:
            if frequencies[word.clause] >= TELLING:
                present[word.start : word.end] = [1] * (word.end - word.start)
        before = [0, *accumulate(present)]
        absent: list[QuestionWord] = []
        reached = -1
        for word in sorted(self.words, key=lambda word: (word.start, -word.end)):
            is_same = bool(absent) and (word.start, word.end) == (absent[-1].start, absent[-1].end)
            if before[word.end] == before[word.start] and (word.end > reached or is_same):
                absent.append(word)
                reached = max(reached, word.end)
        words = (word.surface for word in absent)
        return tuple(
            dict.fromkeys(
                (*names, *(w for w in words if not any(w in name for name in names_known)))
            )
        )


def parse_question(
    text: str, expander: QueryExpander | None = None, marks: Marks | None = None
) -> ParsedQuestion:
    """Understand a question; the query is empty when only common words or signs are in it."""
    folded_text = fold(text)
    marks = marks or Marks()
    people = find_people(folded_text.text, marks.names)
    named = [*marks.names, *people]
    asking = [span for span in find_asking(folded_text.text) if not _cuts(span, marks.names)]
    cuts = [edge for span in named for edge in span]
    folded = set_apart(folded_text, [*asking, *marks.ignored], cuts)
    tokens = sorted(scan(folded), key=lambda token: (token[1], -token[2]))
    content = [
        token for token in tokens if not token[0].startswith(BIGRAM) and token[0] not in _STOPPED
    ]
    clauses = _clauses_of(folded, tokens, content, expander)
    # Cues make candidates only of a case that is named: judgments are full of them.
    for clause in cue_clauses(folded_text.text) if content and marks.names else ():
        clauses.setdefault(key_of(clause), clause)
    places = {term: place for place, term in enumerate(clauses)}
    query = Query(tuple(clauses.values())[:MOST_CLAUSES])
    spans = _name_spans(text, folded_text, marks, people)
    absent = {folded_text.span(*span) for span in marks.absent}
    return ParsedQuestion(
        text,
        folded.text,
        query,
        _words(text, folded, content, places),
        has_words=bool(tokens or asking),
        names=expander.names if expander else None,
        proper_names=tuple(_proper_names(text, folded, spans, tokens, places, query, absent)),
        held_names=tuple(
            text[slice(*folded_text.span(*span))]
            for span in marks.names
            if span not in marks.lacking
        ),
    )


def _clauses_of(
    folded: Folded,
    tokens: Sequence[TermSpan],
    content: Sequence[TermSpan],
    expander: QueryExpander | None,
) -> dict[str, Clause]:
    """What a question asks for, by `key_of`; `content` are the tokens that are no common words."""
    clauses: dict[str, Clause] = {}
    if not content:
        return clauses
    # Translations come first: where one of them says a word wholly, it brings the word's synonyms
    # along, and the plain clause below would hide them.
    for clause in expander.clauses(folded.text) if expander else ():
        if clause.alternatives:
            clauses.setdefault(key_of(clause), clause)
    for term, start, end in content:
        weight = CITED_WEIGHT if term.startswith(CITED) else 1.0
        clauses.setdefault(term, Clause(folded.text[start:end], (Alternative(term),), weight))
    for clause in _bigrams(tokens, folded.text):
        clauses.setdefault(key_of(clause), clause)
    return clauses


def _cuts(span: Span, names: Iterable[Span]) -> bool:
    """Whether a span would cut into a name."""
    return any(span[0] < end and start < span[1] for start, end in names)


def _name_spans(text: str, written: Folded, marks: Marks, people: Iterable[Span]) -> list[Span]:
    """Where a question as written has names that passages, and not titles, have to know."""
    known_spans = [written.span(*span) for span in marks.names if span not in marks.lacking]
    spans = {written.span(*span) for span in (*people, *marks.lacking, *marks.absent)}
    for start, end in find_capitalised(text):
        # Initials are written alike in every language; a name may be spelt by its sound.
        tells = marks.latin or (end - start > 2 and text[start:end].isupper())
        if tells and not _cuts((start, end), known_spans):
            spans.add((start, end))
    return sorted(spans)


def _proper_names(
    text: str,
    folded: Folded,
    spans: Sequence[Span],
    tokens: Sequence[TermSpan],
    places: Mapping[str, int],
    query: Query,
    absent: Collection[Span],
) -> Iterable[ProperName]:
    """The names of a question that its query asks for, each with its clauses."""
    located = [(term, folded.span(start, end)) for term, start, end in tokens if start < end]
    for start, end in spans:
        inside = [term for term, span in located if start <= span[0] and span[1] <= end]
        pairs = [term for term in inside if term.startswith(BIGRAM)]
        clauses = {places[term] for term in pairs or inside if term in places}
        clauses = {clause for clause in clauses if clause < MOST_CLAUSES}
        if clauses or (start, end) in absent:
            name = text[start:end]
            terms = (alternative for n in clauses for alternative in query.clauses[n].alternatives)
            yield ProperName(
                name,
                () if (start, end) in absent else tuple(sorted(clauses)),
                tuple(_forms(name, terms)),
            )


def _forms(name: str, terms: Iterable[Alternative]) -> Iterator[str]:
    """The forms of a Chinese name, or of initials: as they are, or surely translated."""
    folded = fold_term(name)
    if HAN_RUN.search(folded):
        yield folded
    elif len(name) > 2 and name.isupper():
        yield folded
        yield from (a.term for a in terms if SURE_TRANSLATION <= a.p < 1)


def key_of(clause: Clause) -> str:
    """What a clause is known by: the question's own word where it has one, else its wording."""
    first = clause.alternatives[0]
    return first.term if first.p == 1 else f"{clause.surface} =>"


def _words(
    text: str, folded: Folded, content: Iterable[TermSpan], places: Mapping[str, int]
) -> tuple[QuestionWord, ...]:
    return tuple(
        QuestionWord(_surface(text, folded, start, end), places[term], start, end)
        for term, start, end in content
        if places[term] < MOST_CLAUSES
    )


def _surface(text: str, folded: Folded, start: int, end: int) -> str:
    first, last = folded.span(start, end)
    return text[first:last]


def _bigrams(tokens: Sequence[TermSpan], text: str) -> Iterable[Clause]:
    """Pairs of characters, save those that lie wholly in common words."""
    common = [False] * len(text)
    for term, start, end in tokens:
        if term in _STOPPED and HAN_RUN.fullmatch(term):
            common[start:end] = [True] * (end - start)
    for term, start, end in tokens:
        if term.startswith(BIGRAM) and not all(common[start:end]):
            yield Clause(text[start:end], (Alternative(term),), BIGRAM_WEIGHT)
