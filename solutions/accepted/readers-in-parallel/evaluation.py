"""Yields the rows of every table from generators; lays figures out in mosaics."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import islice

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure


def _curves(history: keras.callbacks.History) -> Iterator[tuple[str, str, list[float]]]:
    """Yield (panel, label, values) for the six curves, whatever Keras numbered them."""
    for key, values in history.history.items():
        for name in ("loss", "precision", "recall"):
            if key.removeprefix("val_").startswith(name):
                yield name, "validation" if key.startswith("val_") else "training", values


def plot_history(history: keras.callbacks.History, title: str) -> Figure:
    fig, panels = plt.subplot_mosaic(
        [["loss", "precision"], ["loss", "recall"]], figsize=(11, 6), layout="constrained"
    )
    for name, label, values in _curves(history):
        panels[name].plot(range(len(values)), values, label=label)
    for name, ax in panels.items():
        ax.set(title=name, xlabel="epoch (the first is 0)", ylabel=name)
        if name == "loss":
            ax.set_ylim(0.2, 0.35)  # the first epochs are not what matters
        ax.legend()
    fig.suptitle(title)
    return fig


def _scores(y_true: np.ndarray, said: np.ndarray) -> Iterator[tuple[float, float, float, int]]:
    for truth, answers in zip(y_true.T, said.T, strict=True):
        hits = int(np.dot(truth, answers))
        precision = hits / max(answers.sum(), 1)
        recall = hits / max(truth.sum(), 1)
        f1 = 2 * hits / max(answers.sum() + truth.sum(), 1)
        yield precision, recall, f1, int(truth.sum())


def genre_scores(
    y_true: np.ndarray, y_prob: np.ndarray, genres: Sequence[str], threshold: float = 0.5
) -> pd.DataFrame:
    return pd.DataFrame.from_records(
        list(_scores(np.asarray(y_true, int), np.asarray(y_prob > threshold, int))),
        index=list(genres),
        columns=["precision", "recall", "f1", "support"],
    )


def plot_genre_scores(scores: pd.DataFrame, title: str) -> Figure:
    scores = scores.iloc[np.argsort(-scores["support"].to_numpy(), kind="stable")]
    fig, panels = plt.subplot_mosaic(
        "PRF", figsize=(13, 0.3 * len(scores) + 2), sharey=True, layout="constrained"
    )
    for letter, column in zip("PRF", ("precision", "recall", "f1"), strict=True):
        ax = panels[letter]
        ax.barh(list(scores.index), scores[column].fillna(0))
        ax.set(title=column, xlim=(0, 1))
    panels["P"].set_yticks(range(len(scores)), [f"{g} ({n})" for g, n in scores["support"].items()])
    panels["P"].invert_yaxis()
    fig.suptitle(title)
    return fig


def baseline_loss(train_labels: np.ndarray, valid_labels: np.ndarray) -> float:
    p = np.clip(np.mean(train_labels, axis=0), 1e-7, 1 - 1e-7)
    return float(np.where(np.asarray(valid_labels) == 1, -np.log(p), -np.log1p(-p)).mean())


def _ranked(probabilities: np.ndarray, genres: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield every genre of a film, most probable first."""
    for index in reversed(np.argsort(probabilities)):
        yield genres[index], float(probabilities[index])


def top_genres(
    probabilities: np.ndarray, genres: Sequence[str], k: int = 3
) -> list[tuple[str, float]]:
    return list(islice(_ranked(probabilities, genres), k))


def _comparison(films, cnn, lstm, genres, k) -> Iterator[dict]:
    for i, film in enumerate(films.to_dict(orient="records")):
        for model, probabilities in (("CNN", cnn), ("LSTM", lstm)):
            for genre, p in top_genres(probabilities[i], genres, k):
                yield {
                    "Id": film["Id"],
                    "Model": model,
                    "Genre": genre,
                    "Probability": p,
                    "Correct": bool(film[genre]),
                }


def compare_films(
    films: pd.DataFrame,
    cnn_probabilities: np.ndarray,
    lstm_probabilities: np.ndarray,
    genres: Sequence[str],
    k: int = 3,
) -> pd.DataFrame:
    return pd.DataFrame(list(_comparison(films, cnn_probabilities, lstm_probabilities, genres, k)))


def plot_film(
    poster: np.ndarray,
    overview: str,
    truth: Sequence[str],
    cnn_top: Sequence[tuple[str, float]],
    lstm_top: Sequence[tuple[str, float]],
) -> Figure:
    fig, panels = plt.subplot_mosaic([["poster", "text", "text"], ["poster", "CNN", "LSTM"]], figsize=(15, 7))
    panels["poster"].imshow(poster)
    panels["text"].text(0, 1, textwrap.fill(overview, 90), va="top", fontsize=10)
    panels["text"].set_title("True genres: " + ", ".join(truth))
    for name, top in (("CNN", cnn_top), ("LSTM", lstm_top)):
        lines = (f"{rank}. {genre} {p:.2f}" for rank, (genre, p) in enumerate(top, start=1))
        panels[name].set_title(name)
        panels[name].text(0, 0.9, "\n".join(lines), va="top")
    for ax in panels.values():
        ax.axis("off")
    return fig
