"""What a document is called: its title, parties, courts, dockets and law, as people type them.

Names come from what the library knows of a document (title and file name within the scope,
`DocumentFacts`) and from the first lines of its text, where parties stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote

import rjieba

from corpus.language.scripts import HAN, HAN_RUN
from corpus.models import DocumentFacts
from index.naming import law_names
from index.query.question import people_spans
from index.text.analyzer import stem
from index.text.canonical import find_dockets
from index.text.normalize import fold_term
from index.text.stopwords import ENGLISH
from index.vocabulary.mapped_tables import shipped_neighbours

LONGEST_NAME = 40
"""Characters of a Chinese name that is looked for; the whole of a longer one is never typed."""
COMMON_WORD = 0.3
"""The weight of a word of the language in a title: it tells documents apart that are named by other
words, and chooses none by itself."""
OPENING = 2_000
"""Characters at a document's head in which its parties are looked for."""

FILE_SUFFIX = re.compile(r"\.(?:pdf|docx?|txt|md|html?|mht(?:ml)?|eml|odt|rtf)$", re.IGNORECASE)
_GAPS = re.compile(r"[\s\u3000]+")
# Longer forms stand first: a regular expression takes the first alternative that fits.
_COMPANY = re.compile(
    rf"[{HAN}]{{2,30}}?(?:有限责任公司|股份有限公司|有限公司|公司|合作社|事务所|银行|医院|集团|委员会)"
    rf"(?:[{HAN}]{{1,12}}(?:分公司|支公司|支行|分行|店))?"
)
_ROLE = (
    r"原\s*告|被\s*告\s*人?|上\s*诉\s*人|被\s*上\s*诉\s*人|申\s*请\s*人|被\s*申\s*请\s*人|第\s*三\s*人|自\s*诉\s*人|被\s*害\s*人|罪\s*犯"
    r"|异\s*议\s*人|再\s*审\s*申\s*请\s*人|抗\s*告\s*人|相\s*对\s*人|声\s*请\s*人|甲\s*方|乙\s*方|丙\s*方|出租方|承租方|买方|卖方|委托人|受托人"
)
# Roles may be spaced out (原 告) in Taiwan's judgments.
_PARTY = re.compile(
    rf"(?:^|\n)\s{{0,60}}(?:附带民事诉讼)?(?:{_ROLE})(?:\([^()\n]{{1,30}}\))?\s{{0,20}}[::]?[\s\u3000]{{0,60}}"
    rf"(?P<name>[{HAN}·]{{2,4}}|[{HAN}]\d{{1,2}}|[{HAN}\d·]{{2,30}}(?:公司|店|社|行|院|校|所|厂|局|会|中心|集团|府))"
    r"(?=[\s,、;。()]|$)"
)
# A line of a caption that is one more party, under those of the same role.
_ANOTHER_PARTY = re.compile(rf"\n[ \t\u3000]{{4,}}(?P<name>[{HAN}]{{2,5}})[ \t\u3000]*(?=\n)")
# Characters at the head within which a line can be one more party.
CAPTION = 600
_COMPANY_WORDS = re.compile(
    r"(?:股份|有限|责任|集团){0,6}(?:有限)?(?:责任)?公司.*$|股份.*$|合作社$|事务所$"
)
_PLACE = re.compile(rf"[{HAN}]{{2,5}}?(?:特别行政区|自治[区州县旗]|省|市|县|区|州|盟|旗)")
# The level may be cut to one character (中院, 高院), as lawyers write.
_COURT = re.compile(
    rf"(?P<places>[{HAN}]{{2,20}}?)(?P<level>高级|中级|最高|知识产权|海事|互联网|高等|地方|简易|行政|地|高)?(?:人民)?(?:法?院)"
)
_FIRST_ARTICLE = re.compile(
    r"第\s*(?:一|1)\s*条|\barticle 1\b|\bsection 1\b|^\s*1\.?\s", re.MULTILINE
)
LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9]*(?:['’][a-z]+)?")
CIRCUIT = re.compile(
    r"(?P<n>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|federal"
    r"|1st|2d|2nd|3d|3rd|[4-9]th|1[01]th|d\.?\s?c\.?)\s+cir(?:cuit|\.)?",
    re.IGNORECASE,
)
_ORDINALS = dict(
    zip(
        ("1st", "2d", "2nd", "3d", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "11th"),
        ("first", "second", "second", "third", "third", "fourth", "fifth", "sixth", "seventh",
         "eighth", "ninth", "tenth", "eleventh"),
        strict=True,
    )
)  # fmt: skip
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z'’.\-]*[A-Za-z]\b|\b[A-Z]{2,}\b")
_LOWER = re.compile(r"(?<![./@\w])[a-z]{2,}(?![./@\w])")
# Words of titles and captions that every other document has too: they choose none.
_FORMAL = frozenset(
    """
    agreement contract policy terms statement notice form act law code regulation rules order
    judgment opinion decision appeal appeals court courts circuit district united states case
    document page file filed final draft version template sample standard general mutual non
    disclosure nda confidentiality confidential privacy service services data use user license
    lease employment plaintiff defendant appellant appellee petitioner respondent claimant
    versus county city state inc llc ltd llp corp company limited the and of for between party
    parties v vs no docket number january february march april may june july august september
    october november december mr mrs ms dr judge justice chief senior before upper tribunal high
    division chamber kingdom bench chancery commercial property tax appellate neutral citation
    """.split()
)


_NO_FACTS = DocumentFacts()


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """What a document is called within a scope. `opening`: the first of its text."""

    id: str
    title: str
    path: str = ""
    date: str | None = None
    language: str | None = None
    facts: DocumentFacts = _NO_FACTS
    opening: str = ""
    members: frozenset[str] = frozenset()
    """The ids under which an engine has its passages, where that is not `id` alone."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What its names follow from, since its text never changes."""
        return self.id, self.title, self.path


@dataclass
class LookupNames:
    """The names of one document, by how they are looked up."""

    han: dict[str, float] = field(default_factory=dict)
    latin: dict[str, float] = field(default_factory=dict)
    parties: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    courts: set[str] = field(default_factory=set)
    """English names of the places of its courts."""
    law: str = ""
    starts_at_one: bool = False
    """Whether its text begins with a first article: an edition of a law, and no part of one."""


def names_of(document: DocumentNames) -> LookupNames:
    """The names of a document."""
    names = LookupNames()
    # Files from the web keep percent codes in their names.
    stem = FILE_SUFFIX.sub("", unquote(PurePosixPath(document.path.replace("\\", "/")).name))
    title = FILE_SUFFIX.sub("", unquote(document.title))
    law = law_names.law_of(document.facts.work or title) or law_names.law_of(stem)
    for text in dict.fromkeys((title, stem)):
        _add_title(names, text, is_law=bool(law))
    facts = document.facts
    for fact in filter(None, (facts.court, facts.docket, facts.neutral_citation)):
        _add_court(names, fold_term(fact))
        names.numbers.update(term for _, _, term in find_dockets(fold_term(fact)))
    for party in document.facts.parties:
        _add_party(names, fold_term(party), 1.0)
    opening = document.opening[:OPENING]
    # The head of a law or a letter names people who are no parties.
    if document.facts.kind in (None, "judgment", "contract", "filing", "decision"):
        _add_opening(names, opening)
    names.starts_at_one = _FIRST_ARTICLE.search(fold_term(opening)) is not None
    names.law = law
    return names


def _add_title(names: LookupNames, title: str, *, is_law: bool) -> None:
    folded = fold_term(title)
    names.numbers.update(term for _, _, term in find_dockets(folded))
    _add_court(names, folded)
    for run in HAN_RUN.findall(folded):
        # What tells namesakes apart is no name: 贵州省（中华民国） is not called 中华民国.
        if len(run) >= 4 and not re.search(rf"[(（]{run}[)）]", folded):
            names.han.setdefault(run, 1.5)
        if is_law:
            continue  # no company is called 中华人民共和国公司
        for company in _COMPANY.findall(run):
            _add_party(names, company, 1.0)
        _add_people(names, run)
    words = LATIN_WORD.findall(re.sub(r"[_\-]+", " ", folded))
    if 2 <= len(words) <= 8:
        names.phrases.add(" ".join(words))
    initials = "".join(word[0] for word in words if word not in {"of", "the", "and", "for", "in"})
    if 3 <= len(initials) <= 6 and len(words) <= 7 and initials.isalpha():
        # The CSA is the Cloud Service Agreement: few other words are spelt so.
        names.latin.setdefault(initials, 0.9)
    # SqillerBetaTesters is typed as three words.
    apart = fold_term(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title))
    for word in (*words, *LATIN_WORD.findall(re.sub(r"[_\-]+", " ", apart))):
        if _is_proper(word):
            names.latin.setdefault(word, COMMON_WORD if is_common_word(word) else 1.0)


def _add_people(names: LookupNames, run: str) -> None:
    for start, end in people_spans(run):
        # Many words begin with a surname: 卫星, 王朝.
        if not rjieba.has_word(run[start:end]):
            names.han.setdefault(run[start:end], 1.0)
            names.parties.add(run[start:end])


def _add_court(names: LookupNames, folded: str) -> None:
    for match in _COURT.finditer(folded):
        places = match["places"].removeprefix("中华人民共和国").removeprefix("台湾")
        for place in _PLACE.findall(places) or [places]:
            bare = re.sub(r"(?:特别行政区|自治[区州县旗]|省|市|县|区|州|盟|旗)$", "", place)
            if 2 <= len(bare) <= 6 and bare != "最高":
                names.places.add(bare)
                for english in english_names(bare):
                    names.courts.add(english)
        whole = match[0]
        if len(whole) >= 5:
            names.han.setdefault(whole, 1.0)
    for match in CIRCUIT.finditer(folded):
        names.phrases.add(circuit_name(match))


def _add_party(names: LookupNames, party: str, weight: float) -> None:
    party = _GAPS.sub("", party)
    numbered = re.fullmatch(rf"[{HAN}]\d{{1,2}}", party)  # 张3, as published judgments hide names
    for run in [party] if numbered else HAN_RUN.findall(party):
        for name in (run, *short_company_names(run)):
            names.han.setdefault(name, weight)
            names.parties.add(name)
    for word in LATIN_WORD.findall(party):
        if _is_proper(word):
            names.latin.setdefault(word, COMMON_WORD if is_common_word(word) else weight)
            names.parties.add(word)


def _add_opening(names: LookupNames, opening: str) -> None:
    folded = fold_term(opening)
    for match in _ANOTHER_PARTY.finditer(folded[:CAPTION]):
        _add_party(names, match["name"], 1.0)
    for match in _PARTY.finditer(folded):
        _add_party(names, _GAPS.sub("", match["name"]), 1.0)
    for match in CIRCUIT.finditer(folded):
        names.phrases.add(circuit_name(match))
    names.numbers.update(term for _, _, term in find_dockets(folded[:600]))
    # A word that also stands in small letters is a common noun at the start of a sentence.
    lower = set(_LOWER.findall(opening))
    for match in _CAPITALISED.finditer(opening[:1200]):
        word = match[0].casefold().removesuffix("'s").removesuffix("’s").strip(".")
        if word not in lower and _is_proper(word):
            names.latin.setdefault(word, COMMON_WORD if is_common_word(word) else 0.6)
            names.parties.add(word)


def short_company_names(company: str) -> Iterator[str]:
    """How people shorten a company's name: 群宏交通企业有限公司 -> 群宏交通企业, 群宏交通."""
    if not _COMPANY.fullmatch(company):
        return
    core = _COMPANY_WORDS.sub("", _PLACE.sub("", company, count=1) or company)
    core = core.removeprefix("中国") or core
    if len(core) >= 2 and core != company:
        yield core
        words = rjieba.cut(core)
        for count in range(1, len(words)):
            short = "".join(words[:count])
            # Two characters that are a word of the language would match by accident.
            if len(short) >= 4 or (len(short) >= 2 and not rjieba.has_word(short)):
                yield short
        if len(words) >= 2 and len(core) > 4:
            # 平安财产保险 is called 平安保险: the first word, and the last two characters.
            yield words[0] + core[-2:]
            yield words[0] + "公司"


def is_common_word(word: str) -> bool:
    """Whether a small Latin word is one of the language, which a text may hold by accident."""
    term = stem(word)
    return bool(shipped_neighbours().within(term) or shipped_neighbours().across(term))


def _is_proper(word: str) -> bool:
    """Whether a word of a title can choose a document: no word that titles share."""
    return (
        len(word) >= 2
        and not word.isdigit()
        and word not in _FORMAL
        and word not in ENGLISH
        and not word.endswith("'s")
    )


def circuit_name(match: re.Match[str]) -> str:
    ordinal = re.sub(r"[.\s]", "", match["n"].casefold())
    return f"{_ORDINALS.get(ordinal, ordinal)} circuit"


# Taiwan's places are spelt as their courts spell them, which no romanisation gives by rule.
_PLACES = """
台北 taipei, taibei|新北 new taipei|桃园 taoyuan|台中 taichung, taizhong|台南 tainan
高雄 kaohsiung|基隆 keelung, jilong|新竹 hsinchu, xinzhu|苗栗 miaoli|彰化 changhua, zhanghua
南投 nantou|云林 yunlin|嘉义 chiayi, jiayi|屏东 pingtung, pingdong|宜兰 yilan, ilan
花莲 hualien, hualian|台东 taitung, taidong|澎湖 penghu|金门 kinmen, jinmen
连江 lienchiang, matsu|士林 shilin|桥头 ciaotou, qiaotou|板桥 banqiao|香港 hong kong
澳门 macau, macao|北京 beijing, peking|上海 shanghai|天津 tianjin|重庆 chongqing
广州 guangzhou, canton|深圳 shenzhen|珠海 zhuhai|佛山 foshan|东莞 dongguan|中山 zhongshan
惠州 huizhou|汕头 shantou|南京 nanjing, nanking|苏州 suzhou|无锡 wuxi|常州 changzhou
南通 nantong|徐州 xuzhou|扬州 yangzhou|杭州 hangzhou|宁波 ningbo|温州 wenzhou|绍兴 shaoxing
嘉兴 jiaxing|金华 jinhua|台州 taizhou|合肥 hefei|芜湖 wuhu|福州 fuzhou|厦门 xiamen, amoy
泉州 quanzhou|漳州 zhangzhou|南昌 nanchang|济南 jinan|青岛 qingdao|烟台 yantai|潍坊 weifang
临沂 linyi|郑州 zhengzhou|洛阳 luoyang|武汉 wuhan|宜昌 yichang|襄阳 xiangyang|长沙 changsha
株洲 zhuzhou|湘潭 xiangtan|南宁 nanning|桂林 guilin|柳州 liuzhou|海口 haikou|三亚 sanya
成都 chengdu|绵阳 mianyang|贵阳 guiyang|遵义 zunyi|铜仁 tongren|昆明 kunming|大理 dali
拉萨 lhasa|西安 xi'an, xian|宝鸡 baoji|兰州 lanzhou|西宁 xining|银川 yinchuan|乌鲁木齐 urumqi
呼和浩特 hohhot|包头 baotou|石家庄 shijiazhuang|唐山 tangshan|保定 baoding|太原 taiyuan
大同 datong|沈阳 shenyang|大连 dalian|长春 changchun|吉林 jilin|哈尔滨 harbin|大庆 daqing
河北 hebei|山西 shanxi|辽宁 liaoning|黑龙江 heilongjiang|江苏 jiangsu|浙江 zhejiang|安徽 anhui
福建 fujian|江西 jiangxi|山东 shandong|河南 henan|湖北 hubei|湖南 hunan|广东 guangdong
海南 hainan|四川 sichuan|贵州 guizhou|云南 yunnan|陕西 shaanxi|甘肃 gansu|青海 qinghai
广西 guangxi|宁夏 ningxia|新疆 xinjiang|内蒙古 inner mongolia|西藏 tibet
"""


@cache
def _english_by_place() -> dict[str, tuple[str, ...]]:
    rows = (row.strip() for line in _PLACES.strip().splitlines() for row in line.split("|"))
    names = (row.split(" ", 1) for row in rows)
    return {place: tuple(name.strip() for name in english.split(",")) for place, english in names}


def english_names(place: str) -> tuple[str, ...]:
    """The English names, in small letters, of a folded Chinese place; none if it has none here."""
    return _english_by_place().get(place, ())
