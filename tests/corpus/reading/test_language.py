from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading.language import language_of, normal_tag

SIMPLIFIED = "法院认为，云服务器租赁服务提供者不承担侵权责任，原告的通知不构成合格通知，应当驳回。"
TRADITIONAL = opencc.OpenCC("s2t")
ENGLISH = "The court held that the lessor of a cloud server is not liable for what it holds."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SIMPLIFIED, "zh-Hans"),
        (TRADITIONAL.convert(SIMPLIFIED), "zh-Hant"),
        (ENGLISH, "en"),
        (f"{SIMPLIFIED} Wireshark, WHOIS", "zh-Hans"),
        (f"{ENGLISH} 阿里云", "en"),
        ("裁判所は、サーバーの貸主に責任はないと判断した。", "ja"),
        ("법원은 서버 임대인에게 책임이 없다고 판단하였다.", "ko"),
        ("Der Vermieter eines Servers haftet nicht.", None),
        ("一二三上下", None),
        ("1194", None),
        ("", None),
    ],
)
def test_language_and_script(text: str, language: str | None) -> None:
    """By what most of the characters say; where they leave it open, nothing is said."""
    assert language_of(text) == language


@given(st.lists(st.sampled_from("这个认为责任应当驳回诉讼请求"), min_size=8, max_size=200))
def test_conversion_changes_the_script(characters: list[str]) -> None:
    """What OpenCC turns into the other script is found to be in that one."""
    text = "".join(characters)
    converted = TRADITIONAL.convert(text)
    if sum(a != b for a, b in zip(text, converted, strict=True)) > 4:
        assert language_of(text) == "zh-Hans"
        assert language_of(converted) == "zh-Hant"


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh", None),
        ("en-US", "en"),
        ("EN", "en"),
        ("x", None),
        ("not a tag", None),
        (None, None),
    ],
)
def test_declared_tags(declared: str | None, tag: str | None) -> None:
    """In the form of BCP 47 that says the script, or nothing."""
    assert normal_tag(declared) == tag
