"""New documents are told of once, to who may see them then, at the hour of their choosing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.records.access import Access
from bot.records.digests import Hour
from bot.telegram.watch_notifier import BETWEEN_FILES, LONGEST_BATCH, WatchNotifier
from corpus.models import Filed, Metadata, Scope
from tests.bot.telegram.entry_points import Outsider, membership
from tests.bot.telegram.request_double import Failure
from tests.bot.telegram.sample_matters import PEOPLE, reading
from tests.bot.telegram.simulator import CHATS, Simulator, simulated_bot

pytestmark = pytest.mark.slow

TEAM = CHATS["Team"]


def arrive(
    simulator: Simulator, text: str, matter: str = "lease", path: str | None = None
) -> Filed:
    """File a document as another process does."""
    paper = reading(text, metadata=Metadata(text))
    return simulator.services.library.file(paper, matter=matter, path=path or text)


def another(simulator: Simulator) -> WatchNotifier:
    """The watches as another process, or the next one, looks after them."""
    bot_data = simulator.app.bot_data
    return WatchNotifier(simulator.services, bot_data.access, bot_data.people, bot_data.outbox)


@asynccontextmanager
async def watching(folder: Path, *questions: str) -> AsyncIterator[Simulator]:
    """A group that may ask about the lease and watches for something."""
    async with simulated_bot(folder, ["Team may ask lease"]) as simulator:
        for question in questions or ("the garage",):
            await simulator.deliver(simulator.message("Stranger", "Team", f"/watch {question}"))
        simulator.double.shown.clear()
        yield simulator


async def test_from_another_process(tmp_path: Path) -> None:
    """What `pincite add` files is told of, once, also after a restart."""
    async with watching(tmp_path) as simulator:
        filed = arrive(simulator, "The garage is let.")
        for watch_notifier in (
            simulator.app.bot_data.watch_notifier,
            another(simulator),
            another(simulator),
        ):
            await watch_notifier.run_round()
        [shown] = simulator.double.shown
        assert f"{filed.document_id}-1" in shown.text
        arrive(simulator, "The garden is let.")
        arrive(simulator, "The garage is let.", path="elsewhere")
        await another(simulator).run_round()
        assert len(simulator.double.shown) == 1


async def test_what_was_there_before_is_not_new(tmp_path: Path) -> None:
    """Neither is a document that only left another matter."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        old = arrive(simulator, "The garage is let.")
        arrive(simulator, "The garage is let.", "appeal")
        await simulator.deliver(simulator.message("Stranger", "Team", "/watch the garage"))
        simulator.services.library.withdraw(old.document_id or "", scope=Scope.of("appeal"))
        await another(simulator).run_round()
        assert len(simulator.double.shown) == 1


@pytest.mark.slow
async def test_two_processes_tell_once(tmp_path: Path) -> None:
    """However they overlap, each finding is told by one of them."""
    async with watching(tmp_path, "the garage", "garage let") as simulator:
        for number in range(4):
            arrive(simulator, f"The garage {number} is let.")
            await asyncio.gather(*(another(simulator).run_round() for _ in range(3)))
        told = [shown.text for shown in simulator.double.shown]
        assert len(told) == 4
        assert all(text.count("watch 1, ") == text.count("watch 2, ") == 1 for text in told)


async def test_one_message_tells_of_all_watches(tmp_path: Path) -> None:
    """Each passage stands there once, each watch says which answer it, and each can be stopped."""
    async with watching(tmp_path, "the garage", "the roof", "the cellar") as simulator:
        both = arrive(simulator, "The garage has a roof.")
        roof = arrive(simulator, "The roof leaks.")
        records = simulator.services.audit.count()
        await another(simulator).run_round()
        [shown] = simulator.double.shown
        first, second, third = shown.text.splitlines()[:3]
        assert first == "🔔 New documents answer 2 watches:"
        assert second == "watch 1, the garage: see 1"
        assert third == "watch 2, the roof: see 1, 2"
        assert shown.text.count(f"{both.document_id}-1") == 1
        assert shown.text.count(f"{roof.document_id}-1") == 1
        assert ["🔕 Stop watch 1", "🔕 Stop watch 2"] in shown.labels
        assert simulator.services.audit.count() == records + 2


async def test_files_sent_together_are_told_together(tmp_path: Path) -> None:
    """While the next file is being filed the notice waits, though not without end."""
    async with watching(tmp_path) as simulator:
        notifier, waiting = another(simulator), [True, True, False]
        pauses: list[float] = []

        async def pause(seconds: float) -> None:
            pauses.append(seconds)

        notifier.pause = pause  # type: ignore[assignment]
        notifier.wake()
        assert not await notifier._is_batch_complete(lambda: waiting.pop(0))
        assert await notifier._is_batch_complete(lambda: waiting.pop(0))
        notifier.wake()
        assert await notifier._is_batch_complete(lambda: False)
        assert pauses == [BETWEEN_FILES]
        assert not await notifier._is_batch_complete(lambda: True)
        notifier._batch_since = time.monotonic() - LONGEST_BATCH
        assert await notifier._is_batch_complete(lambda: True)


async def test_a_stop_before_telling(tmp_path: Path) -> None:
    """What was found and not told is told by the next one; a failed telling is tried again."""
    async with watching(tmp_path) as simulator:
        arrive(simulator, "The garage is let.")
        gone = another(simulator)
        gone.match()
        [(_, found)] = gone.watches.untold().items()
        assert gone.watches.claim(found) == found
        following = another(simulator)
        await following.run_round()
        assert not simulator.double.shown
        following.watches.release_all()
        simulator.double.failures += [Failure("sendMessage", 400, "Bad Request: no luck")]
        await following.run_round()
        assert not simulator.double.shown
        await following.run_round()
        assert len(simulator.double.shown) == 1


@pytest.mark.parametrize("change", ["unbound", "withdrawn", "replaced"])
async def test_scope_at_the_time_of_telling(tmp_path: Path, change: str) -> None:
    """What may no longer be seen when it would be told is not told, then or later."""
    async with watching(tmp_path) as simulator:
        access = Access(simulator.services.database, simulator.services.settings)
        filed = arrive(simulator, "The garage is let.", path="p")
        watch_notifier = another(simulator)
        watch_notifier.match()
        if change == "unbound":
            access.unbind(TEAM, 0, "lease")
        elif change == "withdrawn":
            simulator.services.library.withdraw(filed.document_id or "", scope=Scope.all())
        else:
            arrive(simulator, "The roof is old.", path="p")
        await watch_notifier.run_round()
        access.bind(TEAM, 0, "lease")
        await watch_notifier.run_round()
        assert not simulator.double.shown


KICKED = Failure("sendMessage", 403, "Forbidden: bot was kicked from the group chat")


async def test_a_place_that_is_gone_is_left_in_peace(tmp_path: Path) -> None:
    """A group that threw the bot out is tried once an hour; what is told late is on record once."""
    async with watching(tmp_path) as simulator:
        filed = arrive(simulator, "The garage is let.")
        moment = datetime.now(UTC)
        records = simulator.services.audit.count()
        for hours in (0, 0.5, 1.1, 1.5):
            simulator.double.failures.append(KICKED)
            await another_at(simulator, moment + timedelta(hours=hours)).run_round()
            assert bool(simulator.double.failures) == (hours in (0.5, 1.5))  # was it not tried?
            simulator.double.failures.clear()
        await another_at(simulator, moment + timedelta(hours=2.2)).run_round()
        await another_at(simulator, moment + timedelta(hours=9)).run_round()
        [shown] = simulator.double.shown
        assert f"{filed.document_id}-1" in shown.text
        assert simulator.services.audit.count() == records + 1


async def test_what_comes_while_a_place_is_gone_waits_too(tmp_path: Path) -> None:
    """Ten documents are one try, and one message once the place is there again."""
    async with watching(tmp_path) as simulator:
        moment = datetime.now(UTC)
        simulator.double.failures.append(KICKED)
        for number in range(10):
            arrive(simulator, f"The garage {number} is let.")
            await another_at(simulator, moment + timedelta(minutes=number)).run_round()
        assert not simulator.double.shown
        assert not simulator.double.failures
        await another_at(simulator, moment + timedelta(hours=1.1)).run_round()
        [shown] = simulator.double.shown
        assert "And 5 more" in shown.text


@pytest.mark.parametrize("where", ["Team", "private"])
async def test_a_place_that_is_back_is_told(tmp_path: Path, where: str) -> None:
    """As soon as the bot is added again, or unblocked, if the place may still see it."""
    who = "Stranger" if where == "Team" else "Reader"
    place = "" if where == "private" else where
    async with simulated_bot(tmp_path, ["Team may ask lease", "Team may ask appeal"]) as simulator:
        await simulator.deliver(simulator.message(who, place, "/watch the garage"))
        simulator.double.shown.clear()
        for number in range(3):
            arrive(simulator, f"The garage {number} is let.", "appeal")
        simulator.double.failures.append(KICKED)
        await another(simulator).run_round()
        assert not simulator.double.shown
        for before, after in (("member", "kicked"), ("kicked", "member")):
            await another(simulator).run_round()
            assert not simulator.double.shown
            outsider = Outsider(simulator, who, place)
            await membership(outsider, before, after)
        await simulator.app.bot_data.watch_notifier.run_round()
        [shown] = [each for each in simulator.double.shown if "garage" in each.text]
        assert shown.text.count("¶ 1\n") == 3


async def test_nothing_waits_for_ever(tmp_path: Path) -> None:
    """After a month a place that never came back is told nothing of what it missed."""
    async with watching(tmp_path) as simulator:
        arrive(simulator, "The garage is let.")
        simulator.double.failures.append(KICKED)
        await another(simulator).run_round()
        found = simulator.app.bot_data.watch_notifier.watches
        found.give_up(datetime.now(UTC) + timedelta(days=29))
        assert found.untold()
        found.give_up(datetime.now(UTC) + timedelta(days=31))
        assert not found.untold()


async def test_many_at_once(tmp_path: Path) -> None:
    """One message tells of all that came together: five passages, and how many more."""
    async with watching(tmp_path) as simulator:
        for number in range(7):
            arrive(simulator, f"The garage {number} is let.")
        await another(simulator).run_round()
        [shown] = simulator.double.shown
        assert shown.text.count("¶ 1\n") == 5
        assert shown.text.endswith("And 2 more: ask me, or see /documents.")
        # Four passages fit into a row of buttons; one row opens them, one keeps them.
        assert [len(row) for row in shown.keyboard[:4]] == [4, 1, 4, 1]


async def test_daily(tmp_path: Path) -> None:
    """A digest comes at its hour, with what was found since the last one, and only then."""
    async with watching(tmp_path) as simulator:
        watch_notifier = simulator.app.bot_data.watch_notifier
        moment = datetime(2126, 11, 22, 0, 30, tzinfo=UTC)
        watch_notifier.clock = lambda: moment
        await simulator.deliver(simulator.message("Stranger", "Team", "/digest 9 +8"))
        assert "at 09:00 (UTC+08:00)" in simulator.double.shown[-1].text
        await watch_notifier.run_round()  # a century has passed since it was chosen
        simulator.double.shown.clear()
        arrive(simulator, "The garage is let.")
        await watch_notifier.run_round()
        assert not simulator.double.shown
        moment = datetime(2126, 11, 22, 1, 0, tzinfo=UTC)
        await watch_notifier.run_round()
        [shown] = simulator.double.shown
        assert shown.text.startswith("🔔 Since the last digest")
        moment = datetime(2126, 11, 22, 23, 0, tzinfo=UTC)
        arrive(simulator, "The garage is free.")
        await watch_notifier.run_round()
        assert len(simulator.double.shown) == 1
        moment = datetime(2126, 11, 23, 1, 0, tzinfo=UTC)
        await another_at(simulator, moment).run_round()
        assert len(simulator.double.shown) == 2
        await simulator.deliver(simulator.message("Stranger", "Team", "/digest off"))
        arrive(simulator, "The garage is sold.")
        await watch_notifier.run_round()
        assert simulator.double.shown[-1].text.startswith("🔔 New documents")


def another_at(simulator: Simulator, moment: datetime) -> WatchNotifier:
    """A later process."""
    watch_notifier = another(simulator)
    watch_notifier.clock = lambda: moment
    return watch_notifier


@pytest.mark.slow
async def test_as_many_as_may_be(tmp_path: Path) -> None:
    """Twenty watches of the longest words fit into one list; there are no more."""
    async with watching(tmp_path, "1 " + "詞" * 198) as simulator:
        for number in range(2, 22):
            await simulator.deliver(
                simulator.message("Stranger", "Team", f"/watch {number} " + "詞" * 197)
            )
        assert "There are 20 watches here already" in simulator.double.shown[-1].text
        await simulator.deliver(simulator.message("Stranger", "Team", "/watch " + "詞" * 201))
        assert "200 characters at most" in simulator.double.shown[-1].text
        await simulator.deliver(simulator.message("Stranger", "Team", "/watches"))
        assert sum(map(len, simulator.double.shown[-1].keyboard)) == 20


async def test_a_group_that_becomes_a_supergroup(tmp_path: Path) -> None:
    """Takes its watches and its hour along."""
    async with watching(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Stranger", "Team", "/digest 7"))
        moved = simulator.message("Stranger", "Team", "", migrate_to_chat_id=-1005)
        del moved["message"]["text"], moved["message"]["entities"]
        await simulator.deliver(moved)
        watch_notifier = another(simulator)
        assert [each.question for each in watch_notifier.watches.watches_in(-1005, 0)] == [
            "the garage"
        ]
        assert watch_notifier.digests.hour_of(-1005, 0) == Hour(7)
        assert not watch_notifier.watches.watches_in(TEAM, 0)


def test_private_scope_is_the_persons(tmp_path: Path) -> None:
    """Everybody in PEOPLE has a positive id, by which private chats are told from groups."""
    assert all(number > 0 for number, _ in PEOPLE.values())
    assert all(number < 0 for number in CHATS.values())


async def test_what_changed_is_told(tmp_path: Path) -> None:
    """A new version that answers is told with how it differs from the one that it replaced."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        arrive(simulator, "The garage is let for one year.", path="p")
        await simulator.deliver(simulator.message("Stranger", "Team", "/watch the garage"))
        arrive(simulator, "The garage is let for two years.", path="p")
        await simulator.app.bot_data.watch_notifier.run_round()
        notice = simulator.double.shown[-1].text
    assert "replaces an earlier version" in notice
    assert "Changed 1 · added 0 · removed 0" in notice
    assert "/compare " in notice
