"""Hits, sources and texts of the nastiest kind, and what a view of them shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.views.view import Button, View
from corpus.models import PassageRecord, Source
from index.answer import Hit, SamePassage
from tests.bot.telegram.markup import check_message
from tests.corpus.recorded import RECORD

# What documents hold that Telegram treats as something else.
nasty = st.sampled_from(
    "<b>|</blockquote>|&lt;|a@b.cc |@somebody |/forgetme |main.py |README.md, |#tag |$USD |𠮷"
    "|https://example.org/a?b=c |4111 1111 1111 1111 |👨\u200d👩\u200d👧|\u202e|\u200b|\x00"
    "|\r\n|\n\n|\t|段落。|Sentence one. |Art. 36 ".split("|")
)
texts = st.lists(st.one_of(nasty, st.text(max_size=40)), max_size=60).map("".join)
long_texts = st.builds(lambda text, times: (text or "x") * times, texts, st.integers(1, 60))


@st.composite
def hits(draw: st.DrawFn, rank: int = 1) -> Hit:
    text = draw(long_texts)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=40, unique=True)))
    return Hit(
        rank=rank,
        score=1.0,
        confidence=1.0,
        citation="K7Q2M3PD-4",
        document_id="K7Q2M3PD",
        passage_id="K7Q2M3PD-4",
        matter="m",
        title=draw(texts) or "t",
        date=draw(st.sampled_from([None, "2019", "2019-06-20"])),
        pin=draw(st.sampled_from(["¶ 4", "p. 3", "第三十六條"])),
        page=draw(st.sampled_from([None, 3])),
        recognition=draw(st.sampled_from([None, 62])),
        start=0,
        end=len(text),
        text=text,
        highlights=tuple(zip(edges[::2], edges[1::2], strict=False)),
        matched=(),
        answer=(edges[0], edges[-1]) if len(edges) > 1 and draw(st.booleans()) else None,
        value=(edges[0], edges[1]) if len(edges) > 1 and draw(st.booleans()) else None,
        also=tuple(
            SamePassage("K7Q2M3PD-5", title or "t", "¶ 5")
            for title in draw(st.lists(texts, max_size=3))
        ),
    )


def checked(view: View) -> str:
    """What a reader sees of a view that Telegram would take."""
    rows: list[list[dict[str, Any]]] = [[_described(button) for button in row] for row in view.rows]
    return check_message(view.html, rows)


def _described(button: Button) -> dict[str, Any]:
    if button.copy:
        return {"text": button.label, "copy_text": {"text": button.copy}}
    if button.read:  # the outbox gives it an address, and the passage's id is all of it
        return {"text": button.label, "url": f"https://t.me/bot/app?startapp=s_{button.read}"}
    return {"text": button.label, "callback_data": button.data}


def bare(text: str) -> str:
    return "".join(text.split())


def quoted_in(view: View) -> str:
    match = re.search(r"<blockquote>(.*)</blockquote>", view.html, re.DOTALL)
    assert match
    return re.sub("</?code>", "", match[1])


def hit_of(text: str, **changes: Any) -> Hit:
    build: Callable[..., Hit] = Hit
    values: dict[str, Any] = {
        "rank": 1,
        "score": 1.0,
        "confidence": 1.0,
        "citation": "K7Q2M3PD-4",
        "document_id": "K7Q2M3PD",
        "passage_id": "K7Q2M3PD-4",
        "matter": "m",
        "title": "t",
        "date": "2019",
        "pin": "¶ 4",
        "page": None,
        "start": 0,
        "end": len(text),
        "text": text,
        "highlights": (),
        "matched": (),
    }
    return build(**values | changes)


def source_of(
    text: str,
    title: str,
    *,
    before: bool = False,
    after: bool = False,
    superseded_by: str | None = None,
) -> Source:
    def passage(ordinal: int, text: str) -> PassageRecord:
        return PassageRecord(
            ordinal, "K7Q2M3PD", ordinal, 0, len(text), text, "¶ 4", 3, "", title, "2019-06-20",
            "Gazette", "en",
        )  # fmt: skip

    document = replace(RECORD, title=title, superseded_by=superseded_by)
    return Source(
        passage(4, text),
        (passage(3, "before"),) if before else (),
        (passage(5, "after"),) if after else (),
        document,
        "m",
    )
