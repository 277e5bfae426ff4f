"""The legend calls training what is validation.

Breaks: labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        axes.plot(_series(history, f"val_{name}"))
        axes.plot(_series(history, name))
        axes.set_ylabel(name)
        axes.legend(["training", "validation"])
    return figure
