"""Texts about kept passages, and the words of a memo that is written from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoTexts:
    """What is said about kept passages, then what a memo says itself."""

    # keeping
    keep_label: str = field(metadata=PLAIN)
    keep_number_label: str = field(metadata=PLAIN)
    kept: str = field(metadata=PLAIN)
    taken_out: str = field(metadata=PLAIN)
    full: str = field(metadata=PLAIN)
    not_in_channels: str = field(metadata=PLAIN)
    listing: str
    more_kept: str
    none: str
    write_label: str = field(metadata=PLAIN)
    empty_label: str = field(metadata=PLAIN)
    emptied: str
    which_matter: str
    nothing_left: str
    caption: str
    refers_to: str

    # inside a memo
    untitled: str = field(metadata=PLAIN)
    written: str = field(metadata=PLAIN)
    authorities: str = field(metadata=PLAIN)
    note: str = field(metadata=PLAIN)
    notes: str = field(metadata=PLAIN)
    cases: str = field(metadata=PLAIN)
    laws: str = field(metadata=PLAIN)
    contracts: str = field(metadata=PLAIN)
    others: str = field(metadata=PLAIN)
    superseded: str = field(metadata=PLAIN)
    withdrawn: str = field(metadata=PLAIN)


EN: Final = MemoTexts(
    keep_label="📌 Keep",
    keep_number_label="📌 {number}",
    kept="Kept for {matter}. /kept lists what is kept here, /memo writes it out.",
    taken_out="No longer kept.",
    full="There are {limit} kept passages here already: write them out with /memo, then empty.",
    not_in_channels="Passages are kept in a private chat with me or in a group.",
    listing="<b>Kept for {matter}</b>",
    more_kept="… and {count} more: the memo holds them all.",
    none="Nothing is kept here yet: press 📌 below a passage.",
    write_label="📄 Memo: {matter}",
    empty_label="🗑 Empty: {matter}",
    emptied="Nothing is kept for {matter} here any more.",
    which_matter="The kept passages belong to several matters. Which of them shall I write out?",
    nothing_left="All that was kept here has been withdrawn since.",
    caption="{count} quotations, word for word, each with its source.",
    refers_to="Refers to {places}",
    untitled="Memorandum",
    written="{date} · {count} quotations, word for word",
    authorities="Table of authorities",
    note="note {numbers}",
    notes="notes {numbers}",
    cases="Cases",
    laws="Legislation",
    contracts="Contracts",
    others="Other documents",
    superseded="Superseded since: this is the text of an older version. The newer one is {newer}.",
    withdrawn="Withdrawn since: {citation} is no longer among the documents, and is not quoted.",
)

ZH_HANS: Final = MemoTexts(
    keep_label="📌 留存",
    keep_number_label="📌 第{number}段",
    kept="已为案件 {matter} 留存。/kept 列出留存的段落，/memo 写成备忘录。",
    taken_out="已不再留存。",
    full="这里已留存 {limit} 个段落：请先用 /memo 写成备忘录，再清空。",
    not_in_channels="请在与我的私聊或群组里留存段落。",
    listing="<b>为案件 {matter} 留存的段落</b>",
    more_kept="……另有 {count} 个，备忘录里全都有。",
    none="这里还没有留存的段落：请按段落下方的 📌。",
    write_label="📄 备忘录：{matter}",
    empty_label="🗑 清空：{matter}",
    emptied="这里不再为案件 {matter} 留存任何段落。",
    which_matter="留存的段落属于几个案件。要写哪一个？",
    nothing_left="这里留存的段落都已被撤回。",
    caption="{count} 处引文，一字不差，各附出处。",
    refers_to="所引：{places}",
    untitled="备忘录",
    written="{date} · {count} 处引文，一字不差",
    authorities="引用文献表",
    note="注 {numbers}",
    notes="注 {numbers}",
    cases="案例",
    laws="法律法规",
    contracts="合同",
    others="其他文件",
    superseded="此后已被取代：以上是旧版的文字，新版为 {newer}。",
    withdrawn="此后已被撤回：{citation} 已不在文件之中，故不引用。",
)

ZH_HANT: Final = MemoTexts(
    keep_label="📌 留存",
    keep_number_label="📌 第{number}段",
    kept="已為案件 {matter} 留存。/kept 列出留存的段落，/memo 寫成備忘錄。",
    taken_out="已不再留存。",
    full="這裡已留存 {limit} 個段落：請先用 /memo 寫成備忘錄，再清空。",
    not_in_channels="請私訊我，或在群組裡留存段落。",
    listing="<b>為案件 {matter} 留存的段落</b>",
    more_kept="……另有 {count} 個，備忘錄裡全都有。",
    none="這裡還沒有留存的段落：請按段落下方的 📌。",
    write_label="📄 備忘錄：{matter}",
    empty_label="🗑 清空：{matter}",
    emptied="這裡不再為案件 {matter} 留存任何段落。",
    which_matter="留存的段落屬於幾個案件。要寫哪一個？",
    nothing_left="這裡留存的段落都已撤回。",
    caption="{count} 處引文，一字不差，各附出處。",
    refers_to="所引：{places}",
    untitled="備忘錄",
    written="{date} · {count} 處引文，一字不差",
    authorities="引用文獻表",
    note="註 {numbers}",
    notes="註 {numbers}",
    cases="裁判",
    laws="法規",
    contracts="契約",
    others="其他文件",
    superseded="此後已被取代：以上是舊版的文字，新版為 {newer}。",
    withdrawn="此後已撤回：{citation} 已不在文件之中，故不引用。",
)
