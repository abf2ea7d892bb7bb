"""Who may ask, which chats are bound, and the owners: `pincite people`, `chats` and `owners`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.ask import scope_of
from bot.compose import library_of, open_database_of
from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import join_facts, open_terminal, print_error, print_parts
from bot.jsonshape import dump
from bot.records.access import Access
from bot.records.people import People

if TYPE_CHECKING:
    from bot.jsonshape import Shape
    from bot.settings import Settings


def people(settings: Settings, *, matter: str | None, as_json: bool) -> int:
    """List who may ask what: owners, who may ask everything, then by matter."""
    with open_database_of(settings) as database:
        scope = scope_of(library_of(database), matter)
        access, acquaintances = Access(database, settings), People(database)
        shapes: list[Shape] = [
            {"id": owner.person_id, "matter": None, "role": "owner", "since": owner.since}
            for owner in access.owner_records()
        ]
        shapes += [
            {
                "id": admission.person_id,
                "matter": admission.matter,
                "role": admission.role,
                "since": admission.since,
            }
            for admission in access.admissions_to(scope)
        ]
        names = acquaintances.names([shape["id"] for shape in shapes])
    for shape in shapes:
        named = {"id": shape["id"], "name": names.get(shape["id"])} | shape
        _show(named, as_json=as_json)
    if not shapes and not as_json:
        print_error("nobody may ask in Telegram yet; 'pincite run' logs a code for the first owner")
    return DONE


def chats(settings: Settings, *, matter: str | None, as_json: bool) -> int:
    """List the chats and topics that are bound to matters."""
    with open_database_of(settings) as database:
        scope = scope_of(library_of(database), matter)
        bindings = Access(database, settings).bindings_to(scope)
        titles = People(database).titles([binding.chat_id for binding in bindings])
    for binding in bindings:
        shape = {
            "id": binding.chat_id,
            "title": titles.get(binding.chat_id),
            "thread": binding.thread_id or None,
            "matter": binding.matter,
            "since": binding.since,
        }
        _show(shape, as_json=as_json)
    if not bindings and not as_json:
        print_error("no chat is bound to a matter; send /bind MATTER in one")
    return DONE


def owners(settings: Settings, *, add: int | None, revoke: int | None, as_json: bool) -> int:
    """List the owners, make one, or take ownership away from one."""
    with open_database_of(settings) as database:
        access = Access(database, settings)
        if add is not None and not access.make_owner(add):
            print_error(f"{add} is an owner already")
            return REFUSED
        if revoke is not None and not access.revoke_owner(revoke):
            is_set = revoke in settings.owners
            reason = "is set by PINCITE_OWNERS: change it there" if is_set else "is no owner"
            print_error(f"{revoke} {reason}")
            return REFUSED
        records = access.owner_records()
        names = People(database).names([owner.person_id for owner in records])
    for owner in records:
        shape = {
            "id": owner.person_id,
            "name": names.get(owner.person_id),
            "since": owner.since,
            "set": owner.is_set,
        }
        _show(shape, as_json=as_json)
    if not records:
        print_error("there is no owner; 'pincite run' logs a code with which anybody becomes one")
    return DONE


def _show(shape: Shape, *, as_json: bool) -> None:
    if as_json:
        print_parts(open_terminal(), dump(shape))
        return
    facts = shape | {"since": f"since {shape['since'][:10]}" if shape["since"] else None}
    if "thread" in facts:
        facts["thread"] = f"topic {facts['thread']}" if facts["thread"] else None
    if "set" in facts:
        facts["set"] = "set by PINCITE_OWNERS" if facts["set"] else None
    print_parts(
        open_terminal(), join_facts(*(str(fact) if fact else None for fact in facts.values()))
    )
