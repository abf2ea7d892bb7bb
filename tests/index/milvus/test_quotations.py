"""Both engines find the same quotations: the document decides, and not how it was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.models import Scope
from corpus.storage.database import open_database
from index.search import Searcher
from tests.index.conftest import File
from tests.index.milvus.lite import MIGRATIONS, Server
from tests.index.quotations.test_check import CODE, LEASE, RULES

QUOTATIONS = (
    "pays 240 crowns on every first Monday",
    "pays 420 crowns on every first Monday",
    "逾期三十日仍未繳納者，出租人得終止契約",
    "申請人應當在收到通知之日起三十日內提交材料",
    "The lessee of the boathouse … 240 crowns",
    "The ferryman swore that nobody had crossed the river that night",
    "第四条 登记机关不得向申请人收取费用",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library whose database has the tables of a shared index."""
    database = open_database(f"sqlite:///{tmp_path / 'pincite.db'}", migrations=MIGRATIONS)
    yield Library(database)
    database.dispose()


@pytest.mark.milvus
def test_the_same_on_milvus(milvus: Server, library: Library, file: File) -> None:
    """Verdicts, sources and differences are equal, within a scope too."""
    file(*LEASE, title="Lease of the boathouse", matter="lease")
    file(*CODE, title="倉庫租賃章程", matter="code")
    file(*RULES, title="登记规则", matter="rules")
    with milvus.engine(library.database) as engine:
        shared, own = Searcher(library, engine=engine), Searcher(library)
        for text in QUOTATIONS:
            for scope in (Scope.all(), Scope.of("code", "lease")):
                expected = [replace(check, passages=()) for check in own.check(text, scope=scope)]
                found = [replace(check, passages=()) for check in shared.check(text, scope=scope)]
                assert found == expected
