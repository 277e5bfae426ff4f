"""Keras's own metrics score the genres, its loss is the baseline, its ops rank."""

from __future__ import annotations

import textwrap

import keras
import numpy as np
import pandas as pd
from keras import ops
from matplotlib import pyplot as plt

COLORS = {"training": "#4c72b0", "validation": "#dd8452"}


def plot_history(history, title):
    """Draw a panel for each of loss, precision and recall, one above the other."""
    base = [name for name in history.history if not name.startswith("val_")]
    chosen = [
        next(name for name in base if name.lower().startswith(wanted))
        for wanted in ("loss", "p", "r")
    ]
    fig, axs = plt.subplots(nrows=3, sharex=True, figsize=(7, 10))
    for ax, name in zip(axs, chosen):
        ax.plot(history.history[name], color=COLORS["training"], label="training")
        ax.plot(
            history.history[f"val_{name}"], color=COLORS["validation"], label="validation"
        )
        ax.set_title(name)
        ax.legend(loc="best")
    axs[-1].set_xlabel("Epoch (from 0)")
    fig.suptitle(title)
    fig.tight_layout()
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    """Update one Precision and one Recall for every genre."""
    scores = {}
    for i, genre in enumerate(genres):
        precision = keras.metrics.Precision(thresholds=threshold)
        recall = keras.metrics.Recall(thresholds=threshold)
        precision.update_state(y_true[:, i], y_prob[:, i])
        recall.update_state(y_true[:, i], y_prob[:, i])
        p, r = float(precision.result()), float(recall.result())
        scores[genre] = {
            "precision": p,
            "recall": r,
            "f1": 2 * p * r / (p + r) if p + r > 0 else 0.0,
            "support": int(np.sum(y_true[:, i])),
        }
    return pd.DataFrame.from_dict(scores, orient="index")


def plot_genre_scores(scores, title):
    """Draw three bars a genre, on their side, the largest genre on top."""
    ordered = scores.sort_values("support", ascending=False)
    y = np.arange(len(ordered))
    fig, ax = plt.subplots(figsize=(9, 13))
    for k, column in enumerate(["precision", "recall", "f1"]):
        ax.barh(y + (k - 1) * 0.27, ordered[column], height=0.27, label=column)
    ax.set_yticks(y)
    ax.set_yticklabels(f"{name} [{n}]" for name, n in ordered["support"].items())
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.set_title(title)
    ax.legend(loc="lower right")
    fig.tight_layout()
    return fig


def baseline_loss(train_labels, valid_labels):
    """Ask keras.losses for the loss of the constant answer."""
    frequencies = ops.mean(ops.cast(train_labels, "float32"), axis=0)
    truth = ops.cast(valid_labels, "float32")
    answers = ops.broadcast_to(frequencies, ops.shape(truth))
    return keras.losses.BinaryCrossentropy()(truth, answers).numpy().item()


def top_genres(probabilities, genres, k=3):
    values, indices = ops.top_k(ops.convert_to_tensor(probabilities), k)
    indices = ops.convert_to_numpy(indices)
    values = ops.convert_to_numpy(values)
    return [(genres[i], float(v)) for i, v in zip(indices, values)]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    rows = []
    both = zip(cnn_probabilities, lstm_probabilities)
    for (_, film), (cnn, lstm) in zip(films.iterrows(), both):
        for model, answer in (("CNN", cnn), ("LSTM", lstm)):
            for genre, probability in top_genres(answer, genres, k):
                rows.append(
                    {
                        "Id": film["Id"],
                        "Model": model,
                        "Genre": genre,
                        "Probability": probability,
                        "Correct": bool(film[genre] == 1),
                    }
                )
    return pd.DataFrame(rows)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    """Show the poster on the left, and everything that can be read on the right."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(12, 7))
    left.imshow(keras.utils.array_to_img(poster, scale=False) if poster.dtype == np.uint8 else poster)
    left.axis("off")
    right.axis("off")
    lines = [textwrap.fill(overview, width=55), "", "Truth: " + ", ".join(truth)]
    for model, ranking in {"CNN": cnn_top, "LSTM": lstm_top}.items():
        lines += ["", f"{model}:"]
        lines += [f"{place}. {g} {p:.2f}" for place, (g, p) in enumerate(ranking, 1)]
    right.text(0, 1, "\n".join(lines), va="top", fontsize=11)
    return fig
