"""Names by their sound: learnt from some names, known again in others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query.names import Heard
from index.vocabulary.bilingual_source import Name, names
from index.vocabulary.transliteration import Transliteration, units
from index.vocabulary.transliteration_build import learn

SOUNDS = {
    "b-": {"b": 0.7, "p": 0.2, "": 0.1},
    "-u": {"": 0.5, "u": 0.3, "oo": 0.2},
    "k-": {"k": 0.6, "c": 0.3, "ck": 0.1},
    "-e": {"": 0.6, "e": 0.4},
    "-a": {"a": 0.9, "": 0.1},
}
READINGS = {"布": "bu", "克": "ke", "卡": "ka", "巴": "ba"}


def _held_out(name: Name) -> bool:
    return bool(sha256(name.letters.encode()).digest()[0] & 1)


@pytest.fixture(scope="module")
def learnt() -> Transliteration:
    """Learnt from half of the dictionary's names."""
    sounds, readings = learn(name for name in names() if not _held_out(name))
    return Transliteration(
        {unit: dict(row) for unit, row in sounds.items()},
        {character: row[0][0] for character, row in readings.items()},
    )


def test_names_not_learnt_from_are_told_from_others(learnt: Transliteration) -> None:
    """Most are heard in their own characters, hardly any in those of the next name.

    The dictionary's other half, of three characters or more: half of it is no name by its sound
    (圣诞节 Christmas), or is one with a word for lake or mountain after it.
    """
    others = sorted(
        (name for name in names() if _held_out(name) and 3 <= len(name.characters) <= 6),
        key=lambda name: sha256(name.characters.encode()).digest(),
    )
    own = [learnt.heard(one.letters, one.characters) for one in others]
    wrong = [learnt.heard(one.letters, other.characters) for one, other in pairwise(others)]
    assert len(others) > 500
    assert sum(heard is not None for heard in own) > 0.45 * len(others)
    assert sum(heard is not None for heard in wrong) < 0.02 * len(others)


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("gorsuch", "大法官戈萨奇撰写了判决意见", "戈萨奇"),
        ("sotomayor", "索托马约尔大法官提出异议", "索托马约尔"),
        ("ginsburg", "已故的金斯伯格法官", "金斯伯格"),
        ("brennan", "由布伦南执笔", "布伦南"),
        ("zelensky", "乌克兰总统泽连斯基发表讲话", "泽连斯基"),
    ],
)
def test_a_name_is_heard_where_it_stands(
    learnt: Transliteration, name: str, text: str, written: str
) -> None:
    """The place found is the whole name, in a sentence that says other things too."""
    heard = learnt.heard(name, text)
    assert heard is not None
    assert text[heard.start : heard.end] == written


@given(
    st.text("bpkcuoea", min_size=1, max_size=6),
    st.text("布克卡巴的", min_size=1, max_size=6),
)
def test_the_best_place_is_that_of_a_slow_search(name: str, text: str) -> None:
    """Over every stretch of characters and every way to share the letters out."""
    heard = Transliteration(SOUNDS, READINGS).heard(name, text, range(len(text)))
    best = max(
        (
            _mean(name, text[start:end])
            for start in range(len(text))
            for end in range(start + 2, len(text) + 1)
        ),
        default=-math.inf,
    )
    if best > -1.5:  # far below, the quick search gives up early
        assert heard is not None
        assert heard.sureness == pytest.approx(min(1.0, (best + 2.3) / 1.3))
    elif best < -2.3:
        assert heard is None


def _mean(name: str, characters: str) -> float:
    if not all(character in READINGS for character in characters):
        return -math.inf
    rows = [SOUNDS[unit] for character in characters for unit in units(READINGS[character])]
    whole = _said(name, rows)
    return math.log(whole) / len(name) if whole else -math.inf


def _said(letters: str, rows: Sequence[Mapping[str, float]]) -> float:
    if not rows:
        return float(not letters)
    return sum(
        p * _said(letters[len(said) :], rows[1:])
        for said, p in rows[0].items()
        if letters.startswith(said)
    )


def test_nothing_is_heard_outside_of_where_to_listen() -> None:
    """A name may be asked for at some places only."""
    sounds = Transliteration(SOUNDS, READINGS)
    heard = sounds.heard("buka", "的布卡")
    assert heard == Heard(heard.sureness if heard else 0.0, 1, 3)
    assert sounds.heard("buka", "的布卡", [0, 2]) is None
    assert list(sounds.starts("buka", "巴的布")) == [0, 2]
