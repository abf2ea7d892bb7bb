"""Words that ask: 多久, 判几年, 邊個, how long. They say what kind of answer is wanted.

They are no content: no passage has to hold them, and a scope that lacks them does not lack what was
asked for. What they ask for shows in a passage by other words (判几年 -> 有期徒刑), its cues.
Patterns read folded text (`index.text.normalize`): Simplified, half width, small letters, so that
they hold for Traditional and Cantonese questions too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.query.clauses import Alternative, Clause
from index.text.normalize import Folded

Span = tuple[int, int]
"""`[start, end)` in a folded text."""

CUE_WEIGHT = 0.4
"""Of a clause of cues beside a word of the question: it is our guess how an answer is worded."""

_UNIT = "[年月日天岁倍次个条人位份家种款项名只件页点号成分块元钱万亿]"
_COUNT = (
    rf"(?:几(?:个(?:月|星期|小时)|{_UNIT}|多|时)|多少(?:个(?:月|星期|小时)?|{_UNIT})?|几多{_UNIT}?)"
)
_LENGTH = r"(?:多久|多长时间|多长|几耐|多重|多大|多高|多远)"
_WHAT = r"(?:什么(?:时候|时间|地方|人|样)?|甚么|啥|乜嘢|乜野|乜|咩(?:嘢|野)?)"
_WHICH = r"(?:哪(?:一?(?:天|年|日|月|个所|个|位|家|间|种|条|款|部|些|里|国|方|边|次|项)|里|儿)?)"
_SENTENCED = (
    rf"(?:判(?:处|决)?(?:了|咗)?(?:{_COUNT}|{_LENGTH}|{_WHAT}(?:刑|罪)?)|怎么判(?:的|决)?"
    rf"|点判|判成点|判得(?:重|轻)(?:啲|些|点)?)"
)

_CHINESE = (
    # Courtesies and orders to the bot.
    (
        r"请问(?:一下)?|想问(?:一下|下)?|问一下|请教|唔该|麻烦(?:你|您)?|帮(?:我|忙)(?:查|找"
        r"|看)(?:一下|下|看)?"
        r"|查(?:一下|查|下)|我?想知道?(?=[一-鿿])|告诉我|话(?:俾|畀)我知|说说|讲讲|说一下"
        r"|讲一下|列出|介绍一下"
    ),
    # How sentence, outcome and reasons are asked for.
    rf"{_SENTENCED}",
    (
        r"(?:边个|谁|哪方|哪边)(?:打)?(?:赢|输|胜诉|败诉)(?:了|咗)?|输赢|胜负|(?:结果|后果"
        r"|下场)(?:如何|怎样|怎么样|点样|是什么|系咩)?(?=$|\W)"
    ),
    r"为什么|为何|为啥|因何|何故|凭什么|点解|做乜|做咩|什么原因",
    # Quantities, times, persons, places.
    rf"(?:一共|总共|合共|总计|合计|共)?(?:是|系|有|要|得)?(?:{_COUNT}|{_LENGTH})",
    r"一共|总共|合共",
    rf"{_WHICH}(?:判|审|签|生效|出)?(?=的|$|\W|天|日)|{_WHICH}",
    r"是谁|系边个|谁人?|边(?:个|位|度|间|处|日|年|条|啲|家)|何(?:时|地|人|处|种|年|日|月|者|方)",
    rf"(?:是|系|有|做|指|叫)?{_WHAT}(?:规定|区别|分别|意思)?(?=$|\W|的)|(?:是|系|指|叫)?{_WHAT}",
    (
        r"怎么(?:办|样|说|写|回事|看|定|讲|算|计算|赔)?|怎样|如何|点样|点算|点计|点(?=申请"
        r"|处理|做|计|样)"
    ),
    # Yes or no.
    (
        r"能不能|可不可以|可唔可以|可(?:以|否)|能否|会不会|会唔会|会否|是不是|是否|系唔系"
        r"|系咪|有没有|有冇|有无"
        r"|要不要|使唔使|该不该|应不应该|算不算|需不需要|用不用|得唔得|行不行|好不好|对不对"
        r"|对吗|是吗|(?<=[一-鿿])[吗呢吧么嘛呀啊](?=$|\W)"
    ),
    # What the law says now, and where.
    (
        r"现行|现时|如今|目前|现今|最新(?:版|的)?"
        r"|(?:有)?(?:什么|何|咩)(?:法律)?(?:规定|依据)|法律依据|法条|第几条(?:规定)?"
        r"|(?:是)?(?:怎么|如何)规定的?"
    ),
    # The case or document that is talked about.
    r"(?:那|这|该|嗰|呢)(?:个|单|宗|件|起|场)(?:案子|案件|官司|案)?|案子|官司",
)

_ENGLISH = (
    (
        r"\b(?:how (?:long|much|many|old|often|far|big|large|soon|come)|what(?:'s| is| are"
        r"| was| were)?"
        r"(?: the)? (?:amount|number|sum|total|date|name|outcome|result|reason)s?(?= of|\b)"
        r"|who(?:'s|se|m)?|whom|when|where|why|which|whether|what)\b"
    ),
    r"\b(?:in total|altogether|all together|currently|at present|nowadays|right now)\b",
    (
        r"\b(?:please|kindly|tell me|show me|give me|find me|let me know|i (?:want|need"
        r"|would like) to know"
        r"|can you|could you|do you know|remind me)\b"
    ),
    (
        r"\bdoes (?:the|this) (?:document|agreement|contract|policy) (?:indicate|state|say"
        r"|mention|specify"
        r"|provide)(?: that)?\b|\baccording to (?:the|this) (?:document|text)\b"
        r"|\bconsider(?=\s+(?:the|an?)\b|\s+\S+['’]s\b)"
    ),
)

_ASKING = re.compile("|".join((*_CHINESE, *_ENGLISH)))

_CUES: Sequence[tuple[re.Pattern[str], Sequence[tuple[str, float]]]] = (
    (
        re.compile(
            rf"{_SENTENCED}|刑期|量刑|\bhow many years\b|\bwhat sentence\b"
            rf"|\bsentenced? to\b|\bhow long .{{0,30}}\b(?:jail|prison)"
        ),
        (("判处", 0.5), ("有期徒刑", 0.5), ("拘役", 0.3), ("缓刑", 0.3), ("罚金", 0.2),
         ("sentenc", 0.5), ("imprison", 0.4)),
    ),
    (
        re.compile(r"判赔|获赔|赔(?:了|偿)?(?:多少|几多)|\b(?:damages|award(?:ed)?|compensation)\b"),
        (("给付", 0.5), ("应给付", 0.4), ("赔偿", 0.4), ("award", 0.4), ("pay", 0.2)),
    ),
    (
        re.compile(
            r"(?:哪天|哪一天|哪日|何时|什么时候|几时|几号)(?:判|宣判|下判|裁)|判决日期"
            r"|\bwhen was .{0,40}\bdecided\b"
        ),
        (("书记员", 0.5), ("审判长", 0.5), ("书记官", 0.5), ("decided", 0.4), ("filed", 0.3)),
    ),
    (
        re.compile(r"输赢|胜负|结果|(?:谁|边个|哪方)打?(?:赢|输)|\b(?:outcome|who won|who lost)\b"),
        (("驳回", 0.5), ("撤销", 0.4), ("维持", 0.4), ("判决", 0.3), ("dismiss", 0.4),
         ("affirm", 0.4), ("revers", 0.4), ("allow", 0.2)),
    ),
)  # fmt: skip


def find_asking(text: str) -> list[Span]:
    """The spans of a folded question that only ask, in order and apart."""
    return [match.span() for match in _ASKING.finditer(text) if match.end() > match.start()]


def cue_clauses(text: str) -> list[Clause]:
    """How an answer to a folded question shows itself, a clause for each thing asked for."""
    return [
        Clause(match[0], tuple(Alternative(term, p) for term, p in terms), CUE_WEIGHT)
        for pattern, terms in _CUES
        if (match := pattern.search(text))
    ]


def set_apart(folded: Folded, blanks: Iterable[Span], cuts: Iterable[int]) -> Folded:
    """The text with `blanks` as spaces and a space at each of `cuts`, with the way back kept.

    Every later stage then sees the words on either side of a cut as words apart.
    """
    characters = list(folded.text)
    for start, end in blanks:
        characters[start:end] = " " * (end - start)
    inserted = sorted({cut for cut in cuts if 0 < cut < len(characters)})
    pieces: list[str] = []
    origins: list[int] = []
    at = 0
    for cut in (*inserted, len(characters)):
        pieces.extend(characters[at:cut])
        origins.extend(range(at, cut))
        if cut < len(characters):
            pieces.append(" ")
            origins.append(cut)
        at = cut
    spans = [folded.span(origin, origin + 1) for origin in origins]
    return Folded("".join(pieces), [start for start, _ in spans], [end for _, end in spans])
