"""Numbers stand where the names of the genres belong.

Breaks: names
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure = Figure(figsize=(10, 8))
    figure.suptitle(title)
    for axes, column in zip(figure.subplots(3, 1), scores, strict=False):
        axes.bar(range(len(scores)), scores[column])
        axes.set_ylabel(column)
    return figure
