"""Descriptions of matplotlib figures: what is drawn, as numbers and text.

What a reader cannot see is left out: panels, axes and texts that are switched off,
texts that nothing tells from what is behind them, and anything without a position,
such as the number on a bar whose length is NaN. Lines and bars stay, and it is said
why nobody sees them.
"""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np

from reelmark.wire.codec import Record
from reelmark.worker.visibility import (
    is_image_seen,
    is_read,
    why_bar_unseen,
    why_line_unseen,
)

Keep = Callable[[Any], int]
Describe = Callable[[Any], Record]
Looks = dict[tuple[Any, ...], int]
"""The number of each look that lines and bars of a panel have."""

ROUNDING = 1.0
"""Pixels by which a point of a line that follows a limit may lie outside of it."""


def is_figure(value: Any) -> bool:
    """Return whether ``value`` is a matplotlib figure."""
    figure = sys.modules.get("matplotlib.figure")
    return figure is not None and isinstance(value, figure.Figure)


def describe_figure(figure: Any, keep: Keep, _depth: int) -> Record:
    """Lay a figure out off screen and describe it, panel by panel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    describe = cache(lambda text: _describe_text(text, renderer))
    # Lays out every text without painting a pixel: nobody would look at them.
    figure.draw_without_rendering()
    title = _shown_text(figure._suptitle)
    parts = list(_with_subfigures(figure))
    legends = [each for part in parts for each in part.legends if each.get_visible()]
    outside = _texts_in([*(text for part in parts for text in part.texts), *legends])
    panels = [axes for axes in figure.axes if axes.get_visible()]
    fields = {
        "title": title,
        "size": tuple(float(size) for size in figure.bbox.size),
        "axes": [_describe_axes(axes, describe, legends) for axes in panels],
        "texts": _describe_all(
            (text for text in outside if text.get_text() != title), describe
        ),
    }
    return Record("Figure", fields, keep(figure))


PIECE = 16_000
"""Bytes of a picture sent in one piece: the trusted side accepts no longer text."""


def paint(figure: Any) -> list[bytes]:
    """Return a figure as the pieces of a PNG, for a person to look at."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(figure)
    file = io.BytesIO()
    canvas.print_png(file)
    png = file.getvalue()
    return [png[at : at + PIECE] for at in range(0, len(png), PIECE)]


def _with_subfigures(figure: Any) -> Iterator[Any]:
    yield figure
    for part in figure.subfigs:
        yield from _with_subfigures(part)


def _describe_axes(axes: Any, describe: Describe, outer_legends: list[Any]) -> Record:
    own = _legend_of(axes)
    others = [_legend_of(other) for other in axes.figure.axes if other is not axes]
    # A reader looks for a legend here, then around the panels, then next door.
    legends = [legend for legend in (own, *outer_legends, *others) if legend]
    titles = map(_shown_text, (axes._left_title, axes.title, axes._right_title))
    looks: Looks = {}
    shown = {axis: _is_shown(axes, axis) for axis in (axes.xaxis, axes.yaxis)}
    ticks = {axis: _visible_ticks(axis) if shown[axis] else [] for axis in shown}
    fields = {
        "box": tuple(float(edge) for edge in axes.bbox.extents),
        "title": " ".join(title for title in titles if title),
        "xlabel": _shown_text(axes.xaxis.label) if shown[axes.xaxis] else "",
        "ylabel": _shown_text(axes.yaxis.label) if shown[axes.yaxis] else "",
        "legend": [text.get_text() for text in own.get_texts() if is_read(text)]
        if own
        else [],
        "lines": [_describe_line(line, legends, looks) for line in axes.get_lines()],
        "bars": [_describe_bars(*group, legends, looks) for group in _bar_groups(axes)],
        "images": [_as_shown(image) for image in _images_of(axes)],
        "texts": _describe_all(_texts_in(axes.texts), describe),
        "xticks": list(_describe_ticks(ticks[axes.xaxis], describe)),
        "yticks": list(_describe_ticks(ticks[axes.yaxis], describe)),
        "table": [row for table in axes.tables for row in _table_rows(table)],
        "writing": _describe_all(
            (
                text
                for text in (
                    *(axis.label for axis in shown if shown[axis]),
                    *(label for axis in ticks for _, _, label in ticks[axis]),
                    *_texts_in(axes.get_children()),
                )
                if _shown_text(text)
            ),
            describe,
        ),
    }
    return Record("Axes", fields)


def _legend_of(axes: Any) -> Any:
    legend = axes.get_legend()
    return legend if legend and legend.get_visible() else None


def _is_shown(axes: Any, axis: Any) -> bool:
    return bool(axes.axison and axis.get_visible())


def _texts_in(artists: Iterable[Any]) -> Iterator[Any]:
    """Find the visible texts in some artists; each axis handles its own."""
    from matplotlib.axis import Axis
    from matplotlib.table import Cell
    from matplotlib.text import Text

    for artist in artists:
        if not artist.get_visible() or isinstance(artist, Axis):
            continue
        text = artist.get_text() if isinstance(artist, Cell) else artist
        if isinstance(text, Text) and text.get_text().strip() and is_read(text):
            yield text
        yield from _texts_in(artist.get_children())


def _shown_text(text: Any) -> str:
    """Return what a text says, if it exists and can be read."""
    is_there = text is not None and text.get_text() and is_read(text)
    return str(text.get_text()) if is_there else ""


def _describe_all(texts: Iterable[Any], describe: Describe) -> list[Record]:
    """Describe texts; those without a position are left out."""
    return [record for record in map(describe, texts) if _is_somewhere(record)]


def _is_somewhere(text: Record) -> bool:
    place = (*text.fields["box"], text.fields["size"], text.fields["rotation"])
    return all(map(math.isfinite, place))


def _describe_text(text: Any, renderer: Any) -> Record:
    box = text.get_window_extent(renderer).extents
    fields = {
        "text": text.get_text(),
        "box": tuple(float(edge) for edge in box),
        "size": float(renderer.points_to_pixels(text.get_fontsize())),
        "rotation": float(text.get_rotation()),
    }
    return Record("Text", fields)


def _describe_line(line: Any, legends: list[Any], looks: Looks) -> Record:
    x, y = (
        # As drawn: by now, names and dates on an axis are numbers.
        np.asarray(values, dtype=np.float64)
        for values in line.get_data(orig=False)
    )
    label = str(line.get_label())
    pixels = line.get_transform().transform(np.column_stack((x, y)))
    are_seen = _within_limits(line, pixels)
    fields = {
        "label": label,
        "legend": _named(line, label, legends),
        "look": looks.setdefault(_whole_look(line), len(looks)),
        "x": x,
        "y": y,
        "unseen": why_line_unseen(line),
        "are_seen": are_seen,
        "box": _box_around(pixels[are_seen]),
    }
    return Record("Line", fields)


def _box_around(points: Any) -> tuple[float, ...]:
    """Return left, bottom, right, top of some points; zeros if there are none."""
    if not len(points):
        return (0.0, 0.0, 0.0, 0.0)
    return tuple(map(float, (*points.min(axis=0), *points.max(axis=0))))


def _within_limits(line: Any, pixels: Any) -> Any:
    """Return, for each point of a line, whether its panel shows it."""
    left, bottom, right, top = line.axes.bbox.padded(ROUNDING).extents
    x, y = pixels.T
    inside = (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
    unclipped = not line.get_clip_on() and np.isfinite(x) & np.isfinite(y)
    return inside | unclipped


def _named(artist: Any, label: str, legends: list[Any]) -> str:
    """Return the name that the first legend with an entry for an artist gives it.

    An entry belongs to the artist if its handle looks like it: the one with the
    artist's label if there is one, else the only one. Its label may differ.
    """
    look = _look(artist)
    for legend in legends:
        entries = zip(legend.get_texts(), legend.legend_handles, strict=False)
        looks = [
            (text.get_text(), _look(other)) for text, other in entries if is_read(text)
        ]
        texts = [text for text, _ in looks]
        same_look = [text for text, other in looks if other == look]
        same_colour = [text for text, other in looks if other[0] == look[0]]
        for alike in (same_look, same_colour, texts):
            if label in alike:
                return label
            if len(alike) == 1 and alike is not texts:
                return str(alike[0])
    return ""


def _look(artist: Any) -> tuple[Any, ...]:
    """Return what an artist looks like: its colour first, then a line's style."""
    from matplotlib.colors import to_rgba
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if isinstance(artist, Line2D):
        style = (artist.get_linestyle(), artist.get_marker())
        return (to_rgba(artist.get_color()), *style)
    if isinstance(artist, Patch):
        return (artist.get_facecolor(),)
    return (None,)


def _whole_look(artist: Any) -> tuple[Any, ...]:
    """Return all by which a reader may tell a line or a bar from the next."""
    from matplotlib.lines import Line2D

    if isinstance(artist, Line2D):
        numbers = (artist.get_linewidth(), artist.get_markersize(), artist.get_alpha())
        dashes = str(getattr(artist, "_unscaled_dash_pattern", ""))
        marks = (artist.get_markerfacecolor(), artist.get_markeredgecolor())
        style = (artist.get_drawstyle(), artist.get_fillstyle())
        return (*_look(artist), *numbers, dashes, *map(str, marks), *style)
    edge = artist.get_edgecolor() if artist.get_linewidth() else None
    return (*_look(artist), edge, artist.get_hatch())


def _bar_groups(axes: Any) -> list[tuple[Any, list[Any]]]:
    """Find bars that one call drew in one colour, for a legend speaks of colours.

    Returns:
        Pairs of the call's container and the bars.
    """
    from matplotlib.container import BarContainer

    groups: list[tuple[Any, list[Any]]] = []
    for container in axes.containers:
        alike: dict[tuple[Any, ...], list[Any]] = {}
        if isinstance(container, BarContainer):
            for bar in container.patches:
                alike.setdefault(_look(bar), []).append(bar)
        groups += [(container, bars) for bars in alike.values()]
    return groups


def _describe_bars(
    group: Any, bars: list[Any], legends: list[Any], looks: Looks
) -> Record:
    horizontal = group.orientation == "horizontal"
    axes, label = bars[0].axes, str(group.get_label())
    x = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars])
    y = np.array([bar.get_y() + bar.get_height() / 2 for bar in bars])
    widths = np.array([bar.get_width() for bar in bars])
    heights = np.array([bar.get_height() for bar in bars])
    centres = np.asarray(y if horizontal else x, dtype=np.float64)
    lengths = np.asarray(widths if horizontal else heights, dtype=np.float64)
    pixels = _pixels(axes.yaxis if horizontal else axes.xaxis, centres)
    there = np.isfinite(centres) & np.isfinite(pixels)
    boxes = np.array([_box_of(bar) for bar in bars])
    seen = np.array(list(map(_seen_part, bars, boxes)))
    fields = {
        "label": label,
        "legend": _named(bars[0], label, legends),
        "look": looks.setdefault(_whole_look(bars[0]), len(looks)),
        "horizontal": horizontal,
        "unseen": _why_none_seen(bars),
        "centres": centres[there],
        "pixels": pixels[there],
        "lengths": lengths[there],
        "boxes": boxes[there],
        "seen_boxes": seen[there],
    }
    return Record("Bars", fields)


def _why_none_seen(bars: list[Any]) -> str:
    reasons = list(map(why_bar_unseen, bars))
    return reasons[0] if all(reasons) else ""


def _box_of(bar: Any) -> Any:
    """Return left, bottom, right, top of a bar; an empty box if its length is NaN."""
    box = bar.get_window_extent().extents
    return box if np.isfinite(box).all() else np.zeros(4)


def _seen_part(bar: Any, box: Any) -> Any:
    """Return the part of a bar's box that its panel shows; an empty box if none."""
    if not bar.get_visible():
        return np.zeros(4)
    if not bar.get_clip_on():
        return box
    limits = bar.axes.bbox.extents
    return np.clip(box, np.tile(limits[:2], 2), np.tile(limits[2:], 2))


def _pixels(axis: Any, positions: Any) -> Any:
    """Return where positions along an axis are in the figure, in pixels."""
    places = np.asarray(positions, dtype=np.float64)
    middle = np.full_like(places, 0.5)
    if axis.axis_name == "x":
        transform, points = axis.axes.get_xaxis_transform(), (places, middle)
    else:
        transform, points = axis.axes.get_yaxis_transform(), (middle, places)
    moved = transform.transform(np.column_stack(points))
    return moved[:, 0 if axis.axis_name == "x" else 1]


def _images_of(axes: Any) -> list[Any]:
    """Find the visible images of a panel, including those in boxes."""
    from matplotlib.image import BboxImage

    boxed = [image for box in axes.artists for image in box.findobj(BboxImage)]
    return [image for image in (*axes.get_images(), *boxed) if is_image_seen(image)]


def _as_shown(image: Any) -> Any:
    """Return an image's pixels as a reader sees them: cropped by limits, flipped."""
    pixels = np.asarray(image.get_array())
    if not hasattr(image, "get_extent"):
        return pixels
    left, right, bottom, top = image.get_extent()
    first, last = (top, bottom) if image.origin == "upper" else (bottom, top)
    (x0, y0), (x1, y1) = image.get_transform().transform([(left, first), (right, last)])
    limits = image.axes.bbox
    # Pixels are counted from the left and from the bottom, rows from the top.
    rows = _places_within(-y0, -y1, -limits.y1, -limits.y0, pixels.shape[0])
    columns = _places_within(x0, x1, limits.x0, limits.x1, pixels.shape[1])
    return pixels[rows][:, columns]


def _places_within(
    start: float, end: float, low: float, high: float, count: int
) -> Any:
    """Return which of ``count`` places between two ends are within limits, in order."""
    centres = start + (np.arange(count) + 0.5) * (end - start) / count
    places = np.flatnonzero((centres >= low) & (centres <= high))
    return places if start <= end else places[::-1]


def _visible_ticks(axis: Any) -> list[tuple[float, float, Any]]:
    """Find the labelled ticks within an axis's limits: place, pixel, label."""
    low, high = sorted(axis.get_view_interval())
    places = axis.get_majorticklocs()
    ticks = zip(places, _pixels(axis, places), axis.get_majorticklabels(), strict=False)
    return [
        (place, pixel, label)
        for place, pixel, label in ticks
        if label.get_text() and low <= place <= high and is_read(label)
    ]


def _describe_ticks(
    ticks: Iterable[tuple[float, float, Any]], describe: Describe
) -> Iterator[Record]:
    for place, pixel, label in ticks:
        described = describe(label)
        if math.isfinite(pixel) and _is_somewhere(described):
            fields = {"position": float(place), "pixel": float(pixel)}
            yield Record("Tick", {**fields, "label": described})


def _table_rows(table: Any) -> list[list[str]]:
    cells = table.get_celld()
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    return [
        [cells[row, column].get_text().get_text() for column in columns]
        for row in rows
        if all((row, column) in cells for column in columns)
    ]
