"""What a model's answers are worth, against an answer that looks at nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import evaluation
import numpy as np
from dataset import Films

TOP = 3
WEIGHTS = np.linspace(0, 1.2, 13)
"""Weights of a model that a fusion chooses from."""


def measure(train: Films, valid: Films, probabilities: np.ndarray) -> dict[str, Any]:
    """Score answers for the validation films.

    Args:
        train: The training films; their genre frequencies are the baseline.
        valid: The validation films.
        probabilities: A model's answers, float in [0, 1], shape (films, 25).

    Returns:
        ``val_loss``, the ``baseline`` on the same split, the ``skill`` (1 - loss /
        baseline), ``top3_hit_rate`` (the part of films one of whose genres is among
        the three most probable; ``baseline_top3_hit_rate`` for the three most
        frequent), and ``genres``: precision, recall, f1 and support of each.
    """
    baseline = evaluation.baseline_loss(train.labels, valid.labels)
    loss = binary_crossentropy(valid.labels, probabilities)
    frequencies = np.tile(train.labels.mean(axis=0), (len(valid), 1))
    scores = evaluation.genre_scores(valid.labels, probabilities, valid.genres)
    return {
        "val_loss": round(loss, 6),
        "baseline": round(baseline, 6),
        "skill": round(1 - loss / baseline, 6),
        "top3_hit_rate": round(hit_rate(valid.labels, probabilities), 4),
        "baseline_top3_hit_rate": round(hit_rate(valid.labels, frequencies), 4),
        "genres": scores.round(4).to_dict("index"),
    }


def binary_crossentropy(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Compute the mean over films and genres, clipped as Keras does."""
    answers = np.clip(probabilities.astype(np.float64), 1e-7, 1 - 1e-7)
    return float(-np.log(np.where(labels > 0, answers, 1 - answers)).mean())


def hit_rate(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Compute the part of films with a true genre among the most probable three."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :TOP]
    return float(np.take_along_axis(labels > 0, best, axis=1).any(axis=1).mean())


def fuse(train: Films, valid: Films, answers: Sequence[np.ndarray]) -> np.ndarray:
    """Add up what models say, starting from the genres' frequencies.

    Log odds of the frequency, plus what each model moved them by, times a weight for
    each model. The weights are chosen on one half of the validation films and used
    on the other, and the other way round: no answer depends on its own truth. With
    one model it is that model, less sure of itself.

    Args:
        train: The training films, for the frequencies.
        valid: The validation films.
        answers: Of each model, the probabilities for them, shape (films, 25).

    Returns:
        The answers of all models together, shape (films, 25).
    """
    prior = log_odds(smoothed_frequencies(train.labels))
    moved = np.stack([log_odds(each) - prior for each in answers])
    fused = np.empty(valid.labels.shape)
    is_even = np.arange(len(valid)) % 2 == 0
    for half in (is_even, ~is_even):
        weights = _choose_weights(valid.labels[~half], prior, moved[:, ~half])
        fused[half] = _combine(prior, moved[:, half], weights)
    return fused


def _choose_weights(
    labels: np.ndarray, prior: np.ndarray, moved: np.ndarray
) -> tuple[float, ...]:
    """Return the weights with the lowest loss."""
    choices = itertools.product(WEIGHTS, repeat=len(moved))
    losses = {
        weights: binary_crossentropy(labels, _combine(prior, moved, weights))
        for weights in choices
    }
    return min(losses, key=losses.__getitem__)


def _combine(
    prior: np.ndarray, moved: np.ndarray, weights: tuple[float, ...]
) -> np.ndarray:
    total = prior + np.tensordot(weights, moved, axes=1)
    return np.asarray(1 / (1 + np.exp(-total)))


def smoothed_frequencies(labels: np.ndarray) -> np.ndarray:
    """Return how frequent each genre is; one that no film has is rare, not impossible.

    Laplace's rule: (films with it + 1) / (films + 2), float64, shape (genres,).
    """
    return np.asarray((labels.sum(axis=0) + 1.0) / (len(labels) + 2.0))


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Return log(p / (1 - p)), float64, with p clipped as Keras does."""
    clipped = np.clip(probabilities.astype(np.float64), 1e-7, 1 - 1e-7)
    return np.asarray(np.log(clipped / (1 - clipped)))
