"""The bars of all scores are blue, and the legend has three blue entries.

Breaks: labels
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(10, 12), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    places = np.arange(len(scores))
    for place, name in enumerate(("precision", "recall", "f1")):
        lengths = scores[name]
        axes.barh(places - 0.27 * place, lengths, 0.27, label=name, color="blue")
    axes.set_yticks(places - 0.27, scores.index)
    axes.legend()
    return figure
