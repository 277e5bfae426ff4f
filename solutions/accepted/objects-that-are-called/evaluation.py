"""Classes draw the figures, in a style of their own; annotate() writes the words."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


class LearningCurves:
    QUANTITIES = ("loss", "precision", "recall")

    def __init__(self, history):
        self.history = history.history

    def __getitem__(self, item):
        split, quantity = item
        prefix = "val_" if split == "validation" else ""
        for key in self.history:
            if key == prefix + quantity or key.startswith(prefix + quantity + "_"):
                return np.asarray(self.history[key])
        raise KeyError(item)

    def draw(self, title):
        with plt.style.context("ggplot"):
            fig, axes = plt.subplots(1, 3, figsize=(16, 4.5))
            for ax, quantity in zip(axes, self.QUANTITIES):
                self.draw_panel(ax, quantity)
            fig.suptitle(title)
        return fig

    def draw_panel(self, ax, quantity):
        for split, style in (("training", "o--"), ("validation", "s-")):
            values = self[split, quantity]
            ax.plot(np.arange(len(values)) + 1, values, style, label=split, ms=3)
        best = int(np.argmin(self["validation", "loss"]))
        value = self["validation", quantity][best]
        ax.annotate(
            "best epoch",
            xy=(best + 1, value),
            xytext=(0, 25),
            textcoords="offset points",
            arrowprops={"arrowstyle": "->", "color": "black"},
        )
        ax.set(title=quantity.capitalize(), xlabel="epoch")
        ax.legend()


def plot_history(history, title):
    return LearningCurves(history).draw(title)


class GenreScorer:
    """Turns tables of zeros and ones into counts, and counts into scores."""

    def __init__(self, truth, answer):
        self.tp = np.logical_and(truth, answer).sum(axis=0)
        self.fp = np.logical_and(~truth, answer).sum(axis=0)
        self.fn = np.logical_and(truth, ~answer).sum(axis=0)

    @property
    def support(self):
        return self.tp + self.fn

    @property
    def precision(self):
        return self.tp / np.maximum(self.tp + self.fp, 1)

    @property
    def recall(self):
        return self.tp / np.maximum(self.support, 1)

    @property
    def f1(self):
        return 2 * self.tp / np.maximum(2 * self.tp + self.fp + self.fn, 1)

    def __call__(self, genres):
        names = ["precision", "recall", "f1", "support"]
        columns = {name: getattr(self, name) for name in names}
        return pd.DataFrame(columns, index=pd.Index(genres))


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    scorer = GenreScorer(np.array(y_true, dtype=bool), np.array(y_prob) >= threshold)
    return scorer(genres)


class GenreBars:
    WIDTH = 0.3

    def __init__(self, scores):
        self.scores = scores.sort_values("support", ascending=False)

    def draw(self, title):
        with plt.style.context("ggplot"):
            fig, ax = plt.subplots(figsize=(15, 6))
            for i, (genre, row) in enumerate(self.scores.iterrows()):
                self.draw_genre(ax, i, genre, row)
            ax.set_xticks([])
            ax.set_ylim(0, 1.05)
            ax.set_title(title)
            ax.legend(["precision", "recall", "f1"])
            fig.subplots_adjust(bottom=0.25)
        return fig

    def draw_genre(self, ax, i, genre, row):
        for j, column in enumerate(["precision", "recall", "f1"]):
            ax.bar(i + (j - 1) * self.WIDTH, row[column], self.WIDTH, color=f"C{j}")
        ax.annotate(
            f"{genre} ({row['support']:.0f})",
            xy=(i, 0),
            xytext=(0, -5),
            textcoords="offset points",
            rotation=90,
            ha="center",
            va="top",
        )


def plot_genre_scores(scores, title):
    return GenreBars(scores).draw(title)


class ConstantModel:
    """Answers every film with the frequencies that it has seen."""

    def fit(self, labels):
        self.answer = np.clip(np.mean(labels, axis=0), 1e-7, 1 - 1e-7)
        return self

    def evaluate(self, labels):
        chosen = np.where(np.asarray(labels) == 1, self.answer, 1 - self.answer)
        return float(np.mean(-np.log(chosen)))


def baseline_loss(train_labels, valid_labels):
    return ConstantModel().fit(train_labels).evaluate(valid_labels)


class Ranking:
    def __init__(self, genres, k):
        self.genres = genres
        self.k = k

    def __call__(self, probabilities):
        order = np.argsort(probabilities)[: -self.k - 1 : -1]
        return [(self.genres[i], float(probabilities[i])) for i in order]


def top_genres(probabilities, genres, k=3):
    return Ranking(genres, k)(probabilities)


class Comparison:
    COLUMNS = ("Id", "Model", "Genre", "Probability", "Correct")

    def __init__(self, films, ranking):
        self.films = films
        self.ranking = ranking
        self.rows = []

    def add(self, model, answers):
        for i in range(len(self.films)):
            film = self.films.iloc[i]
            for genre, probability in self.ranking(answers[i]):
                correct = film.at[genre] == 1
                self.rows.append((film.at["Id"], model, genre, probability, correct))
        return self

    def table(self):
        return pd.DataFrame(self.rows, columns=list(self.COLUMNS))


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    comparison = Comparison(films, Ranking(genres, k))
    comparison.add("CNN", cnn_probabilities).add("LSTM", lstm_probabilities)
    return comparison.table()


class FilmPage:
    def __init__(self, poster, overview, truth):
        self.fig = plt.figure(figsize=(11, 7))
        self.poster_axes = self.fig.add_axes((0.03, 0.05, 0.3, 0.9))
        self.poster_axes.imshow(poster)
        self.poster_axes.axis("off")
        self.words = self.fig.add_axes((0.36, 0.05, 0.62, 0.9))
        self.words.axis("off")
        self.y = 1.0
        self.write(textwrap.fill(overview, 70), lines=len(overview) / 60 + 1)
        self.write("Genres: " + ", ".join(truth), weight="bold")

    def write(self, text, lines=1.0, **style):
        self.words.annotate(
            text, (0, self.y), xycoords="axes fraction", va="top", **style
        )
        self.y -= 0.04 * lines + 0.03

    def add(self, model, ranking):
        self.write(f"What the {model} says:", weight="bold")
        for genre, probability in ranking:
            self.write(f"    {probability:.2f}  {genre}")
        return self


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    page = FilmPage(poster, overview, truth)
    return page.add("CNN", cnn_top).add("LSTM", lstm_top).fig
