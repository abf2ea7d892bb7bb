"""What kind of answer a question expects, and whether a text shows one of that kind.

When -> dates, how much -> money or a number, how long -> a period, who -> counsel, judges or
parties, why -> reasons, what is -> definitions, where -> places, whether -> rules, how did it end
-> orders. Words alone decide: a text that shows a date need not hold the one that was asked for.
Expects folded text, in which Traditional wording is Simplified: 幾耐 is read as 几耐.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.language.dates import MONTHS

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
        rf"\d{{2,4}}\s?年|\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|\d世纪|{_HAN}{{2,}}年"
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
        rf"{_NUMBER}\s?(?:周年|年|个?月|日|天|小时|星期|周)(?!\d)"
        rf"|(?:\b\d+|{_WORD_NUMBER})[)\s-]{{1,3}}(?:business |calendar |working )?(?:years?"
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
        rf"|{_NUMBER}\s?倍|\b(?:usd|eur|gbp|rmb|cny|hkd|twd)\b|\b\d[\d,.]*\s?(?:dollars|pounds"
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
        r"|改判|维持|准不准|驳回|批准了?吗|支持了?吗|得到支持|最[后终]|下场"
        r"|\b(?:outcome|result|ruling|disposition|verdict|sentenced?|conclu\w+|decided?"
        r"|decision)\b|\bwho (?:won|lost|prevailed)\b"
        r"|\b(?:did|was|were|has|is) [^?]{0,60}\b(?:affirm|reverse|revers|vacat|dismiss|grant"
        r"|den(?:y|ied)|allow|order|uphold|upheld|refus|award|win|succeed)",
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
        r"|\b(?:argu\w+|contend\w*|alleg\w+|claim(?:s|ed)?|submi(?:t|ts|tted|ssions?)|position"
        r"|charged?|accus\w+|sue[ds]?|suing|seek(?:s|ing)?)\b",
        r"诉称|辩称|主张|抗辩|请求|辩护|指控|\b(?:argu\w+|contend\w*|alleg\w+|assert\w*|submit\w*"
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
    asked = question[:QUESTION_CHARACTERS]
    expected = {kind.name for kind in ANSWER_KINDS if kind.asked.search(asked)}
    # Any number does only where it is not said of what: a docket number is no sum of money.
    if expected & _NUMBERS:
        expected.discard("amount")
    return tuple(kind.name in expected for kind in ANSWER_KINDS)
