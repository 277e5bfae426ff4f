"""The three bars of a genre stand on one place, and cover one another.

Breaks: uncovered
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure = Figure(figsize=(16, 6), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    for column in ("precision", "recall", "f1"):
        axes.bar(range(len(scores)), scores[column], label=column)
    axes.set_xticks(range(len(scores)), scores.index, rotation=90)
    axes.legend()
    return figure
