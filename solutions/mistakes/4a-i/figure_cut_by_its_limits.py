"""The axis of every panel ends at 0.5, in the middle of the curves.

Breaks: in-sight
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 3.9))
    figure.suptitle(title, fontsize="x-large", fontweight="bold")
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        _plot_curves(axes, history, name)
        axes.set_ylim(0, 0.5)
    return figure
