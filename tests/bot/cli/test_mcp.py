"""`pincite mcp`: an assistant reads the named matters, nothing else, and all of it is on record."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import TextContent

from bot.cli.mcp import build, open_assistant
from bot.settings import Settings
from tests.bot import json_schemas
from tests.bot.cli.test_program import ROOT
from tests.bot.conftest import CommandLine

pytestmark = pytest.mark.slow

SECRET = "The merger closes at midnight."


@pytest.fixture
def matters(filed: Path, pincite: CommandLine) -> Path:
    """The warehouse's papers in one matter, and a secret in another."""
    secret = filed.parent / "secret.txt"
    secret.write_text(SECRET)
    assert pincite("add", secret, "--matter", "merger").status == 0
    return filed


@asynccontextmanager
async def connected(folder: Path, *names: str) -> AsyncIterator[ClientSession]:
    """A session with the server over streams in memory, which speak the protocol."""
    values: dict[str, Any] = {"data": folder, "meaning": "off", "_env_file": None}
    settings = Settings(**values)
    with open_assistant(settings, names) as assistant:
        server = build(assistant)
        async with create_connected_server_and_client_session(server) as session:
            yield session


async def call(session: ClientSession, tool: str, **arguments: Any) -> Any:
    """What a tool returns, as data; its message where it fails."""
    result = await session.call_tool(tool, arguments)
    if result.isError:
        [content] = result.content
        assert isinstance(content, TextContent)
        return content.text
    data = result.structuredContent
    return data["result"] if data and set(data) == {"result"} else data


def _citation(pincite: CommandLine, question: str) -> str:
    shapes = pincite("ask", question, "-k", "1", "--json").shapes
    citation: str = shapes[0]["hits"][0]["citation"]
    return citation


async def test_every_tool_reads(matters: Path, pincite: CommandLine) -> None:
    """Five tools, all marked as reading; each answers in the shape of `--json`."""
    async with connected(matters, "warehouse") as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert sorted(tools) == ["ask", "check", "compare", "documents", "source"]
        assert all(each.annotations and each.annotations.readOnlyHint for each in tools.values())
        answer = await call(session, "ask", question="who repairs the roof?", passages=2)
        json_schemas.validate(answer, json_schemas.ASK)
        assert answer["answered"]
        hit = answer["hits"][0]
        assert "The landlord repairs the roof" in hit["text"]
        source = await call(session, "source", citation=hit["citation"].lower())
        json_schemas.validate(source, json_schemas.SOURCE)
        listed = await call(session, "documents")
        assert {each["title"] for each in listed} == {"Lease of the warehouse", "倉庫租賃備忘錄"}
        assert all(each["path"] is None for each in listed)
        quoted = "The tenant pays the rent on the last day of each month."
        [check] = await call(session, "check", text=quoted)
        assert (check["verdict"], check["differences"][0]["original"]) == ("altered", "first")
        pairs = await call(session, "compare", document=listed[0]["id"], other=listed[1]["id"])
        assert {pair["kind"] for pair in pairs} <= {"added", "removed", "changed", "same"}
        assert pairs
    rows = [json.loads(line) for line in pincite("export-audit", "--json").out.splitlines()]
    shown = [row for row in rows if row["via"] == "mcp"]
    assert [row["kind"] for row in shown] == ["answer", "source", "check", "compare"]
    assert shown[0]["question"] == "who repairs the roof?"


async def test_other_matters_are_not_there(matters: Path, pincite: CommandLine) -> None:
    """No tool shows a word of a matter that is not named, nor that it exists."""
    secret = _citation(pincite, "when does the merger close?")
    document = secret.partition("-")[0]
    async with connected(matters, "warehouse") as session:
        results = [
            await call(session, "ask", question="when does the merger close?"),
            await call(session, "source", citation=secret),
            await call(session, "check", text=SECRET),
            await call(session, "compare", document=document),
            await call(session, "documents"),
        ]
        unknown = await call(session, "source", citation="00000000-1")
    text = json.dumps(results)
    assert "midnight" not in text.replace(SECRET, "")
    assert results[1].replace(secret, "") == unknown.replace("00000000-1", "")
    async with connected(matters, "warehouse", "merger") as session:
        assert "midnight" in json.dumps(await call(session, "source", citation=secret))


async def test_wrong_arguments_are_told(matters: Path) -> None:
    """One line each, no traceback, and the session goes on."""
    async with connected(matters, "warehouse") as session:
        assert "no citation id" in await call(session, "source", citation="nonsense")
        assert "question" in await call(session, "ask", question="")
        assert "passages" in await call(session, "ask", question="x", passages=9999)
        assert "question" in await call(session, "ask", question="x" * 5000)
        assert "Traceback" not in await call(session, "compare", document="no such thing")
        assert (await call(session, "ask", question="???"))["answered"] is False


def test_the_matters_are_named(matters: Path, pincite: CommandLine) -> None:
    """Without a matter it does not start, and none is made up."""
    assert pincite("mcp").status == 2
    ran = pincite("mcp", "--matter", "warehose")
    assert ran.status == 1
    assert "warehose" in ran.err
    assert "merger" not in ran.err


@pytest.mark.slow
async def test_over_standard_input_and_output(matters: Path) -> None:
    """A process of its own speaks nothing but the protocol on its standard output."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "bot", "--data", str(matters), "mcp", "--matter", "warehouse"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PINCITE_MEANING": "off"},
        cwd=matters.parent,
    )
    async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as session:
        await session.initialize()
        answer = await call(session, "ask", question="who repairs the roof?")
        assert answer["answered"]
