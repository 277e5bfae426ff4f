"""Rows are dataclasses, which pandas turns into tables by itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from textwrap import TextWrapper

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


@dataclass
class Curve:
    quantity: str
    split: str
    values: list[float] = field(repr=False)

    @property
    def label(self):
        return f"{self.quantity} ({self.split})"


def curves_of(history):
    for key, values in history.history.items():
        split, name = "train", key
        if key.startswith("val_"):
            split, name = "valid", key[4:]
        quantity = name.rstrip("0123456789").rstrip("_")
        if quantity in {"loss", "precision", "recall"}:
            yield Curve(quantity, split, values)


def plot_history(history, title):
    fig, (above, below) = plt.subplots(
        2, 1, figsize=(8, 9), sharex=True, constrained_layout=True
    )
    for curve in curves_of(history):
        ax = above if curve.quantity == "loss" else below
        epochs = np.arange(1, len(curve.values) + 1)
        ax.plot(epochs, curve.values, label=curve.label)
    above.set(title=title, ylabel="binary cross-entropy")
    below.set(xlabel="epoch", ylabel="precision, recall", ylim=(0, 1))
    for ax in (above, below):
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


@dataclass
class Score:
    precision: float
    recall: float
    f1: float
    support: int

    @classmethod
    def of(cls, true, said):
        tp, n_said, n_true = int((true & said).sum()), int(said.sum()), int(true.sum())
        p = tp / n_said if n_said else 0.0
        r = tp / n_true if n_true else 0.0
        return cls(p, r, 2 * p * r / (p + r) if tp else 0.0, n_true)


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    true, said = np.asarray(y_true, bool), np.asarray(y_prob) > threshold
    rows = [Score.of(true[:, i], said[:, i]) for i in range(len(genres))]
    return pd.DataFrame(rows, index=genres)


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    fig, axes = plt.subplots(
        3, 1, figsize=(13, 9), sharex=True, constrained_layout=True
    )
    fig.suptitle(title)
    x = np.arange(len(scores))
    for ax, column in zip(axes, ["precision", "recall", "f1"]):
        ax.bar(x, scores[column].fillna(0), color="#336699")
        ax.set_title(column, loc="left")
        ax.set_ylim(0, 1)
        ax.set_xticks(x, scores.index, rotation=60, ha="right")
    return fig


def baseline_loss(train_labels, valid_labels):
    p = np.asarray(train_labels, dtype=float).mean(axis=0).clip(1e-7, 1 - 1e-7)
    y = np.asarray(valid_labels, dtype=float)
    return float(-np.average(y * np.log(p) + (1 - y) * np.log(1 - p)))


@dataclass(order=True)
class Guess:
    probability: float
    genre: str = field(compare=False)


def top_genres(probabilities, genres, k=3):
    guesses = [Guess(float(p), g) for p, g in zip(probabilities, genres)]
    guesses.sort(reverse=True)
    return [(guess.genre, guess.probability) for guess in guesses[:k]]


@dataclass
class Answer:
    Id: str
    Model: str
    Genre: str
    Probability: float
    Correct: bool


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = []
    for i, (_, film) in enumerate(films.iterrows()):
        for model, p in (("CNN", cnn_probabilities), ("LSTM", lstm_probabilities)):
            for genre, probability in top_genres(p[i], genres, k):
                correct = bool(film[genre])
                answers.append(Answer(film["Id"], model, genre, probability, correct))
    return pd.DataFrame([asdict(answer) for answer in answers])


@dataclass
class Page:
    poster: np.ndarray
    overview: str
    truth: list[str]
    rankings: dict[str, list[tuple[str, float]]]

    def draw(self):
        fig = plt.figure(figsize=(10, 8), constrained_layout=True)
        ax_poster, ax_words = fig.subplots(1, 2)
        ax_poster.imshow(self.poster)
        ax_poster.set(xticks=[], yticks=[], xlabel="Truth: " + ", ".join(self.truth))
        ax_words.axis("off")
        ax_words.set_title(TextWrapper(48).fill(self.overview), fontsize=10, loc="left")
        for top, (model, ranking) in zip((0.95, 0.5), self.rankings.items()):
            rows = [[genre, f"{p:.2f}"] for genre, p in ranking]
            ax_words.text(0.05, top, model, weight="bold")
            ax_words.table(
                rows,
                colLabels=["Genre", "Probability"],
                bbox=(0.05, top - 0.3, 0.9, 0.27),
            )
        return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    page = Page(poster, overview, list(truth), {"CNN": cnn_top, "LSTM": lstm_top})
    return page.draw()
