"""Ranks with heapq.nlargest and itemgetter, and zips where others index."""

from __future__ import annotations

import heapq
from itertools import product
from math import log
from operator import itemgetter
from statistics import fmean
from textwrap import TextWrapper

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.ticker import MaxNLocator, PercentFormatter

wrap = TextWrapper(width=58).wrap


def plot_history(history, title):
    fig, axes = plt.subplots(2, 3, figsize=(14, 7), sharex=True, layout="constrained")
    for ax, (part, name) in zip(axes.flat, product(("", "val_"), ("loss", "precision", "recall"))):
        values = next(v for k, v in history.history.items() if k.startswith(part + name))
        ax.plot(range(1, len(values) + 1), values, marker=".")
        ax.set_title(f"{'validation' if part else 'training'} {name}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if name != "loss":
            ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    fig.supxlabel("Epoch")
    fig.suptitle(title)
    return fig


def _scores(truth, said):
    hits = sum(map(min, truth, said))
    return (
        hits / n if (n := sum(said)) else 0.0,
        hits / n if (n := sum(truth)) else 0.0,
        2 * hits / n if (n := sum(said) + sum(truth)) else 0.0,
        int(sum(truth)),
    )


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    columns = zip(y_true.T.astype(int), (y_prob > threshold).T.astype(int))
    return pd.DataFrame.from_dict(
        {genre: _scores(*column) for genre, column in zip(genres, columns)},
        orient="index",
        columns=["precision", "recall", "f1", "support"],
    )


def plot_genre_scores(scores, title):
    rows = sorted(scores.itertuples(), key=itemgetter(4), reverse=True)
    fig, ax = plt.subplots(figsize=(10, 13))
    for column, (name, hatch) in enumerate([("precision", ""), ("recall", "//"), ("F1", "..")], start=1):
        places = [i + 0.28 * (column - 2) for i in range(len(rows))]
        ax.barh(places, [*map(itemgetter(column), rows)], 0.26, label=name, hatch=hatch)
    ax.set_yticks(range(len(rows)), [f"{row.Index} ({row.support} films)" for row in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.04), ncol=3)
    ax.set_title(title)
    fig.subplots_adjust(left=0.25)
    return fig


def baseline_loss(train_labels, valid_labels):
    frequencies = [min(max(fmean(column), 1e-7), 1 - 1e-7) for column in train_labels.T]
    return -fmean(
        log(p if truth else 1 - p) for film in valid_labels for p, truth in zip(frequencies, film)
    )


def top_genres(probabilities, genres, k=3):
    return heapq.nlargest(k, zip(genres, map(float, probabilities)), key=itemgetter(1))


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    return pd.DataFrame.from_records(
        [
            {"Id": film["Id"], "Model": model, "Genre": genre, "Probability": p, "Correct": film[genre] > 0}
            for film, *answers in zip(films.to_dict("records"), cnn_probabilities, lstm_probabilities)
            for model, answer in zip(("CNN", "LSTM"), answers)
            for genre, p in top_genres(answer, genres, k)
        ]
    )


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (picture, page) = plt.subplots(
        ncols=2, figsize=(13, 7), gridspec_kw={"width_ratios": [1, 2]}, layout="constrained"
    )
    picture.imshow(poster)
    for ax in (picture, page):
        ax.axis("off")
    lines = [
        *wrap(overview),
        "",
        f"Really: {', '.join(truth)}",
        *(
            f"{model}: " + ", ".join(f"{genre} {p:.2f}" for genre, p in top)
            for model, top in (("CNN", cnn_top), ("LSTM", lstm_top))
        ),
    ]
    page.text(0, 1, "\n".join(lines), va="top", fontsize=12)
    return fig
