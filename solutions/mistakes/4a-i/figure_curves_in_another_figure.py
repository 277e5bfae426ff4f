"""Pyplot makes a new figure for each curve, and the first one comes back.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_history(history, title):
    figure, _ = plt.subplots(1, 3, figsize=(12, 4))
    figure.suptitle(title)
    for name in ("loss", "precision", "recall"):
        plt.figure()
        plt.plot(_series(history, name), label="training")
        plt.plot(_series(history, f"val_{name}"), label="validation")
        plt.ylabel(name)
        plt.legend()
    return figure
