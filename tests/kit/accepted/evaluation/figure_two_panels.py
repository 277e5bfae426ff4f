"""Precision and recall on one axis, bars on their side, a film told in titles."""

import matplotlib.pyplot as plt


def plot_history(history, title):
    h = history.history
    p = next(k for k in h if k.startswith("precision"))
    r = next(k for k in h if k.startswith("recall"))
    vp, vr = f"val_{p}", f"val_{r}"
    epochs = range(1, len(h["loss"]) + 1)
    fig, axes = plt.subplots(1, 2, figsize=(14, 5))
    axes[0].plot(epochs, h["loss"], "b", label="Train")
    axes[0].plot(epochs, h["val_loss"], "r", label="Val")
    axes[0].set_title(f"{title}: Training history")
    axes[0].set_ylabel("Binary cross-entropy")
    axes[0].legend()
    axes[1].plot(epochs, h[p], "b", label="Train Precision")
    axes[1].plot(epochs, h[vp], "r", label="Val Precision")
    axes[1].plot(epochs, h[r], "b--", label="Train Recall")
    axes[1].plot(epochs, h[vr], "r--", label="Val Recall")
    axes[1].set_ylabel("Value")
    axes[1].legend()
    return fig


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    y = np.arange(len(scores))
    fig, ax = plt.subplots(figsize=(8, 12))
    ax.barh(y + 0.25, scores.precision, height=0.25)
    ax.barh(y, scores.recall, height=0.25)
    ax.barh(y - 0.25, scores.f1, height=0.25)
    ax.set_yticks(y, [f"{g}\n(n={n})" for g, n in scores.support.items()], fontsize=8)
    ax.legend(["precision", "recall", "f1"])
    ax.set_title(title)
    return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(8, 9))
    plt.imshow(poster)
    plt.axis("off")
    cnn = ", ".join(f"{g} ({p:.2f})" for g, p in cnn_top)
    lstm = ", ".join(f"{g} ({p:.2f})" for g, p in lstm_top)
    plt.title(f"Truth: {truth}\nCNN: {cnn}\nLSTM: {lstm}", fontsize=9)
    plt.figtext(0.5, 0.02, textwrap.fill(overview, 70), ha="center")
    return fig
