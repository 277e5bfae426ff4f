"""Training that goes on where it was interrupted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import pandas as pd

from reelmark.files import write_whole


class ResumableModel:
    """A model whose ``fit`` may be killed at any moment and called again.

    Everything else is the model's own, so that ``callbacks.train`` of the reference,
    or of a student, works on it unchanged.
    """

    def __init__(self, model: keras.Model, folder: Path, history: Path) -> None:
        """Wrap a model.

        Args:
            model: A compiled and built model.
            folder: Where the state of the training is kept until it is over.
            history: The CSV file that gets a line an epoch.
        """
        self._model = model
        self._folder = folder
        self._history = history

    def __getattr__(self, name: str) -> Any:
        """Be the model in everything else."""
        return getattr(self._model, name)

    def fit(
        self,
        *arguments: Any,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        **options: Any,
    ) -> keras.callbacks.History:
        """Train as ``keras.Model.fit`` does, from the epoch that was reached.

        Returns:
            The history of all epochs, those before the interruption included.
        """
        checkpoint = next(
            each
            for each in callbacks
            if isinstance(each, keras.callbacks.ModelCheckpoint)
        )
        journal = Journal(self._history, self._folder, checkpoint)
        # Last, so that an epoch counts as reached when all else about it is written.
        backup = keras.callbacks.BackupAndRestore(
            str(self._folder / "backup"),
            double_checkpoint=True,
            delete_checkpoint=False,
        )
        history = self._model.fit(
            *arguments, callbacks=[*callbacks, journal, backup], **options
        )
        history.history = pd.DataFrame(journal.rows).to_dict("list")
        return history


class Journal(keras.callbacks.Callback):
    """Writes a line an epoch, and keeps what a checkpoint forgets when it is killed.

    ``ModelCheckpoint`` begins anew after an interruption: its next epoch would
    replace a better one. A copy of the best weights puts that right.
    """

    def __init__(
        self, path: Path, folder: Path, checkpoint: keras.callbacks.ModelCheckpoint
    ) -> None:
        super().__init__()
        self.rows = pd.read_csv(path).to_dict("records") if path.is_file() else []
        self._path = path
        self._folder = folder
        self._checkpoint = checkpoint
        self._started = 0.0
        self._is_continued = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Forget what was written of an epoch that is trained again."""
        del logs
        self._started = time.monotonic()
        if not self._is_continued:
            self._is_continued = True
            del self.rows[epoch:]
            self._restore_best()
        self._remove_old_copies()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the epoch's line; copy the checkpoint if it is the best so far."""
        seconds = round(time.monotonic() - self._started, 2)
        self.rows.append({"epoch": epoch + 1, **(logs or {}), "seconds": seconds})
        if self._best() == epoch:
            copy_whole(Path(self._checkpoint.filepath), self._copy(epoch))
        write_whole(self._path, pd.DataFrame(self.rows).to_csv(index=False))

    def _best(self) -> int:
        """Return the index of the first epoch with the lowest validation loss."""
        losses = [row["val_loss"] for row in self.rows]
        return losses.index(min(losses))

    def _copy(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch + 1}.weights.h5"

    def _restore_best(self) -> None:
        """Give the checkpoint the file and the loss of the best epoch so far."""
        if self.rows:
            best = self._best()
            copy_whole(self._copy(best), Path(self._checkpoint.filepath))
            self._checkpoint.best = self.rows[best]["val_loss"]

    def _remove_old_copies(self) -> None:
        """Keep the copy of the best epoch. Not sooner: a kill may undo an epoch."""
        kept = self._copy(self._best()) if self.rows else None
        for copy in self._folder.glob("best-*"):
            if copy != kept:
                copy.unlink()


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that ``target`` is never half of it."""
    scratch = target.with_name(f".{target.name}")
    shutil.copyfile(source, scratch)
    scratch.replace(target)
