"""Three bars a genre, and nothing says which score each of them is.

Breaks: labels
"""


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure = Figure(figsize=(8, 12))
    axes = figure.subplots()
    for number, column in enumerate(("precision", "recall", "f1")):
        places = np.arange(len(scores)) + 0.25 * (number - 1)
        axes.barh(places, scores[column], 0.25, label=column)
    axes.set_yticks(range(len(scores)), scores.index)
    axes.set_title(title)
    return figure
