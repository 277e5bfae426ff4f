"""The bars are sorted, the names beside them are not.

Breaks: names
"""


def plot_genre_scores(scores, title):
    ordered = scores.sort_values("support")
    figure = Figure(figsize=(12, 10), layout="constrained")
    figure.suptitle(title)
    for axes, column in zip(figure.subplots(1, 3), scores, strict=False):
        axes.barh(range(len(ordered)), ordered[column])
        axes.set_yticks(range(len(scores)), scores.index)
        axes.set_title(column)
    return figure
