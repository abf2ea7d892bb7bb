"""Build the translation table: CC-CEDICT as translation probabilities, both ways, in one file.

    python -m tools.translations

builds the table that all data folders of this Python environment share, unless it is there.
`--into FOLDER` builds it in a folder, and prints each step on a line of its own: this is how a
first question has it built.

p(f|e), English to Chinese: a gloss that is the phrase itself counts most, less the later it
stands; a word inside a short gloss counts for its share, its last word (the head of an English
noun phrase) twice; common Chinese words count more, single characters less.
p(e|f), Chinese to English: the words of each gloss share its weight.
Source: K. Darwish and D. W. Oard, Probabilistic structured query methods, SIGIR 2003.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpus.atomic import replace_file
from index.vocabulary.expansion import LONGEST_PHRASE
from index.vocabulary.lexical import index_terms
from index.vocabulary.mapped_tables import Entries, write_table
from index.vocabulary.tables import FILE, Progress, open_table, version
from tools import cedict, names
from tools.cedict import Entry

POSITION = 0.35
INSIDE = 0.3
INSIDE_CONTENT_WORDS = 3
FREQUENCY_POWER = 0.3
FREQUENCY_FLOOR = 3
SINGLE_CHARACTER = 0.2
GLOSS_FREQUENCY_POWER = 0.1
BEST = 20
LEAST = 0.005

_STEPS = 6

Weights = dict[str, dict[str, float]]
"""Key -> term -> weight, not yet normalised."""


def build(folder: Path, progress: Progress | None = None) -> None:
    """Build the table and the NOTICE beside it: takes seconds, may be interrupted or repeated.

    Raises OSError when the folder cannot be written.
    """
    step = iter(range(1, _STEPS + 1))

    def report() -> None:
        if progress:
            progress(next(step), _STEPS)

    # Written first: a folder that is closed to us shows before seconds are spent on the table.
    notice = cedict.ATTRIBUTION
    replace_file(folder / "NOTICE", [notice.encode() + b"\n"], mode=0o644)
    entries = cedict.entries()
    report()
    usage = cedict.frequencies()
    report()
    english = to_chinese(entries, usage)
    report()
    chinese = to_english(entries)
    report()
    sounds, readings = names.learn(set(cedict.names()))
    report()
    lexicons = {
        "english": english,
        "chinese": chinese,
        "sounds": sounds,
        "readings": readings,
        "syllables": names.readings_of(cedict.pronunciations()),
    }
    write_table(folder / FILE, version(), lexicons, attribution=notice)
    report()


def to_chinese(entries: Iterable[Entry], usage: Mapping[str, int]) -> Entries:
    """English phrases, as stems joined by spaces, to index terms of Chinese."""
    weights: Weights = defaultdict(dict)
    for entry in entries:
        for gloss in entry.glosses:
            value = 1 / (1 + POSITION * gloss.position)
            if len(gloss.words) <= LONGEST_PHRASE:
                _raise(weights[" ".join(gloss.words)], entry.headword, value)
            for word, share in _inside(gloss.content):
                _raise(weights[word], entry.headword, INSIDE * share * value)
    pieces: dict[str, tuple[str, ...]] = {}
    return _best((key, _spread(heads, usage, pieces)) for key, heads in weights.items())


def to_english(entries: Iterable[Entry]) -> Entries:
    """Chinese headwords to English stems."""
    entries = list(entries)
    usage = Counter(w for entry in entries for gloss in entry.glosses for w in gloss.content)
    weights: Weights = defaultdict(dict)
    for entry in entries:
        row = weights[entry.headword]
        for gloss in entry.glosses:
            if len(gloss.content) > LONGEST_PHRASE:
                continue
            for word in gloss.content:
                value = (usage[word] + FREQUENCY_FLOOR) ** GLOSS_FREQUENCY_POWER
                value /= len(gloss.content) * (1 + POSITION * gloss.position)
                row[word] = row.get(word, 0.0) + value
    return _best(weights.items())


def _inside(content: tuple[str, ...]) -> Iterable[tuple[str, float]]:
    if 1 <= len(content) <= INSIDE_CONTENT_WORDS and len(set(content)) == len(content):
        for at, word in enumerate(content):
            yield word, (2 if at == len(content) - 1 else 1) / len(content)


def _raise(row: dict[str, float], key: str, value: float) -> None:
    if value > row.get(key, 0.0):
        row[key] = value


def _spread(
    heads: Mapping[str, float], usage: Mapping[str, int], pieces: dict[str, tuple[str, ...]]
) -> dict[str, float]:
    """Headwords' weights, times how common they are, handed to their index terms."""
    row: dict[str, float] = {}
    for head, weight in heads.items():
        if head not in pieces:
            pieces[head] = index_terms(head)
        common = (usage.get(head, 0) + FREQUENCY_FLOOR) ** FREQUENCY_POWER
        value = weight * common * (SINGLE_CHARACTER if len(head) == 1 else 1)
        for term in pieces[head]:
            row[term] = row.get(term, 0.0) + value / len(pieces[head])
    return row


def _best(rows: Iterable[tuple[str, Mapping[str, float]]]) -> Entries:
    table: dict[str, list[tuple[str, float]]] = {}
    for key, row in rows:
        total = sum(row.values())
        # Ties are broken by the term, so that every build gives the same file.
        ranked = sorted(row.items(), key=lambda item: (-item[1], item[0]))[:BEST]
        best = [(term, value) for term, value in ranked if value >= LEAST * total]
        if best and key:
            mass = sum(value for _, value in best)
            table[key] = [(term, value / mass) for term, value in best]
    return table


def main() -> None:
    """Build the table that is missing, and report each step."""
    parser = argparse.ArgumentParser(prog="python -m tools.translations", description=__doc__)
    parser.add_argument("--into", type=Path, metavar="FOLDER")
    folder = parser.parse_args().into
    try:
        if folder:
            build(folder, _print_step)
        else:
            open_table(progress=_show_step)
    except OSError as error:
        sys.exit(str(error))


def _print_step(done: int, steps: int) -> None:
    print(f"{done}/{steps}", flush=True)


def _show_step(done: int, steps: int) -> None:
    sys.stderr.write(f"\rbuilding the translation table from CC-CEDICT: {done}/{steps}")
    sys.stderr.write("\n" if done == steps else "")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
