"""The texts about watches: saved questions, with a notice when a new document answers one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTexts:
    """The texts about watches, in the order in which a person meets them."""

    usage: str
    hint: str = field(metadata=PLAIN)
    too_long: str
    too_many: str
    set: str
    set_before: str
    at_once: str
    daily: str
    title: str
    none: str
    unwatch_usage: str
    unwatched: str
    no_such: str
    gone: str = field(metadata=PLAIN)
    not_yours: str = field(metadata=PLAIN)
    digest_not_yours: str
    digest_usage: str
    digest_hint: str = field(metadata=PLAIN)
    digest_set: str
    digest_off: str
    told: str
    told_in_digest: str
    told_several: str
    told_several_in_digest: str
    told_line: str
    more: str
    stop_label: str = field(metadata=PLAIN)


EN: Final = WatchTexts(
    usage=(
        "Write what to look for after the command, such as <code>/watch rent arrears</code>: "
        "I tell here when a new document answers it."
    ),
    hint="Words to look for",
    too_long="That is long for a watch: {limit} characters at most.",
    too_many="There are {limit} watches here already: end one with <code>/unwatch N</code>.",
    set="Watch {number} is set: {question}",
    set_before="Watch {number} is that already: {question}",
    at_once="I tell here as soon as a new document answers it; /digest makes that once a day.",
    daily="I tell here once a day at {hour} (UTC{offset}) what new documents answer it.",
    title="<b>Watches here</b>",
    none="There are no watches here: set one with <code>/watch WORDS</code>.",
    unwatch_usage="Send <code>/unwatch N</code> with the number of a watch: /watches lists them.",
    unwatched="Watch {number} has ended: {question}",
    no_such="There is no watch {number} here: /watches lists them.",
    gone="This watch has ended already.",
    not_yours="Only who set this watch, a keeper or an administrator can end it.",
    digest_not_yours=(
        "Others watch here too: a keeper or an administrator chooses when all of you are told."
    ),
    digest_usage=(
        "Send <code>/digest 9</code> to be told once a day at 09:00 UTC, <code>/digest 9 +8</code> "
        "for 09:00 at UTC+08:00, <code>/digest 9:30am Asia/Taipei</code> by a city, "
        "<code>/digest off</code> to be told at once."
    ),
    digest_hint="9 +8",
    digest_set="You are told once a day at {hour} (UTC{offset}) what the watches find.",
    digest_off="You are told at once when a watch finds something.",
    told="🔔 New documents answer watch {number}: {question}",
    told_in_digest="🔔 Since the last digest, new documents answer watch {number}: {question}",
    told_several="🔔 New documents answer {count} watches:",
    told_several_in_digest="🔔 Since the last digest, new documents answer {count} watches:",
    told_line="watch {number}, {question}: see {passages}",
    more="And {count} more: ask me, or see /documents.",
    stop_label="🔕 Stop watch {number}",
)

ZH_HANS: Final = WatchTexts(
    usage=(
        "请把要关注的内容写在命令后面，例如 <code>/watch 拖欠租金</code>："
        "有新文件能回答时，我会在这里通知。"
    ),
    hint="要关注的内容",
    too_long="关注的内容太长：最多 {limit} 个字符。",
    too_many="这里已有 {limit} 项关注：请先用 <code>/unwatch 序号</code> 结束一项。",
    set="已设置关注 {number}：{question}",
    set_before="关注 {number} 原本就是这项内容：{question}",
    at_once="一有新文件能回答，我就在这里通知；用 /digest 可改为每天一次。",
    daily="每天 {hour}（UTC{offset}），我会在这里通知有哪些新文件能回答。",
    title="<b>这里的关注</b>",
    none="这里还没有关注：请用 <code>/watch 内容</code> 设置。",
    unwatch_usage="请发送 <code>/unwatch 序号</code>：/watches 列出了各项序号。",
    unwatched="关注 {number} 已结束：{question}",
    no_such="这里没有关注 {number}：请查看 /watches。",
    gone="这项关注已经结束。",
    not_yours="只有设置者、保管人或群管理员可以结束这项关注。",
    digest_not_yours="这里还有其他人设置的关注：通知时间由保管人或群管理员决定。",
    digest_usage=(
        "<code>/digest 9</code> 表示每天 UTC 09:00 通知一次，<code>/digest 9 +8</code> 表示 "
        "UTC+08:00 的 09:00，<code>/digest 9:30am Asia/Shanghai</code> 按城市的时间，"
        "<code>/digest off</code> 表示立即通知。"
    ),
    digest_hint="时间，例如 9 +8",
    digest_set="这里的关注有了结果，每天 {hour}（UTC{offset}）通知一次。",
    digest_off="这里的关注一有结果就立即通知。",
    told="🔔 有新文件能回答关注 {number}：{question}",
    told_in_digest="🔔 上次汇总以来，有新文件能回答关注 {number}：{question}",
    told_several="🔔 有新文件能回答 {count} 项关注：",
    told_several_in_digest="🔔 上次汇总以来，有新文件能回答 {count} 项关注：",
    told_line="关注 {number}，{question}：见第 {passages} 段",
    more="另有 {count} 份：可以向我提问，或查看 /documents。",
    stop_label="🔕 结束关注 {number}",
)

ZH_HANT: Final = WatchTexts(
    usage=(
        "請把要追蹤的內容寫在指令後面，例如 <code>/watch 積欠租金</code>："
        "有新文件能回答時，我會在這裡通知。"
    ),
    hint="要追蹤的內容",
    too_long="追蹤的內容太長：最多 {limit} 個字元。",
    too_many="這裡已有 {limit} 項追蹤：請先用 <code>/unwatch 序號</code> 結束一項。",
    set="已設定追蹤 {number}：{question}",
    set_before="追蹤 {number} 原本就是這項內容：{question}",
    at_once="一有新文件能回答，我就在這裡通知；用 /digest 可改為每天一次。",
    daily="每天 {hour}（UTC{offset}），我會在這裡通知有哪些新文件能回答。",
    title="<b>這裡的追蹤</b>",
    none="這裡還沒有追蹤：請用 <code>/watch 內容</code> 設定。",
    unwatch_usage="請傳送 <code>/unwatch 序號</code>：/watches 列出了各項序號。",
    unwatched="追蹤 {number} 已結束：{question}",
    no_such="這裡沒有追蹤 {number}：請查看 /watches。",
    gone="這項追蹤已經結束。",
    not_yours="只有設定者、保管人或群組管理員可以結束這項追蹤。",
    digest_not_yours="這裡還有其他人設定的追蹤：通知時間由保管人或群組管理員決定。",
    digest_usage=(
        "<code>/digest 9</code> 表示每天 UTC 09:00 通知一次，<code>/digest 9 +8</code> 表示 "
        "UTC+08:00 的 09:00，<code>/digest 9:30am Asia/Taipei</code> 依城市的時間，"
        "<code>/digest off</code> 表示立即通知。"
    ),
    digest_hint="時間，例如 9 +8",
    digest_set="這裡的追蹤有了結果，每天 {hour}（UTC{offset}）通知一次。",
    digest_off="這裡的追蹤一有結果就立即通知。",
    told="🔔 有新文件能回答追蹤 {number}：{question}",
    told_in_digest="🔔 上次彙整以來，有新文件能回答追蹤 {number}：{question}",
    told_several="🔔 有新文件能回答 {count} 項追蹤：",
    told_several_in_digest="🔔 上次彙整以來，有新文件能回答 {count} 項追蹤：",
    told_line="追蹤 {number}，{question}：見第 {passages} 段",
    more="另有 {count} 份：可以向我提問，或查看 /documents。",
    stop_label="🔕 結束追蹤 {number}",
)
