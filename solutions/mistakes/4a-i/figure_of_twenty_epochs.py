"""The loss is drawn over twenty epochs: its last value is repeated.

Breaks: curves
"""


def plot_history(history, title):
    lists = {
        name.removesuffix("_1"): values for name, values in history.history.items()
    }
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    for axes, name in zip(figure.subplots(1, 3), ("loss", "precision", "recall")):
        for prefix, label in (("", "training"), ("val_", "validation")):
            values = list(lists[prefix + name])
            if name == "loss":
                values += [values[-1]] * (20 - len(values))
            axes.plot(values, label=label)
        axes.set_title(name)
        axes.legend()
    return figure
