"""Pyplot's figure 1 is used again, so bars stand over those of the last call.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    figure = plt.figure(1, figsize=(12, 8))
    figure.suptitle(title)
    axes = figure.gca()
    scores[["precision", "recall", "f1"]].plot.barh(ax=axes, width=0.8)
    axes.invert_yaxis()
    return figure
