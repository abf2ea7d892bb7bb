"""The texts about personal data: what is stored and how long, /forgetme, and the audit export."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyTexts:
    """The texts about personal data, in the order in which a person meets them."""

    kept: str

    # being forgotten
    forget_ask: str
    forget_yes_label: str = field(metadata=PLAIN)
    forget_no_label: str = field(metadata=PLAIN)
    forget_not_yours: str = field(metadata=PLAIN)
    forgotten: str
    still_owner: str
    not_forgotten: str
    forget_postponed: str

    # the audit as a file
    export_owners_only: str
    export_in_private: str
    export_usage: str
    exported: str
    export_too_large: str

    # the newest hash, once a day
    newest_hash: str
    audit_not_whole: str


EN: Final = PrivacyTexts(
    kept=(
        "<b>What I keep</b>\n"
        "Each question to me with its time, chat and author, and the citations I showed; which "
        "answers you called useful; your Telegram id, name, username and language; what you may "
        "ask. Of other messages I keep nothing.\n"
        "<b>How long</b>\n"
        "Questions and what was shown for {days} days. The rest until you send /forgetme, which "
        "removes all of it at once.\n"
        "<b>Who sees it</b>\n"
        "The owners of this bot and whoever runs it: they account for what was shown to whom."
    ),
    forget_ask=(
        "Shall I forget you? Your questions, your feedback, your watches, the passages you "
        "kept, your name and id go from my records, and with them your admission to matters. "
        "That something was shown stays on record, but not to whom. This cannot be undone."
    ),
    forget_yes_label="Yes, forget me",
    forget_no_label="No",
    forget_not_yours="Only the one who asked for it may press this.",
    forgotten=(
        "You are forgotten: your questions, feedback, watches, kept passages, name and id are gone."
    ),
    still_owner="You are still an owner of this bot: only whoever runs it can change that.",
    not_forgotten="Nothing was changed.",
    forget_postponed=(
        "I cannot forget you yet: a legal hold keeps the records of a matter that concerns you. "
        "Your wish is on record, and is carried out when the hold ends."
    ),
    export_owners_only="Only an owner may take out the audit.",
    export_in_private="Send me that in a private chat: the audit names everybody who asked.",
    export_usage=(
        "Send <code>/export</code> for a table (CSV), <code>/export json</code> for JSON Lines."
    ),
    exported="Audit · records: {count} · the newest hash is {hash}",
    export_too_large=(
        "The audit is too large for Telegram: whoever runs the bot can print it with "
        "<code>pincite export-audit</code>."
    ),
    newest_hash=(
        "Audit · record {number} · the newest hash is {hash}\n"
        "Keep this message: it shows later that no record up to here was changed or cut off."
    ),
    audit_not_whole=(
        "⚠️ The audit does not hold: {problem}. Whoever runs the bot should run "
        "<code>pincite doctor</code>."
    ),
)

ZH_HANS: Final = PrivacyTexts(
    kept=(
        "<b>我保存什么</b>\n"
        "向我提出的每个问题及其时间、聊天和提问人，以及我出示的出处；您对答案的评价；"
        "您的 Telegram ID、姓名、用户名和语言；您可以查询的范围。其他消息都不保存。\n"
        "<b>保存多久</b>\n"
        "问题和出示的内容保存 {days} 天。其余的保存到您发送 /forgetme 为止，"
        "该命令会立即删除全部内容。\n"
        "<b>谁能看到</b>\n"
        "本机器人的所有者和运营者：他们须能说明向谁出示过什么。"
    ),
    forget_ask=(
        "要我忘记您吗？您的问题、评价、关注、留存的段落、姓名和 ID "
        "都会从记录中删除，您查询案件的许可也随之取消。"
        "出示过内容一事仍有记录，但不再记录向谁出示。此操作无法撤销。"
    ),
    forget_yes_label="是的，忘记我",
    forget_no_label="不",
    forget_not_yours="只有提出要求的本人可以按。",
    forgotten="已经忘记您：您的问题、评价、关注、留存的段落、姓名和 ID 都已删除。",
    still_owner="您仍是本机器人的所有者：只有运营者能更改。",
    not_forgotten="没有任何改动。",
    forget_postponed=(
        "现在还不能忘记您：与您有关的一个案件处于诉讼保留，记录必须保留。"
        "您的请求已经记录，保留结束后立即执行。"
    ),
    export_owners_only="只有所有者可以导出审计记录。",
    export_in_private="请在私聊中发送：审计记录里有每一位提问人。",
    export_usage=(
        "发送 <code>/export</code> 得到表格（CSV），"
        "发送 <code>/export json</code> 得到 JSON Lines。"
    ),
    exported="审计记录 · 条数：{count} · 最新的哈希值是 {hash}",
    export_too_large=(
        "审计记录太大，Telegram 发不了：运营者可以用 <code>pincite export-audit</code> 输出。"
    ),
    newest_hash=(
        "审计记录 · 第 {number} 条 · 最新的哈希值是 {hash}\n"
        "请保留本消息：日后可以证明，到此为止没有任何一条记录被更改或截去。"
    ),
    audit_not_whole=("⚠️ 审计记录不完整：{problem}。请运营者执行 <code>pincite doctor</code>。"),
)

ZH_HANT: Final = PrivacyTexts(
    kept=(
        "<b>我保存什麼</b>\n"
        "向我提出的每個問題及其時間、聊天室和提問人，以及我出示的出處；您對答案的評價；"
        "您的 Telegram ID、姓名、使用者名稱和語言；您可以查詢的範圍。其他訊息都不保存。\n"
        "<b>保存多久</b>\n"
        "問題和出示的內容保存 {days} 天。其餘的保存到您傳送 /forgetme 為止，"
        "該指令會立即刪除全部內容。\n"
        "<b>誰看得到</b>\n"
        "本機器人的擁有者和營運者：他們必須能交代向誰出示過什麼。"
    ),
    forget_ask=(
        "要我忘記您嗎？您的問題、評價、追蹤、留存的段落、姓名和 ID "
        "都會從紀錄中刪除，您查詢案件的許可也一併取消。"
        "曾經出示內容一事仍有紀錄，但不再記載向誰出示。此操作無法復原。"
    ),
    forget_yes_label="是的，忘記我",
    forget_no_label="不",
    forget_not_yours="只有提出要求的本人可以按。",
    forgotten="已經忘記您：您的問題、評價、追蹤、留存的段落、姓名和 ID 都已刪除。",
    still_owner="您仍是本機器人的擁有者：只有營運者能更改。",
    not_forgotten="沒有任何更動。",
    forget_postponed=(
        "現在還不能忘記您：與您有關的一個案件處於訴訟保留，紀錄必須保留。"
        "您的請求已經記錄，保留結束後立即執行。"
    ),
    export_owners_only="只有擁有者可以匯出稽核紀錄。",
    export_in_private="請以私訊傳送：稽核紀錄裡有每一位提問人。",
    export_usage=(
        "傳送 <code>/export</code> 取得表格（CSV），"
        "傳送 <code>/export json</code> 取得 JSON Lines。"
    ),
    exported="稽核紀錄 · 筆數：{count} · 最新的雜湊值是 {hash}",
    export_too_large=(
        "稽核紀錄太大，Telegram 傳不了：營運者可以用 <code>pincite export-audit</code> 輸出。"
    ),
    newest_hash=(
        "稽核紀錄 · 第 {number} 筆 · 最新的雜湊值是 {hash}\n"
        "請保留此訊息：日後可以證明，到此為止沒有任何一筆紀錄被更改或截去。"
    ),
    audit_not_whole=("⚠️ 稽核紀錄不完整：{problem}。請營運者執行 <code>pincite doctor</code>。"),
)
