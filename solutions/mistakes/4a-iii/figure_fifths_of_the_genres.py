"""Five panels hold a fifth of the genres each; what does not divide by five is lost.

Breaks: bars
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False, kind="stable")
    figure = Figure(figsize=(10, 14), layout="constrained")
    figure.suptitle(title)
    size = len(scores) // 5
    for number, axes in enumerate(figure.subplots(5, 1)):
        _plot_part(axes, scores.iloc[number * size : (number + 1) * size])
    return figure


def _plot_part(axes, scores):
    places = np.arange(len(scores))
    for shift, column in enumerate(("precision", "recall", "f1")):
        axes.barh(places + 0.25 * shift, scores[column], 0.25, label=column)
    axes.set_yticks(places + 0.25, scores.index)
    axes.set_xlim(0, 1)
    axes.invert_yaxis()
    axes.legend(loc="lower right")
