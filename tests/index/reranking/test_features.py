"""Each feature by itself: what it says of two passages, worked out by hand.

Every value is a number written down here or a plain formula, so that a feature whose sign or
value is turned round fails its own case, and so does a change of the constants it was tuned with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

import pytest

from corpus.models import Scope
from index.engine.protocol import Alternative, Clause
from index.evaluation.collection import Collection, JudgedPassage
from index.evaluation.evaluate import index_collection, passage_views_of
from index.query.asking import ANSWER_KINDS
from index.query.question import NameMatcher, PhoneticMatch, parse_question
from index.reranking.features.registry import FEATURE_NAMES
from index.reranking.pipeline import with_features
from index.semantic.search import SemanticScore
from index.vocabulary.mapped_tables import shipped_neighbours

K1 = 0.9


class OneName:
    """Finds one name in characters, with a strength of .8."""

    def find(
        self, name: str, text: str, starts: Iterable[int] | None = None
    ) -> PhoneticMatch | None:
        """Where the text has it."""
        at = text.find("戈萨奇") if name == "gorsuch" else -1
        return PhoneticMatch(0.8, at, at + 3) if at >= 0 else None

    def starts(self, name: str, text: str) -> Iterable[int]:
        """Nowhere: no name is looked for the other way round."""
        return ()


@dataclass(frozen=True)
class Expander:
    """Knows one translation, and one name."""

    names: NameMatcher = field(default_factory=OneName)

    def clauses(self, text: str) -> Iterable[Clause]:
        """`theta` says `zeta`, with probability one half."""
        if "zeta" in text:
            yield Clause("zeta", (Alternative("zeta"), Alternative("theta", 0.5)))

    def readings(self, character: str) -> tuple[str, ...]:
        """None: no name is spelt in letters."""
        return ()


def values(
    name: str,
    question: str,
    *passages: tuple[str, str] | str,
    similarity: Mapping[int, SemanticScore] | None = None,
) -> list[float]:
    """A feature of passages, with or without a title, in the order given."""
    texts = [("", passage) if isinstance(passage, str) else passage for passage in passages]
    judged = tuple(JudgedPassage(str(n), title, text) for n, (title, text) in enumerate(texts))
    collection = Collection("x", judged, {}, {})
    parsed = parse_question(question, Expander())
    ranking = index_collection(collection).search(parsed.query, scope=Scope.all(), k=9)
    ranked = with_features(parsed, ranking, passage_views_of(collection), similarity or {})
    keys = [candidate.key for candidate in ranked.ranking.candidates]
    column = ranked.rows[:, FEATURE_NAMES.index(name)]
    return [float(column[keys.index(key)]) for key in sorted(keys)]


COSINE = {near.term: near.cosine for near in shipped_neighbours().across("court")}["法院"]
CASES: list[tuple[str, str, tuple[tuple[str, str] | str, ...], list[float]]] = [
    # Words that are in equally many passages weigh the same: each half of the question.
    ("bm25", "omega kappa", ("omega kappa", "omega red", "kappa red"), [1, 0.5, 0.5]),
    ("bm25_share", "omega", ("omega red", "green red"), [1 / (1 + K1)]),
    ("bm25_share", "甲乙丙", ("甲乙丙", "甲乙丙"), [1 / (1 + K1)] * 2),
    ("word_score", "omega kappa", ("omega red", "kappa red"), [0.5 / (1 + K1)] * 2),
    ("word_coverage", "omega kappa", ("omega", "kappa", "omega kappa omega"), [0.5, 0.5, 1]),
    ("bigram_coverage", "甲乙丙", ("甲乙", "乙丙", "甲乙丙"), [0.5, 0.5, 1]),
    ("missing_weight", "omega kappa", ("omega", "kappa", "omega kappa"), [0.5, 0.5, 0]),
    ("log_length", "omega", ("omega red", "omega one two six ten red"), [log(2 / 4), log(6 / 4)]),
    ("unknown_weight", "omega kappa sigma", ("kappa", "red"), [2 / 3]),
    ("unknown_names", "why did Omega sue Sigma", ("omega red", "red"), [1 / 2]),
    ("words_matched", "omega kappa", ("kappa omega", "kappa"), [2 / 4, 1 / 3]),
    ("heading_coverage", "omega kappa", (("kappa", "red"), ("red", "omega")), [0.5, 0]),
    ("sentence_coverage", "omega kappa", ("omega. kappa.", "omega kappa."), [0.5, 1]),
    ("untranslated_share", "zeta", ("zeta", "theta"), [1, 0]),
    ("shared_run", "omega kappa", ("the omega kap", "kappa"), [9 / 11, 5 / 11]),
    (
        "cited_article", "《铁路法》第二条说什么",
        (("铁路法第一条", "铁路"), ("铁路法第二条", "铁路")), [0, 1],
    ),
    # Where no law is named, any article of this number that stands at the head of a line.
    (
        "cited_article", "what does Art. 12 say",
        ("Article 12 Red.", "II. Rules\nArticle 12 Red.", "See Article 12.", "Article 13 See 12."),
        [1, 1, 0, 0],
    ),
    ("cited_article", "第十二条怎么说", ("第十二条 红。", "第十三条 依第十二条。"), [1, 0]),
    ("cited_article", "Article 12 of the Red Act", ("Article 12 Red.",), [0]),
    ("near_coverage", "court kappa", ("法院 kappa", "court red"), [(1 + COSINE) / 2, 0.5]),
    ("phonetic_match", "Gorsuch kappa", ("戈萨奇 kappa", "red"), [0.5 * 0.8]),
    ("phonetic_match", "Gorsuch kappa", ("萨奇 kappa", "red"), [0]),
    ("best_of_title", "omega", (("a", "omega"), ("a", "omega"), ("b", "omega")), [1, 1, 0]),
    (
        "mean_over_law", "铁路",
        (("铁路法第一条", "铁路"), ("铁路法第三条", "铁路"), ("海商法第一条", "铁路")),
        [1 / 5, 1 / 5, 0],
    ),
    ("shows_date", "when did the omega end", ("omega in 1999", "omega"), [0.5, -0.5]),
    ("shows_period", "how long is the omega", ("omega two years", "omega 1999"), [0.5, -0.5]),
    ("shows_money", "how much is the omega", ("omega $25", "omega 25"), [0.5, -0.5]),
    ("shows_percent", "what rate has the omega", ("omega 25%", "omega 25"), [0.5, -0.5]),
    ("shows_count", "how often the omega", ("omega three", "omega"), [0.5, -0.5]),
    ("shows_amount", "what number the omega", ("omega 25", "omega"), [0.5, -0.5]),
    ("shows_counsel", "who represented the omega", ("omega, counsel", "omega"), [0.5, -0.5]),
    ("shows_judge", "who decided the omega", ("omega judge", "omega"), [0.5, -0.5]),
    ("shows_court", "which court the omega", ("omega tribunal", "omega"), [0.5, -0.5]),
    ("shows_outcome", "was the omega affirmed", ("omega affirmed", "omega red"), [0.5, -0.5]),
    ("shows_whether", "is the omega red", ("omega must be red", "omega red"), [0.5, -0.5]),
    ("shows_argument", "what omega argued", ("omega contends", "omega"), [0.5, -0.5]),
    ("shows_proof", "what evidence the omega", ("omega exhibits", "omega"), [0.5, -0.5]),
    ("shows_how", "how to omega", ("omega must apply", "omega"), [0.5, -0.5]),
    ("unasked_caption", "omega", ("Between:\nomega\nClaimant", "omega"), [1, 0]),
    ("unasked_caption", "who is omega", ("Between:\nomega\nClaimant", "omega"), [0, 0]),
    ("is_contents", "omega", ("omega ........ 7", "omega"), [1, 0]),
    ("is_claims", "铁路", ("乙方辩称,铁路已停。", "铁路已停。"), [1, 0]),
    ("is_evidence_list", "铁路", ("铁路的书证、物证、证人证言。", "铁路有书证。"), [1, 0]),
    ("is_findings", "铁路", ("经审理查明:铁路已停。", "铁路已停。"), [1, 0]),
    ("is_reasoning", "鐵路", ("本院認為,鐵路已停。", "鐵路已停。"), [1, 0]),
    ("is_disposition", "omega", ("The omega is red. IT IS SO ORDERED.", "omega red"), [1, 0]),
    ("is_signature", "铁路", ("铁路 审判长 丁某", "铁路已停。"), [1, 0]),
    ("is_citing", "omega", ("See omega red", "omega red"), [1, 0]),
    ("is_heading", "omega", ("The omega", "The omega is red."), [1, 0]),
    ("outcome_in_disposition", "omega outcome", ("omega. IT IS ORDERED.", "omega."), [1, 0]),
    ("outcome_in_reasoning", "omega outcome", ("we hold omega.", "omega."), [1, 0]),
    ("outcome_in_claims", "omega outcome", ("he argues omega.", "omega."), [1, 0]),
    ("reason_in_reasoning", "why omega", ("we hold omega.", "omega."), [1, 0]),
    ("reason_in_claims", "why omega", ("he argues omega.", "omega."), [1, 0]),
    ("counsel_in_caption", "who represented omega", ("Between:\nomega\nClaimant", "omega"), [1, 0]),
    ("judge_in_signature", "铁路案审判长是谁", ("铁路案 审判长 丁某", "铁路案。"), [1, 0]),
    ("court_in_caption", "which court omega", ("Between:\nomega\nClaimant", "omega"), [1, 0]),
    ("person_in_caption", "who is omega", ("Between:\nomega\nClaimant", "omega"), [1, 0]),
    ("date_in_signature", "铁路案何时作出", ("铁路案 审判长 丁某", "铁路案。"), [1, 0]),
    ("money_in_disposition", "how much omega", ("omega. IT IS ORDERED.", "omega."), [1, 0]),
    ("period_in_disposition", "how long omega", ("omega. IT IS ORDERED.", "omega."), [1, 0]),
    ("whether_in_reasoning", "is it omega", ("we hold omega.", "omega."), [1, 0]),
    ("argument_in_claims", "what omega argued", ("he argues omega.", "omega."), [1, 0]),
    ("proof_in_evidence_list", "铁路案的证据", ("铁路案的书证、物证、证言。", "铁路案。"), [1, 0]),
    ("defines_term", "what is an omega", ("“Omega” means red.", "“Kappa” means omega."), [1, 0]),
    ("defines_term", "omega red", ("“Omega” means red.", "“Kappa” means omega."), [0, 0]),
    ("is_amending", "铁路", (("铁路法修正案", "铁路"), ("铁路法", "铁路")), [1, 0]),
    ("is_amending", "铁路修正案", (("铁路法修正案", "铁路"), ("铁路法", "铁路")), [0, 0]),
    ("is_implementing", "铁路", (("铁路法实施细则", "铁路"), ("铁路法", "铁路")), [1, 0]),
    ("shows_person", "who is the omega", ("omega judge", "omega"), [0.5, -0.5]),
    ("shows_reason", "why the omega", ("omega because", "omega"), [0.5, -0.5]),
    ("shows_definition", "what is an omega", ("omega means", "omega"), [0.5, -0.5]),
    ("shows_place", "where is the omega", ("omega city", "omega"), [0.5, -0.5]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "question", "passages", "expected"), CASES)
def test_a_feature_says_what_is_worked_out_by_hand(
    name: str, question: str, passages: tuple[tuple[str, str] | str, ...], expected: list[float]
) -> None:
    """To the last digit, and with its sign."""
    assert values(name, question, *passages) == pytest.approx(expected)


SIMILARITY = {
    0: SemanticScore(0.7, 1.5, 0.8, 2.0, 3, 0.9, 0.25),
    1: SemanticScore(0.1, -0.5, 0.2, -1.0, 0, 0.6, -0.75),
}
MEANING_CASES = [
    ("passage_meaning", [1.5, -0.5, 0]),
    ("sentence_meaning", [2.0, -1.0, 0]),
    ("sentence_cosine", [0.8, 0.2, 0]),
    ("deep_meaning", [0.25, -0.75, 0]),
]


@pytest.mark.parametrize(("name", "expected"), MEANING_CASES)
def test_meaning_is_what_is_known_of_a_candidate(name: str, expected: list[float]) -> None:
    """As it is given for a candidate, and 0 for one of which nothing is known."""
    passages = ("omega", "omega red", "omega two")
    assert values(name, "omega", *passages, similarity=SIMILARITY) == expected


def test_meaning_has_less_to_say_beside_the_questions_own_words() -> None:
    """The passage's deviations and twice the sentence's, times the words found untranslated."""
    whole = values("meaning_beside_words", "omega", "omega", "omega red", similarity=SIMILARITY)
    assert whole == [5.5, -2.5]
    translated = values("meaning_beside_words", "zeta", "theta", "theta red", similarity=SIMILARITY)
    assert translated == [0, 0]


@pytest.mark.parametrize("kind", [kind.name for kind in ANSWER_KINDS])
def test_a_kind_that_is_not_asked_for_counts_nothing(kind: str) -> None:
    """Whatever the passage shows."""
    everything = "omega judge city 25 in 1999, because it means that"
    assert values(f"shows_{kind}", "omega", everything, "omega") == [0, 0]


def test_every_feature_has_a_case() -> None:
    """A new one without a value worked out by hand fails here."""
    meanings = {"meaning_beside_words", *(name for name, _ in MEANING_CASES)}
    assert {name for name, *_ in CASES} | meanings == set(FEATURE_NAMES)
