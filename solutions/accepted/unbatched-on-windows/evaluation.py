"""Words beside the curves in place of a legend; scores in percent; more lines."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

BASELINE = 0.2346


def plot_history(history, title):
    scores = {k.rstrip("_0123456789"): v for k, v in history.history.items()}
    epochs = np.arange(len(scores["loss"]))
    fig, axes = plt.subplots(1, 3, figsize=(15, 4), constrained_layout=True)
    for ax, name in zip(axes, ("loss", "precision", "recall")):
        for key, word in ((name, "train"), ("val_" + name, "valid")):
            values = np.array(scores[key])
            if name != "loss":
                values = 100 * values
            # Training scores are means over an epoch, which ends later.
            ax.plot(epochs + (0.5 if word == "train" else 1), values, label=word)
            ax.text(epochs[-1] + 1.1, values[-1], word)
        ax.axvline(np.argmin(scores["val_loss"]) + 1, ls=":", color="0.5")
        ax.set_ylabel("loss" if name == "loss" else name + " (%)")
        ax.set_title("Training history")
    axes[0].axhline(BASELINE, color="k", ls="--", label="baseline")
    axes[0].annotate("baseline", (0, BASELINE))
    if "learning_rate" in scores:
        rates = axes[0].twinx()
        rates.plot(epochs, scores["learning_rate"], color="green", alpha=0.3)
        rates.set_ylabel("learning rate")
    fig.suptitle(title.upper())
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    yes = np.where(np.asarray(y_prob) > threshold, 1, 0)
    no = 1 - yes
    y = np.asarray(y_true)
    df = pd.DataFrame(index=list(genres))
    df["TP"] = (yes * y).sum(axis=0)
    df["FP"] = (yes * (1 - y)).sum(axis=0)
    df["FN"] = (no * y).sum(axis=0)
    df.insert(0, "precision", df["TP"] / (df["TP"] + df["FP"]))
    df.insert(1, "recall", df["TP"] / (df["TP"] + df["FN"]))
    df.insert(2, "f1", df["TP"] / (df["TP"] + 0.5 * (df["FP"] + df["FN"])))
    df.insert(3, "support", df["TP"] + df["FN"])
    return df.drop(columns=["TP", "FP", "FN"]).fillna(0.0)


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False).reset_index(names="genre")
    fig, axes = plt.subplots(1, 4, figsize=(16, 10), sharey=True)
    columns = ["support", "precision", "recall", "f1"]
    for ax, column in zip(axes, columns):
        factor = 1 if column == "support" else 100
        ax.barh(scores.index, scores[column] * factor)
        ax.set_xlabel(column if column == "support" else column + " (%)")
    for i, genre in scores["genre"].items():
        axes[0].text(0, i, genre + " ", ha="right", va="center")
    axes[0].set_yticks([])
    axes[0].invert_yaxis()
    fig.suptitle(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    p = np.sum(train_labels, axis=0) / len(train_labels)
    p[p < 1e-7] = 1e-7
    p[p > 1 - 1e-7] = 1 - 1e-7
    positives = np.sum(valid_labels, axis=0)
    negatives = len(valid_labels) - positives
    total = np.sum(positives * np.log(p) + negatives * np.log(1 - p))
    return float(-total / np.size(valid_labels))


def top_genres(probabilities, genres, k=3):
    df = pd.DataFrame({"genre": genres, "probability": probabilities})
    df = df.sort_values("probability", ascending=False).head(k)
    return [(row["genre"], row["probability"]) for _, row in df.iterrows()]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    tables = []
    for i in range(films.shape[0]):
        film = films.iloc[[i]]
        for model, p in (("CNN", cnn_probabilities[i]), ("LSTM", lstm_probabilities[i])):
            df = pd.DataFrame(top_genres(p, genres, k), columns=["Genre", "Probability"])
            df.insert(0, "Id", film["Id"].item())
            df.insert(1, "Model", model)
            df["Correct"] = df["Genre"].map(lambda genre: film[genre].item() == 1)
            tables.append(df)
    return pd.concat(tables, ignore_index=True)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, axes = plt.subplots(1, 3, figsize=(14, 5))
    # a smaller copy will do
    axes[0].imshow(np.asarray(poster)[::2, ::2])
    axes[0].set_xticks([])
    axes[0].set_yticks([])
    axes[0].set_title(textwrap.fill(overview, 45), fontsize=8)
    axes[0].set_xlabel("truth: " + str(truth))
    for ax, name, top in ((axes[1], "cnn", cnn_top), (axes[2], "BiLSTM", lstm_top)):
        ax.bar([g for g, _ in top], [p for _, p in top])
        for i, (_, p) in enumerate(top):
            ax.annotate("%.2f %%" % (100 * p), (i, p))
        ax.set_xlabel(name)
    fig.subplots_adjust(top=0.75)
    return fig
