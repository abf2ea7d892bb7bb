"""A reader on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.reader.world import World, file_documents, opened_world


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the documents of both matters."""
    folder = tmp_path_factory.mktemp("filled")
    file_documents(folder)
    return folder


@pytest_asyncio.fixture
async def world(filled: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A reader of this test's own."""
    async with opened_world(filled, tmp_path) as opened:
        yield opened
