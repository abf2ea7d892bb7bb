"""No text makes an entry raise: lone surrogates, NUL, a megabyte, marks alone, huge numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from corpus.models import Scope
from index.search import Searcher
from tests.bot.conftest import CommandLine
from tests.bot.telegram.entry_points import DOCUMENT, PRESSES
from tests.bot.telegram.simulator import simulated_bot
from tests.index.conftest import File

pytestmark = pytest.mark.slow

ODD = {
    "nothing": "",
    "blanks": " \u3000\u200b\ufeff\n",
    "a lone surrogate": "the \ud800 rent \udfff",
    "NUL": "the\0rent",
    "marks alone": "\u0301" * 5000,
    "one letter with many marks": "a" + "\u0301" * 5000,
    "U+FDFA": "\ufdfa" * 4096,
    "overrides": "\u202e\u2066the rent\u2069\u202c" * 300,
    "a long text": "the rent is due " * 8_192,
    "a megabyte of one letter": "a" * (1 << 20),
    "a long text of Han": "租" * (1 << 17),
    "a megabyte of digits": "1" * (1 << 20),
    "a huge number": "article " + "9" * 5000,
    "a huge numeral": "第" + "九" * 5000 + "条",
    "a citation": "K7Q2M3PD-" + "9" * 5000,
    "brackets": "([{《「" * 2000,
    "quotes": '"“' * 3000,
}
EVERYTHING = Scope.all()


@pytest.mark.parametrize("name", ODD)
def test_a_searcher_is_asked(file: File, searcher: Searcher, name: str) -> None:
    """Every question of a searcher answers or refuses as it does any other."""
    text = ODD[name]
    file("The tenant pays the rent on the first day.", "第三條 租金九百元。")
    answer = searcher.answer(text, scope=EVERYTHING, earlier=text)
    assert answer.refusal or answer.hits or answer.kind == "greeting"
    searcher.query(text, scope=EVERYTHING)
    short = text[:20_000]  # entries that take whole messages and files
    asked: list[Callable[[], object]] = [
        lambda: searcher.check(short, scope=EVERYTHING),
        lambda: searcher.check(short, scope=EVERYTHING, is_file=True),
        lambda: searcher.timeline(short, scope=EVERYTHING),
        lambda: searcher.each(short, scope=EVERYTHING),
        lambda: searcher.find_documents(short, EVERYTHING),
        lambda: searcher.compare(short, None, scope=EVERYTHING),
    ]
    for ask in asked:
        with suppress(CorpusError):
            ask()


@pytest.mark.parametrize(
    "name", ["a lone surrogate", "NUL", "overrides", "a huge numeral", "quotes"]
)
def test_the_command_line_is_asked(filed: Path, pincite: CommandLine, name: str) -> None:
    """A status of 0, 1 or 2 and at most one line of error: no traceback, in JSON too."""
    text = ODD[name]
    for arguments in (["ask", "--json"], ["check", "--json"]):
        typed = text.replace("\n", " ").encode("utf-8", "surrogatepass")
        ran = pincite(*arguments, stdin=typed)
        assert ran.status in {0, 1, 2}
        assert ran.err.count("\n") <= 1
        for line in ran.out.splitlines():
            json.loads(line)


@pytest.mark.parametrize("name", ["a lone surrogate", "NUL", "marks alone", "U+FDFA", "quotes"])
async def test_the_bot_is_asked(tmp_path: Path, name: str) -> None:
    """By message, command, inline query and watch; nothing fails, and each gets an answer."""
    text = ODD[name][:4000].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        failed = []

        async def note(_: object, context: object) -> None:
            failed.append(getattr(context, "error", None))

        simulator.app.add_error_handler(note)
        orders = (
            "",
            "/ask ",
            "/check ",
            "/each ",
            "/timeline ",
            "/compare ",
            "/watch ",
            "/source ",
        )
        for order in orders:
            await simulator.deliver(simulator.message("Owner", "", order + text))
        assert failed == []


async def test_buttons_hold_huge_numbers(tmp_path: Path) -> None:
    """Every kind of button data with numbers of 40 digits: a toast, and no error."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        failed = []

        async def note(_: object, context: object) -> None:
            failed.append(getattr(context, "error", None))

        simulator.app.add_error_handler(note)
        await simulator.deliver(simulator.message("Owner", "", "/ask the rent"))
        shown = simulator.double.shown[-1]
        huge = "9" * 40
        odd = {
            f"{press.split(':')[0]}:{end}"
            for press in PRESSES
            for end in (
                huge,
                f"{DOCUMENT}:{huge}",
                f"{DOCUMENT}-{huge}",
                f"{huge}:{huge}",
                "1:" + huge,
                "\u0669",
                "-1",
                "",
            )
        }
        for data in sorted(odd):
            await simulator.deliver(simulator.pressed_data("Owner", shown, data[:64]))
        assert failed == []
