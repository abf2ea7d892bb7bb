"""Authority comes from who acts, now and here: never from what is forwarded, or was true before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.records.access import Access, Actor, ProtectedKeeperError
from bot.records.audit import Audit
from tests.bot.telegram.entry_points import COMMANDS, DOCUMENT, PRESSES
from tests.bot.telegram.request_double import TOKEN
from tests.bot.telegram.sample_matters import PEOPLE, sample_services
from tests.bot.telegram.simulator import CHATS, Simulator, simulated_bot
from tests.security.carriers import CARRIERS, FORWARDED

pytestmark = pytest.mark.slow

STRANGER = PEOPLE["Stranger"][0]
ORDERS = (
    *(f"/admit {STRANGER} lease", f"/dismiss {PEOPLE['Reader'][0]} appeal", "/bind lease"),
    *("/unbind lease", "/invite lease", "/invitations", "/who lease", "/chats", "/owners"),
    *("/matters new mine", "/export", "/forgetme", "/add lease", "/claim c0de"),
)


def _state(simulator: Simulator) -> tuple[object, ...]:
    services = simulator.services
    access = Access(services.database, services.settings)
    everything = access.scope_of_person(PEOPLE["Owner"][0])
    return (
        access.admissions_to(everything),
        access.bindings_to(everything),
        access.owner_records(),
        services.library.matters(),
        simulator.app.bot_data.invitations.open_ones(everything),
    )


@pytest.mark.parametrize("place", ["", "Team"])
async def test_a_forwarded_order_is_nobodys(tmp_path: Path, place: str) -> None:
    """An owner who forwards an order, their own or another's, has not given it."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        before = _state(simulator)
        for order in ORDERS:
            said = simulator.message("Owner", place, order, **FORWARDED)
            await simulator.deliver(said)
            assert _state(simulator) == before, order
        assert not simulator.double.files


async def test_a_dismissed_keeper_confirms_nothing(tmp_path: Path) -> None:
    """A question asked while somebody was keeper is judged when the button is pressed."""
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Keeper", "", f"/admit {STRANGER} lease"))
        asked = simulator.double.shown[-1]
        access = Access(simulator.services.database, simulator.services.settings)
        access.dismiss(PEOPLE["Keeper"][0], "lease")
        [toast] = await simulator.deliver(simulator.pressed("Keeper", asked, "Admit"))
        assert (toast.kind, toast.lines) == ("toast", ["You no longer keep this matter."])
        assert not access.admitted_to(STRANGER).allows("lease")


async def test_every_grant_is_on_record(tmp_path: Path) -> None:
    """Who let whom in, to what, from where: both people, in the chain, which holds."""
    async with simulated_bot(tmp_path) as simulator:
        await simulator.deliver(simulator.message("Keeper", "", f"/admit {STRANGER} lease"))
        asked = simulator.double.shown[-1]
        await simulator.deliver(simulator.pressed("Keeper", asked, "Admit"))
        await simulator.deliver(simulator.message("Owner", "Team", "/bind lease"))
        await simulator.deliver(simulator.message("Keeper", "", f"/dismiss {STRANGER} lease"))
        audit = Audit(simulator.services.database)
        rows = [row for row in audit.rows() if row["via"] == "telegram"]
        assert audit.problems() == []
    keeper, owner = PEOPLE["Keeper"][0], PEOPLE["Owner"][0]
    assert [(row["kind"], row["person_id"], row["about_id"]) for row in rows] == [
        ("admitted", keeper, STRANGER),
        ("bound", owner, None),
        ("dismissed", keeper, STRANGER),
    ]
    assert rows[0]["details"] == {"matter": "lease", "role": "reader", "before": None}


def test_whoever_was_let_in_cannot_lock_out_who_let_them_in(tmp_path: Path) -> None:
    """Neither directly nor over others; when somebody in between goes, the line closes up."""
    with sample_services(tmp_path, TOKEN) as services:
        access = Access(services.database, services.settings)
        one, two, three = (Actor(number, "telegram") for number in (1, 2, 3))
        access.admit(1, "lease", "keeper")
        access.admit(2, "lease", "keeper", one)
        access.admit(3, "lease", "keeper", two)
        for maker in (1, 2):
            with pytest.raises(ProtectedKeeperError):
                access.dismiss(maker, "lease", three)
            with pytest.raises(ProtectedKeeperError):
                access.admit(maker, "lease", "reader", three)
        assert access.dismiss(2, "lease", one)
        with pytest.raises(ProtectedKeeperError):
            access.dismiss(1, "lease", three)
        assert access.dismiss(1, "lease", Actor(PEOPLE["Owner"][0], "telegram"))


# -- every order, by every carrier ----------------------------------------------------------------

_DECIDING = """
    admissions bindings owners matters invitations filings holds kept watches digests
    current_matters marks postponed_forgettings uploads
""".split()
"""The tables that say who may do what, and what was done."""


def _deciding_rows(simulator: Simulator) -> dict[str, list[tuple[Any, ...]]]:
    with simulator.services.database.connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"select * from {table}"))]
            for table in _DECIDING
        }


@pytest.mark.parametrize("name", CARRIERS)
async def test_no_order_is_obeyed_that_nobody_gives(tmp_path: Path, name: str) -> None:
    """Every command that the bot knows, in every way that carries no authority: nothing changes."""
    given = ["Team may ask lease", "Forum/Claims may ask appeal"]
    async with simulated_bot(tmp_path, given) as simulator:
        before = _deciding_rows(simulator)
        for order in COMMANDS:
            await CARRIERS[name](simulator, order)
            assert _deciding_rows(simulator) == before, order
        assert not simulator.double.files


async def test_no_button_of_another_persons_order_works(tmp_path: Path) -> None:
    """Whatever an owner is asked to confirm, a reader, a stranger and a keeper press in vain."""
    asking = (f"/admit {STRANGER} lease", "/invitations", "/who lease", "/chats", "/owners")
    given = ["Team may ask lease"]
    async with simulated_bot(tmp_path, given) as simulator:
        Access(simulator.services.database, simulator.services.settings).admit(
            STRANGER, "appeal", "keeper"
        )
        await simulator.deliver(simulator.message("Owner", "", "/invite lease"))
        for order in (*asking, "/forgetme", "/matter", "/documents"):
            await simulator.deliver(simulator.message("Owner", "", order))
            shown = simulator.double.shown[-1]
            before = _deciding_rows(simulator)
            for row in shown.labels:
                for label in row:
                    data = shown.button(label).get("callback_data")
                    for who in ("Stranger", "Reader") if data else ():
                        update = simulator.pressed_data(who, shown, data or "")
                        await simulator.deliver(update)
                        assert _deciding_rows(simulator) == before, (order, label, who)


async def test_every_press_after_dismissal_changes_nothing(tmp_path: Path) -> None:
    """Whoever was inside keeps the buttons, and nothing that they do."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        access = Access(simulator.services.database, simulator.services.settings)
        access.admit(STRANGER, "lease", "keeper")
        for order in ("/ask who repairs the roof?", "/documents", f"/source {DOCUMENT}-1"):
            await simulator.deliver(simulator.message("Stranger", "", order))
        seen = list(simulator.double.shown)
        access.dismiss(STRANGER, "lease")
        before = _deciding_rows(simulator)
        for shown in seen:
            own = [
                b["callback_data"] for row in shown.keyboard for b in row if "callback_data" in b
            ]
            for data in (*own, *PRESSES):
                if data.startswith(("unwatch", "stop")):
                    continue
                await simulator.deliver(simulator.pressed_data("Stranger", shown, data))
                assert _deciding_rows(simulator) == before, data
        assert not simulator.double.files


@pytest.mark.parametrize(
    ("order", "undo"),
    [
        ("/bind lease", lambda access: access.unbind(CHATS["Team"], 0, "lease")),
        ("/unbind appeal", lambda access: access.bind(CHATS["Team"], 0, "appeal")),
    ],
)
async def test_an_order_that_is_delivered_again_is_not_obeyed_again(
    tmp_path: Path, order: str, undo: Any
) -> None:
    """An old update, which Telegram or a proxy repeats, does not bring back what was taken away."""
    async with simulated_bot(tmp_path, ["Team may ask appeal"]) as simulator:
        access = Access(simulator.services.database, simulator.services.settings)
        update = simulator.message("Owner", "Team", order)
        before = access.scope_of_chat(CHATS["Team"], 0)
        await simulator.deliver(update)
        assert access.scope_of_chat(CHATS["Team"], 0) != before
        undo(access)
        for _ in range(2):
            await simulator.deliver(update)
        assert access.scope_of_chat(CHATS["Team"], 0) == before


async def test_a_group_that_became_a_supergroup_leaves_no_authority_behind(tmp_path: Path) -> None:
    """What the group might see moves with it; its old id, and buttons below it, see nothing."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        access = Access(simulator.services.database, simulator.services.settings)
        await simulator.deliver(simulator.message("Reader", "Team", "/ask the rent"))
        shown = simulator.double.shown[-1]
        await simulator.deliver(simulator.message("Reader", "Team", "", migrate_to_chat_id=-1007))
        assert access.scope_of_chat(CHATS["Team"], 0).is_empty
        assert access.scope_of_chat(-1007, 0).allows("lease")
        before = _deciding_rows(simulator)
        for row in shown.labels:
            for label in row:
                if data := shown.button(label).get("callback_data"):
                    await simulator.deliver(simulator.pressed_data("Reader", shown, data))
        assert _deciding_rows(simulator) == before


@pytest.mark.parametrize("who", ["Stranger", "Alien"])
async def test_another_members_watch_and_digest_stay_theirs(tmp_path: Path, who: str) -> None:
    """In a bound group neither a member nor one who speaks as a channel of theirs changes them."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        await simulator.deliver(simulator.message("Reader", "Team", "/watch the rent"))
        before = _deciding_rows(simulator)
        for order in ("/unwatch 1", "/digest 9"):
            await simulator.deliver(simulator.message(who, "Team", order))
            assert _deciding_rows(simulator) == before, order
        # Who set it may, and so may who administers the group.
        await simulator.deliver(simulator.message("Reader", "Team", "/digest 9"))
        await simulator.deliver(simulator.message("Anonymous", "Team", "/unwatch 1"))
        after = _deciding_rows(simulator)
        assert (len(after["digests"]), len(after["watches"])) == (1, 0)
