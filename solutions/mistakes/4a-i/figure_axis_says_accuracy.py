"""The axis of the precision is labelled accuracy.

Breaks: labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = {"loss": "Loss", "precision": "Accuracy", "recall": "Recall"}
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        axes.plot(_series(history, name), label="training")
        axes.plot(_series(history, f"val_{name}"), label="validation")
        axes.set_ylabel(names[name])
        axes.legend()
    return figure
