"""Quotations that stand in no document: invented ones in the phrases of laws, and spliced ones.

The frames are what statutes, judgments and contracts say again and again; what fills them is made
up. So an invented quotation shares long runs of words with many documents and is in none. A
spliced one is the beginning of one sentence and the end of another document's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

FRAMES: Mapping[str, tuple[str, ...]] = {
    "zh-Hans": (
        "{who}违反本办法规定{act}的，由{office}责令限期改正，处{low}以上{high}以下的罚款；情节严重的，吊销{paper}。",
        "{who}应当自{event}之日起{days}内，持{paper}向{office}办理变更登记。",
        "未经{office}批准，任何单位和个人不得{act}。",
        "{who}有下列情形之一的，{office}可以注销其{paper}：（一）{act}；（二）连续两年未年检。",
        "当事人对{thing}没有约定或者约定不明确的，由{office}按照{event}时的市场价格确定。",
        "{who}因{act}造成他人损害的，应当承担赔偿责任，但能够证明自己没有过错的除外。",
        "{who}{act}，构成犯罪的，依法追究刑事责任；尚不构成犯罪的，由{office}给予警告。",
        "{who}不服{office}关于{thing}的决定的，可以自收到决定书之日起{days}内申请复议。",
        "本院认为，{who}{act}，其行为已构成违约，应当向原告支付{thing}{high}。",
        "综上所述，{who}关于{thing}的上诉理由不能成立，本院不予支持。",
        "{thing}的期限为{days}，自{event}之日起计算；法律另有规定的，依照其规定。",
        "{who}应当妥善保管{thing}，因保管不善造成毁损、灭失的，应当承担赔偿责任。",
    ),
    "zh-Hant": (
        "{who}違反前條規定{act}者，處新臺幣{low}以上{high}以下罰鍰，並得按次處罰。",
        "{who}應於{event}後{days}內，檢附{paper}，向{office}申請備查。",
        "非經{office}許可，不得{act}；違反者，其{paper}失其效力。",
        "{who}因{act}致他人受有損害者，應負賠償責任。但已盡相當之注意者，不在此限。",
        "前項{thing}之計算方式、程序及其他應遵行事項之辦法，由{office}定之。",
        "{who}不服{office}就{thing}所為之處分者，得於{days}內提起訴願。",
        "{thing}請求權，自{event}時起，{days}間不行使而消滅。",
        "{who}有下列情形之一者，{office}得廢止其{paper}：一、{act}。二、喪失資格。",
        "原判決就{thing}部分，為上訴人{who}敗訴之判決，並無不合，上訴意旨指摘原判決不當，為無理由。",
        "{who}知其代理人{act}而不為反對之表示者，對於第三人應負授權人之責任。",
        "{thing}於{event}時，由雙方會同點交；未點交者，視為已依現況交付。",
        "{who}應以善良管理人之注意保管{thing}，違反者應賠償其毀損。",
    ),
    "en": (
        (
            "Any {who} who {act} without the written consent of the {office} shall be liable to a "
            "fine not exceeding {high}."
        ),
        (
            "The {who} shall, within {days} of the {event}, notify the {office} in writing of any "
            "change to the {thing}."
        ),
        (
            "Subject to the provisions of this Agreement, the {who} shall indemnify and hold "
            "harmless the {office} against all losses arising out of the {thing}."
        ),
        (
            "In no event shall the {who} be liable for any indirect or consequential damages "
            "arising from the {thing}, even if advised of the {event}."
        ),
        (
            "Nothing in this section shall be construed to require the {who} to disclose the "
            "{thing} before the {event}."
        ),
        (
            "For the reasons set out above, I would dismiss the appeal of the {who} on the ground "
            "that the {thing} had lapsed before the {event}."
        ),
        (
            "The court may, if it is satisfied that the {who} {act}, order that the {thing} be "
            "forfeited to the {office}."
        ),
        (
            "This clause shall survive the {event} and shall remain in force for a period of "
            "{days} thereafter."
        ),
        (
            "The {who} represents and warrants that the {thing} does not infringe the rights of "
            "the {office} as of the {event}."
        ),
        (
            "An application under this rule must be made to the {office} within {days} beginning "
            "with the day of the {event}."
        ),
        (
            "Either party may terminate the {thing} upon {days} prior written notice to the "
            "{office} if the {who} {act}."
        ),
        (
            "The claimant must prove on the balance of probabilities that the {who} {act} and "
            "that the {event} was foreseeable."
        ),
    ),
}  # fmt: skip
FILLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "zh-Hans": {
        "who": ("云帆租赁经营者", "蜂箱所有人", "浮桥管理单位", "热气球驾驶员", "钟楼修缮人"),
        "act": ("擅自迁移蜂箱", "夜间敲响钟楼大钟", "伪造浮桥通行牌", "出借热气球球囊"),
        "office": ("浮桥事务局", "养蜂登记处", "钟表检定所", "泉务委员会"),
        "paper": ("蜂场登记簿", "浮桥通行牌", "钟楼值守证"),
        "event": ("铜栓封存", "浮桥落成", "蜂群分箱", "球囊验收"),
        "thing": ("蜂蜡分成款", "浮桥维护费", "球囊租金", "钟摆押金"),
        "low": ("一千七百元", "三千二百元"), "high": ("八万六千元", "四万一千元"),
        "days": ("十七日", "二十三日", "四十一日"),
    },
    "zh-Hant": {
        "who": ("雲帆出租人", "蜂箱所有人", "浮橋管理人", "熱氣球駕駛人", "鐘樓修繕人"),
        "act": ("擅自遷移蜂箱", "夜間敲響鐘樓大鐘", "偽造浮橋通行牌", "出借熱氣球球囊"),
        "office": ("浮橋事務局", "養蜂登記處", "鐘錶檢定所", "泉務委員會"),
        "paper": ("蜂場登記簿", "浮橋通行牌", "鐘樓值守證"),
        "event": ("銅栓封存", "浮橋落成", "蜂群分箱", "球囊驗收"),
        "thing": ("蜂蠟分成款", "浮橋維護費", "球囊租金", "鐘擺押金"),
        "low": ("一千七百元", "三千二百元"), "high": ("八萬六千元", "四萬一千元"),
        "days": ("十七日", "二十三日", "四十一日"),
    },
    "en": {
        "who": ("beekeeper", "balloon pilot", "bridge warden", "clock restorer", "spring keeper"),
        "act": ("removes a hive", "rings the tower bell at night", "forges a bridge token",
                "lends the envelope of a balloon"),
        "office": ("Pontoon Office", "Registrar of Hives", "Clock Bureau", "Wells Committee"),
        "event": ("sealing of the copper tap", "opening of the pontoon", "swarming of the hive"),
        "thing": ("wax royalty", "pontoon levy", "balloon rental", "pendulum deposit"),
        "high": ("1,700 crowns", "86,000 crowns"),
        "days": ("seventeen days", "twenty-three days", "forty-one days"),
    },
}  # fmt: skip
_FIELD = re.compile(r"\{(\w+)\}")
_CLAUSE = re.compile(r"[，,；;]\s?")
_LEAST, _MOST = 0.4, 0.6
"""The share of a spliced quotation that comes from the first of both sentences."""


def invented(language: str, count: int, source: random.Random) -> list[str]:
    """Different sentences of the frames of a language, as many of each frame."""
    fills = FILLS[language]
    by_frame = []
    for frame in FRAMES[language]:
        fields = list(dict.fromkeys(_FIELD.findall(frame)))
        filled = [
            frame.format_map(dict(zip(fields, values, strict=True)))
            for values in product(*(fills[name] for name in fields))
        ]
        by_frame.append(source.sample(filled, min(len(filled), -(-count // len(FRAMES[language])))))
    texts = [text for texts in by_frame for text in texts]
    source.shuffle(texts)
    return texts[:count]


def spliced(texts: Sequence[str], count: int, source: random.Random) -> Iterator[str]:
    """Beginnings of sentences with the ends of others, cut where a clause ends."""
    heads = [text[: cut.end()] for text in texts for cut in _CLAUSE.finditer(text)]
    tails = [text[cut.end() :] for text in texts for cut in _CLAUSE.finditer(text)]
    source.shuffle(heads)
    source.shuffle(tails)
    given = 0
    for head, tail in zip(heads, tails, strict=True):
        if given == count:
            return
        share = len(head) / (len(head) + len(tail))
        if _LEAST <= share <= _MOST and len(head) + len(tail) > 20:
            given += 1
            yield head + tail
