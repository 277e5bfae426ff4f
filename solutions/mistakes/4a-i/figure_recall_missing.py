"""Loss and precision are plotted, recall is not.

Breaks: curves
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    panels = figure.subplots(1, 2)
    for axes, name in zip(panels, ("loss", "precision"), strict=True):
        _plot_curves(axes, history, name)
    return figure
