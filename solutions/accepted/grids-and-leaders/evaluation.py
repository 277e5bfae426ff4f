"""Says once, above a column or beside a row, what holds for a grid of panels."""

import textwrap

import matplotlib.pyplot as plt


def _key(history, name):
    spellings = {key.lower().rstrip("_0123456789"): key for key in history.history}
    return spellings[name]


def plot_history(history, title):
    figure, panels = plt.subplots(2, 3, figsize=(12, 7))
    figure.suptitle(title)
    for column, name in enumerate(("loss", "precision", "recall")):
        panels[0, column].set_title(name)
        for row, prefix in enumerate(("", "val_")):
            values = history.history[_key(history, prefix + name)]
            panels[row, column].plot(range(1, len(values) + 1), values)
    panels[0, 0].set_ylabel("training")
    panels[1, 0].set_ylabel("validation")
    return figure


def plot_genre_scores(scores, title):
    """Divide the genres: those with more films above, the others below."""
    scores = scores.sort_values("support", ascending=False)
    half = (len(scores) + 1) // 2
    figure, panels = plt.subplots(2, 1, figsize=(12, 9), layout="constrained")
    figure.suptitle(title)
    for axes, part in zip(panels, (scores[:half], scores[half:])):
        part[["precision", "recall", "f1"]].plot.bar(ax=axes, width=0.8, rot=60)
    return figure


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure, (picture, page) = plt.subplots(1, 2, figsize=(13, 7))
    picture.imshow(poster)
    picture.axis("off")
    page.axis("off")
    lines = [f"True: {', '.join(truth)}", "", *textwrap.wrap(overview, 60)]
    for model, top in (("CNN", cnn_top), ("LSTM", lstm_top)):
        lines += ["", model, *(f"{genre:.<20}{score:.2f}" for genre, score in top)]
    page.text(0, 1, "\n".join(lines), va="top", family="monospace", fontsize=9)
    return figure
