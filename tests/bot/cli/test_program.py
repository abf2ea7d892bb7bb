"""The command line as a whole: statuses, one-line errors, and where the data folder stands."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli import ask as cli_ask
from corpus.errors import DatabaseTooNew

if TYPE_CHECKING:
    from tests.bot.conftest import CommandLine

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = """run ask add documents remove source read check compare timeline table
memo mcp evaluate explain glossary doctor export-audit backup restore move hold release people
chats owners""".split()


def start(
    *arguments: str | bytes | Path, env: dict[str, str] | None = None, **options: object
) -> subprocess.Popen[bytes]:
    """`python -m bot` as a process of its own, with the variables of `env` besides."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PINCITE_")}
    environment |= env or {}
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), environment.get("PYTHONPATH")])
    )
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.Popen(command, env=environment, **options)  # type: ignore[call-overload, no-any-return]


def hear_ctrl_c() -> None:
    """What runs in the background of a shell, as a test may, is deaf to it, and so its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_help_names_every_command(pincite: CommandLine) -> None:
    """The commands are a contract; without any command, help is what is wanted."""
    help_text = pincite("--help")
    assert help_text.status == 0
    listed = [
        line.split()[0] for line in help_text.out.partition("Commands:")[2].splitlines() if line
    ]
    assert sorted(listed[: len(COMMANDS)]) == sorted(COMMANDS)
    assert pincite().out == help_text.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_the_data_folder(command: str, pincite: CommandLine) -> None:
    """`--data` stands before or after any command."""
    assert "--data DIR" in pincite(command, "--help").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["--fly"],
        ["ask", "--fly"],
        ["ask", "one", "two"],
        ["ask", "x", "-k", "0"],
        ["ask", "x", "-k", "many"],
        ["add"],
        ["source"],
        ["source", "K7Q2M3PD"],
        ["source", "\x1b[31m\nforged"],
        ["remove", "!"],
        ["documents", "--matter", "a b"],
        ["evaluate"],
        ["evaluate", "x", "-k", "3"],
    ],
)
def test_wrong_usage_is_one_line_and_status_2(arguments: list[str], pincite: CommandLine) -> None:
    """Nothing on standard output, no usage text, no traceback, no control character."""
    ran = pincite(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("pincite: ")
    assert ran.err.count("\n") == 1
    assert ran.err.rstrip("\n").isprintable()


def test_a_wrong_setting_is_status_2(pincite: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before anything is opened."""
    monkeypatch.setenv("PINCITE_PASSAGES", "none")
    ran = pincite("documents")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "pincite: PINCITE_PASSAGES is 'none'; expected a whole number from 1 to 10\n"
    assert not Path("data").exists()


def test_a_data_folder_that_cannot_be_is_status_2(pincite: CommandLine) -> None:
    """A file stands where the folder should be."""
    Path("taken").write_text("")
    ran = pincite("documents", "--data", "taken")
    assert ran.status == 2
    assert "PINCITE_DATA is 'taken'" in ran.err
    assert ran.err.count("\n") == 1


def test_the_later_data_folder_wins(pincite: CommandLine, nowhere: Path) -> None:
    """`pincite --data a ask --data b` is about b."""
    assert pincite("--data", "a", "documents").status == 0
    assert (nowhere / "a").is_dir()
    assert pincite("--data", "c", "documents", "--data", "b").status == 0
    assert sorted(entry.name for entry in nowhere.iterdir()) == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["ask", "who repairs the roof?"], 1),
        (["documents"], 0),
        (["source", "K7Q2M3PD-4"], 1),
        (["remove", "K7Q2M3PD"], 1),
        (["explain", "x", "K7Q2M3PD-4"], 1),
        (["export-audit"], 0),
        (["doctor", "--offline"], 0),
    ],
)
def test_a_folder_that_is_not_there_yet_is_an_empty_one(
    arguments: list[str], status: int, pincite: CommandLine
) -> None:
    """No command falls over a fresh data folder."""
    ran = pincite("--data", "deep/down", *arguments)
    assert ran.status == status
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") <= 1


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (DatabaseTooNew("made by a newer version"), 1, "made by a newer version"),
        (OSError(28, "No space left on device", "data/x"), 1, "data/x: No space left on device"),
        (
            ZeroDivisionError("division\nby zero"),
            1,
            "unexpected ZeroDivisionError: division by zero",
        ),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    error: BaseException,
    status: int,
    said: str,
    pincite: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also what nobody foresaw."""

    def fail(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(cli_ask, "ask", fail)
    ran = pincite("ask", "x")
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err
    assert ran.err.count("\n") == (1 if said else 0)


def test_debug_shows_where(pincite: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who ask for it see file, line and function, and no word of the error."""
    words = "a word of a document"

    def fail(*_: object, **__: object) -> int:
        raise ZeroDivisionError(words)

    monkeypatch.setattr(cli_ask, "ask", fail)
    monkeypatch.setenv("PINCITE_LOG_LEVEL", "debug")
    logged = pincite("ask", "x").err.rpartition("pincite: unexpected")[0]
    assert re.search(r'test_program\.py", line \d+, in fail\n', logged)
    assert words not in logged


def test_answers_come_as_questions_do(filed: Path) -> None:
    """A question on standard input is answered before the next one is written."""
    with start(
        "ask", "--json", "--data", filed, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for question in (b"who repairs the roof?", b"when is the rent due?"):
            process.stdin.write(question + b"\n")
            process.stdin.flush()
            assert question in process.stdout.readline()
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_reader_that_leaves_is_no_error(filed: Path) -> None:
    """`pincite ... | head -0` ends, and says nothing on standard error."""
    with start(
        "ask", "-k", "5", "--data", filed, "roof", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_one_line(filed: Path) -> None:
    """A full disk behind standard output is told, not ignored."""
    with Path("/dev/full").open("wb") as full:
        process = start("documents", "--data", filed, stdout=full, stderr=subprocess.PIPE)
        _, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"No space left on device" in error
    assert error.count(b"\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "big5"])
def test_output_does_not_depend_on_the_locale(filed: Path, encoding: str) -> None:
    """JSON is UTF-8 everywhere; plain output shows what the locale has, and never stops."""
    locale = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for options, shown_in in ((["--json"], "utf-8"), ([], encoding)):
        process = start(
            "ask", "屋頂漏水 roof", "--data", filed, *options,
            env=locale, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        output, error = process.communicate(timeout=60)
        assert (process.returncode, error) == (0, b"")
        if shown_in != "latin-1":
            wanted = "utf-8" if shown_in == "ascii" else shown_in
            assert "屋頂漏水" in output.decode(wanted)


def test_ctrl_c_while_starting_is_quiet(tmp_path: Path) -> None:
    """Interrupted while the commands are being imported, it ends without a traceback."""
    (tmp_path / "typer.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)")
    process = start(
        "--help", env={"PYTHONPATH": str(tmp_path)}, preexec_fn=hear_ctrl_c, stderr=subprocess.PIPE
    )
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (-signal.SIGINT, b"")
