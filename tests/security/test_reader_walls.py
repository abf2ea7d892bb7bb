"""A parser that was taken over gains nothing: no token, no network, no files, no programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import workers
from corpus.errors import UnreadableFile
from corpus.reading.bounded import BoundedReader
from corpus.reading.wire import LONGEST_HEAD
from corpus.workers import WorkerKind, WorkerPool
from tests.corpus.sentences import sentence

pytestmark = pytest.mark.slow

LIE = WorkerKind("tests.security.attackers:lie", ("corpus.reading.read:read",), 512)


@pytest.fixture(scope="module")
def taken_over() -> Iterator[BoundedReader]:
    """A reader that does what a file says, with a token in its parent's environment."""
    os.environ["PINCITE_TELEGRAM_TOKEN"] = "1234567:a-token-of-a-bot-that-is-not-there"
    with BoundedReader(1, seconds=20, reader="tests.security.attackers:read") as reader:
        if set(reader.walls()) != {"files", "network", "calls"}:
            pytest.skip("this system has no walls for processes (Landlock, namespaces, seccomp)")
        yield reader
    del os.environ["PINCITE_TELEGRAM_TOKEN"]


def attempt(reader: BoundedReader, what: str, argument: object = "") -> str:
    return reader.read(f"{what}\n{argument}".encode(), "a.txt").text


def test_it_looks_for_the_token_in_its_environment(taken_over: BoundedReader) -> None:
    """Nothing of the parent's environment is there, nor any file that the parent has open."""
    assert "PINCITE" not in attempt(taken_over, "environment")
    files = attempt(taken_over, "open files")
    assert "/work" not in files
    assert "sqlite" not in files


@pytest.mark.parametrize(
    "what",
    [
        *("environment of the parent", "memory of the parent", "signal the parent"),
        *("internet", "local socket", "run", "fork"),
    ],
)
def test_it_reaches_for_what_is_outside(taken_over: BoundedReader, what: str) -> None:
    """The parent, the network and other programs are out of reach."""
    assert attempt(taken_over, what) in {"failed: PermissionError", "failed: OSError"}


def test_it_reads_and_writes_other_files(taken_over: BoundedReader, tmp_path: Path) -> None:
    """A data folder, secrets of the system, and the project's own folder stay closed."""
    secret = tmp_path / "pincite.sqlite3"
    secret.write_bytes(b"secret")
    for what, path in [
        ("read", secret),
        ("write", secret),
        ("list", tmp_path),
        ("read", "/etc/shadow"),
        ("write", "/tmp/pincite-attack"),
        ("list", Path(__file__).parents[2]),
        ("list", Path.home()),
    ]:
        assert attempt(taken_over, what, path) == "failed: PermissionError", (what, path)
    assert secret.read_bytes() == b"secret"


def test_it_leaves_something_for_the_next_file(taken_over: BoundedReader) -> None:
    """What one file writes in the worker's folder is gone before the next one is read."""
    assert attempt(taken_over, "write here").startswith("done")
    assert attempt(taken_over, "what lies here") == "done: []"
    assert attempt(taken_over, "thread").startswith("done")


def test_the_folder_of_a_worker_goes_with_it() -> None:
    """Also when the parent was killed: the next process deletes it."""
    with BoundedReader(1) as reader:
        reader.read(b"The notice names no place.", "a.txt")
        [worker] = reader._pool._idle
        assert worker.folder.is_dir()
        assert worker.folder.stat().st_mode & 0o077 == 0
    assert not worker.folder.exists()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    orphaned = worker.folder.with_name(f"{workers._PREFIX}{ended.pid}-abc")
    orphaned.mkdir()
    workers.sweep_folders.__wrapped__()
    assert not orphaned.exists()


def test_it_fills_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes more than allowed is ended, and its folder deleted."""
    monkeypatch.setattr(workers, "LARGEST_FOLDER", 1000)
    with BoundedReader(1, seconds=20, reader="tests.security.attackers:fill") as reader:
        with pytest.raises(UnreadableFile) as refusal:
            reader.read(b"x", "a.txt")
        assert refusal.value.reason.code == "wrote_too_much"
        assert not reader._pool._idle


def lied(order: object) -> str:
    """The sentence with which the answers of a lying worker are refused."""
    with BoundedReader(1, seconds=20) as reader:
        reader._pool = WorkerPool(1, LIE)
        try:
            result = reader.read(json.dumps(order).encode(), "a.txt")
        except UnreadableFile as refusal:
            return sentence(refusal)
        finally:
            reader._pool.close()
    raise AssertionError(result)


def test_it_says_a_pickle_that_runs_a_command(tmp_path: Path) -> None:
    """Nothing is unpickled: the command does not run in the parent."""
    assert lied({"pickle": str(tmp_path / "hacked")}).startswith("the reader crashed")
    assert not list(tmp_path.iterdir())


GOOD: dict[str, Any] = {
    "kind": "read",
    "media_type": "text/plain",
    "metadata": {
        **dict.fromkeys(("title", "date", "publisher", "url", "language")),
        "facts": {
            **dict.fromkeys(("kind", "court", "docket", "neutral_citation", "work", "edition")),
            "parties": [],
        },
    },
    "page_starts": [],
    "headings": [""],
    "passages": [[0, 3, "¶ 1", None, 0]],
    "note": None,
    "quoted": [],
    "attachments": [],
}


def test_an_honest_answer_is_believed() -> None:
    """What the lies below are made of is an answer."""
    with pytest.raises(AssertionError, match="'abc'"):
        lied({"frames": [json.dumps(GOOD), "abc"]})


@pytest.mark.parametrize(
    "lie",
    [
        {"passages": [[0, 4, "¶ 1", None, 0]]},
        {"passages": [[2, 1, "¶ 1", None, 0]]},
        {"passages": [[-1, 1, "¶ 1", None, 0]]},
        {"passages": [[0, 1, "¶ 1", None, 7]]},
        {"passages": [[0, True, "¶ 1", None, 0]]},
        {"passages": [[0, 1, "¶" * 5000, None, 0]]},
        {"passages": [[0, 1]]},
        {"passages": {"a": 1}},
        {"headings": ["x" * 5000]},
        {"metadata": {**GOOD["metadata"], "title": "x" * 5000}},
        {"metadata": {**GOOD["metadata"], "title": ["x"]}},
        {"metadata": None},
        {"media_type": 7},
        {"kind": "unheard of"},
        {"kind": ["read"]},
        {"kind": "refused", "reason": "not JSON"},
        {"kind": "refused", "reason": '{"code": "unheard of", "facts": {}}'},
        {"kind": "refused", "reason": '{"code": "too_large", "facts": {"limit_mb": [1]}}'},
        {"kind": "refused", "reason": '{"code": "several"}'},
        {"kind": "refused", "reason": "{" * 10_000},
        {"page_starts": [99]},
        {"note": 5},
        {"quoted": [[0, 4]]},
        {"quoted": [[2, 1]]},
        {"quoted": [[0]]},
    ],
)
def test_it_says_what_no_reader_says(lie: dict[str, object]) -> None:
    """A wrong type, length or offset anywhere is a crash of the reader, and nothing more."""
    assert lied({"frames": [json.dumps(GOOD | lie), "abc"]}).startswith("the reader crashed")


def test_it_refuses_without_the_facts_of_its_reason() -> None:
    """A reason that lacks a fact still becomes a sentence."""
    reason = '{"code": "too_large", "facts": {}}'
    frames = [json.dumps({"kind": "refused", "reason": reason})]
    assert lied({"frames": frames}).startswith("it is larger than ? MB")


@pytest.mark.parametrize("order", [{"frames": ["[" * 100_000]}, {"huge": True}, {"frames": ["1"]}])
def test_it_says_too_much_or_nests_too_deeply(order: object) -> None:
    """An answer is bounded before it is read."""
    assert LONGEST_HEAD < 200 << 20
    assert lied(order).startswith("the reader crashed")


def test_a_library_quotes_the_file_in_its_error() -> None:
    """A reason names the kind of an error, never its words, which may be the document's."""
    with (
        BoundedReader(1, reader="tests.corpus.poison:read") as reader,
        pytest.raises(UnreadableFile) as refusal,
    ):
        reader.read(b"raise", "a.txt")
    assert "line one" not in sentence(refusal.value)
