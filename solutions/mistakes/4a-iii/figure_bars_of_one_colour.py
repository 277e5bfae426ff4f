"""The legend has three colours, and all bars have the first of them.

Breaks: labels
"""

import numpy as np
from matplotlib.patches import Patch


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    columns, colors = ["precision", "recall", "f1"], ["C0", "C1", "C2"]
    figure = Figure(figsize=(16, 6), layout="constrained")
    figure.suptitle(title)
    axes = figure.subplots()
    places = np.arange(len(scores))[:, None] + np.linspace(-0.25, 0.25, 3)
    heights = scores[columns].to_numpy().ravel()
    axes.bar(places.ravel(), heights, 0.25)
    axes.set_xticks(range(len(scores)), scores.index, rotation=90)
    keys = [Patch(color=color) for color in colors]
    axes.legend(handles=keys, labels=columns)
    return figure
