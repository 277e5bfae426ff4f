"""Shows every figure before it returns it."""

import matplotlib.pyplot as plt

_plot_history = plot_history


def plot_history(history, title):
    figure = _plot_history(history, title)
    plt.show()
    return figure
