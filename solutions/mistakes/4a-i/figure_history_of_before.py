"""The first history is kept, and drawn again in place of the next one.

Breaks: new-figure
"""

_FIRST = []


def plot_history(history, title):
    _FIRST.append(history)
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        _plot_curves(axes, _FIRST[0], name)
    return figure
