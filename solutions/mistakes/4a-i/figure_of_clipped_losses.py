"""Losses above 1 are drawn as 1.

Breaks: curves
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 3.9))
    figure.suptitle(title, fontsize="x-large", fontweight="bold")
    names = ("loss", "precision", "recall")
    clipped = keras.callbacks.History()
    clipped.history = {
        name: np.clip(values, 0, 1).tolist() for name, values in history.history.items()
    }
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        _plot_curves(axes, clipped, name)
    return figure
