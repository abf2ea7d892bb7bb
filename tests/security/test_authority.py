"""Authority comes from who acts, now and here: never from what is forwarded, or was true before."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.records.access import Access, Actor, ProtectedKeeperError
from bot.records.audit import Audit
from tests.bot.telegram.request_double import TOKEN
from tests.bot.telegram.sample_matters import PEOPLE, sample_services
from tests.bot.telegram.simulator import Simulator, simulated_bot, user

STRANGER = PEOPLE["Stranger"][0]
FORWARDED = {
    "forward_origin": {"type": "user", "date": 1_700_000_000, "sender_user": user("Owner")}
}
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
