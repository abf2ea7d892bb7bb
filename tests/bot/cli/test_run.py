"""`run`: the casefile once, the watched folder, one Telegram bot, and no more than is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from bot.compose import Services
from bot.telegram import app as telegram_app
from corpus import casefile
from corpus.models import Scope
from tests.bot.cli.test_program import ROOT
from tests.bot.conftest import FILES, CommandLine

pytestmark = pytest.mark.slow

TOKEN = "123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"


def _titles(pincite: CommandLine, matter: str) -> list[str]:
    return [
        document["title"] for document in pincite("documents", "--json", "--matter", matter).shapes
    ]


def test_the_casefile_answers_on_the_first_run(pincite: CommandLine) -> None:
    """The owner's own example, in three languages, each with the reasons as the first passage."""
    questions = ["why did the appeal reverse?", "二审为什么改判?", "上訴為何逆轉?"]
    assert pincite("run", stdin="\n".join(questions)).status == 0
    for question in questions:
        (answer,) = pincite("ask", question, "-k", "1", "--json").shapes
        text = answer["hits"][0]["text"]
        assert any(word in text for word in ("notices", "通知")), question
        assert any(word in text for word in ("Regulation", "条例", "條例")), question


def test_what_is_withdrawn_from_the_casefile_stays_withdrawn(pincite: CommandLine) -> None:
    """A later run files nothing again."""
    assert pincite("run").status == 0
    shipped = len(list(casefile.documents()))
    documents = pincite("documents", "--json", "--matter", "casefile").shapes
    assert len(documents) == shipped
    assert pincite("remove", documents[0]["id"]).status == 0
    assert pincite("run").status == 0
    again = pincite("documents", "--json", "--matter", "casefile").shapes
    assert {document["id"] for document in again} == {document["id"] for document in documents[1:]}


def test_piped_questions_see_the_watched_folder(
    pincite: CommandLine, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies there is filed before the first answer; what was withdrawn is not filed again."""
    folder = nowhere / "watched"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PINCITE_DOCUMENTS", str(folder))
    ran = pincite("run", stdin="who repairs the roof of the warehouse?\n")
    assert ran.status == 0
    assert ran.out.startswith("1. Lease of the warehouse")
    (lease,) = [
        document["id"]
        for document in pincite("documents", "--json", "--matter", "documents").shapes
        if document["date"] == "2024-05-01"
    ]
    pincite("remove", lease)
    pincite("run")
    assert _titles(pincite, "documents") == ["倉庫租賃備忘錄"]


def test_what_is_piped_in_is_one_talk(pincite: CommandLine) -> None:
    """A line that leans on the one before it is understood with it; piped into `ask` it is not."""
    talk = "why did the appeal reverse?\nand how much?\n"
    ran = pincite("run", stdin=talk)
    assert "Understood as: and how much? (why did the appeal reverse?)" in ran.out
    assert ran.status == 0
    assert "Understood as" not in pincite("ask", stdin=talk).out


def test_a_folder_to_watch_that_is_not_there_is_a_wrong_setting(
    pincite: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused at start, in one line."""
    monkeypatch.setenv("PINCITE_DOCUMENTS", "nowhere")
    ran = pincite("run")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "PINCITE_DOCUMENTS is 'nowhere'" in ran.err


def test_with_a_token_telegram_is_served(
    pincite: CommandLine, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The services are open, the casefile is filed, and nobody else may serve meanwhile."""
    monkeypatch.setenv("PINCITE_TELEGRAM_TOKEN", TOKEN)
    sizes: list[int] = []

    def serve(services: Services) -> None:
        sizes.append(services.library.count_documents(Scope.all()))
        second = pincite("run")
        assert (second.status, second.err.count("\n")) == (1, 1)
        assert "another 'pincite run' serves Telegram" in second.err

    monkeypatch.setattr(telegram_app, "run", serve)
    assert pincite("run").status == 0
    assert sizes == [len(list(casefile.documents()))]
    with FileLock(nowhere / "data" / "run.lock", timeout=0):
        assert pincite("run").status == 1


def test_the_console_shares_the_data_folder_with_telegram(
    pincite: CommandLine, nowhere: Path
) -> None:
    """Only Telegram gives each update to one process; questions typed here disturb nobody."""
    (nowhere / "data").mkdir()
    with FileLock(nowhere / "data" / "run.lock", timeout=0):
        assert pincite("run", stdin="why did the appeal reverse?\n").status == 0


def test_asking_imports_no_more_than_it_needs(filed: Path) -> None:
    """Start-up time: no Telegram, no readers, no drawing, no slow dictionary."""
    program = """
import sys
from bot.cli.program import run_command
from corpus.models import Scope
assert run_command(["ask", "--data", sys.argv[1], "who repairs the roof?"]) == 0
heavy = {"telegram", "httpx", "matplotlib", "watchfiles", "docx", "pypdfium2", "jieba", "scipy",
         "ir_measures"}
print("loaded:", *sorted(heavy & set(sys.modules)))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", program, filed],
        env=environment, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1].split() == ["loaded:"]
