"""The texts of the reader's page. All are plain: the page escapes what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.texts.marks import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderTexts:
    """The texts of the page, in the order in which a person meets them."""

    skip: str = field(metadata=PLAIN)
    matter: str = field(metadata=PLAIN)
    superseded: str = field(metadata=PLAIN)
    open_newer: str = field(metadata=PLAIN)
    open_older: str = field(metadata=PLAIN)
    unread: str = field(metadata=PLAIN)
    answers: str = field(metadata=PLAIN)
    previous: str = field(metadata=PLAIN)
    following: str = field(metadata=PLAIN)
    position: str = field(metadata=PLAIN)
    outline: str = field(metadata=PLAIN)
    search: str = field(metadata=PLAIN)
    search_button: str = field(metadata=PLAIN)
    matches: str = field(metadata=PLAIN)
    no_matches: str = field(metadata=PLAIN)
    search_failed: str = field(metadata=PLAIN)
    quote: str = field(metadata=PLAIN)
    style: str = field(metadata=PLAIN)
    plain_style: str = field(metadata=PLAIN)
    copy: str = field(metadata=PLAIN)
    copied: str = field(metadata=PLAIN)
    link: str = field(metadata=PLAIN)
    original: str = field(metadata=PLAIN)
    document: str = field(metadata=PLAIN)
    table: str = field(metadata=PLAIN)
    page: str = field(metadata=PLAIN)
    words_of_page: str = field(metadata=PLAIN)
    not_drawn: str = field(metadata=PLAIN)
    earlier_part: str = field(metadata=PLAIN)
    later_part: str = field(metadata=PLAIN)
    changes: str = field(metadata=PLAIN)
    no_changes: str = field(metadata=PLAIN)
    label: str = field(metadata=PLAIN)
    """The button below a passage in Telegram that opens the page."""


EN: Final = ReaderTexts(
    skip="To the cited passage",
    matter="Matter",
    superseded="Superseded: a newer version of this document is on file.",
    open_newer="Open the new version",
    open_older="Open the version before",
    unread="Not all of it was read",
    answers="Passages of the answer",
    previous="Previous passage of the answer",
    following="Next passage of the answer",
    position="{number} of {count}",
    outline="Outline",
    search="Search in this document",
    search_button="Search",
    matches="Passages found: {count}",
    no_matches="No passage of this document holds these words.",
    search_failed="The search did not work: try again.",
    quote="Quote",
    style="Citation style",
    plain_style="Plain",
    copy="Copy quotation",
    copied="Copied.",
    link="Copy link",
    original="Original file",
    document="Document",
    table="Table",
    page="Page {page}",
    words_of_page="Text of page {page}",
    not_drawn="This page cannot be drawn. Its text is below.",
    earlier_part="Earlier part",
    later_part="Later part",
    changes="What changed since the version before",
    no_changes="Nothing changed but white space.",
    label="📄 Read {number}",
)

ZH_HANS: Final = ReaderTexts(
    skip="前往所引段落",
    matter="案件",
    superseded="已被取代：此文件已有新版本。",
    open_newer="打开新版本",
    open_older="打开上一版本",
    unread="部分内容未能读取",
    answers="本次回答的段落",
    previous="回答的上一段",
    following="回答的下一段",
    position="第 {number} 段，共 {count} 段",
    outline="目录",
    search="在本文件中搜索",
    search_button="搜索",
    matches="找到 {count} 段",
    no_matches="本文件没有含有这些词的段落。",
    search_failed="搜索失败，请再试一次。",
    quote="引用",
    style="引注格式",
    plain_style="简式",
    copy="复制引文",
    copied="已复制。",
    link="复制链接",
    original="原始文件",
    document="文件",
    table="表格",
    page="第 {page} 页",
    words_of_page="第 {page} 页的文字",
    not_drawn="无法显示此页的图像，文字见下。",
    earlier_part="前一部分",
    later_part="后一部分",
    changes="与上一版本的差异",
    no_changes="除空白外没有变化。",
    label="📄 阅读 {number}",
)

ZH_HANT: Final = ReaderTexts(
    skip="前往所引段落",
    matter="案件",
    superseded="已被取代：此文件已有新版本。",
    open_newer="開啟新版本",
    open_older="開啟上一版本",
    unread="部分內容未能讀取",
    answers="本次回答的段落",
    previous="回答的上一段",
    following="回答的下一段",
    position="第 {number} 段，共 {count} 段",
    outline="目錄",
    search="在本文件中搜尋",
    search_button="搜尋",
    matches="找到 {count} 段",
    no_matches="本文件沒有含有這些詞的段落。",
    search_failed="搜尋失敗，請再試一次。",
    quote="引用",
    style="引註格式",
    plain_style="簡式",
    copy="複製引文",
    copied="已複製。",
    link="複製連結",
    original="原始檔案",
    document="文件",
    table="表格",
    page="第 {page} 頁",
    words_of_page="第 {page} 頁的文字",
    not_drawn="無法顯示此頁的影像，文字見下。",
    earlier_part="前一部分",
    later_part="後一部分",
    changes="與上一版本的差異",
    no_changes="除空白外沒有變化。",
    label="📄 閱讀 {number}",
)
