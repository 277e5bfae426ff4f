"""The overview is not on the page.

Breaks: overview
"""


def _write_film(axes, overview, truth):
    axes.set_title(f"True genres: {', '.join(truth)}")
    axes.set_axis_off()
