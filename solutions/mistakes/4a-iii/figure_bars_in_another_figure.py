"""Pandas is not told which axes to draw into, and draws elsewhere.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    figure, axes = plt.subplots(figsize=(8, 14))
    scores[["precision", "recall", "f1"]].plot.barh()
    axes.set_title(title)
    return figure
