"""Features of what a passage is in its document, beside the kind of answer that is asked for.

A caption answers who and when, an order how it ended, the court's own reasons why; for other
questions they only hold the same names. The product of a kind and a role is what a linear model
needs to learn that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from index.reranking.features.evidence import Evidence, Feature

_CAPTION_KINDS = ("counsel", "judge", "court", "person", "date")
"""Kinds of answers that stand in a caption; for every other question it is in the way."""
_KIND_ROLES: Sequence[tuple[str, str]] = (
    ("outcome", "disposition"),
    ("outcome", "reasoning"),
    ("outcome", "claims"),
    ("reason", "reasoning"),
    ("reason", "claims"),
    ("counsel", "caption"),
    ("judge", "signature"),
    ("court", "caption"),
    ("person", "caption"),
    ("date", "signature"),
    ("money", "disposition"),
    ("period", "disposition"),
    ("whether", "reasoning"),
    ("argument", "claims"),
    ("proof", "evidence_list"),
)
"""Where each kind of answer is looked for first, or found last. Pairs that added nothing on
questions of whole matters are left out."""
KIND_ROLE_NAMES = tuple(f"{kind}_in_{role}" for kind, role in _KIND_ROLES)
_DESCRIPTIONS = {
    "contents": "whether it is a table of contents or lines of dots",
    "claims": "whether it says what a party claims or argues",
    "evidence_list": "whether it lists evidence",
    "findings": "whether it states facts as found",
    "reasoning": "whether it holds the court's own reasons",
    "disposition": "whether it orders or decides",
    "signature": "whether judges sign there",
    "citing": "whether it cites other texts",
    "heading": "whether it is a heading alone",
}
_AMENDING = re.compile(r"修正案|修改|修正(?!版)|的决定|\bamend(?:ment|ing)\b")
_IMPLEMENTING = re.compile(r"解释|细则|条例|规定|办法|批复|\b(?:regulations?|rules|directions)\b")


def has_role(role: str, evidence: Evidence) -> list[float]:
    """1 for a passage with this role."""
    return [float(role in view.roles) for view in evidence.views]


def unasked_caption(evidence: Evidence) -> list[float]:
    """1 for a caption, where nothing is asked that a caption says."""
    if any(evidence.question.expects(kind) for kind in _CAPTION_KINDS):
        return [0.0] * len(evidence.views)
    return has_role("caption", evidence)


def role_for_kind(kind: str, role: str, evidence: Evidence) -> list[float]:
    """1 for a passage with this role where the question expects this kind of answer."""
    if not evidence.question.expects(kind):
        return [0.0] * len(evidence.views)
    return has_role(role, evidence)


def defines_term(evidence: Evidence) -> list[float]:
    """1 for a passage that defines a term of a question that asks what something is."""
    question = evidence.question
    if not question.expects("definition"):
        return [0.0] * len(evidence.views)
    return [
        float(any(_names(question.folded, term) for term in view.defined))
        for view in evidence.views
    ]


def amending(evidence: Evidence) -> list[float]:
    """1 for a part of a text that amends another, unless amendments are asked for."""
    return _titled(evidence, _AMENDING)


def implementing(evidence: Evidence) -> list[float]:
    """1 for rules under a law, unless they are asked for: the law itself is cited first."""
    return _titled(evidence, _IMPLEMENTING)


def _titled(evidence: Evidence, kind: re.Pattern[str]) -> list[float]:
    if kind.search(evidence.question.folded):
        return [0.0] * len(evidence.views)
    return [float(kind.search(view.folded_title) is not None) for view in evidence.views]


def _names(question: str, term: str) -> bool:
    """Whether a question names a term, in the singular or the plural."""
    return term in question or (term.endswith("s") and term.removesuffix("s") in question)


ROLE_FEATURES = (
    Feature(
        "unasked_caption",
        "whether it is a caption, where no party, counsel, court or date is asked for",
        unasked_caption,
    ),
    *(
        Feature(f"is_{role}", description, partial(has_role, role))
        for role, description in _DESCRIPTIONS.items()
    ),
    *(
        Feature(
            name,
            f"whether it is a passage of {role.replace('_', ' ')}, where the question expects"
            f" {kind} as its answer",
            partial(role_for_kind, kind, role),
        )
        for name, (kind, role) in zip(KIND_ROLE_NAMES, _KIND_ROLES, strict=True)
    ),
    Feature("defines_term", "whether it defines the term that is asked for", defines_term),
    Feature("is_amending", "whether it belongs to a text that amends another", amending),
    Feature("is_implementing", "whether it belongs to rules made under a law", implementing),
)
"""Features of roles, of kinds of answer in roles, and of the rank of laws."""
