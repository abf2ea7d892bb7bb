"""Every reason of the layers below is said in three languages, facts and all."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.texts import LANGUAGES
from bot.texts.reason_sentences import EN, english_sentence, sentence_of
from corpus.errors import UnreadableFile
from corpus.reading.read import read
from corpus.reasons import CODES, Reason

CORPUS = Path(__file__).resolve().parents[3] / "corpus"


def placeholders(code: str) -> set[str]:
    """The facts that the English sentence of a code names."""
    sentence = str(dict(EN)[code])
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def reasons_in_source() -> Iterator[tuple[str, set[str] | None]]:
    """The codes of the reasons that are made below, with the names of facts that stand there."""
    for path in sorted(CORPUS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
                facts: set[str] | None = set() if len(node.args) == 1 else None
                if len(node.args) == 2 and isinstance(node.args[1], ast.Dict):
                    facts = {str(getattr(key, "value", key)) for key in node.args[1].keys}
                for code in ast.walk(node.args[0]):
                    if isinstance(code, ast.Constant) and code.value in CODES:
                        yield str(code.value), facts


def test_every_code_has_a_sentence() -> None:
    """mypy says so too; a code that has gone leaves no sentence behind."""
    assert EN.keys() == CODES


def test_sentences_name_the_facts_that_are_given() -> None:
    """No fact is lost on the way, and none is missing when the sentence is made."""
    for code, facts in reasons_in_source():
        assert facts is None or facts == placeholders(code), code


def test_every_code_is_given_somewhere() -> None:
    """No sentence waits for a reason that nobody gives any more."""
    # The index gives reasons, too: of documents that it cannot hold.
    paths = [*CORPUS.rglob("*.py"), *(CORPUS.parent / "index").rglob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    assert [code for code in sorted(CODES) if source.count(f'"{code}"') < 2] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_stay(language: str) -> None:
    """Numbers and limits are kept, and a fact that is a reason is said in the same language."""
    texts = LANGUAGES[language].documents.reasons
    scan = Reason("scanned_not_read", {"scanned": 3, "pages": 12, "numbers": "2, 5, 7"})
    assert all(fact in sentence_of(scan, texts) for fact in ("3", "12", "2, 5, 7"))
    why = Reason("too_deep_inside", {"limit": 3})
    sentence = sentence_of(Reason("more_not_read", {"count": 4, "why": why}), texts)
    assert "4" in sentence
    assert sentence_of(why, texts) in sentence


def test_a_file_named_like_a_kind_of_file_keeps_its_name() -> None:
    """A name is a fact and no word of ours: it is never translated."""
    twin = Reason("same_content", {"path": "a film"})
    for language, texts in LANGUAGES.items():
        assert "a film" in sentence_of(twin, texts.documents.reasons), language


@pytest.mark.parametrize(
    ("limit", "shown"), [(20.0, "20 MB"), (2.5, "2.5 MB"), (1048.0, "1048 MB")]
)
def test_round_numbers_are_shown_round(limit: float, shown: str) -> None:
    """As the setting says them."""
    assert shown in english_sentence(Reason("too_large", {"limit_mb": limit}))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n", "only_white_space"),
        (b"GIF89a" + b"x" * 40, "not_a_document"),
        (b"\x1f\x8b" + b"x" * 40, "archive"),
        (b"%PDF-1.4\n%%EOF", "damaged_pdf"),
        (b"PK\x03\x04 cut", "damaged_zip"),
    ],
)
def test_what_readers_refuse_has_its_code(content: bytes, code: str) -> None:
    """What files really meet, through the reader itself."""
    with pytest.raises(UnreadableFile) as refused:
        read(content, "a")
    assert refused.value.reason.code == code
    assert "\n" not in english_sentence(refused.value.reason)


@pytest.mark.parametrize(
    "reason",
    [
        Reason("encrypted"),
        Reason("too_large", {"limit_mb": 2.5}),
        Reason("more_not_read", {"count": 2, "why": Reason("other", {"message": "律\n'\""})}),
    ],
)
def test_a_stored_reason_is_read_again(reason: Reason) -> None:
    """As the database keeps it, facts and inner reasons included."""
    assert Reason.from_json(reason.to_json()) == reason


@pytest.mark.parametrize("text", ["", "{}", '{"code": "no such code", "facts": {}}', "[]", "null"])
def test_what_is_no_reason_is_not_taken_for_one(text: Any) -> None:
    """A row that somebody else wrote is an error and not a sentence with holes."""
    with pytest.raises(ValueError, match=r"no reason|Expecting value"):
        Reason.from_json(text)
