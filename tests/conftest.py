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
