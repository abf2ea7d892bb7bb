"""Names that no dictionary translates are found by their sound, in both directions."""

from __future__ import annotations

from itertools import product

from corpus.citing.ids import parse_citation
from corpus.models import Scope
from index.query.question import parse_question
from index.reranking.features.evidence import LOOKED_FOR_IN, PhoneticMatcher
from index.search import Searcher
from index.vocabulary.tables import open_query_expander
from tests.index.conftest import File


def test_a_name_in_letters_is_heard_in_characters(translating: Searcher, file: File) -> None:
    """Of two passages with the same translated words, the one that says the name."""
    file("法官卡尔波夫作出了判决。", "法官戈萨奇作出了判决。", "别的事情。")
    best = translating.answer("What judgment did judge Gorsuch make?", scope=Scope.all()).hits[0]
    assert "戈萨奇" in best.text


def test_a_name_in_characters_is_heard_in_letters(translating: Searcher, file: File) -> None:
    """The other way round."""
    file("Judge Karpov gave the judgment.", "Judge Gorsuch gave the judgment.", "Other things.")
    best = translating.answer("戈萨奇法官作出什么判决?", scope=Scope.all()).hits[0]
    assert "Gorsuch" in best.text


def test_where_a_name_is_heard_is_shown(translating: Searcher, file: File) -> None:
    """As a highlight of the passage's own characters, and among what matched."""
    file("法官名叫索托马约尔。", "别的事情。", "其他的事情。")
    [best, *_] = translating.answer("Which judge was Sotomayor?", scope=Scope.all()).hits
    assert "索托马约尔" in [best.text[start:end] for start, end in best.highlights]
    assert "索托马约尔" in best.matched


def test_explain_tells_of_what_was_heard(translating: Searcher, file: File) -> None:
    """As one of the features, in words."""
    filed = file("法官戈萨奇作出了判决。", "别的事情。")
    passage = parse_citation(f"{filed.document_id}-1")
    said = str(translating.explain("What did judge Gorsuch decide?", passage, scope=Scope.all()))
    assert "sound like" in said


def test_a_long_text_is_listened_to_at_its_beginning_only() -> None:
    """So that a pasted page is answered as soon as a question."""
    text = " ".join("".join(pair) + "zzq" for pair in product("bcdfgklm", repeat=2))
    question = parse_question(text, open_query_expander().within(Scope.all()))
    clauses = len(question.query.clauses)
    matcher = PhoneticMatcher.of(question, [1.0] * clauses, [0.0] * clauses)
    assert matcher is not None
    assert len(text) > LOOKED_FOR_IN
    assert 0 < max(word.end for word in matcher.words) <= LOOKED_FOR_IN


def test_words_behind_a_name_that_is_set_apart_are_listened_for(
    translating: Searcher, file: File
) -> None:
    """Setting a name apart moves the words behind it: they are looked up where they stand then."""
    file("The Lanzhou court spoke of Chen Lixin.", title="report")
    file("无关的段落。", title="其他")
    answer = translating.answer("蘭州與李四方，其中誰在一部分獨立時被哪國佔去?", scope=Scope.all())
    assert answer.question.endswith("佔去?")
