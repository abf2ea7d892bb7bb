"""`pincite move`: the index to another engine, or everything to another database."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from pydantic import SecretStr

from bot.compose import data_folder, library_of, open_database_of, open_searcher
from bot.console.exit_status import DONE
from bot.console.progress import progress_bar
from bot.console.terminal import count_noun, open_terminal, print_parts
from bot.errors import RefusalError, SettingsError
from corpus.errors import MoveRefused
from corpus.models import Scope

if TYPE_CHECKING:
    from bot.settings import Settings

ENGINES: Final = ("milvus", "embedded")


def move(settings: Settings, engine: str | None, database: str | None) -> int:
    """Do what was asked. Raises SettingsError, RefusalError, MoveRefused, EngineUnavailable."""
    if (engine is None) == (database is None):
        raise SettingsError("what to move? expected either --to milvus|embedded or --to-database")
    if database is not None:
        return _move_database(settings, database)
    if engine not in ENGINES:
        raise SettingsError(f"--to is {engine!r}; expected milvus or embedded")
    if engine == "milvus" and settings.milvus_uri is None:
        raise SettingsError("--to milvus needs an address; expected PINCITE_MILVUS_URI to be set")
    return _move_index(settings.model_copy(update={"index": engine}), engine)


def _move_index(settings: Settings, engine: str) -> int:
    """Bring an engine to the state of the database; what was done before is not done again."""
    with (
        open_database_of(settings) as database,
        open_searcher(settings, library := library_of(database)) as searcher,
    ):
        with progress_bar() as report:
            searcher.refresh(report and (lambda done, total: report(done, total, "indexing")))
        searcher.save()
        documents = count_noun(library.count_documents(Scope.all()), "document")
    where = f"Milvus at {settings.milvus_uri}" if engine == "milvus" else "the data folder"
    terminal = open_terminal()
    print_parts(terminal, f"the index of {documents} is in {where}")
    print_parts(
        terminal, f"set PINCITE_INDEX={engine} where Pincite runs, and check with 'pincite doctor'"
    )
    return DONE


def _move_database(settings: Settings, url: str) -> int:
    """Copy everything into an empty database, while nobody works with the old one."""
    from corpus.storage.move import move as copy  # noqa: PLC0415 - only for this command

    goal = settings.model_copy(update={"database_url": SecretStr(url)})
    with ExitStack() as stack:
        _quiet(settings, stack)
        source = stack.enter_context(open_database_of(settings))
        target = stack.enter_context(open_database_of(goal))
        if source.url == target.url:
            raise MoveRefused("the documents are in that database already: name another one")
        report = stack.enter_context(progress_bar())
        moved = copy(source, target, report)
        problems = library_of(target).integrity()
    if problems:
        raise MoveRefused(f"the copy is not sound ({problems[0]}): drop it, and repeat the move")
    documents = count_noun(moved.documents, "document")
    passages = count_noun(moved.passages, "passage")
    terminal = open_terminal()
    print_parts(terminal, f"copied {documents} with {passages}, up to change {moved.revision}")
    print_parts(terminal, "set PINCITE_DATABASE_URL to that database where Pincite runs")
    return DONE


def _quiet(settings: Settings, stack: ExitStack) -> None:
    """Hold the locks of the data folder, so that nobody files or answers meanwhile."""
    for name, what in (("run.lock", "'pincite run'"), ("add.lock", "'pincite add'")):
        lock = FileLock(data_folder(settings) / name)
        try:
            stack.enter_context(lock.acquire(timeout=0))
        except Timeout:
            raise RefusalError(f"{what} is at work here: end it first, then move") from None
