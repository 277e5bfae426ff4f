"""The bars stand from the smallest support to the largest.

Breaks: sorted
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(16, 6), layout="constrained")
    axes = figure.subplots()
    columns = ("precision", "recall", "f1")
    scores[list(columns)].plot.bar(ax=axes, width=0.8, title=title)
    return figure
