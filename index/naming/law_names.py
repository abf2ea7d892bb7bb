"""What laws are called: in full, for short, and in English.

《中华人民共和国个人信息保护法》 is also 个人信息保护法, 个保法, PIPL and Personal Information
Protection Law. Names are folded (`index.text.normalize`): Simplified and small letters.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.language.scripts import HAN
from index.text.normalize import fold_term

_KINDS = "法|典|条例|规定|规则|办法|细则|通则|准则|纲要|修正案"
_EDITION = re.compile(r"\s{0,20}\([^()]{1,40}\)")
_ISSUER = re.compile(r"^(?:中华人民共和国|中华民国|台湾地区|台湾|香港特别行政区|香港|大陆)(?=.{2})")
_BOOK = re.compile(rf"(?<=典)[·\s]*(?:第[{HAN}]编)?(?:[{HAN}]{{1,10}}编|附则)$")
_CHINESE_LAW = re.compile(rf"[{HAN}]{{1,30}}(?:{_KINDS})(?:实施(?:条例|细则)|施行法|施行细则)?")
_ENGLISH_LAW = re.compile(
    r"(?:the )?(?P<name>(?:[a-z&,'-]+ ){1,10}(?:act|law|code|ordinance|regulations?|rules))"
    r"(?: (?:of )?(?:19|20)\d\d)?(?: of (?:the )?[a-z' ]{2,40})?"
)

# canonical Chinese name: usual short names, then English names and initials
_TABLE = """
宪法: ; constitution
民法典: ; civil code
民法通则: ; general principles of civil law
民法总则: ; general provisions of civil law
合同法: ; contract law
物权法: ; property law, property rights law
侵权责任法: ; tort law, tort liability law
担保法: ; guarantee law, guaranty law, security law
婚姻法: ; marriage law
继承法: ; succession law, inheritance law
公司法: ; company law, companies law, company act
证券法: ; securities law
票据法: ; negotiable instruments law
保险法: ; insurance law
信托法: ; trust law
海商法: ; maritime law, maritime code
合伙企业法: 合伙法; partnership law, partnership enterprise law
企业破产法: 破产法; enterprise bankruptcy law, bankruptcy law
外商投资法: 外投法; foreign investment law
反垄断法: ; anti-monopoly law, antimonopoly law, antitrust law
反不正当竞争法: 反法; anti-unfair competition law
消费者权益保护法: 消法, 消保法, 消费者法; consumer protection law, consumer rights protection law
产品质量法: 产质法; product quality law
电子商务法: 电商法; e-commerce law, electronic commerce law
电子签名法: ; electronic signature law
广告法: ; advertising law, advertisement law
食品安全法: 食安法; food safety law
药品管理法: 药管法; drug administration law
个人信息保护法: 个保法, 个信法, 个人信息法; personal information protection law, pipl
网络安全法: 网安法; cybersecurity law, cyber security law
数据安全法: 数安法; data security law
劳动法: ; labor law, labour law
劳动合同法: 劳合法; labor contract law, labour contract law
劳动争议调解仲裁法: 劳动仲裁法, 调解仲裁法; labor dispute mediation and arbitration law
社会保险法: 社保法; social insurance law
工会法: ; trade union law
安全生产法: 安生法; work safety law, safety production law
职业病防治法: ; occupational disease prevention law
就业促进法: ; employment promotion law
专利法: ; patent law
商标法: ; trademark law, trade mark law
著作权法: 版权法; copyright law
刑法: ; criminal law, penal code
刑事诉讼法: 刑诉法, 刑诉; criminal procedure law, code of criminal procedure
民事诉讼法: 民诉法, 民诉; civil procedure law, code of civil procedure
行政诉讼法: 行诉法; administrative litigation law, administrative procedure law
行政处罚法: ; administrative penalty law, administrative punishment law
行政复议法: ; administrative reconsideration law
行政许可法: ; administrative licensing law, administrative license law
行政强制法: ; administrative compulsion law, administrative enforcement law
国家赔偿法: 国赔法; state compensation law
治安管理处罚法: 治安法, 治安处罚法; public security administration punishments law
道路交通安全法: 道交法, 交通安全法; road traffic safety law
仲裁法: ; arbitration law
公证法: ; notarization law
律师法: ; lawyers law, law on lawyers
法官法: ; judges law
立法法: ; legislation law
监察法: ; supervision law
公务员法: ; civil servant law
土地管理法: 土管法; land administration law, land management law
城市房地产管理法: 房管法, 城房法; urban real estate administration law
建筑法: ; construction law, building law
招标投标法: 招投标法; bidding law, tendering and bidding law
政府采购法: 政采法; government procurement law
环境保护法: 环保法; environmental protection law
个人所得税法: 个税法; individual income tax law, personal income tax law
企业所得税法: ; enterprise income tax law, corporate income tax law
税收征收管理法: 税征法, 征管法, 税收征管法; tax collection law, tax administration law
未成年人保护法: 未保法; minors protection law
妇女权益保障法: 妇保法; women's rights protection law
反家庭暴力法: 反家暴法; anti-domestic violence law
涉外民事关系法律适用法: 涉外法律适用法, 法律适用法; choice of law act
出境入境管理法: 出入境法, 出入境管理法; exit and entry administration law
国家安全法: 国安法; national security law
民法: ; civil code
劳动基准法: 劳基法; labor standards act, labour standards act
劳工保险条例: 劳保条例; labor insurance act
劳工退休金条例: 劳退条例; labor pension act
性别平等工作法: 性工法, 性平法; gender equality in employment act
劳动事件法: 劳事法; labor incident act
消费者保护法: 消保法; consumer protection act
个人资料保护法: 个资法; personal data protection act
公平交易法: 公平法, 公交法; fair trade act
证券交易法: 证交法; securities and exchange act
民事诉讼法施行法: ;
家事事件法: ; family act
消费者债务清理条例: 消债条例; consumer debt clearance act
道路交通管理处罚条例: 道交条例; road traffic management and penalty act
土地法: ; land act
公寓大厦管理条例: 公寓条例; condominium act
政府资讯公开法: ; freedom of government information law
行政程序法: ; administrative procedure act
营业秘密法: 营秘法; trade secrets act
商标法施行细则: ;
涉外民事法律适用法: 涉民法; act governing the choice of law in civil matters
台湾地区与大陆地区人民关系条例: 两岸条例, 两岸人民关系条例; cross-strait act
劳动合同法实施条例: ; regulation on the implementation of the labor contract law
工伤保险条例: 工伤条例; work injury insurance regulation
雇佣条例: ; employment ordinance
公司条例: ; companies ordinance
破产条例: ; bankruptcy ordinance
个人资料(私隐)条例: 私隐条例; personal data (privacy) ordinance, pdpo
仲裁条例: ; arbitration ordinance
"""


@cache
def _names() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """By canonical name all its names; by short or English name the canonical ones."""
    all_names: dict[str, tuple[str, ...]] = {}
    canonical: dict[str, list[str]] = {}
    for line in _TABLE.strip().splitlines():
        law, _, names = line.partition(":")
        short, _, english = names.partition(";")
        other_names = [name.strip() for part in (short, english) for name in part.split(",")]
        all_names[law] = (law, *filter(None, other_names))
        for name in filter(None, other_names):
            canonical.setdefault(name, []).append(law)
    return all_names, {name: tuple(laws) for name, laws in canonical.items()}


def law_of(title: str) -> str:
    """The work that a title names, folded and without issuer and edition; empty for no law."""
    folded = _EDITION.sub("", fold_term(title).strip().strip("《》"))
    bare = _BOOK.sub("", _ISSUER.sub("", folded))
    if _CHINESE_LAW.fullmatch(bare):
        return bare
    english = _ENGLISH_LAW.fullmatch(" ".join(folded.split()))
    return english["name"] if english else ""


def names_of(law: str) -> tuple[str, ...]:
    """Every name of a work that `law_of` gave, its own first."""
    return _names()[0].get(law, (law,))


def laws_named(name: str) -> tuple[str, ...]:
    """The works that a folded short or English name stands for."""
    everything, canonical = _names()
    return canonical.get(name) or ((name,) if name in everything else ())


@cache
def known_names() -> frozenset[str]:
    """Every name of a law in the table, folded."""
    everything, canonical = _names()
    return frozenset(everything) | frozenset(canonical)
