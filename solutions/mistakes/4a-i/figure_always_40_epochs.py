"""Every run is drawn from epoch 1 to 40, however many epochs it has.

Breaks: curves
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    for axes, name in zip(
        figure.subplots(1, 3), ("loss", "precision", "recall"), strict=True
    ):
        for prefix, label in (("", "training"), ("val_", "validation")):
            values = _series(history, prefix + name)
            axes.plot(np.linspace(1, 40, len(values)), values, label=label)
        axes.set(xlabel="Epoch", ylabel=name)
        axes.legend()
    return figure
