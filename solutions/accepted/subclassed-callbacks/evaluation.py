"""Has classes that count and draw, and draws into Figure() without pyplot."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.figure import Figure


class Curves:
    """A training history under the names that one expects."""

    def __init__(self, history):
        self.series = {}
        for key, values in history.history.items():
            stem, _, number = key.rpartition("_")
            self.series[stem if number.isdigit() else key] = values

    def draw(self, ax, name):
        epochs = range(1, 1 + len(self.series[name]))
        ax.plot(epochs, self.series[name], color="tab:blue", label=f"{name}, training")
        ax.plot(epochs, self.series[f"val_{name}"], color="tab:orange", label=f"{name}, validation")
        ax.set_xlabel("Epoch")
        ax.set_ylabel(name.title())
        ax.legend()


class Counter:
    """Counts hits and misses of one genre."""

    def __init__(self, truth, said):
        self.tp = int((truth & said).sum())
        self.fp = int((~truth & said).sum())
        self.fn = int((truth & ~said).sum())

    @property
    def precision(self):
        return self._divide(self.tp, self.tp + self.fp)

    @property
    def recall(self):
        return self._divide(self.tp, self.tp + self.fn)

    @property
    def f1(self):
        return self._divide(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def support(self):
        return self.tp + self.fn

    @staticmethod
    def _divide(part, whole):
        try:
            return part / whole
        except ZeroDivisionError:
            return 0.0


def plot_history(history, title):
    curves = Curves(history)
    figure = Figure(figsize=(16, 4.5), layout="tight")
    for i, name in enumerate(["loss", "precision", "recall"]):
        curves.draw(figure.add_subplot(1, 3, i + 1), name)
    figure.suptitle(title)
    return figure


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth = np.asarray(y_true).astype(bool)
    said = np.asarray(y_prob) > threshold
    counters = [Counter(truth[:, i], said[:, i]) for i in range(len(genres))]
    columns = ["precision", "recall", "f1", "support"]
    return pd.DataFrame(
        {column: [getattr(counter, column) for counter in counters] for column in columns},
        index=genres,
    )


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure = Figure(figsize=(10, 14))
    ax = figure.add_subplot()
    y = np.arange(len(scores))
    for shift, column in zip([-0.27, 0, 0.27], ["precision", "recall", "f1"]):
        ax.barh(y + shift, scores[column], height=0.25, label=column.capitalize())
    ax.set_yticks(y)
    ax.set_yticklabels(f"{genre} [{support}]" for genre, support in zip(scores.index, scores.support))
    ax.invert_yaxis()
    ax.legend(loc="lower right")
    ax.set_title(title)
    figure.tight_layout()
    return figure


def baseline_loss(train_labels, valid_labels):
    p = np.asarray(train_labels).mean(axis=0).clip(1e-7, 1 - 1e-7)
    v = np.asarray(valid_labels).mean(axis=0)
    # the mean over films is the same as weighting by how frequent a genre is
    return float(np.mean(-v * np.log(p) - (1 - v) * np.log(1 - p)))


def top_genres(probabilities, genres, k=3):
    pairs = [(float(p), i) for i, p in enumerate(probabilities)]
    pairs.sort(reverse=True)
    return [(genres[i], p) for p, i in pairs[:k]]


class Comparison:
    """Rows of the table, one model of one film after the other."""

    columns = ["Id", "Model", "Genre", "Probability", "Correct"]

    def __init__(self):
        self.rows = []

    def add(self, film, model, top):
        self.rows.extend([film["Id"], model, genre, p, bool(film[genre])] for genre, p in top)

    def table(self):
        return pd.DataFrame(self.rows, columns=self.columns)


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    comparison = Comparison()
    for i in range(films.shape[0]):
        comparison.add(films.iloc[i], "CNN", top_genres(cnn_probabilities[i], genres, k))
        comparison.add(films.iloc[i], "LSTM", top_genres(lstm_probabilities[i], genres, k))
    return comparison.table()


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = Figure(figsize=(14, 7))
    grid = figure.add_gridspec(2, 3, height_ratios=[2, 1], wspace=0.5)

    picture = figure.add_subplot(grid[:, 0])
    picture.imshow(poster)
    picture.axis("off")
    picture.set_title("Truth: " + " | ".join(truth))

    text = figure.add_subplot(grid[0, 1:])
    text.axis("off")
    text.text(0, 1, textwrap.fill(overview, 75), va="top")

    for column, (name, top) in enumerate([("CNN", cnn_top), ("LSTM", lstm_top)], start=1):
        ax = figure.add_subplot(grid[1, column])
        ax.barh([genre for genre, _ in top], [p for _, p in top], color="lightsteelblue")
        for i, (_, p) in enumerate(top):
            ax.text(0.02, i, f"{p:.2f}", va="center")
        ax.set_xlim(0, 1)
        ax.invert_yaxis()
        ax.set_title(name)
    return figure
