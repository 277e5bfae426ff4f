"""Draws thin bars inside thick ones, and both models' answers in one chart."""

import textwrap

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def plot_history(history, title):
    """A row for each quantity, a column for each split."""
    figure, panels = plt.subplots(3, 2, figsize=(8, 10), sharex=True)
    figure.suptitle(title)
    for row, name in enumerate(("loss", "precision", "recall")):
        panels[row, 0].set_ylabel(name)
        for column, prefix in enumerate(("", "val_")):
            wanted = prefix + name
            keys = [key for key in history.history if key.lower().startswith(wanted)]
            values = history.history[keys[0]]
            panels[row, column].plot(range(len(values)), values)
    panels[0, 0].set_title("training")
    panels[0, 1].set_title("validation")
    return figure


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure, axes = plt.subplots(figsize=(16, 6), layout="constrained")
    for width, column in ((0.8, "precision"), (0.5, "recall"), (0.2, "f1")):
        axes.bar(range(len(scores)), scores[column], width=width, label=column)
    axes.set_xticks(range(len(scores)), scores.index, rotation=90)
    axes.set_title(title)
    axes.legend()
    return figure


def baseline_loss(train_labels, valid_labels):
    frequencies = np.mean(train_labels, axis=0).astype(np.float32)
    answers = np.broadcast_to(frequencies, np.shape(valid_labels))
    loss = keras.losses.binary_crossentropy(np.float32(valid_labels), answers)
    return float(np.mean(loss))


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    """All films of the CNN come first, then all of the LSTM."""
    rows = []
    for model, answers in (("CNN", cnn_probabilities), ("LSTM", lstm_probabilities)):
        for answer, (_, film) in zip(answers, films.iterrows()):
            for place in np.argsort(-answer)[:k]:
                row = {"Model": model, "Id": film["Id"], "Genre": genres[place]}
                row["Correct"] = np.int64(film[genres[place]])
                rows.append({**row, "Probability": answer[place]})
    return pd.DataFrame(rows)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 8))
    left.imshow(poster)
    left.axis("off")
    names = list(dict.fromkeys(genre for genre, _ in [*cnn_top, *lstm_top]))
    for shift, label, top in ((-0.2, "CNN", cnn_top), (0.2, "LSTM", lstm_top)):
        places = [names.index(genre) + shift for genre, _ in top]
        bars = right.barh(places, [p for _, p in top], 0.4, label=label)
        right.bar_label(bars, labels=[f"{p:.2f}" for _, p in top])
    right.set_yticks(range(len(names)), names)
    right.invert_yaxis()
    right.legend()
    figure.suptitle(f"Truth: {', '.join(truth)}")
    figure.text(0.02, 0.01, textwrap.fill(overview, 150))
    return figure
