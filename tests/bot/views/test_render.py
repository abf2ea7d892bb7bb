"""Whatever a document says and a question matches, a message keeps Telegram's limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import texts_in
from bot.views.markup import COPY_UNITS, escape, shares, shortened, units
from bot.views.quotation import pieces, quotation
from bot.views.render import (
    Button,
    Page,
    View,
    answer_view,
    copied_citations,
    nearest_view,
    source_view,
)
from corpus.models import DocumentRecord, PassageRecord, Source
from index.answer import Answer, Hit, Refusal
from tests.bot.emulated import load_emulator
from tests.bot.request_double import Markup, check_message, utf16

EN = texts_in("en")

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
        start=0,
        end=len(text),
        text=text,
        highlights=tuple(zip(edges[::2], edges[1::2], strict=False)),
        matched=(),
    )


def checked(view: View) -> str:
    """What a reader sees of a view that Telegram would take."""
    rows: list[list[dict[str, Any]]] = [[_described(button) for button in row] for row in view.rows]
    return check_message(view.html, rows)


def _described(button: Button) -> dict[str, Any]:
    if button.copy:
        return {"text": button.label, "copy_text": {"text": button.copy}}
    return {"text": button.label, "callback_data": button.data}


@settings(deadline=None, max_examples=60)
@given(st.lists(hits(), min_size=1, max_size=10), st.booleans())
def test_every_answer_fits(found: list[Hit], more: bool) -> None:
    """Any ten passages make one message within 4096 units and 100 entities."""
    answer = Answer("q", tuple(found), 1.0, more=more)
    for page in (Page(2**62, 10), Page(2**62, 10, 20)):
        seen = checked(answer_view(answer, EN, page))
        assert seen.count("K7Q2M3PD-4") >= len(found)
    refused = Answer("q", tuple(found), 1.0, Refusal("unsure", ("<b>",) * 200))
    assert "<b>" in checked(answer_view(refused, EN, Page(1, 3)))
    checked(nearest_view(refused, EN, Page(1, 3)))


@pytest.mark.shared
def test_the_server_counts_as_we_do(shared: Path) -> None:
    """Telegram's own count of entities, its links among them, stays within the limit too."""
    botapi = load_emulator(shared)

    @settings(deadline=None, max_examples=40)
    @given(st.lists(hits(), min_size=1, max_size=10))
    def every_answer(found: list[Hit]) -> None:
        html = answer_view(Answer("q", tuple(found), 1.0), EN, Page(1, 3)).html
        text, entities = botapi.parse_html(html)
        notes: list[str] = []
        text, entities = botapi.finish_text(text, entities, False, notes)
        assert not notes
        assert botapi.u16len(text) <= 4096
        assert len(entities) + len(botapi.detect_entities(text, entities)) <= 100

    every_answer()


def test_the_quotation_is_verbatim() -> None:
    """A passage that fits stands there character for character, its matches in bold."""
    text = "丙方 <應> 於 10 日內 & 書面通知。"
    html = quotation(text, [(0, 2), (9, 14)], room=400, entities=20)
    assert Markup(html).text == text
    assert re.findall("<b>(.*?)</b>", html) == ["丙方", "10 日內"]
    assert html.startswith("<blockquote><b>丙方</b> &lt;應&gt;")


@given(texts, st.data())
def test_bold_is_what_matched(text: str, data: st.DataObject) -> None:
    """Every bold span lies within a highlight, or joins two over a single space."""
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20, unique=True)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    html = quotation(text, spans, room=4000, entities=60)
    marked = "".join(re.findall("<b>(.*?)</b>", html, re.DOTALL))
    lit = "".join(str(escape(text[start:end])) for start, end in spans)
    assert set(marked) <= set(lit) | {" "}
    assert len(marked) <= len(lit) + len(spans)


def test_long_passages_end_with_a_sentence() -> None:
    """What does not fit is cut where a sentence ends, and says so."""
    text = "First there was a lease. " * 40 + "Then the roof leaked. " + "Then nothing. " * 40
    at = text.index("roof")
    seen = Markup(quotation(text, [(at, at + 4)], room=300, entities=20)).text
    assert utf16(seen) <= 300
    assert seen.startswith("…")
    assert seen.endswith(".…")
    assert "roof" in seen


def test_only_long_passages_are_folded() -> None:
    """Short quotations stand open, long ones can be expanded, and an opened source stands open."""
    short, long = "The rent is due. ", "The rent is due. " * 60
    assert quotation(short, (), room=4000, entities=9).startswith("<blockquote>")
    assert quotation(long, (), room=4000, entities=9).startswith("<blockquote expandable>")
    assert quotation(long, (), room=4000, entities=9, folds=False).startswith("<blockquote>")


@pytest.mark.parametrize("trap", ["main.py", "README.md", "@somebody", "/forgetme", "docs/a.md"])
def test_nothing_to_tap_by_mistake(trap: str) -> None:
    """File names are no links, and a document can neither mention people nor offer commands."""
    html = quotation(f"See {trap}, and then.", [(4, 4 + len(trap))], room=400, entities=20)
    assert f"See <code>{trap}</code>, and" in html
    (hit,) = [_hit("x", title=trap)]
    assert f"<code>{trap}</code>" in answer_view(Answer("q", (hit,), 1.0), EN, Page(1, 3)).html


def test_ordinary_words_are_left_alone() -> None:
    """Slashes and dots inside words are no commands and no files."""
    text = "the buyer/seller, 買方/Buyer, v1.2, Art.36, and/or, e.g. https://example.org/README.md"
    assert "<code>" not in quotation(text, (), room=400, entities=20)


def test_bidi_and_control_characters_are_harmless() -> None:
    """An override can neither turn the text around nor hide in a title or a copied citation."""
    hit = _hit("pay \u202e100\u2066 EUR\x07", title="Deed\u202e\n of gift")
    view = answer_view(Answer("q", (hit,), 1.0), EN, Page(1, 3))
    shown = view.html + "".join(button.copy for row in view.rows for button in row)
    assert not set(shown) & set("\u202e\u2066\x07")
    assert "Deed� of gift" in shown.replace("  ", " ")


def test_citations_to_copy_name_every_passage() -> None:
    """However long the titles, each passage keeps its pin and id within the 256 units."""
    found = [_hit("x", title="A very long title " * 20, rank=rank) for rank in range(1, 6)]
    copied = copied_citations(found)
    assert utf16(copied) <= COPY_UNITS
    lines = copied.splitlines()
    assert len(lines) == 5
    assert all(line.endswith("¶ 4 [K7Q2M3PD-4]") for line in lines)


@settings(deadline=None, max_examples=60)
@given(long_texts, texts, st.booleans())
def test_every_source_fits(text: str, title: str, newer: bool) -> None:
    """Any passage opens in parts that fit, which together hold all of it."""
    # White space at an edge, and a sign elsewhere.
    text = re.sub("[\x0b\x0c\x1c-\x1f\x85]", " ", text)
    source = source_of(text, title or "t", superseded_by="AAAAAAAA" if newer else None)
    seen = checked(source_view(source, EN))
    found = re.search(r"part 1 of (\d+)", seen)
    parts = int(found[1]) if found else 1
    assert bool("Superseded" in seen) >= newer
    shown = "".join(_quoted(source_view(source, EN, part=part)) for part in range(1, parts + 1))
    assert _bare(shown.replace("…", "")) == _bare(escape(text).replace("…", ""))


def test_a_source_tells_what_is_known() -> None:
    """Publisher, date, pin, page, link, matter, hash and the ways to its neighbours."""
    source = source_of("It reversed.", "Appeal", before=True, after=True, superseded_by="AAAAAAAA")
    view = source_view(source, EN)
    seen = checked(view)
    for known in ("Appeal", "Gazette · 2019-06-20 · ¶ 4 · p. 3", "https://example.org/x"):
        assert known in seen
    assert "Matter m · Added 2026-11-22" in seen
    assert "0" * 64 in seen
    data = [[button.data for button in row] for row in view.rows]
    assert data[0] == ["turn:K7Q2M3PD-3", "turn:K7Q2M3PD-5"]
    assert data[2] == ["turn:AAAAAAAA-1"]
    copies = [button.copy for button in view.rows[1]]
    assert all(copies)
    assert "K7Q2M3PD-4" in copies[0]
    assert "[N/OL]" in copies[1]


def test_long_sources_turn_their_parts_first() -> None:
    """Next leads through the parts of a passage, then to its neighbour."""
    source = source_of("One sentence. " * 800, "Long", before=True, after=True)
    first, last = source_view(source, EN), source_view(source, EN, part=99)
    assert [button.data for button in first.rows[0]] == ["turn:K7Q2M3PD-3", "turn:K7Q2M3PD-4:2"]
    assert last.rows[0][0].data.startswith("turn:K7Q2M3PD-4:")
    assert last.rows[0][1].data == "turn:K7Q2M3PD-5"


@given(st.integers(0, 500), st.lists(st.integers(0, 200), max_size=12))
def test_shares(total: int, wants: list[int]) -> None:
    """Nobody gets more than wanted or less than an equal part, and nothing is given twice."""
    given_out = shares(total, wants)
    assert sum(given_out) <= total
    assert all(got <= wanted for got, wanted in zip(given_out, wants, strict=True))
    if wants:
        fair = total // len(wants)
        assert all(got >= min(w, fair) for got, w in zip(given_out, wants, strict=True))


@given(texts, st.integers(1, 50))
def test_shortened(text: str, limit: int) -> None:
    """A text within the limit is untouched, any other fits and says that it was cut."""
    short = shortened(text, limit)
    assert units(short) <= limit
    assert short == text or short.endswith("…")


@settings(deadline=None)
@given(long_texts, st.integers(20, 600))
def test_pieces_fit(text: str, room: int) -> None:
    """Every piece fits, and together they hold every character but white space."""
    spans = pieces(text, room)
    assert all(utf16(text[start:end]) <= room for start, end in spans)
    assert _bare("".join(text[start:end] for start, end in spans)) == _bare(text)


def _bare(text: str) -> str:
    return "".join(text.split())


def _quoted(view: View) -> str:
    found = re.search(r"<blockquote>(.*)</blockquote>", view.html, re.DOTALL)
    assert found
    return re.sub("</?code>", "", found[1])


def _hit(text: str, **changes: Any) -> Hit:
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

    document = DocumentRecord(
        id="K7Q2M3PD",
        title=title,
        date="2019-06-20",
        publisher="Gazette",
        url="https://example.org/x",
        language="en",
        sha256="0" * 64,
        media_type="text/plain",
        added="2026-11-22T12:00:00Z",
        matters=("m",),
        path="x.txt",
        passages=9,
        superseded_by=superseded_by,
    )
    return Source(
        passage(4, text),
        (passage(3, "before"),) if before else (),
        (passage(5, "after"),) if after else (),
        document,
        "m",
    )
