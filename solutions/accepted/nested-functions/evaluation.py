"""Helpers live inside the functions; one legend serves all panels of a figure."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def plot_history(history, title):
    def find(name):
        return next(k for k in history.history if k.startswith(name))

    def draw(ax, name):
        key = find(name)
        (one,) = ax.plot(history.history[key], "o-", color="navy")
        (two,) = ax.plot(history.history["val_" + key], "s-", color="crimson")
        ax.set_ylabel(name.upper())
        return one, two

    fig, axes = plt.subplots(3, 1, sharex=True, figsize=(6, 10))
    for ax, name in zip(axes, ("loss", "precision", "recall"), strict=True):
        lines = draw(ax, name)
    fig.legend(lines, ["training set", "validation set"], loc="lower center")
    fig.suptitle(textwrap.fill(title, 10))
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    def column(i):
        return np.array(y_true)[:, i] == 1, np.array(y_prob)[:, i] > threshold

    def fraction(a, b):
        return a / b if b else np.nan

    def row(i):
        truth, said = column(i)
        hits = np.count_nonzero(truth & said)
        return {
            "support": np.count_nonzero(truth),
            "predicted": np.count_nonzero(said),
            "precision": fraction(hits, np.count_nonzero(said)),
            "recall": fraction(hits, np.count_nonzero(truth)),
            "f1": fraction(2 * hits, np.count_nonzero(said) + np.count_nonzero(truth)),
        }

    return pd.DataFrame.from_records(
        [row(i) for i in range(len(genres))], index=list(genres)
    )


def plot_genre_scores(scores, title):
    def with_films(table):
        # Genres without films have no scores to draw.
        return table[table["support"] > 0].sort_values("support", ascending=False)

    def draw(ax, i, row, first):
        ax.bar(i - 0.25, row.precision, 0.25, color="C0", label="P" if first else None)
        ax.bar(i, row.recall, 0.25, color="C1", label="R" if first else None)
        ax.bar(i + 0.25, row.f1, 0.25, color="C2", label="F1" if first else None)

    def draw_support(ax, support):
        counts = ax.twinx()
        counts.plot(range(len(support)), support, "k.-", label="support")
        counts.set_ylabel("Films")

    scores = with_films(scores)
    fig, ax = plt.subplots(figsize=(20, 6))
    for i, (_, row) in enumerate(scores.iterrows()):
        draw(ax, i, row, first=i == 0)
    ax.set_xticks(range(len(scores)), scores.index, rotation=45, ha="right")
    ax.legend()
    draw_support(ax, scores["support"])
    fig.suptitle(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    def frequency(column):
        return min(1 - 1e-7, max(1e-7, float(np.mean(column))))

    def entropy(p, column):
        q = float(np.mean(column))
        return -(q * np.log(p) + (1 - q) * np.log(1 - p))

    pairs = zip(np.transpose(train_labels), np.transpose(valid_labels), strict=True)
    return float(np.mean([entropy(frequency(t), v) for t, v in pairs]))


def top_genres(probabilities, genres, k=3):
    def probability(genre):
        return by_genre[genre]

    by_genre = {g: float(p) for g, p in zip(genres, probabilities, strict=True)}
    best = sorted(by_genre, key=probability, reverse=True)[:k]
    return [(genre, probability(genre)) for genre in best]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    def answers(position):
        yield "CNN", cnn_probabilities[position]
        yield "LSTM", lstm_probabilities[position]

    def rows():
        for position, (_, film) in enumerate(films.iterrows()):
            for model, answer in answers(position):
                for genre, probability in top_genres(answer, genres, k):
                    yield film.Id, model, genre, probability, film[genre] == 1

    names = ["Id", "Model", "Genre", "Probability", "Correct"]
    return pd.DataFrame(list(rows()), columns=names)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, right) = plt.subplots(1, 2, figsize=(13, 6))
    y = 0.95

    def write(text, x=0.0, down=0.05, **style):
        nonlocal y
        right.text(x, y, text, **style)
        y -= down

    def column(x, start, model, top):
        right.text(x, start, model, weight="bold")
        for i, (genre, probability) in enumerate(top):
            right.text(x, start - 0.05 * (i + 1), genre)
            right.text(x + 0.3, start - 0.05 * (i + 1), format(probability, ".2f"))

    left.imshow(poster / 255.0 if poster.dtype == np.uint8 else poster)
    left.set_axis_off()
    right.set_axis_off()
    for line in textwrap.wrap(overview, 50):
        write(line)
    write("True genres", down=0.05)
    for i, genre in enumerate(truth):
        right.text(0.3 * i, y, genre, color="green")
    column(0, y - 0.1, "CNN", cnn_top)
    column(0.5, y - 0.1, "LSTM", lstm_top)
    return fig
