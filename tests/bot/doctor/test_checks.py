"""The doctor: it finds what is wrong, names the mend, and fails only for what stops the bot."""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberRestricted,
    User,
)
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.doctor import telegram as doctor_telegram
from bot.migrations import MIGRATIONS
from bot.records.access import bindings
from bot.records.audit import audit
from corpus.storage.database import open_database, transaction
from tests.bot.conftest import CommandLine, Ran

TOKEN = "123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"
ME = User(7, "Pincite", is_bot=True)


def states(ran: Ran) -> dict[str, str]:
    """The worst state of each thing looked at."""
    order = ["ok", "warn", "fail"]
    worst: dict[str, str] = {}
    for line in ran.out.splitlines():
        about, state, _ = line.split(maxsplit=2)
        worst[about] = max(worst.get(about, "ok"), state, key=order.index)
    return worst


def test_all_is_well_after_adding(filed: Path, pincite: CommandLine) -> None:
    """One line each, nothing to mend, status 0."""
    ran = pincite("doctor", "--offline")
    assert (ran.status, ran.err) == (0, "")
    assert set(states(ran).values()) == {"ok"}
    assert {"settings", "data", "disk", "database", "index", "telegram"} <= set(states(ran))
    assert "2 documents in 1 matter, all sound" in ran.out


def test_a_misspelled_setting_is_a_warning(
    filed: Path, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, and the status stays 0."""
    monkeypatch.setenv("PINCITE_DOCUMENT", "x")
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["settings"]) == (0, "warn")
    assert "PINCITE_DOCUMENT means nothing" in ran.out


def test_an_open_data_folder_is_closed(filed: Path, pincite: CommandLine) -> None:
    """Every command closes it: others on the machine could read what a legal team keeps."""
    filed.chmod(0o755)
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["data"]) == (0, "ok")
    assert filed.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_stays_open_is_a_warning(
    filed: Path, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it cannot be closed, as when another user owns it."""
    filed.chmod(0o755)
    monkeypatch.setattr("bot.compose.os.getuid", lambda: -1)
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["data"]) == (0, "warn")
    assert "chmod 700 data" in ran.out


def test_a_missing_folder_to_watch_is_a_failure(
    filed: Path, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`run` would refuse to start: status 1."""
    monkeypatch.setenv("PINCITE_DOCUMENTS", "nowhere")
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["watching"]) == (1, "fail")
    assert pincite("run").status == 2


def test_a_damaged_index_is_a_warning_once(filed: Path, pincite: CommandLine) -> None:
    """The doctor names the file, has that part built anew, and is content from then on."""
    lengths = next(filed.rglob("lengths.npy"))
    content = bytearray(lengths.read_bytes())
    content[-1] ^= 1
    lengths.write_bytes(content)
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["index"]) == (0, "warn")
    assert "lengths.npy is not what was written" in ran.out
    again = pincite("doctor", "--offline")
    assert (again.err, states(again)["index"]) == ("", "ok")


def test_what_can_be_healed_is_healed(filed: Path, pincite: CommandLine) -> None:
    """Open rights, a damaged index and what was never finished; the checks then find nothing."""
    filed.chmod(0o755)
    (filed / "index").chmod(0o755)
    lengths = next(filed.rglob("lengths.npy"))
    lengths.write_bytes(b"")
    stale = filed / ".manifest.json.abc.tmp"
    stale.write_bytes(b"half")
    os.utime(stale, (0, 0))
    ran = pincite("doctor", "--offline", "--fix")
    assert ran.status == 0
    fixed = [line for line in ran.out.splitlines() if line.startswith("fixed")]
    assert len(fixed) == 3
    checked = [line for line in ran.out.splitlines() if not line.startswith("fixed")]
    assert {line.split()[1] for line in checked} == {"ok"}
    assert not stale.exists()
    assert "fixed" not in pincite("doctor", "--offline", "--fix").out


def test_a_damaged_database_is_a_failure(filed: Path, pincite: CommandLine) -> None:
    """The doctor goes on to what it can still look at."""
    (database,) = filed.glob("*.sqlite3")
    database.write_bytes(b"no database, but long enough to be taken for one" * 100)
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["database"]) == (1, "fail")
    assert states(ran)["telegram"] == "ok"


@pytest.mark.parametrize(
    "spoil",
    [
        delete(audit).filter_by(number=2),
        delete(audit).filter_by(number=3),
        update(audit).filter_by(number=2).values(question="another"),
        update(audit).filter_by(number=1).values(citations=[]),
        update(audit).filter_by(number=3).values(number=4),
        delete(audit),
    ],
    ids=["removed", "the newest removed", "reworded", "citations removed", "moved", "all removed"],
)
def test_a_spoilt_audit_is_a_failure(filed: Path, pincite: CommandLine, spoil: Any) -> None:
    """A line that begins with `audit` says what is wrong, and the status is 1."""
    pincite("ask", stdin="who repairs the roof?\nwhen is the rent due?\nwhat is due?\n")
    well = pincite("doctor", "--offline")
    assert (well.status, states(well)["audit"]) == (0, "ok")
    assert "3 records, the chain is whole" in well.out
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    with transaction(database) as connection:
        connection.execute(spoil)
    database.dispose()
    ran = pincite("doctor", "--offline")
    assert (ran.status, states(ran)["audit"]) == (1, "fail")
    assert any(line.startswith("audit") and "record" in line for line in ran.out.splitlines())


def test_an_open_matter_that_is_not_there_is_a_warning(
    filed: Path, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers may ask, but there is nothing to ask."""
    monkeypatch.setenv("PINCITE_OPEN", "true")
    monkeypatch.setenv("PINCITE_OPEN_MATTER", "public")
    assert states(pincite("doctor", "--offline"))["matters"] == "warn"
    monkeypatch.setenv("PINCITE_OPEN_MATTER", "Warehouse")
    assert "matters" not in states(pincite("doctor", "--offline"))


def member(kind: Any, **rights: bool) -> ChatMember:
    """A member of a kind with no right but those given."""
    parameters = list(inspect.signature(kind).parameters.values())[1:]
    needed = [parameter.name for parameter in parameters if parameter.default is parameter.empty]
    member: ChatMember = kind(ME, **{**dict.fromkeys(needed, False), **rights})
    return member


@dataclass
class FakeBot:
    """What the doctor asks of Telegram, answered from memory."""

    members: dict[int, ChatMember | Exception] = field(default_factory=dict)
    hears_all: bool = False
    inline: bool = True
    joins: bool = True
    hook: str = ""
    hook_error: str | None = None
    failure: Exception | None = None
    username: str = "pincite_bot"
    id: int = 7

    async def __aenter__(self) -> FakeBot:
        if self.failure:
            raise self.failure
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    @property
    def bot(self) -> SimpleNamespace:
        return SimpleNamespace(
            can_read_all_group_messages=self.hears_all,
            supports_inline_queries=self.inline,
            can_join_groups=self.joins,
        )

    async def get_webhook_info(self) -> SimpleNamespace:
        return SimpleNamespace(
            url=self.hook, last_error_message=self.hook_error, pending_update_count=0
        )

    async def get_chat_member(self, chat: int, _: int) -> ChatMember:
        member = self.members[chat]
        if isinstance(member, Exception):
            raise member
        return member


@pytest.fixture
def token(filed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("PINCITE_OWNERS", "5")


def ask_telegram(bot: FakeBot, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Ran:
    monkeypatch.setattr(doctor_telegram, "_bot", lambda _: bot)
    return pincite("doctor")


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("hears_all", [True, False])
def test_privacy_mode_is_told(
    hears_all: bool, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either is well; what the bot hears in groups follows from it."""
    ran = ask_telegram(FakeBot(hears_all=hears_all), pincite, monkeypatch)
    assert (ran.status, set(states(ran).values())) == (0, {"ok"})
    (line,) = [line for line in ran.out.splitlines() if line.startswith("privacy")]
    assert ("off" in line) == hears_all
    assert TOKEN not in ran.out


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("about", "mend"), [("inline", "/setinline"), ("groups", "/setjoingroups")]
)
def test_what_is_switched_off_is_a_warning(
    about: str, mend: str, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inline mode and groups, each with what to send to BotFather; the bot works without."""
    switched = FakeBot(inline=about != "inline", joins=about != "groups")
    ran = ask_telegram(switched, pincite, monkeypatch)
    assert ran.status == 0
    assert {name for name, state in states(ran).items() if state != "ok"} == {about}
    assert mend in ran.out


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("failure", [InvalidToken(), NetworkError("no route")])
def test_telegram_that_refuses_or_is_away_is_a_failure(
    failure: Exception, pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line with the mend, status 1."""
    ran = ask_telegram(FakeBot(failure=failure), pincite, monkeypatch)
    assert (ran.status, states(ran)["telegram"]) == (1, "fail")
    assert "Traceback" not in ran.err


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("found", "state"),
    [
        (member(ChatMemberMember), "ok"),
        (member(ChatMemberLeft), "warn"),
        (member(ChatMemberRestricted, can_send_messages=True, can_react_to_messages=False), "ok"),
        (
            member(ChatMemberRestricted, can_send_messages=False, can_react_to_messages=False),
            "fail",
        ),
        (member(ChatMemberAdministrator), "ok"),
        (member(ChatMemberAdministrator, can_post_messages=True), "ok"),
        (member(ChatMemberAdministrator, can_post_messages=False), "fail"),
        (BadRequest("chat not found"), "warn"),
    ],
)
def test_every_bound_chat_is_looked_at(
    found: ChatMember | Exception,
    state: str,
    filed: Path,
    pincite: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether the bot can still answer there."""
    database = open_database("", folder=filed, migrations=MIGRATIONS)
    with transaction(database) as connection:
        connection.execute(insert(bindings).values(chat_id=-100, thread_id=0, matter="warehouse"))
    database.dispose()
    ran = ask_telegram(FakeBot(members={-100: found}), pincite, monkeypatch)
    assert states(ran)["chat"] == state
    assert ran.status == (1 if state == "fail" else 0)
    assert "-100" in ran.out


@pytest.mark.usefixtures("token")
def test_nobody_to_own_the_bot_is_a_warning(
    pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a setting nor a claim names an owner."""
    monkeypatch.delenv("PINCITE_OWNERS")
    assert states(ask_telegram(FakeBot(), pincite, monkeypatch))["owners"] == "warn"


@pytest.mark.usefixtures("token")
def test_how_updates_arrive_is_compared_with_the_settings(
    pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webhook left over, one that is not set yet, and one that cannot be delivered to."""
    left_over = FakeBot(hook="https://old.example/x")
    assert states(ask_telegram(left_over, pincite, monkeypatch))["updates"] == "warn"
    monkeypatch.setenv("PINCITE_TELEGRAM_WEBHOOK_URL", "https://bot.example/hook")
    assert states(ask_telegram(FakeBot(), pincite, monkeypatch))["updates"] == "warn"
    url = "https://bot.example/hook"
    assert states(ask_telegram(FakeBot(hook=url), pincite, monkeypatch))["updates"] == "ok"
    failing = FakeBot(hook=url, hook_error="Connection refused")
    assert states(ask_telegram(failing, pincite, monkeypatch))["updates"] == "warn"


@pytest.mark.usefixtures("token")
def test_offline_asks_nobody(pincite: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--offline` never reaches for the network."""

    def never(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(doctor_telegram, "_bot", never)
    assert pincite("doctor", "--offline").status == 0
