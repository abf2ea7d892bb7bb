"""The conversations in the README's pictures, played over the casefile and written down as sent.

`private.txt` and `group.txt` are what the bot says now (tests/bot/test_pictures.py sees to it), and
draw.py draws from them. A speaker's name, with `< ` before it for a reply; `| ` and a line of the
message, the bot's in Telegram's HTML; `[ a | b ]`, a row of buttons.

    python -m docs.pictures.play        writes both files anew
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from bot.compose import Services, open_services
from bot.records.access import Access
from bot.sample import MATTER, file_casefile
from bot.settings import Settings
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.request_double import TOKEN, RequestDouble, Shown
from tests.bot.telegram.sample_matters import PEOPLE
from tests.bot.telegram.simulator import CHATS, Simulator, app_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER: Final = Path(__file__).parent
BOT: Final = "Pincite"
FIVE_ANSWERS: Final = {
    "answers-en": (
        "Reader",
        (
            "why did the appeal reverse?",
            "and the notices?",
            "more",
            "2",
            "which football team won the cup?",
        ),
    ),
    "answers-zh-hant": ("讀者", ("上訴為何逆轉?", "那通知呢?", "更多", "2", "哪一隊贏了足球賽?")),
    "answers-zh-hans": ("读者", ("二审为什么改判?", "那通知呢?", "更多", "2", "哪一队赢了足球赛?")),
}
"""An answer, a follow-up, the next passages, one of them whole, and a refusal, in each language."""
DIALOGUES: Final = {
    "private": (
        Turn(1, "Reader", "says", "why did the appeal reverse?", "", ""),
        Turn(2, "Reader", "says", "/source 1", "", "the bot"),
    ),
    "group": (
        Turn(1, "讀者", "says", "/ask 上訴為何逆轉?", "Team", ""),
        Turn(2, "讀者", "says", "那賠償呢?", "Team", "the bot"),
        Turn(3, "讀者", "says", "/ask 今天天氣怎麼樣?", "Team", ""),
    ),
    **{
        name: tuple(Turn(1, who, "says", text, "", "") for text in texts)
        for name, (who, texts) in FIVE_ANSWERS.items()
    },
}
PASSAGES: Final = 2
_ADDED: Final = re.compile(r"(Added |收錄於 |收录于 )\d{4}-\d\d-\d\d")
_DAY: Final = "2026-11-26"  # in place of today's, or the pictures would be stale tomorrow


def record(name: str) -> str:
    """A conversation as it goes now."""
    with tempfile.TemporaryDirectory() as folder:
        # Meaning as it is for everybody, whatever this machine or a test sets.
        chosen: dict[str, Any] = {
            "_env_file": None, "data": Path(folder), "passages": PASSAGES, "meaning": "light"
        }  # fmt: skip
        settings = Settings(**chosen, telegram_token=SecretStr(TOKEN))
        with open_services(settings) as services:
            file_casefile(services.library)
            return asyncio.run(_played(services, DIALOGUES[name]))


async def _played(services: Services, turns: Sequence[Turn]) -> str:
    access = Access(services.database, services.settings)
    access.bind(CHATS["Team"], 0, MATTER)
    for reader in ("Reader", "讀者", "读者"):
        access.admit(PEOPLE[reader][0], MATTER, "reader")
    double = RequestDouble()
    app = app_of(services, double)
    lines: list[str] = []
    async with app, app.update_processor:
        simulator = Simulator(app, double, services)
        for turn in turns:
            lines += _spoken(turn.who, turn.text, replies=bool(turn.to))
            before = len(double.shown)
            await simulator.play(turn)
            for shown in double.shown[before:]:
                lines += _written(shown)
    return "\n".join(lines[1:]) + "\n"


def _written(shown: Shown) -> list[str]:
    rows = [f"[ {' | '.join(labels)} ]" for labels in shown.labels]
    text = _ADDED.sub(rf"\g<1>{_DAY}", shown.html.strip())
    return [*_spoken(BOT, text, replies=bool(shown.reply_to)), *rows]


def _spoken(who: str, text: str, *, replies: bool) -> list[str]:
    said = [f"| {line}".rstrip() for line in text.split("\n")]
    return ["", f"{'< ' if replies else ''}{who}:", *said]


if __name__ == "__main__":
    for each in DIALOGUES:
        (FOLDER / f"{each}.txt").write_text(record(each), encoding="utf-8")
