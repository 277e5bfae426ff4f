"""Lets Keras's metrics and losses do the arithmetic, in float32."""

import textwrap

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def find(history, start):
    """First key of the history that starts so, e.g. precision_1 for precision."""
    for key in history.history:
        if key.startswith(start):
            return history.history[key]
    raise KeyError(start)


def plot_history(history, title):
    fig, axes = plt.subplots(3, 1, figsize=(7, 11), sharex=True)
    for ax, name in zip(axes, ["loss", "precision", "recall"]):
        train = find(history, name)
        valid = find(history, "val_" + name)
        epochs = np.arange(1, len(train) + 1)
        ax.plot(epochs, train, label="training " + name)
        ax.plot(epochs, valid, label="validation " + name)
        ax.set_ylabel(name)
        ax.legend()
        ax.grid(True)
    axes[-1].set_xlabel("epoch")
    fig.suptitle(title)
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    """One Precision and one Recall object for every genre."""
    table = {}
    for i, genre in enumerate(genres):
        precision = keras.metrics.Precision(thresholds=threshold)
        recall = keras.metrics.Recall(thresholds=threshold)
        precision.update_state(y_true[:, i], y_prob[:, i])
        recall.update_state(y_true[:, i], y_prob[:, i])
        p = float(precision.result())
        r = float(recall.result())
        f1 = 2 * p * r / (p + r) if p + r > 0 else 0.0
        table[genre] = {"precision": p, "recall": r, "f1": f1, "support": int(y_true[:, i].sum())}
    return pd.DataFrame.from_dict(table, orient="index")


def plot_genre_scores(scores, title):
    ordered = scores.sort_values(by="support", ascending=False)
    fig, axes = plt.subplots(3, 1, figsize=(13, 12), sharex=True)
    positions = np.arange(len(ordered))
    for ax, column, color in zip(axes, ["precision", "recall", "f1"], ["C0", "C1", "C2"]):
        ax.bar(positions, ordered[column], color=color)
        ax.set_title(column)
        ax.set_ylim(0, 1)
    names = [f"{genre} ({n})" for genre, n in zip(ordered.index, ordered["support"])]
    axes[-1].set_xticks(positions)
    axes[-1].set_xticklabels(names, rotation=90)
    fig.suptitle(title)
    fig.tight_layout()
    return fig


def baseline_loss(train_labels, valid_labels):
    """BinaryCrossentropy clips to [1e-7, 1 - 1e-7] by itself."""
    frequencies = np.mean(train_labels, axis=0)
    answers = np.tile(frequencies, (len(valid_labels), 1)).astype("float32")
    truth = np.asarray(valid_labels).astype("float32")
    return float(keras.losses.BinaryCrossentropy()(truth, answers))


def top_genres(probabilities, genres, k=3):
    order = keras.ops.convert_to_numpy(keras.ops.top_k(probabilities, k)[1])
    return [(genres[i], float(probabilities[i])) for i in order]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    rows = []
    for i in range(len(films)):
        film = films.iloc[i]
        for model, probabilities in [("CNN", cnn_probabilities[i]), ("LSTM", lstm_probabilities[i])]:
            for genre, probability in top_genres(probabilities, genres, k):
                rows.append(
                    {
                        "Id": film["Id"],
                        "Model": model,
                        "Genre": genre,
                        "Probability": probability,
                        "Correct": film[genre] == 1,
                    }
                )
    return pd.DataFrame(rows)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, right) = plt.subplots(1, 2, figsize=(14, 8))
    left.imshow(poster)
    left.axis("off")
    right.axis("off")

    lines = ["Overview:"]
    lines += textwrap.wrap(overview, width=60)
    lines += ["", "True genres: " + ", ".join(truth), ""]
    lines += ["CNN:"] + [f"   {genre}: {p:.2f}" for genre, p in cnn_top] + [""]
    lines += ["LSTM:"] + [f"   {genre}: {p:.2f}" for genre, p in lstm_top]
    right.text(0, 1, "\n".join(lines), va="top", fontsize=10)
    return fig
