"""The training precision is drawn twice, the second time as validation.

Breaks: curves, labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        validation = name if name == "precision" else f"val_{name}"
        axes.plot(_series(history, name), label=f"training {name}")
        axes.plot(_series(history, validation), label=f"validation {name}")
        axes.legend()
    return figure
