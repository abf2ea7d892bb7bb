"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.databases import opened, postgresql, url
from tests.index.milvus.lite import Server, running_server

__all__ = ["opened", "postgresql", "url"]

# How long an example takes says how busy the machine is, and nothing else.
hypothesis.settings.register_profile("any machine", deadline=None)
# Where a change is judged, each run tries the same examples; at a desk, ever new ones.
hypothesis.settings.register_profile("judged", deadline=None, derandomize=True)
hypothesis.settings.load_profile("judged" if os.environ.get("CI") else "any machine")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and collections beside the checkout; else a skip."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared (real documents and collections), which this clone lacks")
    return folder


@pytest.fixture(scope="session")
def milvus() -> Iterator[Server]:
    """A Milvus server; Milvus Lite is this session's own."""
    with running_server() as server:
        yield server


SLOW = frozenset(
    """
    benchmarks/test_engines.py
    bot/cli/test_ask.py bot/cli/test_glossary.py bot/cli/test_mcp.py bot/cli/test_memo.py
    bot/cli/test_program.py bot/console/test_chat.py
    bot/records/test_audit.py bot/records/test_forgetting.py bot/records/test_inbox.py
    bot/records/test_memory.py bot/telegram/test_dialogues.py bot/telegram/test_emulator.py
    bot/telegram/test_emulator_places.py bot/telegram/test_update_queue.py
    bot/telegram/test_upload_processor.py bot/telegram/test_walls.py bot/test_packaging.py
    bot/cli/test_documents.py bot/cli/test_run.py bot/doctor/test_checks.py
    bot/views/test_screen.py
    bot/records/test_access.py index/embedded/test_damage.py index/embedded/test_killed.py
    bot/cli/test_read.py bot/reader/test_browser.py bot/reader/test_buttons.py
    bot/reader/test_page.py bot/reader/test_refusals.py bot/reader/test_walls.py
    corpus/readers/test_page_boxes.py
    bot/telegram/test_walls_same_bytes.py bot/telegram/test_watch_notifier.py bot/test_move.py
    bot/test_migrations.py corpus/splitting/test_passages.py
    corpus/readers/test_docx_package.py corpus/readers/test_email.py corpus/readers/test_ocr.py
    corpus/reading/test_bounded.py corpus/reading/test_decoding.py security/test_flipped_bytes.py
    security/test_reader_walls.py security/test_growth.py security/test_small_attacks.py
    security/test_authority.py
    """.split()
)
"""Modules measured at more than eight seconds: whole bots, child processes, scans. `make quick`
leaves them out, `make test` runs them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow modules."""
    folder = Path(__file__).parent
    for item in items:
        if item.path.relative_to(folder).as_posix() in SLOW:
            item.add_marker(pytest.mark.slow)
