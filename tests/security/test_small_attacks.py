"""Attacks that need one line: numbers, names, cells, rights, secrets, words in logs."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram.ext import Updater
from telegram.ext._utils.webhookhandler import WebhookAppClass, WebhookServer
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from bot.audit import csv_lines
from bot.compose import data_folder
from bot.errors import SettingsError
from bot.logs import configure_logs
from bot.migrations import MIGRATIONS
from bot.records.conversation import Conversation, Question
from bot.records.forgetting import forget_person
from bot.settings import read_settings
from bot.telegram import app as telegram_app
from bot.telegram.ownership import CLAIM_TRIES, OwnershipClaim
from corpus.errors import DatabaseUnavailable
from corpus.files import files_at, files_within
from corpus.storage.database import open_database
from tests.bot.conftest import CommandLine

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_a_question_is_a_formula_in_a_table(start: str) -> None:
    """A cell that begins like a formula, in any width or after a line feed, is text."""
    written = "".join(csv_lines([{"question": f"{start}cmd|' /C calc'!A0"}]))
    assert f"'{start}cmd" in written


def test_strangers_try_codes_until_the_owner_is_locked_out() -> None:
    """Wrong codes count for whoever sent them."""

    class Nobody:
        def owners(self) -> frozenset[int]:
            return frozenset()

        def make_first_owner(self, *_: object) -> bool:
            return True

    claim = OwnershipClaim(Nobody(), "right")  # type: ignore[arg-type]
    tried = [claim.try_code(666, "wrong") for _ in range(CLAIM_TRIES + 3)]
    assert tried[-1] == "locked"
    assert claim.try_code(666, "right") == "locked"
    assert claim.try_code(1, "right") == "claimed"


def test_others_on_the_machine_read_a_folder_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folder and files are closed to them, though they were open before."""
    folder = tmp_path / "data"
    folder.mkdir()
    database = folder / "pincite.sqlite3"
    database.write_bytes(b"x")
    folder.chmod(0o755)
    database.chmod(0o644)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINCITE_DATA", str(folder))
    data_folder(read_settings())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert database.stat().st_mode & 0o777 == 0o600


def test_a_backup_goes_into_a_folder_that_is_open(tmp_path: Path) -> None:
    """What the program writes is closed, whatever umask it was started with."""
    data, to = tmp_path / "data", tmp_path / "backup"
    for folder in (data, to):
        folder.mkdir()
        folder.chmod(0o755)
    program = "import os; os.umask(0o022); from bot.__main__ import main; main()"
    environment = os.environ | {"PINCITE_MEANING": "off", "PYTHONPATH": str(ROOT)}
    for arguments in (["add", str(tmp_path / "missing")], ["backup", str(to)]):
        command = [sys.executable, "-c", program, "--data", str(data), *arguments]
        subprocess.run(command, check=False, capture_output=True, env=environment, cwd=tmp_path)
    written = [data, to, *data.rglob("*"), *to.rglob("*")]
    assert (to / "manifest.json").is_file()
    assert [path for path in written if path.stat().st_mode & 0o077] == []


def test_a_folder_on_the_path_holds_packages_of_our_names(tmp_path: Path) -> None:
    """The installed program finds its own, and so do its workers."""
    for name in ("index", "corpus", "tools"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('shadowed')", "utf-8")
    file = tmp_path / "note.txt"
    file.write_text("The notice names no place at all.", "utf-8")
    # As an installation does: the folder of the packages comes after what shadows them.
    paths = f"sys.path = [{str(tmp_path)!r}, *sys.path, {str(ROOT)!r}]"
    program = f"import sys; {paths}; from bot.__main__ import main; main()"
    command = [sys.executable, "-c", program, "--data", str(tmp_path / "data"), "add", str(file)]
    environment = {"PINCITE_MEANING": "off", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "added" in done.stdout


def test_the_token_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no environment holds it; two tokens, or none in the file, are refused."""
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n", "utf-8")
    monkeypatch.setenv("PINCITE_TELEGRAM_TOKEN_FILE", str(secret))
    token = read_settings().telegram_token
    assert token is not None
    assert token.get_secret_value() == TOKEN
    secret.write_text("no token", "utf-8")
    with pytest.raises(SettingsError, match="PINCITE_TELEGRAM_TOKEN"):
        read_settings()
    secret.write_text(TOKEN, "utf-8")
    monkeypatch.setenv("PINCITE_TELEGRAM_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match="both set") as refusal:
        read_settings()
    assert TOKEN not in str(refusal.value)
    monkeypatch.delenv("PINCITE_TELEGRAM_TOKEN")
    secret.unlink()
    with pytest.raises(SettingsError, match="TOKEN_FILE"):
        read_settings()


WORDS = " ".join(("privileged", "question"))


def _fail(words: str) -> None:
    try:
        int(words)
    except ValueError as error:
        raise RuntimeError(words) from error


def test_debug_logs_are_sent_to_a_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They say where an error is and of which kind, and hold no question and no passage."""
    monkeypatch.chdir(tmp_path)
    for as_json in ("true", "false"):
        monkeypatch.setenv("PINCITE_LOG_LEVEL", "debug")
        monkeypatch.setenv("PINCITE_LOG_JSON", as_json)
        stream = io.StringIO()
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        try:
            configure_logs(read_settings(), stream=stream)
            for library in ("telegram.Bot", "telegram.ext.Updater", "sqlalchemy.engine", "asyncio"):
                logging.getLogger(library).debug("sendMessage with text: %s", WORDS)
            try:
                _fail(WORDS)
            except RuntimeError as error:
                logging.getLogger("bot.x").debug("failed", exc_info=error)
        finally:
            root.handlers, root.level = handlers, level
        logged = stream.getvalue()
        assert WORDS not in logged
        assert "test_small_attacks" in logged
        assert "ValueError" in logged


def test_the_words_of_a_forgotten_person_stay_in_the_log(tmp_path: Path) -> None:
    """Neither the database nor its write-ahead log holds them afterwards."""
    database = open_database(f"sqlite:///{tmp_path}/pincite.sqlite3", migrations=MIGRATIONS)
    words = "the unmistakable secret of a client"
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    Conversation(database).ask(Question(5, 0, 1, 5, words, at))
    files = [path for path in tmp_path.iterdir() if path.name.startswith("pincite.sqlite3")]
    assert any(words.encode() in path.read_bytes() for path in files)
    forget_person(database, 5)
    for path in tmp_path.iterdir():
        assert words.encode() not in path.read_bytes(), path.name
    database.dispose()


def test_the_database_is_emptied(tmp_path: Path) -> None:
    """A file without a byte is a new database only where there was none before."""
    file = tmp_path / "pincite.sqlite3"
    file.touch()
    open_database(f"sqlite:///{file}").dispose()
    (tmp_path / "index").mkdir()
    file.unlink()
    file.touch()
    with pytest.raises(DatabaseUnavailable, match="is empty, and was not"):
        open_database(f"sqlite:///{file}")


class _Handler(RequestHandler):
    def post(self) -> None:
        self.write(str(len(self.request.body)))


@pytest.mark.parametrize(
    ("secret", "length", "sent", "expected"),
    [
        ("wrong", 90_000_000, 1000, b"403"),
        ("wrong", 100, 100, b"403"),
        ("right", 5_000_000, 100, b""),
        ("right", 100, 100, b"200"),
    ],
)
async def test_bodies_are_sent_by_half(
    secret: str, length: int, sent: int, expected: bytes
) -> None:
    """Without the secret the headers alone are answered; with it, a body is small."""
    server = HTTPServer(Application([("/", _Handler)]))
    socket, port = bind_unused_port()
    server.add_socket(socket)

    class Updater:
        _httpd = type("Httpd", (), {"_http_server": server})

    telegram_app._guard_webhook(type("App", (), {"updater": Updater})(), "right")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"POST / HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
        writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode() + b"x" * sent)
        answer = await asyncio.wait_for(reader.readline(), 10)
        assert expected in answer
        assert expected or b"200" not in answer
    finally:
        writer.close()
        server.stop()
        await server.close_all_connections()


def test_an_upgrade_renames_what_the_guard_of_webhooks_holds_on_to() -> None:
    """The library's server is reached by private names: this fails where they are no more."""
    assert "_httpd" in Updater.__slots__
    application = WebhookAppClass("/", None, asyncio.Queue(), None)  # type: ignore[arg-type]
    server = WebhookServer("127.0.0.1", 0, application, None)._http_server
    for name in ("max_body_size", "body_timeout", "header_timeout"):
        assert hasattr(server.conn_params, name)
    assert server.request_callback is application
    assert callable(application.find_handler)


def test_a_hard_link_in_a_watched_folder_leads_to_a_secret(tmp_path: Path) -> None:
    """A file with a second name elsewhere is refused there, and named outright it is read."""
    secret, watched = tmp_path / "secret.txt", tmp_path / "watched"
    secret.write_text("The secret is here.", "utf-8")
    watched.mkdir()
    os.link(secret, watched / "a.txt")
    (watched / "b.txt").write_text("The notice is here.", "utf-8")
    problems = {f.path.name: f.problem for f in files_within(watched, watched)}
    assert problems["b.txt"] is None
    assert problems["a.txt"] is not None
    assert problems["a.txt"].code == "hard_link"
    assert [f.problem for f in files_at(secret)] == [None]


def test_a_shared_folder_is_closed_aloud_once(filed: Path, pincite: CommandLine) -> None:
    """Who shared it on purpose learns of it in one line; the next command has nothing to say."""
    filed.chmod(0o770)
    first = pincite("documents")
    assert first.err.count("open to other users of this machine") == 1
    assert filed.stat().st_mode & 0o077 == 0
    assert pincite("documents").err == ""
