"""Being forgotten, and taking out the audit: what is left is looked for in every table there is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import select

from bot.migrations import TABLES
from bot.records.access import Access
from bot.records.audit import Audit
from bot.telegram.handlers.privacy import audit_file
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import Simulator, simulated_bot

READER = PEOPLE["Reader"][0]


def turn(who: str, verb: str, text: str, place: str = "") -> Turn:
    return Turn(0, who, verb, text, place, "")


async def talk(simulator: Simulator, who: str, place: str = "") -> None:
    """Ask, judge, turn the page and open a passage."""
    command = "/ask " if place else ""
    await simulator.play(turn(who, "says", f"{command}the notice, the notices", place))
    await simulator.play(turn(who, "says", f"/watch servers of {who}", place))
    for label in ("Useful", "More", "Open"):
        await simulator.play(turn(who, "presses", label, place))


def cells(database: sqlalchemy.Engine) -> Iterator[tuple[str, Any]]:
    """Every value in every table, with the name of its column."""
    with database.connect() as connection:
        for table in TABLES:
            for row in connection.execute(select(table)).mappings():
                yield from ((f"{table.name}.{name}", value) for name, value in row.items())


async def test_nothing_is_left_of_the_forgotten(tmp_path: Path) -> None:
    """No table holds their id, name or words; others' stay, and the chain is whole."""
    async with simulated_bot(tmp_path, ["Team may ask appeal"]) as simulator:
        database = simulator.services.database
        Access(database, simulator.services.settings).admit(READER, "lease", "keeper")
        with database.begin() as connection:
            connection.exec_driver_sql(f"UPDATE filings SET added_by = {READER}")
        for person in ("Reader", "Stranger"):
            await talk(simulator, person, "Team")
        await talk(simulator, "Reader")
        traces = {name for name, value in cells(database) if value in (READER, "Reader")}
        assert {"asked.person_id", "audit.person_id", "people.id", "audit.chat_id"} <= traces
        await simulator.play(turn("Reader", "says", "/forgetme"))
        await simulator.play(turn("Reader", "presses", "Yes"))
        traces = {name for name, value in cells(database) if value in (READER, "Reader", "reader")}
        assert traces <= {"admissions.role"}
        records = Audit(database)
        assert records.problems() == []
        people = {row["person_id"] for row in records.rows()}
        assert people == {None, PEOPLE["Stranger"][0]}
        assert [row["kind"] for row in records.rows()].count("forgotten") == 1


async def test_follow_ups_repeat_nothing_of_the_forgotten(tmp_path: Path) -> None:
    """What others' follow-ups took over from a forgotten question goes too, at any depth."""
    async with simulated_bot(tmp_path, ["Team may ask appeal"]) as simulator:
        await simulator.play(turn("Reader", "says", "/ask prudent takedown", "Team"))
        for person, asks in (("Stranger", "and notices"), ("Keeper", "and servers")):
            await simulator.play(Turn(0, person, "says", asks, "Team", "the bot"))
        database = simulator.services.database
        repeated = [name for name, value in cells(database) if "prudent takedown" in str(value)]
        assert repeated.count("asked.earlier") == repeated.count("asked.understood") == 2
        await simulator.play(turn("Reader", "says", "/forgetme"))
        await simulator.play(turn("Reader", "presses", "Yes"))
        columns = [name for name, value in cells(database) if "prudent takedown" in str(value)]
        assert columns == []
        questions = [value for name, value in cells(database) if name == "asked.question"]
        assert questions == ["and notices", "and servers"]


async def test_every_way_to_see_a_passage_is_on_record(tmp_path: Path) -> None:
    """An answer, its next page, an opened passage, a refusal: who, where, what."""
    async with simulated_bot(tmp_path, ["Team may ask appeal"]) as simulator:
        await talk(simulator, "Stranger", "Team")
        await simulator.play(turn("Stranger", "says", "/source TBE0G5NG-1", "Team"))
        await simulator.play(turn("Reader", "says", "the rent"))
        await simulator.play(turn("Stranger", "says", "the rent"))
        # What was shown, without who was let in when the scene was set.
        records = Audit(simulator.services.database).rows()
        rows = [row for row in records if row["via"] == "telegram"]
    stranger, question = PEOPLE["Stranger"][0], "the notice, the notices"
    assert [(row["kind"], row["person_id"], row["question"], row["citations"]) for row in rows] == [
        ("answer", stranger, question, ["TBE0G5NG-2", "TBE0G5NG-3"]),
        ("page", stranger, question, ["TBE0G5NG-4"]),
        ("source", stranger, None, ["TBE0G5NG-4"]),
        ("source", stranger, None, ["TBE0G5NG-1"]),
        ("answer", READER, "the rent", []),
    ]
    assert {(row["via"], row["index_version"]) for row in rows} == {("telegram", "1.7")}
    assert [row["chat_id"] for row in rows] == [-1001] * 4 + [READER]


async def test_a_record_that_cannot_be_written_shows_nothing(tmp_path: Path) -> None:
    """Whoever asks is told that something went wrong, and no passage goes out unrecorded."""
    async with simulated_bot(tmp_path) as simulator:
        with simulator.services.database.begin() as connection:
            connection.exec_driver_sql("DROP TABLE audit")
        (reply,) = await simulator.play(turn("Reader", "says", "the notices"))
        assert reply.lines == ["Something went wrong on my side: please try again in a moment."]
        (reply,) = await simulator.play(turn("Reader", "says", "/source TBE0G5NG-1"))
        assert reply.lines == ["Something went wrong on my side: please try again in a moment."]


async def test_the_file_holds_every_record(tmp_path: Path) -> None:
    """As a table and as JSON Lines; packed when it would be large."""
    async with simulated_bot(tmp_path) as simulator:
        await talk(simulator, "Reader")
        for command in ("/export", "/export json"):
            await simulator.play(turn("Owner", "says", command))
        (table, as_csv), (lines, as_json) = simulator.double.files
        records = Audit(simulator.services.database)
        rows = list(records.rows())
        assert (table, lines) == ("audit.csv", "audit.jsonl")
        lines_read = [json.loads(line) for line in as_json.decode().splitlines()]
        # Each export is on record itself, after what it holds.
        assert [row["kind"] for row in rows].count("exported") == 2
        assert [{name: line[name] for name in rows[0]} for line in lines_read] == rows[:-1]
        answered = [line for line in lines_read if line["kind"] == "answer"]
        assert {line["person"] for line in answered} == {"Reader"}
        assert "Summary of the appeal judgment" in answered[0]["documents"]
        read = csv.DictReader(io.StringIO(as_csv.decode(), newline=""))
        assert [row["hash"] for row in read] == [row["hash"] for row in rows[:-2]]
        assert audit_file(records, as_json=True)[0] == lines
