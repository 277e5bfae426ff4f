"""Descriptions of matplotlib figures: what is drawn, in numbers and texts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from reelmark.codec import Record

Keep = Callable[[Any], int]


def is_figure(value: Any) -> bool:
    """Return whether ``value`` is a matplotlib figure."""
    figure = sys.modules.get("matplotlib.figure")
    return figure is not None and isinstance(value, figure.Figure)


def describe_figure(figure: Any, keep: Keep, _depth: int) -> Record:
    """Draw a figure off screen and describe it, panel by panel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    title = figure.get_suptitle()
    outside = [text for text in figure.texts if text.get_text() != title]
    fields = {
        "title": title,
        "size": tuple(float(size) for size in figure.bbox.size),
        "axes": [_describe_axes(axes, renderer) for axes in figure.axes],
        "texts": [_describe_text(text, renderer) for text in outside],
    }
    legends = [_legend_texts(legend) for legend in figure.legends]
    for text in (text for texts in legends for text in texts):
        fields["texts"].append(_describe_text(text, renderer))
    return Record("Figure", fields, keep(figure))


def _describe_axes(axes: Any, renderer: Any) -> Record:
    legend = _legend_texts(axes.get_legend())
    titles = (axes.get_title(where) for where in ("left", "center", "right"))
    fields = {
        "title": " ".join(title for title in titles if title),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "legend": [text.get_text() for text in legend],
        "lines": [_describe_line(line) for line in axes.get_lines()],
        "bars": [_describe_bars(group) for group in _bar_groups(axes)],
        "images": [np.asarray(image.get_array()) for image in axes.get_images()],
        "texts": [_describe_text(text, renderer) for text in axes.texts],
        "xticks": _describe_ticks(axes.xaxis, axes.get_xlim(), renderer),
        "yticks": _describe_ticks(axes.yaxis, axes.get_ylim(), renderer),
        "table": [row for table in axes.tables for row in _table_rows(table)],
    }
    return Record("Axes", fields)


def _legend_texts(legend: Any) -> list[Any]:
    return list(legend.get_texts()) if legend is not None else []


def _describe_text(text: Any, renderer: Any) -> Record:
    box = text.get_window_extent(renderer).extents
    fields = {"text": text.get_text(), "box": tuple(float(edge) for edge in box)}
    return Record("Text", fields)


def _describe_line(line: Any) -> Record:
    x, y = (np.asarray(values, dtype=np.float64) for values in line.get_data())
    return Record("Line", {"label": str(line.get_label()), "x": x, "y": y})


def _bar_groups(axes: Any) -> list[Any]:
    from matplotlib.container import BarContainer

    return [group for group in axes.containers if isinstance(group, BarContainer)]


def _describe_bars(group: Any) -> Record:
    horizontal = group.orientation == "horizontal"
    x = np.array([bar.get_x() + bar.get_width() / 2 for bar in group.patches])
    y = np.array([bar.get_y() + bar.get_height() / 2 for bar in group.patches])
    widths = np.array([bar.get_width() for bar in group.patches])
    heights = np.array([bar.get_height() for bar in group.patches])
    fields = {
        "label": str(group.get_label()),
        "horizontal": horizontal,
        "centres": np.asarray(y if horizontal else x, dtype=np.float64),
        "lengths": np.asarray(widths if horizontal else heights, dtype=np.float64),
    }
    return Record("Bars", fields)


def _describe_ticks(axis: Any, limits: tuple[float, float], renderer: Any) -> list[Any]:
    """Describe the labelled ticks within the axis's limits."""
    low, high = sorted(limits)
    ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
    return [
        Record(
            "Tick",
            {"position": float(at), "label": _describe_text(label, renderer)},
        )
        for at, label in ticks
        if label.get_text() and low <= at <= high and label.get_visible()
    ]


def _table_rows(table: Any) -> list[list[str]]:
    cells = table.get_celld()
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    return [
        [cells[row, column].get_text().get_text() for column in columns]
        for row in rows
        if all((row, column) in cells for column in columns)
    ]
