"""The three bars of a genre stand so near that they cover one another.

Breaks: uncovered
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure = Figure(figsize=(16, 6), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    for place, column in enumerate(("precision", "recall", "f1")):
        places = np.arange(len(scores)) + 0.2 * place
        axes.bar(places, scores[column], width=0.6, label=column)
    axes.set_xticks(np.arange(len(scores)) + 0.2, scores.index, rotation=90)
    axes.legend()
    return figure
