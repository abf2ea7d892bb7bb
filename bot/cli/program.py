"""The commands of `pincite`, their arguments and their help.

A command here only names its arguments. A module of `bot.cli` does its work. That module is
imported when the command runs, so that `pincite --help` stays quick.
"""

# ruff: noqa: PLC0415 - see above
from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.options import (
    Against,
    AsJson,
    AuditNumber,
    BackupFolder,
    BundleFolder,
    CheckedFile,
    Citation,
    Citations,
    CitationStyle,
    Collections,
    Data,
    Database,
    Depth,
    Document,
    Each,
    Engine,
    ExplainedQuestion,
    Fix,
    Folder,
    FromFeedback,
    GlossaryFile,
    HeldMatter,
    Hits,
    HoldReason,
    Identity,
    IntoMatter,
    Matter,
    MemoFile,
    MemoFormat,
    MemoQuestion,
    MemoTitle,
    NamedMatters,
    NewIdentity,
    NewOwner,
    NoOpen,
    Offline,
    OldOwner,
    OtherDocument,
    PassageId,
    Paths,
    Plot,
    Port,
    Question,
    QuotedText,
    Recipients,
    ReleasedMatter,
    Report,
    Save,
    TableFile,
    TableQuestions,
    Verify,
    Version,
    WithinDocument,
    Words,
)
from bot.console.exit_status import DONE, run_to_status
from bot.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Settings

app = typer.Typer(
    name="pincite",
    help="Answers from your own documents, word for word, each with a pin cite.",
    epilog="Exit status: 0 done; 1 refused, not found or not answered; 2 wrong usage or settings.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

glossary = typer.Typer(help="The team's own terms, in glossary.tsv of the data folder.")
app.add_typer(glossary, name="glossary")


@app.callback(invoke_without_command=True)
def pincite(ctx: typer.Context, data: Data = None, version: Version = False) -> int:
    if version:
        print(f"pincite {_version()}")
    elif ctx.invoked_subcommand is None:
        print(ctx.get_help())
    return DONE


@app.command()
def run(data: Data = None) -> int:
    """Start the bot: Telegram if a token is set, else a chat in this console."""
    from bot.cli import run as cli_run

    return cli_run.run(_settings(data, quiet=False))


@app.command()
def ask(
    question: Question = None,
    k: Hits = None,
    matter: Matter = None,
    document: WithinDocument = None,
    each: Each = False,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Answer a question, or each line of standard input."""
    from bot.cli import ask as cli_ask

    if each:
        if k is not None or document is not None:
            raise typer.BadParameter("--each shows one row a document: it takes no -k, --document")
        from bot.cli import overview

        return overview.each(_settings(data), question, matter, as_json=as_json)
    where = cli_ask.Where(matter, document)
    return cli_ask.ask(_settings(data), question, where, k=k, as_json=as_json)


@app.command()
def add(
    paths: Paths, matter: IntoMatter = "documents", as_json: AsJson = False, data: Data = None
) -> int:
    """File documents: one outcome for every file."""
    from bot.cli import documents as cli_documents

    return cli_documents.add(_settings(data), paths, matter=matter, as_json=as_json)


@app.command()
def documents(matter: Matter = None, as_json: AsJson = False, data: Data = None) -> int:
    """List the documents, newest first."""
    from bot.cli import documents as cli_documents

    return cli_documents.documents(_settings(data), matter=matter, as_json=as_json)


@app.command()
def remove(document: Document, matter: Matter = None, data: Data = None) -> int:
    """Withdraw a document from search; its record stays."""
    from bot.cli import documents as cli_documents

    return cli_documents.remove(_settings(data), document, matter=matter)


@app.command()
def source(citation: Citation, as_json: AsJson = False, data: Data = None) -> int:
    """Open a citation: the passage, its neighbours, its document, how to cite it."""
    from bot.cli import ask as cli_ask

    return cli_ask.source(_settings(data), citation, as_json=as_json)


@app.command()
def read(citation: Citation, port: Port = 0, no_open: NoOpen = False, data: Data = None) -> int:
    """Open a citation on its page in the browser; Ctrl-C ends it."""
    from bot.cli import read as cli_read

    return cli_read.read(_settings(data), citation, port=port, opens=not no_open)


@app.command()
def memo(
    citations: Citations,
    out: MemoFile,
    title: MemoTitle = None,
    question: MemoQuestion = None,
    style: CitationStyle = "plain",
    as_format: MemoFormat = None,
    matter: Matter = None,
    data: Data = None,
) -> int:
    """Write passages into a file: quotations, footnotes, a table of authorities."""
    from bot.cli import memo as cli_memo

    options = cli_memo.MemoOptions(out, title, question, style, as_format, matter)
    return cli_memo.memo(_settings(data), citations, options)


@app.command()
def check(
    text: QuotedText = None,
    file: CheckedFile = None,
    matter: Matter = None,
    report: Report = None,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Say of each quotation whether it is what the documents say, and where it differs."""
    from bot.cli import check as cli_check

    if text is not None and file is not None:
        raise typer.BadParameter("give a TEXT or a --file, not both")
    return cli_check.check(
        _settings(data), text, file, matter=matter, as_json=as_json, report=report
    )


@app.command()
def compare(
    document: Document, other: OtherDocument = None, as_json: AsJson = False, data: Data = None
) -> int:
    """Say what differs between two documents, or from the version that one replaced."""
    from bot.cli import overview

    return overview.compare(_settings(data), document, other, as_json=as_json)


@app.command()
def timeline(
    words: Words = None, matter: Matter = None, as_json: AsJson = False, data: Data = None
) -> int:
    """List the sentences that name a date, in order."""
    from bot.cli import overview

    return overview.timeline(_settings(data), words, matter, as_json=as_json)


@app.command()
def table(
    questions: TableQuestions, out: TableFile, matter: Matter = None, data: Data = None
) -> int:
    """Write an Excel table of documents by questions, each cell verbatim with its citation."""
    from bot.cli import overview

    return overview.table(_settings(data), questions, out, matter)


@app.command()
def mcp(matter: NamedMatters, data: Data = None) -> int:
    """Serve tools to an assistant over stdio: read only, within the named matters."""
    try:
        from bot.cli import mcp as cli_mcp
    except ModuleNotFoundError as error:
        if error.name != "mcp":
            raise
        raise RefusalError("the extra 'mcp' is missing: pip install 'pincite[mcp]'") from None

    return cli_mcp.run(_settings(data), matter)


@app.command()
def explain(
    question: ExplainedQuestion = None,
    passage: PassageId = None,
    audit: AuditNumber = None,
    matter: Matter = None,
    data: Data = None,
) -> int:
    """Say, factor by factor, why a passage scores as it does for a question."""
    from bot.cli import ask as cli_ask

    if audit is not None:
        return cli_ask.explain_record(_settings(data), audit)
    if question is None or passage is None:
        raise typer.BadParameter("name a QUESTION and a PASSAGE, or give --audit N")
    return cli_ask.explain(_settings(data), question, passage, matter=matter)


@app.command()
def evaluate(
    collections: Collections = None,
    from_feedback: FromFeedback = False,
    save: Save = None,
    k: Depth = 10,
    as_json: AsJson = False,
    plot: Plot = None,
    against: Against = None,
    data: Data = None,
) -> int:
    """Measure retrieval over collections of judged questions, or over people's feedback."""
    from bot.cli import evaluate as cli_evaluate

    if not collections and not from_feedback:
        raise typer.BadParameter("name a COLLECTION, or give --from-feedback")
    if save is not None and not from_feedback:
        raise typer.BadParameter("--save needs --from-feedback: it writes what that gathers")
    feedback = cli_evaluate.FeedbackOptions(from_feedback, save)
    folders = collections or []
    return cli_evaluate.evaluate(
        _settings(data), folders, feedback, k=k, as_json=as_json, plot=plot, against=against
    )


@glossary.callback()
def of_glossary(data: Data = None) -> int:
    return DONE


@glossary.command("check")
def check_glossary(file: GlossaryFile, data: Data = None) -> int:
    """Say what is wrong with a glossary file, line by line, and how to fix it."""
    from bot.cli import administration

    _settings(data)
    return administration.check_glossary(file)


@app.command()
def doctor(offline: Offline = False, fix: Fix = False, data: Data = None) -> int:
    """Check settings, database, index and Telegram; each finding with its fix."""
    from bot.doctor import checks as doctor

    settings = _settings(data)
    if fix:
        from bot.doctor.fixes import run as run_fixes

        run_fixes(settings)
    return doctor.run(settings, offline=offline)


@app.command("export-audit")
def export_audit(as_json: AsJson = False, bundle: BundleFolder = None, data: Data = None) -> int:
    """Print what was shown, when and to whom: CSV, JSON Lines, or a folder to be checked."""
    from bot.cli import administration

    return administration.export_audit(_settings(data), as_json=as_json, bundle=bundle)


@app.command()
def hold(matter: HeldMatter = None, reason: HoldReason = None, data: Data = None) -> int:
    """Place a matter under a legal hold; without MATTER, list the holds that last."""
    from bot.cli import administration

    return administration.hold(_settings(data), matter, reason)


@app.command()
def release(matter: ReleasedMatter, data: Data = None) -> int:
    """End a legal hold."""
    from bot.cli import administration

    return administration.release(_settings(data), matter)


@app.command()
def people(matter: Matter = None, as_json: AsJson = False, data: Data = None) -> int:
    """List who may ask in Telegram: owners, keepers and readers."""
    from bot.cli import people as cli_people

    return cli_people.people(_settings(data), matter=matter, as_json=as_json)


@app.command()
def chats(matter: Matter = None, as_json: AsJson = False, data: Data = None) -> int:
    """List the groups, topics and channels that are bound to matters."""
    from bot.cli import people as cli_people

    return cli_people.chats(_settings(data), matter=matter, as_json=as_json)


@app.command()
def owners(
    add: NewOwner = None, revoke: OldOwner = None, as_json: AsJson = False, data: Data = None
) -> int:
    """List the owners; make one, or take ownership away from one."""
    from bot.cli import people as cli_people

    return cli_people.owners(_settings(data), add=add, revoke=revoke, as_json=as_json)


@app.command()
def backup(
    folder: BackupFolder = None,
    verify: Verify = False,
    recipient: Recipients = None,
    identity: Identity = None,
    new_identity: NewIdentity = None,
    data: Data = None,
) -> int:
    """Copy everything kept into an empty folder, or prove that a backup restores."""
    from bot.cli import administration

    options = administration.BackupOptions(recipient or [], identity)
    if new_identity is not None:
        return administration.new_identity(new_identity)
    if folder is None:
        raise typer.BadParameter("name the folder DIR")
    if verify:
        return administration.verify_backup(folder, options)
    return administration.backup(_settings(data), folder, options)


@app.command()
def restore(folder: Folder, identity: Identity = None, data: Data = None) -> int:
    """Bring a backup back into an empty data folder."""
    from bot.cli import administration

    options = administration.BackupOptions(identity=identity)
    return administration.restore(_settings(data), folder, options)


@app.command()
def move(to: Engine = None, to_database: Database = None, data: Data = None) -> int:
    """Move the index to another engine, or everything to another database."""
    from bot.cli import administration

    return administration.move(_settings(data), to, to_database)


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    return run_to_status(
        lambda: _command().main(list(arguments), prog_name="pincite", standalone_mode=False)
    )


@cache
def _command() -> Any:
    # Typer reads all signatures each time that the application itself is called.
    return typer.main.get_command(app)


def _settings(data: Path | None, *, quiet: bool = True) -> Settings:
    """Read the settings and configure the logs. The console chat logs as little as a command."""
    from bot.logs import configure_logs
    from bot.settings import read_settings

    settings = read_settings(data)
    configure_logs(settings, quiet=quiet or settings.telegram_token is None)
    return settings


def _version() -> str:
    try:
        return metadata.version("pincite")
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "of this checkout"
