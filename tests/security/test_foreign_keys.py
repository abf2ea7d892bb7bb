"""A button works below its own message alone: no key of another chat, topic, message or version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot.telegram.request_double import Shown
from tests.bot.telegram.simulator import Simulator, simulated_bot

GIVEN = [
    "Team may ask appeal",
    "Forum/Claims may ask appeal",
    "Forum/Leases may ask lease",
    "Forum may ask lease",
]


async def _asked(simulator: Simulator, place: str, question: str) -> Shown:
    await simulator.deliver(simulator.message("Reader", place, f"/ask {question}"))
    return simulator.double.shown[-1]


@pytest.mark.parametrize("label", ["More", "Useful"])
@pytest.mark.parametrize("place", ["Forum/Claims", "Team"])
async def test_a_key_of_another_place_opens_nothing(tmp_path: Path, place: str, label: str) -> None:
    """Whoever learns a key of a topic cannot have its passages written into another topic."""
    async with simulated_bot(tmp_path, [*GIVEN, "9 files in lease from Keeper"]) as simulator:
        insider = await _asked(simulator, "Forum/Leases", "the paper")
        outside = await _asked(simulator, place, "the notices, the claim")
        before = outside.text
        data = insider.button(label)["callback_data"]
        update = simulator.pressed_data("Stranger", outside, data)
        [toast] = await simulator.deliver(update)
        assert toast.kind == "toast"
        assert "no longer works" in toast.lines[0]
        assert outside.text == before


async def test_a_key_below_another_message_opens_nothing(tmp_path: Path) -> None:
    """In the same topic, too, a key works only below the answer that it was sent with."""
    async with simulated_bot(tmp_path, [*GIVEN, "9 files in appeal from Keeper"]) as simulator:
        one = await _asked(simulator, "Team", "the paper")
        other = await _asked(simulator, "Team", "the notices")
        data = one.button("More")["callback_data"]
        [toast] = await simulator.deliver(simulator.pressed_data("Reader", other, data))
        assert "no longer works" in toast.lines[0]


async def test_keys_tell_nothing_of_how_much_is_asked(tmp_path: Path) -> None:
    """The keys of two questions one after another have nothing in common, and are no numbers."""
    async with simulated_bot(tmp_path, [*GIVEN, "9 files in appeal from Keeper"]) as simulator:
        keys = []
        for _ in range(2):
            shown = await _asked(simulator, "Team", "the paper")
            keys.append(shown.button("More")["callback_data"].split(":")[1])
        assert all(len(key) == 12 for key in keys)
        assert sum(a == b for a, b in zip(*keys, strict=True)) < 6


@pytest.mark.parametrize(
    "data", ["more:1:0", "near:2:0", "all:3:0", "judge:1:1", "more:" + "9" * 40]
)
async def test_numbers_of_earlier_versions_are_no_keys(tmp_path: Path, data: str) -> None:
    """A guessed number opens nothing, however large."""
    async with simulated_bot(tmp_path, GIVEN) as simulator:
        shown = await _asked(simulator, "Team", "the notices")
        [toast] = await simulator.deliver(simulator.pressed_data("Reader", replace(shown), data))
        assert "no longer works" in toast.lines[0]
