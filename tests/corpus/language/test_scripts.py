from __future__ import annotations

import re
import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.scripts import HAN, WIDE, language_of, normal_tag

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


def test_han_is_what_unicode_calls_an_ideograph() -> None:
    """Every assigned ideograph of every block, and of the others only those that act like one."""
    han = re.compile(f"[{HAN}]")
    for code in range(0x2E80, 0x40000):
        name = unicodedata.name(chr(code), "")
        if name and not name.startswith("HANGUL"):
            ideograph = name.startswith(("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH"))
            assert bool(han.fullmatch(chr(code))) == (ideograph or chr(code) in "〇々"), name


def test_wide_characters_fill_two_columns() -> None:
    """Where Unicode says wide or full width, but for signs and emoji, which texts rarely hold."""
    wide = re.compile(f"[{WIDE}]")
    for code in (*range(0x3000, 0xD7A4), *range(0xF900, 0xFAFF), *range(0xFF01, 0xFF61)):
        if unicodedata.east_asian_width(chr(code)) in {"W", "F"}:
            assert wide.fullmatch(chr(code))
