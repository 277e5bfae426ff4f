"""The fixture films, as a check reads them: table, genres, posters, overviews."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FIXTURES = Path(__file__).parents[2] / "fixtures"
DATASET = "Multimodal_IMDB_dataset"


@dataclass(frozen=True)
class Films:
    """One of the two tiny datasets."""

    folder: Path

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows of the CSV, every value as written there (``N/A`` included)."""
        return pd.read_csv(
            self.folder / "IMDB_overview_genres.csv", keep_default_na=False
        )

    @property
    def genres(self) -> list[str]:
        """The 25 genre names, in column order."""
        return [str(name) for name in self.table.columns[2:-1]]

    @property
    def labels(self) -> Any:
        """int64 array (films, 25), 1 where a film has the genre; rows are distinct."""
        return self.table[self.genres].to_numpy(np.int64)

    @property
    def overviews(self) -> list[str]:
        """One overview per film."""
        return [str(overview) for overview in self.table["Overview"]]

    @property
    def posters(self) -> list[Path]:
        """One JPEG per film, 150 pixels wide and 300 high."""
        return [self.folder / "Images" / f"{film}.jpg" for film in self.table["Id"]]


PUBLIC = Films(FIXTURES / "public" / DATASET)
HIDDEN = Films(FIXTURES / "hidden" / DATASET)
