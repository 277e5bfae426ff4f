"""The curves have labels, but nothing shows them.

Breaks: labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        axes.plot(_series(history, name), label="training")
        axes.plot(_series(history, f"val_{name}"), label="validation")
        axes.set_title(f"Training and validation {name}")
    return figure
