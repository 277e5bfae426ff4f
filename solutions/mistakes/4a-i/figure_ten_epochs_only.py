"""The curves end after ten epochs, however long the history is.

Breaks: curves
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        for prefix, label in (("", "training"), ("val_", "validation")):
            axes.plot(_series(history, prefix + name)[:10], label=label)
        axes.set(xlabel="Epoch", ylabel=name)
        axes.legend()
    return figure
