"""How Word writes the numbers of lists, in every form that ECMA-376 names (17.18.59) and it shows.

A form that is missing here is written in decimals, as Word does with one that it does not know.
"""

from __future__ import annotations

from collections.abc import Callable

_HAN = "零一二三四五六七八九"
_HAN_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_HAN_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
_HEBREW_UNITS: tuple[str, ...] = ("", *"אבגדהוזחט")
_HEBREW_TENS: tuple[str, ...] = ("", *"יכלמנסעפצ")
_HEBREW_HUNDREDS: tuple[str, ...] = ("", *"קרשת")
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
_ORDINALS |= {"nine": "ninth", "twelve": "twelfth"}


def roman(number: int) -> str:
    """A number in small Roman numerals."""
    letters = []
    for value, letter in _ROMAN:
        count, number = divmod(number, value)
        letters.append(letter * count)
    return "".join(letters)


def han(number: int, digits: str = _HAN, units: str = "十百千") -> str:
    """A number below ten thousand in Chinese characters, as they count: 十二, 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    text, zero = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (
                digits[0] * (zero and bool(text))
                + digits[digit]
                + (units[power - 1] if power else "")
            )
        zero = not digit
    ten_to_nineteen = text.startswith(digits[1] + units[0]) and number < 20
    return text.removeprefix(digits[1]) if ten_to_nineteen else text


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _repeated(row: str) -> Callable[[int], str]:
    """The row's letters, doubled after the last one, then trebled: as Word goes on after z."""
    return lambda number: (
        row[(number - 1) % len(row)] * ((number - 1) // len(row) + 1) if number else ""
    )


def _cycled(row: str) -> Callable[[int], str]:
    return lambda number: row[(number - 1) % len(row)] if number else ""


def _digits(row: str) -> Callable[[int], str]:
    return lambda number: "".join(row[int(digit)] for digit in str(number))


def _legal(digits: str) -> Callable[[int], str]:
    """As on cheques: 壹拾壹, never 拾壹 alone."""

    def written(number: int) -> str:
        words = han(number, digits, "拾佰仟")
        return digits[1] + words if words.startswith("拾") else words

    return written


def _korean(number: int) -> str:
    return han(number, "영일이삼사오육칠팔구", "십백천")


def _hebrew(number: int) -> str:
    """Letters as numbers; 15 and 16 avoid the divine name."""
    if not 0 < number < 500:
        return str(number)
    hundreds, below = divmod(number, 100)
    pair = {15: "טו", 16: "טז"}.get(below, "")
    letters = pair or _HEBREW_TENS[below // 10] + _HEBREW_UNITS[below % 10]
    return f"{_HEBREW_HUNDREDS[hundreds]}{letters}"


def _from(row: str) -> Callable[[int], str]:
    return lambda number: row[number - 1] if 0 < number <= len(row) else str(number)


def _cardinal(number: int) -> str:
    if not 0 <= number < 1_000:
        return str(number)
    hundreds, below = divmod(number, 100)
    tens, unit = divmod(below, 10)
    words = _UNITS[below] if below < 20 else _TENS[tens - 2] + (f"-{_UNITS[unit]}" * bool(unit))
    if hundreds:
        words = f"{_UNITS[hundreds]} hundred" + (f" {words}" if below else "")
    return words.capitalize()


def _ordinal_words(number: int) -> str:
    if not 0 <= number < 1_000:
        return _ordinal(number)
    # One hundred first, twenty-second: only the last word changes.
    words = _cardinal(number).lower()
    at = max(words.rfind("-"), words.rfind(" ")) + 1
    last = words[at:]
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{words[:at]}{last}".capitalize()


def _ordinal(number: int) -> str:
    teen = 10 < number % 100 < 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


FORMS: dict[str, Callable[[int], str]] = (
    {
        "decimalZero": lambda number: f"{number:02d}",
        "lowerLetter": _letters,
        "upperLetter": lambda number: _letters(number).upper(),
        "lowerRoman": roman,
        "upperRoman": lambda number: roman(number).upper(),
        "ordinal": _ordinal,
        "cardinalText": _cardinal,
        "ordinalText": _ordinal_words,
        "numberInDash": lambda number: f"- {number} -",
        "decimalEnclosedParen": lambda number: f"({number})",
        "decimalEnclosedFullstop": lambda number: f"{number}.",
        "ideographTraditional": _from(_STEMS),
        "ideographZodiac": _from(_BRANCHES),
        "ideographEnclosedCircle": _from("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
        "chineseLegalSimplified": _legal(_HAN_LEGAL),
        "ideographLegalTraditional": _legal(_HAN_LEGAL_TRADITIONAL),
        "japaneseLegal": lambda number: han(number, "零壱弐参四伍六七八九", "拾百千"),
        "ideographZodiacTraditional": lambda number: (
            _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]
            if 0 < number <= 60
            else str(number)
        ),
        "koreanDigital": _digits("영일이삼사오육칠팔구"),
        "koreanCounting": _korean,
        "ganada": _cycled("가나다라마바사아자차카타파하"),
        "chosung": _cycled("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
        "aiueo": _cycled("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"),
        "aiueoFullWidth": _cycled(
            "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
        ),
        "iroha": _cycled("ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽﾝ"),
        "irohaFullWidth": _cycled(
            "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
        ),
        "russianLower": _repeated("абвгдежзиклмнопрстуфхцчшщыэюя"),
        "russianUpper": _repeated("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
        "chicago": _repeated("*†‡§"),
        "hebrew1": _hebrew,
        "hebrew2": _repeated("אבגדהוזחטיכלמנסעפצקרשת"),
        "arabicAlpha": _repeated("أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
        "arabicAbjad": _repeated("ابجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
        "thaiLetters": _repeated("กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
        "thaiNumbers": _digits("๐๑๒๓๔๕๖๗๘๙"),
        "hindiNumbers": _digits("०१२३४५६७८९"),
        "hex": lambda number: f"{number:X}",
        "bullet": lambda _: "",
        "none": lambda _: "",
    }
    | dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"),
        lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    )
    | dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _from(_CIRCLES))
    | dict.fromkeys(
        ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2"),
        lambda number: "".join(("〇" + _HAN[1:])[int(digit)] for digit in str(number)),
    )
    | dict.fromkeys(
        (
            *("chineseCounting", "chineseCountingThousand", "japaneseCounting"),
            *("taiwaneseCounting", "taiwaneseCountingThousand"),
        ),
        han,
    )
)
