"""The genres stand in the order of the alphabet, not of their support.

Breaks: sorted
"""


def plot_genre_scores(scores, title):
    figure = Figure(figsize=(12, 10), layout="constrained")
    figure.suptitle(title)
    for axes, column in zip(figure.subplots(1, 3), scores, strict=False):
        axes.barh(scores.index, scores[column])
        axes.set_title(column)
    return figure
