"""Visibility: whether a reader can see what matplotlib draws, and if not, why.

An artist is doubted only where nothing tells it from its ground. What lies on another
artist, such as white numbers on bars, is taken as seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

LEAST = 0.04
"""Out of 1: what two colours must differ by in one channel to be told apart."""

THIN = 0.1
"""Points: the least width of a line, or size of a marker, that leaves a trace."""

SMALL = 4.0
"""Pixels: the least size of a font that can be read."""

OFF = "switched off"
CLEAR = "transparent"
BLANK = "without a line or a marker"
ALIKE = "in the colour of what is behind"

_NONE = (None, "", " ", "none", "None")

Colour = tuple[float, float, float, float]

_WHITE = (1.0, 1.0, 1.0, 1.0)


def why_line_unseen(line: Any) -> str:
    """Say why nobody sees a line, wherever it is; empty if it can be seen."""
    width, edge = line.get_linewidth(), line.get_markeredgewidth()
    colours = []
    if line.get_linestyle() not in _NONE and width >= THIN:
        colours.append(line.get_color())
    if line.get_marker() not in _NONE and line.get_markersize() >= THIN:
        colours.append(line.get_markerfacecolor())
        colours += [line.get_markeredgecolor()] * (edge >= THIN)
    return _why_unseen(line, [_rgba(each, line.get_alpha()) for each in colours])


def why_bar_unseen(bar: Any) -> str:
    """Say why nobody sees a bar, wherever it is; empty if it can be seen."""
    colours = [bar.get_facecolor()] * bool(bar.get_fill())
    if bar.get_linewidth() >= THIN or bar.get_hatch():
        colours.append(bar.get_edgecolor())
    return _why_unseen(bar, list(map(_rgba, colours)))


def is_read(text: Any) -> bool:
    """Return whether a text, once it is laid out, can be read."""
    figure = text.get_figure(root=True)
    size = text.get_fontsize() * figure.dpi / 72
    if not text.get_visible() or size < SMALL:
        return False
    colour = _rgba(text.get_color(), text.get_alpha())
    if text.get_path_effects():
        return True
    return _differs(colour, _ground_behind(text)) or (
        colour[3] >= LEAST and _lies_on_something(text, colour, figure)
    )


def is_image_seen(image: Any) -> bool:
    """Return whether an image is switched on and not wholly transparent."""
    alpha = image.get_alpha()
    is_clear = isinstance(alpha, (int, float)) and alpha < LEAST
    return bool(image.get_visible()) and not is_clear


def _why_unseen(artist: Any, colours: list[Colour]) -> str:
    if not artist.get_visible():
        return OFF
    if not colours:
        return BLANK
    ground = _ground_of(artist.axes)
    if artist.get_path_effects() or any(_differs(each, ground) for each in colours):
        return ""
    return CLEAR if all(each[3] < LEAST for each in colours) else ALIKE


def _rgba(colour: Any, alpha: Any = None) -> Colour:
    from matplotlib.colors import to_rgba

    return to_rgba(colour, alpha if isinstance(alpha, (int, float)) else None)


def _over(colour: Colour, ground: Colour) -> Colour:
    red, green, blue = (
        colour[3] * upper + (1 - colour[3]) * lower
        for upper, lower in zip(colour[:3], ground[:3], strict=True)
    )
    return red, green, blue, 1.0


def _differs(colour: Colour, ground: Colour) -> bool:
    shown = _over(colour, ground)
    return any(abs(a - b) >= LEAST for a, b in zip(shown, ground, strict=True))


def _paper(artist: Any) -> Colour:
    """Return the colour of a figure around its panels, on white paper."""
    paper = _WHITE
    for figure in (artist.get_figure(root=True), artist.get_figure(root=False)):
        paper = _over(_rgba(figure.get_facecolor()), paper)
    return paper


def _ground_of(axes: Any) -> Colour:
    """Return the colour of a panel; panels in one place share the lowest one's."""
    ground = _paper(axes)
    for other in axes.get_figure(root=True).axes:
        if _has_ground(other) and _covers(other.bbox, axes.bbox):
            ground = _over(_rgba(other.get_facecolor()), ground)
    return ground


def _has_ground(axes: Any) -> bool:
    is_on = axes.get_visible() and axes.axison and axes.get_frame_on()
    return bool(is_on and axes.patch.get_visible())


def _covers(one: Any, other: Any) -> bool:
    (left, bottom), (right, top) = one.min, one.max
    x, y = (other.min + other.max) / 2
    return bool(left <= x <= right and bottom <= y <= top)


def _ground_behind(text: Any) -> Colour:
    """Return the colour of the panel that a text stands in, or else of the paper."""
    if text.axes is None or not _has_ground(text.axes):
        return _paper(text)
    is_inside = _covers(text.axes.bbox, text.get_window_extent())
    return _ground_of(text.axes) if is_inside else _paper(text)


def _lies_on_something(text: Any, colour: Colour, figure: Any) -> bool:
    """Return whether there is anything of another colour behind a text."""
    box, own = text.get_window_extent(), text.get_bbox_patch()
    return (own is not None and _sets_off(own, colour)) or any(
        _sets_off(each, colour) and box.overlaps(each.get_window_extent())
        for each in _grounds(figure)
    )


def _sets_off(ground: Any, colour: Colour) -> bool:
    """Return whether a colour may be told from that of a bar, a box or a picture."""
    from matplotlib.patches import Patch

    if not isinstance(ground, Patch):
        return True  # a picture has many colours
    face = _rgba(ground.get_facecolor())
    return face[3] >= LEAST and _differs(colour, _over(face, _WHITE))


def _grounds(figure: Any) -> Iterator[Any]:
    """Find what a text may stand on: bars, boxes, pictures, but no panel's own."""
    from matplotlib.collections import Collection
    from matplotlib.image import _ImageBase
    from matplotlib.patches import Patch
    from matplotlib.spines import Spine

    own = {id(figure.patch), *(id(axes.patch) for axes in figure.axes)}
    found: Iterable[Any] = figure.findobj(
        lambda each: isinstance(each, (Patch, Collection, _ImageBase))
    )
    for each in found:
        if id(each) not in own and not isinstance(each, Spine) and each.get_visible():
            yield each
