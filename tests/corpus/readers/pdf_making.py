"""Pages as people set them, and what is read of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pytest

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import pdf as reader
from corpus.reading.read import read
from tests.corpus.making import Placed, pdf
from tests.corpus.sentences import sentence

SENTENCE = (
    "The court of appeal held that a lessor of cloud servers does not know what its customers "
    "keep on them, that a notice which names no place is no notice, and that no measure was due."
)
HAN = (
    "本院认为，被告作为云服务器租赁服务提供者，对其出租的云服务器中运行的软件内容"
    "不承担侵权责任，原告的通知没有指明侵权内容的位置，不构成合格的通知，应予驳回。"
)


def column(
    text: str, *, left: float = 72, top: float = 770, size: float = 12, width: int = 60
) -> list[Placed]:
    """A paragraph of hard-wrapped lines, a line and a half high; `width` in half ems."""
    han = any(character > "⺀" for character in text)
    lines = (
        [text[at : at + width // 2] for at in range(0, len(text), width // 2)]
        if han
        else textwrap.wrap(text, width)
    )
    return [(left, top - 1.5 * size * n, size, line) for n, line in enumerate(lines)]


def extract(pages: Sequence[Sequence[Placed]], **options: Any) -> Extract:
    return reader.read(pdf(pages, **options), "a.pdf")


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, "a.pdf")
    assert "\n" not in sentence(refused.value)
    return sentence(refused.value)


def judgment(pages: int) -> bytes:
    """Pages with a running head, a numbered paragraph, a footnote in small type, a number."""
    return pdf(
        [
            [
                (72, 810, 9, "Locojoy v Cloud [2019] CA 1194"),
                *column(f"[{page}] Paragraph {page}. {SENTENCE}"),
                *column(f"{2 * page} See the report at {3 * page + 100}.", top=90, size=8),
                (290, 40, 9, f"- {page + 4} -"),
            ]
            for page in range(1, pages + 1)
        ],
        info={"Title": "Locojoy v Cloud", "CreationDate": "D:20190620100000+08'00'"},
    )
