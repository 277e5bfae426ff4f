"""The true genres are not on the page.

Breaks: truth
"""


def _write_film(axes, overview, truth):
    axes.text(0, 1, textwrap.fill(overview, 60), va="top")
    axes.set_axis_off()
