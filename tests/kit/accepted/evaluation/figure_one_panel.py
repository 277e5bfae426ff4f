"""Everything in one panel with pyplot: keys as labels, bars side by side, one text."""

import matplotlib.pyplot as plt


def plot_history(history, title):
    plt.figure(figsize=(9, 6))
    for key, values in history.history.items():
        if key != "learning_rate":
            plt.plot(values, label=key)
    plt.title(title)
    plt.xlabel("epoch")
    plt.legend()
    return plt.gcf()


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    x = np.arange(len(scores))
    fig, ax = plt.subplots(figsize=(14, 6))
    ax.bar(x - 0.3, scores["precision"], 0.3, label="Precision")
    ax.bar(x, scores["recall"], 0.3, label="Recall")
    ax.bar(x + 0.3, scores["f1"], 0.3, label="F1-score")
    ax.set_xticks(x)
    ax.set_xticklabels(scores.index, rotation=90)
    ax.set_title(title)
    ax.legend()
    fig.tight_layout()
    return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, right) = plt.subplots(1, 2, figsize=(12, 6))
    left.imshow(poster)
    left.axis("off")
    right.axis("off")
    cnn = "\n".join(f"  {i}. {g}: {p:.2f}" for i, (g, p) in enumerate(cnn_top, 1))
    lstm = "\n".join(f"  {i}. {g}: {p:.2f}" for i, (g, p) in enumerate(lstm_top, 1))
    text = (
        textwrap.fill(overview, 60)
        + f"\n\nTrue genres: {', '.join(truth)}\n\nCNN predictions:\n{cnn}"
        + f"\n\nLSTM predictions:\n{lstm}"
    )
    right.text(0, 0.5, text, va="center")
    return fig
