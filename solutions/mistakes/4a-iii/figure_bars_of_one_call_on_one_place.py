"""All bars are drawn by one call, the three of a genre on one place.

Breaks: uncovered
"""

import numpy as np
from matplotlib.patches import Patch


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    columns, colors = ["precision", "recall", "f1"], ["C0", "C1", "C2"]
    figure = Figure(figsize=(16, 6), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    places = np.repeat(np.arange(len(scores)), len(columns))
    axes.bar(places, scores[columns].to_numpy().ravel(), color=colors * len(scores))
    axes.set_xticks(range(len(scores)), scores.index, rotation=90)
    axes.legend(handles=[Patch(color=color) for color in colors], labels=columns)
    return figure
