"""The bars are transparent.

Breaks: in-sight
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(10, 12), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    places = np.arange(len(scores))
    for place, name in enumerate(("precision", "recall", "f1")):
        axes.barh(places + 0.27 * (1 - place), scores[name], 0.27, label=name, alpha=0)
    axes.set_yticks(places, scores.index)
    axes.legend()
    return figure
