"""Pandas draws into a figure of its own, and an empty one comes back.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_history(history, title):
    figure = plt.figure(figsize=(12, 4))
    figure.suptitle(title)
    pd.DataFrame(history.history).plot(subplots=True, layout=(1, -1))
    return figure
