"""Folded text as dictionaries look it up: Latin words by their stems, Han characters one by one.

Function words are dropped from questions and from glosses. Irregular forms are joined to the
form that a dictionary lists (won -> win), which no stemmer does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import rjieba

from corpus.language.scripts import HAN, HAN_RUN
from index.text import analyzer, stopwords

# More than the stop words of a query: these say nothing as entries of a dictionary.
ENGLISH_FUNCTION_WORDS = stopwords.ENGLISH | frozenset(
    """
    up down out off away along around
    over under without both each every all few more most other another too same own while during
    before after between among through per via because until against upon within hers ours yours
    mine theirs had has aren couldn didn doesn don hadn hasn haven isn wasn weren wouldn shouldn
    don't doesn't didn't isn't aren't wasn't weren't won't can't cannot couldn't wouldn't shouldn't
    hasn't haven't hadn't it's that's what's who's let's i'm you're we're they're i've you've we've
    they've d ll re ve m etc
    """.split()
)

CHINESE_FUNCTION_WORDS = stopwords.CHINESE | frozenset(
    """
    不 上 下 中 里 名 位 得 着 过 将 就 最 更 没有 为什 何处 何种 会不会 能不能 可不可以 有何
    没 有哪些 会否 因此 除了 之间 之后 之前 者 所 由于 往 使 令 根据 按照 咱们 您 该 此 各 每 某
    某些 等 的话 还是 或者 而且 然而 不过 只 只有 才 则 啦
    哦 喔 第 次 去 来 做 叫 说 它 那种 这种 一种 且 地 个
    """.split()
)

_IRREGULAR_VERBS = """
arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|befall befell
befallen|begin began begun|behold beheld|bend bent|bereave bereft|bid bade bidden|bind bound
|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built
|burn burnt|buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt
|dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|dwell dwelt|eat ate eaten
|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fling flung|fly flew flown
|forbid forbade forbidden|foresee foresaw foreseen|forget forgot forgotten
|forgive forgave forgiven|forsake forsook forsaken|freeze froze frozen|get got gotten
|give gave given|go went gone|grind ground|grow grew grown|hang hung|hear heard|hide hid hidden
|hold held|keep kept|kneel knelt|know knew known|lay laid|lead led|lean leant|leap leapt
|learn learnt|leave left|lend lent|lie lain|light lit|lose lost|make made|mean meant|meet met
|mislead misled|mistake mistook mistaken|misunderstand misunderstood|outdo outdid outdone
|overcome overcame|overdo overdid overdone|overhear overheard|override overrode overridden
|oversee oversaw overseen|overtake overtook overtaken|overthrow overthrew overthrown
|partake partook partaken|pay paid|plead pled|prove proven|rebuild rebuilt|redo redid redone
|repay repaid|rewrite rewrote rewritten|ride rode ridden|ring rang rung|rise rose risen|run ran
|say said|see saw seen|seek sought|sell sold|send sent|sew sewn|shake shook shaken|shear shorn
|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat
|slay slew slain|sleep slept|slide slid|sling slung|smell smelt|sow sown|speak spoke spoken
|speed sped|spell spelt|spend spent|spill spilt|spin spun|spit spat|spoil spoilt
|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|stink stank stunk
|strew strewn|stride strode stridden|strike struck stricken|string strung|strive strove striven
|swear swore sworn|sweep swept|swell swollen|swim swam swum|swing swung|take took taken|teach taught
|tear tore torn|tell told|think thought|throw threw thrown|tread trod trodden
|undergo underwent undergone|understand understood|undertake undertook undertaken
|undo undid undone|uphold upheld|wake woke woken|wear wore worn|weave wove woven|weep wept|win won
|wind wound|withdraw withdrew withdrawn|withhold withheld|withstand withstood|wring wrung
|write wrote written
"""
_IRREGULAR_NOUNS = """
man men|woman women|child children|foot feet|tooth teeth|goose geese|mouse mice|person people
|ox oxen|leaf leaves|wife wives|knife knives|life lives|half halves|wolf wolves
|shelf shelves|thief thieves|loaf loaves|calf calves|self selves
|analysis analyses|basis bases|crisis crises|thesis theses
|hypothesis hypotheses|axis axes|criterion criteria|phenomenon phenomena|datum data|medium media
|bacterium bacteria|curriculum curricula|memorandum memoranda|addendum addenda|appendix appendices
|index indices|matrix matrices|vertex vertices|stimulus stimuli|nucleus nuclei|fungus fungi
|cactus cacti|alumnus alumni|radius radii|good better best|bad worse worst|far farther further
"""


@cache
def _irregular() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    bases_of: dict[str, tuple[str, ...]] = {}
    forms_of: dict[str, tuple[str, ...]] = {}
    for group in (_IRREGULAR_VERBS + "|" + _IRREGULAR_NOUNS).split("|"):
        base, *forms = group.split()
        # Stems on both sides, as the index has them.
        key = analyzer.stem(base)
        stems = dict.fromkeys((*forms_of.get(key, ()), *map(analyzer.stem, forms)))
        forms_of[key] = tuple(stem for stem in stems if stem != key)
        for form in forms:
            bases_of[form] = (*bases_of.get(form, ()), base)
    return bases_of, forms_of


def bases(word: str) -> tuple[str, ...]:
    """What an irregular form may be a form of, as dictionaries list it: `won` -> `win`."""
    return _irregular()[0].get(word, ())


def forms(stem: str) -> tuple[str, ...]:
    """The stems of the irregular forms of the word with this stem: `leav` -> `left`."""
    return _irregular()[1].get(stem, ())


_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+(?:['’][^\W\d_{HAN}]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINING = re.compile(r"[\s\-‐‑–·'’&/]*")
# A particle is a word of its own wherever it stands, so a word may begin after it.
_PARTICLES = frozenset(word for word in CHINESE_FUNCTION_WORDS if len(word) == 1)


@dataclass(frozen=True, slots=True)
class TermUnit:
    """The smallest thing a term is made of: a Latin word or number, or one Han character.

    `start` and `end` are its span. `opens` and `closes`: whether a word may start or end here;
    always so for Latin; for Han where jieba sees a boundary or a particle stands beside it (jieba
    reads 翻译 权是 in 翻译权是): 上诉 is not found in 以上诉讼.
    `joins`: whether nothing but space or hyphens stands between it and the unit before.
    """

    key: str
    start: int
    end: int
    opens: bool = True
    closes: bool = True
    joins: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its units `[start, end)`, how it is written, and whether it joins."""

    start: int
    end: int
    text: str
    joins: bool


def units(text: str) -> list[TermUnit]:
    """The units of a folded text; spans are offsets into it."""
    sequence: list[TermUnit] = []
    end = 0
    for run in _RUNS.finditer(text):
        joins = _JOINING.fullmatch(text, end, run.start()) is not None
        end = run.end()
        if run["han"]:
            sequence.extend(_characters(run[0], run.start(), joins))
        else:
            sequence.append(TermUnit(analyzer.stem(run[0]), run.start(), end, joins=joins))
    return sequence


def words(text: str, sequence: list[TermUnit]) -> Iterator[Word]:
    """The words of a folded text side by side, over its units; Han ones as jieba cuts them."""
    at = 0
    while at < len(sequence):
        unit = sequence[at]
        run = HAN_RUN.match(text, unit.start)
        if run is None:
            surface = _POSSESSIVE.sub("", text[unit.start : unit.end])
            yield Word(at, at + 1, surface, unit.joins)
            at += 1
        for word in rjieba.cut(run[0]) if run else ():
            yield Word(at, at + len(word), word, sequence[at].joins)
            at += len(word)


# Thesaurus terms are cut again for every question that names them.
@lru_cache(maxsize=1 << 14)
def keys(text: str) -> tuple[str, ...]:
    """The units' keys alone, as a table of terms is keyed."""
    unit_keys: list[str] = []
    for run in _RUNS.finditer(text):
        if run["han"]:
            unit_keys.extend(run[0])
        else:
            unit_keys.append(analyzer.stem(run[0]))
    return tuple(unit_keys)


def is_chinese(text: str) -> bool:
    """Whether any Han character is in it: 我叫MT is Chinese, MT is not."""
    return HAN_RUN.search(text) is not None


@lru_cache(maxsize=1 << 14)
def index_terms(term: str) -> tuple[str, ...]:
    """The terms under which the analyzer indexes a folded phrase: itself, or its telling words."""
    # A word that the analyzer keeps whole needs no parts.
    if HAN_RUN.fullmatch(term) and term in {word for word, _, _ in analyzer.words(term)}:
        return (term,)
    chinese = [word for run in HAN_RUN.findall(term) for word in rjieba.cut(run)]
    # 权 in 信息网络传播权 is everywhere; the longer words tell.
    telling = [word for word in chinese if len(word) > 1] or chinese
    latin = [run[0] for run in _RUNS.finditer(term) if not run["han"]]
    content = [word for word in latin if word not in ENGLISH_FUNCTION_WORDS] or latin
    return tuple(dict.fromkeys([*telling, *map(analyzer.stem, content)]))


def _characters(run: str, offset: int, joins: bool) -> Iterator[TermUnit]:
    words_of_run = analyzer.words(run)
    starts = {start for _, start, _ in words_of_run}
    ends = {end for _, _, end in words_of_run}
    for at, character in enumerate(run):
        opens = at in starts or (at > 0 and run[at - 1] in _PARTICLES)
        closes = at + 1 in ends or run[at + 1 : at + 2] in _PARTICLES
        start = offset + at
        yield TermUnit(character, start, start + 1, opens, closes, joins or at > 0)
