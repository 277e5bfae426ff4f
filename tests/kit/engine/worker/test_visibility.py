"""Visibility: what nothing tells from its ground is not seen; anything else is."""

from __future__ import annotations

from typing import Any

import matplotlib.style
import numpy as np
import pytest
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reelmark.worker import visibility
from reelmark.worker.visibility import (
    is_image_seen,
    is_read,
    why_bar_unseen,
    why_line_unseen,
)


@pytest.fixture
def axes() -> Axes:
    """The panel of a new figure of 400 x 300 pixels."""
    return Figure(figsize=(4, 3), dpi=100).subplots()


def lay_out(axes: Axes) -> None:
    """Give everything in a figure its place, as before it is described."""
    axes.figure.draw_without_rendering()


class TestLines:
    """Lines, by their colours, widths and markers."""

    @pytest.mark.parametrize(
        ("look", "why"),
        [
            ({"color": "white"}, visibility.ALIKE),
            ({"color": "#fdfdfd"}, visibility.ALIKE),
            ({"alpha": 0}, visibility.CLEAR),
            ({"color": "none"}, visibility.CLEAR),
            ({"color": (0, 0, 0, 0.01)}, visibility.CLEAR),
            ({"linestyle": ""}, visibility.BLANK),
            ({"linewidth": 0}, visibility.BLANK),
            ({"linestyle": "", "marker": "o", "markersize": 0}, visibility.BLANK),
            ({"linestyle": "", "marker": "o", "color": "w"}, visibility.ALIKE),
            ({"visible": False}, visibility.OFF),
        ],
        ids=str,
    )
    def test_line_without_a_trace_is_not_seen(
        self, axes: Axes, look: dict[str, Any], why: str
    ) -> None:
        """It is said why: the colour, the transparency, the width, or the switch."""
        (line,) = axes.plot([1, 2], **look)
        assert why_line_unseen(line) == why

    @pytest.mark.parametrize(
        "look",
        [
            {},
            {"color": "lightyellow"},
            {"alpha": 0.1},
            {"linestyle": "", "marker": "x"},
            {"linestyle": "", "marker": "o", "color": "w", "markeredgecolor": "k"},
        ],
        ids=str,
    )
    def test_pale_line_is_seen(self, axes: Axes, look: dict[str, Any]) -> None:
        """Whatever differs from its ground at all is seen."""
        (line,) = axes.plot([1, 2], **look)
        assert why_line_unseen(line) == ""

    def test_outlined_line_is_seen(self, axes: Axes) -> None:
        """An outline sets a line off from anything."""
        outline = [patheffects.withStroke(linewidth=3, foreground="black")]
        (line,) = axes.plot([1, 2], "w", path_effects=outline)
        assert why_line_unseen(line) == ""

    def test_white_line_is_seen_in_the_dark(self) -> None:
        """The ground is that of the style, not always white."""
        with matplotlib.style.context("dark_background"):
            axes = Figure().subplots()
        (white,), (black,) = axes.plot([1, 2], "w"), axes.plot([2, 3], "k")
        assert (why_line_unseen(white), why_line_unseen(black)) == (
            "",
            visibility.ALIKE,
        )

    def test_twin_panel_has_the_ground_of_the_first(self, axes: Axes) -> None:
        """Panels in one place lie on one another; the upper one has no ground."""
        axes.set_facecolor("black")
        (white,) = axes.twinx().plot([1, 2], "w")
        assert why_line_unseen(white) == ""

    def test_panel_without_a_frame_shows_the_paper(self, axes: Axes) -> None:
        """Where a panel is switched off, the figure is the ground."""
        axes.set_facecolor("black")
        axes.set_axis_off()
        (black,) = axes.plot([1, 2], "k")
        assert why_line_unseen(black) == ""


class TestBars:
    """Bars, by their faces and edges."""

    @pytest.mark.parametrize(
        ("look", "why"),
        [
            ({"color": "white"}, visibility.ALIKE),
            ({"alpha": 0}, visibility.CLEAR),
            ({"fill": False, "linewidth": 0}, visibility.BLANK),
            ({"visible": False}, visibility.OFF),
            ({"color": "white", "edgecolor": "black"}, ""),
            ({"fill": False, "edgecolor": "black"}, ""),
            ({"color": "white", "edgecolor": "black", "hatch": "//"}, ""),
            ({}, ""),
        ],
        ids=str,
    )
    def test_bar_is_seen_by_its_face_or_its_edge(
        self, axes: Axes, look: dict[str, Any], why: str
    ) -> None:
        """One of them is enough."""
        (bar,) = axes.bar([0], [1], **look)
        assert why_bar_unseen(bar) == why


class TestTexts:
    """Texts, by their colours, their sizes and what they stand on."""

    @pytest.mark.parametrize(
        "look",
        [{"color": "white"}, {"alpha": 0}, {"fontsize": 1}, {"visible": False}],
        ids=str,
    )
    def test_text_that_nobody_can_read(self, axes: Axes, look: dict[str, Any]) -> None:
        """It counts neither inside a panel nor around it."""
        texts = axes.text(0.5, 0.5, "note", **look), axes.set_title("title", **look)
        lay_out(axes)
        assert [is_read(text) for text in texts] == [False, False]

    def test_white_number_on_a_bar_is_read(self, axes: Axes) -> None:
        """What a text stands on is its ground."""
        bars = axes.barh([0], [1])
        (number,) = axes.bar_label(bars, label_type="center", color="white")
        lay_out(axes)
        assert is_read(number)

    def test_white_number_beside_a_bar_is_not_read(self, axes: Axes) -> None:
        """Beside the bar, its ground is the panel."""
        bars = axes.barh([0], [1])
        (number,) = axes.bar_label(bars, padding=40, color="white")
        axes.set_xlim(0, 3)
        lay_out(axes)
        assert not is_read(number)

    def test_white_text_in_a_box_or_a_picture_is_read(self, axes: Axes) -> None:
        """Boxes and pictures are grounds as well."""
        axes.imshow(np.zeros((4, 4, 3)))
        texts = [
            axes.text(1, 1, "on a picture", color="white"),
            axes.figure.text(0.02, 0.02, "boxed", color="white", backgroundcolor="k"),
        ]
        lay_out(axes)
        assert all(map(is_read, texts))

    def test_white_heading_of_a_table_is_read(self, axes: Axes) -> None:
        """The cell is the ground of its text."""
        table = axes.table([["0.70"]], colLabels=["CNN"], colColours=["navy"])
        table[0, 0].get_text().set_color("white")
        lay_out(axes)
        assert is_read(table[0, 0].get_text())

    def test_outlined_text_is_read(self, axes: Axes) -> None:
        """An outline sets a text off from anything."""
        outline = [patheffects.withStroke(linewidth=2, foreground="black")]
        text = axes.text(0.5, 0.5, "note", color="white", path_effects=outline)
        lay_out(axes)
        assert is_read(text)

    def test_title_beside_a_grey_panel_stands_on_the_paper(self, axes: Axes) -> None:
        """A title is outside of its panel, and a note inside."""
        axes.set_facecolor("0.3")
        title = axes.set_title("title", color="white")
        note = axes.text(0.5, 0.5, "note", color="white")
        lay_out(axes)
        assert (is_read(title), is_read(note)) == (False, True)


@pytest.mark.parametrize(
    ("look", "seen"),
    [({}, True), ({"alpha": 0.5}, True), ({"alpha": 0}, False)],
    ids=str,
)
def test_transparent_picture_is_not_seen(
    axes: Axes, look: dict[str, Any], seen: bool
) -> None:
    """A picture may be pale."""
    assert is_image_seen(axes.imshow(np.zeros((4, 4)), **look)) is seen
