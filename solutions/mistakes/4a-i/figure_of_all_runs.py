"""Runs are collected in a list, and all of them are drawn into every figure.

Breaks: new-figure
"""

_RUNS = []
_plot_history = plot_history


def plot_history(history, title):
    figure = _plot_history(history, title)
    for axes, name in zip(figure.axes, ("loss", "precision", "recall")):
        for run in _RUNS:
            for key, values in run.items():
                if name in key:
                    axes.plot(values, alpha=0.3)
    _RUNS.append(history.history)
    return figure
