"""Learning curves: made-up training runs, and what a figure shows of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from reelmark.checks import (
    Axes,
    Figure,
    History,
    Line,
    Model,
    Submission,
    expect,
    shared,
)
from support.checkpoints import new_path, with_either_suffix
from support.figures import (
    LIMITS,
    OTHER_FIGURE,
    QUANTITIES,
    SPLITS,
    figure_of,
    headings,
    headings_of_grid,
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

MOST = 0.5
"""Share of its epochs: to show the end closely, a bad beginning may be left out."""

FLAT = 0.01
"""Share of a panel's height: two curves that take less are one flat line."""

NARROW = 0.03
"""Share of a figure's width: a curve that takes less is a spot."""

APPEARANCE = {
    "look": r"colou?r|\b(blue|orange|red|green|black|solid|lines?)\b|dash|dot"
}
"""A text may describe what a curve looks like, instead of a legend."""


@dataclass(frozen=True, eq=False)
class Run:
    """A made-up training run.

    Attributes:
        title: The title that its figure must have.
        curves: For each curve, one number per epoch.
        names: The history's name for a quantity, if it is a different one.
    """

    title: str
    curves: dict[Curve, list[float]] = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def history(self) -> dict[str, list[float]]:
        """What ``history.history`` holds."""
        lists = {
            ("val_" if split == "validation" else "")
            + self.names.get(quantity, quantity): curve
            for (split, quantity), curve in self.curves.items()
        }
        # Keras sorts by name; a learning-rate schedule adds a list, too.
        return {**dict(sorted(lists.items())), "learning_rate": [1e-4] * self.epochs}

    @property
    def epochs(self) -> int:
        """How many epochs the run has."""
        return len(self.curves["training", "loss"])


@shared
def train_second_model(submission: Submission) -> Run:
    """Train a tiny model with the student's functions, after compiling another.

    Returns:
        The run, with the names that its metrics would have in a fresh notebook.
    """
    kit = submission.ingredients
    models = [kit.make_poster_model(4) for _ in range(2)]
    submission.cnn.compile_cnn(models[0])
    submission.lstm.compile_lstm(models[1])
    model = expect.kind(models[1].look_again(), Model, "the model it was given")
    train_ds, valid_ds = expect.items(kit.make_tiny_films(model, 4), 2, "two datasets")

    def train(suffix: str) -> Any:
        path = new_path(submission, suffix)
        return submission.callbacks.train(
            model, train_ds, valid_ds, epochs=2, checkpoint_path=path
        )

    history = with_either_suffix(train)
    lists = expect.kind(history, History, "what fit() returned, a History").history
    names = _names_of_metrics(model)
    curves = {
        (split, quantity): lists.get(prefix + names.get(quantity, quantity), [])
        for split, prefix in (("training", ""), ("validation", "val_"))
        for quantity in ("loss", "precision", "recall")
    }
    expect.that(
        all(len(curve) == 2 for curve in curves.values()),
        "the history of a training run of two epochs lacks some of its curves.",
        expected="loss, precision and recall, each with and without val_",
        got=", ".join(lists),
    )
    numbered = {quantity: _renumber(name) for quantity, name in names.items()}
    return Run("A second model", curves, numbered)


def _names_of_metrics(model: Model) -> dict[str, str]:
    metrics = model.compiled.metrics if model.compiled else []
    kinds = {"Precision": "precision", "Recall": "recall"}
    return {
        kinds[metric.class_name]: metric.name
        for metric in reversed(metrics)
        if metric.class_name in kinds
    }


def _renumber(name: str) -> str:
    """Return a name with the number of a second model, if Keras numbered it."""
    return re.sub(r"_\d+$", "_1", name)


@shared
def get_history_figure(submission: Submission, run: Run) -> Figure:
    """Return the student's figure of a run, if it is a figure."""
    history = submission.ingredients.history(run.history)
    return figure_of(submission.evaluation.plot_history(history, run.title))


def draw_before(submission: Submission, run: Run) -> Any:
    """Let the student's function draw a run, for what that leaves behind."""
    kit = submission.ingredients
    history = kit.history(run.history)
    return kit.call_before(submission.evaluation.plot_history, history, run.title)


def expect_lines(figure: Figure) -> None:
    """Expect a figure with at least one line in it."""
    expect.that(
        any(panel.lines for panel in figure.axes),
        "the figure shows no curves.",
        expected="training and validation loss, precision and recall",
        got="no lines",
        advice=OTHER_FIGURE,
    )


@dataclass(frozen=True)
class Heading:
    """A text around a panel, and what it mentions."""

    text: str
    quantities: set[str]
    splits: set[str]
    has_look: bool


def _read_heading(text: str) -> Heading:
    return Heading(
        text,
        quantities=named(text, QUANTITIES),
        splits=named(text, SPLITS),
        has_look=bool(named(text, APPEARANCE)),
    )


class Surroundings:
    """The words around the curves of a panel, its column and its row of a grid.

    Attributes:
        curves: The curves that the panel shows.
        beside: The quantities that the legend and texts in the panel mention.
        splits_by_hand: The splits that texts in the panel mention.
    """

    def __init__(self, figure: Figure, panel: Axes) -> None:
        self.curves: set[Curve] = set()
        self._own = [_read_heading(text) for text in headings(panel)]
        texts = [text.text for text in panel.texts]
        inside = [*panel.legend, *texts]
        self.beside = _all_named(inside)
        self.splits_by_hand = named(" ".join(texts), SPLITS)
        all_inside = [*headings(panel), *inside]
        self._grid_of_quantities, self._grid_of_splits = (
            []
            if any(named(text, vocabulary) for text in all_inside)
            else [*map(_read_heading, headings_of_grid(figure, panel, vocabulary))]
            for vocabulary in (QUANTITIES, SPLITS)
        )

    @property
    def spoken(self) -> set[str]:
        """The quantities mentioned in the panel or around it."""
        return self.beside | {q for each in self._own for q in each.quantities}

    @property
    def quantities(self) -> set[str]:
        """The quantities whose curves the panel shows."""
        return {quantity for _, quantity in self.curves}

    def of_quantities(self, label: str) -> list[Heading]:
        """Return the texts that may name a line's quantity, if its label does not.

        If a line has a name where it is drawn, no other name counts.
        """
        grid = [] if named(label, QUANTITIES) else self._grid_of_quantities
        return [*self._own, *grid]

    def of_splits(self, label: str) -> list[Heading]:
        """Return the texts that may name a line's split, if its label does not."""
        return [*self._own, *([] if named(label, SPLITS) else self._grid_of_splits)]

    def splits_around(self, label: str) -> set[str]:
        """Return the splits that all of these together mention."""
        return {split for each in self.of_splits(label) for split in each.splits}


class DrawnRun:
    """A figure of a run, and which of its lines show which curve.

    Args:
        figure: What the student's function drew.
        run: The run that it was given.
    """

    def __init__(self, figure: Figure, run: Run) -> None:
        self._figure = figure
        self._epochs = run.epochs
        self._names = run.names
        self._run = run
        self._places = {
            curve: list(_find(figure, run.curves[curve], curve[1])) for curve in CURVES
        }
        self._every_line = figure.all_text().splitlines()
        self._outside = [text.text for text in figure.texts]
        self._surroundings = {
            id(panel): Surroundings(figure, panel)
            for panel in figure.axes
            if panel.lines  # others do not show curves
        }
        for curve, places in self._places.items():
            for panel, _ in places:
                self._surroundings[id(panel)].curves.add(curve)

    @property
    def found(self) -> list[Curve]:
        """The curves that the figure shows."""
        return [curve for curve in CURVES if self._places[curve]]

    def expect_curves(self, wanted: Sequence[Curve] = CURVES) -> None:
        """Expect visible curves with the numbers of the history, over its epochs."""
        self.expect_plotted(wanted)
        self._expect_seen(wanted)
        self._expect_spread(wanted)
        for curve in wanted:
            lines = [line for _, line in self._places[curve]]
            self._expect_epochs(curve, [plain(line.x) for line in lines])

    def expect_plotted(self, wanted: Sequence[Curve]) -> None:
        """Expect curves with the numbers of the history."""
        found = self.found
        missing = [curve for curve in wanted if curve not in found]
        expect.that(
            not missing,
            f"{_words(missing)} {'is' if len(missing) == 1 else 'are'} not plotted."
            if found
            else "none of the curves is plotted.",
            expected="training and validation loss, precision and recall",
            got=_words(found) or self._describe_lines(),
            why=self._why_missing(missing),
            advice="Compare each curve's numbers with history.history, key by key.",
        )

    def expect_none_of(self, other: Run) -> None:
        """Expect no curve of another run, which was drawn before."""
        found = DrawnRun(self._figure, other).found
        expect.that(
            not found,
            "the figure shows curves of another run as well.",
            expected="the curves of the history that is given, and no others",
            got=_words(found) + " of the run before",
            why="They are those of the history that an earlier call was given.",
            advice="What outlives a call, outside of it, the next call draws too.",
        )

    def expect_labels(self) -> None:
        """Expect words that say which curve is which, and no wrong ones."""
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

    def _why_missing(self, missing: Sequence[Curve]) -> str:
        """Say what replaces a missing curve, if that is clear."""
        for (split, quantity), places in self._places.items():
            other = _other(split)
            if len(places) > 1 and not self._places[other, quantity]:
                return f"The {split} {quantity} is drawn twice, that of {other} never."
        if why := self._why_other_length({quantity for _, quantity in missing}):
            return why
        if why := self._why_other_numbers(missing):
            return why
        # The names of metrics cannot be the reason for a missing loss.
        renamed = {q: n for q, n in self._names.items() if n != q}
        if not renamed or any(quantity == "loss" for _, quantity in missing):
            return ""
        names = " and ".join(self._names.values())
        return f"In this history the metrics are called {names}."

    def _why_other_numbers(self, missing: Sequence[Curve]) -> str:
        """If a line mostly agrees with a missing curve, say where it does not."""
        lines = [line for panel in self._figure.axes for line in panel.lines]
        for curve in missing:
            expected = np.asarray(self._run.curves[curve])
            for line in lines:
                y = plain(line.y)
                if y.shape != expected.shape:
                    continue
                wrong = ~np.isclose(y, expected, rtol=0, atol=TOLERANCE)
                if 0 < wrong.sum() < len(y) / 2:
                    epoch = int(np.argmax(wrong))
                    return (
                        f"One line is {_words([curve])} but for {y[epoch]:.4g} in the "
                        f"place of {expected[epoch]:.4g}."
                    )
        return ""

    def _why_other_length(self, missing: set[str]) -> str:
        """Say that a panel mentions a missing quantity, but has other epochs."""
        for panel in filter(lambda panel: panel.lines, self._figure.axes):
            spoken = self._surroundings[id(panel)].spoken & missing
            sizes = {plain(line.y).size for line in panel.lines}
            if spoken and self._epochs not in sizes:
                return (
                    f"The panel of the {min(spoken)} has lines of {max(sizes)} "
                    f"points; this history has {self._epochs} epochs."
                )
        return ""

    def _expect_seen(self, wanted: Sequence[Curve]) -> None:
        """Expect most of each curve to be seen, within the limits of the axes."""
        self._expect_coloured(wanted)
        cut = [
            curve
            for curve in wanted
            if not any(
                plain(line.are_seen).mean() >= MOST
                for _, line in self._places[curve]
                if not line.unseen
            )
        ]
        expect.that(
            not cut,
            f"the axes do not show most of {len(cut)} of {len(wanted)} curves.",
            expected="curves within the limits of their axes",
            got=f"cut off, or outside: {_words(cut)}",
            advice=LIMITS,
        )

    def _expect_spread(self, wanted: Sequence[Curve]) -> None:
        """Expect the curves of a quantity not to be squeezed into a line or a spot."""
        for quantity in dict.fromkeys(quantity for _, quantity in wanted):
            places = [
                place for split in SPLITS for place in self._places[split, quantity]
            ]
            width = max(line.box[2] - line.box[0] for _, line in places)
            share = max(_share_of_height(panel, places) for panel, _ in places)
            is_wide = width >= NARROW * self._figure.size[0]
            expect.that(
                is_wide and share >= FLAT,
                f"the curves of the {quantity} are too {'flat' if is_wide else 'small'}"
                " to be read.",
                expected=f"curves that take {FLAT:.0%} of their panel's height, or more"
                if is_wide
                else f"curves as wide as {NARROW:.0%} of the figure, or more",
                got=f"{share:.2%}"
                if is_wide
                else f"{width / self._figure.size[0]:.2%}",
                advice=LIMITS,
            )

    def _expect_coloured(self, wanted: Sequence[Curve]) -> None:
        """Expect a colour, a width and a transparency that can be seen."""
        blank = [
            curve
            for curve in wanted
            if all(line.unseen for _, line in self._places[curve])
        ]
        reasons = {line.unseen for curve in blank for _, line in self._places[curve]}
        expect.that(
            not blank,
            f"{len(blank)} of {len(wanted)} curves cannot be seen.",
            expected="curves that stand out from what is behind them",
            got=f"{', '.join(sorted(reasons))}: {_words(blank)}",
            advice="Which colour, width and transparency is each curve drawn with?",
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
        """Expect no text to call a curve something that it is not."""
        split, quantity = curve
        for name, vocabulary in ((split, SPLITS), (quantity, QUANTITIES)):
            words = named(label, vocabulary)
            _expect_right(name in words or not words, curve, label)
        allowed = around.quantities if named(label, QUANTITIES) else {quantity}
        for heading in around.of_quantities(label):
            words = heading.quantities
            _expect_right(not words or bool(words & allowed), curve, heading.text)
        silent = not label and not around.splits_by_hand
        for heading in around.of_splits(label):
            # "Training history" does not name a split, but "training loss" does, and
            # so does any word about the only curve of a panel.
            is_about_it = len(around.curves) == 1 or bool(heading.quantities)
            is_wrong = is_about_it and heading.splits == {_other(split)} and silent
            _expect_right(not is_wrong, curve, heading.text)

    def _expect_quantity(self, curve: Curve, around: Surroundings, label: str) -> None:
        """Expect a label, a heading or a text to name a curve's quantity."""
        said = named(label, QUANTITIES) | around.beside | self._said_outside
        found = around.of_quantities(label)
        above = {quantity for heading in found for quantity in heading.quantities}
        if len(around.quantities) == 1:
            # The panel may share its place with another that has the heading.
            said |= above if said | above else self._said_anywhere
        else:
            said |= {q for each in found if each.has_look for q in each.quantities}
        texts = [label, *(heading.text for heading in found)]
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
        # Two curves can be told apart unless the same words apply to both.
        panels = list({id(panel): panel for panel, _ in both}.values())
        looks = [
            {(id(panel), line.look) for panel, line in self._places[split, quantity]}
            for split in SPLITS
        ]
        alike = not _differ(looks)
        names = ["" if alike else line.legend for _, line in both]
        told = _differ(named(name, SPLITS) for name in names) or _differ(
            self._surroundings[id(panel)].splits_around(name)
            for (panel, _), name in zip(both, names, strict=True)
        )
        unseen = any(named(line.label, SPLITS) and not line.legend for _, line in both)
        expect.that(
            told or self._is_told_by_hand(panels, by_legend=not alike),
            f"nothing tells the training {quantity} from the validation {quantity}.",
            expected="words that tell them apart: a legend, for instance",
            got="two curves that look the same"
            if alike
            else "two curves without a visible label",
            why="They have one colour and one style, so that no legend tells which is "
            "which."
            if alike
            else "The curves have labels, but no legend shows them."
            if unseen
            else "",
            advice="Which colour and which style does each of them get?"
            if alike
            else "A label is read only where a legend, a title or a text shows it.",
        )

    def _is_told_by_hand(self, panels: list[Axes], *, by_legend: bool) -> bool:
        """Return whether texts, or other entries of a legend, name both splits."""
        texts = [text.text for panel in panels for text in panel.texts]
        texts += self._outside
        if by_legend:
            texts += [entry for panel in self._figure.axes for entry in panel.legend]
        texts += [text for text in self._every_line if named(text, APPEARANCE)]
        return set(SPLITS) == {split for text in texts for split in named(text, SPLITS)}


def _share_of_height(panel: Axes, places: Places) -> float:
    """Return the share of a panel's height that these lines take in it."""
    boxes = [line.box for other, line in places if other is panel]
    height = max(panel.box[3] - panel.box[1], 1.0)
    return (max(box[3] for box in boxes) - min(box[1] for box in boxes)) / height


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
    """Return the quantities that some texts mention."""
    return {quantity for text in texts for quantity in named(text, QUANTITIES)}


def _differ(found: Iterable[set[Any]]) -> bool:
    """Return whether sets differ, such as the splits that texts mention, if any."""
    return len(set(map(frozenset, found))) > 1


def _other(split: str) -> str:
    return "validation" if split == "training" else "training"


def _words(curves: list[Curve]) -> str:
    """Say curves in words: "the training loss and the training recall"."""
    *others, last = [f"the {split} {quantity}" for split, quantity in curves] or [""]
    return f"{', '.join(others)} and {last}" if others else last
