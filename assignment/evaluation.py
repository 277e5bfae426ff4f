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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError
