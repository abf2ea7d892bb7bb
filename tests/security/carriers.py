"""Ways in which an order reaches the bot without being given by somebody who may give it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.bot.telegram.simulator import CHATS, Simulator, user

Carrier = Callable[[Simulator, str], Awaitable[None]]

FORWARDED: Final = {
    "forward_origin": {"type": "user", "date": 1_700_000_000, "sender_user": user("Owner")}
}
_BOT: Final = {"id": 909, "is_bot": True, "first_name": "Other", "username": "other_bot"}
_NEWS: Final = {"id": CHATS["News"], "type": "channel", "title": "News"}


def says(who: str, place: str = "", **more: Any) -> Carrier:
    """A message like any other."""

    async def carry(simulator: Simulator, order: str) -> None:
        await simulator.deliver(simulator.message(who, place, order, **more))

    return carry


async def _edits(simulator: Simulator, order: str) -> None:
    await simulator.deliver(simulator.message("Owner", "Team", "good morning"))
    await simulator.deliver(simulator.edited(simulator._said["Owner"], order))


async def _quotes(simulator: Simulator, order: str) -> None:
    """A reader answers an owner's order, and quotes it: the owner's is delivered to nobody."""
    given = simulator.message("Owner", "Team", order)["message"]
    quote = {"text": order, "position": 0, "is_manual": True}
    said = simulator.message("Stranger", "Team", "see above", given, quote=quote)
    await simulator.deliver(said)


async def _replies_to_bot(simulator: Simulator, order: str) -> None:
    """The order stands in a message of the bot to which a stranger replies."""
    given = simulator.message("Owner", "Team", order)["message"] | {"from": _BOT}
    await simulator.deliver(simulator.message("Stranger", "Team", "@pincite_bot", given))


async def _captions(simulator: Simulator, order: str) -> None:
    more = simulator.attached(f"a photo with {order}", **FORWARDED)
    await simulator.deliver(simulator.message("Owner", "", "", **more))


CARRIERS: Final[dict[str, Carrier]] = {
    "an owner forwards it in private": says("Owner", "", **FORWARDED),
    "an owner forwards it in a group": says("Owner", "Team", **FORWARDED),
    "an owner forwards it in a topic": says("Owner", "Forum/Claims", **FORWARDED),
    "an owner forwards a hidden author's": says(
        "Owner",
        forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "Owner"},
    ),
    "an owner forwards a channel's": says(
        "Owner", forward_origin={"type": "channel", "date": 1, "chat": _NEWS, "message_id": 1}
    ),
    "an owner forwards a picture with it": _captions,
    "an owner chooses it from another bot": says("Owner", "", via_bot=_BOT),
    "an owner chooses it from another bot in a group": says("Owner", "Team", via_bot=_BOT),
    "an owner edits a message into it": _edits,
    "an owner writes it as plain text": says("Owner", "", entities=[]),
    "an owner writes it as code": says(
        "Owner", "Team", entities=[{"type": "code", "offset": 0, "length": 3}]
    ),
    "another bot writes it": says("Owner", "Team", **{"from": _BOT}),
    "a stranger quotes it": _quotes,
    "a stranger replies to it": _replies_to_bot,
    "a stranger writes it in private": says("Stranger"),
    "a stranger writes it in a group without a matter": says("Stranger", "Forum"),
    "an anonymous administrator writes it": says("Anonymous", "Forum"),
    "another channel writes it in a group": says("Alien", "Forum"),
    "a linked channel's post is copied into its group": says(
        "Alien", "Team", is_automatic_forward=True, sender_chat=_NEWS
    ),
    "a channel without a matter posts it": says("News", "News"),
}
"""By what is done: nobody who may give an order does so here and now."""
