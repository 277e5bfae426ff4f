"""The figure is shown and not returned.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_history(history, title):
    for key, values in history.history.items():
        plt.plot(values, label=key)
    plt.title(title)
    plt.legend()
    plt.show()
