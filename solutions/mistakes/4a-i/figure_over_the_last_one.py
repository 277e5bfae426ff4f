"""Pyplot's figure 1 is used again, so every run is drawn over the last one.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_history(history, title):
    figure = plt.figure(1, figsize=(12, 4))
    figure.suptitle(title)
    for place, name in enumerate(("loss", "precision", "recall"), start=1):
        _plot_curves(figure.add_subplot(1, 3, place), history, name)
    return figure
