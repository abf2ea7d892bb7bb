"""The arguments and options of the commands, as types with their help texts."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


def _chosen_folder(ctx: typer.Context, value: Path | None) -> Path | None:
    """Accept `--data` before or after the command. The later one wins."""
    if value is not None:
        ctx.meta["pincite.data"] = value
    chosen: Path | None = ctx.meta.get("pincite.data")
    return chosen


def _path(text: str) -> Path:
    """Parse a path. An empty one is refused: `Path("")` would mean the current folder."""
    if not text:  # an unset shell variable arrives as an empty argument
        raise typer.BadParameter("it is empty; expected a path")
    return Path(text)


def _in_utf8(value: bool) -> bool:
    """Write JSON in UTF-8 whatever the locale is: RFC 8259 asks for it."""
    if value and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return value


Data: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", parser=_path, callback=_chosen_folder, help="The data folder."
    ),
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", callback=_in_utf8, help="One JSON object a line.")
]
Matter: TypeAlias = Annotated[
    str | None, typer.Option("--matter", metavar="M", help="Only this matter; else all of them.")
]
WithinDocument: TypeAlias = Annotated[
    str | None,
    typer.Option("--document", metavar="ID|TITLE", help="Only in this document."),
]
IntoMatter: TypeAlias = Annotated[
    str, typer.Option("--matter", metavar="M", help="The matter to file into.")
]
NamedMatters: TypeAlias = Annotated[
    list[str], typer.Option("--matter", metavar="M", help="A matter to serve; repeat for more.")
]
Question: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="QUESTION", help="Without it: from standard input, one a line."),
]
Hits: TypeAlias = Annotated[
    int | None, typer.Option("-k", metavar="N", min=1, max=1000, help="How many passages.")
]
Depth: TypeAlias = Annotated[
    int, typer.Option("-k", metavar="N", min=10, max=1000, help="How deep to rank.")
]
Paths: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="PATH...", parser=_path, help="Files and folders.")
]
Document: TypeAlias = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Its id.")]
Citation: TypeAlias = Annotated[
    str, typer.Argument(metavar="CITATION", help="A citation id such as K7Q2M3PD-4.")
]
Port: TypeAlias = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65535, help="Else any free one.")
]
NoOpen: TypeAlias = Annotated[
    bool, typer.Option("--no-open", help="Print the address alone; open no browser.")
]
Citations: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="CITATION...", help="Citation ids such as K7Q2M3PD-4.")
]
MemoFile: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--out", metavar="FILE", parser=_path, help=".docx, .md, .html, .json (CSL) or .ris."
    ),
]
MemoTitle: TypeAlias = Annotated[
    str | None, typer.Option("--title", metavar="T", help="The title of the memo.")
]
MemoQuestion: TypeAlias = Annotated[
    str | None, typer.Option("--question", metavar="Q", help="The question it answers.")
]
CitationStyle: TypeAlias = Annotated[
    str,
    typer.Option("--style", metavar="S", help="plain, gb7714, bluebook, oscola, hk or tw."),
]
MemoFormat: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="F", help="docx, md, html, csl-json or ris, whatever the name says."
    ),
]
QuestionText: TypeAlias = Annotated[str, typer.Argument(metavar="QUESTION")]
ExplainedQuestion: TypeAlias = Annotated[str | None, typer.Argument(metavar="QUESTION")]
PassageId: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="PASSAGE", help="Its citation id.")
]
AuditNumber: TypeAlias = Annotated[
    int | None,
    typer.Option("--audit", metavar="N", min=1, help="Explain an answer by its audit number."),
]
Collections: TypeAlias = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="COLLECTION...", help="Folders of passages.jsonl, queries.jsonl, qrels.tsv."
    ),
]
FromFeedback: TypeAlias = Annotated[
    bool,
    typer.Option("--from-feedback", help="Over what the useful and not useful buttons gathered."),
]
Save: TypeAlias = Annotated[
    Path | None,
    typer.Option("--save", metavar="DIR", help="Write what was gathered as a collection."),
]
Plot: TypeAlias = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw the figures into a picture.")
]
Against: TypeAlias = Annotated[
    Path | None,
    typer.Option("--against", metavar="FILE", help="Fail on a fall since this run's --json."),
]
Offline: TypeAlias = Annotated[
    bool, typer.Option("--offline", help="Only what can be checked without the network.")
]
GlossaryFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="FILE", help="Terms, a tab, terms that mean the same.")
]
BundleFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--bundle",
        metavar="DIR",
        parser=_path,
        help="Write records, a program that checks them, and a page into a new folder.",
    ),
]
HeldMatter: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="MATTER", help="The matter to hold.")
]
HoldReason: TypeAlias = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why, which goes on record.")
]
ReleasedMatter: TypeAlias = Annotated[str, typer.Argument(metavar="MATTER")]
BackupFolder: TypeAlias = Annotated[
    Path | None, typer.Argument(metavar="DIR", parser=_path, help="An empty or new folder.")
]
Verify: TypeAlias = Annotated[
    bool, typer.Option("--verify", help="Prove that the backup in DIR restores; nothing is kept.")
]
Recipients: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--recipient", metavar="KEY", help="Encrypt for age1… or an SSH public key."),
]
Identity: TypeAlias = Annotated[
    Path | None,
    typer.Option("--identity", metavar="FILE", parser=_path, help="The key of the backup."),
]
NewIdentity: TypeAlias = Annotated[
    Path | None,
    typer.Option("--new-identity", metavar="FILE", parser=_path, help="Make such a key."),
]
Fix: TypeAlias = Annotated[bool, typer.Option("--fix", help="Heal what can be healed first.")]
Folder: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", parser=_path)]
Engine: TypeAlias = Annotated[
    str | None, typer.Option("--to", metavar="ENGINE", help="Build the index: milvus or embedded.")
]
Database: TypeAlias = Annotated[
    str | None,
    typer.Option("--to-database", metavar="URL", help="Copy all that is kept into a database."),
]
Each: TypeAlias = Annotated[
    bool, typer.Option("--each", help="Ask every document by itself: one row each.")
]
OtherDocument: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="OTHER", help="Without it: the version that DOCUMENT replaced."),
]
Words: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="WORDS", help="Only sentences about these words.")
]
TableFile: TypeAlias = Annotated[
    Path, typer.Option("--out", metavar="FILE", parser=_path, help="The .xlsx file to write.")
]
TableQuestions: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="QUESTION...", help="One column each.")
]
QuotedText: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="TEXT", help="Without it: a file, or standard input.")
]
CheckedFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", parser=_path, help="Check the quotations of a file."),
]
Report: TypeAlias = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", parser=_path, help="Write a Word report as well."),
]
NewOwner: TypeAlias = Annotated[
    int | None,
    typer.Option("--add", metavar="ID", min=1, help="Make the person of a Telegram id an owner."),
]
OldOwner: TypeAlias = Annotated[
    int | None, typer.Option("--revoke", metavar="ID", min=1, help="Take ownership away.")
]
Version: TypeAlias = Annotated[bool, typer.Option("--version", help="Print the version.")]
