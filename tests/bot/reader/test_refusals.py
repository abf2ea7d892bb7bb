"""Whoever has no leave gets one and the same answer, whatever they try."""

from __future__ import annotations

import base64
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx
import pytest

from bot.reader.app import PACE
from bot.reader.leave import LASTS, Leave, LeaveKeys, NoLeave
from tests.bot.reader.world import (
    OTHER_TOKEN,
    READER,
    STRANGER,
    TEAM,
    TENANT,
    World,
    init_data,
)

pytestmark = pytest.mark.slow

JUDGMENT, NOTE, LEASE = "Judgment on leased servers", "Note on notices", "Lease of the warehouse"

Try: TypeAlias = Callable[[World, str], Awaitable[httpx.Response]]
"""A way to read the passage of a citation of `appeal` without leave."""

WAYS: dict[str, Try] = {}


def way(attempt: Try) -> Try:
    """Collects the ways by their names."""
    WAYS[attempt.__name__] = attempt
    return attempt


def flipped(text: str, at: int) -> str:
    """The text with another letter at a place."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


# -- keys ------------------------------------------------------------------------------------------


@way
async def no_key(world: World, citation: str) -> httpx.Response:
    return await world.get(citation)


@way
async def empty_key(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key="")


@way
async def person_admitted_to_nothing(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=world.key(citation, STRANGER))


@way
async def person_of_another_matter(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=world.key(citation, TENANT))


@way
async def key_of_another_document(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=world.key(world.citation(NOTE, "A qualified")))


@way
async def key_of_a_matter_behind_the_wall(world: World, citation: str) -> httpx.Response:
    lease = world.citation(LEASE, "The tenant")
    return await world.get(lease, key=world.key(lease, READER))


@way
async def key_with_another_signature(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=flipped(world.key(citation), -5))


@way
async def key_with_another_content(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=flipped(world.key(citation), 3))


@way
async def key_spelled_otherwise(world: World, citation: str) -> httpx.Response:
    """The last character of 32 bytes in base64 has two bits that decode to nothing."""
    key = world.key(citation)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(key[-1]) ^ 1]
    own, twin = (
        base64.urlsafe_b64decode(text.rpartition(".")[2] + "=") for text in (key, key[:-1] + other)
    )
    assert own == twin
    return await world.get(citation, key=key[:-1] + other)


@way
async def key_with_a_tail(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=world.key(citation) + "=")


@way
async def key_without_signature(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=world.key(citation).partition(".")[0])


@way
async def key_too_old(world: World, citation: str) -> httpx.Response:
    key = world.key(citation)
    world.moment[0] += LASTS
    return await world.get(citation, key=key)


@way
async def key_signed_by_another_bot(world: World, citation: str) -> httpx.Response:
    keys = LeaveKeys.of_token(OTHER_TOKEN)
    document_id = citation.rpartition("-")[0]
    return await world.get(citation, key=keys.grant(document_id, person_id=READER))


@way
async def key_of_an_owner_elsewhere(world: World, citation: str) -> httpx.Response:
    """A key to everything, as `pincite read` makes one, is good in its own process alone."""
    return await world.get(citation, key=LeaveKeys.of_this_process().local())


@way
async def key_to_everything(world: World, citation: str) -> httpx.Response:
    """Even one that this very secret signed."""
    return await world.get(citation, key=world.service.opener.keys.sign(Leave("", 1 << 53)))


@way
async def person_dismissed_meanwhile(world: World, citation: str) -> httpx.Response:
    key = world.key(citation)
    assert (await world.get(citation, key=key)).status_code == 200
    world.access.dismiss(READER, "appeal")
    return await world.get(citation, key=key)


@way
async def document_withdrawn_meanwhile(world: World, citation: str) -> httpx.Response:
    key = world.key(citation)
    assert (await world.get(citation, "/page/2.webp", key=key)).status_code == 200
    from corpus.models import Scope

    world.services.library.withdraw(citation.rpartition("-")[0], scope=Scope.all())
    return await world.get(citation, "/page/2.webp", key=key)


@way
async def matter_walled_meanwhile(world: World, citation: str) -> httpx.Response:
    """A chat's key ends when the chat may not ask the matter any more."""
    world.members.add((TEAM, STRANGER))
    key = world.key(citation, STRANGER, chat_id=TEAM)
    assert (await world.get(citation, key=key)).status_code == 200
    world.access.unbind(TEAM, 0, "appeal")
    return await world.get(citation, "/search", q="lessor", key=key)


@way
async def key_of_a_chat_that_one_is_not_in(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, key=world.key(citation, STRANGER, chat_id=TEAM))


@way
async def key_of_a_chat_bound_to_nothing(world: World, citation: str) -> httpx.Response:
    world.members.add((TEAM - 1, STRANGER))
    return await world.get(citation, key=world.key(citation, STRANGER, chat_id=TEAM - 1))


# -- Telegram's data -------------------------------------------------------------------------------


async def with_data(world: World, citation: str, data: str) -> httpx.Response:
    """Trade Telegram's data for a key; the header has to end alike."""
    headers = {"Authorization": f"tma {data}"}
    by_header = await world.client.get(f"/read/s_{citation}", headers=headers)
    traded = await world.client.post("/read/leave", data={"citation": citation, "init_data": data})
    assert by_header.status_code == traded.status_code
    assert by_header.content == traded.content
    return traded


@way
async def data_of_a_stranger(world: World, citation: str) -> httpx.Response:
    return await with_data(world, citation, world.init_data(STRANGER))


@way
async def data_of_another_bot(world: World, citation: str) -> httpx.Response:
    return await with_data(world, citation, world.init_data(READER, OTHER_TOKEN))


@way
async def data_too_old(world: World, citation: str) -> httpx.Response:
    return await with_data(world, citation, world.init_data(READER, age=LASTS + 1))


@way
async def data_from_the_future(world: World, citation: str) -> httpx.Response:
    return await with_data(world, citation, world.init_data(READER, age=-600))


@way
async def data_of_somebody_else_now(world: World, citation: str) -> httpx.Response:
    data = world.init_data(STRANGER).replace(f"%3A%20{STRANGER}%2C", f"%3A%20{READER}%2C")
    assert str(READER) in data
    return await with_data(world, citation, data)


@way
async def data_that_name_two_people(world: World, citation: str) -> httpx.Response:
    user = f"user=%7B%22id%22%3A{READER}%7D"
    return await with_data(world, citation, f"{world.init_data(STRANGER)}&{user}")


@way
async def data_without_hash(world: World, citation: str) -> httpx.Response:
    data = world.init_data(READER).partition("&hash=")[0]
    return await with_data(world, citation, data)


@way
async def data_without_person(world: World, citation: str) -> httpx.Response:
    return await with_data(
        world, citation, init_data(READER, "", world.moment[0], {"user": "null"})
    )


@way
async def data_that_are_endless(world: World, citation: str) -> httpx.Response:
    data = world.init_data(READER, start_param="s" * 9000)
    traded = {"citation": citation, "init_data": data}
    return await world.client.post("/read/leave", data=traded)


# -- paths and numbers -----------------------------------------------------------------------------


@way
async def page_that_is_not_there(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, "/page/4.webp", key=world.key(citation))


@way
async def page_of_a_document_without_pages(world: World, citation: str) -> httpx.Response:
    note = world.citation(NOTE, "A qualified")
    return await world.get(note, "/page/1.webp", key=world.key(note))


@way
async def picture_too_wide(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, "/page/1.webp", w="99999", key=world.key(citation))


@way
async def picture_of_no_width(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, "/page/1.webp", w="-800", key=world.key(citation))


@way
async def picture_without_key(world: World, citation: str) -> httpx.Response:
    key = world.key(citation)
    assert (await world.get(citation, "/page/1.webp", w="800", key=key)).status_code == 200
    return await world.get(citation, "/page/1.webp", w="800")


@way
async def search_without_key(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, "/search", q="lessor")


@way
async def original_without_key(world: World, citation: str) -> httpx.Response:
    return await world.get(citation, "/original")


@way
async def path_out_of_the_document(world: World, citation: str) -> httpx.Response:
    lease = world.citation(LEASE, "The tenant")
    path = f"/read/s_{citation}/%2e%2e/s_{lease}?key={world.key(citation)}"
    return await world.client.get(path)


@way
async def path_with_a_zero_byte(world: World, citation: str) -> httpx.Response:
    return await world.client.get(f"/read/s_{citation}%00?key={world.key(citation)}")


@way
async def query_that_is_no_text(world: World, citation: str) -> httpx.Response:
    return await world.client.get(f"/read/s_{citation}?key=%ff%fe")


@way
async def citation_that_is_none(world: World, citation: str) -> httpx.Response:
    return await world.get("U7Q2M3PD-4", key=world.key(citation))


@way
async def passage_that_is_not_there(world: World, citation: str) -> httpx.Response:
    return await world.get(f"{citation.rpartition('-')[0]}-999", key=world.key(citation))


@way
async def another_method(world: World, citation: str) -> httpx.Response:
    return await world.client.put(f"/read/s_{citation}?key={world.key(citation)}")


@way
async def posted_key(world: World, citation: str) -> httpx.Response:
    return await world.client.post(f"/read/s_{citation}", data={"key": world.key(citation)})


# -- and what they get -----------------------------------------------------------------------------


def test_there_are_thirty_ways() -> None:
    """As many as were asked for, and more."""
    assert len(WAYS) >= 30


@pytest.mark.parametrize("name", WAYS)
async def test_nothing_opens(world: World, name: str) -> None:
    """The same bytes and headers as for what never existed, and nothing in the audit of it."""
    citation = world.citation(JUDGMENT, "The court of appeal held")
    unknown = await world.get("ZZZZZZZZ-1")
    assert unknown.status_code == 404
    opened = len(world.records())
    answer = await WAYS[name](world, citation)
    assert answer.status_code == 404
    assert answer.content == unknown.content
    fleeting = {"date", "content-length"}
    assert {k: v for k, v in answer.headers.items() if k not in fleeting} == {
        k: v for k, v in unknown.headers.items() if k not in fleeting
    }
    meanwhile = 1 if name.endswith("meanwhile") or name == "picture_without_key" else 0
    assert len(world.records()) == opened + meanwhile


async def test_no_refusal_is_quicker_than_another(world: World) -> None:
    """What exists behind the wall and what does not exist are refused at one pace."""
    lease = world.citation(LEASE, "The tenant")
    for citation in (lease, "ZZZZZZZZ-1", "nonsense"):
        started = time.monotonic()
        assert (await world.get(citation, key=world.key("ZZZZZZZZ-1"))).status_code == 404
        assert time.monotonic() - started >= PACE


async def test_telegrams_data_open_the_page(world: World) -> None:
    """The person whom they name is let in: by the header, and by a key that is traded for them."""
    citation = world.citation(JUDGMENT, "The court of appeal held")
    data = world.init_data(READER, age=LASTS - 5)
    headers = {"Authorization": f"tma {data}"}
    assert (await world.client.get(f"/read/s_{citation}", headers=headers)).status_code == 200
    traded = await world.client.post("/read/leave", data={"citation": citation, "init_data": data})
    address = traded.json()["address"]
    opened = await world.client.get(f"/read/{address}")
    assert opened.status_code == 200
    assert f'data-citation="{citation}"' in opened.text


async def test_a_member_of_a_chat_reads_through_it(world: World) -> None:
    """Who may ask in a group may read what it may ask, while they are in it."""
    citation = world.citation(JUDGMENT, "The court of appeal held")
    world.members.add((TEAM, STRANGER))
    data = {"citation": citation, "init_data": world.init_data(STRANGER)}
    address = (await world.client.post("/read/leave", data=data)).json()["address"]
    assert (await world.client.get(f"/read/{address}")).status_code == 200
    assert world.records()[-1]["chat_id"] == TEAM
    lease = {**data, "citation": world.citation(LEASE, "The tenant")}
    assert (await world.client.post("/read/leave", data=lease)).status_code == 404


async def test_the_page_of_the_app_holds_nothing(world: World) -> None:
    """It is the same for every passage, and for none."""
    citation = world.citation(JUDGMENT, "The court of appeal held")
    pages = [
        await world.client.get(path)
        for path in ("/", "/read/app", f"/read/s_{citation}?app=1", "/read/s_ZZZZZZZZ-1?app=1")
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({page.content for page in pages}) == 1


async def test_a_key_leads_no_further_than_it_lasts(world: World) -> None:
    """The keys of links on a page end when the key that opened the page does."""
    citation = world.citation(JUDGMENT, "The court of appeal held")
    other = world.citation(NOTE, "A qualified")
    world.ask("what does a notice need", [citation, other])
    key = world.key(citation)
    world.moment[0] += LASTS - 10
    opening = world.service.opener.open(await world.service.leave_of_key(key), citation)
    assert opening.following
    world.moment[0] += 11
    for led in (opening.following.key, opening.key):
        with pytest.raises(NoLeave):
            await world.service.leave_of_key(led)
