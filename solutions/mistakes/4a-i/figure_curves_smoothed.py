"""Means over three epochs are drawn, not the numbers of the history.

Breaks: curves
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    for axes, name in zip(
        figure.subplots(1, 3), ("loss", "precision", "recall"), strict=True
    ):
        for prefix, label in (("", "training"), ("val_", "validation")):
            values = pd.Series(_series(history, prefix + name))
            smooth = values.rolling(3, min_periods=1, center=True).mean()
            axes.plot(smooth.index + 1, smooth, label=label)
        axes.set(xlabel="Epoch", ylabel=name)
        axes.legend()
    return figure
