"""The overview ends after 100 letters.

Breaks: overview
"""


def _write_film(axes, overview, truth):
    axes.set_title(", ".join(truth))
    axes.text(0, 1, textwrap.fill(textwrap.shorten(overview, 100), 60), va="top")
    axes.set_axis_off()
