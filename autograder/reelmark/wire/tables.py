"""Tables: data frames taken apart for the wire, and put together again."""

from __future__ import annotations

from typing import Any

from reelmark.wire.codec import Table


def take_apart(frame: Any) -> tuple[list[Any], list[Any], list[list[Any]]]:
    """Return a data frame's column labels, row labels and columns."""
    columns = [frame.iloc[:, i].tolist() for i in range(frame.shape[1])]
    return frame.columns.tolist(), frame.index.tolist(), columns


def table_of(table: Table) -> Any:
    """Put a data frame together again.

    Raises:
        TypeError: A label cannot be used for a row or column.
    """
    import pandas as pd

    for label in (*table.columns, *table.index):
        hash(label)
    frame = pd.DataFrame(dict(enumerate(table.data)), index=table.index)
    frame.columns = pd.Index(table.columns)
    return frame
