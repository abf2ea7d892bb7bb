"""Three languages say the same things."""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.texts import LANGUAGES, language_of
from bot.views.markup import fill
from tests.bot.telegram.markup import Markup

HAN = range(0x3400, 0xA000)


def said(texts: Any) -> Iterator[tuple[str, str, bool]]:
    """Every text with its name, and whether it is shown as it is."""
    for each in dataclasses.fields(texts):
        value = getattr(texts, each.name)
        plain = bool(each.metadata.get("plain"))
        if dataclasses.is_dataclass(value):
            yield from ((f"{each.name}.{name}", text, p) for name, text, p in said(value))
        elif isinstance(value, str):
            yield each.name, value, plain
        else:
            yield from ((f"{each.name} {key}", text, plain) for key, text in value.items())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    """Each language has every text of English, with the same placeholders, and none is empty."""
    english = {name: text for name, text, _ in said(LANGUAGES["en"])}
    others = {name: text for name, text, _ in said(LANGUAGES[language])}
    assert others.keys() == english.keys()
    for name, text in others.items():
        assert text.strip(), name
        assert placeholders(text) == placeholders(english[name]), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_is_whole(language: str) -> None:
    """What may hold markup holds only what Telegram knows; what is shown as it is holds none."""
    for name, text, plain in said(LANGUAGES[language]):
        filled = fill(text, **dict.fromkeys(placeholders(text), "1 < 2 & 3"))
        assert plain or Markup(filled).text, name
        assert not plain or not set(text) & set("<>&"), name


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_chinese_is_chinese(language: str) -> None:
    """No text was left in English, and none in the other script."""
    other_script = {"zh-Hans": "訊個說問題檔關請與會", "zh-Hant": "讯个说问题档关请与会"}[language]
    for name, text, _ in said(LANGUAGES[language]):
        if name in (
            "page",
            "copy_plain_label",
            "documents_count",
            "documents.reasons several",
            "looked_for",
        ):
            continue
        assert any(ord(character) in HAN for character in text), name
        assert not set(text) & set(other_script), name


# What a reader of the one region would not say, in pairs of meaning where there is one.
ELSEWHERE = {
    "zh-Hant": (
        "信息 短信 文檔 默認 缺省 鏈接 視頻 音頻 軟件 硬件 網絡 網路信息 數據庫 "
        "文件夾 用戶 登錄 賬號 賬戶 郵箱 打印 搜索 查找 掃描件 卷宗 字符 字節 回復 "
        "轉發 私聊 群聊 話題 屏幕 圖像 點擊 單擊 發送 關注 審計 哈希 命令 帖子 菜單 "
        "服務器 內存 硬盤 進程 線程 在線 導出 導入 當前 所有者 運行者 執行它的人 訂閱 "
        "怎樣 一概不聽 訴訟保全 私人聊天 這個聊天 早已 剪貼板 粘貼 激活 質量"
    ),
    "zh-Hans": (
        "资讯 讯息 档案 预设 连结 资料夹 资料库 使用者 帐号 帐户 萤幕 程式 网路 软体 "
        "硬体 影片 音讯 伺服器 记忆体 字元 位元 储存 列印 搜寻 私讯 传送 指令 贴文 "
        "稽核 杂凑 汇出 汇入 撷取 营运者 拥有者 追踪 转传 聊天室 剪贴簿 复原 运行者 "
        "订阅 一概不听 诉讼保全 卷宗 案卷 这个聊天 本聊天 早已"
    ),
}


@pytest.mark.parametrize("language", ELSEWHERE)
def test_words_of_the_region(language: str) -> None:
    """Traditional texts are in Taiwan's wording, Simplified ones in the mainland's."""
    words = ELSEWHERE[language].split()
    strays = [
        (name, word, text)
        for name, text, _ in said(LANGUAGES[language])
        for word in words
        if word in text
    ]
    assert not strays


def test_a_reader_of_a_matter_is_told_what_it_is() -> None:
    """The one sentence that explains the word does not explain it by itself."""
    assert "案件就是一組文件" in LANGUAGES["zh-Hant"].help_keeper
    assert "案件就是一组文件" in LANGUAGES["zh-Hans"].help_keeper


@pytest.mark.slow
def test_every_text_is_said_somewhere() -> None:
    """No text is left that nothing says any more."""
    folder = Path(__file__).parents[3] / "bot"
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
        if path.parent != folder / "texts"
    )
    page = (folder / "reader").rglob("*")
    code += "\n".join(
        path.read_text(encoding="utf-8") for path in page if path.suffix in (".js", ".html")
    )
    names = {name.split(" ")[0].rpartition(".")[2] for name, _, _ in said(LANGUAGES["en"])}
    unsaid = {name for name in names if not re.search(rf"\b{name}\b", code)}
    assert not unsaid - {"commands", "reasons"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_fit(language: str) -> None:
    """Descriptions of commands and toasts keep Telegram's limits."""
    texts = LANGUAGES[language]
    assert all(len(text) <= 256 for text in texts.commands.values())
    assert all(len(text) <= 200 for _, text, plain in said(texts) if plain)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("fr", "zh-Hant"),
        (None, "zh-Hant"),
        ("", "zh-Hant"),
    ],
)
def test_language_codes(code: str | None, language: str) -> None:
    """Telegram's language codes lead to one of the three, all others to the operator's choice."""
    assert language_of(code, default="zh-Hant") == language
