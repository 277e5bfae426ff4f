"""Figures: what is expected of every drawing, and how the words in it are read.

Students word things differently. A word that is not understood is never held against
them; only a word with a different meaning is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from reelmark.checks import Axes, Figure, Opaque, Submission, Text, expect

SPLITS = {
    "training": r"train|\btrn?\b",
    # "Value" and "interval" do not mean validation.
    "validation": r"(?<!inter)val(?!u)|evaluat|\btest|held.?out|\b(dev|v|vl)\b",
}
QUANTITIES = {
    "loss": r"loss|cross.?entropy|\bbce\b|\bcost\b",
    "precision": r"precis|\bprec\b|\bp\b",
    "recall": r"recall|\brec\b|sensitiv|\br\b",
    "f1": r"\bf.?1|f.?score|f.?measure",
    "accuracy": r"accura|\bacc\b",
}

OTHER_FIGURE = "Draw into the figure that you return; pyplot may have made another."
NEW_FIGURE = (
    "Begin with a figure of its own in every call: pyplot goes on with the last."
)
LIMITS = "Which part of each axis is shown? Its limits can be asked for, and set."


def figure_of(value: Any) -> Figure:
    """Expect a matplotlib figure that can be drawn and is not empty."""
    is_opaque = isinstance(value, Opaque) and value.type_name == "Figure"
    _, _, error = (value.text if is_opaque else "").partition("(looking at it raised ")
    expect.that(
        not error,
        "matplotlib cannot draw the figure that it returned.",
        expected="a figure that can be drawn",
        got=" ".join(error.rpartition(")")[0].split()),
        advice="Save the figure with savefig(): the error names what is wrong.",
    )
    figure = expect.kind(
        value,
        Figure,
        "a matplotlib figure",
        advice="Return the figure itself: not its axes, and not what show() returns.",
    )
    expect.that(
        bool(figure.axes),
        "the figure is empty.",
        expected="a figure with something drawn in it",
        got="a figure without axes",
        advice=OTHER_FIGURE,
    )
    return figure


def expect_title(figure: Figure, title: str) -> None:
    """Expect a figure to have its title, above the panels or in one of them."""
    titles = [figure.title, *(panel.title for panel in figure.axes)]
    expect.that(
        squeeze(title) in squeeze(figure.all_text()),
        "the figure does not carry the title it was given.",
        expected=repr(title),
        got=", ".join(repr(text) for text in titles if text) or "no title",
        advice="The title is an argument of the function.",
    )


def squeeze(text: str) -> str:
    """Return a text without blanks, line breaks, hyphens and capitals."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text).casefold()


def named(text: str, vocabulary: dict[str, str]) -> set[str]:
    """Return which things in a vocabulary a text mentions."""
    spaced = _BORDERS.sub(" ", text)
    return {
        thing
        for thing, pattern in vocabulary.items()
        if re.search(pattern, spaced, re.IGNORECASE)
    }


# Where to split a name like "valLoss_2b". A run of digits is matched only from its
# beginning, because texts may be long.
_BORDERS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<![_\d])[_\d]++(?=[a-zA-Z])|_")


def headings(panel: Axes) -> list[str]:
    """Return the texts around a panel that say what it shows."""
    return [text for text in (panel.title, panel.ylabel, panel.xlabel) if text]


MOST_PANELS = 60
"""In a figure with more panels, nobody looks for the heading of a row or a column."""


def headings_of_grid(
    figure: Figure, panel: Axes, vocabulary: dict[str, str]
) -> list[str]:
    """Return the headings of a panel from the first panels of its column and its row.

    A grid says once, above a column or beside a row, what holds for all its panels.
    Headings that name nothing in the vocabulary are left out.
    """
    if len(figure.axes) > MOST_PANELS:
        return []
    titles = [
        (other.box[1] - panel.box[1], other.title)
        for other in figure.axes
        if _overlap(panel.box[0::2], other.box[0::2])
        and other.box[1] >= panel.box[3] - 1
    ]
    labels = [
        (panel.box[0] - other.box[0], text)
        for other in figure.axes
        if _overlap(panel.box[1::2], other.box[1::2])
        and other.box[2] <= panel.box[0] + 1
        for text in (other.ylabel, *(text.text for text in other.texts))
    ]
    return [
        found
        for texts in (titles, labels)
        if (found := _nearest(texts, vocabulary)) is not None
    ]


def _nearest(texts: list[tuple[float, str]], vocabulary: dict[str, str]) -> str | None:
    speaking = [pair for pair in texts if named(pair[1], vocabulary)]
    return min(speaking)[1] if speaking else None


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether two panels share most of their extent along one direction."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0.5 * min(one[1] - one[0], other[1] - other[0])


def expect_new_figure(submission: Submission, figure: Figure, earlier: Any) -> None:
    """Expect two calls to return two figures; the earlier one need not be observed."""
    expect.that(
        submission.ingredients.is_same(figure, earlier) is False,
        "returns the figure of an earlier call.",
        expected="a new figure at every call",
        got="the same one, with what was drawn before",
        why="A figure that is drawn into again changes where it was shown already.",
        advice=NEW_FIGURE,
    )


def has_word(text: str, word: str) -> bool:
    """Return whether a text contains a name that is not part of a longer word."""
    return find_word(text, word) >= 0


def find_word(text: str, word: str) -> int:
    """Return where a text contains a name that is not part of a longer word, or -1."""
    found = _pattern(word).search(text)
    return found.start() if found else -1


@functools.cache
def _pattern(word: str) -> re.Pattern[str]:
    letter = r"[^\W\d_]"
    # A name broken after its hyphen is still that name.
    name = re.escape(word).replace(r"\-", r"-\n?")
    return re.compile(rf"(?<!{letter}){name}(?!{letter})", re.IGNORECASE)


def plain(values: Any) -> Any:
    """Return numbers as a flat float array; an empty one if they are not numbers."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "biuf":
        return values.astype(np.float64).ravel()
    return np.empty(0)


def middle(text: Text) -> tuple[float, float]:
    """Return the middle of a text's box, in pixels."""
    left, bottom, right, top = text.box
    return (left + right) / 2, (bottom + top) / 2
