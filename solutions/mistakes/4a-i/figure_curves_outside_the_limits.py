"""One range serves all panels, and leaves nothing of loss and recall.

Breaks: in-sight
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        axes.plot(_series(history, name), label="training")
        axes.plot(_series(history, f"val_{name}"), label="validation")
        axes.set(xlabel="Epoch", ylabel=name, ylim=(0.5, 1))
        axes.legend()
    return figure
