"""The axes go up to 100, but the scores to 1: all curves are flat.

Breaks: in-sight
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    for axes, name in zip(
        figure.subplots(1, 3), ("loss", "precision", "recall"), strict=True
    ):
        axes.plot(_series(history, name), label="training")
        axes.plot(_series(history, f"val_{name}"), label="validation")
        axes.set(xlabel="Epoch", ylabel=name)
        axes.legend()
        axes.set_ylim(0, 100)
    return figure
