"""`pincite read`: an address on loopback that opens, to nobody without its key, until Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.audit import json_lines
from bot.compose import open_database_of
from bot.records.audit import Audit
from bot.settings import read_settings
from tests.bot.cli.test_program import hear_ctrl_c, start
from tests.bot.conftest import CommandLine

pytestmark = pytest.mark.slow

NO_PROXY = build_opener(ProxyHandler({}))


def citation_of(pincite: CommandLine, question: str) -> str:
    """The passage that answers best, after which it is the last one asked for."""
    [answer] = pincite("ask", question, "--json").shapes
    return str(answer["hits"][0]["citation"])


def test_the_address_opens_with_the_answer_marked(pincite: CommandLine, filed: Path) -> None:
    """The page of the passage that `ask` gave, and its answering sentence; Ctrl-C ends it well."""
    citation = citation_of(pincite, "who repairs the roof?")
    arguments = ("--data", filed, "read", citation.lower(), "--no-open")
    env = {"PINCITE_MEANING": "off"}
    with start(*arguments, env=env, stdout=subprocess.PIPE, preexec_fn=hear_ctrl_c) as child:
        assert child.stdout
        try:
            address = child.stdout.readline().decode().strip()
            assert address.startswith("http://127.0.0.1:")
            with NO_PROXY.open(address, timeout=60) as answer:
                page = answer.read().decode()
            assert f'data-citation="{citation}"' in page
            [marked] = LexborHTMLParser(page).css("mark.answer")
            assert "The landlord repairs the roof" in marked.text()
        finally:
            child.send_signal(signal.SIGINT)
            assert child.wait(60) == 0
    with open_database_of(read_settings(filed)) as database:
        last = list(json_lines(Audit(database).rows()))[-1]
    assert citation in last
    assert '"reader"' in last


@pytest.mark.parametrize(
    ("citation", "status"), [("nonsense", 2), ("ZZZZZZZZ-1", 1), ("", 2)], ids=str
)
def test_a_wrong_citation_is_said_at_once(
    pincite: CommandLine, filed: Path, citation: str, status: int
) -> None:
    """No server is started for it."""
    ran = pincite("read", citation, "--no-open")
    assert ran.status == status
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
