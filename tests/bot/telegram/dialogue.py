"""Dialogues as files: what was said, by whom and where, and what was answered.

The first line states the property. `given …` lines set the scene. A turn is one line,

    Reader: a text                                   in private
    Reader in Team: /ask a question                  in a group, `Forum/Claims` in a topic
    Reader in Team, replying to Owner: /ask          to the last message of someone, or of `the bot`
    Reader edits: another text                       the last message of this person
    Reader in Team presses: More                     a button of the bot's last message there
    Reader sends: a photo                            or `a photo with CAPTION`, `a recording`
    Reader forwards: one text || another             at once
    Reader says at once: one text || another
    Keeper sends: a.txt containing words            a file; `a.pdf of 25 MB` pretends its size
    Keeper sends: a.txt containing words with /add lease
    Reader asks: a question                          inline, in whatever chat; answered by `= `
    News posts: /ask a question                      in a channel
    Telegram repeats: that                           delivers the last update once more

and the lines after it are what comes back, in order: `> ` a new message, `~ ` an edited one, each
with its further lines after `| `, a file as `> 📎`; `- ` a message that one person alone sees: in
the group, or in private where the server knows no such messages; `! ` a toast; `* ` a reaction.
Nothing after a turn means silence. A line `…` stands for any lines, `…` at the end of a line for
its rest; `[ a | b ]` is a row of buttons, and buttons are compared where any are given. A rich
message, on a server that knows them, holds the same words in the form of a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot.telegram.newer_api import PLACEHOLDER
from tests.bot.telegram.markup import Markup

FOLDER = Path(__file__).parent / "dialogues"
_TURN = re.compile(
    r"(?P<who>\S+)(?: in (?P<place>[\w/]+))?(?:, replying to (?P<to>[^:]+?))?"
    r"(?:, quoting (?P<quote>[^:]+?))?"
    r"(?: (?P<verb>edits|presses|sends|posts|repeats|asks|whispers|forwards|waits|says at once))?"
    r": (?P<text>.*)"
)
_FILE = re.compile(
    r"(?P<name>\S+)(?: of (?P<mb>\d+) MB)?(?: containing (?P<words>.*?))?"
    r"(?: with (?P<caption>.*))?"
)
_MARKS = {
    ">": "message",
    "~": "edit",
    "!": "toast",
    "=": "inline",
    "-": "alone",
    "*": "reaction",
}


@dataclass
class Output:
    """Something that the bot showed: a message, an edit or a toast."""

    kind: str
    lines: list[str]
    rows: list[list[str]] = field(default_factory=list)
    is_rich: bool = False
    """Whether it is a rich message: what a file expects of it are its words."""

    def __str__(self) -> str:
        mark = {kind: mark for mark, kind in _MARKS.items()}[self.kind]
        first, *rest = self.lines
        rows = [f"[ {' | '.join(row)} ]" for row in self.rows]
        return "\n".join([f"{mark} {first}", *(f"| {line}" for line in [*rest, *rows])])


@dataclass
class Turn:
    """What somebody did, and what has to come back."""

    line: int
    who: str
    verb: str
    text: str
    place: str
    to: str
    quote: str = ""
    expected: list[Output] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    """What is sent when something is sent: a name, what is in it, and the text that goes with it.

    `size` in bytes is what it is said to have; None for what it has.
    """

    name: str
    content: bytes
    caption: str
    size: int | None = None


@dataclass
class Dialogue:
    """A whole file."""

    name: str
    prop: str
    given: list[str]
    turns: list[Turn]


def file_in(text: str) -> File | None:
    """The file that a turn sends; None for photos and recordings."""
    if text.startswith(("a photo", "an album", "a recording")):
        return None
    found = _FILE.fullmatch(text)
    assert found, f"no file: {text}"
    size = int(found["mb"]) << 20 if found["mb"] else None
    return File(found["name"], (found["words"] or "").encode(), found["caption"] or "", size)


class Stage(Protocol):
    """Where a dialogue is played: against the request double, or against an emulator."""

    async def play(self, turn: Turn) -> list[Output]:
        """Do what the turn says; returns what the bot showed."""


def dialogues() -> list[Dialogue]:
    """Every dialogue in the folder."""
    return [read_dialogue(path) for path in sorted(FOLDER.glob("*.txt"))]


def read_dialogue(path: Path) -> Dialogue:
    """Parse a file; anything that is not understood is an error."""
    prop, *lines = path.read_text(encoding="utf-8").splitlines()
    dialogue = Dialogue(path.stem, prop, [], [])
    for number, line in enumerate(lines, 2):
        if line.startswith("given "):
            dialogue.given.append(line.removeprefix("given "))
        elif line[:1] in _MARKS and line[1:2] == " ":
            dialogue.turns[-1].expected.append(Output(_MARKS[line[0]], [line[2:]]))
        elif line.startswith("| "):
            last = dialogue.turns[-1].expected[-1]
            row = re.fullmatch(r"\| \[ (.*) \]", line)
            if row:
                last.rows.append(row[1].split(" | "))
            else:
                last.lines.append(line[2:])
        elif line.strip():
            dialogue.turns.append(_turn(number, line))
    return dialogue


def _turn(number: int, line: str) -> Turn:
    found = _TURN.fullmatch(line)
    assert found, f"line {number} is no turn: {line}"
    who, place, to, verb, text, quote = (
        found[name] or "" for name in ("who", "place", "to", "verb", "text", "quote")
    )
    return Turn(number, who, verb or "says", text, place, to, quote)


async def perform(dialogue: Dialogue, simulator: Stage) -> None:
    """Play a dialogue, and compare every answer."""
    for turn in dialogue.turns:
        shown = await simulator.play(turn)
        said = f"{dialogue.name}, line {turn.line}, shows\n" + "\n".join(map(str, shown))
        assert [each.kind for each in shown] == [each.kind for each in turn.expected], said
        for got, wanted in zip(shown, turn.expected, strict=True):
            agree = _same_words if got.is_rich else _agree
            assert agree(got.lines, wanted.lines), f"{said}\ninstead of\n{wanted}"
            assert got.is_rich or not wanted.rows or got.rows == wanted.rows, (
                f"{said}\ninstead of\n{wanted}"
            )


def output_of(method: str, parameters: dict[str, Any]) -> Output | None:
    """What a request of the bot shows to people, if it shows anything."""
    if method in _SHOWN:
        return _SHOWN[method](parameters)
    alone = "ephemeral_message_parameters" in parameters or method == "editEphemeralMessageText"
    if method == "sendDocument":
        caption = Markup(parameters.get("caption", "")).text
        return Output("alone" if alone else "message", ["📎", *caption.splitlines()])
    is_text = method in ("sendMessage", "editMessageText", "editEphemeralMessageText")
    if not is_text or parameters["text"] == PLACEHOLDER:
        return None
    lines = [line for line in Markup(parameters["text"]).text.splitlines() if line.strip()]
    kind = "alone" if alone else "message" if method == "sendMessage" else "edit"
    return Output(kind, lines, _labels(parameters))


def _labels(parameters: dict[str, Any]) -> list[list[str]]:
    keyboard = parameters.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in keyboard]


def rich_lines(blocks: list[dict[str, Any]]) -> list[str]:
    """What a reader sees of the blocks of a rich message, unfolded."""
    lines = []
    for block in blocks:
        for key in ("summary", "text"):
            lines += _rich_text(block.get(key, "")).splitlines()
        lines += rich_lines(block.get("blocks", []))
        for row in block.get("cells", []):
            lines.append(" | ".join(_rich_text(cell["text"]) for cell in row))
    return [line for line in lines if line.strip()]


def _rich_text(text: Any) -> str:
    if isinstance(text, list):
        return "".join(map(_rich_text, text))
    return _rich_text(text["text"]) if isinstance(text, dict) else str(text)


def _offered(parameters: dict[str, Any]) -> Output:
    """The line above the results, then each with what it would post."""
    lines = [button["text"] for button in [parameters.get("button")] if button]
    for result in parameters["results"]:
        posted = Markup(result["input_message_content"]["message_text"]).text
        lines += [result["title"], result["description"], *posted.splitlines()]
    return Output("inline", lines)


def _toast(parameters: dict[str, Any]) -> Output | None:
    text = parameters.get("text", "") or parameters.get("url", "")
    return Output("toast", text.splitlines()) if text else None


def _reaction(parameters: dict[str, Any]) -> Output:
    return Output("reaction", [each["emoji"] for each in parameters["reaction"]])


def _rich(parameters: dict[str, Any]) -> Output:
    lines = rich_lines(parameters["rich_message"]["blocks"])
    return Output("message", lines, _labels(parameters), is_rich=True)


_SHOWN: dict[str, Callable[[dict[str, Any]], Output | None]] = {
    "answerCallbackQuery": _toast,
    "answerInlineQuery": _offered,
    "setMessageReaction": _reaction,
    "sendRichMessage": _rich,
}


def _agree(got: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return not got
    if wanted[0] == "…":
        return any(_agree(got[at:], wanted[1:]) for at in range(len(got) + 1))
    return bool(got) and _same(got[0], wanted[0]) and _agree(got[1:], wanted[1:])


def _same_words(got: list[str], wanted: list[str]) -> bool:
    """Whether a rich message holds all the words that are expected of an ordinary one."""

    def words(lines: list[str]) -> Counter[str]:
        return Counter(re.findall(r"\w+", " ".join(lines)))

    return not words([line.rstrip("…") for line in wanted]) - words(got)


def _same(got: str, wanted: str) -> bool:
    if wanted.endswith("…"):
        return got.startswith(wanted[:-1])
    return got == wanted
