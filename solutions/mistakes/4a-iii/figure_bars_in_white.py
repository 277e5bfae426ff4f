"""The bars of the recall are white on white.

Breaks: in-sight
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(10, 12), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    places = np.arange(len(scores))
    for place, name in enumerate(("precision", "recall", "f1")):
        axes.barh(
            places + 0.27 * (1 - place),
            scores[name],
            0.27,
            label=name,
            color="#0072b2 #ffffff #00795a".split()[place],
        )
    axes.set_yticks(places, scores.index)
    axes.legend()
    return figure
