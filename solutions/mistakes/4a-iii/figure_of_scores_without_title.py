"""The figure has no title.

Breaks: title
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure = Figure(figsize=(16, 6), layout="constrained")
    axes = figure.subplots()
    scores[["precision", "recall", "f1"]].plot.bar(ax=axes, width=0.8)
    return figure
