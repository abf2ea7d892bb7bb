"""A document that was not read whole says so wherever it is met: filed, listed, opened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.texts import LANGUAGES, texts_in
from bot.texts.reason_sentences import english_sentence, sentence_of
from bot.views.listing import Listing, list_view
from bot.views.source import source_view
from bot.views.uploads import outcome_of
from corpus.models import Filed
from corpus.reasons import Reason
from tests.bot.telegram.markup import check_message
from tests.bot.views.samples import source_of
from tests.bot.views.test_listing import document

NOTE = Reason("scanned_not_read", {"scanned": 1, "pages": 3, "numbers": "3"})
SCAN = Reason("encrypted_pdf")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_it_is_told_in_the_language_of_whoever_looks(language: str) -> None:
    """When it is filed, in the list, and above each of its passages."""
    texts = texts_in(language)
    why = sentence_of(NOTE, texts.documents.reasons)
    assert (why == english_sentence(NOTE)) == (language == "en")
    filed = Filed("p", "added", "m", document_id="K7Q2M3PD", passages=3, note=NOTE)
    assert why in outcome_of(filed, "a.pdf", language).line
    source = source_of("text", "title")
    source = replace(source, document=replace(source.document, note=NOTE))
    assert why in source_view(source, texts).html
    listed = document("Lease")
    listed = replace(listed, document=replace(listed.document, note=NOTE))
    listing = list_view(Listing((listed,), 0, 1, {}), texts, keeps=False)
    assert texts.documents.partly_label in listing.html


def test_a_whole_one_says_nothing() -> None:
    """No line is added where nothing is missing."""
    filed = Filed("p", "added", "m", document_id="K7Q2M3PD", passages=3)
    assert "\n" not in outcome_of(filed, "a.pdf", "en").line


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_files_inside_that_are_not_filed_are_told(language: str) -> None:
    """How many, and the name and reason of the first; whatever they are called."""
    parts = (
        Filed("p/a.txt", "added", "m", document_id="ABCDEFGH", passages=1),
        Filed("p/<b>.pdf", "refused", "m", reason=SCAN),
        Filed("p/c.pdf", "refused", "m", reason=SCAN),
    )
    filed = Filed("p", "added", "m", document_id="K7Q2M3PD", passages=3, attachments=parts)
    outcome = outcome_of(filed, "mail.eml", language)
    check_message(outcome.line, [])
    lines = outcome.line.splitlines()
    assert "1" in lines[1]
    assert "2" in lines[2]
    assert "&lt;b&gt;.pdf" in lines[2]
    assert sentence_of(SCAN, texts_in(language).documents.reasons) in lines[2]
