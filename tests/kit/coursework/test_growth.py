"""Growth: reading an answer twice as long takes no more than twice the time.

A worker chooses how long its texts and lists are. Each reader is driven here with
answers of one size, and of sixteen times that size: time in proportion is sixteen times
as long, and time with the square of the size two hundred and fifty times.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reelmark.checks import (
    Axes,
    Bars,
    Figure,
    Line,
    Mismatch,
    Opaque,
    Text,
    Tick,
    expect,
)
from reelmark.checks.observations import build_observation
from reelmark.marking import messages
from reelmark.verification import golden
from reelmark.wire.codec import Record
from support import curves, figures, film_lists, film_pages, genre_bars, scores, words
from support.films import PUBLIC, Films

GROWTH = 16
MOST = 80.0
"""The largest ratio of times for 16 times as much; 16 is linear, 256 quadratic."""

ATTEMPTS = 6
LEAST_SECONDS = 0.001
"""Shorter times say little: then the smaller size is increased."""

UNITS = {
    "digits": "1",
    "letters": "a",
    "capitals": "aA",
    "digits-apart": "_1",
    "lines": "x\n",
    "empty-lines": "\n",
    "blanks": " ",
    "brackets": "(",
    "braces": "{{",
    "numbers": "1.5 ",
    "points": "1.",
    "names": "CNN LSTM ",
    "genre": "Drama 0.90 ",
    "remark": "(looking at it raised ",
    "hyphens": "-\u00ad",
    "exponents": "1e",
}

Read = Callable[[int], Callable[[], object]]


def measure(act: Callable[[], object]) -> float:
    """Return the processor seconds that something takes, until it finds a mistake."""
    started = time.process_time()
    with contextlib.suppress(Mismatch):
        act()
    return time.process_time() - started


def expect_in_proportion(read: Read, size: int, most: int = 10**6) -> None:
    """Expect time in proportion to the size of what is read.

    Args:
        read: Makes something of a size to read; returns what reads it.
        size: The smaller size.
        most: To which it may be raised where it takes no time.
    """
    ratios = []
    for _ in range(ATTEMPTS):
        while (least := measure(read(size))) < LEAST_SECONDS and size < most:
            size *= 2
        ratios.append(measure(read(GROWTH * size)) / max(least, LEAST_SECONDS))
        if ratios[-1] < MOST:
            return
    pytest.fail(f"{size} and {GROWTH * size}: {min(ratios):.0f} times as long")


def make_text(text: str, place: int = 0) -> Text:
    """Return a text at a place of its own."""
    box = (float(place), float(place), place + 9.0, place + 9.0)
    return Text(text, box, 9.0, 0.0)


def make_panel(**fields: Any) -> Axes:
    """Return a panel with something in it."""
    texts = dict.fromkeys(("title", "xlabel", "ylabel"), "")
    lists: dict[str, Any] = {
        name: []
        for name in ("legend", "lines", "bars", "images", "texts", "xticks", "yticks")
    }
    box = {"box": (0.0, 0.0, 800.0, 600.0)}
    return Axes(**{**box, **texts, **lists, "table": [], "writing": [], **fields})


def make_figure(*panels: Axes, title: str = "", texts: Any = ()) -> Figure:
    """Return a figure of some panels."""
    return Figure(title, (800.0, 600.0), [*panels], [*texts])


RUN = curves.Run(
    "A run",
    {
        curve: [round(0.9 - 0.01 * place - epoch / 50, 4) for epoch in range(12)]
        for place, curve in enumerate(curves.CURVES)
    },
)
SCORED = genre_bars.make_scored("Scores", ["Drama", "Comedy", "War"], [9, 5, 2], 7)


class FewFilms:
    """A film to make a page of."""

    genres = ("Drama", "Comedy", "War", "Crime", "Music", "Horror")
    overviews = ("A house by the sea where two sisters wait for the rain to end.",)
    labels = np.array([[0, 0, 0, 0, 0, 1]])
    posters = PUBLIC.posters


FILMS: Films = FewFilms()  # type: ignore[assignment]
PAGE = film_pages.Page(
    FILMS,
    0,
    [("Drama", 0.9), ("Comedy", 0.8)],
    [("War", 0.7), ("Crime", 0.6)],
)


def line_of(curve: curves.Curve, legend: str) -> Line:
    """Return a line that shows a curve."""
    y = np.array(RUN.curves[curve])
    seen, box = np.ones(12, bool), (100.0, 100.0, 400.0, 300.0)
    return Line(legend, legend, 0, "", np.arange(12.0), y, seen, box)


def read_run(figure: Figure) -> None:
    """Read a figure of curves as checks do."""
    drawn = curves.DrawnRun(figure, RUN)
    figures.expect_title(figure, RUN.title) if RUN.title in figure.title else None
    drawn.expect_curves(drawn.found)
    drawn.expect_labels()


def read_scores(figure: Figure) -> None:
    """Read a figure of bars as checks do, each fact by itself."""
    for name in ("expect_bars_beside_names", "expect_sorted", "expect_readable"):
        measure(getattr(genre_bars.DrawnScores(figure, SCORED), name))


def read_page(figure: Figure) -> None:
    """Read a page about a film as checks do, each fact by itself."""
    film = film_pages.DrawnFilm(figure, PAGE)
    lists = film_lists.DrawnLists(figure, PAGE)
    for act in (film.expect_poster, film.expect_overview, film.expect_truth):
        measure(act)
    for act in (lists.expect_lists, lists.expect_scores, lists._expect_owners):
        measure(act)


def with_texts(count: int, text: str) -> Figure:
    """Return a figure with many texts: in two panels, and around them."""
    many = [make_text(text, place) for place in range(count)]
    lines = [line_of(curve, " ".join(curve)) for curve in curves.CURVES]
    ticks = [Tick(float(i), float(i), each) for i, each in enumerate(many)]
    both = {"texts": many, "writing": many, "lines": lines, "bars": [bars_of(3)]}
    panel = make_panel(**both, xticks=ticks, legend=[text] * count)
    return make_figure(panel, make_panel(texts=many, writing=many), texts=many)


def with_lines(count: int, legend: str) -> Figure:
    """Return a figure in which every curve is drawn many times, among texts."""
    lines = [
        line_of(curve, f"{' '.join(curve)} {legend} {number}")
        for number in range(count)
        for curve in curves.CURVES
    ]
    texts = [make_text(legend, place) for place in range(count)]
    beside = {"texts": texts, "writing": texts, "title": "loss"}
    return make_figure(make_panel(lines=lines, **beside))


def with_panels(count: int) -> Figure:
    """Return a figure of many panels, with a curve, bars and names in each."""
    text = make_text("Drama CNN 0.90")
    tick = Tick(1.0, 1.0, make_text("Drama"))
    panels = [
        make_panel(
            lines=[line_of(curves.CURVES[number % 6], "training loss")],
            bars=[bars_of(2)],
            texts=[text],
            writing=[text],
            xticks=[tick],
            images=[np.zeros((8, 8, 3))],
        )
        for number in range(count)
    ]
    return make_figure(*panels)


def bars_of(count: int, legend: str = "precision") -> Bars:
    """Return a group of bars, of which the first are those of the scores."""
    lengths = np.resize(SCORED.table["precision"].to_numpy(), count)
    places = np.arange(float(count))
    boxes = np.column_stack((places, 0 * places, places + 1, lengths))
    return Bars(legend, legend, 0, False, "", places, places, lengths, boxes, boxes)


FIGURES: dict[str, Callable[[int], Figure]] = {
    "texts": lambda n: with_texts(n, "training loss"),
    "names": lambda n: with_texts(n, "CNN: Drama 0.90, Comedy 0.80"),
    "models": lambda n: with_texts(n, "CNN LSTM"),
    "heads": lambda n: make_figure(
        make_panel(
            writing=[
                make_text(("CNN", "LSTM", "Drama", "War")[i % 4], i) for i in range(n)
            ]
        )
    ),
    "long-text": lambda n: with_texts(1, "Drama\n1.5 CNN " * n),
    "lines": lambda n: with_lines(n, "training"),
    "panels": with_panels,
    "bars": lambda n: make_figure(
        make_panel(bars=[bars_of(n)], xticks=[Tick(0.0, 0.0, make_text("Drama"))])
    ),
    "groups": lambda n: make_figure(
        make_panel(
            bars=[bars_of(3, f"precision {i}") for i in range(n)],
            xticks=[Tick(0.0, 0.0, make_text("Drama"))],
            texts=[make_text("Drama", i) for i in range(n)],
        )
    ),
    "images": lambda n: make_figure(make_panel(images=[np.zeros((8, 8, 3))] * n)),
}
READERS = {"run": read_run, "scores": read_scores, "page": read_page}
LARGEST = {"lines": 64}
"""The size of which sixteen times as much still arrives: its points are bounded."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("figure", FIGURES)
def test_figure_is_read_in_proportion(figure: str, reader: str) -> None:
    """The time grows in proportion to the number of panels, lines, bars or texts."""

    def read(size: int) -> Callable[[], object]:
        made = FIGURES[figure](size)
        return lambda: READERS[reader](made)

    expect_in_proportion(read, 16, LARGEST.get(figure, 200))


TEXT_READERS: dict[str, Callable[[str], object]] = {
    "named": lambda text: figures.named(text, figures.QUANTITIES | figures.SPLITS),
    "appearance": lambda text: figures.named(text, curves.APPEARANCE),
    "models": lambda text: figures.named(text, film_lists.MODELS),
    "squeeze": figures.squeeze,
    "find_word": lambda text: figures.find_word(text, "Sci-Fi"),
    "figure_of": lambda text: figures.figure_of(Opaque("Figure", text)),
    "title": lambda text: figures.expect_title(make_figure(title=text), "A run"),
    "numbers": lambda text: film_lists.DrawnLists(
        make_figure(title=text), PAGE
    ).expect_scores(),
    "overview": lambda text: film_pages.DrawnFilm(
        make_figure(title=text), PAGE
    ).expect_overview(),
    "claims": lambda text: film_lists._claims_in(text, ["Drama", "War"]),
    "words": lambda text: words.expect_first_words([text], ["rain"], 1),
    "rows": lambda text: expect.rows([text] * 9, ["x"] * 9, "they differ."),
    "describe": lambda text: expect.describe({"a": text}),
    "message": lambda text: messages._wrap(text, "  ", 3),
    "clip": messages.clip,
    "example": lambda text: messages._example(_with_note(text)),
    "golden": lambda text: golden.agree(text, text),
}


def _with_note(text: str) -> Exception:
    error = Exception()
    error.__notes__ = [f"    x={text},"]
    return error


@pytest.mark.parametrize("reader", TEXT_READERS)
@pytest.mark.parametrize("unit", UNITS)
def test_text_is_read_in_proportion(unit: str, reader: str) -> None:
    """No expression starts over at every letter of a text."""

    def read(size: int) -> Callable[[], object]:
        text = UNITS[unit] * (size // len(UNITS[unit]))
        return lambda: TEXT_READERS[reader](text)

    expect_in_proportion(read, 500)


TABLE_READERS: dict[str, Callable[[list[Any]], object]] = {
    "list": lambda values: words.expect_first_words(values, ["rain"], 5),
    "items": lambda values: expect.items(values, 3, "three things"),
    "equal": lambda values: expect.equal(values, [1], "the list"),
    "numbers": lambda values: expect.close(
        np.arange(float(len(values))), np.zeros(len(values)), "the array", atol=1e-6
    ),
    "scores": lambda values: scores.read_scores(
        _frame(values), ["Drama", "War"], *scores.COLUMNS
    ),
    "arguments": lambda values: expect.describe(tuple(values)),
}


def _frame(values: list[Any]) -> Any:
    import pandas as pd

    columns = {name: range(len(values)) for name in scores.COLUMNS}
    return pd.DataFrame(columns, index=values)


@pytest.mark.parametrize("reader", TABLE_READERS)
def test_table_is_read_in_proportion(reader: str) -> None:
    """The time grows in proportion to the length of lists, arrays and tables."""

    def read(size: int) -> Callable[[], object]:
        values = [*itertools.islice(itertools.cycle(["rain", "sea", "a b"]), size)]
        return lambda: TABLE_READERS[reader](values)

    expect_in_proportion(read, 500)


def test_what_grows_with_the_square_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The yardstick itself: a loop in a loop is told from a loop, by any clock."""
    clock = [0.0]
    monkeypatch.setattr(time, "process_time", lambda: clock[0])

    def read(size: int) -> Callable[[], object]:
        return lambda: clock.append(clock.pop() + 1e-6 * size * size)

    with pytest.raises(pytest.fail.Exception, match="times as long"):
        expect_in_proportion(read, 64)


def test_observation_is_built_in_proportion() -> None:
    """Examining an arriving answer is no slower than sending it."""

    def read(size: int) -> Callable[[], object]:
        config = {"a": [{"b": [1.5, "x"]}] * size}
        fields = {"name": "shuffle", "settings": config}
        record = Record("Operation", fields)
        return lambda: build_observation(record, lambda *_: None)

    expect_in_proportion(read, 200)
