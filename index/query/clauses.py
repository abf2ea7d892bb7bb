"""A question as engines see it: weighted clauses of alternative terms.

A clause is one thing asked for; its alternatives are the terms that say it, each with the
probability that it does (a probabilistic structured query: Darwish and Oard, SIGIR 2003).
A plain word is a clause with one alternative of probability 1.
"""

from __future__ import annotations

from dataclasses import dataclass

TELLING = 0.1


@dataclass(frozen=True, slots=True)
class Alternative:
    """An index term that says what its clause asks for, with probability `p` in (0, 1]."""

    term: str
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for. `surface` is how the question put it, for people."""

    surface: str
    alternatives: tuple[Alternative, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """The clauses that a question becomes; none when it says nothing that can be searched."""

    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def telling_terms(self) -> frozenset[str]:
        """The terms whose finding is worth showing: not those that hardly say their clause."""
        return frozenset(
            one.term for clause in self.clauses for one in clause.alternatives if one.p >= TELLING
        )
