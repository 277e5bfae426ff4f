"""Pages about one film: what is put on them, and what can be read there.

A page is read as a person reads it, by words and their positions. The film's true
genres and those of both rankings are all different, so a name belongs to one list
only; the probabilities are all different, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from reelmark.checks import Figure, Submission, Text, expect, shared
from support.figures import figure_of, has_word, squeeze
from support.films import Films

Ranking = list[tuple[str, float]]

GRID = (4, 2)
COLOUR_TOLERANCE = 0.06
"""Tolerance, out of 1, for the mean colour of a field of the grid. Scaling a poster
changes it by less than 0.05; with the poster of any other fixture film, some field
differs by more than 0.15."""

OVERHANG = 0.05
"""Share of the figure: a notebook makes room for a text that sticks out a little."""

PIECE = 12
"""This many letters of an overview are not in another text by chance."""


@dataclass(frozen=True, eq=False)
class Page:
    """What a figure must show: a film, its true genres and two rankings.

    ``is_small`` halves the size of the poster, and makes it floats.
    """

    films: Films
    row: int
    cnn_top: Ranking
    lstm_top: Ranking
    is_small: bool = False

    @property
    def poster(self) -> Any:
        """The poster: uint8, shape (300, 150, 3), or float32, shape (150, 75, 3)."""
        poster = np.asarray(Image.open(self.films.posters[self.row]))
        return poster[::2, ::2].astype(np.float32) / 255 if self.is_small else poster

    @property
    def overview(self) -> str:
        """The film's overview."""
        return self.films.overviews[self.row]

    @property
    def truth(self) -> list[str]:
        """The film's true genres."""
        has_genre = self.films.labels[self.row]
        return [g for g, has in zip(self.films.genres, has_genre, strict=True) if has]

    @property
    def rankings(self) -> dict[str, Ranking]:
        """Both rankings, by model."""
        return {"CNN": self.cnn_top, "LSTM": self.lstm_top}


@shared
def get_film_figures(submission: Submission, pages: tuple[Page, ...]) -> list[Figure]:
    """Return the student's figures of films, if they are figures."""
    plot = submission.evaluation.plot_film
    return [
        figure_of(
            plot(page.poster, page.overview, page.truth, page.cnn_top, page.lstm_top)
        )
        for page in pages
    ]


class DrawnFilm:
    """A figure of a film, with its pictures and its words.

    Args:
        figure: What the student's function drew.
        page: What it was given.
    """

    def __init__(self, figure: Figure, page: Page) -> None:
        self._figure = figure
        self._page = page
        self._words = figure.all_text()

    def expect_poster(self) -> None:
        """Expect the poster among the figure's images, with its own colours."""
        images = [image for panel in self._figure.axes for image in panel.images]
        expect.that(
            bool(images),
            "the figure shows no poster.",
            expected="the poster that was given, as an image",
            got="no image",
            advice="Axes show an array of pixels, if they are visible themselves.",
        )
        wanted = _colours(self._page.poster)
        shown = [_colours(image) for image in images]
        apart = [np.abs(colours - wanted).max() for colours in shown]
        nearest = int(np.argmin(apart))
        expect.that(
            apart[nearest] < COLOUR_TOLERANCE,
            "the image is not the poster that was given.",
            expected=_mean_colour(self._page.poster),
            got=_mean_colour(images[nearest]),
            why=_why_other_poster(shown, wanted)
            or _why_a_part(images[nearest], self._page.poster),
            advice="The poster is an argument: it needs no reading and no preparing.",
        )

    def expect_overview(self) -> None:
        """Expect the whole overview, in lines that fit into the figure."""
        overview, words = self._page.overview, self._page.overview.split()
        written = squeeze(self._words)
        shown = [
            count
            for count in range(len(words) + 1)
            if squeeze(" ".join(words[:count])) in written
        ]
        is_cut = len(squeeze(" ".join(words[: shown[-1]]))) > PIECE
        expect.that(
            squeeze(overview) in written,
            "the overview is cut off." if is_cut else "the overview is not there.",
            expected=f"all {len(words)} words of the overview that was given",
            got=f"the first {shown[-1]} words"
            if is_cut
            else "no text that begins as it does",
            advice="An overview may be long. Break it into lines; leave nothing out.",
        )
        panels = self._figure.axes
        inside = (text for panel in panels for text in panel.writing)
        for text in (*inside, *self._figure.texts):
            if _is_piece(squeeze(text.text), squeeze(overview)):
                self._expect_room(text)

    def expect_truth(self) -> None:
        """Expect the names of the film's true genres."""
        expect_names(
            self._words, self._page.truth, "a true genre of the film is not named."
        )

    def _expect_room(self, text: Text) -> None:
        """Expect a text not to stick out of the figure on any side."""
        width, height = self._figure.size
        left, bottom, right, top = text.box
        over = {
            "left": -left / width,
            "bottom": -bottom / height,
            "right": right / width - 1,
            "top": top / height - 1,
        }
        side = max(over, key=over.__getitem__)
        expect.that(
            over[side] <= OVERHANG,
            "the overview runs out of the figure.",
            expected=f"a text within the figure, {width:.0f} x {height:.0f} pixels",
            got=f"one that leaves it by {100 * over[side]:.0f}% of its size: {side}",
            advice="Break the overview into shorter lines, or make room for more of "
            "them, before you write it.",
        )


def expect_names(words: str, genres: Sequence[str], summary: str) -> None:
    """Expect a text to name all these genres."""
    found = [genre for genre in genres if has_word(words, genre)]
    expect.that(
        len(found) == len(genres),
        summary,
        expected=", ".join(genres),
        got=", ".join(found) or "none of these names",
        advice="A list may be longer than three: show all of it."
        if found
        else "Readers want names: no indices, and no zeros and ones.",
    )


def _why_a_part(image: Any, poster: Any) -> str:
    """Say that a panel shows only a part of the poster, if it is one at the border."""
    height, width = poster.shape[:2]
    if image.ndim != 3 or image.shape[0] > height or image.shape[1] > width:
        return ""
    rows, columns = image.shape[:2]
    parts = (
        poster[top : top + rows, left : left + columns]
        for top in (0, height - rows)
        for left in (0, width - columns)
    )
    if not any(np.array_equal(image, part) for part in parts):
        return ""
    return f"Its panel shows {rows} x {columns} of its {height} x {width} pixels."


def _is_piece(text: str, overview: str) -> bool:
    return len(text) >= PIECE and (text in overview or overview in text)


def _colours(image: Any) -> Any:
    """Return the mean colour of each field of a grid over an image, from 0 to 1."""
    is_coloured = isinstance(image, np.ndarray) and image.ndim == 3
    if not is_coloured or image.shape[2] < 3 or image.dtype.kind not in "uif":
        return np.full((*GRID, 3), np.inf)
    if min(image.shape[:2]) < max(GRID):
        return np.full((*GRID, 3), np.inf)
    scale = 1.0 if image.dtype.kind == "f" else 255.0
    pixels = image[..., :3].astype(np.float64) / scale
    fields = [
        [field.mean(axis=(0, 1)) for field in np.array_split(row, GRID[1], axis=1)]
        for row in np.array_split(pixels, GRID[0], axis=0)
    ]
    return np.array(fields)


def _why_other_poster(shown: list[Any], wanted: Any) -> str:
    """Say what happened to the poster, if one of the images proves it."""
    for changed, why in (
        (wanted[..., ::-1], "Red and blue have changed places."),
        (wanted[:, ::-1], "It is mirrored."),
        (wanted[::-1], "It stands on its head."),
        (
            wanted / 255,
            "It is black: its numbers, from 0 to 1, were taken for 0 to 255.",
        ),
    ):
        if any(np.abs(colours - changed).max() < COLOUR_TOLERANCE for colours in shown):
            return why
    return ""


def _mean_colour(image: Any) -> str:
    red, green, blue = _colours(image).mean(axis=(0, 1))
    if not np.isfinite(red):
        return expect.describe(image)
    return f"mean colour ({red:.2f}, {green:.2f}, {blue:.2f})"
