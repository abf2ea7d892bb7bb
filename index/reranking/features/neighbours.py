"""How much of a question a passage says in words near the question's own.

For each word asked for, the nearest thing the passage holds counts: the word itself wholly, a
translation or synonym with its probability, a neighbour with its cosine (MaxSim: O. Khattab and
M. Zaharia, ColBERT, SIGIR 2020, with words known beforehand in place of vectors).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from index.vocabulary.neighbours import Neighbours

Places = Mapping[str, Sequence[tuple[int, float]]]
"""Term -> the words, by number, that it stands for, and how well: in (0, 1]."""


def neighbour_places(own: Sequence[str], neighbours: Neighbours, known: Places) -> Places:
    """What is near each of a question's words; `own[i]` is the term of word i, empty for none.

    What is `known` to stand for a word, by the dictionary or a thesaurus, is left to them.
    """
    said = {(term, word) for term, places in known.items() for word, _ in places}
    places: dict[str, list[tuple[int, float]]] = {}
    for word, term in enumerate(own):
        for near in (*neighbours.across(term), *neighbours.within(term)) if term else ():
            if (near.term, word) not in said:
                places.setdefault(near.term, []).append((word, near.cosine))
    return places


def near_coverage(
    weights: Sequence[float], terms: AbstractSet[str], known: Places, near: Places
) -> float:
    """The part of the words' weight that the best of what `terms` hold answers to, in [0, 1]."""
    best: dict[int, float] = {}
    for places in (known, near):
        for term in places.keys() & terms:
            for word, value in places[term]:
                if value > best.get(word, 0.0):
                    best[word] = value
    total = sum(weights)
    # In the question's order: sums must not depend on how Python happens to order a set.
    said = sum(weights[word] * best[word] for word in sorted(best))
    return said / total if total else 0.0
