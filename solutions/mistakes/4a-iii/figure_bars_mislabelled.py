"""The legend calls precision what is recall.

Breaks: labels
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    axes = scores[["recall", "precision", "f1"]].plot.barh(figsize=(8, 14))
    axes.legend(["precision", "recall", "f1"])
    axes.set_title(title)
    return axes.figure
