"""The session: the processes that check, kept warm from one cell to the next.

They are the same as for `reelmark check` and `watch`, and they check a copy of the
files: nothing from the notebook's own process gets in. They import TensorFlow; this
process never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reelmark.files import open_temporary
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, choose_backend
from reelmark.practice.copies import Copy, Found, Told
from reelmark.practice.pictures import Look, choose_looks, find_looks, look_at
from reelmark.practice.progress import note_results
from reelmark.practice.versions import tell_versions


class Session:
    """Checks the work of one student, of one coursework at a time."""

    def __init__(self) -> None:
        self._backend: Backend | None = None
        self._root: Path | None = None

    def is_warm(self, coursework: Coursework) -> bool:
        """Whether the processes that check a coursework have been started."""
        return self._backend is not None and self._root == coursework.root

    def check(
        self, coursework: Coursework, work: Path, tasks: Sequence[str], tell: Told
    ) -> tuple[Found, str]:
        """Check some tasks, and record how they stand.

        Args:
            coursework: The coursework.
            work: The folder of the student's modules.
            tasks: Ids of the tasks.
            tell: Called with each result as it comes.

        Returns:
            What was found, and further remarks: whether recording it failed and, once,
                that packages differ from those used for marking.

        Raises:
            RefusedSubmission: The folder is not one that can be handed in.
            CannotMark: Nothing can be checked on this machine.
        """
        backend = self._start(coursework)
        with open_temporary() as folder:
            found = Copy(coursework, work, folder).check(backend, tasks, tell)
            assert found is not None, "nobody stops it"
            noted = note_results(coursework, work, found.results, found.checked)
        return found, " ".join(
            filter(None, [noted[1], tell_versions(coursework, work)])
        )

    def look(
        self, coursework: Coursework, work: Path, tasks: Sequence[str]
    ) -> list[Look]:
        """Let what the tasks' functions do be drawn.

        Raises:
            UsageError: There is nothing to see.
            CannotMark: Nothing can be run on this machine.
        """
        chosen, captions = choose_looks(coursework, tasks), find_looks(coursework)
        backend = self._start(coursework)
        with open_temporary() as folder:
            copy = Copy(coursework, work, folder)
            with copy.open_submission(backend) as submission:
                return [look_at(submission, t, captions[t.function]) for t in chosen]

    def close(self) -> None:
        """End the processes."""
        if self._backend:
            self._backend.__exit__(None, None, None)
        self._backend = None

    def _start(self, coursework: Coursework) -> Backend:
        if not self.is_warm(coursework):
            self.close()
            backend = choose_backend(coursework, is_practice=True, hidden=False)
            self._backend, self._root = backend.__enter__(), coursework.root
        assert self._backend is not None, "it was started"
        try:
            self._backend.start()
        except BaseException:  # interrupted, for example, when it was half ready
            self.close()
            raise
        return self._backend
