"""Evidence: what a student's trained weights are worth on the validation films.

`reelmark course evidence` loads this file and calls `load_split` once, `reproduce`
for every model whose weights a student handed in. The student's functions run in a
worker; the loss is computed here, where the films' genres are. Instead of genres, the
worker gets numbers that only tell the films apart.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from dataset import Films, load_films, split_films

from reelmark.checks import Mismatch, Submission
from support.compiling import binary_cross_entropy

SEED = 1
"""Seed of the split, which is the report's, so the validation films are the same."""

EPSILON = 1e-7
"""Keras's own (`keras.config.epsilon`), in its binary cross-entropy."""


@dataclass(frozen=True)
class Split:
    """The films to train on, and those to validate with."""

    train: Films
    valid: Films

    @property
    def folder(self) -> Path:
        """What a worker must be able to read: the folder of the posters."""
        return self.valid.folder / "Images"


@dataclass(frozen=True)
class Reproduced:
    """How good some weights are.

    Attributes:
        loss: Binary cross-entropy, averaged over films and genres.
        examples: The number of films in the student's dataset.
        of: The number of validation films.
    """

    loss: float
    examples: int
    of: int


def load_split(data: str | Path) -> Split:
    """Load the films and split them as the report does.

    Args:
        data: The dataset, as `dataset.load_films` takes it.

    Raises:
        DatasetError: It cannot be used in its present form.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # looks at every poster
    return Split(*split_films(load_films(data), SEED))


def reproduce(
    submission: Submission, model: str, weights: Path, split: Split
) -> Reproduced:
    """Compute the validation loss of a student's model with its trained weights.

    Args:
        submission: The student's modules.
        model: One of `MODELS`.
        weights: A file ``.weights.h5`` that the worker can read.
        split: The films.

    Raises:
        Mismatch: The weights do not fit the model, or its answers are not one
            probability per film and genre.
        ReelmarkError, TimedOut: How a function of the student's failed.
    """
    built, films = MODELS[model](submission, split)
    predicted = submission.ingredients.predict(built, films, str(weights))
    if isinstance(predicted, str):
        raise Mismatch(f"the weights do not fit the model: {predicted}")
    return measure(*_read_predicted(predicted), split.valid.labels)


def measure(numbers: np.ndarray, answers: np.ndarray, labels: np.ndarray) -> Reproduced:
    """Compute the loss of a model's answers.

    Args:
        numbers: The films they are for, as numbered by `number_films`.
        answers: The model's answers, one row per film.
        labels: The films' genres, 0 or 1, shape (films, genres).

    Raises:
        Mismatch: The numbers are not different films, or an answer is not a
            probability.
    """
    found = read_numbers(numbers, len(labels))
    if answers.shape != (len(found), labels.shape[1]) or answers.dtype.kind != "f":
        raise Mismatch(f"the answers have shape {answers.shape}, type {answers.dtype}")
    if not ((answers >= 0) & (answers <= 1)).all():
        raise Mismatch("not every answer is a probability")
    # As close to 0 and 1 as Keras lets a probability get.
    sure = np.clip(answers.astype(np.float64), EPSILON, 1 - EPSILON)
    loss = binary_cross_entropy(labels[found], sure)
    return Reproduced(loss, len(found), len(labels))


def number_films(count: int, width: int) -> np.ndarray:
    """Return each film's position in binary, in the form of labels.

    Whatever order a student's dataset gives the films in, each film identifies itself.

    Returns:
        0 or 1, float32, shape (count, width).
    """
    places = np.arange(count)[:, np.newaxis]
    return (places >> np.arange(width) & 1).astype(np.float32)


def read_numbers(numbers: np.ndarray, count: int) -> np.ndarray:
    """Return the films' positions.

    Raises:
        Mismatch: They are not different films of the split.
    """
    is_matrix = numbers.ndim == 2 and numbers.dtype.kind in "bfiu"
    weights = 2.0 ** np.arange(numbers.shape[1] if is_matrix else 0)
    places = (numbers.astype(np.float64) @ weights) if is_matrix else np.zeros(0)
    known = np.isin(places, np.arange(count))
    if not len(places) or not known.all() or len(set(places)) < len(places):
        raise Mismatch("the validation dataset does not give each film once")
    return places.astype(int)


def _read_predicted(predicted: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and answers, even if a worker that was tampered with sent others.

    Raises:
        Mismatch: They are not arrays.
    """
    is_pair = isinstance(predicted, tuple) and len(predicted) == 2
    if not is_pair or not all(isinstance(part, np.ndarray) for part in predicted):
        raise Mismatch("the model's answers are no arrays")
    labels, answers = predicted
    return labels, answers


def _build_cnn(submission: Submission, split: Split) -> tuple[Any, Any]:
    genres = len(split.valid.genres)
    films = submission.image_processing.build_poster_dataset(
        split.valid.posters, number_films(len(split.valid), genres)
    )
    built = submission.cnn.build_cnn(genres)
    return submission.cnn.compile_cnn(built), films


def _build_lstm(submission: Submission, split: Split) -> tuple[Any, Any]:
    genres = len(split.valid.genres)
    build = submission.vectorization.build_overview_dataset
    none = np.zeros((len(split.train), genres), np.float32)
    encoder = submission.vectorization.build_encoder(
        build(split.train.overviews, none, training=True)
    )
    embedder = submission.lstm.build_embedder(encoder)
    built = submission.lstm.build_lstm(encoder, embedder, genres)
    films = build(split.valid.overviews, number_films(len(split.valid), genres))
    return submission.lstm.compile_lstm(built), films


MODELS: dict[str, Callable[[Submission, Split], tuple[Any, Any]]] = {
    "CNN": _build_cnn,
    "LSTM": _build_lstm,
}
"""How to build each model and its validation dataset, by the name in the report."""
