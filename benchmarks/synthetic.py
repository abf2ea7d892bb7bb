"""Passages with real word frequencies and a fixed seed: as many as wanted, the same every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import jieba
import numpy as np

from corpus.models import Metadata, Passage, Reading

SEED = 20170620
WORDS = 60_000
WORDS_A_PASSAGE = 80
PASSAGES_A_DOCUMENT = 50


def vocabulary() -> tuple[list[str], np.ndarray]:
    """jieba's most frequent words of two characters or more, and their share of running text."""
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as file:
        rows = [line.split(" ")[:2] for line in file]
    ranked = sorted(((word, int(n)) for word, n in rows if len(word) > 1), key=lambda r: -r[1])
    counts = np.array([n for _, n in ranked[:WORDS]], np.float64)
    return [word for word, _ in ranked[:WORDS]], counts / counts.sum()


def passages(count: int) -> Iterator[str]:
    """Texts of `WORDS_A_PASSAGE` words, in sentences."""
    words, shares = vocabulary()
    random = np.random.default_rng(SEED)
    for _ in range(count):
        drawn = [words[at] for at in random.choice(len(words), WORDS_A_PASSAGE, p=shares)]
        yield "".join(
            word + ("。" if at % 16 == 15 else ",") * (at % 8 == 7) for at, word in enumerate(drawn)
        )


def questions(texts: list[str], count: int) -> list[str]:
    """Questions of three parts of a passage each: some common, some middling, some rare words."""
    random = np.random.default_rng(SEED + 1)
    chosen = random.choice(len(texts), count)
    return [
        "".join(texts[at][start : start + 4] for start in random.choice(len(texts[at]) - 4, 3))
        for at in chosen
    ]


def readings(texts: list[str]) -> Iterator[Reading]:
    """The passages as documents of fifty, ready to be filed."""
    for first in range(0, len(texts), PASSAGES_A_DOCUMENT):
        group = texts[first : first + PASSAGES_A_DOCUMENT]
        text = "\n".join(group)
        spans, at = [], 0
        for ordinal, part in enumerate(group, 1):
            spans.append(Passage(ordinal, at, at + len(part), part, f"¶ {ordinal}"))
            at += len(part) + 1
        content = text.encode()
        yield Reading(
            name=f"{first}.txt",
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            media_type="text/plain",
            text=text,
            metadata=Metadata(title=f"文件 {first}"),
            page_starts=(),
            passages=tuple(spans),
        )
