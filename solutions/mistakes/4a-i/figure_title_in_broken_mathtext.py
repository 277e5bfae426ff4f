"""The title is made bold in matplotlib's mathtext, and a brace is missing.

Breaks: new-figure
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(r"$\bf{" + title + "$")
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        _plot_curves(axes, history, name)
    return figure
