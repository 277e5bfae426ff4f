"""The axis is in percent, the bars are not: it begins where they end.

Breaks: in-sight
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(12, 10), layout="constrained")
    figure.suptitle(title)
    columns = ("precision", "recall", "f1")
    for axes, column in zip(figure.subplots(1, 3), columns, strict=True):
        axes.barh(scores.index, scores[column])
        axes.set(title=column, xlim=(1, 100))
    return figure
