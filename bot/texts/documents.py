"""The texts about documents: the list, withdrawal, uploads, and the original file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.texts import reason_sentences
from bot.texts.marks import PLAIN

if TYPE_CHECKING:
    from bot.texts.reason_sentences import ReasonTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTexts:
    """The texts about documents, in the order in which a person meets them."""

    # the list
    title: str
    none: str
    none_called: str
    added_on: str
    added_by: str
    superseded: str
    previous_label: str = field(metadata=PLAIN)
    next_label: str = field(metadata=PLAIN)
    withdraw_label: str = field(metadata=PLAIN)

    # withdrawing one
    choose: str
    ask: str
    yes_label: str = field(metadata=PLAIN)
    no_label: str = field(metadata=PLAIN)
    withdrawn: str
    keepers_only: str = field(metadata=PLAIN)
    gone: str = field(metadata=PLAIN)
    held: str = field(metadata=PLAIN)
    changed: str = field(metadata=PLAIN)

    # sending one
    add_usage: str
    add_keepers_only: str
    add_anonymous: str
    name_matter: str
    into_which: str
    file_picture: str
    file_picture_label: str = field(metadata=PLAIN)
    ask_caption: str
    ask_caption_label: str = field(metadata=PLAIN)
    not_yours: str = field(metadata=PLAIN)
    too_large: str
    operator: str
    waiting: str
    fetching: str
    cannot_store: str
    reading: str
    added: str
    replaced: str
    unchanged: str
    refused: str
    same_path: str
    attachments: str
    attachments_refused: str
    partly: str
    partly_label: str
    no_longer_keeper: str
    not_fetched: str
    failed: str
    open_label: str = field(metadata=PLAIN)
    undo_label: str = field(metadata=PLAIN)
    undo_late: str = field(metadata=PLAIN)
    undone: str

    # the original
    original_label: str = field(metadata=PLAIN)
    original_too_large: str = field(metadata=PLAIN)
    original_in_private: str = field(metadata=PLAIN)
    original_kept: str = field(metadata=PLAIN)
    original_superseded: str

    # why a file was refused, or not read whole
    reasons: ReasonTexts = field(metadata=PLAIN)


EN: Final = DocumentTexts(
    title="<b>Documents</b> · {first}–{last} of {count}",
    none="There are no documents here yet.",
    none_called="No document here has “{words}” in its title.",
    added_on="added {date}",
    added_by="added {date} by {person}",
    superseded="superseded",
    previous_label="◂ Newer",
    next_label="Older ▸",
    withdraw_label="🗑 Withdraw one",
    choose="Which one is to be withdrawn?",
    ask="Withdraw <b>{title}</b> ({citation}) from {matters}? Nobody will find or open it there.",
    yes_label="🗑 Yes, withdraw it",
    no_label="No",
    withdrawn="<b>{title}</b> ({citation}) is withdrawn from {matters}.",
    keepers_only="Only those who keep its matter may withdraw a document.",
    gone="This document is no longer here.",
    held="A legal hold keeps it: nothing is withdrawn until it ends. {reasons}",
    changed="Something changed meanwhile: please look again.",
    add_usage=(
        "Send <code>/add</code> or <code>/add MATTER</code> in reply to a file, "
        "or as the text that goes with one."
    ),
    add_keepers_only="Only owners, and keepers for their own matters, may file documents.",
    add_anonymous=(
        "I cannot tell who you are: anonymous administrators, channels and forwarded commands "
        "may not file documents, so send it under your own name."
    ),
    name_matter="Name the matter that it belongs to: <code>/add MATTER</code>.",
    into_which="Into which matter?",
    file_picture="Shall I file the picture, too?",
    file_picture_label="📄 File it",
    ask_caption="The words below the picture are taken for its name. Were they a question?",
    ask_caption_label="❓ Ask them",
    not_yours="Only whoever sent the file may choose.",
    too_large=(
        "<b>{name}</b> has {size} MB, and I take {limit} MB at most: send a smaller part, or "
        "ask {operator} to put it into the watched folder."
    ),
    operator="whoever runs this bot",
    waiting="⏳ <b>{name}</b>: waiting",
    fetching="⏳ <b>{name}</b>: fetching it",
    cannot_store="⏳ <b>{name}</b> waits until I can write to my disk again.",
    reading="⏳ <b>{name}</b>: reading it",
    added="✅ <b>{name}</b> is filed in {matter}: passages {count}, the first {citation}",
    replaced=(
        "✅ <b>{name}</b> is filed in {matter} in place of {old}: passages {count}, the first "
        "{citation}"
    ),
    unchanged="✅ <b>{name}</b> is on file in {matter} already: {citation}",
    refused="⚠️ <b>{name}</b> is not filed: {reason}",
    same_path="A file of this name that you send into the same matter later replaces it.",
    attachments="Files inside it that are filed too: {count}",
    attachments_refused="Files inside it that are not filed: {count}; the first, {name}: {reason}",
    partly="⚠️ Not read whole: {reason}",
    partly_label="not read whole",
    no_longer_keeper="⚠️ <b>{name}</b> is not filed: you no longer keep {matter}.",
    not_fetched="⚠️ <b>{name}</b> is not filed: Telegram no longer has it. Please send it again.",
    failed="⚠️ <b>{name}</b> is not filed: something went wrong on my side. Please send it again.",
    open_label="📖 Open {name}",
    undo_label="↩️ Undo",
    undo_late="This can be undone for ten minutes only: /documents lets you withdraw it.",
    undone="↩️ <b>{name}</b> is taken back.",
    original_label="📄 Original file",
    original_kept="The files of this matter are not handed out.",
    original_too_large="The file is larger than the 50 MB that I may send.",
    original_in_private="Ask me for the file in a private chat.",
    original_superseded="⚠️ Superseded: a newer version of this document is on file.",
    reasons=reason_sentences.EN,
)

ZH_HANS: Final = DocumentTexts(
    title="<b>文件</b> · 第 {first}–{last} 份，共 {count} 份",
    none="这里还没有文件。",
    none_called="这里没有文件的标题含有“{words}”。",
    added_on="收录于 {date}",
    added_by="{person} 收录于 {date}",
    superseded="已被取代",
    previous_label="◂ 较新",
    next_label="较早 ▸",
    withdraw_label="🗑 撤回一份",
    choose="要撤回哪一份？",
    ask="要把 <b>{title}</b>（{citation}）从 {matters} 撤回吗？撤回后，在那里谁也查不到、打不开。",
    yes_label="🗑 是，撤回",
    no_label="否",
    withdrawn="<b>{title}</b>（{citation}）已从 {matters} 撤回。",
    keepers_only="只有该案件的保管人可以撤回文件。",
    gone="这份文件已不在这里。",
    held="处于诉讼保留：保留结束前不能撤回任何文件。{reasons}",
    changed="其间有变动：请重新查看。",
    add_usage=(
        "请用 <code>/add</code> 或 <code>/add 案件</code> 回复一个文件，或把它写在文件的说明里。"
    ),
    add_keepers_only="只有所有者，以及案件的保管人，可以收录文件。",
    add_anonymous=(
        "我无法确认您的身份：匿名管理员、频道身份或转发的命令不能收录文件，请以本人身份发送。"
    ),
    name_matter="请写明案件：<code>/add 案件</code>。",
    into_which="收录到哪个案件？",
    file_picture="这张图片也要收录吗？",
    file_picture_label="📄 收录",
    ask_caption="图片的说明已用作文件名。您是想用它提问吗？",
    ask_caption_label="❓ 提问",
    not_yours="只有发送文件的人可以选择。",
    too_large=(
        "<b>{name}</b> 有 {size} MB，我最多接收 {limit} MB："
        "请发送较小的部分，或请{operator}放进受监视的文件夹。"
    ),
    operator="运营者",
    waiting="⏳ <b>{name}</b>：等待中",
    fetching="⏳ <b>{name}</b>：正在取回",
    cannot_store="⏳ <b>{name}</b>：磁盘目前无法写入，先等一等，恢复后会自动继续。",
    reading="⏳ <b>{name}</b>：正在读取",
    added="✅ <b>{name}</b> 已收录到 {matter}，共 {count} 段，从 {citation} 开始",
    replaced="✅ <b>{name}</b> 已收录到 {matter}，取代 {old}，共 {count} 段，从 {citation} 开始",
    unchanged="✅ <b>{name}</b> 此前已收录在 {matter}：{citation}",
    refused="⚠️ <b>{name}</b> 没有收录：{reason}",
    same_path="您以后发送到同一案件的同名文件会取代它。",
    attachments="其中一并收录的文件：{count} 个",
    attachments_refused="其中未收录的文件：{count} 个；第一个 {name}：{reason}",
    partly="⚠️ 未全部读取：{reason}",
    partly_label="未全部读取",
    no_longer_keeper="⚠️ <b>{name}</b> 没有收录：您不再是 {matter} 的保管人。",
    not_fetched="⚠️ <b>{name}</b> 没有收录：Telegram 上已没有这个文件，请重新发送。",
    failed="⚠️ <b>{name}</b> 没有收录：我这边出了点问题，请重新发送。",
    open_label="📖 打开 {name}",
    undo_label="↩️ 撤销",
    undo_late="只能在十分钟内撤销：可以用 /documents 撤回。",
    undone="↩️ 已取消收录 <b>{name}</b>。",
    original_label="📄 原始文件",
    original_kept="这个案件的原始文件不外传。",
    original_too_large="文件超过我可以发送的 50 MB。",
    original_in_private="请私聊我索取文件。",
    original_superseded="⚠️ 已被取代：这份文件已有新版本。",
    reasons=reason_sentences.ZH_HANS,
)

ZH_HANT: Final = DocumentTexts(
    title="<b>文件</b> · 第 {first}–{last} 份，共 {count} 份",
    none="這裡還沒有文件。",
    none_called="這裡沒有文件的標題含有「{words}」。",
    added_on="收錄於 {date}",
    added_by="{person} 收錄於 {date}",
    superseded="已被取代",
    previous_label="◂ 較新",
    next_label="較早 ▸",
    withdraw_label="🗑 撤回一份",
    choose="要撤回哪一份？",
    ask="要把 <b>{title}</b>（{citation}）從 {matters} 撤回嗎？撤回後，在那裡誰也查不到、打不開。",
    yes_label="🗑 是，撤回",
    no_label="否",
    withdrawn="<b>{title}</b>（{citation}）已從 {matters} 撤回。",
    keepers_only="只有該案件的保管人可以撤回文件。",
    gone="這份文件已不在這裡。",
    held="處於訴訟保留：保留結束前不能撤回任何文件。{reasons}",
    changed="這段期間有變動：請重新查看。",
    add_usage=(
        "請用 <code>/add</code> 或 <code>/add 案件</code> 回覆一個檔案，或把它寫在檔案的說明裡。"
    ),
    add_keepers_only="只有擁有者，以及案件的保管人，可以收錄檔案。",
    add_anonymous=(
        "我無法確認您的身分：匿名管理員、頻道身分或轉傳的指令不能收錄檔案，請以本人身分傳送。"
    ),
    name_matter="請寫明案件：<code>/add 案件</code>。",
    into_which="要收錄到哪個案件？",
    file_picture="這張圖片也要收錄嗎？",
    file_picture_label="📄 收錄",
    ask_caption="圖片的說明已用作檔名。您是想用它提問嗎？",
    ask_caption_label="❓ 提問",
    not_yours="只有傳送檔案的人可以選擇。",
    too_large=(
        "<b>{name}</b> 有 {size} MB，我最多接收 {limit} MB："
        "請傳送較小的部分，或請{operator}放進受監看的資料夾。"
    ),
    operator="營運者",
    waiting="⏳ <b>{name}</b>：等待中",
    fetching="⏳ <b>{name}</b>：正在下載",
    cannot_store="⏳ <b>{name}</b>：磁碟目前無法寫入，先等候，恢復後會自動繼續。",
    reading="⏳ <b>{name}</b>：正在讀取",
    added="✅ <b>{name}</b> 已收錄到 {matter}，共 {count} 段，從 {citation} 開始",
    replaced="✅ <b>{name}</b> 已收錄到 {matter}，取代 {old}，共 {count} 段，從 {citation} 開始",
    unchanged="✅ <b>{name}</b> 先前已收錄在 {matter}：{citation}",
    refused="⚠️ <b>{name}</b> 沒有收錄：{reason}",
    same_path="您以後傳送到同一案件的同名檔案會取代它。",
    attachments="其中一併收錄的檔案：{count} 個",
    attachments_refused="其中未收錄的檔案：{count} 個；第一個 {name}：{reason}",
    partly="⚠️ 未全部讀取：{reason}",
    partly_label="未全部讀取",
    no_longer_keeper="⚠️ <b>{name}</b> 沒有收錄：您不再是 {matter} 的保管人。",
    not_fetched="⚠️ <b>{name}</b> 沒有收錄：Telegram 上已經沒有這個檔案，請重新傳送。",
    failed="⚠️ <b>{name}</b> 沒有收錄：我這邊出了點問題，請重新傳送。",
    open_label="📖 開啟 {name}",
    undo_label="↩️ 復原",
    undo_late="只能在十分鐘內復原：可以用 /documents 撤回。",
    undone="↩️ 已取消收錄 <b>{name}</b>。",
    original_label="📄 原始檔案",
    original_kept="這個案件的原始檔案不外傳。",
    original_too_large="檔案超過我可以傳送的 50 MB。",
    original_in_private="請私訊我索取檔案。",
    original_superseded="⚠️ 已被取代：這份文件已有新版本。",
    reasons=reason_sentences.ZH_HANT,
)
