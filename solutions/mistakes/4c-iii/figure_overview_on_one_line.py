"""The overview is one long line, which runs out of the figure.

Breaks: on-the-page
"""


def _write_film(axes, overview, truth):
    axes.set_title(", ".join(truth))
    axes.text(0, 1, overview, va="top")
    axes.set_axis_off()
