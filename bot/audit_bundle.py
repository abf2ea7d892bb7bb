"""The audit as a folder that anybody can check: records, a program that checks them, and a page.

The program is a copy of `bot.records.audit_chain`, which the doctor uses too, so that both find the
same. Nobody has to install Pincite, or to trust whoever runs it, to check the folder.
"""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.audit import json_lines, program_version
from bot.errors import RefusalError
from bot.records import audit_chain
from bot.records.audit import AuditRecord
from bot.records.audit_chain import CONTENTS, RECORDS
from bot.records.audit_key import key_of
from corpus.atomic import new_folder
from corpus.clock import now

if TYPE_CHECKING:
    from bot.records.audit import Audit
    from bot.records.audit_chain import ChainLink

FORMAT: Final = 1
PROGRAM: Final = "verify_audit.py"
PAGE: Final = "README.html"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was exported. `sha256`: the hash of the file that names all others and their hashes."""

    records: int
    last: ChainLink
    sha256: str


def write_bundle(audit: Audit, folder: Path) -> Bundle:
    """Write the whole audit into a new or empty folder, and record that. Raises RefusalError."""
    folder = folder.absolute()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise RefusalError(f"{folder} is not empty: name a new folder")
        with new_folder(folder) as unfinished:
            unfinished.chmod(0o700)  # it holds who asked what
            bundle = _write(audit, unfinished)
    except OSError as error:
        reason = error.strerror or error
        raise RefusalError(f"{folder} cannot be written ({reason}): name another folder") from None
    details = {"bundle": bundle.sha256, "records": bundle.records}
    audit.record(AuditRecord("exported", "command line", (), details=details))
    return bundle


def _write(audit: Audit, folder: Path) -> Bundle:
    with audit.reading() as chain, (folder / RECORDS).open("w", encoding="utf-8") as file:
        first, last = chain.first, chain.last
        records = sum(1 for line in json_lines(chain.rows) if file.write(line))
    program = Path(audit_chain.__file__).read_text("utf-8")
    (folder / PROGRAM).write_text(program, encoding="utf-8")
    (folder / PAGE).write_text(_page(records, first, last), encoding="utf-8")
    key = key_of(audit.database)
    contents: dict[str, Any] = {
        "format": FORMAT,
        "made": now(),
        "version": program_version(),
        "records": records,
        "first": asdict(first),
        "last": asdict(last),
        "key": key.id if key else None,
        "sha256": {name: _sha256(folder / name) for name in (RECORDS, PROGRAM, PAGE)},
    }
    # Last: it covers all the others.
    contents["seal"] = key.seal(audit_chain.contents_hash(contents)) if key else None
    (folder / CONTENTS).write_text(json.dumps(contents, indent=2) + "\n", encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o600)
    return Bundle(records, last, _sha256(folder / CONTENTS))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _page(records: int, first: ChainLink, last: ChainLink) -> str:
    dropped = (
        f"Records up to number {first.number} were dropped for their age before this export."
        if first.number
        else "No record was dropped before this export."
    )
    values = {"records": records, "last": last.number, "hash": last.hash, "dropped": dropped}
    return _PAGE.format(**{name: html.escape(str(value)) for name, value in values.items()})


_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>An audit of Pincite</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 42em; margin: 2em auto; padding: 0 1em }}
code, pre {{ background: #f3f3f3; overflow-wrap: anywhere }} pre {{ padding: .6em }}
td, th {{ text-align: left; vertical-align: top; padding: .2em .8em .2em 0 }}
</style>
<h1>An audit of Pincite</h1>
<p>This folder holds {records} records of what was shown to whom, and of who changed what, up to
number {last}. {dropped} The hash of the newest record is</p>
<pre>{hash}</pre>
<h2>How to check it</h2>
<p>Python 3.8 or later is enough; nothing has to be installed, and no network is used.</p>
<pre>python3 verify_audit.py</pre>
<p>This finds every record that was changed, removed, added, moved or cut off, unless somebody wrote
the whole chain anew. What comes from outside the folder finds that too:</p>
<pre>python3 verify_audit.py --noted NUMBER:HASH      (as often as you like)
python3 verify_audit.py --key audit.key</pre>
<p><code>NUMBER:HASH</code> is in the messages that the bot sends to its owners once a day, in the
output of <code>pincite doctor</code>, and in <code>audit.notes</code> of the data folder. Whoever
holds an old message can check all records up to it. <code>audit.key</code> is the operator's
secret: with it the seals are checked, and with it they could be made.</p>
<p>The exit status is 0 when everything holds, else 1, and each line then names what does not.</p>
<h2>What it proves, and what not</h2>
<ul>
<li>A record stands as it was written, in its place, if the hash of a later record was noted by
somebody whom you trust.</li>
<li>Every number from the first to the last is there. A cut end shows by a hash that was noted
later.</li>
<li>A person who asked to be forgotten is out of the records, and nothing else of them is. A record
of the kind <code>forgotten</code> says which; a text that is missing without one is told.</li>
<li>It does not prove that what was never recorded did not happen. Pincite records an answer before
it shows it.</li>
<li>The program in this folder is open to read. Whoever wants to be sure of it compares it with
<code>bot/records/audit_chain.py</code> of the release that <code>bundle.json</code> names.</li>
</ul>
<h2>The records</h2>
<p><code>audit.jsonl</code> has one JSON object a line, oldest first.</p>
<table>
<tr><th>field<th>holds
<tr><td>number, at<td>its place in the chain, from 1 without gaps; the time in UTC
<tr><td>kind<td>answer, page, source, inline, watch, original (something was shown); admitted,
dismissed, bound, unbound, claimed, uploaded, withdrawn, exported, held, released and others
(something was done); forgotten, dropped (Pincite removed something)
<tr><td>via, chat_id, thread_id, message_id<td>where: in Telegram, in the console or on the command
line
<tr><td>person_id, about_id<td>who asked or acted, and whom it was about, as Telegram's numbers
<tr><td>question, citations<td>what was asked, and which passages were shown
<tr><td>index_version, details<td>what answered, and more about it
<tr><td>previous, hash<td>the hash of the record before, and that of this one
<tr><td>salt, personal, about_salt, about<td>digests of what belongs to a person, and their salts
<tr><td>seal<td>an HMAC-SHA256 of the hash, with the key of the installation
</table>
<pre>hash     = SHA-256(previous + "\\n" + JSON of the public fields)
personal = SHA-256(salt + "\\n" + JSON of chat, message_id, person_id, question)
about    = SHA-256(about_salt + "\\n" + JSON of about_id)</pre>
<p>The JSON is in ASCII, without spaces, with sorted keys. The public fields are number, at, kind,
via, chat, thread_id, citations, index_version, details, personal and, where there is one, about.
A private chat (a positive number) counts as personal, a group as public; the other one is
null.</p>
</html>
"""
