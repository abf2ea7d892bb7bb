"""The texts of inline mode, where a person writes `@bot question` in any chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineTexts:
    """Texts of one line, on the button above the results that opens the private chat."""

    ask: str = field(metadata=PLAIN)
    not_admitted: str = field(metadata=PLAIN)
    nothing: str = field(metadata=PLAIN)
    too_many: str = field(metadata=PLAIN)
    failed: str = field(metadata=PLAIN)
    open_label: str = field(metadata=PLAIN)


EN: Final = InlineTexts(
    ask="Write a question after my name",
    not_admitted="You are not admitted to any matter",
    nothing="No passage answers this",
    too_many="That was a lot at once: wait {seconds} s",
    failed="Something went wrong on my side: try again",
    open_label="📖 Open",
)

ZH_HANS: Final = InlineTexts(
    ask="请在我的名字后面写下问题",
    not_admitted="您还没有获准查询任何案件",
    nothing="没有段落能回答",
    too_many="操作太快了：请等 {seconds} 秒",
    failed="我这边出了点问题：请再试一次",
    open_label="📖 打开",
)

ZH_HANT: Final = InlineTexts(
    ask="請在我的名稱後面寫下問題",
    not_admitted="您尚未獲准查詢任何案件",
    nothing="沒有段落能回答",
    too_many="操作太快了：請等 {seconds} 秒",
    failed="我這邊出了點問題：請再試一次",
    open_label="📖 開啟",
)
