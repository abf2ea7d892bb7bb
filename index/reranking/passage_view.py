"""A passage as features see it: its terms in order, its sentences, what stands above it, its roles.

Passages never change, so a view is made once and cached while it is used.

A role is what a passage is in its document: caption, contents, claims, findings, reasons, order.
The court's own words say what was decided and why, claims and lists of evidence say what was
said, and captions or tables of contents answer nothing but who and when. A passage may have several
roles, or none. Expects folded text (`index.text.normalize`), so one pattern serves both scripts.

Headings above a passage count as its first line: in Taiwan a judgment's reasons go on for pages
under one heading.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from index.text.analyzer import TermSpan, scan
from index.text.canonical import ARTICLE, cited, titled, work
from index.text.normalize import fold

LONGEST = 6000
"""Characters of a passage that are read for its roles; a longer one is no paragraph."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role, how it is recognised, and how many places must show it."""

    name: str
    shown: re.Pattern[str]
    places: int = 1

    def is_shown(self, text: str) -> bool:
        """Whether enough places of a text show it."""
        shown = islice(self.shown.finditer(text), self.places)
        return sum(1 for _ in shown) >= self.places


def _role(name: str, shown: str, places: int = 1) -> Role:
    return Role(name, re.compile(shown, re.MULTILINE), places)


_G = r"[ \t]{0,8}"  # Taiwan's captions are letter-spaced: 原　　　告
_PARTY = (
    rf"(?:(?:再审)?申请(?:再审)?人|被申请人|(?:被)?上诉人|(?:原审)?原{_G}告(?:人)?"
    rf"|(?:原审)?被{_G}告(?:人)?"
    rf"|附带民事诉讼(?:原告|被告)人|(?:原审)?第三人|自诉人|被害人|公诉机关|(?:抗诉|原公诉)机关|罪犯"
    rf"|申请执行人|被执行人|(?:指定)?辩{_G}护{_G}人|(?:共同"
    rf"|上)?(?:\S{{1,2}}人)?(?:委托)?(?:诉讼)?代{_G}理{_G}人"
    r"|法定代表人|法定代理人|负责人|住所地?|统一社会信用代码)"
)
_SAYS = (
    r"(?:请求|诉称|辩称|称|主张|认为|提出|起诉|对|因|在|于|以|向|不服|应|的|与|和|及|是|系|未|已"
    r"|将|犯|没|有|无"
    r"|到庭|经|为|之|所|则|就|可|并|均|亦|也|其|驾|与|自)"
)
"""What follows a party in a sentence, where a caption has its name."""
_ENGLISH_PARTY = (
    r"(?:plaintiffs?|defendants?|petitioners?|respondents?|appell(?:ant|ee)s?|claimants?"
    r"|applicants?)"
)

ROLES: tuple[Role, ...] = (
    _role(
        "caption",
        rf"^[ \t]*{_PARTY}(?:\([^)\n]{{1,20}}\))?{_G}(?!{_SAYS})[: \t,(一-鿿]"
        rf"[^\n。;]{{0,120}}(?:[,。:]|$)"
        rf"|(?:^|[。;]){_G}(?:案号|(?:审理)?法院|案由|(?:判决|裁判|宣判)日期|当事人|上诉人"
        rf"|被上诉人|审判长){_G}:"
        r"|^[^\n。]{2,30}(?:法院|检察院)[ \t]*$|^(?:刑事|民事|行政|执行)?(?:附带民事)?(?:判决书"
        r"|裁定书|调解书|决定书)$"
        r"|^[ \t]*(?:\(\d{4}\)|\d{2,3}年度)[^\n。]{2,20}第?[ ]?\d{1,6}号[ \t]*$"
        rf"|^[ \t(]*{_ENGLISH_PARTY}(?:[ \t]*[-–—/][ \t]*{_ENGLISH_PARTY})?[ \t).,;]*$"
        r"|^[ \t]*(?:between|before|versus|v\.?|- ?v ?-|and)[ \t]*(?::[ \t]*)?$"
        r"|neutral citation|^[ \t]*(?:approved )?judgment[ \t]*$|united states (?:court of appeals"
        r"|district court)"
        r"|^[ \t]*(?:(?:case|claim|appeal|docket)[ \t]*)?nos?[.:] ?\S{2,30}[ \t]*$"
        r"|^[ \t]*hearing dates?:"
        r"|\b(?:circuit|tribunal|district) judges?\b|^[ \t]*(?:the honourable|his honour"
        r"|her honour|lord justice)\b"
        r"|\b(?:instructed by|counsel for|attorneys? for|on behalf of the) ",
        places=2,
    ),
    _role(
        "contents",
        r"\.{5,}|…{3,}|(?:\. ){5,}|^[ \t]*(?:目[ \t]*录|table of contents|contents)[ \t]*$",
    ),
    _role(
        "claims",
        r"诉称|辩称|答辩称|上诉称|抗辩|主张[:,]|原告主张|被告则以|则以:|(?:诉讼|上诉|答辩)请求"
        r"|请求(?:法院|本院|撤销|判令|判决)"
        r"|辩护(?:人|意见)(?:提出|认为|称|是|为)|(?:公诉机关|检察院)[^\n。]{0,20}(?:指控|认为"
        r"|建议)|申诉称|声明:|诉之声明"
        r"|\b(?:argues?|argued|contends?|contended|submits?|submitted that|alleg(?:es?|ed)"
        r"|asserts?|asserted"
        r"|claims that|claimed that|maintains that)\b",
    ),
    _role(
        "evidence_list",
        r"证言|供述|(?:勘验|检查|讯问|询问|辨认|搜查)笔录|鉴定意见|鉴定书|书证|物证|证人"
        r"|户籍(?:证明|信息)|到案经过"
        r"|扣押(?:决定书|清单)|发票|收据|诊断证明|附卷|在卷|为证|可证|佐证|\b(?:exhibits?"
        r"|affidavit|deposition|testif(?:y|ied))\b",
        places=3,
    ),
    _role(
        "findings",
        r"审理查明|经(?:本院)?审理(?:后)?(?:认定|查明)|认定(?:事实|如下)|(?:本院|一审法院|原审"
        r"|原判)[^\n。]{0,8}(?:查明|认定)"
        r"|查明(?:事实)?[:,]|不争执(?:之)?事(?:项|实)|基本案情|案情摘要"
        r"|\b(?:background|findings? of fact|factual|we find|i find|found as (?:a )?fact"
        r"|the facts)\b",
    ),
    _role(
        "reasoning",
        r"本院(?:审|经审|综合)?(?:认为|审查认为|以为|判断|查|之判断)|法院(?:生效裁判|经审理"
        r"|审理后)?认为|本院[^\n。]{0,14}(?:予以|不予|应予)"
        r"|^[^\n]{0,8}经查,|综上(?:所述|,|:)|得心证之理由|裁判(?:要旨|理由|要点)|(?:抗辩|上诉"
        r"|辩护)?(?:理由|意见|主张|请求)[^\n。]{0,12}"
        r"(?:不能成立|成立|不予采纳|予以采纳|有理由|无理由|可采|不可采|于法有据|不予支持|予以支持"
        r"|应予驳回|应予准许)"
        r"|为有理由|为无理由|洵属|堪信|足堪|应(?:认|属)"
        r"|\bwe (?:hold|conclude|agree|disagree|affirm|reverse|vacate|reject|need not|decline"
        r"|therefore|would)\b"
        r"|\b(?:i|the court|the tribunal|this court) (?:am satisfied|conclude[sd]?|h(?:o|e)ld"
        r"|reject(?:s|ed)?|accept(?:s|ed)?"
        r"|would (?:allow|dismiss)|agree|consider|do not|therefore)\b|\b(?:in my (?:judgment|view"
        r"|opinion)|for (?:these|the foregoing|the following) reasons)\b",
    ),
    _role(
        "disposition",
        r"判决如下|裁定如下|判决:|^[ \t]*主[ \t]{0,8}文|驳回(?:上诉|原告|其|\S{0,12}的?(?:诉讼请求"
        r"|上诉|申请|之诉))|维持原判|撤销(?:\S{2,40})(?:判决|裁定)"
        r"|被告(?:人)?[^\n。,]{0,16}犯[^\n。,]{2,20}罪,(?:判处|处|免予)|被告(?:应"
        r"|须)?[^\n。]{0,14}(?:给付|赔偿)[^\n。]{0,20}元"
        r"|诉讼费用(?:由|十|百|\d)|(?:案件)?受理费[^\n。]{0,30}(?:由|负担)|如不服本判决"
        r"|本判决为终审"
        r"|it is (?:so |hereby |further |therefore )?(?:ordered|adjudged)|\b(?:affirmed|reversed"
        r"|vacated|remanded)\b[ .]*$"
        r"|\bwe (?:affirm|reverse|vacate|dismiss|grant|deny|therefore)\b|\bthe (?:judgment|order"
        r"|decision|conviction)s? [^\n.]{0,50}(?:is|are) (?:hereby )?"
        r"(?:affirmed|reversed|vacated|set aside|quashed|upheld)"
        r"|\b(?:appeal|claim|application|motion|petition|permission)s? [^\n.]{0,60}(?:is|are|be"
        r"|was|must be) (?:hereby |therefore )?"
        r"(?:allowed|dismissed|granted|denied|refused|struck out)"
        r"|\bi (?:would )?(?:therefore )?(?:allow|dismiss|grant|refuse) (?:the|this)",
    ),
    _role(
        "signature",
        r"审[ \t]*判[ \t]*[长员]|(?:书[ \t]*记[ \t]*[员官]|代书记员|法官助理)|^[ \t]*(?:民事"
        r"|刑事)?第\S{1,3}庭|以上正本|法[ \t]{1,8}官"
        r"|^[ \t]*(?:中华民国|二[〇零o0○]\S{1,2}年|\d{4}年)[^\n。]{2,30}日[ \t]*$"
        r"|\b(?:release date|date of (?:issue|decision)|dated this|/s/)\b",
    ),
    _role(
        "citing",
        r"^[^\n]{0,12}(?:附[:录]|附相关法律|相关法(?:律|条)|参考法条|引用法条|关联索引)|裁判日期"
        r"|\b(?:see|cf\.|citing|quoting|id\.) ",
        places=1,
    ),
)
"""In the order of a judgment."""
ROLE_NAMES = tuple(role.name for role in ROLES)

_BARE = re.compile(r"[ \t]*(?:[#*>\-–—.\d\W]*)?")
_CLOSED = re.compile(r"[。;.!?:,]\W*$", re.MULTILINE)
_HEADING_LENGTH = 60


def is_heading_only(text: str) -> bool:
    """Whether a passage is a heading or a line of signs, and says nothing by itself."""
    bare = text.strip()
    return len(bare) <= _HEADING_LENGTH and not _CLOSED.search(bare) and "。" not in bare


def find_roles(text: str, heading: str = "") -> frozenset[str]:
    """The roles of a folded passage, under its folded headings."""
    beginning = f"{heading[-_HEADING_LENGTH:]}\n{text[:LONGEST]}"
    roles = {role.name for role in ROLES if role.is_shown(beginning)}
    if is_heading_only(text):
        roles.add("heading")
    return frozenset(roles)


_QUOTE = "[\"'“”‘’「」『』*_《》]"
_TERM = rf"{_QUOTE}{{1,3}}(?P<quoted>[^\n\"'“”‘’「」『』*_]{{2,60}}){_QUOTE}{{1,3}}"
_DEFINED = re.compile(
    # 本法所称X,是指 ...; 称X者,谓 ...; 一、X:指 ...
    rf"所称(?:的|之)?{_QUOTE}?(?P<called>[一-鿿]{{2,24}}?){_QUOTE}?,?(?:是指|系指|指|包括|,谓)"
    rf"|称{_QUOTE}?(?P<termed>[一-鿿]{{2,20}}?){_QUOTE}?者,?(?:谓|指|系指|,)"
    rf"|(?:^|[,。;、)\s]){_QUOTE}?(?P<listed>[一-鿿]{{2,20}}?){_QUOTE}?[:,]?(?:是指|系指|指的是)"
    rf"|(?:^|[、.)\s])(?P<itemed>[一-鿿]{{2,16}}):(?:指|谓)"
    rf"|{_TERM}\s*(?:\([^)\n]{{1,60}}\)\s*)?(?:means?\b|shall mean|has the (?:same )?meaning"
    rf"|refers? to|includes?\b|is defined|是指|指|系指)"
    r"|(?:^|[.;]\s|\bterm\s)(?:an?\s|the\s)?(?P<plain>[a-z][a-z \-]{2,40}?)\s(?:means\b|shall mean"
    r"|is defined as|refers to)"
    rf"|\((?:the|each an?|an?|collectively,?(?: the)?|hereinafter(?: the)?"
    rf"|this)?\s*{_QUOTE}{{1,3}}(?P<inline>[a-z][^\n\"'“”*_]{{1,40}}){_QUOTE}{{1,3}}\)",
    re.MULTILINE,
)
_BEFORE_TERM = re.compile(r"^(?:(?:本[一-鿿]{1,4})?所称(?:的|之)?|an? |the )")
MOST_DEFINED = 60
"""Terms that one passage may define; a list of definitions is split long before."""


def find_defined_terms(text: str) -> tuple[str, ...]:
    """The terms that a folded passage defines, each once, in order."""
    defined: dict[str, None] = {}
    for match in _DEFINED.finditer(text[:LONGEST]):
        term = next(value for value in match.groupdict().values() if value is not None)
        defined[_BEFORE_TERM.sub("", term.strip(" ,.;:"))] = None
        if len(defined) >= MOST_DEFINED:
            break
    return tuple(term for term in defined if len(term) > 1)


CACHE_SIZE = 4096
"""Views in memory; some 20 KB each."""

_ENDS = re.compile(r"[。！？!?；;\n]|(?<=[a-z0-9)\"'])\.(?=\s|$)")


class PassageText(Protocol):
    """A passage as it is written, and what stands above it."""

    @property
    def text(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def pin(self) -> str: ...


Fetch = Callable[[Sequence[int]], Mapping[int, PassageText]]
"""Passages by key, as far as there are any."""


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage's folded text; its terms in order, and the sentence each stands in.

    `above`: the terms of its headings and title, and the article of a law that it is. `work`: what
    it is a part of, a law by its name where the title is that of an article. `roles`: what it is
    in its document (`index.reranking.passage_view`); `defined`: the terms that it defines.
    `article`: the article that it opens with, as a term (`art:39`), or empty.
    """

    text: str
    terms: tuple[str, ...]
    sentences: tuple[int, ...]
    above: frozenset[str]
    title: str
    folded_title: str
    work: str
    roles: frozenset[str]
    defined: tuple[str, ...]
    article: str = ""


def view_passage(passage: PassageText) -> PassageView:
    """Analyze a passage once for all its questions."""
    folded = fold(passage.text)
    tokens = sorted(scan(folded), key=lambda token: token[1])
    ends = [match.end() for match in _ENDS.finditer(folded.text)]
    heading, title = fold(passage.heading), fold(passage.title)
    above = {term for part in (heading, title) for term, _, _ in scan(part)}
    above.update(term for _, _, term in cited(titled(passage.title, passage.pin)))
    return PassageView(
        text=folded.text,
        terms=tuple(term for term, _, _ in tokens),
        sentences=tuple(bisect_right(ends, start) for _, start, _ in tokens),
        above=frozenset(above),
        title=passage.title,
        folded_title=title.text,
        work=work(passage.title),
        roles=find_roles(folded.text, heading.text),
        defined=find_defined_terms(folded.text),
        article=_opening_article(folded.text, tokens),
    )


def _opening_article(text: str, tokens: Iterable[TermSpan]) -> str:
    """The first article that stands at the head of a line; one inside a line is only cited."""
    for term, start, _ in tokens:
        if term.startswith(ARTICLE) and not text[text.rfind("\n", 0, start) + 1 : start].strip():
            return term
    return ""


class PassageViews:
    """Views by key, those used last kept. Safe to share between threads."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._cache: OrderedDict[int, PassageView] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, keys: Sequence[int]) -> dict[int, PassageView]:
        """The views of passages; those that are no more are left out."""
        with self._lock:
            views = {key: self._cache[key] for key in keys if key in self._cache}
        # Analysis is slow and stays outside the lock; two threads may do it twice, to no harm.
        missing = [key for key in keys if key not in views]
        fetched = self._fetch(missing) if missing else {}
        views.update((key, view_passage(passage)) for key, passage in fetched.items())
        with self._lock:
            for key, view in views.items():
                self._cache[key] = view
                self._cache.move_to_end(key)
            while len(self._cache) > CACHE_SIZE:
                self._cache.popitem(last=False)
        return views
