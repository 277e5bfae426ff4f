"""Learning curves: made-up training runs, and what a figure shows of them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from reelmark.checks import Axes, Figure, Line, Submission, expect, shared
from support.figures import (
    LIMITS,
    OTHER_FIGURE,
    QUANTITIES,
    SPLITS,
    figure_of,
    headings,
    named,
    plain,
)

Curve = tuple[str, str]
"""A split and a quantity: ("validation", "recall")."""

Places = list[tuple[Axes, Line]]
"""The lines that show a curve, and the panels they are in."""

CURVES: tuple[Curve, ...] = tuple(
    product(("training", "validation"), ("loss", "precision", "recall"))
)

TOLERANCE = 1e-6
"""Curves may have passed through float32, which is good to 6e-8 below 1."""

PERCENT = 100.0

APPEARANCE = {
    "look": r"colou?r|\b(blue|orange|red|green|black|solid|lines?)\b|dash|dot"
}
"""A text may say what a curve looks like, in place of a legend."""


@dataclass(frozen=True, eq=False)
class Run:
    """A made-up training run.

    Attributes:
        title: The title its figure is to carry.
        curves: One number an epoch, a curve.
        suffix: What Keras appends to the names of the metrics.
    """

    title: str
    curves: dict[Curve, list[float]] = field(repr=False)
    suffix: str = ""

    @property
    def history(self) -> dict[str, list[float]]:
        """What ``history.history`` holds."""
        lists = {
            ("val_" if split == "validation" else "")
            + (quantity if quantity == "loss" else quantity + self.suffix): curve
            for (split, quantity), curve in self.curves.items()
        }
        # The callback that schedules the learning rate leaves a list as well.
        return {**lists, "learning_rate": [1e-4] * self.epochs}

    @property
    def epochs(self) -> int:
        """How many epochs the run has."""
        return len(self.curves["training", "loss"])


@shared
def get_history_figure(submission: Submission, run: Run) -> Figure:
    """Return what the student's function draws of a run, if it is a figure."""
    history = submission.ingredients.history(run.history)
    return figure_of(submission.evaluation.plot_history(history, run.title))


def expect_lines(figure: Figure) -> None:
    """Expect a figure with at least one line in it."""
    expect.that(
        any(panel.lines for panel in figure.axes),
        "the figure shows no curves.",
        expected="training and validation loss, precision and recall",
        got="no lines",
        advice=OTHER_FIGURE,
    )


class Surroundings:
    """The words around the curves of a panel.

    Attributes:
        quantities: The quantities of which the panel shows curves.
        headings: What stands around the panel, with the quantities and the splits
            that it speaks of.
        beside: The quantities that the legend and texts in the panel speak of.
        above: Those that its headings speak of.
        above_with_look: Those of headings that also say what a curve looks like.
        splits_by_hand: The splits that texts in the panel speak of.
    """

    def __init__(self, panel: Axes) -> None:
        self.quantities: set[str] = set()
        self.headings = [
            (text, named(text, QUANTITIES), named(text, SPLITS))
            for text in headings(panel)
        ]
        texts = [text.text for text in panel.texts]
        self.beside = _all_named([*panel.legend, *texts])
        self.above = _all_named(heading for heading, _, _ in self.headings)
        self.above_with_look = _all_named(
            heading for heading, _, _ in self.headings if named(heading, APPEARANCE)
        )
        self.splits_by_hand = named(" ".join(texts), SPLITS)


class DrawnRun:
    """A figure of a run: which of its lines show which curve.

    Args:
        figure: What the student's function drew.
        run: The run that it was given.
    """

    def __init__(self, figure: Figure, run: Run) -> None:
        self._figure = figure
        self._epochs = run.epochs
        self._places = {
            curve: list(_find(figure, run.curves[curve], curve[1])) for curve in CURVES
        }
        self._every_line = figure.all_text().splitlines()
        self._outside = [text.text for text in figure.texts]
        self._surroundings = {
            id(panel): Surroundings(panel)
            for panel in figure.axes
            if panel.lines  # others show no curve
        }
        for (_, quantity), places in self._places.items():
            for panel, _ in places:
                self._surroundings[id(panel)].quantities.add(quantity)

    @property
    def found(self) -> list[Curve]:
        """The curves that the figure shows."""
        return [curve for curve in CURVES if self._places[curve]]

    def expect_curves(self, wanted: Sequence[Curve] = CURVES) -> None:
        """Expect curves with the numbers of the history, over its epochs."""
        found = self.found
        missing = [curve for curve in wanted if curve not in found]
        expect.that(
            not missing,
            f"{_words(missing)} {'is' if len(missing) == 1 else 'are'} not plotted."
            if found
            else "none of the curves is plotted.",
            expected="training and validation loss, precision and recall",
            got=_words(found) or self._describe_lines(),
            why=self._why_missing(),
            advice="Compare each curve's numbers with history.history, key by key.",
        )
        self._expect_seen(wanted)
        for curve in wanted:
            lines = [line for _, line in self._places[curve]]
            self._expect_epochs(curve, [plain(line.x) for line in lines])

    def expect_labels(self) -> None:
        """Expect words that say which curve is which, and none that say it wrongly."""
        for curve, places in self._places.items():
            for panel, line in places:
                around = self._surroundings[id(panel)]
                self._expect_no_wrong_word(curve, around, line.legend)
                self._expect_quantity(curve, around, line.legend)
        pairs = [q for q in ("loss", "precision", "recall") if self._is_pair(q)]
        expect.that(
            bool(pairs),
            "there are no two curves to tell apart.",
            expected="a training and a validation curve of one quantity",
            got=self._describe_lines(),
            advice="Draw the history that is given, and nothing in its place.",
        )
        for quantity in pairs:
            self._expect_told_apart(quantity)

    def _describe_lines(self) -> str:
        if not any(panel.lines for panel in self._figure.axes):
            return "no lines"
        return "lines, but not with the numbers of the history"

    def _why_missing(self) -> str:
        """Say what stands in the place of a curve that is missing, if it is clear."""
        for (split, quantity), places in self._places.items():
            other = _other(split)
            if len(places) > 1 and not self._places[other, quantity]:
                return f"The {split} {quantity} is drawn twice, that of {other} never."
        return ""

    def _expect_seen(self, wanted: Sequence[Curve]) -> None:
        """Expect that the limits of the axes leave something of each curve."""
        unseen = [
            curve
            for curve in wanted
            if not any(line.is_seen for _, line in self._places[curve])
        ]
        expect.that(
            not unseen,
            f"{len(unseen)} of {len(wanted)} curves cannot be seen.",
            expected="curves within the limits of their axes",
            got=f"outside of them: {_words(unseen)}",
            advice=LIMITS,
        )

    def _expect_epochs(self, curve: Curve, got: list[np.ndarray]) -> None:
        last = self._epochs - 1
        # Some draw training scores half an epoch earlier, as means over the epoch.
        expect.that(
            any(
                len(x) == self._epochs
                and np.allclose(np.diff(x), 1)
                and -0.5 <= x[0] <= 1
                for x in got
            ),
            f"{_words([curve])} is not drawn over the epochs.",
            expected=f"epochs 0 to {last}, or 1 to {last + 1}",
            got=", ".join(f"{value:g}" for value in got[0][:8]),
            advice="How many epochs there are follows from the lists of the history.",
        )

    def _expect_no_wrong_word(
        self, curve: Curve, around: Surroundings, label: str
    ) -> None:
        """Expect that nothing calls a curve what it is not."""
        split, quantity = curve
        for name, vocabulary in ((split, SPLITS), (quantity, QUANTITIES)):
            words = named(label, vocabulary)
            _expect_right(name in words or not words, curve, label)
        allowed = around.quantities if named(label, QUANTITIES) else {quantity}
        for heading, words, splits in around.headings:
            _expect_right(not words or bool(words & allowed), curve, heading)
            # "Training history" is no word about a split, "training loss" is.
            silent = not label and not around.splits_by_hand
            is_wrong = words and splits == {_other(split)} and silent
            _expect_right(not is_wrong, curve, heading)

    def _expect_quantity(self, curve: Curve, around: Surroundings, label: str) -> None:
        """Expect that a label, a heading or a text says what a curve is of."""
        said = named(label, QUANTITIES) | around.beside | self._said_outside
        if len(around.quantities) == 1:
            # The panel may share its place with one that has the heading.
            said |= around.above if said | around.above else self._said_anywhere
        else:
            said |= around.above_with_look
        texts = [label, *(heading for heading, _, _ in around.headings)]
        expect.that(
            curve[1] in said,
            f"nothing says that a curve is the {curve[1]}.",
            expected=f"the word {curve[1]!r} in a legend or around the panel",
            got=", ".join(map(repr, texts)),
            advice="Label each axis with what it shows, or say it in the legend.",
        )

    @functools.cached_property
    def _said_outside(self) -> set[str]:
        return _all_named(self._outside)

    @functools.cached_property
    def _said_anywhere(self) -> set[str]:
        return _all_named(self._every_line)

    def _is_pair(self, quantity: str) -> bool:
        return all(self._places[split, quantity] for split in SPLITS)

    def _expect_told_apart(self, quantity: str) -> None:
        """Expect words that tell a quantity's training from its validation curve."""
        both = [place for split in SPLITS for place in self._places[split, quantity]]
        # Two curves are told apart if not all of them are spoken of alike.
        panels = list({id(panel): panel for panel, _ in both}.values())
        told = _differ(line.legend for _, line in both) or _differ(
            " ".join(headings(panel)) for panel in panels
        )
        unseen = any(named(line.label, SPLITS) and not line.legend for _, line in both)
        expect.that(
            told or self._is_told_by_hand(panels),
            f"nothing tells the training {quantity} from the validation {quantity}.",
            expected="words that tell them apart: a legend, for instance",
            got="two curves without a visible label",
            why="The curves have labels, but no legend shows them." if unseen else "",
            advice="A label is read only where a legend, a title or a text shows it.",
        )

    def _is_told_by_hand(self, panels: list[Axes]) -> bool:
        """Return whether texts, or a legend's other entries, tell both splits."""
        texts = [text.text for panel in panels for text in panel.texts]
        texts += self._outside
        texts += [entry for panel in self._figure.axes for entry in panel.legend]
        texts += [text for text in self._every_line if named(text, APPEARANCE)]
        return set(SPLITS) == {split for text in texts for split in named(text, SPLITS)}


def _find(
    figure: Figure, curve: list[float], quantity: str
) -> Iterator[tuple[Axes, Line]]:
    """Find the lines that show a curve, and the panels they are in."""
    expected = np.asarray(curve)
    scales = (1.0,) if quantity == "loss" else (1.0, PERCENT)
    for panel in figure.axes:
        for line in panel.lines:
            y = plain(line.y)
            if y.shape == expected.shape and any(
                np.allclose(y, scale * expected, rtol=0, atol=scale * TOLERANCE)
                for scale in scales
            ):
                yield panel, line


def _expect_right(holds: bool, curve: Curve, text: str) -> None:
    expect.that(
        holds,
        f"{_words([curve])} is labelled as something else.",
        expected=f"words for {_words([curve])}",
        got=repr(text),
        why="The numbers of the curve and the words beside it do not belong together.",
        advice="Take the list and its label from one and the same key.",
    )


def _all_named(texts: Iterable[str]) -> set[str]:
    """Return the quantities that some texts speak of."""
    return {quantity for text in texts for quantity in named(text, QUANTITIES)}


def _differ(texts: Iterable[str]) -> bool:
    """Return whether some texts speak of different splits; some may be silent."""
    return len({frozenset(named(text, SPLITS)) for text in texts}) > 1


def _other(split: str) -> str:
    return "validation" if split == "training" else "training"


def _words(curves: list[Curve]) -> str:
    """Say curves in words: "the training loss and the training recall"."""
    *others, last = [f"the {split} {quantity}" for split, quantity in curves] or [""]
    return f"{', '.join(others)} and {last}" if others else last
