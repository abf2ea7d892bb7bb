"""The README's pictures: what the bot says now, whole, in bubbles that hold it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from docs.pictures import layout, play
from tests.bot.telegram.markup import Markup

pytestmark = pytest.mark.slow

PIL = pytest.importorskip("PIL.Image", reason="needs pillow, which comes with matplotlib")
NAMES = pytest.mark.parametrize("name", play.DIALOGUES)


def _written(name: str) -> str:
    return (play.FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def _digest(name: str) -> str:
    return hashlib.sha256(_written(name).encode()).hexdigest()


@NAMES
def test_the_conversation_is_what_the_bot_says_now(name: str, nowhere: Path) -> None:
    """Played anew over the casefile, it is the text beside the picture."""
    assert nowhere == Path.cwd()
    mend = "run 'python -m docs.pictures.play', then 'python -m docs.pictures.draw'"
    assert play.record(name) == _written(name), mend


@NAMES
def test_the_picture_shows_this_conversation(name: str) -> None:
    """It carries the digest of the text, is light enough for a page, and stands in the README."""
    from docs.pictures.draw import STAMP, WIDTH

    path = play.FOLDER / f"{name}.png"
    with PIL.open(path) as picture:
        assert picture.info[STAMP] == _digest(name), "run 'python -m docs.pictures.draw'"
        assert picture.width == WIDTH
    assert path.stat().st_size < 320_000
    readme = (play.FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"docs/pictures/{name}.png" in readme


@NAMES
def test_bubbles_hold_every_word_that_is_not_folded(name: str) -> None:
    """Rows are within the bubble, and joined they are what Telegram would show, in order."""
    for message in layout.messages_in(_written(name)):
        rows = layout.laid_out(message, lambda run: len(run.text) * 10, 600, 20)
        assert all(row.width(lambda run: len(run.text) * 10) <= 600 for row in rows)
        shown = ["".join(run.text for run in row.runs) for row in rows]
        visible = "".join(
            re.escape("".join(text.split())) + (".+" if row.faded else "")
            for row, text in zip(rows, shown, strict=True)
        )
        assert re.fullmatch(visible, "".join(Markup(message.markup).text.split()))


@NAMES
def test_drawing_gives_a_picture_of_the_same_kind(name: str, tmp_path: Path) -> None:
    """The script draws the text anew: as wide, as tall within a few lines, and stamped."""
    from docs.pictures.draw import FONT, STAMP, WIDTH, save

    if not FONT.exists():
        pytest.skip("needs Noto Sans CJK where Debian's fonts-noto-cjk puts it")
    save(_written(name), FONT, drawn := tmp_path / "drawn.png")
    with PIL.open(drawn) as picture, PIL.open(play.FOLDER / f"{name}.png") as committed:
        assert picture.info[STAMP] == _digest(name)
        assert picture.width == WIDTH
        assert abs(picture.height - committed.height) < committed.height / 10
        assert picture.convert("L").getextrema()[0] < 64, "nothing is written on it"
