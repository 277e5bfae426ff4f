"""One legend for all panels; bars drawn one by one; lists as separate texts."""

import matplotlib.pyplot as plt


def plot_history(history, title):
    keys = list(history.history)
    fig, axes = plt.subplots(3, 1, sharex=True, figsize=(6, 10))
    for ax, name in zip(axes, ("loss", "precision", "recall"), strict=True):
        train = next(k for k in keys if k.startswith(name))
        (one,) = ax.plot(history.history[train], "o-", color="navy")
        (two,) = ax.plot(history.history["val_" + train], "s-", color="crimson")
        ax.set_ylabel(name.upper())
    fig.legend([one, two], ["training set", "validation set"], loc="lower center")
    fig.suptitle(textwrap.fill(title, 10))
    return fig


def plot_genre_scores(scores, title):
    # Genres without films have no scores to draw.
    scores = scores[scores["support"] > 0].sort_values("support", ascending=False)
    fig, ax = plt.subplots(figsize=(20, 6))
    for i, (_, row) in enumerate(scores.iterrows()):
        first = i == 0
        ax.bar(i - 0.25, row.precision, 0.25, color="C0", label="P" if first else None)
        ax.bar(i, row.recall, 0.25, color="C1", label="R" if first else None)
        ax.bar(i + 0.25, row.f1, 0.25, color="C2", label="F1" if first else None)
    ax.set_xticks(range(len(scores)), scores.index, rotation=45, ha="right")
    ax.legend()
    counts = ax.twinx()
    counts.plot(range(len(scores)), scores["support"], "k.-", label="support")
    counts.set_ylabel("Films")
    fig.suptitle(title)
    return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, right) = plt.subplots(1, 2, figsize=(13, 6))
    left.imshow(poster / 255.0 if poster.dtype == np.uint8 else poster)
    right.set_axis_off()
    y = 0.95
    for line in textwrap.wrap(overview, 50):
        right.text(0, y, line)
        y -= 0.05
    right.text(0, y - 0.05, "True genres")
    for i, genre in enumerate(truth):
        right.text(0.3 * i, y - 0.1, genre, color="green")
    for x, model, top in ((0, "CNN", cnn_top), (0.5, "LSTM", lstm_top)):
        right.text(x, y - 0.2, model, weight="bold")
        for i, (genre, probability) in enumerate(top):
            right.text(x, y - 0.25 - 0.05 * i, genre)
            right.text(x + 0.3, y - 0.25 - 0.05 * i, format(probability, ".2f"))
    return fig
