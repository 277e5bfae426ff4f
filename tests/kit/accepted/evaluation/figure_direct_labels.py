"""Words beside the curves in place of a legend; extra lines; scores in percent."""

import matplotlib.pyplot as plt


def plot_history(history, title):
    scores = {k.rstrip("_0123456789"): v for k, v in history.history.items()}
    epochs = np.arange(len(scores["loss"]))
    fig, axes = plt.subplots(1, 3, figsize=(15, 4), constrained_layout=True)
    for ax, name in zip(axes, ("loss", "precision", "recall"), strict=True):
        for key, word in ((name, "train"), ("val_" + name, "valid")):
            values = np.array(scores[key]) * (1 if name == "loss" else 100)
            # Training scores are means over an epoch, which ends later.
            ax.plot(epochs + (0.5 if word == "train" else 1), values, label=word)
            ax.text(epochs[-1] + 1.1, values[-1], word)
        ax.axvline(np.argmin(scores["val_loss"]) + 1, ls=":", color="0.5")
        ax.set_ylabel(name if name == "loss" else f"{name} (%)")
        ax.set_title("Training history")
    axes[0].axhline(0.2346, color="k", ls="--", label="baseline")
    axes[0].annotate("baseline", (0, 0.2346))
    rates = axes[0].twinx()
    rates.plot(epochs, scores["learning_rate"], color="green", alpha=0.3)
    rates.set_ylabel("learning rate")
    fig.suptitle(title.upper())
    return fig


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False).reset_index(names="genre")
    fig, axes = plt.subplots(1, 4, figsize=(16, 10), sharey=True)
    columns = ["support", "precision", "recall", "f1"]
    for ax, column in zip(axes, columns, strict=True):
        factor = 1 if column == "support" else 100
        ax.barh(scores.index, scores[column] * factor)
        ax.set_xlabel(column if column == "support" else f"{column} (%)")
    for i, genre in scores["genre"].items():
        axes[0].text(0, i, f"{genre} ", ha="right", va="center")
    axes[0].set_yticks([])
    axes[0].invert_yaxis()
    fig.suptitle(title)
    return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, axes = plt.subplots(1, 3, figsize=(14, 5))
    axes[0].imshow(np.asarray(poster)[::2, ::2])
    axes[0].set_title(textwrap.fill(overview, 45), fontsize=8)
    axes[0].set_xlabel(f"truth: {truth}")
    for ax, name, top in ((axes[1], "cnn", cnn_top), (axes[2], "BiLSTM", lstm_top)):
        ax.bar([g for g, _ in top], [p for _, p in top])
        for i, (_, p) in enumerate(top):
            ax.annotate(f"{100 * p:.2f} %", (i, p))
        ax.set_xlabel(name)
    return fig
