"""Both curves of a panel are blue, so that its legend tells nothing.

Breaks: labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    for axes, name in zip(
        figure.subplots(1, 3), ("loss", "precision", "recall"), strict=True
    ):
        axes.plot(_series(history, name), label="training", color="blue")
        axes.plot(_series(history, f"val_{name}"), label="validation", color="blue")
        axes.set(xlabel="Epoch", ylabel=name)
        axes.legend()

    return figure
