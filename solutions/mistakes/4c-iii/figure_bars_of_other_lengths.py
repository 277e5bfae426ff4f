"""The bars are as long as their ranks say, not as the probabilities.

Breaks: pairs
"""


def _plot_ranking(axes, model, top, truth):
    names = [genre for genre, _ in top]
    lengths = [value for _, value in top][::-1]
    bars = axes.barh(range(len(top)), lengths)
    axes.bar_label(bars, [f"{value:.2f}" for value in lengths])
    axes.set_yticks(range(len(top)), names)
    axes.set(title=model, xlim=(0, 1.18))
    axes.invert_yaxis()
