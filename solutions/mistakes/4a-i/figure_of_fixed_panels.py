"""The panels are made at import, and every run is drawn into them.

Breaks: new-figure
"""

_FIGURE = Figure(figsize=(12, 4))
_PANELS = _FIGURE.subplots(1, 3)


def plot_history(history, title):
    _FIGURE.suptitle(title)
    names = ("loss", "precision", "recall")
    for axes, name in zip(_PANELS, names, strict=True):
        _plot_curves(axes, history, name)
    return _FIGURE
