"""Section 4: find out what the two models have learnt.

You plot learning curves and per-genre scores, compute the loss that a model without any
input would reach, and set both models' answers for single films beside the truth.
Figures are returned, never shown: a notebook displays a figure that ends a cell.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

### BEGIN SOLUTION
# isort: split
import re
import textwrap

from matplotlib.axes import Axes

TRAINING, VALIDATION, RIGHT, WRONG = "#0072b2", "#d55e00", "#00795a", "#8c8c8c"

LETTER, LINE = 0.09, 0.22
"""Inches that a letter beside an axis takes at most, and a line of an overview."""


def _set_margins(
    figure: Figure, left: float, right: float, bottom: float, top: float
) -> None:
    """Leave margins of so many inches.

    Matplotlib's own layouts measure every text before the figure is drawn, which
    takes longer than the drawing.
    """
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left / width, bottom / height, 1 - right / width, 1 - top / height
    )


def _room_for(names: Sequence[str]) -> float:
    """Return the inches that names beside an axis take, the ticks included."""
    return 0.15 + LETTER * max(map(len, names), default=0)


def _series(history: keras.callbacks.History, name: str) -> list[float]:
    """Find a series by its name, however Keras spelt or numbered it."""
    spelling = re.compile(rf"{name}(_\d+)?", re.IGNORECASE)
    return next(
        history.history[key] for key in history.history if spelling.fullmatch(key)
    )


def _mark_epochs(axes: Axes, history: keras.callbacks.History) -> None:
    """Mark the best epoch and, if it ever falls, where the learning rate does."""
    best = int(np.argmin(_series(history, "val_loss"))) + 1
    axes.axvline(best, color="#444444", ls="--", lw=1, label=f"best epoch: {best}")
    rates = np.asarray(history.history.get("learning_rate", []))
    if (rates < rates[:1]).any():
        falls = int(np.argmax(rates < rates[0])) + 1
        label = f"learning rate falls: {falls}"
        axes.axvline(falls, color=WRONG, ls=":", lw=1.5, label=label)


def _plot_curves(axes: Axes, history: keras.callbacks.History, name: str) -> None:
    """Plot one quantity, training beside validation, from epoch 1 on."""
    training, validation = _series(history, name), _series(history, f"val_{name}")
    epochs = range(1, len(training) + 1)
    axes.plot(epochs, training, ".-", color=TRAINING, label="training")
    axes.plot(epochs, validation, ".-", color=VALIDATION, label="validation")
    _mark_epochs(axes, history)
    axes.set(xlabel="Epoch", ylabel=name.capitalize())
    if name != "loss":
        axes.set_ylim(0, 1)
    axes.locator_params(axis="x", integer=True)
    axes.legend(fontsize="small", edgecolor="none", framealpha=0.9)
    _tidy(axes)


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)


### END SOLUTION


def plot_history(history: keras.callbacks.History, title: str) -> Figure:
    """Plot the learning curves of a training run.

    Args:
        history: What ``train`` returned. ``history.history`` maps ``loss``,
            ``precision``, ``recall`` and the same with ``val_`` to one float an
            epoch; it may hold ``learning_rate`` too. Keras numbers the metrics of a
            second model: be ready for ``precision_1`` and ``val_precision_1``, and
            for the names that your own ``compile_cnn`` and ``compile_lstm`` lead to:
            a metric that is asked for as ``"Precision"`` is called so.
        title: Title of the figure.

    Returns:
        A new figure with six labelled curves: training and validation loss, precision
        and recall over the epochs. One panel or several; epochs from 0 or from 1.
        A legend, titles or texts say which curve is which (in a grid, above a column
        or beside a row): nobody sees a label that no legend shows, nor a curve outside
        the limits of its axes or in the colour of what is behind it. The axes show at
        least half of the epochs of each.

    Source:
        Section 4.a.i of the brief.
    """
    ### BEGIN SOLUTION
    figure = Figure(figsize=(12, 3.9))
    _set_margins(figure, left=0.75, right=0.15, bottom=0.5, top=0.45)
    figure.suptitle(title, fontsize="x-large", fontweight="bold")
    names = ("loss", "precision", "recall")
    panels = figure.subplots(1, 3, gridspec_kw={"wspace": 0.24})
    for axes, name in zip(panels, names, strict=True):
        _plot_curves(axes, history, name)
    return figure
    ### END SOLUTION


### BEGIN SOLUTION
def _divide(parts: np.ndarray, wholes: np.ndarray) -> np.ndarray:
    """Divide, and call it 0 where there is nothing to divide by."""
    shares: np.ndarray = np.divide(
        parts, wholes, out=np.zeros(len(parts)), where=wholes > 0
    )
    return shares


### END SOLUTION


def genre_scores(
    y_true: np.ndarray,
    y_prob: np.ndarray,
    genres: Sequence[str],
    threshold: float = 0.5,
) -> pd.DataFrame:
    """Score a model genre by genre.

    A film may have several genres: every genre is a yes-or-no question of its own,
    answered yes where the probability is above the threshold.

    Args:
        y_true: The truth, 0 or 1, shape (films, genres).
        y_prob: Predicted probabilities in [0, 1], shape (films, genres); they stay as
            they are.
        genres: Names of the genres, in the order of the columns.
        threshold: Probability above which a film is said to have a genre. Whether
            a probability equal to it counts is left to you.

    Returns:
        A row for every genre, its name as the index, in the given order; columns:

        - ``precision``: of the films said to have the genre, the part that has it;
        - ``recall``: of the films that have the genre, the part that was found;
        - ``f1``: the harmonic mean of both;
        - ``support``: the number of films that have the genre.

        Genres without films are listed too, with support 0. A score that would
        divide by zero is 0.0 or NaN.

    Source:
        Section 4.a.ii of the brief.
    """
    ### BEGIN SOLUTION
    truth, answers = np.asarray(y_true) > 0, np.asarray(y_prob) > threshold
    hits, said, support = (truth & answers).sum(0), answers.sum(0), truth.sum(0)
    columns = {
        "precision": _divide(hits, said),
        "recall": _divide(hits, support),
        "f1": _divide(2 * hits, said + support),
        "support": support,
    }
    return pd.DataFrame(columns, index=list(genres))
    ### END SOLUTION


### BEGIN SOLUTION
def _plot_bars(axes: Axes, values: pd.Series, support: pd.Series, color: str) -> None:
    """Draw one score of every genre as horizontal bars with their values."""
    bars = axes.barh(range(len(values)), values.fillna(0.0), color=color, height=0.72)
    pairs = zip(values.fillna(0.0), support, strict=True)
    labels = [f"{value:.2f}" if films else "no films" for value, films in pairs]
    axes.bar_label(bars, labels, padding=3, fontsize="small", color="#444444")
    axes.set(title=str(values.name).capitalize(), xlabel="Score", xlim=(0, 1.12))
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.margins(y=0.01)
    _tidy(axes)
    axes.grid(visible=False, axis="y")


### END SOLUTION


def plot_genre_scores(scores: pd.DataFrame, title: str) -> Figure:
    """Plot a model's scores genre by genre, the most frequent genre first.

    A score of a genre with four films says little: show the support as well, beside
    each name for instance.

    Args:
        scores: The table of ``genre_scores``.
        title: Title of the figure.

    Returns:
        A new figure with a bar for the precision, the recall and the f1 of every
        genre, sorted by support from the largest to the smallest (left to right, upper
        panel to lower; bars on their side may begin at the bottom), and every genre's
        name next to its bars. A legend or titles say which bars are which score. It is
        readable with 25 genres: no names overlap, no bar covers another, and the axes
        show every bar from end to end, in a colour that can be seen.

    Source:
        Section 4.a.iii of the brief.
    """
    ### BEGIN SOLUTION
    scores = scores.sort_values("support", ascending=False, kind="stable")
    names = [f"{genre} ({support:,})" for genre, support in scores["support"].items()]
    figure = Figure(figsize=(12, 1.6 + 0.29 * len(scores)))
    room = 0.25 + _room_for(names)
    _set_margins(figure, left=room, right=0.1, bottom=0.5, top=0.7)
    figure.suptitle(title, fontsize="x-large", fontweight="bold")
    panels = figure.subplots(1, 3, sharey=True, gridspec_kw={"wspace": 0.05})
    columns = {"precision": TRAINING, "recall": VALIDATION, "f1": RIGHT}
    for axes, (column, color) in zip(panels, columns.items(), strict=True):
        _plot_bars(axes, scores[column], scores["support"], color)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylabel("Genre (films that have it)")
    panels[0].invert_yaxis()
    return figure
    ### END SOLUTION


def baseline_loss(train_labels: np.ndarray, valid_labels: np.ndarray) -> float:
    """Compute the validation loss of a model that looks at nothing.

    It answers every film with the same probabilities: how frequent each genre is
    among the training films. A trained model that does not beat it has learnt
    nothing about posters or words.

    Args:
        train_labels: Genres of the training films, 0 or 1, shape (films, genres).
        valid_labels: Genres of the validation films, 0 or 1, shape (films, genres).

    Returns:
        Binary cross-entropy with natural logarithms, the mean over all validation
        films and genres. Frequencies are clipped to [1e-7, 1 - 1e-7] first, as Keras
        does. About 0.2346 on the real split.

    Example:
        >>> train_labels = np.array([[1, 0], [1, 1], [0, 1], [0, 0]])
        >>> round(baseline_loss(train_labels, np.array([[1, 1]])), 4)
        0.6931

    Source:
        Section 4.b of the brief.
    """
    ### BEGIN SOLUTION
    frequencies = np.mean(train_labels, axis=0, dtype=np.float64)
    answers = np.clip(frequencies, 1e-7, 1 - 1e-7)
    has_genre = np.asarray(valid_labels) > 0
    return float(-np.log(np.where(has_genre, answers, 1 - answers)).mean())
    ### END SOLUTION


def top_genres(
    probabilities: np.ndarray, genres: Sequence[str], k: int = 3
) -> list[tuple[str, float]]:
    """Name the most probable genres of one film.

    Args:
        probabilities: A model's answer for one film, shape (genres,); it stays as it
            is.
        genres: Names of the genres, in the order of the probabilities.
        k: How many genres to name.

    Returns:
        k pairs of a genre's name and its probability as it came in, not rounded, most
        probable first. Equal probabilities may come in any order.

    Example:
        >>> top_genres(np.array([0.1, 0.7, 0.4]), ["Action", "Comedy", "Crime"], k=2)
        [('Comedy', 0.7), ('Crime', 0.4)]

    Source:
        Section 4.c.i of the brief.
    """
    ### BEGIN SOLUTION
    best = np.argsort(probabilities)[::-1][:k]
    return [(genres[index], float(probabilities[index])) for index in best]
    ### END SOLUTION


def compare_films(
    films: pd.DataFrame,
    cnn_probabilities: np.ndarray,
    lstm_probabilities: np.ndarray,
    genres: Sequence[str],
    k: int = 3,
) -> pd.DataFrame:
    """Set both models' top genres of some films beside the truth.

    Args:
        films: n rows of the dataset's CSV, with their ``Id`` and a 0/1 column for
            every genre. The index may be anything: row i of ``films`` belongs to row
            i of both arrays by position.
        cnn_probabilities: The CNN's answers in [0, 1], shape (n, genres).
        lstm_probabilities: The LSTM's answers in [0, 1], shape (n, genres).
        genres: Names of the genres, in the order of the probabilities.
        k: How many genres of each film and model to list.

    Returns:
        A table of 2 n k rows with the columns ``Id``, ``Model`` (``"CNN"`` or
        ``"LSTM"``), ``Genre`` (its name), ``Probability`` and ``Correct`` (True if
        the film has that genre). For each film and model, most probable first.

    Source:
        Section 4.c.ii of the brief.
    """
    ### BEGIN SOLUTION
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = [
        (film["Id"], model, genre, probability, bool(film[genre]))
        for position, film in enumerate(films.to_dict("records"))
        for model, probabilities in answers.items()
        for genre, probability in top_genres(probabilities[position], genres, k)
    ]
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )
    ### END SOLUTION


### BEGIN SOLUTION
Ranking = Sequence[tuple[str, float]]
Size = tuple[float, float]


def _plot_ranking(axes: Axes, model: str, top: Ranking, truth: Sequence[str]) -> None:
    """Draw one model's ranked genres; those the film has are green."""
    names = [genre for genre, _ in top]
    values = [probability for _, probability in top]
    colors = [RIGHT if genre in truth else WRONG for genre in names]
    bars = axes.barh(range(len(top)), values, color=colors, height=0.6)
    axes.bar_label(bars, [f"{value:.2f}" for value in values], padding=4)
    axes.set_yticks(range(len(top)), names)
    axes.set(title=f"{model}: top {len(top)}", xlabel="Probability", xlim=(0, 1.18))
    axes.set_xticks((0, 0.5, 1))
    axes.invert_yaxis()
    _tidy(axes)
    axes.grid(visible=False)


def _wrap(overview: str) -> list[str]:
    return textwrap.wrap(overview, 68) or [""]


def _write_film(axes: Axes, overview: str, truth: Sequence[str]) -> None:
    """Write a film's overview, wrapped, under its true genres."""
    title = f"True genres: {', '.join(truth)}"
    axes.set_title(title, loc="left", color=RIGHT, fontweight="bold")
    text = "\n".join(_wrap(overview))
    axes.text(0, 1, text, va="top", fontsize=11, linespacing=1.4, parse_math=False)
    axes.set_axis_off()


def _add_axes(figure: Figure, left: float, bottom: float, size: Size) -> Axes:
    """Add axes at a place and of a size in inches."""
    width, height = figure.get_size_inches()
    place = (left / width, bottom / height, size[0] / width, size[1] / height)
    return figure.add_axes(place)


### END SOLUTION


def plot_film(
    poster: np.ndarray,
    overview: str,
    truth: Sequence[str],
    cnn_top: Sequence[tuple[str, float]],
    lstm_top: Sequence[tuple[str, float]],
) -> Figure:
    """Show one film: what the models saw, what they said, and what is true.

    Args:
        poster: The poster, shape (height, width, 3); uint8 in 0..255 or float in
            [0, 1].
        overview: The overview, as long as it comes.
        truth: Names of the film's true genres.
        cnn_top: Pairs of genre and probability from ``top_genres`` for the CNN.
        lstm_top: The same for the LSTM.

    Returns:
        A new figure with the poster as it was given, upright and whole, the whole
        overview in lines that leave the figure on no side, the true genres, and under
        the name CNN or LSTM each list, all of it, in the order given, probabilities
        with two decimals: 0.70, not 0.7. Where names and bars share an axis, a bar
        stands beside the name of its own genre.

    Source:
        Section 4.c.iii of the brief.
    """
    ### BEGIN SOLUTION
    writing = LINE * len(_wrap(overview))
    height = max(5.2, writing + 3.0)
    figure = Figure(figsize=(11, height))
    picture = _add_axes(figure, 0.15, 0.15, (3.2, height - 0.3))
    picture.imshow(poster)
    picture.set_axis_off()
    page = _add_axes(figure, 3.6, height - 0.45 - writing, (7.2, writing))
    _write_film(page, overview, truth)
    for left, model, top in ((3.6, "CNN", cnn_top), (7.3, "LSTM", lstm_top)):
        room = _room_for([genre for genre, _ in top])
        size = (3.5 - room, height - writing - 1.55)
        axes = _add_axes(figure, left + room, 0.5, size)
        _plot_ranking(axes, model, top, truth)
    return figure
    ### END SOLUTION
