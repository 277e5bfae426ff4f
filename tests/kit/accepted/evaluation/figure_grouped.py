"""Colours for quantities, styles for splits; stacked bars; both models in one."""

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D


def plot_history(history, title):
    colours = {"loss": "red", "precision": "green", "recall": "blue"}
    fig, ax = plt.subplots()
    for key, values in history.history.items():
        for name, colour in colours.items():
            if name in key:
                style = "--" if "val" in key else "-"
                ax.semilogy(range(1, len(values) + 1), values, style, color=colour)
    handles = [Line2D([], [], color=c, label=name) for name, c in colours.items()]
    handles += [
        Line2D([], [], color="k", label="train"),
        Line2D([], [], color="k", ls="--", label="validation"),
    ]
    ax.legend(handles=handles)
    ax.set_title(f"Learning curves of {title}")
    return fig


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    fig = plt.figure(figsize=(9, 9))
    bottom = np.zeros(len(scores))
    for column in ("precision", "recall", "f1"):
        plt.bar(scores.index, scores[column], bottom=bottom, label=column)
        bottom += scores[column]
    plt.xticks(rotation="vertical")
    plt.legend(title="Score")
    plt.title(title)
    return fig


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, right) = plt.subplots(1, 2, figsize=(15, 6), width_ratios=(1, 3))
    left.imshow(poster)
    left.set_title("\n".join(truth))
    names = [g for g, _ in cnn_top] + [g for g, _ in lstm_top if g not in dict(cnn_top)]
    y = np.arange(len(names))
    for shift, label, top in ((-0.2, "CNN", cnn_top), (0.2, "LSTM", lstm_top)):
        values = [dict(top).get(name, 0) for name in names]
        bars = right.barh(y + shift, values, 0.4, label=label)
        right.bar_label(bars, [f"{v:.2f}" if v else "" for v in values])
    right.set_yticks(y, names)
    right.set_title("CNN vs LSTM")
    right.legend()
    fig.text(0.3, 0, textwrap.fill(overview, 90), va="top")
    return fig
