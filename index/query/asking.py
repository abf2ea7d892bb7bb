"""What does a question ask for: words that ask, kinds of answer, and messages that ask nothing.

Words that ask (多久, 判几年, 邊個, how long) say what kind of answer is wanted; they are no
content, so no passage has to hold them. When -> dates, how much -> money or a number,
how long -> a period, who -> counsel, judges or parties, why -> reasons, what is -> definitions,
where -> places, whether -> rules, how did it end -> orders. Greetings (thanks, 好的, good morning)
are answered without passages: whatever a search found for them would be chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.language.dates import MONTHS
from corpus.language.lengths import Span
from index.engine.protocol import Alternative, Clause
from index.text.normalize import Folded, fold_term

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
        # How an appeal ended is written as an order, which names neither appeal nor reversal.
        re.compile(
            r"逆转|翻[盘案]|推翻|改判|(?:二审|终审|上诉审).{0,12}(?:结果|为何|为什么|怎么|如何|判)"
            r"|\bappeals?\b.{0,40}\b(?:revers|succe|fail|overturn)|\b(?:revers|overturn|set aside)"
            r"|\bon appeal\b"
        ),
        (("撤销", 0.5), ("改判", 0.5), ("废弃", 0.4), ("驳回", 0.3), ("维持", 0.2),
         ("revers", 0.5), ("vacat", 0.4), ("affirm", 0.2), ("dismiss", 0.2)),
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


LONGEST = 60
"""Folded characters of a greeting; whatever is longer says something."""

_CHINESE_GREETINGS = (
    "你好(?:吗)?|您好|大家好|各位好|哈喽|哈罗|嗨|喂|hello|hi|在吗|在不在|有人吗"
    "|早(?:上好|安|晨|上)?|早上好|上午好|中午好|下午好|晚上好|晚安|午安"
    "|(?:非常|十分|太|多|好|真的|万分)?(?:感谢|谢谢|多谢|感恩|谢了|谢啦|谢过|唔该晒?"
    "|唔该|多谢晒|辛苦(?:了|晒|你了|您了)?|麻烦(?:了|晒|你了|您了))(?:你|您|大家|晒|哦"
    "|喔|啦|了|呀|啊|帮忙|支持)*"
    "|不客气|不用谢|唔使客气|没事(?:了)?|冇事|没关系|好(?:的|了|吧|啊|呀|嘅|滴|嘞|哒"
    "|喇)?|好的好的|好好好?|行(?:吧|了)?|可以(?:了)?|得(?:了|啦|喇)?|没问题|冇问题"
    "|收到|明白(?:了|晒)?|知道(?:了|啦)?|了解(?:了)?|懂(?:了)?|原来如此|嗯+|哦+|噢+|喔+"
    "|啊+|ok|okay|是(?:的|啊)?|对(?:的|啊)?|系(?:嘅|呀)?|不是|不(?:用|要)?(?:了)?"
    "|唔使(?:啦|喇)?"
    "|再见|拜拜|下次见|回头见|先这样|就这样|厉害|不错|很好|太好了|太棒了|真棒|棒|赞|正|劲"
    "|你(?:是|系)(?:谁|边个|什么|咩人|机器人|机器人吗|ai|人工智能|真人吗)(?:呀|啊|吗)?"
    "|你叫什么(?:名字)?|你(?:会|能|可以|识)(?:做|干|帮我做)?(?:什么|啲咩|咩"
    "|哪些事)(?:呀|啊|呢|事|事情)?"
    "|你有什么(?:功能|用|本事)|怎么用(?:你)?|点用|使用方法|帮助|测试(?:一下)?|试试|test"
)
_ENGLISH_GREETINGS = (
    "hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|night|day)|morning"
    "|evening|greetings"
    "|(?:many |much |ok(?:ay)?,? |great,? )?(?:thanks?|thank you|thx|ty|tks"
    "|cheers)(?: (?:you|a lot|so much|very much|again|all|a million|for (?:your"
    "|the) help|mate|bot|pincite))*"
    "|much appreciated|appreciate it|appreciated|you(?:'re| are) welcome|no problem|no worries|np"
    "|ok(?:ay)?|k|kk|sure|yes|yep|yeah|yup|no|nope|nah|fine|great|good|nice|cool"
    "|perfect|awesome|excellent|wonderful|got it|i see|understood|noted|right|alright"
    "|all right|will do|done|that'?s all|that is all|never ?mind|nothing"
    "|(?:good)?bye|bye bye|see you(?: later| soon| tomorrow)?|see ya|take care|cya"
    "|who are you|what are you|what(?:'s| is) your name|are you (?:a |an )?(?:bot|robot"
    "|human|ai|real|there)|what can you do|what do you do|how do you work"
    "|how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what'?s up|sup"
    "|help(?: me)?|test(?:ing)?|ping|lol|haha+|hmm+|wow|oh|please|sorry|excuse me"
    "|welcome"
)
_NAME = r"(?: there| all| team| everyone| pincite| bot| sir| madam)?"
_GREETING = re.compile(rf"(?:(?:{_CHINESE_GREETINGS}|(?:{_ENGLISH_GREETINGS}){_NAME})[\W_]*)+")


def is_greeting(text: str) -> bool:
    """Whether a message greets, thanks, agrees or asks who answers, and asks nothing else.

    Emoji and signs alone are none: they hold no word.
    """
    folded = " ".join(fold_term(text[: 4 * LONGEST]).split()).strip()
    folded = re.sub(r"^[\W_]+", "", folded)
    if not 0 < len(folded) <= LONGEST or len(text) > 4 * LONGEST:
        return False
    return _GREETING.fullmatch(folded) is not None


QUESTION_CHARACTERS = 400
"""Characters of a question in which its kind is looked for: what is pasted below asks nothing."""


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A kind of answer: how it is asked for, and how it shows in a text."""

    name: str
    asked: re.Pattern[str]
    shown: re.Pattern[str]


def _kind(name: str, asked: str, shown: str) -> AnswerKind:
    return AnswerKind(name, re.compile(asked), re.compile(shown, re.MULTILINE))


_HAN = "[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
_NUMBER = rf"(?:\d[\d,. ]{{0,14}}|{_HAN}{{1,12}})"
_WORD_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty"
    r"|forty|sixty|ninety|hundred|thousand|million|half)"
)
_MONTH = rf"\b(?:{'|'.join(MONTHS).lower()})\b"
_WHO = (
    r"(?:谁|边个|边位|何人|哪[一几]?[位个名些]?|什么人|什么名字|几?个?叫什么|\bwho\b|\bwhich\b"
    r"|\bname\b)"
)
_COUNSEL = (
    r"(?:律师|代理人|辩护人|律所|事务所|大状|lawyers?|counsel|attorneys?|solicitors?|barristers?"
    r"|law firm)"
)
_JUDGE = (
    r"(?:法官|审判长|审判员|书记员|陪审员|合议庭|官判|judges?|justices?|panel|magistrates?"
    r"|arbitrators?)"
)
_COURT = r"(?:法院|(?<!一)(?<!二)(?<!三)庭审|哪个院|court|tribunal)"

ANSWER_KINDS: tuple[AnswerKind, ...] = (
    _kind(
        "date",
        r"何时|何年|何月|何日|什么时候|什么时间|几时|几[月号点](?!以?[内前里])|哪一?[年天月日]"
        r"|边日|日期|年份|朝代|生效日"
        r"|\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|century)\b|\bdate of\b"
        r"|\beffective date\b",
        rf"\d{{2,4}}\s?年|\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|\d世纪|{_HAN}{{2,12}}年"
        rf"|{_HAN}月{_HAN}{{1,3}}日"
        rf"|\b(?:1\d|20)\d\d\b|{_MONTH}",
    ),
    _kind(
        "period",
        r"多久|几耐|多长时间|几[年天日](?:以?[内前里]|$|[^\w])|几个?(?:月|小时|星期|周)|(?:多少"
        r"|几多)(?:年|天|日|个?月|小时)"
        r"|期限|时效|期间|冷静期|有效期|试用期|保护期|刑期|[判关坐]几年|几年"
        r"|\bhow (?:long|soon|many (?:years|months|days|weeks|hours))\b|\b(?:deadline|time limits?"
        r"|limitations?|notice|retention"
        r"|term|period|duration|within)\b",
        # 2009年, 一九九八年 and 8月10日 are dates: they answer no question of how long.
        rf"(?<!月)(?<!{_HAN})(?<!\d)(?:\d{{1,3}}|{_HAN}{{1,3}})\s?(?:周年|年(?![度代]|\s?{_NUMBER}\s?月)|个半?月"
        rf"|天|个?小时|个?星期|周(?![一二三四五六日末])|(?:个?工作)?日(?![\d期]))"
        rf"|{_HAN}{{1,3}}月(?:以[上下]|未满|内)"
        rf"|(?:\b\d{{1,12}}|{_WORD_NUMBER})[)\s-]{{1,3}}(?:business |calendar |working )?(?:years?"
        rf"|months?|days?|hours?|weeks?)\b",
    ),
    _kind(
        "money",
        r"(?:多少|几)(?:钱|元|块|万|费)|几钱|[赔罚付收还欠骗退给花]了?(?:他|她|它|谁"
        r"|\w{1,4}?)?(?:多少|几多|几)|金额|价[格钱]|费用|[赔补]偿[金额]?多少"
        r"|罚[款金]|(?:费|金|款|额|钱|价)\S{0,4}(?:多少|几多|几)|可?以?拿(?:到)?(?:多少|几)"
        r"|(?:损失|值)\S{0,6}(?:多少|几)"
        r"|\bhow much\b|\b(?:amounts?|price|sum|fees?|costs?|fined?|penalty|damages|awarded?|cap"
        r"|pay|paid)\b",
        rf"{_NUMBER}\s?(?:余|多)?\s?(?:万|亿|千)?\s?(?:元|圆|英镑|美元|欧元|港币|日元)|(?:人民币"
        rf"|新台币|港币|nt\$|hk\$|us\$|[$£€¥])\s?\d"
        rf"|{_NUMBER}\s?倍|\b(?:usd|eur|gbp|rmb|cny|hkd|twd)\b|\b\d[\d,.]{{0,15}}\s?(?:dollars|pounds"
        rf"|euros|yuan)\b",
    ),
    _kind(
        "percent",
        r"百分之?几|比例|几成|百分比|利率|税率|几个点|\bpercent\w*|\bwhat (?:share|fraction"
        r"|proportion|rate)\b|\b(?:interest|tax) rate\b",
        rf"\d\s?%|百分之{_HAN}|{_HAN}成|{_HAN}分之{_HAN}|\bper ?cent\b",
    ),
    _kind(
        "count",
        r"(?:多少|几多?)(?:个|名|人|次|条|件|位|家|项|包|岁|张|辆|份|本|公里|平方|票|倍)"
        r"|几(?!乎|[年月日天时钱多耐])|人数|数量|\bhow (?:many|often|old)\b|\bnumber of\b",
        rf"{_NUMBER}\s?(?:余|多)?(?:个|名|人|次|条|件|位|家|项|包|岁|张|辆|份|本|公里|平方|票|倍|种)"
        rf"|\b{_WORD_NUMBER}\b|\b\d",
    ),
    _kind(
        "amount",
        r"多少|几多|多[高大远重快宽深]|怎么算|点计|如何计算|比数|面积"
        r"|\bhow (?:far|tall|high|large|big|fast|much|many)\b|\bwhat (?:number|amount|share"
        r"|fraction|price|sum)\b|\bmax(?:imum)?\b|\bminimum\b",
        rf"\d|{_HAN}{{2,}}|半数|\b{_WORD_NUMBER}\b",
    ),
    _kind(
        "counsel",
        rf"{_COUNSEL}[^。?]{{0,8}}{_WHO}|{_WHO}[^。?]{{0,12}}{_COUNSEL}|(?:律师|代理人|辩护人"
        rf"|'s (?:lawyers?|counsel|attorneys?))\W*$|帮谁|\brepresent(?:s|ed|ing|ation)?\b|谁代理"
        rf"|代表谁",
        r"(?:代\s*理\s*人|辩\s*护\s*人)[^\n。]{0,4}[:,\s]?[一-鿿]{2,}|律师|事务所"
        r"|\b(?:counsel|attorneys?|solicitors?|barristers?|llp|kc|qc|pro se|pro hac|in person"
        r"|instructed by|for the (?:appellants?|respondents?|claimants?|defendants?))\b",
    ),
    _kind(
        "judge",
        rf"{_JUDGE}[^。?]{{0,8}}{_WHO}|{_WHO}[^。?]{{0,10}}{_JUDGE}|{_JUDGE}\W*$|谁(?:判的|审的"
        rf"|主审)|\bwho (?:decided|heard|wrote|delivered|presided)\b",
        r"审\s*判\s*[长员]|书\s*记\s*[员官]|陪审员|法\s*官|独任|\b(?:judges?|justice|circuit"
        r"|per curiam|tribunal member|magistrate|registrar)\b|, (?:jj?|lj|sc|cj)\b",
    ),
    _kind(
        "court",
        rf"(?:哪个?|哪一个|什么|边间|哪家|何){_COURT}|\b(?:which|what) {_COURT}|哪里审|在哪审",
        r"^[^\n。,]{2,24}(?:法院|仲裁委员会)|(?:法院|仲裁委员会)|\b(?:court|tribunal|chamber)\b",
    ),
    _kind(
        "person",
        r"谁|边个|边位|何人|哪一?位|什么人|哪个人|什么名字|\bwho\b|\bwhom\b|\bwhose\b",
        r"[一-鿿]·[一-鿿]|教授|律师|法官|院长|主任|总统|皇帝|国王|作家|先生|女士|博士|将军|主席"
        r"|总理|原\s*告|被\s*告|上诉人|代表人|负责人"
        r"|\b(?:mr|ms|mrs|dr|professor|judge|president|king|queen|emperor|lawyer|founder"
        r"|plaintiffs?|defendants?|claimants?|respondents?|appellants?)\b",
    ),
    _kind(
        "reason",
        r"为什么|为何|原因|为啥|点解|何以|理由|凭什么|依据是|\bwhy\b|\bwhat (?:caused|reasons?)\b"
        r"|\breasons?\b|\bon what (?:ground|basis)|\bgrounds?\b",
        r"因为|由于|因此|所以|原因|鉴于|导致|为了|理由|故|足(?:以|认)|难(?:以|认)|并(?:不|无|未|非)"
        r"|\b(?:because|due to|since|reasons?|therefore|so that|in order|caused?|hence"
        r"|accordingly|thus)\b",
    ),
    _kind(
        "definition",
        r"什么是|是什么(?!时候|地方|人)|何谓|点为之|何为|定义|是指|指什么|什么叫|含义|意思|算不算"
        r"|怎么(?:认定|界定)|如何(?:认定|界定)|构成要件"
        r"|\bwhat (?:is|are|counts? as|constitutes?) (?:an?|the)?|\bmean(?:s|ing)?\b|\bdefin"
        r"|\bwho is an?\b|\btest for\b",
        r"是指|指的是|称为|所称|又称|即为|是一|系指|谓|[^\n,。]{2,16}:指|是[^。,]{0,25}的(?:合同"
        r"|行为|权利)"
        r"|\brefers? to\b|\bis an?\b|\bdefined\b|\bknown as\b|\bmeans\b|\bmust (?:show|prove"
        r"|establish)\b",
    ),
    _kind(
        "place",
        r"哪里|哪儿|边度|何处|何地|在哪|哪边|什么地方|哪一?个?(?:国|省|市|城|州|地|县|区|洲|岛|河)"
        r"|\bwhere\b|\b(?:what|which) (?:city|country|state|place|river|region|island|law"
        r"|courts)\b|\bgoverning law\b|\bjurisdiction\b",
        r"[位处座]于|省|市|县|州|国|岛|区|河|山|\b(?:located|city|country|state|river|island|north"
        r"|south|east|west|laws of|courts of)\b",
    ),
    _kind(
        "outcome",
        r"怎么判|点判|判决?(?:结果|怎样|咋样)|结果(?:如何|是|怎|呢|\W*$)|裁判?结果|输赢|赢了|输了"
        r"|胜诉|败诉|谁赢|谁输|判[了得]?(?:几|多|什么|啥|刑)"
        r"|改判|逆转|翻[盘案]|推翻|维持|准不准|驳回|批准了?吗|支持了?吗|得到支持|最[后终]|下场"
        r"|\b(?:outcome|result|ruling|disposition|verdict|sentenced?|conclu\w+|decided?"
        r"|decision)\b|\bwho (?:won|lost|prevailed)\b"
        r"|\b(?:did|was|were|has|is) [^?]{0,60}\b(?:affirm|reverse|revers|vacat|dismiss|grant"
        r"|den(?:y|ied)|allow|order|uphold|upheld|refus|award|win|succeed)"
        r"|\bappeals?\b[^?]{0,40}\b(?:revers|succe|fail|allow|dismiss)|\b(?:overturn|set aside"
        r"|in the end|eventually|finally)\b",
        r"判决如下|裁定如下|判决:|主[ \t]{0,8}文|驳回|维持原判|撤销|判处|免予|应予|予以支持"
        r"|不予支持|无罪|准许"
        r"|\b(?:affirm(?:ed)?|reversed?|vacated?|remand(?:ed)?|dismiss(?:ed)?|grant(?:ed)?"
        r"|den(?:y|ied)|allow(?:ed)?|ordered|refused|quash(?:ed)?|upheld)\b",
    ),
    _kind(
        "whether",
        r"吗\W*$|吗[,?。 ]|么\W*$|咩\W*$|未\W*$|是否|是不是|系咪|能不能|可不可以|可唔可以|可否"
        r"|能否|得不得|得唔得|有没有|有冇|有无|要不要|使唔使|准不准|算不算|会不会"
        r"|合不合|应不应|需不需|(?:^|[,;:.] ?|\band )(?:did|does|do|is|are|was|were|can|could|may"
        r"|must|should|shall|has|have|had|will|would)\b"
        r"|\bwhether\b|; ?does\b|\bis it (?:legal|allowed)\b|\b(?:allowed|permitted|required) to\b",
        r"不得|应当|可以|应(?:当|予|由|负)|必须|有权|无权|禁止|须|不能"
        r"|(?<!获)(?<!取)(?<!所)(?<!获)(?<!觉)得(?!到|出|以|知|益)|视为|不予|予以"
        r"|\b(?:may|must|shall|cannot|can|will not|not allowed|prohibit\w*|entitled|required"
        r"|permitted|agrees? (?:to|not)|except|unless|right to)\b",
    ),
    _kind(
        "argument",
        r"主张(?:什么|了|哪)|(?:辩称|诉称|辩护|提出|抗辩|答辩|指控|说)了?(?:什么|些什么|哪些|咩)"
        r"|(?:诉讼|上诉)请求|理由是|怎么(?:说|辩)"
        r"|辩解|反驳|否认"
        r"|\b(?:argu\w+|contend\w*|alleg\w+|claim(?:s|ed)?|submi(?:t|ts|tted|ssions?)|position"
        r"|defen[cs]es?|den(?:y|ies|ied)|charged?|accus\w+|sue[ds]?|suing|seek(?:s|ing)?)\b",
        r"诉称|辩称|主张|抗辩|请求|辩护|指控|并未|不应|不服|\b(?:argu\w+|contend\w*|alleg\w+|assert\w*|submit\w*"
        r"|claims?|seeks?|charged)\b",
    ),
    _kind(
        "proof",
        r"证据|证人|怎么证明|鉴定|\b(?:evidence|witness\w*|proof|prove[ds]?|exhibits?|testif\w+)\b",
        r"证言|供述|笔录|鉴定|书证|物证|证人|证据|\b(?:evidence|witness\w*|exhibits?|affidavit"
        r"|testif\w+|testimony)\b",
    ),
    _kind(
        "how",
        r"怎么(?!判|算|样)|怎样|点样|点算|点(?=[一-鿿]{2})(?!解)|如何|流程|程序|手续|条件|要什么"
        r"|需要(?:什么|哪些)|哪些|要求\W*$|(?:规定|法条|依据|责任)\W*$"
        r"|\bhow (?:to|do|can|does|should|is|are)\b|\b(?:requirements?|conditions?|procedure"
        r"|steps|process|circumstances)\b|\bwhat (?:must|happens?|should|if)\b",
        r"应当|可以|(?:下列|以下|左列)[^\n。]{0,20}[:之]|[(（]?一[)、]|须|申请|提交|\b(?:must"
        r"|shall|may|following|apply|submit|provide|request)\b|\([a-i1-9]\)",
    ),
)
"""Kinds may overlap: 'how much was he fined' expects money, and an order that says it."""
_NUMBERS = frozenset({"money", "period", "percent", "count"})
KIND_NAMES = tuple(kind.name for kind in ANSWER_KINDS)


@lru_cache(maxsize=256)
def expected_kinds(question: str) -> tuple[bool, ...]:
    """Of which kinds, in the order of `ANSWER_KINDS`, a question expects its answer."""
    opening = question[:QUESTION_CHARACTERS]
    expected = {kind.name for kind in ANSWER_KINDS if kind.asked.search(opening)}
    # Any number does only where it is not said of what: a docket number is no sum of money.
    if expected & _NUMBERS:
        expected.discard("amount")
    return tuple(kind.name in expected for kind in ANSWER_KINDS)
