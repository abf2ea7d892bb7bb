"""Names by their sound: learnt from some names, known again in others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Scope
from index.query.question import PhoneticMatch, parse_question
from index.search import Searcher
from index.vocabulary.expansion import MOST_NAMES, BilingualExpander
from index.vocabulary.mapped_tables import TranslationTable
from index.vocabulary.tables import open_table
from index.vocabulary.transliteration import NAME, NameRecognizer, NameSpeller, units
from tests.index.conftest import File
from tools.cedict import PinyinName, names
from tools.names import learn

pytestmark = pytest.mark.slow

SOUNDS = {
    "b-": {"b": 0.7, "p": 0.2, "": 0.1},
    "-u": {"": 0.5, "u": 0.3, "oo": 0.2},
    "k-": {"k": 0.6, "c": 0.3, "ck": 0.1},
    "-e": {"": 0.6, "e": 0.4},
    "-a": {"a": 0.9, "": 0.1},
}
READINGS = {"布": "bu", "克": "ke", "卡": "ka", "巴": "ba"}


def _held_out(name: PinyinName) -> bool:
    return bool(sha256(name.letters.encode()).digest()[0] & 1)


@pytest.fixture(scope="module")
def learnt() -> NameRecognizer:
    """Learnt from half of the dictionary's names."""
    sounds, readings = learn(name for name in names() if not _held_out(name))
    return NameRecognizer(
        {unit: dict(row) for unit, row in sounds.items()},
        {character: row[0][0] for character, row in readings.items()},
    )


@pytest.fixture(scope="module")
def table() -> TranslationTable:
    """The installation's own table."""
    return open_table()


@pytest.mark.slow
def test_names_not_learnt_from_are_told_from_others(learnt: NameRecognizer) -> None:
    """Most are heard in their own characters, hardly any in those of the next name.

    The dictionary's other half, of three characters or more: half of it is no name by its sound
    (圣诞节 Christmas), or is one with a word for lake or mountain after it.
    """
    others = sorted(
        (name for name in names() if _held_out(name) and 3 <= len(name.characters) <= 6),
        key=lambda name: sha256(name.characters.encode()).digest(),
    )
    own = [learnt.find(one.letters, one.characters) for one in others]
    wrong = [learnt.find(one.letters, other.characters) for one, other in pairwise(others)]
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
    learnt: NameRecognizer, name: str, text: str, written: str
) -> None:
    """The place found is the whole name, in a sentence that says other things too."""
    heard = learnt.find(name, text)
    assert heard is not None
    assert text[heard.start : heard.end] == written


@given(
    st.text("bpkcuoea", min_size=1, max_size=6),
    st.text("布克卡巴的", min_size=1, max_size=6),
)
def test_the_best_place_is_that_of_a_slow_search(name: str, text: str) -> None:
    """Over every stretch of characters and every way to share the letters out."""
    heard = NameRecognizer(SOUNDS, READINGS).find(name, text, range(len(text)))
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
        assert heard.strength == pytest.approx(min(1.0, (best + 2.3) / 1.3))
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


def test_pairs_are_those_of_a_slow_listing() -> None:
    """Their probabilities are summed over every way to write the name, one by one."""
    readings = {"布": ("bu", 0.4), "克": ("ke", 0.3), "卡": ("ka", 0.2), "巴": ("ba", 0.1)}
    syllables = {one: [SOUNDS[unit] for unit in units(readings[one][0])] for one in readings}
    ways = [
        (characters, _sounded("buka", [syllables[one] for one in characters]))
        for count in range(1, 5)
        for characters in product(readings, repeat=count)
    ]
    weighed = [(one, p * math.prod(readings[c][1] for c in one)) for one, p in ways]
    total = sum(p for _, p in weighed)
    expected: dict[str, float] = defaultdict(float)
    for characters, p in weighed:
        for pair in pairwise(characters):
            expected["".join(pair)] += p / total
    found = dict(NameSpeller(SOUNDS, readings).pairs("buka"))
    likely = {pair: p for pair, p in expected.items() if p > 0.02}
    assert max(found, key=lambda pair: found[pair]) == "布卡"
    assert likely == {pair: pytest.approx(found[pair], rel=0.02) for pair in likely}


@pytest.mark.slow
def test_names_are_written_as_they_are(table: TranslationTable) -> None:
    """Most names of the dictionary hold one of the pairs that they are searched for with."""
    some = sorted(
        (name for name in names() if 3 <= len(name.characters) <= 5),
        key=lambda name: sha256(name.characters.encode()).digest(),
    )[:300]
    sounds, writing = NameRecognizer.of(table), NameSpeller.of(table)
    sounded = [one for one in some if sounds.find(one.letters, one.characters)]
    written = [
        any(pair in one.characters for pair, _ in writing.pairs(one.letters)) for one in sounded
    ]
    assert len(written) > 100
    assert sum(written) > 0.65 * len(written)


def test_a_name_is_found_among_many_passages(translating: Searcher, file: File) -> None:
    """Where the other words of the question are everywhere, and nothing else tells."""
    file(*(f"第{number}位法官作出了判决。" for number in range(60)), "由金斯伯格作出判决。")
    best = translating.answer("What judgment did Ginsberg make?", scope=Scope.all()).hits[0]
    assert "金斯伯格" in best.text


def _sounded(letters: str, syllables: Sequence[Sequence[Mapping[str, float]]]) -> float:
    """The probability of all ways in which each syllable stands for a letter at least."""
    if not syllables:
        return float(not letters)
    return sum(
        _said(letters[:end], syllables[0]) * _sounded(letters[end:], syllables[1:])
        for end in range(1, len(letters) + 1)
    )


def test_nothing_is_heard_outside_of_where_to_listen() -> None:
    """A name may be asked for at some places only."""
    sounds = NameRecognizer(SOUNDS, READINGS)
    heard = sounds.find("buka", "的布卡")
    assert heard == PhoneticMatch(heard.strength if heard else 0.0, 1, 3)
    assert sounds.find("buka", "的布卡", [0, 2]) is None
    assert list(sounds.starts("buka", "巴的布")) == [0, 2]


def test_a_long_text_is_not_taken_for_names(table: TranslationTable) -> None:
    """So that a pasted page, or one endless word, is answered as soon as a question."""
    odd = ["".join(pair) + "zzq" for pair in product("bcdfgklm", repeat=2)]
    asked = parse_question(" ".join(odd), BilingualExpander(table).within(Scope.all()))
    written = [clause for clause in asked.query.clauses if clause.alternatives[0].p < 1]
    assert 0 < len(written) <= MOST_NAMES
    assert NAME.fullmatch("x" * 21 + "s") is None
