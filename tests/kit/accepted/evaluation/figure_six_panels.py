"""A panel a curve, told by titles alone; a panel a score; a table for the lists."""

import matplotlib.pyplot as plt


def plot_history(history, title):
    keys = [k for k in history.history if k != "learning_rate"]
    fig, axes = plt.subplots(2, 3, figsize=(12, 6))
    for ax, key in zip(axes.flat, keys, strict=True):
        ax.plot(history.epoch, history.history[key])
        split = "Validation" if key.startswith("val") else "Training"
        ax.set_title(f"{split} {key.removeprefix('val_')}")
    fig.suptitle(title)
    return fig


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    fig, axes = plt.subplots(3, 1, figsize=(12, 15), sharex=True)
    for ax, column in zip(axes, ["precision", "recall", "f1"], strict=True):
        ax.bar(scores.index, scores[column])
        ax.set_ylabel(column)
    axes[2].tick_params(axis="x", rotation=90)
    fig.suptitle(title)
    return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(8, 10))
    top.imshow(poster)
    top.set_title("Genres: " + " | ".join(truth))
    top.set_xlabel("\n".join(textwrap.wrap(overview, 80)))
    top.set_xticks([])
    top.set_yticks([])
    rows = [
        [f"{cnn} {p:.2f}", f"{lstm} {q:.2f}"]
        for (cnn, p), (lstm, q) in zip(cnn_top, lstm_top, strict=True)
    ]
    bottom.axis("off")
    bottom.table(rows, colLabels=["CNN", "LSTM"], rowLabels=["1", "2", "3"])
    return fig
