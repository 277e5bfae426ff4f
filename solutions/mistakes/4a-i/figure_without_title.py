"""The figure has a title of its own, and not the one that was given.

Breaks: title
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle("Learning curves")
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        _plot_curves(axes, history, name)
    return figure
