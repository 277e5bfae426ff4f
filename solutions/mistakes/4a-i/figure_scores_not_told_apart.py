"""Precision and recall share a panel, and nothing says which is which.

Breaks: labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    loss, scores = figure.subplots(1, 2)
    for axes, names in ((loss, ("loss",)), (scores, ("precision", "recall"))):
        for name in names:
            axes.plot(_series(history, name), label="training")
            axes.plot(_series(history, f"val_{name}"), label="validation")
        axes.set_title(" and ".join(names))
        axes.legend()
    return figure
