"""Feedback becomes a collection: what people asked, and which passages they called useful.

A judgement of an answer counts for the first passage that it showed, which is what the bot gave
as the best one. Votes for and against the same passage of the same question are added up; a
passage is relevant while more are for it than against.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from index.evaluation.collection import Collection, Judged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.conversation import Judgement
    from corpus.models import PassageRecord

NAME: Final = "feedback"


def collection_of(judgements: Iterable[Judgement], passages: Iterable[PassageRecord]) -> Collection:
    """The questions judged over the passages that are live now.

    A question is left out when nothing useful for it is live any more: it cannot be measured.
    """
    live = tuple(Judged(each.citation, _title(each), each.text) for each in passages)
    known = {each.id for each in live}
    votes: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    texts: dict[str, str] = {}
    for judgement in judgements:
        text = " ".join(judgement.question.split())
        if text and judgement.citation in known:
            texts.setdefault(text.casefold(), text)
            votes[text.casefold()][judgement.citation] += 1 if judgement.useful else -1
    useful = {
        folded: {citation: 1 for citation, count in counts.items() if count > 0}
        for folded, counts in votes.items()
    }
    asked = [folded for folded, citations in useful.items() if citations]
    queries = {str(number): texts[folded] for number, folded in enumerate(asked, 1)}
    qrels = {str(number): useful[folded] for number, folded in enumerate(asked, 1)}
    return Collection(NAME, live, queries, qrels)


def _title(passage: PassageRecord) -> str:
    """What stands above a passage and is searched with it."""
    return " · ".join(filter(None, (passage.title, passage.heading)))
