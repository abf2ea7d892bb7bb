"""An analysis that dies of one word and never ends with another: a stand-in for a fault in it."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection
from typing import Any

from index.engine import analysis
from index.engine.terms import PassageTerms


def analyze_or_die(connection: Connection[Any, Any]) -> None:
    """Analyze as is usual, but die of one word and never end with another."""
    usual = analysis._analyze

    def analyze(texts: analysis.Texts) -> list[PassageTerms]:
        for text, *_ in texts:
            if "deadlyword" in text:
                os._exit(9)
            while "endlessword" in text:
                pass
        return usual(texts)

    analysis._analyze = analyze
    analysis.serve(connection)
