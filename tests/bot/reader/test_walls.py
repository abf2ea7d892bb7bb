"""Outsiders try every address of the reader, and each is told what is told of nothing at all.

Addresses are generated: whoever stands outside, whatever they ask for, and with whatever leave, the
answer is that of a document that never existed. A route that is added later, and forgotten here,
fails a test.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from tornado.routing import PathMatches

from bot.reader.app import build
from tests.bot.reader.world import READER, STRANGER, TEAM, TENANT, World

pytestmark = pytest.mark.slow

LEASE = "Lease of the warehouse"
UNKNOWN = "ZZZZZZZZ-1"
WORDS = ("tenant", "landlord", "warehouse", "rent")
DOORS = ("", "/page/1.webp", "/page/1.webp?w=480", "/search?q=rent", "/original", "/changes")
"""What can be asked of a passage."""
OPEN = ("/", "/read/app", "/read/reader.css", "/read/reader.js", "/read/leave")
"""Addresses that name no passage."""

Key = Callable[[World, str], str]
"""The key with which somebody outside the matter `lease` comes to a passage."""


def no_key(world: World, citation: str) -> str:
    return ""


def stranger(world: World, citation: str) -> str:
    return world.key(citation, STRANGER)


def admitted_elsewhere(world: World, citation: str) -> str:
    return world.key(citation, READER)


def keeper_elsewhere(world: World, citation: str) -> str:
    world.access.admit(READER, "appeal", "keeper")
    return world.key(citation, READER)


def dismissed_meanwhile(world: World, citation: str) -> str:
    key = world.key(citation, TENANT)
    world.access.dismiss(TENANT, "lease")
    return key


def member_of_a_chat_of_another_matter(world: World, citation: str) -> str:
    world.members.add((TEAM, STRANGER))
    return world.key(citation, STRANGER, chat_id=TEAM)


def member_of_a_chat_unbound_meanwhile(world: World, citation: str) -> str:
    world.members.add((TEAM, STRANGER))
    world.access.bind(TEAM, 0, "lease")
    key = world.key(citation, STRANGER, chat_id=TEAM)
    world.access.unbind(TEAM, 0, "lease")
    return key


def tenant_of_another_topic(world: World, citation: str) -> str:
    """A topic with a matter of its own does not see that of another topic."""
    world.members.add((TEAM, STRANGER))
    world.access.bind(TEAM, 7, "lease")
    return world.key(citation, STRANGER, chat_id=TEAM, thread_id=8)


OUTSIDERS: tuple[Key, ...] = (
    no_key,
    stranger,
    admitted_elsewhere,
    keeper_elsewhere,
    dismissed_meanwhile,
    member_of_a_chat_of_another_matter,
    member_of_a_chat_unbound_meanwhile,
    tenant_of_another_topic,
)


async def ask(world: World, citation: str, door: str, key: str) -> httpx.Response:
    joint = "&" if "?" in door else "?"
    return await world.client.get(f"/read/s_{citation}{door}{joint}key={key}")


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda outsider: outsider.__name__)
async def test_no_address_is_open(world: World, outsider: Key) -> None:
    """The same bytes as for a document that never existed, and no word from behind the wall."""
    lease = world.citation(LEASE, "The tenant")
    key, key_to_nothing = outsider(world, lease), world.key(UNKNOWN, STRANGER)
    for door in DOORS:
        hidden = await ask(world, lease, door, key)
        nothing = await ask(world, UNKNOWN, door, key_to_nothing)
        assert (hidden.status_code, hidden.content) == (404, nothing.content), door
        assert not [word for word in WORDS if word in hidden.text]
    assert world.records() == []


async def test_an_insider_finds_them_open(world: World) -> None:
    """The addresses are real: to somebody who may see the matter, what should show it does."""
    lease = world.citation(LEASE, "The tenant")
    key = world.key(lease, TENANT)
    shown = {door: await ask(world, lease, door, key) for door in DOORS}
    opened = {door for door, answer in shown.items() if answer.status_code == 200}
    # The lease has no pages, and replaced no version.
    assert opened == {"", "/search?q=rent", "/original"}
    assert all("tenant" in shown[door].text for door in opened)


async def test_every_route_has_an_address_here(world: World) -> None:
    """What the application serves is tried above."""
    rules = build(world.service).wildcard_router.rules
    patterns = [rule.matcher.regex for rule in rules if isinstance(rule.matcher, PathMatches)]
    paths = [*OPEN, *(f"/read/s_{UNKNOWN}{door.partition('?')[0]}" for door in DOORS)]
    assert len(patterns) >= len(OPEN)
    for pattern in patterns:
        assert any(pattern.match(path) for path in paths), pattern.pattern
