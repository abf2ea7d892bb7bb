"""Draws the conversations that play.py wrote down, as chat bubbles at the width of a phone.

    python -m docs.pictures.draw [FONT]

FONT: a file with Chinese characters; without it Noto Sans CJK is looked for where Debian's
fonts-noto-cjk puts it. Emoji come from fonts-noto-color-emoji and are left out where it is missing.
Each picture carries the SHA-256 of the text that it shows.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from docs.pictures.layout import Message, Row, Run, is_emoji, laid_out, messages_in

if TYPE_CHECKING:
    from docs.pictures.layout import Measure

FOLDER: Final = Path(__file__).parent
STAMP: Final = "Dialogue"
FONT: Final = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
EMOJI: Final = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
EMOJI_SIZE: Final = 109  # the only size that this font has
SCALE: Final = 2  # drawn twice as large as shown, for sharp screens
WIDTH: Final = 400 * SCALE  # of a phone
BUBBLE: Final = 364 * SCALE
LINE: Final = 23 * SCALE
PAD: Final = 14 * SCALE
GAP: Final = 5 * SCALE
BUTTON: Final = 34 * SCALE
MARGIN: Final = 18 * SCALE
INDENT: Final = 14 * SCALE  # of a quotation, for its bar
TALLEST: Final = 4000 * SCALE
COLOURS: Final = 96
BACKGROUND, WHITE, GREEN, QUOTED = "#e9eff3", "#ffffff", "#e1f6d1", "#eff6fb"
INK, MUTED, BLUE, PRESSED, CODE = "#1c1e21", "#6b7780", "#2a7ab5", "#d3e0e9", "#a1365b"


@dataclass(frozen=True, slots=True)
class Fonts:
    """A face for each style."""

    plain: ImageFont.FreeTypeFont
    bold: ImageFont.FreeTypeFont
    code: ImageFont.FreeTypeFont
    emoji: ImageFont.FreeTypeFont | None

    def of(self, style: str) -> ImageFont.FreeTypeFont:
        """Italic is plain, in another colour: Chinese has no italics."""
        return {"bold": self.bold, "code": self.code}.get(style, self.plain)

    def width(self, run: Run) -> float:
        """In pixels."""
        if is_emoji(run.text):
            return LINE if self.emoji else 0
        return self.of(run.style).getlength(set_in_type(run.text))


def set_in_type(text: str) -> str:
    """The text for a font whose middle dot is as wide as a character, and that has no small ▸."""
    return text.replace(" · ", "·").replace("▸", "▶")


def open_fonts(path: Path) -> Fonts:
    """The faces in a font file, and the bold ones in the file beside it. Raises OSError."""
    bold = path.with_name(path.name.replace("Regular", "Bold"))
    size = 16 * SCALE
    return Fonts(
        _face(path, "Noto Sans CJK TC", size),
        _face(bold if bold.exists() else path, "Noto Sans CJK TC", size),
        _face(path, "Noto Sans Mono CJK TC", 15 * SCALE),
        ImageFont.truetype(str(EMOJI), EMOJI_SIZE) if EMOJI.exists() else None,
    )


def _face(path: Path, name: str, size: int) -> ImageFont.FreeTypeFont:
    """A face of a collection by its name; the first one where the file has no such face."""
    for index in range(10):
        try:
            face = ImageFont.truetype(str(path), size, index)
        except OSError:
            break
        if face.getname()[0] == name:
            return face
    return ImageFont.truetype(str(path), size)


@cache
def _picture(emoji: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    tile = Image.new("RGBA", (136, 128))
    ImageDraw.Draw(tile).text((0, 0), emoji, font=font, embedded_color=True)
    return tile.resize((LINE * 7 // 8, LINE * 7 // 8 * 128 // 136))


class Sheet:
    """Bubbles drawn one below another."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._image = Image.new("RGB", (WIDTH, TALLEST), BACKGROUND)
        self._draw = ImageDraw.Draw(self._image)
        self._y = MARGIN

    def finished(self) -> Image.Image:
        """What was drawn, without the empty rest, in few colours."""
        whole = self._image.crop((0, 0, WIDTH, self._y + MARGIN - 3 * GAP))
        return whole.quantize(COLOURS, dither=Image.Dither.NONE)

    def add(self, message: Message, above: Message | None) -> None:
        """Draw a message; `above` is what it replies to."""
        measure: Measure = self._fonts.width
        rows = laid_out(message, measure, BUBBLE - 2 * PAD, INDENT)
        preview = _preview(above, measure, BUBBLE // 2) if above and message.replies else []
        own = message.who != "Pincite"
        widths = [row.width(measure) + INDENT * row.quoted for row in [*rows, *preview]]
        least = (BUBBLE - 2 * PAD) if message.rows else measure(Run(message.who, "bold"))
        width = int(max(least, *widths)) + 2 * PAD
        left = WIDTH - MARGIN - width if own else MARGIN
        tall = sum(map(_height, [*rows, *preview]))
        bottom = self._y + LINE + tall + PAD + GAP * bool(preview)
        box = (left, self._y, left + width, bottom)
        self._draw.rounded_rectangle(box, 12 * SCALE, fill=GREEN if own else WHITE)
        self._y += PAD // 2
        self._row(left + PAD, Row((Run(message.who, "bold"),)), BLUE)
        self._rows(left + PAD, width - 2 * PAD, preview, MUTED)
        self._y += GAP * bool(preview)
        self._rows(left + PAD, width - 2 * PAD, rows, INK)
        self._y = bottom + GAP
        for labels in message.rows:
            self._buttons(left, width, labels)
        self._y += 2 * GAP

    def _rows(self, x: int, width: int, rows: list[Row], ink: str) -> None:
        for row in rows:
            if row.quoted:
                self._quotation(x, width, _height(row))
            self._row(x + INDENT * row.quoted, row, ink)
            if row.faded:
                self._fade(x, width)

    def _quotation(self, x: int, width: int, height: int) -> None:
        """The ground of one line, and the bar beside it."""
        self._draw.rectangle((x, self._y, x + width, self._y + height), fill=QUOTED)
        self._draw.rectangle((x, self._y, x + 3 * SCALE, self._y + height), fill=BLUE)

    def _fade(self, x: int, width: int) -> None:
        """What is folded away dissolves, and a small arrow says that it opens."""
        top = self._y - LINE
        left, right = x + 4 * SCALE, x + width
        veil = Image.new("RGB", (right - left + 1, LINE + 1), QUOTED)
        depth = Image.linear_gradient("L").resize(veil.size)
        self._image.paste(veil, (left, top), depth)
        self._draw.rectangle((right - 28 * SCALE, top, right, self._y), fill=QUOTED)
        middle, low = right - 14 * SCALE, self._y - 9 * SCALE
        reach = 5 * SCALE
        arrow = [(middle - reach, low - reach), (middle, low), (middle + reach, low - reach)]
        self._draw.line(arrow, fill=BLUE, width=2 * SCALE, joint="curve")

    def _row(self, x: float, row: Row, ink: str) -> None:
        """One line of text at the present height, which it moves down."""
        for run in row.runs:
            self._run(x, run, {"code": CODE, "italic": MUTED}.get(run.style, ink))
            x += self._fonts.width(run)
        self._y += _height(row)

    def _run(self, x: float, run: Run, ink: str) -> None:
        if not is_emoji(run.text):
            baseline = (x, self._y + LINE * 3 // 4)
            face = self._fonts.of(run.style)
            self._draw.text(baseline, set_in_type(run.text), fill=ink, font=face, anchor="ls")
        elif self._fonts.emoji:
            tile = _picture(run.text, self._fonts.emoji)
            self._image.paste(tile, (int(x), self._y + SCALE), tile)

    def _buttons(self, left: int, width: int, labels: list[str]) -> None:
        each = (width - GAP * (len(labels) - 1)) / len(labels)
        for at, label in enumerate(labels):
            x = left + at * (each + GAP)
            box = (x, self._y, x + each, self._y + BUTTON)
            self._draw.rounded_rectangle(box, 8 * SCALE, fill=PRESSED)
            text = Row(tuple(Run(piece) for piece in (label[0], label[1:]) if piece))
            top = self._y
            self._y += (BUTTON - LINE) // 2
            self._row(x + (each - text.width(self._fonts.width)) / 2, text, INK)
            self._y = top
        self._y += BUTTON + GAP


def _height(row: Row) -> int:
    """In pixels; an empty line is a narrow one."""
    return LINE if row.runs else LINE // 2


def _preview(message: Message, measure: Measure, room: int) -> list[Row]:
    """What is replied to: who said it, and its first words."""
    first = next(row for row in laid_out(message, measure, room, INDENT) if row.runs)
    plain = tuple(Run(run.text) for run in first.runs)
    return [Row((Run(message.who, "bold"),), quoted=True), Row(plain, quoted=True)]


def draw(text: str, font: Path) -> Image.Image:
    """The picture of a conversation. Raises OSError where the font cannot be read."""
    sheet = Sheet(open_fonts(font))
    above: Message | None = None
    for message in messages_in(text):
        sheet.add(message, above)
        above = message
    return sheet.finished()


def save(text: str, font: Path, path: Path) -> None:
    """Draw a conversation into a file that carries the digest of its text."""
    info = PngInfo()
    info.add_text(STAMP, hashlib.sha256(text.encode()).hexdigest())
    draw(text, font).save(path, optimize=True, pnginfo=info)


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else FONT
    if not chosen.exists():
        sys.exit(f"{chosen}: no such font; install fonts-noto-cjk, or name a font file")
    for source in sorted(FOLDER.glob("*.txt")):
        save(source.read_text(encoding="utf-8"), chosen, source.with_suffix(".png"))
