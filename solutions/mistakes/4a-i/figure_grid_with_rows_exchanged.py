"""In a grid of panels the rows are labelled the wrong way round.

Breaks: labels
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 7))
    figure.suptitle(title)
    panels = figure.subplots(2, 3)
    for column, name in enumerate(("loss", "precision", "recall")):
        panels[0, column].set_title(name)
        for row, prefix in enumerate(("", "val_")):
            values = _series(history, prefix + name)
            panels[row, column].plot(range(1, len(values) + 1), values)
    panels[0, 0].set_ylabel("validation")
    panels[1, 0].set_ylabel("training")
    return figure
