"""What has fallen since an earlier run, and the picture of both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.baseline import TOLERANCE, find_regressions, read_baseline
from bot.cli.plot import draw
from bot.errors import RefusalError
from bot.jsonshape import dump, evaluation_shape
from index.evaluation.evaluate import Measures
from tests.bot.conftest import CommandLine

NAMES = ("R@1", "R@5", "R@10", "MRR@10", "nDCG@10")


def measures(
    name: str = "leases",
    figure: float = 0.5,
    passages: int = 9,
    more: dict[str, float] | None = None,
) -> Measures:
    """A run in which every figure is the same, but for `more`."""
    quality = dict.fromkeys(NAMES, figure) | (more or {})
    return Measures(name, passages, 4, quality, 0, 0.9, 1.0, 1.0, 1.0, 1.0)


def written(file: Path, *measured: Measures) -> Path:
    """What `evaluate --json` would have left."""
    file.write_text(dump(evaluation_shape(measured)), encoding="utf-8")
    return file


@pytest.mark.parametrize("measure", NAMES)
def test_a_fall_of_any_figure_is_found(measure: str, tmp_path: Path) -> None:
    """It is named with both values; a rise, or a fall within the tolerance, is not."""
    baseline = read_baseline(written(tmp_path / "then.json", measures()))
    assert [*find_regressions([measures(figure=0.9)], baseline)] == []
    assert [*find_regressions([measures(figure=0.5 - TOLERANCE / 2)], baseline)] == []
    (fall,) = find_regressions([measures(more={measure: 0.4})], baseline)
    assert str(fall) == f"leases: {measure} fell from 0.5000 to 0.4000"


def test_what_is_not_the_same_is_not_compared(tmp_path: Path) -> None:
    """Another collection, or one of another size, has no figures to fall from."""
    baseline = read_baseline(written(tmp_path / "then.json", measures()))
    assert [
        *find_regressions([measures("deeds", 0.1), measures(figure=0.1, passages=10)], baseline)
    ] == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"collections": [{"name": "x"}]}', '{"collections": 3}', "\x00"]
)
def test_a_file_that_is_no_run_is_refused_in_a_line(text: str, tmp_path: Path) -> None:
    """With the file's name and what is missing."""
    (tmp_path / "then.json").write_text(text)
    with pytest.raises(
        RefusalError, match=r"then\.json is not what 'evaluate --json' prints \(.+\)$"
    ):
        read_baseline(tmp_path / "then.json")


@pytest.mark.slow
def test_the_picture_marks_the_earlier_run(tmp_path: Path) -> None:
    """As text in an SVG: both names, and a mark only where there is something to mark."""
    baseline = read_baseline(written(tmp_path / "then.json", measures(figure=0.7)))
    for then, marked in ((baseline, True), ({}, False)):
        draw([measures(), measures("deeds")], tmp_path / "picture.svg", then)
        drawn = (tmp_path / "picture.svg").read_text(encoding="utf-8")
        assert "<!-- leases -->" in drawn
        assert "<!-- deeds -->" in drawn
        assert ("<!-- the last run -->" in drawn) == marked


def test_the_command_fails_on_a_fall(pincite: CommandLine) -> None:
    """Status 1 and one line for each figure; none when the run is as good."""
    folder = Path("judged")
    folder.mkdir()
    (folder / "passages.jsonl").write_text('{"id": "a", "title": "", "text": "The roof leaks."}\n')
    (folder / "queries.jsonl").write_text(
        '{"id": "1", "text": "roof"}\n{"id": "2", "text": "qzx"}\n'
    )
    (folder / "qrels.tsv").write_text("1\ta\t1\n2\ta\t1\n")
    run = pincite("evaluate", folder, "--json").shapes[0]
    for figure, status, lines in ((0.5, 0, 0), (0.6, 1, len(NAMES))):
        run["collections"][0] |= dict.fromkeys(NAMES, figure)
        Path("then.json").write_text(json.dumps(run))
        ran = pincite("evaluate", folder, "--against", "then.json")
        assert (ran.status, ran.err.count("\n")) == (status, lines)
        assert "R@1" in ran.out
    assert pincite("evaluate", folder, "--against", "nowhere.json").status == 1


def test_a_picture_in_a_checkout_is_drawn_against_the_last_run(pincite: CommandLine) -> None:
    """A last run that cannot be read is told, so it was looked at."""
    folder = Path("judged")
    folder.mkdir()
    (folder / "passages.jsonl").write_text('{"id": "a", "title": "", "text": "The roof leaks."}\n')
    (folder / "queries.jsonl").write_text('{"id": "1", "text": "roof"}\n')
    (folder / "qrels.tsv").write_text("1\ta\t1\n")
    last = Path("tests/qrels/baseline.json")
    last.parent.mkdir(parents=True)
    last.write_text("{}")
    assert pincite("evaluate", folder).status == 0
    assert "baseline.json is not what" in pincite("evaluate", folder, "--plot", "x.png").err
