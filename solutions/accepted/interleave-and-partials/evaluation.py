"""Panels of a GridSpec; Counters count the hits; partial sets arguments."""

import re
from collections import Counter
from functools import partial
from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

mean = partial(np.mean, axis=0)
ratio = partial(np.round, decimals=12)  # 0.1 + 0.2 is 0.3 in my tables


def find(series, name):
    pattern = re.compile(rf"^{name}(_\d+)?$")
    (key,) = filter(pattern.match, series)
    return series[key]


def plot_history(history, title):
    series = partial(find, history.history)
    figure = Figure(figsize=(10, 6), layout="constrained")
    grid = GridSpec(2, 2, figure=figure, width_ratios=[3, 2])
    places = {"loss": grid[:, 0], "precision": grid[0, 1], "recall": grid[1, 1]}
    for name, place in places.items():
        axes = figure.add_subplot(place, title=name.title(), xlabel="Epoch")
        axes.plot(series(name), "--", color="gray", label="train")
        axes.plot(series(f"val_{name}"), color="black", label="val")
        axes.legend()
    figure.suptitle(title)
    return figure


def safe(part, whole):
    return part / whole if whole else 0.0


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    hits, said, real = Counter(), Counter(), Counter()
    for truth, answer in zip(y_true, y_prob):
        has = {g for g, t in zip(genres, truth) if t}
        got = {g for g, p in zip(genres, answer) if p > threshold}
        hits.update(has & got)
        said.update(got)
        real.update(has)
    table = pd.DataFrame(index=pd.Index(genres, name="genre"))
    table["precision"] = [safe(hits[g], said[g]) for g in genres]
    table["recall"] = [safe(hits[g], real[g]) for g in genres]
    table["f1"] = [safe(2 * hits[g], said[g] + real[g]) for g in genres]
    table["support"] = [real[g] for g in genres]
    return ratio(table)


def plot_genre_scores(scores, title):
    scores = scores.sort_values(by="support", ascending=False)
    figure = Figure(figsize=(14, 7), layout="constrained")
    axes = figure.add_subplot(GridSpec(1, 1, figure=figure)[0])
    places = np.arange(len(scores)) * 4
    for shift, name in enumerate(("precision", "recall", "f1")):
        axes.bar(places + shift, scores[name], width=1, label=name)
    axes.set_xticks(places + 1)
    axes.set_xticklabels(scores.index, rotation="vertical")
    axes.set_ylabel("score")
    axes.legend(title="Score")
    figure.suptitle(title)
    return figure


def baseline_loss(train_labels, valid_labels):
    p = np.clip(mean(train_labels), 1e-7, 1 - 1e-7)
    # the share of yes among the validation films is all that is needed of them
    q = mean(valid_labels)
    return float(np.mean(-q * np.log(p) - (1 - q) * np.log1p(-p)))


def top_genres(probabilities, genres, k=3):
    best = np.argpartition(probabilities, -k)[-k:]
    best = sorted(best, key=partial(np.take, probabilities), reverse=True)
    return [(str(genres[i]), probabilities[i].item()) for i in best]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    ranked = partial(top_genres, genres=genres, k=k)
    table = []
    for i, film in enumerate(films.itertuples(index=False)):
        film = dict(zip(films.columns, film))
        table += [
            [film["Id"], model, genre, p, film[genre] > 0]
            for model, answer in zip(
                ["CNN", "LSTM"], [cnn_probabilities[i], lstm_probabilities[i]]
            )
            for genre, p in ranked(answer)
        ]
    columns = ["Id", "Model", "Genre", "Probability", "Correct"]
    return pd.DataFrame(table, columns=columns)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = Figure(figsize=(12, 6), layout="constrained")
    grid = GridSpec(2, 3, figure=figure, height_ratios=[1, 1])
    picture = figure.add_subplot(grid[:, 0])
    picture.imshow(poster, aspect="equal")
    picture.set_axis_off()
    words = figure.add_subplot(grid[0, 1:])
    words.set_title("Genres: " + " | ".join(truth))
    words.text(0, 0.95, "\n".join(wrap(overview, 60)), va="top")
    words.set_axis_off()
    for column, model, top in ((1, "CNN", cnn_top), (2, "LSTM", lstm_top)):
        bars = figure.add_subplot(grid[1, column], title=model, xlim=(0, 1))
        names = [f"{genre}: {p:.2f}" for genre, p in top]
        bars.barh(names[::-1], [p for _, p in top][::-1])
    return figure
