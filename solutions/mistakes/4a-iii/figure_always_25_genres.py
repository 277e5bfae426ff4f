"""The number of genres is written into the function, 25.

Breaks: bars
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False, kind="stable")
    figure = Figure(figsize=(12, 9))
    figure.suptitle(title)
    places = np.arange(25)
    axes = figure.subplots()
    for shift, column in enumerate(("precision", "recall", "f1")):
        axes.barh(places + 0.25 * shift, scores[column], 0.25, label=column)
    axes.set_yticks(places + 0.25, scores.index)
    axes.invert_yaxis()
    axes.legend()
    return figure
